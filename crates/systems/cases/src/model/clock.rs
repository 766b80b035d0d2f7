//! The legal clock of a case: two limits (promised and statutory) on one count of days, 行政许可法 42, 45, 82.

use base::Result;
use catalog::model::{TimeLimit, TimeUnit};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use workdays::{Calendar, LegalClock, Light, LightRule, Limit, Suspension};

/// What the clock counts from and what stopped it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// Day of acceptance; the count starts on the next working day.
    pub accepted_on: NaiveDate,
    /// What the body promises.
    pub promised: Limit,
    /// What the law allows.
    pub statutory: Limit,
    /// Working days added once with the head's approval.
    #[serde(default)]
    pub extended_by: u16,
    /// Special procedures.
    #[serde(default)]
    pub suspensions: Vec<Suspension>,
}

/// When a case is due, and when its light turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dues {
    /// Last day of the promise; `None` while the clock stands still.
    pub promised: Option<NaiveDate>,
    /// Last day of the law.
    pub statutory: Option<NaiveDate>,
    /// First day the light is yellow.
    pub yellow_from: Option<NaiveDate>,
}

/// The limit of an item as the clock counts it.
pub fn limit_of(limit: &TimeLimit) -> Limit {
    match limit.unit {
        TimeUnit::Workday => Limit::WorkingDays(limit.days),
        TimeUnit::Day => Limit::CalendarDays(limit.days),
        TimeUnit::Instant => Limit::Instant,
    }
}

impl CaseClock {
    fn legal(&self, limit: Limit) -> LegalClock {
        let clock = LegalClock::new(self.accepted_on, limit).extended_by(self.extended_by);
        self.suspensions.iter().fold(clock, |clock, suspension| clock.suspended(*suspension))
    }

    /// The due days by this calendar.
    ///
    /// # Errors
    /// When the calendar does not reach that far.
    pub fn dues(&self, calendar: &Calendar) -> Result<Dues> {
        let promised = self.legal(self.promised).due(calendar)?;
        let statutory = self.legal(self.statutory).due(calendar)?;
        let yellow_from = match promised {
            Some(due) => Some(self.yellow_from(due, calendar)?),
            None => None,
        };
        Ok(Dues { promised, statutory, yellow_from })
    }

    fn yellow_from(&self, due: NaiveDate, calendar: &Calendar) -> Result<NaiveDate> {
        let mut day = due;
        while day > self.accepted_on {
            let before = day - Days::new(1);
            if self.light_with(calendar.between(before, due)?) == Light::Green {
                break;
            }
            day = before;
        }
        Ok(day)
    }

    fn light_with(&self, promised_remaining: i64) -> Light {
        let total = match self.promised {
            Limit::WorkingDays(n) | Limit::CalendarDays(n) => u32::from(n),
            Limit::Instant => 0,
        };
        workdays::light(promised_remaining, total, None, &LightRule::default())
    }

    /// Working days left of the promise on `today` (negative when late) and the light.
    ///
    /// # Errors
    /// When the calendar does not reach that far.
    pub fn standing(&self, today: NaiveDate, calendar: &Calendar) -> Result<(i64, Light)> {
        let promised = self.legal(self.promised).remaining(today, calendar)?;
        let statutory = self.legal(self.statutory).remaining(today, calendar)?;
        let total = match self.promised {
            Limit::WorkingDays(n) | Limit::CalendarDays(n) => u32::from(n),
            Limit::Instant => 0,
        };
        Ok((promised, workdays::light(promised, total, Some(statutory), &LightRule::default())))
    }

    /// Whether a special procedure runs.
    pub fn is_suspended(&self) -> bool {
        self.suspensions.last().is_some_and(|s| s.to.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn clock(accepted: &str, promised: u16, statutory: u16) -> CaseClock {
        CaseClock {
            accepted_on: day(accepted),
            promised: Limit::WorkingDays(promised),
            statutory: Limit::WorkingDays(statutory),
            extended_by: 0,
            suspensions: vec![],
        }
    }

    #[test]
    fn guangxi_holidays_count() {
        // standards C2: accepted 2024-04-03, 20 working days, due 2024-05-08 in Guangxi
        let dues = clock("2024-04-03", 10, 20).dues(Calendar::guangxi()).unwrap();
        assert_eq!(dues.statutory, Some(day("2024-05-08")));
    }

    #[test]
    fn yellow_begins_when_a_fifth_is_left() {
        let clock = clock("2026-11-02", 10, 20);
        let calendar = Calendar::guangxi();
        let dues = clock.dues(calendar).unwrap();
        let yellow = dues.yellow_from.unwrap();
        assert_eq!(calendar.between(yellow, dues.promised.unwrap()).unwrap(), 2);
        assert_eq!(clock.standing(yellow, calendar).unwrap().1, Light::Yellow);
        assert_eq!(clock.standing(yellow - Days::new(1), calendar).unwrap().1, Light::Green);
        assert_eq!(clock.standing(dues.promised.unwrap() + Days::new(1), calendar).unwrap().0, -1);
    }

    #[test]
    fn a_special_procedure_stops_the_clock() {
        let mut clock = clock("2026-11-02", 10, 20);
        let calendar = Calendar::guangxi();
        let before = clock.dues(calendar).unwrap().promised.unwrap();
        clock.suspensions.push(Suspension { from: day("2026-11-05"), to: None });
        assert_eq!(clock.dues(calendar).unwrap().promised, None);
        assert!(clock.is_suspended());
        clock.suspensions[0].to = Some(day("2026-11-09")); // Thu–Mon: three working days
        let after = clock.dues(calendar).unwrap().promised.unwrap();
        assert_eq!(calendar.between(before, after).unwrap(), 3);
    }
}
