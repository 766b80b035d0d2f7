//! 受理: who may accept, one notice of everything, its answer, and what silence means.

mod common;

use base::Kind;
use cases::model::{CaseClock, CorrectionItem, State};
use cases::service::{self, Replacement};
use common::{STANDARD, World, code, end_of, kind, pairs, pdf_file};
use uuid::Uuid;

fn ask(target: &str) -> CorrectionItem {
    CorrectionItem { target: target.into(), name: target.into(), what: "与证件不一致，请更正".into() }
}

fn files(targets: &[&str]) -> Replacement {
    Replacement { answers: Default::default(), files: targets.iter().map(|t| pdf_file(t)).collect() }
}

async fn accepted_on(world: &World, id: Uuid) -> String {
    let clock: CaseClock = serde_json::from_str(world.row(id).await.clock.as_deref().unwrap()).unwrap();
    clock.accepted_on.to_string()
}

#[tokio::test]
async fn only_the_post_accepts() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = world.applied(&firm, STANDARD).await.case_id;
        for work_no in ["handler", "approver", "elsewhere-window"] {
            assert_eq!(kind(service::accept(p, &world.staff(work_no).await, id, "").await), Kind::Forbidden, "{work_no}");
        }
        assert_eq!(kind(service::accept(p, &firm, id, "").await), Kind::Forbidden, "the applicant");
        assert_eq!(kind(service::accept(p, &access::Actor::Anonymous, id, "").await), Kind::Unauthenticated);
        assert_eq!(world.state(id).await, State::Submitted, "{}", world.engine);
        let window = world.staff("window").await;
        service::accept(p, &window, id, "").await.unwrap();
        assert_eq!(kind(service::accept(p, &window, id, "").await), Kind::Conflict, "twice");
        assert_eq!(world.dues(id).await, (Some("2026-11-16".into()), Some("2026-11-30".into())), "ten and twenty working days");
    }
}

#[tokio::test]
async fn a_second_notice_speaks_only_of_what_was_replaced() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let id = world.applied(&firm, STANDARD).await.case_id;
        assert_eq!(code(service::request_correction(p, &window, id, vec![ask("material_9")]).await), "cases.not_listed");
        assert_eq!(kind(service::request_correction(p, &window, id, vec![]).await), Kind::Invalid);
        service::request_correction(p, &window, id, vec![ask("material_0")]).await.unwrap();
        assert_eq!(kind(service::accept(p, &window, id, "").await), Kind::Conflict, "it is the applicant's turn");
        assert_eq!(kind(service::submit_correction(p, &firm, id, files(&[])).await), Kind::Invalid);
        assert_eq!(code(service::submit_correction(p, &firm, id, files(&["material_1"])).await), "cases.not_listed");
        let other = Replacement { answers: pairs(&[("area", "90")]), files: vec![] };
        assert_eq!(code(service::submit_correction(p, &firm, id, other).await), "cases.unknown_field");
        assert_eq!(kind(service::submit_correction(p, &world.citizen(1).await, id, files(&["material_0"])).await), Kind::NotFound);
        service::submit_correction(p, &firm, id, files(&["material_0"])).await.unwrap();
        assert_eq!(code(service::request_correction(p, &window, id, vec![ask("material_1")]).await), "cases.second_correction");
        service::request_correction(p, &window, id, vec![ask("material_0")]).await.unwrap();
        service::submit_correction(p, &firm, id, files(&["material_0"])).await.unwrap();
        service::accept(p, &window, id, "").await.unwrap();
        assert_eq!(world.documents(id).await, ["receipt", "correction", "correction", "acceptance"]);
        let events = world.events(id).await;
        let rounds = ["cases.correction_requested", "cases.corrected", "cases.correction_requested", "cases.corrected"];
        assert_eq!(events[1..5], rounds, "{}", world.engine);
    }
}

#[tokio::test]
async fn a_field_that_depends_on_another_can_be_corrected_alone() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let id = world.applied(&firm, STANDARD).await.case_id;
        service::request_correction(p, &window, id, vec![ask("field_owner")]).await.unwrap();
        let answer = |given: &[(&str, &str)]| Replacement { answers: pairs(given), files: vec![] };
        assert_eq!(kind(service::submit_correction(p, &firm, id, answer(&[("owner", " ")])).await), Kind::Invalid, "emptied is not corrected");
        service::submit_correction(p, &firm, id, answer(&[("owner", " 测试丁 ")])).await.unwrap();
        let view = service::view(p, &firm, id).await.unwrap();
        assert_eq!(view.case.answers["owner"], "测试丁", "{}", world.engine);
        assert_eq!(view.case.answers["rented"], "yes", "the rest stays");
    }
}

