//! Corrections, silence, special procedures and extensions: the legal clock through the whole program, on both engines.

mod common;

use base::Kind;
use cases::model::{CorrectionItem, State};
use cases::service::{self, Replacement};
use common::{Browser, World};
use tongban::demo;

const FOOD: &str = "食品经营许可（首次申请）";

fn correction(target: &str, what: &str) -> CorrectionItem {
    CorrectionItem { target: target.into(), name: "申请书".into(), what: what.into() }
}

#[tokio::test]
async fn corrections_are_asked_for_once_and_answered() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let window = world.staff("window01").await;
        let id = world.applied(&firm, FOOD).await.case_id;
        let asked = service::request_correction(p, &window, id, vec![correction("material_99", "另附其他证明")]).await;
        assert_eq!(asked.unwrap_err().code(), "cases.not_listed");
        service::request_correction(p, &window, id, vec![correction("material_0", "缺少签名页，请补充")]).await.unwrap();
        assert_eq!(world.state(id).await, State::CorrectionOpen);
        // nothing sent, something else sent, somebody else sends
        assert_eq!(service::submit_correction(p, &firm, id, Replacement::default()).await.unwrap_err().kind(), Kind::Invalid);
        let other = Replacement { answers: Default::default(), files: vec![demo::file("material_1", "别的.pdf")] };
        assert_eq!(service::submit_correction(p, &firm, id, other).await.unwrap_err().code(), "cases.not_listed");
        let right = || Replacement { answers: Default::default(), files: vec![demo::file("material_0", "签名页.pdf")] };
        let stranger = world.citizen("45030219910101001").await;
        assert_eq!(service::submit_correction(p, &stranger, id, right()).await.unwrap_err().kind(), Kind::NotFound);
        service::submit_correction(p, &firm, id, right()).await.unwrap();
        assert_eq!(world.state(id).await, State::Submitted);
        let item = catalog::published(p, world.item(FOOD)).await.unwrap();
        let later = (1..).zip(item.spec.materials.iter().skip(1)).find(|(_, m)| m.exempt.is_empty()).unwrap().0;
        let second = service::request_correction(p, &window, id, vec![correction(&format!("material_{later}"), "现在才看到缺页")]).await;
        assert_eq!(second.unwrap_err().code(), "cases.second_correction");
        service::accept(p, &window, id, "").await.unwrap();
    }
}

#[tokio::test]
async fn an_uncorrected_application_lapses_by_itself() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        service::request_correction(p, &world.staff("window01").await, id, vec![correction("material_0", "缺少签名页，请补充")]).await.unwrap();
        world.go_to("2026-11-23").await; // the fifteenth working day after 2 November still counts
        assert_eq!(world.state(id).await, State::CorrectionOpen, "{}", world.engine);
        world.go_to("2026-11-24").await;
        assert_eq!(world.state(id).await, State::Lapsed, "{}", world.engine);
        assert!(journal::verify_chain(p.db.read(), id).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_special_procedure_that_ran_out_is_told_and_its_light_comes_back() {
    for world in World::both().await {
        let p = world.platform();
        let id = world.applied(&world.firm().await, FOOD).await.case_id;
        service::accept(p, &world.staff("window01").await, id, "").await.unwrap();
        let special = catalog::published(p, world.item(FOOD)).await.unwrap().spec.special_procedures[0].clone();
        service::start_special(p, &world.staff("handler01").await, id, &special.name, 3, "需要现场核对").await.unwrap();
        world.go_to("2026-11-05").await;
        let watched = || async { supervision::store::watch(p.db.read(), id).await.unwrap().unwrap().dates };
        assert!(watched().await.promised_due.is_none() && watched().await.special_due.is_some(), "{}: no light", world.engine);
        world.go_to("2026-11-06").await;
        let dates = watched().await;
        assert_eq!(dates.promised_due.map(|day| day.to_string()), world.row(id).await.promised_due, "{}", world.engine);
        assert!(supervision::model::light(p.today(), &dates).is_some() && dates.special_due.is_none());
        // both sides see it: the applicant a document, the handler what is still to be written
        let (mut handler, mut firm) = (Browser::of(&world, "handler01").await, Browser::of(&world, &demo::accounts()[2].0).await);
        let page = handler.get(&format!("/work/cases/{id}")).await.body;
        assert!(page.contains("特别程序期满告知书") && page.contains("补录结论"), "{}", world.engine);
        assert_ne!(firm.get(&format!("/my/cases/{id}")).await.status, axum::http::StatusCode::OK, "another firm's");
        service::end_special(p, &world.staff("handler01").await, id, "现场与申请一致").await.unwrap();
        assert!(!handler.get(&format!("/work/cases/{id}")).await.body.contains("补录结论"));
    }
}

#[tokio::test]
async fn five_days_of_silence_are_acceptance_from_the_day_of_submission() {
    for world in World::both().await {
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        let accepted = world.applied(&world.citizen("45030219910101001").await, "个体工商户设立登记").await.case_id;
        service::accept(world.platform(), &world.staff("window01").await, accepted, "").await.unwrap();
        world.go_to("2026-11-09").await;
        assert_eq!(world.state(id).await, State::Submitted);
        world.go_to("2026-11-10").await;
        assert_eq!(world.state(id).await, State::InReview, "{}", world.engine);
        let clock: cases::model::CaseClock = serde_json::from_str(world.row(id).await.clock.as_deref().unwrap()).unwrap();
        assert_eq!(clock.accepted_on.to_string(), "2026-11-02");
        assert_eq!(world.state(accepted).await, State::InReview, "what was accepted in time is left alone");
    }
}

#[tokio::test]
async fn special_procedures_stop_the_clock_and_extensions_happen_once() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let (handler, head) = (world.staff("handler01").await, world.staff("head01").await);
        let id = world.applied(&firm, FOOD).await.case_id;
        service::accept(p, &world.staff("window01").await, id, "").await.unwrap();
        let due = world.row(id).await.promised_due.unwrap();
        let item = catalog::published(p, world.item(FOOD)).await.unwrap();
        let special = item.spec.special_procedures.first().expect("the item lists a special procedure").clone();
        assert_eq!(service::start_special(p, &handler, id, "没有公布的程序", 3, "需要现场核对").await.unwrap_err().code(), "cases.special_not_listed");
        assert_eq!(service::start_special(p, &handler, id, &special.name, special.days + 1, "需要现场核对").await.unwrap_err().kind(), Kind::Invalid);
        world.go_to("2026-11-03").await;
        service::start_special(p, &handler, id, &special.name, 3, "需要现场核对").await.unwrap();
        assert_eq!(world.row(id).await.promised_due, None, "the clock stands still");
        assert_eq!(service::forward(p, &handler, id, "先办").await.unwrap_err().kind(), Kind::Conflict);
        world.go_to("2026-11-05").await;
        service::end_special(p, &handler, id, "现场情况与申请一致").await.unwrap();
        let after = world.row(id).await.promised_due.unwrap();
        // Tuesday to Thursday: three working days do not count
        assert_eq!(p.calendar.between(due.parse().unwrap(), after.parse().unwrap()).unwrap(), 3, "{}", world.engine);

        assert_eq!(service::request_extension(p, &handler, id, 11, "情况复杂需要延期").await.unwrap_err().kind(), Kind::Invalid);
        service::request_extension(p, &handler, id, 5, "情况复杂需要延期").await.unwrap();
        assert_eq!(service::request_extension(p, &handler, id, 5, "情况复杂需要延期").await.unwrap_err().code(), "cases.extended");
        assert_eq!(service::approve_extension(p, &handler, id, true).await.unwrap_err().kind(), Kind::Forbidden, "not the head");
        service::approve_extension(p, &head, id, true).await.unwrap();
        let extended = world.row(id).await.promised_due.unwrap();
        assert_eq!(p.calendar.between(after.parse().unwrap(), extended.parse().unwrap()).unwrap(), 5);
        assert_eq!(service::approve_extension(p, &head, id, true).await.unwrap_err().kind(), Kind::Conflict);
    }
}

