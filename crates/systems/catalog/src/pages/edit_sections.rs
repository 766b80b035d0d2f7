//! The parts a list is written in: one page each. Pure.

use crate::model::{Problem, Severity};

/// A section of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// What it is and whom it is for.
    Identity,
    /// How and how fast it is handled.
    Handling,
    /// What must be handed in.
    Materials,
    /// Steps, legal basis, results, fees, questions.
    Facts,
    /// Where and when.
    Place,
}

impl Section {
    /// In the order of the pages.
    pub(super) const ALL: [Self; 5] = [Self::Identity, Self::Handling, Self::Materials, Self::Facts, Self::Place];

    /// As it stands in the address.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Handling => "handling",
            Self::Materials => "materials",
            Self::Facts => "facts",
            Self::Place => "place",
        }
    }

    /// Reads it from the address.
    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.key() == key)
    }

    /// As people call it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Identity => "基本信息",
            Self::Handling => "怎么办",
            Self::Materials => "申请材料",
            Self::Facts => "环节、依据和结果",
            Self::Place => "在哪办",
        }
    }

    /// What is on its page.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Identity => "名称、编码、类型、服务对象、主题",
            Self::Handling => "办理形式、时限、受理条件、审批流程、决策表、申请表单",
            Self::Materials => "每份材料的名称、形式、来源和依据",
            Self::Facts => "办理环节、设定依据、结果、收费、特别程序、常见问题",
            Self::Place => "地点、时间、电话、通办范围",
        }
    }

    /// The one after it.
    pub(super) fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|section| *section == self)?;
        Self::ALL.get(at + 1).copied()
    }

    /// Where an element is written. Elements nobody knows belong to the first page.
    pub(super) fn of(element: &str) -> Self {
        let head = element.split(['[', '.']).next().unwrap_or(element);
        match head {
            "case_type" | "channels" | "online_depth" | "visits" | "visit_reason" | "statutory" | "promised" | "conditions" | "process" | "process_key"
            | "decision_key" | "form" | "commitment" | "tolerant" | "courier" | "booking" | "online_payment" => Self::Handling,
            "materials" => Self::Materials,
            "steps" | "basis" | "results" | "fees" | "special_procedures" | "faq" | "one_thing" => Self::Facts,
            "place" | "hours" | "phone" | "complaint_phone" | "scope" => Self::Place,
            _ => Self::Identity,
        }
    }
}

/// The field of the form an element is written in: `materials[2].basis` in `m2_basis`, `steps[1].days` in `steps`.
pub(super) fn field_of(element: &str) -> String {
    let (head, rest) = element.split_once('[').unwrap_or((element, ""));
    match (head, rest.split_once("].")) {
        ("materials", Some((n, part))) => format!("m{n}_{part}"),
        ("materials", None) => match rest.trim_end_matches(']') {
            "" => "act".into(),
            n => format!("m{n}_name"),
        },
        _ => head.split('.').next().unwrap_or(head).to_owned(),
    }
}

/// How many findings of a section must be put right, and how many are advice.
pub(super) fn counts(found: &[Problem], section: Section) -> (usize, usize) {
    let of = |severity| found.iter().filter(|p| p.severity == severity && Section::of(&p.field) == section).count();
    (of(Severity::Error), of(Severity::Warning))
}

#[cfg(test)]
mod tests {
    use super::super::edit_sheet::tests::posted;
    use super::super::edit_sheet::{Drawn, Sheet};
    use super::*;
    use crate::model::{ItemFile, problems};

    #[test]
    fn every_finding_leads_to_a_field_of_its_section() {
        let mut spec = ItemFile::parse(include_str!("../model/fixtures/valid-item.toml")).unwrap().items.remove(0);
        let blank = crate::service::blank_spec("测试", "000131012001");
        // a list with as much wrong as possible, with rows to be wrong
        spec.materials.iter_mut().for_each(|m| (m.name, m.copies, m.basis, m.criteria) = (String::new(), 0, String::new(), String::new()));
        spec.steps.iter_mut().for_each(|s| s.days = 99);
        spec.results.iter_mut().for_each(|r| r.name = String::new());
        spec.phone = "1".into();
        spec.hours = "工作日".into();
        let mut seen = 0;
        for spec in [spec, blank] {
            for problem in problems(&spec) {
                let (section, field) = (Section::of(&problem.field), field_of(&problem.field));
                let page = Sheet { spec: &spec, errors: &[], drawn: &Drawn::default() }.section(section).into_string();
                assert!(page.contains(&format!("id=\"{field}")) || field == "act", "{}: no field {field} in {section:?}", problem.field);
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn no_field_stands_in_two_sections() {
        let spec = ItemFile::parse(include_str!("../model/fixtures/valid-item.toml")).unwrap().items.remove(0);
        let mut all: Vec<String> = Section::ALL.into_iter().flat_map(|s| posted(&spec, s).into_iter().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>()).collect();
        let before = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), before);
    }

    #[test]
    fn the_order_has_an_end() {
        let mut at = Section::ALL[0];
        let mut n = 1;
        while let Some(next) = at.next() {
            assert_eq!(Section::from_key(next.key()), Some(next));
            (at, n) = (next, n + 1);
        }
        assert_eq!((n, Section::from_key("x")), (Section::ALL.len(), None));
    }
}