#[tokio::test]
async fn a_correction_that_makes_another_needless_is_complete() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let id = world.applied(&firm, STANDARD).await.case_id;
        service::request_correction(p, &window, id, vec![ask("field_rented"), ask("field_owner")]).await.unwrap();
        service::submit_correction(p, &firm, id, Replacement { answers: pairs(&[("rented", "no")]), files: vec![] }).await.unwrap();
        let view = service::view(p, &firm, id).await.unwrap();
        assert_eq!((view.case.state, view.case.answers.contains_key("owner")), (State::Submitted, false), "{}", world.engine);
    }
}

#[tokio::test]
async fn a_ticked_box_can_be_corrected_to_unticked() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let id = world.applied(&firm, STANDARD).await.case_id;
        service::request_correction(p, &window, id, vec![ask("field_kitchen"), ask("field_trades"), ask("field_contact")]).await.unwrap();
        let send = |given: &[(&str, &str)]| service::submit_correction(p, &firm, id, Replacement { answers: pairs(given), files: vec![] });
        assert_eq!(kind(send(&[("contact", "测试丙"), ("kitchen", "")]).await), Kind::Invalid, "the list of boxes was not sent at all");
        assert_eq!(kind(send(&[("contact", ""), ("kitchen", ""), ("trades", "")]).await), Kind::Invalid, "emptied text is not corrected");
        send(&[("contact", "测试丙"), ("kitchen", ""), ("trades", "")]).await.unwrap();
        let answers = service::view(p, &firm, id).await.unwrap().case.answers;
        assert!(answers["kitchen"] == false && !answers.contains_key("trades"), "{}: {answers:?}", world.engine);
        assert_eq!(answers["contact"], "测试丙");
    }
}

#[tokio::test]
async fn the_limit_of_the_turn_is_the_limit_in_the_work_list() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let id = world.applied(&firm, STANDARD).await.case_id;
        let due = || async { flow::open_tasks(p.db.read(), id).await.unwrap()[0].due_at };
        assert_eq!(due().await, end_of("2026-11-09"), "five working days to accept");
        service::request_correction(p, &window, id, vec![ask("material_0")]).await.unwrap();
        assert_eq!(due().await, end_of("2026-11-23"), "{}: fifteen to correct", world.engine);
        world.go_to("2026-11-20").await;
        service::submit_correction(p, &firm, id, files(&["material_0"])).await.unwrap();
        assert_eq!(due().await, end_of("2026-11-27"), "five again");
        service::accept(p, &window, id, "").await.unwrap();
        assert_eq!(due().await, end_of(world.row(id).await.promised_due.as_deref().unwrap()));
    }
}

#[tokio::test]
async fn an_uncorrected_application_lapses_by_itself() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = world.applied(&firm, STANDARD).await.case_id;
        service::request_correction(p, &world.staff("window").await, id, vec![ask("material_0")]).await.unwrap();
        world.go_to("2026-11-23").await;
        assert_eq!(world.state(id).await, State::CorrectionOpen, "the whole of the last day counts");
        world.go_to("2026-11-24").await;
        assert_eq!(world.state(id).await, State::Lapsed, "{}", world.engine);
        assert_eq!(kind(service::submit_correction(p, &firm, id, files(&["material_0"])).await), Kind::Conflict, "too late");
        assert_eq!(world.events(id).await.last().unwrap(), "cases.closed");
        world.applied(&firm, STANDARD).await; // may apply again
    }
}

#[tokio::test]
async fn silence_accepts_as_of_the_day_the_papers_came() {
    for world in World::both().await {
        let p = &world.platform;
        let (firm, window) = (world.firm().await, world.staff("window").await);
        let silent = world.applied(&firm, STANDARD).await.case_id;
        let answered = world.accepted(&world.citizen(1).await, STANDARD).await;
        let corrected = world.applied(&world.citizen(2).await, STANDARD).await.case_id;
        service::request_correction(p, &window, corrected, vec![ask("material_0")]).await.unwrap();
        world.go_to("2026-11-09").await;
        assert_eq!(world.state(silent).await, State::Submitted, "the fifth day is not over");
        service::submit_correction(p, &world.citizen(2).await, corrected, files(&["material_0"])).await.unwrap();
        world.go_to("2026-11-10").await;
        assert_eq!(world.state(silent).await, State::InReview, "{}", world.engine);
        assert_eq!(accepted_on(&world, silent).await, "2026-11-02");
        assert_eq!(world.dues(silent).await, (Some("2026-11-16".into()), Some("2026-11-30".into())));
        assert_eq!(world.documents(silent).await, ["receipt", "acceptance"]);
        assert_eq!(world.documents(answered).await, ["receipt", "acceptance"], "accepted in time, left alone");
        assert_eq!(kind(service::accept(p, &window, silent, "").await), Kind::Conflict);
        // after a correction the papers came on the day of the correction
        assert_eq!(world.state(corrected).await, State::Submitted);
        world.go_to("2026-11-17").await;
        assert_eq!(accepted_on(&world, corrected).await, "2026-11-09");
        assert_eq!(world.dues(corrected).await.0.as_deref(), Some("2026-11-23"));
    }
}
