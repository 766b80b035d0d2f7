//! The legal clock of one case: when a decision is due and how much time is left.

use crate::calendar::{Calendar, OutOfRange};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// A limit of law or of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Working days without statutory holidays (行政许可法 82).
    WorkingDays(u16),
    /// Calendar days, where a law says so; a last day that is free moves to the next working day (民法典 203).
    CalendarDays(u16),
    /// Decided on the spot (即办, 行政许可法 34): due on the day of acceptance.
    Instant,
}

impl Limit {
    /// The number of days; zero for an instant decision.
    pub fn days(self) -> u16 {
        match self {
            Self::WorkingDays(days) | Self::CalendarDays(days) => days,
            Self::Instant => 0,
        }
    }
}

/// Days that do not count (行政许可法 45: hearing, inspection, expert review and the like; 特别程序).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Suspension {
    /// First day that does not count.
    pub from: NaiveDate,
    /// Last day that does not count; `None` while the procedure goes on. A day before `from` suspends nothing.
    pub to: Option<NaiveDate>,
}

/// The clock of one limit. A pure value: it knows no present day; whoever asks brings the day and the calendar.
///
/// It starts on the day of acceptance, which is not counted itself. A case usually has two: one of the promised and one of
/// the statutory limit, with the same suspensions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    accepted: NaiveDate,
    limit: Limit,
    extension: u16,
    suspensions: Vec<Suspension>,
}

impl LegalClock {
    /// A clock that starts on the day of acceptance.
    pub fn new(accepted: NaiveDate, limit: Limit) -> Self {
        Self {
            accepted,
            limit,
            extension: 0,
            suspensions: Vec::new(),
        }
    }

    /// The same clock with so many days more, of the same kind as the limit (行政许可法 42: at most ten working days, with
    /// the approval of the head; whether that was given is the caller's to know). Extensions add up.
    pub fn extended_by(mut self, days: u16) -> Self {
        self.extension = self.extension.saturating_add(days);
        self
    }

    /// The same clock with one suspension more. Suspensions may overlap; a day is left out once.
    pub fn suspended(mut self, suspension: Suspension) -> Self {
        self.suspensions.push(suspension);
        self
    }

    /// Day of acceptance.
    pub fn accepted(&self) -> NaiveDate {
        self.accepted
    }

    /// The limit without extension.
    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// Limit and extension in days.
    pub fn total(&self) -> u32 {
        u32::from(self.limit.days()) + u32::from(self.extension)
    }

    /// The last day in time. `None` while an open suspension holds the clock: then no due date exists yet.
    pub fn due(&self, cal: &Calendar) -> Result<Option<NaiveDate>, OutOfRange> {
        // The due date moves by the suspended days before it, which may bring further suspended days before it, and so on.
        // Each round moves it forward or ends, and the suspensions are finite, so this ends at the earliest fitting day.
        let mut left_out = 0;
        loop {
            let due = self.advance(cal, self.total().saturating_add(left_out))?;
            if self
                .suspensions
                .iter()
                .any(|s| s.to.is_none() && s.from.max(self.first_day()) <= due)
            {
                return Ok(None);
            }
            let suspended = self.suspended_days(cal, self.accepted, due)?;
            let suspended = u32::try_from(suspended).unwrap_or_default();
            if suspended == left_out {
                return match self.limit {
                    Limit::CalendarDays(_) => cal.on_or_after(due).map(Some),
                    Limit::WorkingDays(_) | Limit::Instant => Ok(Some(due)),
                };
            }
            left_out = suspended;
        }
    }

    /// Days counted from acceptance up to and including `today`, in the unit of the limit.
    pub fn used(&self, today: NaiveDate, cal: &Calendar) -> Result<i64, OutOfRange> {
        self.counted(cal, self.accepted, today.max(self.accepted))
    }

    /// Days left after `today`: zero on the due date, negative when late.
    pub fn remaining(&self, today: NaiveDate, cal: &Calendar) -> Result<i64, OutOfRange> {
        match self.due(cal)? {
            Some(due) if today <= due => self.counted(cal, today.max(self.accepted), due),
            Some(due) => Ok(-self.counted(cal, due, today)?),
            None => Ok(i64::from(self.total()) - self.used(today, cal)?),
        }
    }

    /// Does the day `today` not count?
    pub fn is_suspended(&self, today: NaiveDate) -> bool {
        self.suspensions
            .iter()
            .any(|s| s.from <= today && s.to.is_none_or(|to| today <= to))
    }

    /// First day that can count.
    fn first_day(&self) -> NaiveDate {
        self.accepted.succ_opt().unwrap_or(NaiveDate::MAX)
    }

    /// The `days`-th day after acceptance in the unit of the limit.
    fn advance(&self, cal: &Calendar, days: u32) -> Result<NaiveDate, OutOfRange> {
        match self.limit {
            Limit::WorkingDays(_) | Limit::Instant => cal.add(self.accepted, days),
            Limit::CalendarDays(_) => self
                .accepted
                .checked_add_days(Days::new(days.into()))
                .filter(|&date| cal.covers(date))
                .ok_or_else(|| cal.out_of_range()),
        }
    }

    /// Days after `from` up to and including `to` in the unit of the limit, suspended or not.
    fn days(&self, cal: &Calendar, from: NaiveDate, to: NaiveDate) -> Result<i64, OutOfRange> {
        match self.limit {
            Limit::WorkingDays(_) | Limit::Instant => cal.between(from, to),
            Limit::CalendarDays(_) => Ok((to - from).num_days()),
        }
    }

    /// Days after `from` up to and including `to` that count. `from` must not be later than `to`.
    fn counted(&self, cal: &Calendar, from: NaiveDate, to: NaiveDate) -> Result<i64, OutOfRange> {
        Ok(self.days(cal, from, to)? - self.suspended_days(cal, from, to)?)
    }

