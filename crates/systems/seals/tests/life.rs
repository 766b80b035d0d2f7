//! A seal's life, and everything that is refused (M-PLAT-03.02, .05), on both engines.

mod common;

use access::{Actor, Staff};
use base::Kind;
use bytes::Bytes;
use common::{act, almighty, application, approved, authority, body, here, make_seal, named_body, nonce, officer, order, seal_of};
use organization::service::{NewStaff, create_staff};
use seals::model::{Act, Standing, State};
use seals::service::{self, Application, HandOrder, Verdict, apply, hold, make, replace, seal_by_hand, verify};
use seals::{Format, Purpose, SealKind, content, issue};
use testhouse::Here;
use uuid::Uuid;

#[tokio::test]
async fn one_person_applies_another_makes() {
    for here in here().await {
        let (p, body) = (&here.platform, body(&here.platform).await);
        let both = almighty(body.id);
        let id = apply(p, &both, &application(body.id, SealKind::Approval), &nonce()).await.unwrap();
        assert_eq!(make(p, &both, id, 1, "", &nonce()).await.unwrap_err().kind(), Kind::Forbidden, "{}: one's own application", here.engine);
        assert_eq!(make(p, &officer(body.id), id, 1, "", &nonce()).await.unwrap_err().kind(), Kind::Forbidden, "without the permission");
        let key = nonce();
        make(p, &authority(), id, 1, "", &key).await.unwrap();
        make(p, &authority(), id, 1, "", &key).await.unwrap();
        let seal = seal_of(p, id).await;
        assert_eq!(seal.standing(p.now()).unwrap(), Standing::Usable);
        assert_eq!(seal.number.as_deref(), Some("45030002000001"));
        let made = seals::store::made(p.db.read(), id).await.unwrap().unwrap();
        assert_eq!(verify(p, made.esl.into()).await.unwrap().verdict, Verdict::Genuine);
        assert!(made.picture.starts_with(b"\x89PNG"));
        journal::verify_chain(p.db.read(), id).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_application_says_what_is_wrong_with_it() {
    let here = here().await.remove(0);
    let (p, body) = (&here.platform, body(&here.platform).await);
    let right = application(body.id, SealKind::Official);
    let fields = async |wrong: Application| -> Vec<String> {
        let error = apply(p, &officer(body.id), &wrong, &nonce()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        error.fields().iter().map(|field| field.field.clone()).collect()
    };
    assert_eq!(fields(Application { kind: "other".into(), ..right.clone() }).await, ["kind"]);
    assert_eq!(fields(Application { purposes: vec![], ..right.clone() }).await, ["purposes"]);
    assert_eq!(fields(Application { purposes: vec!["decision".into()], ..right.clone() }).await, ["purposes"], "a decision accepts only the approval seal");
    assert_eq!(fields(Application { grounds: "要".into(), ..right.clone() }).await, ["grounds"]);
    assert_eq!(fields(Application { body: Uuid::nil(), ..right.clone() }).await, ["body"]);
    let other = named_body(p, "示例市民政局", "11450300MB0000002").await;
    assert_eq!(apply(p, &officer(other.id), &right, &nonce()).await.unwrap_err().kind(), Kind::Forbidden, "another body's officer");
    let key = nonce();
    let first = apply(p, &officer(body.id), &right, &key).await.unwrap();
    assert_eq!(apply(p, &officer(body.id), &right, &key).await.unwrap(), first, "sent twice is one application");
}

#[tokio::test]
async fn a_body_has_one_seal_of_a_kind_and_a_new_one_takes_its_place() {
    for here in here().await {
        let (p, (body, old)) = (&here.platform, approved(&here, SealKind::Approval).await);
        let before = issue(p, order(&here, &body, Purpose::Decision)).await.unwrap();
        let second = apply(p, &officer(body.id), &application(body.id, SealKind::Approval), &nonce()).await.unwrap();
        assert_eq!(make(p, &authority(), second, 1, "", &nonce()).await.unwrap_err().kind(), Kind::Conflict, "{}", here.engine);
        here.clock.advance(chrono::Duration::hours(1));
        let new = replace(p, &officer(body.id), old, &application(body.id, SealKind::Approval), &nonce()).await.unwrap();
        make(p, &authority(), new, 1, "", &nonce()).await.unwrap();
        assert_eq!(seal_of(p, old).await.seal_state().unwrap(), State::Replaced);
        let after = issue(p, order(&here, &body, Purpose::Decision)).await.unwrap();
        assert_eq!((before.seal_id, after.seal_id), (Some(old), Some(new)));
        for paper in [before, after] {
            let file = content(p, &paper, Format::Ofd).await.unwrap();
            assert_eq!(verify(p, file).await.unwrap().verdict, Verdict::Genuine, "the old seal's work stays");
        }
        assert_eq!(replace(p, &officer(body.id), old, &application(body.id, SealKind::Approval), &nonce()).await.unwrap_err().kind(), Kind::Refused);
    }
}

#[tokio::test]
async fn who_may_stop_a_seal_and_what_has_no_way_back() {
    let here = here().await.remove(0);
    let (p, (body, id)) = (&here.platform, approved(&here, SealKind::Approval).await);
    let own = officer(body.id);
    let version = seal_of(p, id).await.version;
    let why = "印章管理人员变动，暂停使用";
    assert_eq!(service::act(p, &own, id, version, Act::Suspend, "停", &nonce()).await.unwrap_err().kind(), Kind::Invalid, "a reason");
    assert_eq!(service::act(p, &own, id, version, Act::Revoke, why, &nonce()).await.unwrap_err().kind(), Kind::Forbidden, "only the authority ends a seal");
    assert_eq!(service::act(p, &own, id, version + 1, Act::Suspend, why, &nonce()).await.unwrap_err().kind(), Kind::Conflict, "seen another version");
    assert_eq!(service::act(p, &own, id, version, Act::Make, why, &nonce()).await.unwrap_err().kind(), Kind::Invalid);
    service::act(p, &own, id, version, Act::Suspend, why, &nonce()).await.unwrap();
    service::act(p, &own, id, version + 1, Act::Resume, why, &nonce()).await.unwrap();
    act(&here, id, Act::Revoke).await;
    let version = seal_of(p, id).await.version;
    for again in [Act::Resume, Act::Suspend, Act::Revoke] {
        assert_eq!(service::act(p, &authority(), id, version, again, why, &nonce()).await.unwrap_err().kind(), Kind::Conflict, "{again:?}");
    }
    let stranger = testhouse::staff(base::new_id(), seals::MANAGE, access::Scope::body(base::new_id()));
    assert_eq!(service::view(p, &stranger, id).await.err().unwrap().kind(), Kind::Forbidden);
    assert!(service::list(p, &stranger, None, "", None, 10).await.unwrap().items.is_empty());
    assert_eq!(service::list(p, &own, None, "", None, 10).await.unwrap().items.len(), 1);
}

/// An officer of a body as the organization knows them.
async fn staff(here: &Here, body: Uuid, work_no: &str) -> Actor {
    let p = &here.platform;
    let tx = p.db.begin().await.unwrap();
    let new = NewStaff { body, name: "韦某（示例）".into(), work_no: work_no.into(), own_party: None };
    let id = create_staff(p, &tx, &Actor::System("试验"), &new).await.unwrap();
    tx.commit().await.unwrap();
    Actor::Staff(organization::staff_actor(p.db.read(), id).await.unwrap().unwrap())
}

fn letter(purpose: Purpose, name: &str, bytes: Bytes) -> HandOrder {
    HandOrder { purpose: purpose.as_str().into(), title: "关于公示的函".into(), number: String::new(), page: 1, x: 150.0, y: 60.0, name: name.into(), bytes }
}

#[tokio::test]
async fn only_holders_use_a_seal_by_hand_and_every_attempt_is_on_record() {
    for here in here().await {
        let p = &here.platform;
        let body = body(p).await;
        // Something to seal: a letter that went out unsealed.
        let plain = issue(p, order(&here, &body, Purpose::General)).await.unwrap();
        let (pdf, ofd) = (content(p, &plain, Format::Pdf).await.unwrap(), content(p, &plain, Format::Ofd).await.unwrap());
        let id = make_seal(&here, &body, SealKind::Official).await;
        let (holder, colleague) = (staff(&here, body.id, "H1").await, staff(&here, body.id, "H2").await);
        let other = named_body(p, "示例市民政局", "11450300MB0000002").await;
        let stranger = staff(&here, other.id, "S1").await;

        assert_eq!(hold(p, &officer(body.id), id, "S1", "").await.unwrap_err().kind(), Kind::Invalid, "of another body");
        assert_eq!(hold(p, &officer(other.id), id, "H1", "").await.unwrap_err().kind(), Kind::Forbidden);
        hold(p, &officer(body.id), id, "H1", "").await.unwrap();
        assert_eq!(hold(p, &officer(body.id), id, "H1", "").await.unwrap_err().kind(), Kind::Conflict, "twice");

        for (name, bytes) in [("函.pdf", pdf.clone()), ("函.ofd", ofd)] {
            let (paper, _, sealed) = seal_by_hand(p, &holder, id, letter(Purpose::General, name, bytes)).await.unwrap();
            let found = verify(p, sealed).await.unwrap();
            assert_eq!((found.verdict, found.paper.map(|paper| paper.id)), (Verdict::Genuine, Some(paper.id)), "{} {name}", here.engine);
        }
        let refused = async |who: &Actor, order: HandOrder, kind: Kind| {
            assert_eq!(seal_by_hand(p, who, id, order).await.unwrap_err().kind(), kind, "{}", here.engine);
        };
        refused(&colleague, letter(Purpose::General, "函.pdf", pdf.clone()), Kind::Forbidden).await;
        refused(&stranger, letter(Purpose::General, "函.pdf", pdf.clone()), Kind::NotFound).await;
        refused(&holder, letter(Purpose::Decision, "函.pdf", pdf.clone()), Kind::Refused).await;
        refused(&holder, letter(Purpose::General, "图.png", Bytes::from_static(b"\x89PNG\r\n\x1a\n....")), Kind::Invalid).await;
        refused(&holder, letter(Purpose::General, "坏.pdf", Bytes::from_static(b"%PDF-1.7 broken")), Kind::Invalid).await;
        refused(&holder, HandOrder { page: 9, ..letter(Purpose::General, "函.pdf", pdf.clone()) }, Kind::Invalid).await;
        act(&here, id, Act::Suspend).await;
        refused(&holder, letter(Purpose::General, "函.pdf", pdf.clone()), Kind::Refused).await;
        act(&here, id, Act::Resume).await;

        // Through a post, and no longer when it is taken back.
        hold(p, &officer(body.id), id, "", "文书岗").await.unwrap();
        let Actor::Staff(clerk) = colleague.clone() else { panic!("staff") };
        let clerk = Actor::Staff(Staff { posts: vec!["文书岗".into()], ..clerk });
        seal_by_hand(p, &clerk, id, letter(Purpose::General, "函.pdf", pdf.clone())).await.unwrap();
        for one in seals::store::holders(p.db.read(), id).await.unwrap() {
            service::end_holder(p, &officer(body.id), id, one.id).await.unwrap();
        }
        refused(&clerk, letter(Purpose::General, "函.pdf", pdf.clone()), Kind::Forbidden).await;
        refused(&holder, letter(Purpose::General, "函.pdf", pdf), Kind::Forbidden).await;

        let uses = seals::store::uses(p.db.read(), id, None, 50).await.unwrap().items;
        let (done, turned_down): (Vec<_>, Vec<_>) = uses.iter().partition(|usage| usage.refused.is_none());
        assert_eq!((done.len(), turned_down.len()), (3, 5), "{uses:#?}");
        assert!(turned_down.iter().any(|usage| usage.refused.as_deref().is_some_and(|why| why.contains("没有批准用于"))));
        journal::verify_chain(p.db.read(), id).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_use_log_is_read_there_and_back() {
    let here = here().await.remove(0);
    let (body, id) = approved(&here, SealKind::Approval).await;
    for _ in 0..5 {
        issue(&here.platform, order(&here, &body, Purpose::Notice)).await.unwrap();
    }
    let p = &here.platform;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = service::uses(p, &authority(), id, after.as_ref(), 2).await.unwrap().1;
        seen.extend(page.items.iter().map(|usage| usage.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
}

#[tokio::test]
async fn private_keys_are_sealed_and_forgotten_with_the_seal() {
    use sea_orm::{ConnectionTrait, Statement};
    for here in here().await {
        let (_, id) = approved(&here, SealKind::Approval).await;
        let conn = here.platform.db.read();
        let handles = async || -> Vec<(String, Vec<u8>)> {
            let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), "SELECT name, handle FROM trust_key")).await.unwrap();
            rows.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "handle").unwrap())).collect()
        };
        let keys = handles().await;
        assert_eq!(keys.len(), 5, "root, issuing, maker, time stamps, one seal");
        // Sealed: longer than a key, and no key by itself.
        assert!(keys.iter().all(|(_, handle)| handle.len() == 32 + 29));
        act(&here, id, Act::Revoke).await;
        let (_, handle) = handles().await.into_iter().find(|(name, _)| *name == id.to_string()).unwrap();
        assert!(handle.is_empty(), "{}: nobody signs with it again", here.engine);
    }
}
