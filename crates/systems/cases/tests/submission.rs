//! From the first page to the receipt: what is refused, and that one application is one case.

mod common;

use base::Kind;
use cases::model::Received;
use cases::service;
use common::{SEED, STANDARD, TWO_STEP, World, code, kind, pairs, pdf_file};
use futures::future::join_all;

#[tokio::test]
async fn the_same_submission_is_one_case() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let draft = world.filled(&firm, STANDARD).await.row.id;
        let at_once = join_all((0..6).map(|_| service::submit(p, &firm, draft, "key", true))).await;
        let again = service::submit(p, &firm, draft, "key", true).await.unwrap();
        for result in at_once {
            assert_eq!(result.unwrap(), again, "{}: every click gets the same receipt", world.engine);
        }
        assert_eq!(service::my_cases(p, &firm, None, 10).await.unwrap().items.len(), 1);
        assert_eq!(world.documents(again.case_id).await, ["receipt"]);
        assert_eq!(world.events(again.case_id).await, ["cases.submitted"]);
        assert!(codes::CaseNo::parse(&again.case_no).is_ok());
        // beginning again is another application
        let second = world.applied(&firm, STANDARD).await;
        assert_ne!((second.case_id, second.case_no), (again.case_id, again.case_no));
    }
}

#[tokio::test]
async fn everything_missing_is_named_at_once() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = service::start(p, &firm, world.item(STANDARD).await).await.unwrap().row.id;
        let error = service::submit(p, &firm, id, "key", false).await.unwrap_err();
        let fields: Vec<&str> = error.fields().iter().map(|f| f.field.as_str()).collect();
        for wanted in ["contact", "area", "rented", "material_0", "material_1", "promise"] {
            assert!(fields.contains(&wanted), "{}: {wanted} not in {fields:?}", world.engine);
        }
        assert!(!fields.contains(&"owner"), "not asked of whoever does not rent");
        assert!(service::my_cases(p, &firm, None, 10).await.unwrap().items.is_empty());
        // the promise alone
        let id = world.filled(&firm, STANDARD).await.row.id;
        let error = service::submit(p, &firm, id, "key", false).await.unwrap_err();
        assert_eq!(error.fields().iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["promise"]);
    }
}

#[tokio::test]
async fn wrong_and_unknown_answers_are_refused_and_nothing_is_saved() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = service::start(p, &firm, world.item(STANDARD).await).await.unwrap().row.id;
        let save = |page, given: &[(&str, &str)]| service::save_page(p, &firm, id, page, pairs(given));
        assert_eq!(kind(save(0, &[("contact", "测试甲"), ("area", "2000")]).await), Kind::Invalid, "too large");
        assert_eq!(kind(save(0, &[("contact", ""), ("area", "80")]).await), Kind::Invalid, "empty");
        assert_eq!(kind(save(1, &[("rented", "perhaps")]).await), Kind::Invalid, "no such choice");
        assert_eq!(kind(save(1, &[("rented", "yes")]).await), Kind::Invalid, "a tenant names the owner");
        assert_eq!(code(save(0, &[("contact", "甲"), ("area", "80"), ("state", "granted")]).await), "cases.unknown_field");
        assert_eq!(code(save(0, &[("rented", "no")]).await), "cases.unknown_field", "another page's field");
        assert_eq!(kind(save(9, &[]).await), Kind::NotFound);
        assert!(service::draft(p, &firm, id).await.unwrap().answers.is_empty(), "{}", world.engine);
        save(1, &[("rented", "no"), ("owner", "不需要的")]).await.unwrap();
        let draft = service::draft(p, &firm, id).await.unwrap();
        assert!(!draft.view().answers.contains_key("owner"), "an answer to a hidden field does not count");
        assert_eq!(draft.answers["owner"], "不需要的", "but what was typed comes back when it is asked again");
    }
}

