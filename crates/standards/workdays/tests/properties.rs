//! Rules that hold for every day, limit and suspension.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use workdays::{Calendar, LegalClock, Limit, Suspension};

/// A day that leaves room for a year of counting.
fn date() -> impl Strategy<Value = NaiveDate> {
    (0u64..4300).prop_map(|n| NaiveDate::from_ymd_opt(2014, 6, 1).unwrap() + Days::new(n))
}

fn calendar() -> impl Strategy<Value = &'static Calendar> {
    prop_oneof![Just(Calendar::national()), Just(Calendar::guangxi())]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (0u16..60).prop_map(Limit::WorkingDays),
        (0u16..90).prop_map(Limit::CalendarDays),
        Just(Limit::Instant)
    ]
}

proptest! {
    #[test]
    fn adding_and_counting_are_inverse(cal in calendar(), from in date(), days in 1u32..200) {
        let to = cal.add(from, days).unwrap();
        prop_assert!(cal.is_workday(to).unwrap() && to > from);
        prop_assert_eq!(cal.between(from, to), Ok(i64::from(days)));
        prop_assert_eq!(cal.between(to, from), Ok(-i64::from(days)));
    }

    #[test]
    fn counting_agrees_with_looking_at_each_day(cal in calendar(), from in date(), length in 0u64..300) {
        let to = from + Days::new(length);
        let seen = from.iter_days().skip(1).take_while(|&d| d <= to).filter(|&d| cal.is_workday(d).unwrap()).count();
        prop_assert_eq!(cal.between(from, to), Ok(seen as i64));
    }

    #[test]
    fn later_days_and_longer_limits_are_due_later(cal in calendar(), from in date(), wait in 0u64..30, days in 1u32..100) {
        let due = cal.add(from, days).unwrap();
        prop_assert!(cal.add(from + Days::new(wait), days).unwrap() >= due);
        prop_assert!(cal.add(from, days + 1).unwrap() > due);
    }

    #[test]
    fn a_suspension_of_k_working_days_shifts_the_due_date_by_k(
        cal in calendar(), accepted in date(), days in 2u16..60, start in 1u32..60, k in 1u32..60,
    ) {
        let clock = LegalClock::new(accepted, Limit::WorkingDays(days));
        let due = clock.due(cal).unwrap().unwrap();
        // Begins on a working day not later than the due date and lasts k working days.
        let from = cal.add(accepted, start.min(days.into())).unwrap();
        let to = cal.add(from, k - 1).unwrap();
        let pushed = clock.clone().suspended(Suspension { from, to: Some(to) }).due(cal).unwrap().unwrap();
        prop_assert_eq!(cal.between(due, pushed), Ok(i64::from(k)));
        prop_assert_eq!(Ok(Some(pushed)), clock.extended_by(k as u16).due(cal));
    }

    #[test]
    fn due_used_and_remaining_agree(
        cal in calendar(), accepted in date(), limit in limit(), extension in 0u16..15,
        stops in prop::collection::vec((0u64..60, 0u64..20), 0..4), offset in 0u64..200,
    ) {
        let mut clock = LegalClock::new(accepted, limit).extended_by(extension);
        for (from, length) in stops {
            let from = accepted + Days::new(from);
            clock = clock.suspended(Suspension { from, to: Some(from + Days::new(length)) });
        }
        let due = clock.due(cal).unwrap().unwrap();
        prop_assert_eq!(clock.remaining(due, cal), Ok(0));
        let today = accepted + Days::new(offset);
        let (used, remaining) = (clock.used(today, cal).unwrap(), clock.remaining(today, cal).unwrap());
        prop_assert_eq!(remaining < 0, today > due && clock.used(due, cal).unwrap() < used);
        prop_assert!(used >= 0);
        if !matches!(limit, Limit::CalendarDays(_)) {
            // Every counted day is either used or remains. (Calendar days may end later than they are many.)
            prop_assert_eq!(used + remaining, i64::from(clock.total()));
            if clock.total() > 0 {
                prop_assert!(!clock.is_suspended(due) && cal.is_workday(due).unwrap());
            }
        } else if clock.total() > 0 {
            prop_assert!(cal.is_workday(due).unwrap());
        }
    }

    #[test]
    fn an_open_suspension_freezes_what_remains(
        cal in calendar(), accepted in date(), days in 1u16..40, start in 1u32..40, wait in 0u64..100,
    ) {
        let from = cal.add(accepted, start.min(days.into())).unwrap();
        let clock = LegalClock::new(accepted, Limit::WorkingDays(days)).suspended(Suspension { from, to: None });
        prop_assert_eq!(clock.due(cal), Ok(None));
        let expected = i64::from(days) - i64::from(start.min(days.into()) - 1);
        prop_assert_eq!(clock.remaining(from + Days::new(wait), cal), Ok(expected));
    }

    #[test]
    fn no_day_makes_the_clock_panic(
        days in any::<i32>(), more in any::<u16>(), limit in limit(), today in any::<i32>(),
    ) {
        let any_day = |n| NaiveDate::from_num_days_from_ce_opt(n).unwrap_or(NaiveDate::MAX);
        let clock = LegalClock::new(any_day(days), limit)
            .extended_by(more)
            .suspended(Suspension { from: any_day(today), to: None })
            .suspended(Suspension { from: NaiveDate::MIN, to: Some(NaiveDate::MAX) });
        let _ = (clock.due(Calendar::guangxi()), clock.remaining(any_day(today), Calendar::guangxi()));
        let _ = clock.used(any_day(today), Calendar::guangxi());
    }
}
