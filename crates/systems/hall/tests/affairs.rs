//! A party's own affairs on both engines, through `cases` and `licences`.

use access::{Actor, Party, PartyKind};
use base::{Kind, new_id};
use cases::model::State;
use cases::store::CaseRow;
use chrono::Duration;
use db::SystemMigrations;
use hall::service::affairs;
use platform::Platform;
use uuid::Uuid;

fn systems() -> [SystemMigrations; 3] {
    [cases::store::migrations(), licences::store::migrations(), hall::store::migrations()]
}

fn signed_in(party: Uuid) -> Actor {
    Actor::Party(Party { account: new_id(), party, kind: PartyKind::Person, name: "李某某（演示）".into(), acting: None })
}

/// A case of `party`, submitted so many days ago.
async fn case(platform: &Platform, party: Uuid, state: State, days_ago: i64) -> Uuid {
    let now = platform.now();
    let id = new_id();
    let row = CaseRow {
        id,
        case_no: id.simple().to_string(),
        query_code: vec![1],
        item_id: new_id(),
        item_version_id: new_id(),
        item_name: "食品经营许可".into(),
        item_code: String::new(),
        body_id: new_id(),
        body_name: "桂林市市场监督管理局".into(),
        region: "450300000000".into(),
        party_id: party,
        applicant: vec![1],
        applicant_masked: "李**".into(),
        answers: vec![1],
        materials: "[]".into(),
        channel: "online".into(),
        registered_by: None,
        state: state.as_str().into(),
        correction: (state == State::CorrectionOpen).then(|| r#"{"items":[],"due":"2026-12-01","asked_at":"2026-11-24T00:00:00Z"}"#.into()),
        clock: None,
        submitted_at: now - Duration::days(days_ago),
        accepted_at: None,
        promised_due: (state == State::InReview).then(|| "2026-12-02".into()),
        statutory_due: None,
        yellow_from: None,
        extension: None,
        special: None,
        decided_at: None,
        decision: None,
        reasons: None,
        result: (state == State::Granted).then(|| format!(r#"{{"kind":"licence","id":"{}","title":"食品经营许可证","number":"JY1"}}"#, new_id())),
        closed_at: state.is_closed().then_some(now),
        handled_by: "[]".into(), situation: None,
        version: 1,
    };
    let tx = platform.db.begin().await.unwrap();
    cases::store::insert(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn what_is_open_never_hides_behind_what_is_closed() {
    for here in testhouse::installations(&systems()).await {
        let (platform, me) = (&here.platform, new_id());
        for n in 0..25 {
            case(platform, me, State::Granted, n).await;
        }
        let correction = case(platform, me, State::CorrectionOpen, 90).await;
        let running = case(platform, me, State::InReview, 80).await;
        case(platform, new_id(), State::InReview, 0).await;
        let mine = affairs::mine(platform, &signed_in(me), None).await.unwrap();
        assert_eq!(mine.board.waiting.iter().map(|a| a.id).collect::<Vec<_>>(), [correction]);
        assert_eq!(mine.board.waiting[0].correct_by.map(|d| d.to_string()).as_deref(), Some("2026-12-01"));
        assert_eq!(mine.board.running.iter().map(|a| a.id).collect::<Vec<_>>(), [running], "nobody else's");
        assert_eq!(mine.board.finished.len(), 20);
        assert_eq!(mine.board.finished[0].result.as_deref(), Some("食品经营许可证"));
        let next = mine.next.clone().expect("more closed cases");
        let rest = affairs::mine(platform, &signed_in(me), Some(next)).await.unwrap();
        assert_eq!(rest.board.finished.len(), 5);
        assert!(rest.later && rest.board.running.is_empty() && rest.next.is_none());
        let back = affairs::mine(platform, &signed_in(me), rest.previous).await.unwrap();
        assert_eq!(back, mine, "back on the first page, with everything that is open");
    }
}

#[tokio::test]
async fn a_case_that_waits_for_a_rating_says_so() {
    for here in testhouse::installations(&systems()).await {
        let (platform, me) = (&here.platform, new_id());
        let done = case(platform, me, State::Granted, 3).await;
        let tx = platform.db.begin().await.unwrap();
        hall::store::ended(&tx, done, me, platform.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mine = affairs::mine(platform, &signed_in(me), None).await.unwrap();
        assert_eq!(mine.board.waiting.len(), 1);
        assert!(hall::pages::my::body(&mine).into_string().contains(&format!("/my/cases/{done}/review")));
    }
}

#[tokio::test]
async fn nobody_sees_affairs_without_signing_in() {
    for here in testhouse::installations(&systems()).await {
        let error = affairs::mine(&here.platform, &Actor::Anonymous, None).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unauthenticated);
    }
}
