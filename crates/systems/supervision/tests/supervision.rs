//! Supervision on both engines, through the public face.

use access::{Actor, Grant, Permission, Scope};
use base::Kind;
use chrono::{Duration, NaiveDate};
use testhouse::{Here, staff, with};
use jobs::{Handler, Job};
use serde_json::{Value, json};
use supervision::model::{NoticeAct, NoticeState, RuleKind};
use supervision::service::{self, FollowCases, FollowReviews, NewNotice};
use supervision::store::{self, CaseFilter, LightFilter};
use supervision::{NOTICE, VIEW};
use uuid::Uuid;
use workdays::Light;

const CASE: Uuid = Uuid::from_u128(10);
const PARTY: Uuid = Uuid::from_u128(2);
const BODY: Uuid = Uuid::from_u128(1);
const OFFICE: Uuid = Uuid::from_u128(5);
const REGION: &str = "450300000000";
const HANDLE: Permission = cases::permissions::HANDLE;

fn job(here: &Here, payload: Value) -> Job {
    Job { id: Uuid::nil(), kind: String::new(), key: None, payload, attempts: 1, max_attempts: 10, run_at: here.platform.now() }
}

async fn hear(here: &Here, case: Uuid, kind: &str, promised: Option<&str>) {
    let event = json!({
        "kind": kind, "case_id": case, "case_no": format!("示例-{}", case.as_u128()), "item_id": Uuid::from_u128(9), "item_version_id": Uuid::nil(),
        "item_name": "示例事项", "body_id": BODY, "body_name": "示例局", "region": REGION, "party_id": PARTY, "channel": "online",
        "at": here.platform.now(), "promised_due": promised, "statutory_due": promised.map(|_| "2026-12-15"), "granted": null, "actor_name": "示例",
    });
    let payload = json!({ "topic": format!("cases.{kind}"), "event": event });
    FollowCases(here.platform.clone()).run(&job(here, payload)).await.unwrap();
}

/// A case accepted today and promised for 1 December.
async fn accepted(here: &Here) {
    hear(here, CASE, "submitted", None).await;
    here.clock.advance(Duration::seconds(1));
    hear(here, CASE, "accepted", Some("2026-12-01")).await;
}

async fn installations() -> Vec<Here> {
    testhouse::installations(&[cases::store::migrations(), store::migrations()]).await
}

fn supervisor() -> Actor {
    let grant = |permission: Permission| Grant { permission: permission.name.into(), scope: Scope::region("4503") };
    with(OFFICE, vec![grant(VIEW), grant(NOTICE)], None)
}

async fn rules_alerted(here: &Here) -> Vec<String> {
    let mut found: Vec<String> = store::alerts(here.platform.db.read(), CASE).await.unwrap().into_iter().map(|a| a.rule).collect();
    found.sort();
    found
}

#[tokio::test]
async fn each_breach_alerts_once() {
    for here in installations().await {
        accepted(&here).await;
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 0, "in time");
        here.clock.advance(Duration::days(6)); // 30 November: one working day left
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 0, "once");
        here.clock.advance(Duration::days(2));
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        here.clock.advance(Duration::days(14));
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        assert_eq!(rules_alerted(&here).await, ["promise_near", "promise_over", "statutory_over"]);
        hear(&here, CASE, "decided", Some("2026-12-01")).await;
        let alerts = store::alerts(here.platform.db.read(), CASE).await.unwrap();
        assert!(alerts.iter().all(|a| a.cleared_at.is_some()), "over, but not forgotten");
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn acceptance_special_procedures_and_ratings_are_watched() {
    for here in installations().await {
        hear(&here, CASE, "submitted", None).await;
        here.clock.advance(Duration::days(8));
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        hear(&here, CASE, "accepted", Some("2026-12-10")).await;
        here.clock.advance(Duration::days(1));
        hear(&here, CASE, "suspended", None).await;
        here.clock.advance(Duration::days(31));
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        let opened = json!({ "topic": "reviews.opened", "event": { "kind": "opened", "case_id": CASE, "due": "2026-12-20", "at": here.platform.now() } });
        FollowReviews(here.platform.clone()).run(&job(&here, opened)).await.unwrap();
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 1);
        assert_eq!(rules_alerted(&here).await, ["accept_overdue", "review_unrectified", "special_overlong"]);
    }
}

