//! What people do with their tasks, on both engines: 转办, 委派, 加签, 减签, 会签, 退回, 取回, 抄送, 催办, 挂起, 恢复.

mod common;

use access::Actor;
use base::{Clock, Kind};
use chrono::Duration;
use common::{Here, staff};
use flow::signing::Place;
use flow::{Back, Outcome, Task, Topic, copies, tasks};
use serde_json::json;
use uuid::Uuid;

/// Two steps, one after the other; the second has a time limit.
const STEPS: &str = r#"<process id="steps" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="first"/>
  <userTask id="first" name="承办" tongban:permission="test.work" tongban:step="first"/><sequenceFlow id="f2" sourceRef="first" targetRef="second"/>
  <userTask id="second" name="审批" tongban:permission="test.work" tongban:step="second"/>
  <boundaryEvent id="late" attachedToRef="second"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f3" sourceRef="late" targetRef="e2"/><endEvent id="e2"/>
  <sequenceFlow id="f4" sourceRef="second" targetRef="e"/><endEvent id="e"/></process>"#;

/// A step, then all departments of a list at the same time, until one refuses.
const COUNTERSIGN: &str = r#"<process id="countersign" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="first"/>
  <userTask id="first" name="承办" tongban:permission="test.work" tongban:step="first"/><sequenceFlow id="f2" sourceRef="first" targetRef="sign"/>
  <userTask id="sign" name="会签" tongban:permission="test.work" tongban:step="sign">
    <multiInstanceLoopCharacteristics tongban:collection="departments" tongban:item="department" tongban:outputCollection="opinions" tongban:outputItem="outcome">
      <completionCondition>list contains(opinions, "refuse")</completionCondition></multiInstanceLoopCharacteristics></userTask>
  <sequenceFlow id="f3" sourceRef="sign" targetRef="last"/>
  <userTask id="last" name="汇总" tongban:permission="test.work" tongban:step="last"/>
  <sequenceFlow id="f4" sourceRef="last" targetRef="e"/><endEvent id="e"/></process>"#;

fn colleague(actor: &Actor) -> (Uuid, &str) {
    (actor.id().unwrap(), actor.name())
}

async fn one(here: &Here, business: Uuid, step: &str) -> Task {
    let mut open = here.open(business).await;
    open.retain(|t| t.step == step);
    assert_eq!(open.len(), 1, "{}: {open:#?}", here.engine);
    open.remove(0)
}

/// Runs one act in a transaction of its own.
macro_rules! act {
    ($here:expr, |$tx:ident| $act:expr) => {{
        let $tx = $here.db.begin().await.unwrap();
        match $act.await {
            Ok(done) => $tx.commit().await.map(|()| done),
            Err(error) => Err(error),
        }
    }};
}

#[tokio::test]
async fn delegated_work_comes_back_with_an_opinion() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let (owner, helper, third) = (staff("甲", "test.work"), staff("乙", "test.other"), staff("丙", "test.work"));
        let business = here.start(STEPS).await;
        let task = one(&here, business, "first").await;
        assert_eq!(act!(here, |tx| here.flow.delegate(&tx, &owner, &task, colleague(&owner), now)).unwrap_err().kind(), Kind::Invalid);
        act!(here, |tx| here.flow.delegate(&tx, &owner, &task, colleague(&helper), now)).unwrap();
        let delegated = one(&here, business, "first").await;
        assert_eq!((delegated.assignee, delegated.owner), (helper.id(), owner.id()));
        assert_eq!(here.complete(&third, &delegated).await.unwrap_err().code(), "flow.taken");
        assert_eq!(act!(here, |tx| here.flow.delegate(&tx, &helper, &delegated, colleague(&third), now)).unwrap_err().code(), "flow.delegated");
        assert_eq!(act!(here, |tx| here.flow.send_back(&tx, &helper, &delegated, Back::Previous, "不行", now)).unwrap_err().code(), "flow.not_yours_to_return");
        act!(here, |tx| here.flow.complete(&tx, &helper, &delegated, Outcome::of("agree").comment("资料属实"), now)).unwrap();
        let back = one(&here, business, "first").await;
        assert_eq!((back.assignee, back.owner, back.comment.as_deref()), (owner.id(), None, Some("资料属实")));
        assert_eq!(here.complete(&helper, &back).await.unwrap_err().kind(), Kind::Forbidden, "his part is over");
        here.complete(&owner, &back).await.unwrap();
        one(&here, business, "second").await;
    }
}