#[tokio::test]
async fn tampering_with_the_journal_shows() {
    use sea_orm::{ConnectionTrait, Statement};
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        let other = world.applied(&world.citizen("45030219910101001").await, "个体工商户设立登记").await.case_id;
        world.go_to("2026-11-03").await;
        journal::seal_past_days(&p.db, p.now()).await.unwrap();
        let day = "2026-11-02".parse().unwrap();
        assert!(journal::verify_day(p.db.read(), day).await.unwrap().is_ok());
        let sql = |text: &'static str, id| Statement::from_sql_and_values(p.db.read().get_database_backend(), text, [sea_orm::Value::from(id)]);
        let tx = p.db.begin().await.unwrap();
        tx.execute_raw(sql("UPDATE journal_entry SET label = '改写' WHERE chain = $1 AND seq = 1", id)).await.unwrap();
        tx.execute_raw(sql("DELETE FROM journal_entry WHERE chain = $1", other)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(journal::verify_chain(p.db.read(), id).await.unwrap(), Err(journal::Fault::Altered(1)));
        assert!(matches!(journal::verify_day(p.db.read(), day).await.unwrap(), Err(journal::DayFault::WrongRoot { .. })), "a chain that vanished shows");
        let report = journal::verify_all(&p.db).await.unwrap();
        assert_eq!((report.broken_chains.len(), report.broken_days.len()), (1, 1));
    }
}

#[tokio::test]
async fn a_taken_task_is_its_takers_until_given_back() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        let (window, bureau) = (world.staff("window01").await, world.staff("D24-window").await);
        let task = service::open_task(p.db.read(), id, &["acceptance"]).await.unwrap();
        service::claim(p, &window, task.id).await.unwrap();
        assert_eq!(service::accept(p, &bureau, id, "").await.unwrap_err().code(), "flow.taken");
        assert_eq!(service::claim(p, &bureau, task.id).await.unwrap_err().kind(), Kind::Conflict);
        service::release(p, &window, task.id).await.unwrap();
        service::accept(p, &bureau, id, "").await.unwrap();
        // the work list shows each their own, and nothing of other bodies
        let list = |actor: access::Actor| async move { flow::worklist(p.db.read(), &actor, &flow::WorkFilter { size: 10, ..Default::default() }).await.unwrap().items };
        assert_eq!(list(world.staff("handler01").await).await.len(), 1);
        assert!(list(world.staff("handler02").await).await.is_empty());
        assert!(list(world.staff("examiner01").await).await.is_empty());
    }
}