    /// Days after `from` up to and including `to` that are suspended, each once.
    fn suspended_days(
        &self,
        cal: &Calendar,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<i64, OutOfRange> {
        let mut spans: Vec<(NaiveDate, NaiveDate)> = self
            .suspensions
            .iter()
            .map(|s| {
                (
                    s.from.pred_opt().unwrap_or(s.from),
                    s.to.unwrap_or(to).min(to),
                )
            })
            .collect();
        spans.sort_unstable();
        let (mut sum, mut reached) = (0, from);
        for (start, end) in spans {
            let start = start.max(reached);
            if start < end {
                sum += self.days(cal, start, end)?;
                reached = end;
            }
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stop(from: &str, to: &str) -> Suspension {
        Suspension {
            from: day(from),
            to: Some(day(to)),
        }
    }

    fn cal() -> &'static Calendar {
        Calendar::guangxi()
    }

    #[test]
    fn zero_remains_on_the_due_date_and_less_after_it() {
        let clock = LegalClock::new(day("2024-04-03"), Limit::WorkingDays(20));
        let remaining = |text| clock.remaining(day(text), cal()).unwrap();
        assert_eq!(remaining("2024-04-01"), 20);
        assert_eq!(remaining("2024-04-03"), 20);
        assert_eq!(remaining("2024-04-10"), 16); // Sunday the 7th was worked
        assert_eq!(remaining("2024-05-08"), 0);
        assert_eq!(remaining("2024-05-10"), -2);
        assert_eq!(clock.used(day("2024-04-10"), cal()), Ok(4));
        assert_eq!(clock.used(day("2024-04-01"), cal()), Ok(0));
    }

    #[test]
    fn an_extension_adds_days() {
        let clock = LegalClock::new(day("2024-04-03"), Limit::WorkingDays(20)).extended_by(10);
        assert_eq!(
            (clock.total(), clock.due(cal())),
            (30, Ok(Some(day("2024-05-21"))))
        );
    }

    #[test]
    fn suspended_working_days_push_the_due_date() {
        let clock = LegalClock::new(day("2024-06-03"), Limit::WorkingDays(5)); // due 11 June, after 端午节
        assert_eq!(clock.due(cal()), Ok(Some(day("2024-06-11"))));
        let one = clock.clone().suspended(stop("2024-06-05", "2024-06-06"));
        assert_eq!(one.due(cal()), Ok(Some(day("2024-06-13"))));
        // Overlapping days count once, free days and days before acceptance not at all.
        let more = one
            .suspended(stop("2024-06-06", "2024-06-09"))
            .suspended(stop("2024-05-01", "2024-06-03"));
        assert_eq!(more.due(cal()), Ok(Some(day("2024-06-14"))));
        // A suspension that begins only after the pushed due date comes too late.
        assert_eq!(
            more.clone()
                .suspended(stop("2024-06-17", "2024-06-20"))
                .due(cal()),
            more.due(cal())
        );
        // One that begins on it does not.
        assert_eq!(
            more.suspended(stop("2024-06-14", "2024-06-14")).due(cal()),
            Ok(Some(day("2024-06-17")))
        );
    }

    #[test]
    fn an_open_suspension_stops_the_clock() {
        let clock =
            LegalClock::new(day("2024-06-03"), Limit::WorkingDays(5)).suspended(Suspension {
                from: day("2024-06-05"),
                to: None,
            });
        assert_eq!(clock.due(cal()), Ok(None));
        assert!(clock.is_suspended(day("2024-09-02")) && !clock.is_suspended(day("2024-06-04")));
        assert_eq!(clock.remaining(day("2024-06-04"), cal()), Ok(4));
        assert_eq!(clock.remaining(day("2024-09-02"), cal()), Ok(4));
        assert_eq!(clock.used(day("2024-09-02"), cal()), Ok(1));
        // A clock that ran out before is not saved by a later suspension.
        let late =
            LegalClock::new(day("2024-06-03"), Limit::WorkingDays(1)).suspended(Suspension {
                from: day("2024-06-05"),
                to: None,
            });
        assert_eq!(late.due(cal()), Ok(Some(day("2024-06-04"))));
    }

    #[test]
    fn calendar_days_end_on_a_working_day() {
        let clock = LegalClock::new(day("2024-09-24"), Limit::CalendarDays(7)); // 1 October is free until the 7th
        assert_eq!(clock.due(cal()), Ok(Some(day("2024-10-08"))));
        assert_eq!(clock.remaining(day("2024-10-01"), cal()), Ok(7));
        assert_eq!(clock.remaining(day("2024-10-09"), cal()), Ok(-1));
        let clock = clock.suspended(stop("2024-09-26", "2024-10-10"));
        assert_eq!(clock.due(cal()), Ok(Some(day("2024-10-16"))));
    }

    #[test]
    fn an_instant_decision_is_due_on_the_day() {
        let clock = LegalClock::new(day("2024-06-07"), Limit::Instant);
        assert_eq!(clock.due(cal()), Ok(Some(day("2024-06-07"))));
        assert_eq!(clock.remaining(day("2024-06-07"), cal()), Ok(0));
        assert_eq!(clock.remaining(day("2024-06-11"), cal()), Ok(-1));
    }

    #[test]
    fn stored_as_json() {
        let clock = LegalClock::new(day("2024-06-03"), Limit::WorkingDays(5))
            .suspended(stop("2024-06-05", "2024-06-06"));
        let json = serde_json::to_string(&clock).unwrap();
        assert!(json.contains("{\"working_days\":5}"), "{json}");
        assert_eq!(serde_json::from_str::<LegalClock>(&json).unwrap(), clock);
    }
}
