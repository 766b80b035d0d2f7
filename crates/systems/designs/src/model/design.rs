//! What a design is and where its versions stand.

use base::{Error, Result};
use chrono::NaiveDate;

/// Largest content, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 流程: BPMN 2.0.
    Process,
    /// 规则: DMN 1.3.
    Decision,
    /// 表单: a form-js schema.
    Form,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Process, Self::Decision, Self::Form];

    /// As stored and written in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Decision => "decision",
            Self::Form => "form",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "流程",
            Self::Decision => "决策表",
            Self::Form => "表单",
        }
    }

    /// Ending of its file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Process => "bpmn",
            Self::Decision => "dmn",
            Self::Form => "json",
        }
    }

    /// Media type of its file.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Process | Self::Decision => "application/xml; charset=utf-8",
            Self::Form => "application/json; charset=utf-8",
        }
    }
}

/// The stored stage of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Before a second person.
    InReview,
    /// Fixed for ever.
    Published,
}

impl Stage {
    /// As stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in-review",
            Self::Published => "published",
        }
    }

    /// The stage with this code; an unknown one cannot be written in.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "draft" => Self::Draft,
            "in-review" => Self::InReview,
            _ => Self::Published,
        }
    }
}

/// Where a version stands on a day: for published ones it follows from the calendar and is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 草稿.
    Draft,
    /// 待审核.
    InReview,
    /// 待生效: published, its day has not come.
    Scheduled,
    /// 现行: what begins today begins with this.
    Current,
    /// 已被取代.
    Superseded,
}

impl Standing {
    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::InReview => "待审核",
            Self::Scheduled => "待生效",
            Self::Current => "现行",
            Self::Superseded => "已被取代",
        }
    }
}

/// Where a version stands today. `current` says whether it is the newest published version whose day has come.
#[must_use]
pub fn standing(stage: Stage, effective_on: Option<NaiveDate>, current: bool, today: NaiveDate) -> Standing {
    match (stage, effective_on) {
        (Stage::Draft, _) => Standing::Draft,
        (Stage::InReview, _) => Standing::InReview,
        (Stage::Published, Some(day)) if day > today => Standing::Scheduled,
        (Stage::Published, _) if current => Standing::Current,
        (Stage::Published, _) => Standing::Superseded,
    }
}

/// A key is what items and processes write down: short, lower case, readable.
///
/// # Errors
/// Invalid, naming the field `key`.
pub fn check_key(key: &str) -> Result<()> {
    let fits = (3..=40).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && !key.ends_with('-')
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if fits { Ok(()) } else { Err(Error::field("key", "标识用 3 至 40 个小写字母、数字和连字符，以字母开头，例如 food-licence。")) }
}

/// Refuses an empty or endless name.
///
/// # Errors
/// Invalid, naming the field `name`.
pub fn check_name(name: &str) -> Result<()> {
    let length = name.trim().chars().count();
    if (1..=60).contains(&length) { Ok(()) } else { Err(Error::field("name", "请填写名称，不超过 60 个字。")) }
}

/// The day from which a new version holds: never in the past, never before the version it follows, so that which one held
/// on a past day cannot change afterwards.
///
/// # Errors
/// Invalid, naming the field `effective_on`.
pub fn check_effective(day: NaiveDate, today: NaiveDate, previous: Option<NaiveDate>) -> Result<()> {
    if day < today {
        return Err(Error::field("effective_on", "生效日期不能早于今天，已经开始的办件不会改用新版本。"));
    }
    if let Some(previous) = previous.filter(|previous| day < *previous) {
        return Err(Error::field("effective_on", format!("上一个版本从 {previous} 起生效，新版本的生效日期不能比它早。")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn keys_are_plain() {
        for key in ["abc", "food-licence", "a1-2"] {
            assert!(check_key(key).is_ok(), "{key}");
        }
        for key in ["", "ab", "Abc", "1ab", "a_b", "食品许可", "abc-", "a/../b", &"a".repeat(41)] {
            assert!(check_key(key).is_err(), "{key}");
        }
    }

    #[test]
    fn a_version_takes_effect_today_or_later_and_not_before_its_predecessor() {
        let today = day("2026-11-24");
        assert!(check_effective(today, today, None).is_ok());
        assert!(check_effective(day("2026-12-01"), today, Some(day("2026-12-01"))).is_ok());
        assert!(check_effective(day("2026-11-23"), today, None).is_err());
        assert!(check_effective(day("2026-11-30"), today, Some(day("2026-12-01"))).is_err());
    }

    #[test]
    fn what_a_published_version_is_follows_from_the_day() {
        let (monday, tuesday) = (day("2026-11-23"), day("2026-11-24"));
        assert_eq!(standing(Stage::Published, Some(tuesday), false, monday), Standing::Scheduled);
        assert_eq!(standing(Stage::Published, Some(tuesday), true, tuesday), Standing::Current);
        assert_eq!(standing(Stage::Published, Some(monday), false, tuesday), Standing::Superseded);
        assert_eq!(standing(Stage::Draft, None, false, tuesday), Standing::Draft);
    }
}
