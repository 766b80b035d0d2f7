//! The embedded calendars against known due dates, the invariant of Guangxi, and the day-by-day source where present.

use chrono::{Datelike, NaiveDate};
use workdays::{Calendar, Certainty};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn known_due_dates() {
    for (accepted, days, national, guangxi) in [
        ("2024-04-03", 20, "2024-05-06", "2024-05-08"),
        ("2024-04-10", 1, "2024-04-11", "2024-04-15"),
        ("2017-03-29", 5, "2017-04-06", "2017-04-10"),
        ("2018-04-13", 3, "2018-04-18", "2018-04-17"), // 15 April 2018 was worked in Guangxi
        ("2026-02-13", 5, "2026-02-27", "2026-02-27"),
        ("2026-09-18", 10, "2026-10-09", "2026-10-09"),
    ] {
        assert_eq!(
            Calendar::national().add(day(accepted), days),
            Ok(day(national)),
            "{accepted} national"
        );
        assert_eq!(
            Calendar::guangxi().add(day(accepted), days),
            Ok(day(guangxi)),
            "{accepted} guangxi"
        );
    }
}

#[test]
fn guangxi_works_two_days_less_every_year() {
    let year = |calendar: &Calendar, year: i32| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .iter_days()
            .take_while(|date| date.year() == year)
            .filter(|&date| calendar.is_workday(date).unwrap())
            .count()
    };
    // Verified by notices: 2015–2018 and 2021–2024; the other years follow the same rule.
    for y in 2014..=2027 {
        assert_eq!(
            year(Calendar::guangxi(), y) + 2,
            year(Calendar::national(), y),
            "{y}"
        );
    }
}

#[test]
fn what_is_not_announced_is_provisional() {
    let cal = Calendar::guangxi();
    assert_eq!(cal.range(), (day("2014-01-01"), day("2027-12-31")));
    assert!(cal.is_provisional(day("2027-03-01")));
    assert!(cal.is_provisional(day("2026-04-20")));
    assert!(!cal.is_provisional(day("2026-10-01")));
    assert!(!Calendar::national().is_provisional(day("2026-04-20")));
    let special = cal.special(day("2024-04-11")).unwrap();
    assert_eq!(
        (special.works, special.occasion.as_str(), special.certainty),
        (false, "壮族三月三", Certainty::Notice)
    );
}

#[test]
fn every_day_of_the_source() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data/workcalendar_2014_2027.csv"
    );
    let Ok(csv) = std::fs::read_to_string(path) else {
        println!("skipped: not here");
        return;
    };
    let mut days = 0;
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let date = day(cells[0]);
        assert_eq!(
            Calendar::national().is_workday(date),
            Ok(cells[2] == "1"),
            "{line}"
        );
        assert_eq!(
            Calendar::guangxi().is_workday(date),
            Ok(cells[3] == "1"),
            "{line}"
        );
        days += 1;
    }
    assert_eq!(days, 5113);
}
