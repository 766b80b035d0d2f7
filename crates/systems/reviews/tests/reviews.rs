//! Ratings and what follows from bad ones, on both engines, through the public face.

use access::{Actor, Scope};
use base::Kind;
use chrono::{DateTime, Duration, Utc};
use testhouse::{Here, citizen, staff, with};
use jobs::{Handler, Job};
use reviews::model::{Act, Channel, Stage};
use reviews::service::{self, Follow, RatingInput, Step};
use reviews::{HANDLE, Period, store};
use serde_json::json;
use uuid::Uuid;

const CASE: Uuid = Uuid::from_u128(10);
const PARTY: Uuid = Uuid::from_u128(2);
const BODY: Uuid = Uuid::from_u128(1);
const OFFICE: Uuid = Uuid::from_u128(5);
const REGION: &str = "450300000000";

async fn hear(here: &Here, topic: &str, case: Uuid) {
    let at: DateTime<Utc> = here.platform.now();
    let event = json!({
        "kind": "decided", "case_id": case, "case_no": "示例-1", "item_id": Uuid::from_u128(9), "item_version_id": Uuid::nil(), "item_name": "示例事项",
        "body_id": BODY, "body_name": "示例局", "region": REGION, "party_id": PARTY, "channel": "online", "at": at, "actor_name": "示例",
    });
    let payload = json!({ "topic": topic, "event": event });
    let job = Job { id: Uuid::nil(), kind: String::new(), key: None, payload, attempts: 1, max_attempts: 10, run_at: at };
    Follow(here.platform.clone()).run(&job).await.unwrap();
}

fn rating(stars: u8, text: &str) -> RatingInput {
    RatingInput { stars: Some(stars), options: vec![], text: text.into(), channel: Channel::Desktop, followup: false }
}

async fn installations() -> Vec<Here> {
    testhouse::installations(&[store::migrations()]).await
}

