//! Time is handed in. `SystemClock` is the only place that reads the machine's clock.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, SubsecRound, Utc};

/// Chinese standard time; the whole country uses it and it has no daylight saving.
pub const LOCAL_OFFSET_HOURS: i32 = 8;

/// Source of the current moment.
pub trait Clock: Send + Sync + 'static {
    /// The current moment, cut to microseconds because that is what both databases keep.
    fn now(&self) -> DateTime<Utc>;

    /// The current calendar day in Chinese standard time; legal limits count these days.
    fn today(&self) -> NaiveDate {
        local_date(self.now())
    }
}

/// A clock shared by all parts of the program.
pub type SharedClock = Arc<dyn Clock>;

/// The calendar day of a moment in Chinese standard time.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    local_time(at).date_naive()
}

/// A moment as Chinese standard time.
pub fn local_time(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(LOCAL_OFFSET_HOURS * 3600) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(), // eight hours is a valid offset; this arm is never taken
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved: for tests, demonstrations and simulations.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock standing at `at`.
    pub fn at(at: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(at.trunc_subsecs(6))))
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at.trunc_subsecs(6);
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_local_day_begins_at_sixteen_utc() {
        let before = Utc.with_ymd_and_hms(2026, 11, 23, 15, 59, 59).unwrap();
        assert_eq!(local_date(before).to_string(), "2026-11-23");
        assert_eq!(local_date(before + Duration::seconds(1)).to_string(), "2026-11-24");
        assert_eq!(local_time(before).to_rfc3339(), "2026-11-23T23:59:59+08:00");
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::at(Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap());
        let first = clock.now();
        assert_eq!(first, clock.now());
        clock.advance(Duration::hours(1));
        assert_eq!(clock.now() - first, Duration::hours(1));
    }
}