#[tokio::test]
async fn only_listed_materials_come_in_and_only_as_allowed() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = service::start(p, &firm, world.item(STANDARD).await).await.unwrap().row.id;
        assert_eq!(code(service::add_file(p, &firm, id, 7, &[pdf_file("material_7")]).await), "cases.not_listed");
        let disguised = web::UploadedFile { bytes: b"MZ\x90".as_slice().into(), ..pdf_file("material_0") };
        assert_eq!(kind(service::add_file(p, &firm, id, 0, &[disguised]).await), Kind::Invalid);
        assert_eq!(code(service::set_received(p, &firm, id, 0, Received::Paper).await), "cases.not_allowed", "paper is for the window");
        assert_eq!(code(service::set_received(p, &firm, id, 0, Received::Deferred).await), "cases.not_allowed", "required is required");
        assert_eq!(code(service::set_received(p, &firm, id, 0, Received::Exempt).await), "cases.not_allowed");
        service::set_received(p, &firm, id, 1, Received::Deferred).await.unwrap();
    }
}

#[tokio::test]
async fn drafts_and_items_that_are_not_ones_own_do_not_exist() {
    for world in World::both().await {
        let p = &world.platform;
        let (one, other) = (world.citizen(1).await, world.citizen(2).await);
        let id = world.filled(&one, STANDARD).await.row.id;
        assert_eq!(kind(service::draft(p, &other, id).await), Kind::NotFound);
        assert_eq!(kind(service::save_page(p, &other, id, 0, pairs(&[])).await), Kind::NotFound);
        assert_eq!(kind(service::submit(p, &other, id, "key", true).await), Kind::NotFound);
        assert_eq!(kind(service::discard(p, &other, id).await), Kind::NotFound);
        assert_eq!(kind(service::draft(p, &world.staff("window").await, id).await), Kind::NotFound);
        assert_eq!(kind(service::draft(p, &access::Actor::Anonymous, id).await), Kind::Unauthenticated);
        assert_eq!(kind(service::start(p, &access::Actor::Anonymous, world.item(STANDARD).await).await), Kind::Unauthenticated);
        assert_eq!(code(service::start(p, &one, world.item(TWO_STEP).await).await), "cases.wrong_object");
        service::discard(p, &one, id).await.unwrap();
        assert_eq!(kind(service::draft(p, &one, id).await), Kind::NotFound, "{}", world.engine);
    }
}

#[tokio::test]
async fn secret_and_cancelled_items_take_no_applications() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let begun = world.filled(&firm, STANDARD).await.row.id;
        let cancelled = world.item(STANDARD).await;
        let running = world.accepted(&world.citizen(1).await, STANDARD).await;
        catalog::service::cancel(p, &SEED, cancelled, "依据已经废止").await.unwrap();
        assert_eq!(code(service::start(p, &world.citizen(2).await, cancelled).await), "catalog.cancelled");
        assert_eq!(code(service::submit(p, &firm, begun, "key", true).await), "catalog.cancelled", "begun before, sent after");
        service::forward(p, &world.staff("handler").await, running, "符合条件").await.unwrap(); // what runs ends under its version
        // a secret item that got in past publication
        let secret = world.item(TWO_STEP).await;
        let changed = world.sql(r#"UPDATE item_version SET spec = replace(spec, '"secret":false', '"secret":true') WHERE item_id = $1"#, secret).await;
        assert_eq!(changed, 1);
        assert_eq!(kind(service::start(p, &firm, secret).await), Kind::NotFound, "{}", world.engine);
    }
}

#[tokio::test]
async fn two_windows_of_one_browser_do_not_overwrite_each_other() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let seen = world.filled(&firm, STANDARD).await;
        service::save_page(p, &firm, seen.row.id, 0, pairs(&[("contact", "测试丙"), ("area", "90")])).await.unwrap();
        // whoever still holds the older state can neither store nor remove it
        let tx = p.db.begin().await.unwrap();
        assert_eq!(kind(cases::store::save_draft(&tx, &mut seen.row.clone()).await), Kind::Conflict);
        cases::store::delete_draft(&tx, &seen.row).await.unwrap();
        assert_eq!(kind(tx.commit().await), Kind::Conflict, "{}", world.engine);
    }
}
