//! Which looks at licences a manager should ask about (M-DATA-08.08): a simple rule, the same for everybody.

use chrono::{DateTime, Timelike, Utc};
use workdays::Calendar;

/// Looks by one member of staff on one day above which the day is listed.
pub const MANY: i64 = 50;
/// From this hour …
const OPENS: u32 = 7;
/// … until this one people work.
const CLOSES: u32 = 21;

/// Whether a moment lies outside working time: at night, or on a day nobody works. A day the calendar does not know counts as
/// a working day.
pub fn off_hours(calendar: &Calendar, at: DateTime<Utc>) -> bool {
    let local = base::local_time(at);
    !(OPENS..CLOSES).contains(&local.hour()) || !calendar.is_workday(local.date_naive()).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_and_days_off_are_unusual() {
        let at = |text: &str| text.parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc();
        let off = |text: &str| off_hours(Calendar::guangxi(), at(text));
        assert!(!off("2026-11-24T07:00:00+08:00") && !off("2026-11-24T20:59:00+08:00"));
        assert!(off("2026-11-24T06:59:00+08:00") && off("2026-11-24T21:00:00+08:00"));
        assert!(off("2026-11-28T10:00:00+08:00"), "a Saturday");
        assert!(!off("2126-11-23T10:00:00+08:00"), "beyond the calendar");
    }
}
