//! Messages, signals, incidents, called processes and versions, on both engines.

mod common;

use std::sync::atomic::Ordering;

use access::Actor;
use base::{Clock, Error, Result};
use chrono::Duration;
use common::{Here, staff};
use flow::{Mapping, Resolution, Topic, open_incidents};
use serde_json::Map;

/// Waits for one message, told apart by a variable.
const WAITING: &str = r#"<process id="waiting" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="wait"/>
  <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="paid"/></intermediateCatchEvent>
  <sequenceFlow id="f2" sourceRef="wait" targetRef="e"/><endEvent id="e"/></process><message id="paid" name="已缴费"/>"#;

const LISTENING: &str = r#"<process id="listening" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="wait"/>
  <intermediateCatchEvent id="wait"><signalEventDefinition signalRef="storm"/></intermediateCatchEvent>
  <sequenceFlow id="f2" sourceRef="wait" targetRef="e"/><endEvent id="e"/></process><signal id="storm" name="台风停办"/>"#;

const CALLING: &str = r#"<process id="calling" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="call"/>
  <serviceTask id="call" name="调用" tongban:topic="test.call"/>
  <boundaryEvent id="failed" attachedToRef="call"><errorEventDefinition errorRef="refused"/></boundaryEvent>
  <sequenceFlow id="f2" sourceRef="call" targetRef="e"/><endEvent id="e"/>
  <sequenceFlow id="f3" sourceRef="failed" targetRef="mend"/><userTask id="mend" name="改正" tongban:permission="test.work" tongban:step="mend"/>
  <sequenceFlow id="f4" sourceRef="mend" targetRef="e"/></process><error id="refused" errorCode="test.refused"/>"#;

fn outer(called: &str) -> String {
    format!(
        r#"<process id="outer" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="part"/>
           <callActivity id="part" name="分项" calledElement="{called}"/><sequenceFlow id="f2" sourceRef="part" targetRef="e"/><endEvent id="e"/></process>"#
    )
}

fn work(id: &str, name: &str) -> String {
    format!(
        r#"<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="{id}"/>
           <userTask id="{id}" name="{name}" tongban:permission="test.work" tongban:step="work"/><sequenceFlow id="f2" sourceRef="{id}" targetRef="e"/><endEvent id="e"/></process>"#
    )
}

#[tokio::test]
async fn a_message_reaches_exactly_one_also_when_it_came_first() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let post = async || {
            let tx = here.db.begin().await.unwrap();
            flow::post(&tx, "已缴费", None, &Map::new(), here.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            here.runner.drain().await.unwrap();
        };
        post().await;
        here.start(WAITING).await;
        here.runner.drain().await.unwrap();
        assert_eq!(here.ended().await, 1, "{}: it was kept", here.engine);
        here.start(WAITING).await;
        here.start(WAITING).await;
        here.runner.drain().await.unwrap();
        assert_eq!(here.ended().await, 1);
        post().await;
        assert_eq!(here.ended().await, 2, "{}: one of two", here.engine);
        post().await;
        assert_eq!(here.ended().await, 3);
        assert_eq!(here.number("SELECT COUNT(*) AS n FROM flow_subscription").await, 0);
        assert_eq!(here.number("SELECT COUNT(*) AS n FROM flow_message").await, 0);
    }
}

