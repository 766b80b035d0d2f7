//! When a timer event is due.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    condition::{Expressions, Variables},
    duration::Duration,
};

/// When a timer falls due, for the host to turn into a moment.
///
/// Working days are kept as a number on purpose: which days are worked is the law of a region and a year, and the host
/// holds that calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerDue {
    /// This long after the timer was set (`timeDuration`).
    After(Duration),
    /// At this moment (`timeDate`).
    At(DateTime<Utc>),
    /// This many working days after the timer was set (`tongban:workdays`).
    Workdays(u16),
    /// Again and again (`timeCycle`).
    Every {
        /// How often; for ever when not given.
        times: Option<u32>,
        /// The first time; one interval after the timer was set when not given.
        first: Option<DateTime<Utc>>,
        /// The interval.
        interval: Duration,
    },
}

/// How a timer's text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerUnit {
    /// `timeDuration`, an ISO 8601 duration.
    Duration,
    /// `timeDate`, an ISO 8601 date and time with its offset.
    Date,
    /// `tongban:workdays`, a whole number from 1 to 9999.
    Workdays,
    /// `timeCycle`, an ISO 8601 repeating interval such as `R3/PT1H`.
    Cycle,
}

/// A timer as drawn: a fixed time, or an expression over the variables, evaluated when the timer is set, so that each
/// item of the catalogue can bring its own limit. Text that begins with `=` is an expression, and so is text that looks like
/// no time at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timer {
    /// Known when the process is read.
    Fixed(TimerDue),
    /// Known when the timer is set; `text` is without the leading `=`.
    Expression {
        /// What the expression's value means.
        unit: TimerUnit,
        /// The expression.
        text: String,
    },
}

/// A timer whose time is not understood; the text is a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TimerError(pub String);

impl Timer {
    pub(crate) fn parse(unit: TimerUnit, text: &str) -> Result<Self, TimerError> {
        match text.trim().strip_prefix('=') {
            Some(expression) => Ok(Self::Expression {
                unit,
                text: expression.trim().to_owned(),
            }),
            None => match TimerDue::parse(unit, text) {
                Ok(due) => Ok(Self::Fixed(due)),
                Err(_) if is_expression(text.trim()) => Ok(Self::Expression {
                    unit,
                    text: text.trim().to_owned(),
                }),
                Err(error) => Err(error),
            },
        }
    }

    /// The due time with these variables.
    pub fn due(
        &self,
        expressions: &dyn Expressions,
        variables: &Variables,
    ) -> Result<TimerDue, TimerError> {
        match self {
            Self::Fixed(due) => Ok(due.clone()),
            Self::Expression { unit, text } => {
                match expressions
                    .evaluate(text, variables)
                    .map_err(|e| TimerError(e.to_string()))?
                {
                    Value::String(value) => TimerDue::parse(*unit, &value),
                    Value::Number(value) => TimerDue::parse(*unit, &value.to_string()),
                    _ => Err(TimerError(format!("定时表达式“{text}”没有得出时间"))),
                }
            }
        }
    }
}

/// Whether a text could be a name, a call or a literal rather than a mistyped time. Times begin with a digit, `P` or `R`;
/// a name in Chinese needs the `=`, because “五天” is a time mistyped.
fn is_expression(text: &str) -> bool {
    if text.len() > 1 && text.starts_with('"') && text.ends_with('"') {
        return true;
    }
    let name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    match text.find(|c| !name(c)) {
        None => text.chars().next().is_some_and(|c| c.is_ascii_lowercase()),
        Some(end) => end > 0 && text[end..].starts_with('(') && text.ends_with(')'),
    }
}

impl TimerDue {
    /// The moment it falls due, counted from `now`; working days are Monday to Friday.
    pub fn moment(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::After(duration) => duration.after(now),
            Self::At(at) => Some(*at),
            Self::Every { first, interval, .. } => first.or_else(|| interval.after(now)),
            Self::Workdays(days) => {
                let mut at = now;
                let mut left = *days;
                while left > 0 {
                    at = at.checked_add_days(Days::new(1))?;
                    if !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
                        left -= 1;
                    }
                }
                Some(at)
            }
        }
    }

    /// Reads a time as the unit says.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(unit: TimerUnit, text: &str) -> Result<Self, TimerError> {
        let text = text.trim();
        let shown = || text.chars().take(40).collect::<String>();
        match unit {
            TimerUnit::Duration => text
                .parse()
                .map(Self::After)
                .map_err(|e: crate::DurationError| TimerError(e.to_string())),
            TimerUnit::Date => moment(text).map(Self::At).ok_or_else(|| {
                TimerError(format!(
                    "“{}”不是有效的时间，请写明日期、时刻和时区，例如 2026-03-01T09:00:00+08:00",
                    shown()
                ))
            }),
            TimerUnit::Cycle => cycle(text).ok_or_else(|| {
                TimerError(format!(
                    "“{}”不是有效的周期，请按 ISO 8601 填写，例如 R3/PT1H（每小时一次，共三次）",
                    shown()
                ))
            }),
            TimerUnit::Workdays => match text.parse() {
                Ok(days @ 1..=9999) => Ok(Self::Workdays(days)),
                _ => Err(TimerError(format!(
                    "“{}”不是有效的工作日天数，请填写 1 至 9999 的整数",
                    shown()
                ))),
            },
        }
    }
}