#[tokio::test]
async fn added_signers_sign_before_beside_and_after() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let (main, expert) = (staff("甲", "test.work"), staff("专家", "test.other"));
        for place in [Place::Before, Place::Beside, Place::After] {
            let business = here.start(STEPS).await;
            let task = one(&here, business, "first").await;
            let added = act!(here, |tx| here.flow.add_signer(&tx, &main, &task, colleague(&expert), place, now)).unwrap();
            let all = tasks(here.db.read(), business).await.unwrap();
            let (asked, mine) = (all.iter().find(|t| t.id == added).unwrap(), all.iter().find(|t| t.id == task.id).unwrap());
            assert!(asked.added && asked.shared && mine.shared);
            assert_eq!(asked.is_open(), place != Place::After, "{}: {place:?}", here.engine);
            assert_eq!(mine.is_open(), place != Place::Before);
            let (first, then) = if place == Place::Before { ((&expert, asked), (&main, mine)) } else { ((&main, mine), (&expert, asked)) };
            if place != Place::Beside {
                assert!(here.complete(then.0, then.1).await.is_err(), "not yet");
            }
            here.complete(first.0, first.1).await.unwrap();
            assert!(here.open(business).await.iter().all(|t| t.step == "first"), "{}: the process waits for both", here.engine);
            let then_task = flow::task(here.db.read(), then.1.id).await.unwrap().unwrap();
            here.complete(then.0, &then_task).await.unwrap();
            one(&here, business, "second").await;
        }
        // One who has not signed can be taken away, and nothing waits for them any more.
        let business = here.start(STEPS).await;
        let task = one(&here, business, "first").await;
        let added = act!(here, |tx| here.flow.add_signer(&tx, &main, &task, colleague(&expert), Place::After, now)).unwrap();
        let mine = one(&here, business, "first").await;
        here.complete(&main, &mine).await.unwrap();
        assert_eq!(act!(here, |tx| here.flow.remove_signer(&tx, &expert, &mine, added, now)).unwrap_err().kind(), Kind::Forbidden);
        act!(here, |tx| here.flow.remove_signer(&tx, &main, &mine, added, now)).unwrap();
        one(&here, business, "second").await;
    }
}

#[tokio::test]
async fn a_countersign_grows_shrinks_and_is_left_by_sending_back() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let actor = staff("甲", "test.work");
        let department = |n: u128| json!({ "body": Uuid::from_u128(n).to_string(), "name": format!("{n} 局") });
        let business = here.start(COUNTERSIGN).await;
        let first = one(&here, business, "first").await;
        let outcome = Outcome::of("done").with("departments", json!([department(1), department(2)]));
        act!(here, |tx| here.flow.complete(&tx, &actor, &first, outcome, now)).unwrap();
        let open = here.open(business).await;
        let bodies: Vec<_> = open.iter().map(|t| (t.body_id, t.name.as_str())).collect();
        assert_eq!(bodies, [(Some(Uuid::from_u128(1)), "会签（1 局）"), (Some(Uuid::from_u128(2)), "会签（2 局）")], "{}", here.engine);
        act!(here, |tx| here.flow.add_round(&tx, &actor, &open[0], department(3), now)).unwrap();
        assert_eq!(here.open(business).await.len(), 3);
        act!(here, |tx| here.flow.remove_round(&tx, &actor, &open[0], &open[1], now)).unwrap();
        assert_eq!(here.open(business).await.len(), 2);
        // Back to the first step, out of the middle of the countersign: the task is not lost and the others are called off.
        let one_of = here.open(business).await.remove(0);
        act!(here, |tx| here.flow.send_back(&tx, &actor, &one_of, Back::Previous, "材料不齐", now)).unwrap();
        let again = one(&here, business, "first").await;
        assert_eq!(here.open(business).await.len(), 1);
        // Now one refuses: that is enough.
        let outcome = Outcome::of("done").with("departments", json!([department(1), department(2), department(3)]));
        act!(here, |tx| here.flow.complete(&tx, &actor, &again, outcome, now)).unwrap();
        let open = here.open(business).await;
        act!(here, |tx| here.flow.complete(&tx, &actor, &open[1], Outcome::of("refuse").comment("不同意"), now)).unwrap();
        one(&here, business, "last").await;
        assert_eq!(here.open(business).await.len(), 1);
    }
}