#[tokio::test]
async fn a_signal_is_heard_by_all_who_listen() {
    for here in Here::both(|call| Topic::Local(call)).await {
        for _ in 0..3 {
            here.start(LISTENING).await;
        }
        let tx = here.db.begin().await.unwrap();
        flow::call_out(&tx, "台风停办", &Map::new(), None, here.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        here.runner.drain().await.unwrap();
        assert_eq!(here.ended().await, 3, "{}", here.engine);
    }
}

#[tokio::test]
async fn a_refusal_the_drawing_knows_goes_the_drawn_way() {
    for here in Here::both(|call| Topic::Queued(call)).await {
        here.call.refuse.store(true, Ordering::SeqCst);
        let business = here.start(CALLING).await;
        here.runner.drain().await.unwrap();
        let open = here.open(business).await;
        assert_eq!(open[0].step, "mend", "{}", here.engine);
        assert_eq!(here.calls().await, 0, "what the refused call wrote is gone");
    }
}

#[tokio::test]
async fn an_operator_sees_and_resolves_incidents() {
    for here in Here::both(|call| Topic::Queued(call)).await {
        let operator = staff("运维", "test.operate");
        here.call.broken.store(true, Ordering::SeqCst);
        here.start(CALLING).await;
        for _ in 0..12 {
            here.runner.drain().await.unwrap();
            here.clock.advance(Duration::hours(1));
        }
        let incident = open_incidents(here.db.read(), 10).await.unwrap().remove(0);
        assert_eq!((incident.element.as_str(), incident.kind.as_str()), ("call", "service_failed"), "{}", here.engine);
        let resolve = async |resolution: Resolution| -> Result<()> {
            let tx = here.db.begin().await?;
            here.flow.resolve(&tx, incident.id, resolution, &operator, here.clock.now()).await?;
            tx.commit().await
        };
        assert!(resolve(Resolution::MoveTo("nowhere".into())).await.is_err());
        here.call.broken.store(false, Ordering::SeqCst);
        resolve(Resolution::Retry).await.unwrap();
        assert!(open_incidents(here.db.read(), 10).await.unwrap().is_empty());
        assert_eq!(resolve(Resolution::Retry).await.unwrap_err().code(), "flow.incident_gone");
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await), (1, 1));
    }
}

#[tokio::test]
async fn called_processes_keep_their_version_and_unknown_ones_are_refused() {
    for here in Here::both(|call| Topic::Local(call)).await {
        assert_eq!(here.deploy("outer", &outer("part")).await.unwrap_err().code(), "flow.call_unknown");
        here.deploy("part", &work("old", "旧")).await.unwrap();
        let business = here.start(&outer("part")).await;
        assert_eq!(here.open(business).await[0].name, "旧", "{}", here.engine);
        here.deploy("part", &work("new", "新")).await.unwrap();
        let later = here.start(&outer("part")).await;
        assert_eq!(here.open(later).await[0].name, "旧", "the same drawing keeps what it was deployed with");
        here.complete(&staff("甲", "test.work"), &here.open(business).await[0]).await.unwrap();
        assert_eq!(here.ended().await, 1);
    }
}

#[tokio::test]
async fn versions_come_into_force_and_running_ones_can_be_moved() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let business = here.start(&work("old", "旧")).await;
        let tx = here.db.begin().await.unwrap();
        let next = here.flow.deploy_from(&tx, "test", &common::drawing(&work("new", "新")), now + Duration::days(1), now).await.unwrap();
        tx.commit().await.unwrap();
        let current = async |at| flow::current(here.db.read(), "test", at).await.unwrap().unwrap().version;
        assert_eq!((current(now).await, current(now + Duration::days(1)).await), (1, 2), "{}", here.engine);
        let id = flow::running(here.db.read(), business).await.unwrap().unwrap().id;
        let actor = Actor::System("测试");
        let renamed: Mapping = [("old".to_owned(), "new".to_owned())].into_iter().collect();
        let tx = here.db.begin().await.unwrap();
        let plan = here.flow.preview_migration(&tx, id, next, &Mapping::new()).await.unwrap();
        assert!(plan[0].obstacle.is_some() && plan[0].to.is_none());
        let refused: Error = here.flow.migrate(&tx, id, next, &Mapping::new(), &actor, now).await.unwrap_err();
        assert_eq!(refused.code(), "flow.migration");
        here.flow.migrate(&tx, id, next, &renamed, &actor, now).await.unwrap();
        tx.commit().await.unwrap();
        let task = here.open(business).await.remove(0);
        assert_eq!((task.element.as_str(), task.name.as_str()), ("new", "新"));
        here.complete(&staff("甲", "test.work"), &task).await.unwrap();
        assert_eq!(here.ended().await, 1);
    }
}
