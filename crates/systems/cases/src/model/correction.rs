//! One-time notice (一次性告知, 行政许可法 32, R02): everything missing in ONE notice, and only what the item asks for.

use base::{Error, Result};
use catalog::model::situation::asked_for;
use catalog::model::{ItemSpec, Material, Situation};
use forms::Form;
use serde::{Deserialize, Serialize};

/// One thing to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionItem {
    /// `material_<n>` of the item's list, or `field_<key>` of its form.
    pub target: String,
    /// Name of the material or field.
    pub name: String,
    /// What is wrong and what is wanted.
    pub what: String,
}

/// Everything a notice may cite: the materials of the published list that this situation needs, and the fields of its form.
pub fn correctable(item: &ItemSpec, form: &Form, situation: Option<&Situation>) -> Vec<(String, String)> {
    let asked = |m: &Material| m.exempt.is_empty() && asked_for(m, situation);
    let materials = item.materials.iter().enumerate().filter(|(_, m)| asked(m)).map(|(i, m)| (format!("material_{i}"), m.name.clone()));
    let fields = form.fields().into_iter().filter(|f| f.kind.takes_answer()).map(|f| (format!("field_{}", f.path()), f.label.clone()));
    materials.chain(fields).collect()
}

/// Checks a notice. `prior` are the targets of an earlier notice, `replaced` what the applicant changed in answer to it:
/// a second notice may only speak of those, because everything else could have been seen the first time.
///
/// # Errors
/// [`base::Kind::Refused`] or [`base::Kind::Invalid`] with a sentence.
pub fn check_correction(notice: &[CorrectionItem], allowed: &[(String, String)], prior: Option<&[String]>, replaced: &[String]) -> Result<()> {
    if notice.is_empty() {
        return Err(Error::field("items", "请至少勾选一项需要补正的内容，并写明怎样补正。"));
    }
    for item in notice {
        if !allowed.iter().any(|(target, _)| *target == item.target) {
            return Err(Error::refused("cases.not_listed", format!("“{}”不在公布的材料清单和申请表内，不能要求申请人提供。", item.name)));
        }
        if item.what.trim().chars().count() < 4 {
            return Err(Error::field(item.target.clone(), format!("请写清楚“{}”哪里不符合、要怎样补正。", item.name)));
        }
    }
    if prior.is_some()
        && let Some(new) = notice.iter().find(|item| !replaced.contains(&item.target)) {
            return Err(Error::refused(
                "cases.second_correction",
                format!("补正内容应当一次告知。“{}”在第一次告知时就能发现，不能再次要求补正；请按现有材料决定是否受理。", new.name),
            ));
        }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(target: &str, what: &str) -> CorrectionItem {
        CorrectionItem { target: target.into(), name: target.into(), what: what.into() }
    }

    fn allowed() -> Vec<(String, String)> {
        ["material_0", "material_1", "field_area"].into_iter().map(|t| (t.to_owned(), t.to_owned())).collect()
    }

    #[test]
    fn only_listed_things_may_be_asked_for() {
        assert!(check_correction(&[item("material_0", "缺少签名页")], &allowed(), None, &[]).is_ok());
        assert_eq!(check_correction(&[item("material_9", "另附证明")], &allowed(), None, &[]).unwrap_err().code(), "cases.not_listed");
        assert!(check_correction(&[], &allowed(), None, &[]).is_err());
        assert!(check_correction(&[item("material_0", " ")], &allowed(), None, &[]).is_err());
    }

    #[test]
    fn a_second_notice_only_speaks_of_what_was_replaced() {
        let prior = vec!["material_0".to_owned()];
        let replaced = vec!["material_0".to_owned()];
        assert!(check_correction(&[item("material_0", "新上传的仍无签名")], &allowed(), Some(&prior), &replaced).is_ok());
        let second = check_correction(&[item("material_1", "现在才发现缺页")], &allowed(), Some(&prior), &replaced);
        assert_eq!(second.unwrap_err().code(), "cases.second_correction");
    }
}