#[tokio::test]
async fn a_finished_step_is_taken_back_until_the_next_has_begun() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let (one_, two) = (staff("甲", "test.work"), staff("乙", "test.work"));
        let business = here.start(STEPS).await;
        here.complete(&one_, &one(&here, business, "first").await).await.unwrap();
        let done = tasks(here.db.read(), business).await.unwrap().remove(0);
        assert_eq!(act!(here, |tx| here.flow.take_back(&tx, &two, &done, now)).unwrap_err().kind(), Kind::Forbidden);
        act!(here, |tx| here.flow.take_back(&tx, &one_, &done, now)).unwrap();
        let again = one(&here, business, "first").await;
        assert_eq!((again.assignee, here.open(business).await.len()), (one_.id(), 1), "{}", here.engine);
        here.complete(&one_, &again).await.unwrap();
        let next = one(&here, business, "second").await;
        act!(here, |tx| here.flow.claim(&tx, &two, &next, now)).unwrap();
        let done = flow::task(here.db.read(), again.id).await.unwrap().unwrap();
        assert_eq!(act!(here, |tx| here.flow.take_back(&tx, &one_, &done, now)).unwrap_err().code(), "flow.too_late");
        // but whoever has it can send it back
        let next = one(&here, business, "second").await;
        assert_eq!(act!(here, |tx| here.flow.send_back(&tx, &two, &next, Back::Step("second".into()), "x", now)).unwrap_err().code(), "flow.no_earlier_step");
        act!(here, |tx| here.flow.send_back(&tx, &two, &next, Back::Step("first".into()), "请补充意见", now)).unwrap();
        one(&here, business, "first").await;
    }
}

#[tokio::test]
async fn copies_and_urging() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let (actor, reader) = (staff("甲", "test.work"), staff("乙", "test.other"));
        let business = here.start(STEPS).await;
        let task = one(&here, business, "first").await;
        act!(here, |tx| here.flow.copy_to(&tx, &actor, &task, &[colleague(&reader)], Some("请知悉"), now)).unwrap();
        let copy = copies(here.db.read(), reader.id().unwrap(), 10).await.unwrap().remove(0);
        assert_eq!((copy.business, copy.note.as_deref(), copy.sent_by.as_str()), (business, Some("请知悉"), "甲"));
        act!(here, |tx| here.flow.urge(&tx, &task, now)).unwrap();
        assert_eq!(act!(here, |tx| here.flow.urge(&tx, &task, now)).unwrap_err().code(), "flow.urged");
        assert!(one(&here, business, "first").await.urged_at.is_some());
    }
}

