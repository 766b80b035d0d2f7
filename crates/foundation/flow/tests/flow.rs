//! Processes on both engines: deployed once, completed once, timers, service calls that fail.

mod common;

use std::sync::atomic::Ordering;

use access::Actor;
use base::{Clock, Kind};
use chrono::Duration;
use common::{Here, staff};
use flow::{Topic, tasks};

/// One task that gives way to a call after an hour.
const TIMED: &str = r#"<process id="timed" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/>
  <userTask id="work" name="办理" tongban:permission="test.work" tongban:step="work"/>
  <boundaryEvent id="late" attachedToRef="work"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f2" sourceRef="late" targetRef="call"/><serviceTask id="call" name="调用" tongban:topic="test.call"/>
  <sequenceFlow id="f3" sourceRef="call" targetRef="e"/><sequenceFlow id="f4" sourceRef="work" targetRef="e"/><endEvent id="e"/></process>"#;

/// One task, then a call.
const CALLING: &str = r#"<process id="calling" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/>
  <userTask id="work" name="办理" tongban:permission="test.work" tongban:step="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="call"/>
  <serviceTask id="call" name="调用" tongban:topic="test.call"/><sequenceFlow id="f3" sourceRef="call" targetRef="e"/><endEvent id="e"/></process>"#;

/// Two tasks at the same time.
const PARALLEL: &str = r#"<process id="parallel" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="fork"/>
  <parallelGateway id="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="a"/><sequenceFlow id="f3" sourceRef="fork" targetRef="b"/>
  <userTask id="a" name="甲" tongban:permission="test.work" tongban:step="a"/><userTask id="b" name="乙" tongban:permission="test.work" tongban:step="b"/>
  <sequenceFlow id="f4" sourceRef="a" targetRef="join"/><sequenceFlow id="f5" sourceRef="b" targetRef="join"/>
  <parallelGateway id="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="e"/><endEvent id="e"/></process>"#;

#[tokio::test]
async fn the_same_drawing_is_one_version_also_when_copies_start_together() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (a, b) = tokio::join!(here.deploy("k", CALLING), here.deploy("k", CALLING));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a, b, "{}", here.engine);
        assert_ne!(here.deploy("k", TIMED).await.unwrap(), a, "another drawing is the next version");
        assert_ne!(here.deploy("other", CALLING).await.unwrap(), a);
        assert_eq!(here.number("SELECT COUNT(*) AS n FROM flow_definition WHERE key = 'k'").await, 2);
        assert!(here.deploy("k", r#"<process id="p"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/></process>"#).await.is_err(), "cannot run");
    }
}

#[tokio::test]
async fn a_task_is_completed_once() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (one, two) = (staff("甲", "test.work"), staff("乙", "test.work"));
        let business = here.start(CALLING).await;
        let task = here.open(business).await.remove(0);
        assert_eq!(here.complete(&staff("丙", "test.other"), &task).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(here.complete(&Actor::Anonymous, &task).await.unwrap_err().kind(), Kind::Unauthenticated);
        let (a, b) = tokio::join!(here.complete(&one, &task), here.complete(&two, &task));
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", here.engine);
        assert_eq!(a.and(b).unwrap_err().code(), "flow.done");
        assert_eq!((here.ended().await, here.calls().await), (1, 1), "the process went on once");
    }
}

#[tokio::test]
async fn two_tasks_of_one_process_at_once_lose_no_step() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (one, two) = (staff("甲", "test.work"), staff("乙", "test.work"));
        let business = here.start(PARALLEL).await;
        let open = here.open(business).await;
        let (a, b) = tokio::join!(here.complete(&one, &open[0]), here.complete(&two, &open[1]));
        assert!(a.is_ok() || b.is_ok(), "{}: {a:?} {b:?}", here.engine);
        for (result, actor, task) in [(a, &one, &open[0]), (b, &two, &open[1])] {
            if let Err(error) = result {
                assert_eq!(error.kind(), Kind::Conflict, "whoever was second is told and does it again");
                here.complete(actor, task).await.unwrap();
            }
        }
        assert_eq!((here.ended().await, here.open(business).await.len()), (1, 0), "{}: both arrived at the join", here.engine);
    }
}

#[tokio::test]
async fn a_timer_fires_once_when_it_is_time() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(TIMED).await;
        here.clock.advance(Duration::minutes(59));
        here.runner.drain().await.unwrap();
        assert_eq!(here.open(business).await.len(), 1, "{}: not yet", here.engine);
        here.clock.advance(Duration::minutes(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await, here.jobs().await), (1, 1, 0));
        assert_eq!(tasks(here.db.read(), business).await.unwrap()[0].state, "cancelled");

        // done before its time, or ended from outside: the timer is called off
        let done = here.start(TIMED).await;
        here.complete(&staff("甲", "test.work"), &here.open(done).await[0]).await.unwrap();
        let ended = here.start(TIMED).await;
        let tx = here.db.begin().await.unwrap();
        here.flow.terminate(&tx, ended, "撤回", &Actor::System("测试"), here.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((here.jobs().await, here.open(ended).await.len()), (0, 0));
        here.clock.advance(Duration::days(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await), (3, 1));
    }
}

#[tokio::test]
async fn a_local_call_that_fails_undoes_the_act() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(CALLING).await;
        let task = here.open(business).await.remove(0);
        here.call.refuse.store(true, Ordering::SeqCst);
        let one = staff("甲", "test.work");
        assert_eq!(here.complete(&one, &task).await.unwrap_err().code(), "test.refused");
        assert_eq!((here.open(business).await.len(), here.calls().await, here.ended().await), (1, 0, 0), "{}: as if nothing had happened", here.engine);
        here.call.refuse.store(false, Ordering::SeqCst);
        here.complete(&one, &task).await.unwrap();
        assert_eq!((here.calls().await, here.ended().await), (1, 1));
    }
}

#[tokio::test]
async fn a_queued_call_is_tried_again_and_leaves_nothing_when_it_fails_for_good() {
    for here in Here::both(|call| Topic::Queued(call)).await {
        let one = staff("甲", "test.work");
        for flag in [&here.call.refuse, &here.call.broken] {
            // fails a while, then answers
            flag.store(true, Ordering::SeqCst);
            let (ended, calls) = (here.ended().await, here.calls().await);
            let business = here.start(CALLING).await;
            here.complete(&one, &here.open(business).await[0]).await.unwrap();
            here.runner.drain().await.unwrap();
            assert_eq!((here.ended().await, here.calls().await), (ended, calls), "{}", here.engine);
            flag.store(false, Ordering::SeqCst);
            here.clock.advance(Duration::hours(1));
            here.runner.drain().await.unwrap();
            assert_eq!((here.ended().await, here.calls().await), (ended + 1, calls + 1));
            // fails for good: the process knows, and nothing of the failed call stays
            flag.store(true, Ordering::SeqCst);
            let business = here.start(CALLING).await;
            here.complete(&one, &here.open(business).await[0]).await.unwrap();
            for _ in 0..12 {
                here.runner.drain().await.unwrap();
                here.clock.advance(Duration::hours(1));
            }
            flag.store(false, Ordering::SeqCst);
            assert_eq!((here.ended().await, here.calls().await, here.jobs().await), (ended + 1, calls + 1, 0), "{}", here.engine);
            let incidents = "SELECT COUNT(*) AS n FROM flow_instance WHERE NOT ended AND state LIKE '%incident%reason%'";
            assert!(here.number(incidents).await >= 1, "{}: the incident is kept for the operator", here.engine);
        }
    }
}