/// A process whose only step may take five working days: yellow with three left, red with one.
const STEP: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" id="d" targetNamespace="t"><process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
  <userTask id="t" name="现场核查" tongban:permission="cases.handle" tongban:step="inspection" tongban:limit="5" tongban:yellow="3" tongban:red="1"/>
  <sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"#;

#[tokio::test]
async fn the_light_of_a_step_is_watched_as_its_drawing_says() {
    for here in installations().await {
        let p = &here.platform;
        hear(&here, CASE, "submitted", None).await;
        let tx = p.db.begin().await.unwrap();
        let definition = p.flow.deploy(&tx, "step", STEP, p.now()).await.unwrap();
        let due_at = p.now() + Duration::days(60);
        let subject = flow::Subject { business: CASE, title: "示例".into(), region: REGION.into(), body: Some(BODY), item: None, party: None, due_at };
        p.flow.start(&tx, definition, subject, serde_json::Map::new(), &Actor::System("测试"), p.now()).await.unwrap();
        tx.commit().await.unwrap();
        let of_step = async || {
            let alerts = store::alerts(p.db.read(), CASE).await.unwrap();
            let mut found: Vec<_> = alerts.into_iter().filter(|a| a.rule.starts_with("step")).map(|a| (a.rule, a.level, a.cleared_at.is_some())).collect();
            found.reverse();
            found
        };
        let alert = |rule: &str, level: &str, cleared| (rule.to_owned(), level.to_owned(), cleared);
        service::patrol(p).await.unwrap();
        assert_eq!(of_step().await, [], "{}: green", here.engine);
        here.clock.advance(Duration::days(2)); // Thursday: three working days left
        for _ in 0..2 {
            service::patrol(p).await.unwrap();
        }
        assert_eq!(of_step().await, [alert("step_near", "yellow", false)], "{}: once", here.engine);
        here.clock.advance(Duration::days(4)); // Monday: one left
        service::patrol(p).await.unwrap();
        here.clock.advance(Duration::days(2)); // Wednesday: over
        service::patrol(p).await.unwrap();
        let three = |cleared| [alert("step_near", "yellow", cleared), alert("step_near", "red", cleared), alert("step_overdue", "red", cleared)];
        assert_eq!(of_step().await, three(false), "{}", here.engine);
        let supervisor = supervisor();
        let trail = service::trail(p, &supervisor, CASE).await.unwrap();
        assert_eq!(trail.course.unwrap().marks.last().map(|m| m.element.clone()).as_deref(), Some("t"), "{}: the drawing shows where it waits", here.engine);
        let task = flow::open_tasks(p.db.read(), CASE).await.unwrap().remove(0);
        let handler = with(BODY, vec![Grant { permission: HANDLE.name.into(), scope: Scope::body(BODY) }], None);
        let tx = p.db.begin().await.unwrap();
        p.flow.complete(&tx, &handler, &task, flow::Outcome::of("done"), p.now()).await.unwrap();
        tx.commit().await.unwrap();
        service::patrol(p).await.unwrap();
        assert_eq!(of_step().await, three(true), "{}: done, so over", here.engine);
    }
}