#[tokio::test]
async fn a_suspended_process_stands_still_and_its_timers_with_it() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let actor = staff("甲", "test.work");
        let business = here.start(STEPS).await;
        here.complete(&actor, &one(&here, business, "first").await).await.unwrap();
        here.clock.advance(Duration::hours(1));
        act!(here, |tx| here.flow.suspend(&tx, business, here.clock.now())).unwrap();
        assert!(act!(here, |tx| here.flow.suspend(&tx, business, here.clock.now())).is_err());
        let task = one(&here, business, "second").await;
        assert_eq!(here.complete(&actor, &task).await.unwrap_err().code(), "flow.suspended");
        here.clock.advance(Duration::hours(5));
        here.runner.drain().await.unwrap();
        assert_eq!(here.ended().await, 0, "{}: the limit does not run", here.engine);
        act!(here, |tx| here.flow.resume(&tx, business, here.clock.now())).unwrap();
        here.clock.advance(Duration::minutes(59));
        here.runner.drain().await.unwrap();
        assert_eq!(here.ended().await, 0, "an hour was left");
        here.clock.advance(Duration::minutes(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.jobs().await), (1, 0));
        let left: i64 = here.number("SELECT COUNT(*) AS n FROM flow_subscription").await;
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn every_step_is_kept_for_the_instance_view() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let actor = staff("甲", "test.work");
        let business = here.start(STEPS).await;
        here.complete(&actor, &one(&here, business, "first").await).await.unwrap();
        let running = flow::running(here.db.read(), business).await.unwrap().unwrap();
        assert_eq!(running.instance.tokens.len(), 1);
        let steps = flow::steps(here.db.read(), running.id).await.unwrap();
        let who: Vec<_> = steps.iter().map(|s| s.who.as_str()).collect();
        assert_eq!(who, ["测试", "甲"], "{}", here.engine);
        let done: Vec<_> = steps[1].happened.iter().filter(|h| h.event == flow::Event::Completed).map(|h| h.element.as_str()).collect();
        assert_eq!(done, ["first"]);
    }
}

/// `deputy` with what `away` may do handed on.
fn standing_in(deputy: &Actor, away: &Actor) -> Actor {
    let (Actor::Staff(mut deputy), Actor::Staff(away)) = (deputy.clone(), away.clone()) else { panic!("staff") };
    deputy.deputy.of.push(access::Principal { staff: away.staff, name: away.name, own_party: None, grants: away.grants });
    Actor::Staff(deputy)
}

#[tokio::test]
async fn a_deputy_takes_finishes_and_signs_for_whoever_is_away() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let now = here.clock.now();
        let (away, colleague_) = (staff("甲", "test.work"), staff("乙", "test.other"));
        let deputy = standing_in(&colleague_, &away);
        let business = here.start(STEPS).await;
        let task = one(&here, business, "first").await;
        assert_eq!(here.complete(&colleague_, &task).await.unwrap_err().kind(), Kind::Forbidden);
        act!(here, |tx| here.flow.claim(&tx, &deputy, &task, now)).unwrap();
        let taken = one(&here, business, "first").await;
        assert_eq!((taken.assignee, taken.assignee_name.as_deref()), (away.id(), Some("乙（代甲）")), "{}: theirs when they are back", here.engine);
        assert_eq!(here.complete(&staff("丙", "test.work"), &taken).await.unwrap_err().code(), "flow.taken");
        assert_eq!(here.complete(&colleague_, &taken).await.unwrap_err().kind(), Kind::Forbidden, "the time is over");
        act!(here, |tx| here.flow.release(&tx, &deputy, &taken)).unwrap();
        // asked by name for a signature before they left
        let main = staff("丁", "test.work");
        let free = one(&here, business, "first").await;
        let added = act!(here, |tx| here.flow.add_signer(&tx, &main, &free, colleague(&away), Place::Before, now)).unwrap();
        let asked = flow::task(here.db.read(), added).await.unwrap().unwrap();
        here.complete(&deputy, &asked).await.unwrap();
        let signed = flow::task(here.db.read(), added).await.unwrap().unwrap();
        assert_eq!((signed.done_by, signed.done_by_name.as_deref()), (colleague_.id(), Some("乙（代甲）")));
        here.complete(&main, &one(&here, business, "first").await).await.unwrap();
        // delegating to whom one stands in for is delegating to oneself
        let second = one(&here, business, "second").await;
        assert_eq!(act!(here, |tx| here.flow.delegate(&tx, &deputy, &second, colleague(&away), now)).unwrap_err().kind(), Kind::Invalid);
        here.complete(&deputy, &second).await.unwrap();
        let who: Vec<_> = flow::steps(here.db.read(), second.instance_id).await.unwrap().into_iter().map(|s| s.who).collect();
        assert_eq!(who, ["测试", "丁", "乙（代甲）"], "{}: the instance view", here.engine);
    }
}
