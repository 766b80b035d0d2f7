//! When a timer event is due.

use chrono::{DateTime, Utc};
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
}

/// A timer as drawn: a fixed time, or (text beginning with `=`) an expression over the variables, evaluated when the
/// timer is set, so that each item of the catalogue can bring its own limit.
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
            None => TimerDue::parse(unit, text).map(Self::Fixed),
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

impl TimerDue {
    fn parse(unit: TimerUnit, text: &str) -> Result<Self, TimerError> {
        let text = text.trim();
        let shown = || text.chars().take(40).collect::<String>();
        match unit {
            TimerUnit::Duration => text.parse().map(Self::After).map_err(|e: crate::DurationError| TimerError(e.to_string())),
            // Without its offset a local time means another moment on another machine, so the offset is required.
            TimerUnit::Date => DateTime::parse_from_rfc3339(text).map(|d| Self::At(d.to_utc())).map_err(|_| {
                TimerError(format!("“{}”不是有效的时间，请写明日期、时刻和时区，例如 2026-03-01T09:00:00+08:00", shown()))
            }),
            TimerUnit::Workdays => match text.parse() {
                Ok(days @ 1..=9999) => Ok(Self::Workdays(days)),
                _ => Err(TimerError(format!("“{}”不是有效的工作日天数，请填写 1 至 9999 的整数", shown()))),
            },
        }
    }
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
            (TimerUnit::Date, "2026-03-01T09:00:00"),
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
