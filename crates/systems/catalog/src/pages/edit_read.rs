//! From the posted form to an implementation list, and the way in which lists of small facts are written in one box:
//! one fact per line, its parts separated by `|`.

use base::FieldError;
use web::FormData;

use super::edit_sections::Section;
use crate::model::*;

/// Reads the form of a section over the list as it was; wrong fields keep their old value and are told.
pub(super) fn read(section: Section, data: &FormData, old: &ItemSpec) -> (ItemSpec, Vec<FieldError>) {
    let mut r = Reader { data, errors: Vec::new() };
    let old = old.clone();
    let spec = match section {
        Section::Identity => ItemSpec {
            name: r.text("name"),
            base_code: r.text("base_code"),
            kind: r.code("kind", ItemKind::from_code, old.kind),
            level: r.code("level", ExerciseLevel::from_code, old.level),
            authority_source: r.code("authority_source", AuthoritySource::from_code, old.authority_source),
            objects: r.codes("objects", ServiceObject::from_code),
            person_themes: r.texts("person_themes"),
            firm_themes: r.texts("firm_themes"),
            summary: r.text("summary"),
            keywords: data.text("keywords").split(['、', '，', ',', ' ', '\n']).map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect(),
            popular: data.is_set("popular"),
            secret: data.is_set("secret"),
            ..old
        },
        Section::Handling => ItemSpec {
            case_type: r.code("case_type", CaseType::from_code, old.case_type),
            channels: r.codes("channels", HandlingChannel::from_code),
            online_depth: r.code("online_depth", OnlineDepth::from_code, old.online_depth),
            visits: r.number("visits", old.visits),
            visit_reason: r.text("visit_reason"),
            statutory: r.limit("statutory", &old.statutory),
            promised: r.limit("promised", &old.promised),
            conditions: r.lines("conditions"),
            process: r.code("process", ProcessKind::from_code, old.process),
            process_key: r.text("process_key"),
            situation_key: r.text("situation_key"),
            decision_key: r.text("decision_key"),
            form: r.text("form"),
            commitment: data.is_set("commitment"),
            tolerant: data.is_set("tolerant"),
            courier: data.is_set("courier"),
            booking: data.is_set("booking"),
            online_payment: data.is_set("online_payment"),
            ..old
        },
        Section::Materials => {
            let materials = (0..material_count(data)).filter_map(|n| r.material(n, old.materials.get(n))).collect();
            ItemSpec { materials, ..old }
        }
        Section::Facts => ItemSpec {
            steps: r.rows("steps", |c| Some(Step { name: c(0), days: c(1).parse().ok()? })),
            basis: r.rows("basis", |c| Some(LegalBasis { law: c(0), article: c(1), gist: c(2) })),
            results: r.rows("results", |c| {
                let kind = ResultKind::ALL.iter().copied().find(|k| k.name() == c(1) || k.code() == c(1))?;
                Some(ResultSpec { name: c(0), kind, licence_type: c(2), valid_years: if c(3).is_empty() { 0 } else { c(3).parse().ok()? }, effect: Effect::from_name(&c(4))? })
            }),
            fees: r.rows("fees", |c| Some(Fee { name: c(0), standard: c(1), basis: c(2), reducible: !c(3).is_empty(), reduction_basis: c(3) })),
            special_procedures: r.rows("special_procedures", |c| Some(SpecialProcedure { name: c(0), days: c(1).parse().ok()?, basis: c(2) })),
            faq: r.rows("faq", |c| Some(Faq { q: c(0), a: c(1) })),
            one_thing: r.lines("one_thing"),
            ..old
        },
        Section::Place => ItemSpec {
            place: r.text("place"),
            hours: r.text("hours"),
            phone: r.text("phone"),
            complaint_phone: r.text("complaint_phone"),
            scope: r.text("scope"),
            ..old
        },
    };
    (spec, r.errors)
}

/// Most materials one item may have in the editor.
const MAX_MATERIALS: usize = 60;

/// How many rows of materials the form had.
fn material_count(data: &FormData) -> usize {
    data.text("materials").parse().unwrap_or(0).min(MAX_MATERIALS)
}

