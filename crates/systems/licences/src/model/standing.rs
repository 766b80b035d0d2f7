//! What a licence is worth on a day.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// What people did to a licence. That time passed is not a state: see [`Standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceState {
    /// Issued and not touched since.
    Valid,
    /// 撤销: issued wrongly (行政许可法 69).
    Revoked,
    /// 注销: no longer needed or possible (行政许可法 70).
    Cancelled,
}

impl LicenceState {
    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the code of [`as_str`](Self::as_str).
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Valid, Self::Revoked, Self::Cancelled].into_iter().find(|state| state.as_str() == code)
    }
}

/// The two ways in which a body takes a licence out of force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// 撤销 (行政许可法 69).
    Revoke,
    /// 注销 (行政许可法 70).
    Cancel,
}

impl Withdrawal {
    /// Reads the value of the form.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "revoke" => Some(Self::Revoke),
            "cancel" => Some(Self::Cancel),
            _ => None,
        }
    }

    /// The state it leads to.
    pub fn state(self) -> LicenceState {
        match self {
            Self::Revoke => LicenceState::Revoked,
            Self::Cancel => LicenceState::Cancelled,
        }
    }

    /// The act in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revoke => "撤销",
            Self::Cancel => "注销",
        }
    }
}

/// From when until when a licence holds, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` for ever (长期).
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// So many years from a day on; 0 years means no end. The last day is the one before the anniversary.
    pub fn years(from: NaiveDate, years: u8) -> Self {
        let until = match years {
            0 => None,
            _ => from.checked_add_months(Months::new(u32::from(years) * 12)).and_then(|day| day.pred_opt()),
        };
        Self { from, until }
    }
}

/// What a licence is worth on a day, derived from state and dates each time it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In force.
    Valid,
    /// Its first day is still to come.
    NotYet,
    /// Its last day has passed.
    Expired,
    /// 撤销
    Revoked,
    /// 注销
    Cancelled,
}

impl Standing {
    /// The standing on `today`. What people did weighs more than what time did.
    pub fn on(today: NaiveDate, state: LicenceState, validity: Validity) -> Self {
        match state {
            LicenceState::Revoked => Self::Revoked,
            LicenceState::Cancelled => Self::Cancelled,
            LicenceState::Valid if today < validity.from => Self::NotYet,
            LicenceState::Valid if validity.until.is_some_and(|until| until < today) => Self::Expired,
            LicenceState::Valid => Self::Valid,
        }
    }

    /// The answer of a verification, in words.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Valid => "真实有效",
            Self::NotYet => "尚未生效",
            Self::Expired => "已过期",
            Self::Revoked => "已撤销",
            Self::Cancelled => "已注销",
        }
    }

    /// Stable code for the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::NotYet => "not_yet",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn five_years_end_the_day_before_the_anniversary() {
        assert_eq!(Validity::years(day("2026-03-09"), 5).until, Some(day("2031-03-08")));
        assert_eq!(Validity::years(day("2028-02-29"), 1).until, Some(day("2029-02-27")));
        assert_eq!(Validity::years(day("2026-03-09"), 0).until, None);
    }

    #[test]
    fn the_last_day_still_counts() {
        let validity = Validity::years(day("2026-03-09"), 1);
        let on = |text| Standing::on(day(text), LicenceState::Valid, validity);
        assert_eq!(on("2026-03-08"), Standing::NotYet);
        assert_eq!(on("2026-03-09"), Standing::Valid);
        assert_eq!(on("2027-03-08"), Standing::Valid);
        assert_eq!(on("2027-03-09"), Standing::Expired);
    }

    #[test]
    fn codes_read_back() {
        for state in [LicenceState::Valid, LicenceState::Revoked, LicenceState::Cancelled] {
            assert_eq!(LicenceState::from_code(state.as_str()), Some(state));
        }
        assert_eq!(LicenceState::from_code("expired"), None, "expiry is never stored");
    }

    proptest! {
        #[test]
        fn what_was_revoked_is_never_valid_again(offset in -4000i64..4000, years in 0u8..30) {
            let from = day("2026-01-01");
            let today = from + chrono::Duration::days(offset);
            let validity = Validity::years(from, years);
            prop_assert_eq!(Standing::on(today, LicenceState::Revoked, validity), Standing::Revoked);
            prop_assert_eq!(Standing::on(today, LicenceState::Cancelled, validity), Standing::Cancelled);
            let plain = Standing::on(today, LicenceState::Valid, validity);
            prop_assert_eq!(plain == Standing::Valid, today >= from && validity.until.is_none_or(|u| today <= u));
        }
    }
}