#[tokio::test]
async fn only_the_party_rates_and_only_after_the_end() {
    for here in installations().await {
        let p = &here.platform;
        let rate = |actor: Actor, nonce: &'static str| async move { service::rate(p, &actor, CASE, &rating(5, ""), nonce).await };
        assert_eq!(rate(citizen(PARTY), "a").await.unwrap_err().kind(), Kind::NotFound, "nothing was heard of it");
        hear(&here, "cases.submitted", CASE).await;
        let early = rate(citizen(PARTY), "b").await.unwrap_err();
        assert_eq!((early.kind(), early.code()), (Kind::Refused, "reviews.not_ended"));
        hear(&here, "cases.decided", CASE).await;
        assert_eq!(rate(citizen(Uuid::from_u128(77)), "c").await.unwrap_err().kind(), Kind::NotFound, "another party's case");
        assert_eq!(rate(staff(BODY, HANDLE, Scope::default()), "d").await.unwrap_err().kind(), Kind::Forbidden, "never staff");
        assert_eq!(rate(Actor::Anonymous, "e").await.unwrap_err().kind(), Kind::Unauthenticated);
        rate(citizen(PARTY), "f").await.unwrap();
        rate(citizen(PARTY), "f").await.unwrap(); // the same form sent twice
        let page = service::rating_page(p, &citizen(PARTY), CASE).await.unwrap();
        assert_eq!((page.reviews.len(), page.task), (1, None));
        assert_eq!(service::rating_page(p, &citizen(Uuid::from_u128(77)), CASE).await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn once_and_once_more() {
    for here in installations().await {
        let (p, me) = (&here.platform, citizen(PARTY));
        hear(&here, "cases.decided", CASE).await;
        let followup = RatingInput { followup: true, ..rating(4, "后来解决了") };
        assert_eq!(service::rate(p, &me, CASE, &followup, "a").await.unwrap_err().code(), "reviews.nothing_to_follow");
        service::rate(p, &me, CASE, &rating(3, ""), "b").await.unwrap();
        let second = service::rate(p, &me, CASE, &rating(5, ""), "c").await.unwrap_err();
        assert_eq!((second.kind(), second.code()), (Kind::Conflict, "reviews.given"));
        service::rate(p, &me, CASE, &followup, "d").await.unwrap();
        assert_eq!(service::rate(p, &me, CASE, &followup, "e").await.unwrap_err().kind(), Kind::Conflict);
        let results = service::results(p, REGION, Period::Days30).await.unwrap();
        assert_eq!((results.whole.rated(), results.whole.followups, results.whole.asked), (1, 1, 1));
        assert_eq!(journal::verify_chain(p.db.read(), CASE).await.unwrap(), Ok(2));
    }
}

#[tokio::test]
async fn an_option_of_another_level_is_refused() {
    for here in installations().await {
        hear(&here, "cases.decided", CASE).await;
        let code = |stars| codes::lists::review_options_for(stars).next().unwrap().code.to_owned();
        let cross = RatingInput { options: vec![code(1)], ..rating(5, "") };
        let error = service::rate(&here.platform, &citizen(PARTY), CASE, &cross, "a").await.unwrap_err();
        assert_eq!((error.kind(), error.fields()[0].field.as_str()), (Kind::Invalid, "options"));
        let silent = RatingInput { stars: None, ..rating(5, "") };
        assert_eq!(service::rate(&here.platform, &citizen(PARTY), CASE, &silent, "b").await.unwrap_err().fields()[0].field, "stars");
        let right = RatingInput { options: vec![code(5)], ..rating(5, "") };
        service::rate(&here.platform, &citizen(PARTY), CASE, &right, "c").await.unwrap();
    }
}

#[tokio::test]
async fn news_heard_twice_count_once_and_silence_is_not_praise() {
    for here in installations().await {
        for topic in ["cases.decided", "cases.submitted", "cases.decided", "cases.closed"] {
            hear(&here, topic, CASE).await;
        }
        for period in [Period::Days30, Period::Year] {
            let whole = service::results(&here.platform, REGION, period).await.unwrap().whole;
            assert_eq!((whole.asked, whole.rated(), whole.silent()), (1, 0, 1));
        }
        assert_eq!(service::results(&here.platform, "450400000000", Period::Year).await.unwrap().whole.asked, 0, "another city");
    }
}

fn step(act: Act) -> Step {
    Step { act, words: "已经联系并说明情况".into(), complex: false, satisfied: Some(true) }
}

/// A bad rating, its task, a clerk of the department and an officer of the supervising office.
async fn bad(here: &Here) -> (Uuid, Actor, Actor) {
    hear(here, "cases.decided", CASE).await;
    service::rate(&here.platform, &citizen(PARTY), CASE, &rating(1, "等了很久，电话13800000000"), "bad").await.unwrap();
    let task = service::rating_page(&here.platform, &citizen(PARTY), CASE).await.unwrap().task.unwrap();
    assert_eq!((task.contact_due.as_str(), task.rectify_due.as_str()), ("2026-11-25", "2026-12-01"));
    (task.id, staff(BODY, HANDLE, Scope::body(BODY)), staff(OFFICE, HANDLE, Scope::region("4503")))
}

async fn act(here: &Here, actor: &Actor, id: Uuid, act: Act) -> base::Result<()> {
    let version = store::rectification(here.platform.db.read(), id).await.unwrap().unwrap().version;
    service::perform(&here.platform, actor, id, version, &step(act), &base::random_token().unwrap()).await
}

#[tokio::test]
async fn a_bad_rating_is_put_right_answered_and_asked_about() {
    for here in installations().await {
        let (id, clerk, office) = bad(&here).await;
        assert_eq!(act(&here, &clerk, id, Act::Reply).await.unwrap_err().kind(), Kind::Conflict, "not before it was verified");
        act(&here, &clerk, id, Act::Contact).await.unwrap();
        act(&here, &clerk, id, Act::Reply).await.unwrap();
        act(&here, &clerk, id, Act::Revisit).await.unwrap();
        assert_eq!(act(&here, &clerk, id, Act::Close).await.unwrap_err().kind(), Kind::Forbidden, "not by the department itself");
        act(&here, &office, id, Act::Close).await.unwrap();
        let page = service::rating_page(&here.platform, &citizen(PARTY), CASE).await.unwrap();
        assert_eq!(page.task.unwrap().reply.as_deref(), Some("已经联系并说明情况"), "the citizen is answered");
        let results = service::results(&here.platform, REGION, Period::Days30).await.unwrap();
        assert_eq!((results.whole.bad(), results.whole.opened, results.whole.answered, results.whole.in_time), (1, 1, 1, 1));
        assert_eq!(results.comments[0].text, "等了很久，电话***");
        assert_eq!(journal::verify_chain(here.platform.db.read(), CASE).await.unwrap(), Ok(5));
    }
}

#[tokio::test]
async fn a_mistake_is_found_by_the_office_not_by_the_department() {
    for here in installations().await {
        let (id, clerk, office) = bad(&here).await;
        act(&here, &clerk, id, Act::Appeal).await.unwrap();
        assert_eq!(act(&here, &clerk, id, Act::Uphold).await.unwrap_err().kind(), Kind::Forbidden);
        act(&here, &office, id, Act::Uphold).await.unwrap();
        let task = store::rectification(here.platform.db.read(), id).await.unwrap().unwrap();
        assert_eq!((task.stage().unwrap(), task.open), (Stage::Closed, false));
        let results = service::results(&here.platform, REGION, Period::Year).await.unwrap();
        assert_eq!((results.whole.rated(), results.whole.wrong, results.whole.opened), (0, 1, 0));
        assert!(results.comments.is_empty());
    }
}

#[tokio::test]
async fn a_complex_matter_has_fifteen_days_and_lateness_shows() {
    for here in installations().await {
        let (id, clerk, _) = bad(&here).await;
        let complex = Step { complex: true, ..step(Act::Contact) };
        service::perform(&here.platform, &clerk, id, 1, &complex, "x").await.unwrap();
        let task = store::rectification(here.platform.db.read(), id).await.unwrap().unwrap();
        assert_eq!(task.rectify_due, "2026-12-15");
        here.clock.advance(Duration::days(25));
        act(&here, &clerk, id, Act::Reply).await.unwrap();
        let whole = service::results(&here.platform, REGION, Period::Year).await.unwrap().whole;
        assert_eq!((whole.answered, whole.in_time), (1, 0));
    }
}

#[tokio::test]
async fn strangers_and_the_rater_themselves_do_not_handle_it() {
    for here in installations().await {
        let (id, clerk, _) = bad(&here).await;
        let elsewhere = staff(Uuid::from_u128(8), HANDLE, Scope::region("4504"));
        assert_eq!(act(&here, &elsewhere, id, Act::Contact).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(service::task(&here.platform, &elsewhere, id).await.unwrap_err().kind(), Kind::Forbidden);
        assert!(service::tasks(&here.platform, &elsewhere, true, None, 20).await.unwrap().items.is_empty());
        assert_eq!(service::tasks(&here.platform, &clerk, true, None, 20).await.unwrap().items.len(), 1);
        let grants = vec![access::Grant { permission: HANDLE.name.into(), scope: Scope::body(BODY) }];
        let own = with(BODY, grants, Some(PARTY));
        assert_eq!(act(&here, &own, id, Act::Contact).await.unwrap_err().kind(), Kind::Forbidden, "R38");
        let stale = service::perform(&here.platform, &clerk, id, 9, &step(Act::Contact), "y").await.unwrap_err();
        assert_eq!(stale.kind(), Kind::Conflict);
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
        let news: reviews::events::CaseNews = serde_json::from_value(serde_json::to_value(&event).unwrap()).unwrap();
        assert_eq!((news.case_id, news.party_id), (CASE, PARTY));
        let topic = jobs::Event::topic(&event);
        let listens = reviews::service::TOPICS.contains(&topic);
        assert_eq!(listens, matches!(kind, Submitted | Decided | NotAccepted | Closed), "{topic}");
    }
}