struct Reader<'a> {
    data: &'a FormData,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> String {
        self.data.text(name).to_owned()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.data.all(name).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    }

    fn lines(&self, name: &str) -> Vec<String> {
        self.data.text(name).lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
    }

    fn code<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>, old: T) -> T {
        parse(self.data.text(name)).unwrap_or_else(|| {
            self.errors.push(FieldError::new(name, "请从列表中选择一项。"));
            old
        })
    }

    fn codes<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.data.all(name).filter_map(parse).collect()
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str, old: T) -> T {
        self.data.text(name).parse().unwrap_or_else(|_| {
            self.errors.push(FieldError::new(name, "请填写一个不太大的整数。"));
            old
        })
    }

    fn limit(&mut self, name: &str, old: &TimeLimit) -> TimeLimit {
        let unit = self.code(&format!("{name}_unit"), TimeUnit::from_code, old.unit);
        let days = if unit == TimeUnit::Instant { 0 } else { self.number(name, old.days) };
        TimeLimit { days, unit, note: self.text(&format!("{name}_note")) }
    }

    /// One fact per line; a line that cannot be read is told by its number.
    fn rows<T>(&mut self, name: &str, read: impl Fn(&dyn Fn(usize) -> String) -> Option<T>) -> Vec<T> {
        let mut found = Vec::new();
        for (number, line) in self.data.text(name).lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let parts: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
            match read(&|n| parts.get(n).map(|p| (*p).to_owned()).unwrap_or_default()) {
                Some(row) => found.push(row),
                None => self.errors.push(FieldError::new(name, format!("第 {} 行无法识别，请按提示的格式用“|”分隔各部分。", number + 1))),
            }
        }
        found
    }

    /// One row of materials; `None` when it is to be deleted.
    fn material(&mut self, n: usize, old: Option<&Material>) -> Option<Material> {
        let key = |part: &str| format!("m{n}_{part}");
        if self.data.is_set(&key("delete")) {
            return None;
        }
        Some(Material {
            name: self.text(&key("name")),
            necessity: self.code(&key("necessity"), Necessity::from_code, old.map_or(Necessity::Required, |m| m.necessity)),
            form: self.code(&key("form"), MaterialForm::from_code, old.map_or(MaterialForm::Either, |m| m.form)),
            source: self.code(&key("source"), MaterialSource::from_code, old.map_or(MaterialSource::Applicant, |m| m.source)),
            source_note: self.text(&key("source_note")),
            copies: self.number(&key("copies"), old.map_or(1, |m| m.copies)),
            spec: self.text(&key("spec")),
            blank_form: self.data.is_set(&key("blank_form")),
            sample: self.data.is_set(&key("sample")),
            sample_text: self.text(&key("sample_text")),
            notes: self.text(&key("notes")),
            criteria: self.text(&key("criteria")),
            basis: self.text(&key("basis")),
            exempt: self.text(&key("exempt")),
            when: self.text(&key("when")),
        })
    }
}

/// An empty row to fill in.
pub(super) fn new_material() -> Material {
    Material {
        name: String::new(),
        necessity: Necessity::Required,
        form: MaterialForm::Either,
        source: MaterialSource::Applicant,
        source_note: String::new(),
        copies: 1,
        spec: String::new(),
        blank_form: false,
        sample: false,
        sample_text: String::new(),
        notes: String::new(),
        criteria: String::new(),
        basis: String::new(),
        exempt: String::new(),
        when: String::new(),
    }
}

/// Facts as lines of a text area, as [`read`] takes them.
pub(super) fn lines<T>(facts: &[T], parts: impl Fn(&T) -> Vec<String>) -> String {
    facts
        .iter()
        .map(|fact| {
            let mut parts = parts(fact);
            while parts.last().is_some_and(String::is_empty) {
                parts.pop();
            }
            parts.join(" | ")
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::super::edit_sheet::tests::posted;

    fn valid() -> ItemSpec {
        ItemFile::parse(include_str!("../model/fixtures/valid-item.toml")).unwrap().items.remove(0)
    }

    /// What the editor shows and reads back unchanged is the same list, whichever section was open.
    #[test]
    fn an_untouched_form_changes_nothing() {
        let spec = valid();
        for section in Section::ALL {
            let (read, errors) = read(section, &FormData::new(posted(&spec, section)), &spec);
            assert_eq!(errors, [], "{section:?}");
            assert_eq!(read, spec, "{section:?}");
        }
    }

    /// A section writes its own elements and no others: over a blank list, the five together give the whole.
    #[test]
    fn the_sections_together_are_the_list() {
        let spec = valid();
        let mut built = crate::service::blank_spec("x", "000131012001");
        for section in Section::ALL {
            let (read, errors) = read(section, &FormData::new(posted(&spec, section)), &built);
            assert_eq!(errors, [], "{section:?}");
            built = read;
        }
        assert_eq!(built, spec);
    }

    #[test]
    fn wrong_lines_are_told_by_number() {
        let spec = valid();
        let wrong = |section: Section, name: &str, value: &str| {
            let mut pairs = posted(&spec, section);
            pairs.retain(|(key, _)| key != name);
            pairs.push((name.to_owned(), value.to_owned()));
            read(section, &FormData::new(pairs), &spec)
        };
        let (read, errors) = wrong(Section::Facts, "steps", "受理 | 1\n审核 | 两天");
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["steps"]);
        assert!(errors[0].message.contains("第 2 行"));
        assert_eq!(read.steps.len(), 1);
        let (read, errors) = wrong(Section::Handling, "visits", "很多");
        assert!(errors[0].field == "visits" && read.visits == spec.visits, "what is wrong keeps its old value");
    }
}
