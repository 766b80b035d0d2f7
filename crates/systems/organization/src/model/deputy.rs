//! Deputies during absence (外出代理): who stands in for whom, when and for which work.

use std::collections::BTreeSet;

use access::{Grant, Scope};
use base::{Error, FieldError, Result};
use chrono::NaiveDate;
use uuid::Uuid;

use super::separation::separation_broken;

/// Work that can be handed on: permission and name. What administers the platform stays with whom it was given to.
pub const DEPUTY_KINDS: [(&str, &str); 5] =
    [("cases.accept", "受理"), ("cases.handle", "承办"), ("cases.examine", "审查"), ("cases.approve", "审批"), ("cases.head", "负责人批准（延期等）")];

/// Longest time, in days: longer absence is a matter of posts, not of deputies.
pub const LONGEST_DAYS: i64 = 180;

/// One arrangement, as far as the rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Who is away.
    pub principal: Uuid,
    /// Who stands in.
    pub deputy: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Permissions handed on.
    pub kinds: BTreeSet<String>,
}

impl Span {
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// Whether somebody may stand in so. `others` are the arrangements of both people that have not ended; `has` and `deputy_has`
/// are what the posts of both allow in the body.
///
/// # Errors
/// Each wrong field in a sentence; refused when it overlaps, goes in a circle or joins three layers in one hand.
pub fn check_deputy(span: &Span, today: NaiveDate, others: &[Span], has: &[String], deputy_has: &[String]) -> Result<()> {
    let mut errors = Vec::new();
    if span.principal == span.deputy {
        errors.push(FieldError::new("deputy", "代理人不能是本人，请选择本单位的其他同事。"));
    }
    if span.to < span.from {
        errors.push(FieldError::new("to_day", "结束日期不能早于开始日期。"));
    } else if span.to < today {
        errors.push(FieldError::new("to_day", "结束日期已经过去，请填写今天或以后的日期。"));
    } else if span.from < today {
        errors.push(FieldError::new("from_day", "开始日期不能早于今天。"));
    } else if (span.to - span.from).num_days() >= LONGEST_DAYS {
        errors.push(FieldError::new("to_day", format!("代理最长 {LONGEST_DAYS} 天；更长时间请调整岗位。")));
    }
    if span.kinds.is_empty() {
        errors.push(FieldError::new("kinds", "请至少选择一类工作。"));
    } else if !span.kinds.iter().all(|kind| has.contains(kind) && DEPUTY_KINDS.iter().any(|(known, _)| known == kind)) {
        errors.push(FieldError::new("kinds", "只能把本人岗位上的工作交给代理人。"));
    }
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    for other in others.iter().filter(|other| other.meets(span)) {
        if other.principal == span.principal && !other.kinds.is_disjoint(&span.kinds) {
            return Err(Error::refused("organization.deputy_overlaps", "这段时间里，这些工作已经安排了代理人。请先结束原来的安排，或者换一段时间。"));
        }
        // Work handed on is not handed on again; this also keeps two people from standing in for each other.
        if other.principal == span.deputy {
            return Err(Error::refused("organization.deputy_away", "所选的同事这段时间自己也请人代理，请另选一位。"));
        }
        if other.deputy == span.principal {
            return Err(Error::refused("organization.deputy_chain", "这段时间正在替别人代理，代理的工作不能再转给他人。请先结束那项代理，或者换一段时间。"));
        }
    }
    if separation_broken(deputy_has.iter().map(String::as_str).chain(span.kinds.iter().map(String::as_str))) {
        return Err(Error::refused(
            "organization.separation_of_duties",
            "代理后，所选的同事将同时承担本单位的承办、审查、审批三个岗位，不符合分岗设权的要求。请少选几类工作，或者另选一位同事。",
        ));
    }
    Ok(())
}

/// What a deputy may do: the chosen permissions of whom they stand in for, and those only within the body both serve.
pub fn handed_on(grants: &[Grant], kinds: &BTreeSet<String>, body: Uuid) -> Vec<Grant> {
    let within = |grant: &&Grant| kinds.contains(&grant.permission) && grant.scope.body.is_none_or(|other| other == body);
    grants.iter().filter(within).map(|g| Grant { permission: g.permission.clone(), scope: Scope { body: Some(body), ..g.scope.clone() } }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(principal: u128, deputy: u128, from: &str, to: &str, kinds: &[&str]) -> Span {
        let kinds = kinds.iter().map(|k| (*k).to_owned()).collect();
        Span { principal: Uuid::from_u128(principal), deputy: Uuid::from_u128(deputy), from: day(from), to: day(to), kinds }
    }

    fn checked(span: &Span, others: &[Span], deputy_has: &[&str]) -> Result<()> {
        let has = ["cases.handle", "cases.examine", "cases.view"].map(str::to_owned);
        let deputy_has: Vec<String> = deputy_has.iter().map(|p| (*p).to_owned()).collect();
        check_deputy(span, day("2026-11-24"), others, &has, &deputy_has)
    }

    #[test]
    fn days_people_and_kinds_are_checked() {
        let good = span(1, 2, "2026-11-24", "2026-11-27", &["cases.handle"]);
        checked(&good, &[], &[]).unwrap();
        for (wrong, field) in [
            (span(1, 1, "2026-11-24", "2026-11-27", &["cases.handle"]), "deputy"),
            (span(1, 2, "2026-11-27", "2026-11-24", &["cases.handle"]), "to_day"),
            (span(1, 2, "2026-11-20", "2026-11-23", &["cases.handle"]), "to_day"),
            (span(1, 2, "2026-11-23", "2026-11-27", &["cases.handle"]), "from_day"),
            (span(1, 2, "2026-11-24", "2027-05-23", &["cases.handle"]), "to_day"),
            (span(1, 2, "2026-11-24", "2026-11-27", &[]), "kinds"),
            (span(1, 2, "2026-11-24", "2026-11-27", &["cases.approve"]), "kinds"),
            (span(1, 2, "2026-11-24", "2026-11-27", &["cases.view"]), "kinds"),
        ] {
            let error = checked(&wrong, &[], &[]).unwrap_err();
            assert_eq!(error.fields().iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), [field], "{wrong:?}");
        }
        checked(&span(1, 2, "2026-11-24", "2027-05-22", &["cases.handle"]), &[], &[]).unwrap();
    }

    #[test]
    fn overlaps_chains_and_circles_are_refused() {
        let new = span(1, 2, "2026-11-24", "2026-11-30", &["cases.handle"]);
        let code = |others: &[Span]| checked(&new, others, &[]).err().map(|e| e.code().to_owned());
        assert_eq!(code(&[span(1, 3, "2026-11-30", "2026-12-05", &["cases.handle"])]).as_deref(), Some("organization.deputy_overlaps"));
        assert_eq!(code(&[span(1, 3, "2026-11-30", "2026-12-05", &["cases.examine"])]), None, "other work, other deputy");
        assert_eq!(code(&[span(1, 3, "2026-12-01", "2026-12-05", &["cases.handle"])]), None, "the day after");
        assert_eq!(code(&[span(2, 1, "2026-11-20", "2026-11-24", &["cases.handle"])]).as_deref(), Some("organization.deputy_away"), "each other");
        assert_eq!(code(&[span(2, 3, "2026-11-20", "2026-11-24", &["cases.accept"])]).as_deref(), Some("organization.deputy_away"));
        assert_eq!(code(&[span(3, 1, "2026-11-20", "2026-11-24", &["cases.accept"])]).as_deref(), Some("organization.deputy_chain"));
        assert_eq!(code(&[span(3, 2, "2026-11-20", "2026-11-24", &["cases.handle"])]), None, "one deputy for two colleagues");
    }

    #[test]
    fn three_layers_never_come_into_one_hand() {
        let new = span(1, 2, "2026-11-24", "2026-11-30", &["cases.handle"]);
        checked(&new, &[], &["cases.examine"]).unwrap();
        assert_eq!(checked(&new, &[], &["cases.examine", "cases.approve"]).unwrap_err().code(), "organization.separation_of_duties");
    }

    #[test]
    fn only_the_same_body_is_handed_on() {
        let (body, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let grant = |permission: &str, scope| Grant { permission: permission.into(), scope };
        let grants = [
            grant("cases.accept", Scope::region("4503")),
            grant("cases.handle", Scope::body(other)),
            grant("cases.handle", Scope::body(body)),
            grant("cases.view", Scope::body(body)),
        ];
        let kinds = ["cases.accept", "cases.handle"].map(str::to_owned).into();
        let handed = handed_on(&grants, &kinds, body);
        assert_eq!(handed, [grant("cases.accept", Scope { body: Some(body), ..Scope::region("4503") }), grant("cases.handle", Scope::body(body))]);
    }
}
