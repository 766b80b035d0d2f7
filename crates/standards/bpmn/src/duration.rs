//! ISO 8601 durations as BPMN timers write them (`P1DT2H`, `P2W`, `P1M`).

use std::{fmt, str::FromStr};

use chrono::{DateTime, Months, TimeDelta, TimeZone};
use serde::{Deserialize, Serialize};

/// A span of calendar time. Months and days stay apart from seconds because their length depends on the date
/// they are added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    months: u32,
    days: u32,
    millis: u64,
}

/// The text is not an ISO 8601 duration this library accepts: non-negative numbers, whole but for the seconds, of which three
/// decimals count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是有效的时长，请按 ISO 8601 填写整数，例如 P5D（五天）、PT2H（两小时）")]
pub struct DurationError(pub String);

/// Units in the only order the standard allows: part (date before `T`, time after), letter.
const UNITS: [(bool, char); 7] = [
    (false, 'Y'),
    (false, 'M'),
    (false, 'W'),
    (false, 'D'),
    (true, 'H'),
    (true, 'M'),
    (true, 'S'),
];

impl Duration {
    /// Whether it is no time at all.
    pub fn is_zero(self) -> bool {
        self.months == 0 && self.days == 0 && self.millis == 0
    }

    /// The moment this long after `start`, counted in the time zone of `start`; `None` beyond the calendar.
    /// A month after 31 January is the last day of February.
    pub fn after<Tz: TimeZone>(self, start: DateTime<Tz>) -> Option<DateTime<Tz>> {
        start
            .checked_add_months(Months::new(self.months))?
            .checked_add_days(chrono::Days::new(self.days.into()))?
            .checked_add_signed(TimeDelta::try_milliseconds(
                i64::try_from(self.millis).ok()?,
            )?)
    }

    /// The parts, `None` when the text is malformed or a number too large.
    fn read(text: &str) -> Option<Self> {
        let mut amounts = [0_u32; UNITS.len()];
        let mut next_unit = 0; // units before this one are spent
        let mut in_time = false;
        let mut rest = text.strip_prefix('P')?;
        let mut empty = true;
        let mut millis = 0;
        while !rest.is_empty() {
            if let Some(time) = rest.strip_prefix('T') {
                if in_time {
                    return None;
                }
                in_time = true;
                empty = true; // a `T` promises at least one more part
                rest = time;
                continue;
            }
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, tail) = rest.split_at(digits);
            let (fraction, tail) = match tail.strip_prefix(['.', ',']) {
                None => (None, tail),
                Some(after) => {
                    let end = after.find(|c: char| !c.is_ascii_digit())?;
                    (Some(&after[..end]), &after[end..])
                }
            };
            let letter = tail.chars().next()?;
            let unit = UNITS
                .iter()
                .position(|u| *u == (in_time, letter))
                .filter(|u| *u >= next_unit)?;
            *amounts.get_mut(unit)? = number.parse().ok()?;
            if let Some(fraction) = fraction {
                if (in_time, letter) != (true, 'S') || fraction.is_empty() {
                    return None;
                }
                let padded: String = fraction.chars().chain("00".chars()).take(3).collect();
                millis = padded.parse().ok()?;
            }
            next_unit = unit + 1;
            empty = false;
            rest = tail.strip_prefix(letter)?;
        }
        if empty {
            return None;
        }
        let [years, months, weeks, days, hours, minutes, seconds] = amounts;
        let seconds = u64::from(hours) * 3600 + u64::from(minutes) * 60 + u64::from(seconds);
        u32::try_from(seconds / 3600).ok()?; // so that the canonical form reads back
        Some(Self {
            months: years.checked_mul(12)?.checked_add(months)?,
            days: weeks.checked_mul(7)?.checked_add(days)?,
            millis: seconds * 1000 + millis,
        })
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        Self::read(text.trim()).ok_or_else(|| DurationError(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for Duration {
    type Error = DurationError;

    fn try_from(text: String) -> Result<Self, DurationError> {
        text.parse()
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        duration.to_string()
    }
}

/// Canonical form; years and weeks come out as months and days, which is the same span.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        if self.months > 0 {
            write!(f, "{}M", self.months)?;
        }
        if self.days > 0 {
            write!(f, "{}D", self.days)?;
        }
        let (whole, millis) = (self.millis / 1000, self.millis % 1000);
        let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
        if self.millis > 0 || (self.months == 0 && self.days == 0) {
            f.write_str("T")?;
            if hours > 0 {
                write!(f, "{hours}H")?;
            }
            if minutes > 0 {
                write!(f, "{minutes}M")?;
            }
            if millis > 0 {
                write!(f, "{seconds}.{millis:03}S")?;
            } else if seconds > 0 || (hours == 0 && minutes == 0) {
                write!(f, "{seconds}S")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeZone};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn adds_by_the_calendar() {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let start = zone.with_ymd_and_hms(2026, 1, 31, 9, 0, 0).unwrap();
        for (text, expected) in [
            ("P1DT2H", "2026-02-01T11:00:00+08:00"),
            ("P1M", "2026-02-28T09:00:00+08:00"),
            ("P1Y2M3W4DT5H6M7S", "2027-04-25T14:06:07+08:00"),
            ("PT0S", "2026-01-31T09:00:00+08:00"),
            ("PT36H", "2026-02-01T21:00:00+08:00"),
            ("PT0.5S", "2026-01-31T09:00:00.500+08:00"),
            ("PT1M1.25999S", "2026-01-31T09:01:01.259+08:00"),
        ] {
            let due = text.parse::<Duration>().unwrap().after(start).unwrap();
            assert_eq!(due.to_rfc3339(), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_duration() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "5D",
            "P1H",
            "PT1D",
            "P-1D",
            "P1.5D",
            "PT1.5H",
            "PT.5S",
            "PT1.S",
            "P1M1Y",
            "P1D1D",
            "P5",
            "p5d",
            "PT1HT1M",
            "P99999999999D",
            "P５D",
        ] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn too_far_is_none_not_a_panic() {
        let start = chrono::Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        for text in ["P4294967295M", "P4294967295D", "PT4294967295H"] {
            assert_eq!(
                text.parse::<Duration>()
                    .unwrap()
                    .after(start)
                    .map(|d| d.to_rfc3339()),
                None,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn display_reads_back(months: u32, days: u32, hours in 0_u64..4_000_000_000, rest in 0_u64..3_600_000) {
            let duration = Duration { months, days, millis: hours * 3_600_000 + rest };
            prop_assert_eq!(duration.to_string().parse::<Duration>().unwrap(), duration);
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,20}|P[0-9YMWDTHS.]{0,12}") {
            let _ = text.parse::<Duration>();
        }
    }
}