#[tokio::test]
async fn a_rule_switched_off_finds_nothing() {
    for here in installations().await {
        accepted(&here).await;
        let rules = store::rules(here.platform.db.read()).await.unwrap();
        assert_eq!(rules.0.len(), RuleKind::ALL.len());
        let tx = here.platform.db.begin().await.unwrap();
        for mut rule in rules.0 {
            rule.enabled = false;
            store::set_rule(&tx, &rule).await.unwrap();
        }
        tx.commit().await.unwrap();
        here.clock.advance(Duration::days(60));
        assert_eq!(service::patrol(&here.platform).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn the_filter_the_board_and_the_light_agree() {
    for here in installations().await {
        accepted(&here).await;
        for (days, expected, filter) in [
            (0, Light::Green, LightFilter::Green),
            (6, Light::Yellow, LightFilter::Yellow),
            (2, Light::Red, LightFilter::Red),
            (14, Light::Purple, LightFilter::Purple),
        ] {
            here.clock.advance(Duration::days(days));
            service::patrol(&here.platform).await.unwrap();
            let trail = service::trail(&here.platform, &supervisor(), CASE).await.unwrap();
            assert_eq!(trail.light, Some(expected));
            for other in [LightFilter::Waiting, LightFilter::Paused, LightFilter::Green, LightFilter::Yellow, LightFilter::Red, LightFilter::Purple] {
                let filter_on = CaseFilter { light: Some(other), size: 20, ..CaseFilter::default() };
                let found = service::dashboard(&here.platform, &supervisor(), &filter_on).await.unwrap();
                assert_eq!(found.cases.items.len(), usize::from(other == filter), "{other:?} when {expected:?}");
                let b = &found.board[0];
                let counts = [b.green, b.yellow, b.red, b.purple];
                assert_eq!(counts.iter().sum::<i64>(), 1);
                assert_eq!(counts[Light::ALL.iter().position(|l| *l == expected).unwrap()], 1);
            }
        }
    }
}

#[tokio::test]
async fn figures_count_each_thing_once() {
    for here in installations().await {
        accepted(&here).await;
        hear(&here, CASE, "accepted", Some("2026-12-01")).await;
        hear(&here, CASE, "decided", Some("2026-12-01")).await;
        hear(&here, CASE, "decided", Some("2026-12-01")).await;
        let figures = service::figures(&here.platform, REGION).await.unwrap();
        assert_eq!((figures.today.submitted, figures.today.accepted, figures.today.decided, figures.today.on_time), (1, 1, 1, 1));
        assert_eq!(figures.bodies.len(), 1);
        assert_eq!(service::figures(&here.platform, "450400000000").await.unwrap(), service::Figures::default());
        here.clock.advance(Duration::days(1));
        let next = service::figures(&here.platform, REGION).await.unwrap();
        assert_eq!((next.today.decided, next.month.decided), (0, 1));
    }
}

fn notice() -> NewNotice {
    NewNotice { text: "请说明为什么超期".into(), due: NaiveDate::from_ymd_opt(2026, 11, 27) }
}

#[tokio::test]
async fn a_notice_must_be_answered_by_the_body_and_judged_by_supervision() {
    for here in installations().await {
        accepted(&here).await;
        let p = &here.platform;
        let id = service::send(p, &supervisor(), CASE, &notice(), "n").await.unwrap();
        assert_eq!(service::send(p, &supervisor(), CASE, &notice(), "n").await.unwrap(), id, "the same form sent twice is one notice");
        let state = || async { store::notice(p.db.read(), id).await.unwrap().unwrap() };
        assert_eq!(state().await.number, "督办〔2026〕000001号");

        let early = service::review(p, &supervisor(), id, 1, NoticeAct::Close, "同意办结督办", "a").await.unwrap_err();
        assert_eq!(early.kind(), Kind::Conflict, "nothing closes without an answer");
        let handler = staff(BODY, HANDLE, Scope::body(BODY));
        let other_body = staff(OFFICE, HANDLE, Scope::region("4503"));
        let other_post = staff(BODY, cases::permissions::VIEW, Scope::body(BODY));
        for stranger in [&other_body, &other_post, &supervisor()] {
            assert_eq!(service::answer(p, stranger, id, 1, "情况说明如下", "b").await.unwrap_err().kind(), Kind::Forbidden);
        }
        assert_eq!(service::answer(p, &handler, id, 1, "好", "c").await.unwrap_err().kind(), Kind::Invalid);
        here.clock.advance(Duration::days(5));
        assert!(state().await.overdue(p.today()), "and shows it");
        service::answer(p, &handler, id, 1, "情况说明如下", "d").await.unwrap();
        assert!(!state().await.overdue(p.today()));
        assert_eq!(service::answer(p, &handler, id, 2, "情况说明如下", "e").await.unwrap_err().kind(), Kind::Conflict);

        service::review(p, &supervisor(), id, 2, NoticeAct::Return, "没有写改正措施", "f").await.unwrap();
        let returned = state().await;
        assert_eq!(returned.state().unwrap(), NoticeState::Returned);
        assert_eq!(returned.due, "2026-11-30", "the next working day to answer again");
        service::answer(p, &handler, id, 3, "改正措施如下", "g").await.unwrap();
        service::review(p, &supervisor(), id, 4, NoticeAct::Close, "同意办结督办", "h").await.unwrap();
        assert_eq!(state().await.state().unwrap(), NoticeState::Closed);
        assert_eq!(journal::verify_chain(p.db.read(), CASE).await.unwrap(), Ok(5));
        assert_eq!(service::list(p, &handler, None, 20).await.unwrap().items.len(), 1);
        let elsewhere = staff(Uuid::from_u128(8), HANDLE, Scope::region("4504"));
        assert!(service::list(p, &elsewhere, None, 20).await.unwrap().items.is_empty());
        assert_eq!(service::one(p, &elsewhere, id).await.unwrap_err().kind(), Kind::Forbidden);
    }
}

#[tokio::test]
async fn out_of_scope_and_in_ones_own_case_nobody_supervises() {
    for here in installations().await {
        accepted(&here).await;
        let p = &here.platform;
        let grant = |permission: Permission, region: &str| Grant { permission: permission.name.into(), scope: Scope::region(region) };
        let elsewhere = with(OFFICE, vec![grant(VIEW, "4504"), grant(NOTICE, "4504")], None);
        let own = with(OFFICE, vec![grant(VIEW, "4503"), grant(NOTICE, "4503")], Some(PARTY));
        let viewer = with(OFFICE, vec![grant(VIEW, "4503")], None);
        for actor in [&elsewhere, &own] {
            assert_eq!(service::trail(p, actor, CASE).await.unwrap_err().kind(), Kind::Forbidden);
        }
        for actor in [&elsewhere, &own, &viewer] {
            assert_eq!(service::send(p, actor, CASE, &notice(), "a").await.unwrap_err().kind(), Kind::Forbidden);
            assert_eq!(service::record(p, actor, CASE, "wrong_fee", "多收了工本费", "b").await.unwrap_err().kind(), Kind::Forbidden);
        }
        let filter = CaseFilter { size: 20, ..CaseFilter::default() };
        assert!(service::dashboard(p, &elsewhere, &filter).await.unwrap().cases.items.is_empty());
        let past = NewNotice { due: NaiveDate::from_ymd_opt(2026, 11, 24), ..notice() };
        assert_eq!(service::send(p, &supervisor(), CASE, &past, "c").await.unwrap_err().fields()[0].field, "due_year");
        let auto = service::record(p, &supervisor(), CASE, "promise_over", "不是人发现的", "d").await.unwrap_err();
        assert_eq!(auto.fields()[0].field, "rule", "what the days find people do not record");
        service::record(p, &supervisor(), CASE, "wrong_fee", "多收了工本费", "e").await.unwrap();
        assert_eq!(rules_alerted(&here).await, ["wrong_fee"]);
        assert_eq!(service::trail(p, &supervisor(), Uuid::from_u128(404)).await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn a_changed_record_shows_in_the_trail() {
    use sea_orm::ConnectionTrait;
    for here in installations().await {
        accepted(&here).await;
        let p = &here.platform;
        service::send(p, &supervisor(), CASE, &notice(), "n").await.unwrap();
        assert_eq!(service::trail(p, &supervisor(), CASE).await.unwrap().fault, None);
        let tx = p.db.begin().await.unwrap();
        tx.execute_unprepared("UPDATE journal_entry SET label = '改写'").await.unwrap();
        tx.commit().await.unwrap();
        let trail = service::trail(p, &supervisor(), CASE).await.unwrap();
        assert_eq!(trail.fault, Some(journal::Fault::Altered(1)));
    }
}

#[test]
fn what_cases_tell_is_understood() {
    use cases::CaseEventKind::*;
    for kind in [Submitted, Accepted, NotAccepted, CorrectionRequested, Corrected, Suspended, Resumed, Extended, Decided, Withdrawn, Closed, Delivered] {
        let event = cases::CaseEvent {
            kind,
            case_id: CASE,
            case_no: "示例-1".into(),
            item_id: Uuid::nil(),
            item_version_id: Uuid::nil(),
            item_name: "示例".into(),
            body_id: BODY,
            body_name: "示例局".into(),
            region: REGION.into(),
            party_id: PARTY,
            channel: "online".into(),
            at: testhouse::morning(),
            promised_due: None,
            statutory_due: None,
            granted: None,
            actor_name: "示例".into(),
        };
        let news: supervision::events::CaseNews = serde_json::from_value(serde_json::to_value(&event).unwrap()).unwrap();
        assert_eq!((news.case_id, news.party_id), (CASE, PARTY));
        assert_eq!(serde_json::to_value(news.kind).unwrap(), serde_json::to_value(kind).unwrap());
        let topic = jobs::Event::topic(&event);
        assert!(topic.starts_with("cases."), "{topic}");
    }
}
