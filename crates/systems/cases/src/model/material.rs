use base::FieldError;
use catalog::model::situation::asked_for;
use catalog::model::{ItemSpec, Necessity, Situation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a material came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// Not yet.
    #[default]
    Missing,
    /// Uploaded or scanned.
    Electronic,
    /// Paper handed in at the window.
    Paper,
    /// Need not be handed in: the office gets it itself (免交).
    Exempt,
    /// Promised for later (容缺).
    Deferred,
}

/// How far a document can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Trust {
    /// From the source itself: issued by the competent body with its seal, or shared by it.
    A,
    /// Compared with the original by a clerk.
    B,
    /// Handed in by the holder and looked through by a clerk.
    C,
    /// Handed in by the holder, nothing more.
    D,
}

impl Trust {
    /// All, the best first.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The letter.
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// Reads the letter.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.code() == code)
    }

    /// What the letter means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "由主管机关签发并加盖电子印章",
            Self::B => "工作人员与原件核对一致",
            Self::C => "本人上传，工作人员核验过",
            Self::D => "本人上传，未经核验",
        }
    }
}

/// A licence the applicant holds, handed in by reference instead of a scan (免证办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLicence {
    /// The licence.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// 证照编号
    pub number: String,
}

/// One material of a case, in the order of the item's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedMaterial {
    /// Its name in the item's list.
    pub name: String,
    /// How it came.
    pub received: Received,
    /// Its files.
    #[serde(default)]
    pub files: Vec<Uuid>,
    /// How far it can be trusted; what came without a word about it was uploaded only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// The licence it is, if it is one the applicant holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<HeldLicence>,
}

impl SubmittedMaterial {
    /// How far it can be trusted, once there is something.
    pub fn trusted(&self) -> Option<Trust> {
        let level = match self.received {
            Received::Electronic => Trust::D,
            Received::Paper => Trust::B,
            Received::Missing | Received::Exempt | Received::Deferred => return None,
        };
        Some(self.trust.unwrap_or(level))
    }
}

/// The item's list with nothing handed in yet.
pub fn blank_materials(item: &ItemSpec) -> Vec<SubmittedMaterial> {
    item.materials
        .iter()
        .map(|m| SubmittedMaterial {
            name: m.name.clone(),
            received: if m.exempt.is_empty() { Received::Missing } else { Received::Exempt },
            files: Vec::new(),
            trust: None,
            licence: None,
        })
        .collect()
}

/// What is still missing, one sentence per material, keyed `material_<n>`. Exactly the published list is asked for:
/// nothing beyond it (R20), nothing the office holds itself (R15). Conditional materials are asked for where the situation
/// needs them; without a situation only the applicant knows.
pub fn missing_materials(item: &ItemSpec, materials: &[SubmittedMaterial], situation: Option<&Situation>) -> Vec<FieldError> {
    item.materials
        .iter()
        .enumerate()
        .filter(|(_, wanted)| asked_for(wanted, situation))
        .filter_map(|(index, wanted)| {
            let had = materials.get(index);
            let received = had.map_or(Received::Missing, |m| m.received);
            let complete = match received {
                Received::Electronic => had.is_some_and(|m| !m.files.is_empty()),
                Received::Paper => true,
                Received::Exempt => !wanted.exempt.is_empty(),
                Received::Deferred => item.tolerant && wanted.necessity == Necessity::Deferrable,
                Received::Missing => !wanted.exempt.is_empty() || (situation.is_none() && wanted.necessity == Necessity::Conditional),
            };
            (!complete).then(|| FieldError::new(format!("material_{index}"), format!("请提供“{}”。", wanted.name)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use catalog::model::Material;

    use super::*;

    fn must_have(material: &Material) -> bool {
        material.exempt.is_empty() && material.necessity != Necessity::Conditional
    }

    fn item() -> ItemSpec {
        let file = catalog::model::ItemFile::parse(include_str!("../../../../../data/demo/items/market-regulation-full.toml"));
        file.unwrap().items.into_iter().next().unwrap()
    }

    #[test]
    fn a_blank_application_misses_every_required_material_and_no_other() {
        let item = item();
        let blank = blank_materials(&item);
        let missing = missing_materials(&item, &blank, None);
        let expected: Vec<String> =
            item.materials.iter().enumerate().filter(|(_, m)| must_have(m)).map(|(i, _)| format!("material_{i}")).collect();
        assert_eq!(missing.iter().map(|m| m.field.clone()).collect::<Vec<_>>(), expected);
        assert!(!expected.is_empty());
    }

    #[test]
    fn claiming_an_exemption_or_tolerance_that_is_not_granted_does_not_help() {
        let item = item();
        let index = item.materials.iter().position(must_have).unwrap();
        let mut materials = blank_materials(&item);
        for received in [Received::Exempt, Received::Electronic] {
            materials[index].received = received;
            assert!(missing_materials(&item, &materials, None).iter().any(|m| m.field == format!("material_{index}")), "{received:?}");
        }
        materials[index].received = Received::Electronic;
        materials[index].files.push(Uuid::nil());
        assert!(missing_materials(&item, &materials, None).iter().all(|m| m.field != format!("material_{index}")));
    }

    #[test]
    fn a_situation_makes_its_conditional_materials_required_and_the_others_none() {
        let mut item = item();
        let model = Material { exempt: String::new(), necessity: Necessity::Conditional, ..item.materials[0].clone() };
        item.materials = ["甲", "乙"].map(|name| Material { name: name.into(), ..model.clone() }).into();
        let situation = Situation { name: "情形".into(), answers: Vec::new(), materials: vec!["乙".into()], table: "t".into(), number: 1, digest: String::new() };
        let missing = missing_materials(&item, &blank_materials(&item), Some(&situation));
        assert_eq!(missing.iter().map(|m| m.field.as_str()).collect::<Vec<_>>(), ["material_1"]);
        assert!(missing_materials(&item, &blank_materials(&item), None).is_empty());
    }
}
