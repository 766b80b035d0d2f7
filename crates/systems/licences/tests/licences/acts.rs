//! What a body does to licences: two people, versions, the old one pointing at the new.

use licences::model::Act;
use licences::service::Proposal;

use super::*;

fn because<'a>(reason: &'a str, nonce: &'a str) -> Proposal<'a> {
    Proposal { reason, nonce, version: 1, ..Proposal::default() }
}

/// Proposed by one, carried out by another; gives the licence it is about afterwards.
async fn done(here: &Here, licence: &Licence, act: Act, proposal: Proposal<'_>) -> Uuid {
    let order = service::propose(&here.platform, &manager(), licence.id, act, Proposal { version: licence.version, ..proposal }).await.unwrap();
    service::decide(&here.platform, &reviewer(), order, true, "").await.unwrap()
}

async fn record(here: &Here, id: Uuid) -> Licence {
    store::by_id(here.platform.db.read(), id).await.unwrap().unwrap()
}

#[tokio::test]
async fn nothing_happens_to_a_licence_without_a_second_person() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let revoke = |actor: Actor, reason: &'static str, nonce: &'static str| async move {
            service::propose(platform, &actor, licence.id, Act::Revoke, because(reason, nonce)).await
        };
        assert_eq!(revoke(manager(), "错", "a").await.unwrap_err().kind(), Kind::Invalid);
        let elsewhere = staff(Uuid::from_u128(3), MANAGE, Scope::body(Uuid::from_u128(3)));
        assert_eq!(revoke(elsewhere, "申请材料虚假", "b").await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(revoke(citizen(HOLDER), "申请材料虚假", "c").await.unwrap_err().kind(), Kind::Forbidden);
        let grants = vec![Grant { permission: MANAGE.name.into(), scope: Scope::body(BODY) }];
        assert_eq!(revoke(with(BODY, grants, Some(HOLDER)), "申请材料虚假", "d").await.unwrap_err().kind(), Kind::Forbidden, "R38");

        let both = reviewer();
        let proposed = revoke(both.clone(), "申请材料虚假", "e").await.unwrap();
        assert_eq!(revoke(both.clone(), "申请材料虚假", "e").await.unwrap(), proposed, "the same form sent twice is one proposal");
        assert_eq!(revoke(manager(), "申请材料虚假", "f").await.unwrap_err().kind(), Kind::Conflict, "one waits already");
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Valid), "a proposal changes nothing");
        assert_eq!(service::decide(platform, &both, proposed, true, "").await.unwrap_err().kind(), Kind::Forbidden, "self-approval");
        assert_eq!(service::decide(platform, &manager(), proposed, true, "").await.unwrap_err().kind(), Kind::Forbidden, "no permission");
        assert_eq!(service::decide(platform, &reviewer_of(Uuid::from_u128(3)), proposed, true, "").await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(service::decide(platform, &reviewer(), proposed, false, "").await.unwrap_err().kind(), Kind::Invalid, "no without why");

        service::decide(platform, &reviewer(), proposed, true, "").await.unwrap();
        assert_eq!(service::decide(platform, &reviewer(), proposed, true, "").await.unwrap_err().kind(), Kind::Conflict, "decided twice");
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Revoked));
        here.clock.advance(Duration::days(4000));
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Revoked), "revoked weighs more than expired");
        let chain = journal::verify_chain(platform.db.read(), licence.id).await.unwrap();
        assert_eq!(chain, Ok(3), "issued, proposed, revoked");
    }
}

#[tokio::test]
async fn what_was_refused_leaves_the_licence_as_it_is() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let proposed = service::propose(platform, &manager(), licence.id, Act::Cancel, because("主体已经终止", "a")).await.unwrap();
        assert_eq!(service::open_orders(platform, &reviewer(), None, 10).await.unwrap().items.len(), 1);
        assert!(service::open_orders(platform, &reviewer_of(Uuid::from_u128(3)), None, 10).await.unwrap().items.is_empty());
        service::decide(platform, &reviewer(), proposed, false, "主体仍在经营").await.unwrap();
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Valid));
        assert!(service::open_orders(platform, &reviewer(), None, 10).await.unwrap().items.is_empty());
        // and it can be proposed again
        service::propose(platform, &manager(), licence.id, Act::Cancel, because("主体已经终止", "b")).await.unwrap();
    }
}

#[tokio::test]
async fn an_old_page_loses_the_race() {
    for here in installations().await {
        let licence = issue(&here, &order(10, 1)).await;
        let old = Proposal { version: 7, ..because("主体已经终止", "a") };
        let error = service::propose(&here.platform, &manager(), licence.id, Act::Cancel, old).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict);
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Valid));
    }
}

#[tokio::test]
async fn a_suspended_licence_comes_back() {
    for here in installations().await {
        let licence = issue(&here, &order(10, 1)).await;
        done(&here, &licence, Act::Suspend, because("责令停业整顿十五日", "a")).await;
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Suspended));
        let suspended = record(&here, licence.id).await;
        let twice = Proposal { version: suspended.version, ..because("责令停业整顿十五日", "b") };
        assert_eq!(service::propose(&here.platform, &manager(), licence.id, Act::Suspend, twice).await.unwrap_err().code(), "licences.act_does_not_fit");
        done(&here, &suspended, Act::Resume, because("整改完毕验收合格", "c")).await;
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Valid));
    }
}

