//! What a licence is worth on a day.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// What people did to a licence. That time passed is not a state: see [`Standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceState {
    /// Issued and not touched since.
    Valid,
    /// 暂扣: without effect until it is resumed.
    Suspended,
    /// A later version took its place.
    Changed,
    /// 撤销: issued wrongly (行政许可法 69).
    Revoked,
    /// 注销: no longer needed or possible (行政许可法 70).
    Cancelled,
}

impl LicenceState {
    const ALL: [Self; 5] = [Self::Valid, Self::Suspended, Self::Changed, Self::Revoked, Self::Cancelled];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspended => "suspended",
            Self::Changed => "changed",
            Self::Revoked => "revoked",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the code of [`as_str`](Self::as_str).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == code)
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
    /// 暂扣
    Suspended,
    /// A later version took its place.
    Changed,
    /// 撤销
    Revoked,
    /// 注销
    Cancelled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Valid, Self::NotYet, Self::Expired, Self::Suspended, Self::Changed, Self::Revoked, Self::Cancelled];

    /// The standing on `today`. What people ended weighs more than what time did; a suspension cannot outlast the licence.
    pub fn on(today: NaiveDate, state: LicenceState, validity: Validity) -> Self {
        let over = validity.until.is_some_and(|until| until < today);
        match state {
            LicenceState::Revoked => Self::Revoked,
            LicenceState::Cancelled => Self::Cancelled,
            LicenceState::Changed => Self::Changed,
            LicenceState::Valid | LicenceState::Suspended if over => Self::Expired,
            LicenceState::Suspended => Self::Suspended,
            LicenceState::Valid if today < validity.from => Self::NotYet,
            LicenceState::Valid => Self::Valid,
        }
    }

    /// The answer of a verification, in words.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Valid => "真实有效",
            Self::NotYet => "尚未生效",
            Self::Expired => "已过期",
            Self::Suspended => "已暂扣",
            Self::Changed => "已换发新版本",
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
            Self::Suspended => "suspended",
            Self::Changed => "changed",
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
        let suspended = |text| Standing::on(day(text), LicenceState::Suspended, validity);
        assert_eq!(suspended("2027-03-08"), Standing::Suspended);
        assert_eq!(suspended("2027-03-09"), Standing::Expired, "a suspension does not outlast the licence");
    }

    #[test]
    fn codes_read_back() {
        for state in LicenceState::ALL {
            assert_eq!(LicenceState::from_code(state.as_str()), Some(state));
        }
        assert_eq!(LicenceState::from_code("expired"), None, "expiry is never stored");
    }

    proptest! {
        #[test]
        fn what_was_ended_is_never_valid_again(offset in -4000i64..4000, years in 0u8..30) {
            let from = day("2026-01-01");
            let today = from + chrono::Duration::days(offset);
            let validity = Validity::years(from, years);
            prop_assert_eq!(Standing::on(today, LicenceState::Revoked, validity), Standing::Revoked);
            prop_assert_eq!(Standing::on(today, LicenceState::Cancelled, validity), Standing::Cancelled);
            prop_assert_eq!(Standing::on(today, LicenceState::Changed, validity), Standing::Changed);
            prop_assert_ne!(Standing::on(today, LicenceState::Suspended, validity), Standing::Valid);
            let plain = Standing::on(today, LicenceState::Valid, validity);
            prop_assert_eq!(plain == Standing::Valid, today >= from && validity.until.is_none_or(|u| today <= u));
        }
    }
}