/// A moment. A text without an offset is Beijing time, the one legal time of the country, on every machine.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let local: NaiveDateTime = text.parse().ok()?;
    let beijing = FixedOffset::east_opt(8 * 3600)?;
    Some(local.and_local_timezone(beijing).single()?.to_utc())
}

/// `R[n]/[start/]interval`; a bare interval repeats for ever.
fn cycle(text: &str) -> Option<TimerDue> {
    let mut parts = text.split('/');
    let mut part = parts.next()?;
    let mut times = None;
    if let Some(count) = part.strip_prefix('R') {
        times = match count {
            "" | "-1" => None,
            count => Some(count.parse::<u32>().ok().filter(|n| *n > 0)?),
        };
        part = parts.next()?;
    }
    let mut first = None;
    if !part.starts_with('P') {
        first = Some(moment(part)?);
        part = parts.next()?;
    }
    let interval: Duration = part.parse().ok()?;
    // A cycle without a span would fire endlessly at once.
    if parts.next().is_some() || interval.is_zero() {
        return None;
    }
    Some(TimerDue::Every {
        times,
        first,
        interval,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Conditions;

    fn due(unit: TimerUnit, text: &str) -> Result<TimerDue, TimerError> {
        let variables =
            serde_json::json!({"limit": 5, "when": "2026-03-01T09:00:00+08:00", "no": null});
        Timer::parse(unit, text)?.due(&Conditions, variables.as_object().unwrap())
    }

    #[test]
    fn fixed_and_computed_times() {
        assert_eq!(due(TimerUnit::Workdays, " 5 "), Ok(TimerDue::Workdays(5)));
        assert_eq!(
            due(TimerUnit::Workdays, "=limit"),
            Ok(TimerDue::Workdays(5))
        );
        let at = "2026-03-01T01:00:00Z".parse().unwrap();
        assert_eq!(due(TimerUnit::Date, "= when"), Ok(TimerDue::At(at)));
        assert_eq!(due(TimerUnit::Date, "when"), Ok(TimerDue::At(at)));
        assert_eq!(
            due(TimerUnit::Date, "2026-03-01T09:00:00"),
            Ok(TimerDue::At(at))
        );
        let interval = "PT1H".parse().unwrap();
        for (text, times, first) in [
            ("R3/PT1H", Some(3), None),
            ("R/PT1H", None, None),
            ("R2/2026-03-01T09:00:00+08:00/PT1H", Some(2), Some(at)),
        ] {
            let due = due(TimerUnit::Cycle, text).unwrap();
            assert_eq!(
                due,
                TimerDue::Every {
                    times,
                    first,
                    interval
                },
                "{text}"
            );
        }
        assert!(matches!(
            due(TimerUnit::Duration, "P5D"),
            Ok(TimerDue::After(_))
        ));
    }

    #[test]
    fn refuses_nonsense() {
        for (unit, text) in [
            (TimerUnit::Workdays, "0"),
            (TimerUnit::Workdays, "1.5"),
            (TimerUnit::Workdays, "=no"),
            (TimerUnit::Workdays, "=("),
            (TimerUnit::Date, "2026-03-01"),
            (TimerUnit::Cycle, "R0/PT1H"),
            (TimerUnit::Cycle, "R3/PT0S"),
            (TimerUnit::Cycle, "R3"),
            (TimerUnit::Cycle, "0 0 9 * * ?"),
            (TimerUnit::Duration, "5 days"),
        ] {
            assert!(due(unit, text).is_err(), "{text}");
        }
    }

    #[test]
    fn due_survives_serde() {
        for due in [
            TimerDue::After("P1DT2H".parse().unwrap()),
            TimerDue::Workdays(5),
        ] {
            let json = serde_json::to_string(&due).unwrap();
            assert_eq!(serde_json::from_str::<TimerDue>(&json).unwrap(), due);
        }
    }
}