#[tokio::test]
async fn a_new_version_takes_the_place_of_the_old_which_says_so() {
    for here in installations().await {
        let platform = &here.platform;
        let first = issue(&here, &order(10, 1)).await;
        let items = Some(vec![LicenceItem::new("户籍地", "桂林市七星区")]);
        let second = record(&here, done(&here, &first, Act::Change, Proposal { items, ..because("持证人迁移户籍", "a") }).await).await;
        assert_eq!((second.number.as_str(), second.cause.as_str()), (first.number.as_str(), "change"));
        assert_eq!(second.valid_until, first.valid_until, "a change does not make it longer");
        assert_eq!(codes::LicenceId::parse(&second.identifier).unwrap().version(), 2);
        let old = service::verify(platform, &first.identifier).await.unwrap().unwrap();
        assert_eq!((old.standing, old.successor.as_deref()), (Standing::Changed, Some(second.identifier.as_str())));
        assert_eq!(standing(&here, &second.verify_code).await, Some(Standing::Valid));

        let until = "2030-06-30".parse().ok();
        let third = record(&here, done(&here, &second, Act::Renew, Proposal { until, ..because("有效期届满前申请延续", "b") }).await).await;
        assert_eq!(third.valid_until.as_deref(), Some("2030-06-30"));
        let fourth = record(&here, done(&here, &third, Act::Reissue, because("持证人申报遗失", "c")).await).await;
        assert_eq!(fourth.valid_until, third.valid_until);
        let view = service::mine(platform, &citizen(HOLDER), fourth.id).await.unwrap();
        let causes: Vec<&str> = view.versions.iter().map(|v| v.cause.as_str()).collect();
        assert_eq!(causes, ["new", "change", "renew", "reissue"], "{}", here.engine);
        assert_eq!(view.items, [LicenceItem::new("户籍地", "桂林市七星区")]);
        let stale = service::propose(platform, &manager(), first.id, Act::Revoke, Proposal { version: 2, ..because("签发有错误", "d") }).await.unwrap_err();
        assert_eq!(stale.code(), "licences.act_does_not_fit", "a version of the past stays as it is");
    }
}

#[tokio::test]
async fn an_expired_licence_is_renewed_without_a_gap_in_the_past() {
    for here in installations().await {
        let licence = issue(&here, &order(10, 1)).await;
        let early = service::propose(&here.platform, &manager(), licence.id, Act::Renew, Proposal { until: "2026-12-01".parse().ok(), ..because("申请延续有效期", "a") }).await;
        assert_eq!(early.unwrap_err().kind(), Kind::Invalid, "not longer than now");
        here.clock.advance(Duration::days(400));
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Expired));
        let renewed = record(&here, done(&here, &licence, Act::Renew, because("到期前已经申请延续", "b")).await).await;
        assert_eq!((renewed.valid_from.as_str(), renewed.valid_until.as_deref()), ("2027-12-29", Some("2028-12-28")));
        let for_ever = issue(&here, &order(11, 0)).await;
        let error = service::propose(&here.platform, &manager(), for_ever.id, Act::Renew, because("申请延续有效期", "c")).await.unwrap_err();
        assert_eq!(error.code(), "licences.long_term");
    }
}

#[tokio::test]
async fn a_granted_case_renews_the_licence_the_holder_has() {
    for here in installations().await {
        let first = issue(&here, &order(10, 1)).await;
        let renewal = |case: u128| IssueOrder { effect: catalog::model::Effect::Renew, ..order(case, 3) };
        let wrong = IssueOrder { replaces: Some("没有这个编号".into()), ..renewal(11) };
        assert_eq!(try_issue(&here, &wrong).await.unwrap_err().code(), "licences.nothing_to_replace");
        let nobody = IssueOrder { party_id: Uuid::from_u128(99), ..renewal(11) };
        assert_eq!(try_issue(&here, &nobody).await.unwrap_err().code(), "licences.nothing_to_replace");
        let second = issue(&here, &IssueOrder { replaces: Some(first.number.clone()), ..renewal(11) }).await;
        assert_eq!((second.cause.as_str(), second.predecessor_id, &second.number), ("renew", Some(first.id), &first.number));
        assert_eq!(standing(&here, &first.verify_code).await, Some(Standing::Changed));
        assert_eq!(issue(&here, &IssueOrder { replaces: Some(first.number.clone()), ..renewal(11) }).await.id, second.id, "asked again it is the same");
    }
}

#[tokio::test]
async fn holders_are_told_once_before_a_licence_ends() {
    for here in installations().await {
        let platform = &here.platform;
        issue(&here, &order(10, 1)).await;
        issue(&here, &order(11, 0)).await;
        let told = || async {
            let sql = "SELECT payload FROM outbox WHERE topic = 'licences.expiring'";
            let conn = platform.db.read();
            sea_orm::ConnectionTrait::query_all_raw(conn, sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(conn), sql)).await.unwrap().len()
        };
        service::remind(platform.clone()).await.unwrap();
        assert_eq!(told().await, 0, "a year is left");
        here.clock.advance(Duration::days(365 - service::DAYS_BEFORE + 1));
        service::remind(platform.clone()).await.unwrap();
        service::remind(platform.clone()).await.unwrap();
        assert_eq!(told().await, 1, "{}", here.engine);
    }
}
