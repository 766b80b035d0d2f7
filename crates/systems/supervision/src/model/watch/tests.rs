use proptest::prelude::*;

use super::*;
use crate::model::{Params, Rule};

fn rules() -> Rules {
    let params = |kind| match kind {
        RuleKind::AcceptOverdue | RuleKind::LateCorrection => Params { days: 5, ..Params::default() },
        RuleKind::PromiseNear => Params { days: 1, percent: 20, ..Params::default() },
        RuleKind::Extension => Params { days: 10, ..Params::default() },
        RuleKind::SpecialOverlong => Params { days: 30, ..Params::default() },
        RuleKind::LateEntry => Params { minutes: 5, ..Params::default() },
        _ => Params::default(),
    };
    Rules(RuleKind::ALL.map(|kind| Rule { kind, name: String::new(), level: Light::Red, params: params(kind), enabled: true }).into())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// News at a local time, e.g. `2026-11-24T10:00`, perhaps with the last day of the promise.
fn news(kind: Happened, at: &str, promised: Option<&str>) -> CaseNews {
    CaseNews {
        kind,
        case_id: Uuid::nil(),
        case_no: "示例".into(),
        item_id: Uuid::nil(),
        item_name: "示例".into(),
        body_id: Uuid::nil(),
        body_name: "示例".into(),
        region: "450300000000".into(),
        party_id: Uuid::nil(),
        channel: "window".into(),
        at: format!("{at}:00+08:00").parse().unwrap(),
        promised_due: promised.map(day),
        statutory_due: promised.map(|text| day(text) + Days::new(14)),
    }
}

fn run(all: &[CaseNews]) -> (Watch, Vec<Heard>) {
    let mut watch = Watch::new(&all[0]);
    let heard = all.iter().map(|one| hear(&mut watch, one, &rules(), Calendar::guangxi()).unwrap()).collect();
    (watch, heard)
}

fn found(heard: &[Heard]) -> Vec<RuleKind> {
    heard.iter().flat_map(|h| h.findings.iter().map(|f| f.rule)).collect()
}

#[test]
fn lights_follow_the_days() {
    let (watch, _) = run(&[news(Happened::Submitted, "2026-11-23T09:00", None), news(Happened::Accepted, "2026-11-24T09:00", Some("2026-12-01"))]);
    let on = |text| light(day(text), &watch.dates);
    // Five working days from Tuesday: Monday, one day before, is yellow; the weekend before it too.
    assert_eq!(watch.dates.yellow_from, Some(day("2026-11-30")));
    assert_eq!(on("2026-11-27"), Some(Light::Green));
    assert_eq!(on("2026-12-01"), Some(Light::Yellow), "the last day is still in time");
    assert_eq!(on("2026-12-02"), Some(Light::Red));
    assert_eq!(on("2026-12-15"), Some(Light::Red));
    assert_eq!(on("2026-12-16"), Some(Light::Purple));
}

#[test]
fn no_light_without_a_running_clock() {
    let (watch, _) = run(&[
        news(Happened::Submitted, "2026-11-23T09:00", None),
        news(Happened::Accepted, "2026-11-24T09:00", Some("2026-12-01")),
        news(Happened::Suspended, "2026-11-25T09:00", None),
    ]);
    assert_eq!(light(day("2027-01-20"), &watch.dates), None);
    assert_eq!(watch.dates.special_due, Some(day("2026-12-25")));
}

#[test]
fn acceptance_is_due_in_five_working_days() {
    let (watch, _) = run(&[news(Happened::Submitted, "2026-11-24T09:00", None)]);
    assert_eq!(watch.dates.accept_due, Some(day("2026-12-01")));
    let (watch, _) = run(&[news(Happened::Submitted, "2026-11-24T09:00", None), news(Happened::CorrectionRequested, "2026-11-25T09:00", None)]);
    assert_eq!(watch.dates.accept_due, None, "it is the applicant's turn");
}

#[test]
fn telling_what_is_missing_too_late_is_found() {
    let late = |at| found(&run(&[news(Happened::Submitted, "2026-11-24T09:00", None), news(Happened::CorrectionRequested, at, None)]).1);
    assert_eq!(late("2026-12-01T17:00"), []);
    assert_eq!(late("2026-12-02T09:00"), [RuleKind::LateCorrection]);
}

#[test]
fn an_extension_comes_in_time_and_is_short() {
    let extended = |at, due| {
        let accepted = news(Happened::Accepted, "2026-11-24T09:00", Some("2026-12-01"));
        found(&run(&[accepted, news(Happened::Extended, at, Some(due))]).1)
    };
    assert_eq!(extended("2026-12-01T09:00", "2026-12-15"), []);
    assert_eq!(extended("2026-12-01T09:00", "2026-12-16"), [RuleKind::Extension]);
    assert_eq!(extended("2026-12-02T09:00", "2026-12-04"), [RuleKind::Extension]);
}

#[test]
fn what_is_decided_at_once_at_a_window_was_done_before() {
    let decided = |at| found(&run(&[news(Happened::Submitted, "2026-11-24T09:00", None), news(Happened::Decided, at, Some("2026-12-01"))]).1);
    assert_eq!(decided("2026-11-24T09:03"), [RuleKind::LateEntry]);
    assert_eq!(decided("2026-11-24T10:00"), []);
}

#[test]
fn the_last_day_of_the_promise_is_on_time() {
    let on_time = |at| {
        let (_, heard) = run(&[news(Happened::Accepted, "2026-11-24T09:00", Some("2026-12-01")), news(Happened::Decided, at, Some("2026-12-01"))]);
        heard[1].counted
    };
    assert_eq!(on_time("2026-12-01T23:59"), DayFigures { decided: 1, on_time: 1, ..DayFigures::default() });
    assert_eq!(on_time("2026-12-02T00:00"), DayFigures { decided: 1, on_time: 0, ..DayFigures::default() });
}

fn course() -> Vec<CaseNews> {
    vec![
        news(Happened::Submitted, "2026-11-24T09:00", None),
        news(Happened::Accepted, "2026-11-24T09:00", Some("2026-12-01")), // at the same moment
        news(Happened::Suspended, "2026-11-25T09:00", None),
        news(Happened::Resumed, "2026-11-26T09:00", Some("2026-12-02")),
        news(Happened::Decided, "2026-11-27T09:00", Some("2026-12-02")),
        news(Happened::Delivered, "2026-11-28T09:00", Some("2026-12-02")),
    ]
}

proptest! {
    #[test]
    fn news_in_any_order_and_twice_end_in_the_same_state(order in Just((0..6).chain(0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let course = course();
        let shuffled: Vec<_> = order.into_iter().map(|i| course[i].clone()).collect();
        let (straight, first) = run(&course);
        let (watch, heard) = run(&shuffled);
        prop_assert_eq!((watch.last, watch.open, watch.submitted_at, watch.accepted_at, watch.decided_at),
            (straight.last, straight.open, straight.submitted_at, straight.accepted_at, straight.decided_at));
        let sum = |all: &[Heard]| all.iter().fold(DayFigures::default(), |sum, h| sum.plus(&h.counted));
        prop_assert_eq!(sum(&heard), sum(&first), "nothing is counted twice");
    }

    #[test]
    fn yellow_begins_between_acceptance_and_due(length in 0u32..60, days in 0u32..5, percent in 0u32..60) {
        let (calendar, accepted) = (Calendar::guangxi(), day("2026-03-02"));
        let due = calendar.add(accepted, length).unwrap();
        let from = yellow_from(accepted, due, days, percent, calendar).unwrap();
        prop_assert!(accepted <= from && from <= due);
        let near = i64::from((length * percent / 100).max(days));
        prop_assert!(calendar.between(from, due).unwrap() <= near);
    }
}
