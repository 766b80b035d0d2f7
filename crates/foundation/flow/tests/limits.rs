//! Limits, lights and notices that a drawing gives its steps, on both engines.

mod common;

use base::Clock;
use chrono::Duration;
use common::{Here, staff};
use flow::{Outcome, Task, Topic};
use workdays::Light;

/// Two steps with limits of their own, the second with a time-out in working days and a notice.
const LIMITED: &str = r#"<process id="limited" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="first"/>
  <userTask id="first" name="承办" tongban:permission="test.work" tongban:step="first" tongban:limit="2" tongban:yellow="1"/>
  <sequenceFlow id="f2" sourceRef="first" targetRef="second"/>
  <userTask id="second" name="审批" tongban:permission="test.work" tongban:step="second" tongban:limit="4" tongban:yellow="3" tongban:red="1" tongban:notice="candidates"/>
  <boundaryEvent id="late" attachedToRef="second"><timerEventDefinition tongban:workdays="4"/></boundaryEvent>
  <sequenceFlow id="f3" sourceRef="late" targetRef="call"/>
  <serviceTask id="call" tongban:topic="test.call"/><sequenceFlow id="f5" sourceRef="call" targetRef="e2"/><endEvent id="e2"/>
  <sequenceFlow id="f4" sourceRef="second" targetRef="e"/><endEvent id="e"/></process>"#;

async fn only(here: &Here, business: uuid::Uuid) -> Task {
    let mut open = here.open(business).await;
    assert_eq!(open.len(), 1, "{}: {open:#?}", here.engine);
    open.remove(0)
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_step_has_its_own_limit_light_and_place_in_the_list() {
    // Tuesday 24 November 2026, ten o'clock; the record is due on Sunday.
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(LIMITED).await;
        let task = only(&here, business).await;
        let limit = task.limit().unwrap();
        assert_eq!((limit.last_day, limit.yellow_from), (day("2026-11-26"), day("2026-11-25")), "{}", here.engine);
        assert_eq!(task.due_at, journal::start_of_day(day("2026-11-27")), "{}: the earlier of both limits sorts the list", here.engine);
        let near = async |today| flow::near_limit(here.db.read(), day(today), None, 10).await.unwrap().len();
        assert_eq!((near("2026-11-24").await, near("2026-11-25").await), (0, 1));
        assert_eq!(limit.light(day("2026-11-27")), Light::Red, "over");
        // The record's limit moves: the step keeps the earlier of both.
        let act = async |due| {
            let tx = here.db.begin().await.unwrap();
            here.flow.set_due(&tx, business, due).await.unwrap();
            tx.commit().await.unwrap();
            only(&here, business).await.due_at
        };
        let (early, late) = (here.clock.now() + Duration::hours(1), here.clock.now() + Duration::days(30));
        assert_eq!((act(early).await, act(late).await), (early, journal::start_of_day(day("2026-11-27"))), "{}", here.engine);
        // It stands still and runs on with as many working days as were left.
        let tx = here.db.begin().await.unwrap();
        here.flow.hold_limits(&tx, business, here.clock.now()).await.unwrap();
        here.flow.set_due(&tx, business, late).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(only(&here, business).await.due_at, late, "{}: nothing presses", here.engine);
        assert_eq!(near("2026-12-24").await, 0);
        here.clock.advance(Duration::days(7));
        let tx = here.db.begin().await.unwrap();
        here.flow.run_limits(&tx, business, here.clock.now()).await.unwrap();
        here.flow.set_due(&tx, business, late).await.unwrap();
        tx.commit().await.unwrap();
        let moved = only(&here, business).await;
        assert_eq!((moved.limit().unwrap().last_day, moved.held_on), (day("2026-12-03"), None), "{}", here.engine);
        assert_eq!(moved.due_at, journal::start_of_day(day("2026-12-04")), "{}", here.engine);
    }
}

#[tokio::test]
async fn people_are_told_once_and_a_time_out_of_working_days_comes_once() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(LIMITED).await;
        assert_eq!(here.calls().await, 0, "{}: the first step tells nobody", here.engine);
        let tx = here.db.begin().await.unwrap();
        let first = only(&here, business).await;
        here.flow.complete(&tx, &staff("甲", "test.work"), &first, Outcome::of("done"), here.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(here.told().await, 1, "{}: told as the second step began", here.engine);
        // four working days from Tuesday: the whole of Monday counts
        here.clock.set(journal::start_of_day(day("2026-12-01")) - Duration::seconds(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await), (0, 0), "{}: the last day is not over", here.engine);
        here.clock.advance(Duration::seconds(1));
        for _ in 0..3 {
            here.runner.drain().await.unwrap();
        }
        assert_eq!((here.ended().await, here.calls().await, here.jobs().await), (1, 1, 0), "{}: once", here.engine);
        assert_eq!(here.told().await, 1);
        assert_eq!(flow::near_limit(here.db.read(), day("2027-01-01"), None, 10).await.unwrap().len(), 0, "{}: nothing is open", here.engine);
    }
}
