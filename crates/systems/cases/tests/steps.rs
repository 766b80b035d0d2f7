//! What a drawing says about a step holds for cases: its limit in working days, which stands still with a special procedure, and
//! who is told when it begins.

mod common;

use cases::service;
use common::{STANDARD, World, date, end_of};

/// The ordinary process, with a limit and a notice on 承办.
async fn limited(world: &World) {
    let (key, drawing) = cases::processes::SUPPLIED[0];
    let plain = r#"tongban:step="handling""#;
    let drawing = drawing.replace(plain, &format!(r#"{plain} tongban:limit="3" tongban:yellow="2" tongban:notice="both""#));
    let (p, now) = (&world.platform, world.platform.now());
    let tx = p.db.begin().await.unwrap();
    p.flow.deploy_from(&tx, key, &drawing, now, now).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_limit_of_a_step_stands_still_with_a_special_procedure() {
    for world in World::both().await {
        limited(&world).await;
        let p = &world.platform;
        let handler = world.staff("handler").await;
        let id = world.accepted(&world.firm().await, STANDARD).await; // Monday 2 November
        let task = async || service::open_task(p.db.read(), id, &["handling"]).await.unwrap();
        let limit = task().await.limit().unwrap();
        assert_eq!((limit.last_day, limit.yellow_from), (date("2026-11-05"), date("2026-11-03")), "{}", world.engine);
        assert_eq!(task().await.due_at, end_of("2026-11-05"), "{}: earlier than the promise", world.engine);

        world.go_to("2026-11-03").await; // two working days left
        let name = service::view(p, &handler, id).await.unwrap().case.item.spec.special_procedures[0].name.clone();
        service::start_special(p, &handler, id, &name, 8, "需要到现场勘查").await.unwrap();
        let held = task().await;
        assert!(held.held_on.is_some() && held.due_at > end_of("2026-12-31"), "{}: nothing presses", world.engine);
        world.go_to("2026-11-10").await;
        service::end_special(p, &handler, id, "现场符合要求").await.unwrap();
        let back = task().await;
        assert_eq!((back.limit().unwrap().last_day, back.due_at, back.held_on), (date("2026-11-12"), end_of("2026-11-12"), None), "{}", world.engine);
        let near = flow::near_limit(p.db.read(), date("2026-11-11"), None, 10).await.unwrap();
        assert_eq!(near.iter().map(|t| t.id).collect::<Vec<_>>(), [back.id], "{}: watched again", world.engine);
    }
}

#[tokio::test]
async fn the_applicant_and_those_who_can_do_it_are_told_as_a_step_begins() {
    for world in World::both().await {
        limited(&world).await;
        let p = &world.platform;
        let firm = world.firm().await;
        let submitted = world.applied(&firm, STANDARD).await.case_id;
        let told = async |id| cases::store::messages(p.db.read(), id).await.unwrap();
        assert!(told(submitted).await.is_empty(), "{}: acceptance tells nobody", world.engine);
        let id = world.accepted(&firm, STANDARD).await;
        let notices = told(id).await;
        assert_eq!(notices.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["您的申请已进入“承办”环节，由测试局办理。"], "{}", world.engine);
        let party = firm.party().unwrap().party;
        assert_eq!(cases::store::messages_to(p.db.read(), party, 10).await.unwrap(), notices, "{}: on the page of one's affairs", world.engine);
        for (work_no, expected) in [("handler", 1), ("handler2", 1), ("examiner", 0), ("elsewhere-handler", 0)] {
            let staff = world.staff(work_no).await.id().unwrap();
            let copies = flow::copies(p.db.read(), staff, 10).await.unwrap();
            assert_eq!(copies.len(), expected, "{}: {work_no}", world.engine);
            if let Some(copy) = copies.first() {
                assert!(copy.business == id && copy.note.as_deref().is_some_and(|note| note.contains("2026年11月5日")), "{copy:?}");
                let tx = p.db.begin().await.unwrap();
                flow::read_copies(&tx, staff, p.now()).await.unwrap();
                tx.commit().await.unwrap();
                assert!(flow::copies(p.db.read(), staff, 10).await.unwrap()[0].read_at.is_some(), "{}", world.engine);
            }
        }
        let acts: Vec<String> = journal::entries(p.db.read(), id).await.unwrap().into_iter().map(|e| e.act).collect();
        assert!(acts.contains(&"cases.notice".to_owned()), "{}: in the journal", world.engine);
        assert!(journal::verify_chain(p.db.read(), id).await.unwrap().is_ok(), "{}", world.engine);
        // Whoever was shown a case may open it, also from outside the posts that handle it.
        let stranger = world.staff("elsewhere-handler").await;
        assert!(service::view(p, &stranger, id).await.is_err());
        let task = service::open_task(p.db.read(), id, &["handling"]).await.unwrap();
        let tx = p.db.begin().await.unwrap();
        flow::send_copies(&tx, &task, &[(stranger.id().unwrap(), stranger.name())], Some("请知悉"), "测试", p.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(service::view(p, &stranger, id).await.is_ok(), "{}", world.engine);
    }
}

#[tokio::test]
async fn a_suspended_process_waits_for_the_head() {
    for world in World::both().await {
        let p = &world.platform;
        let (handler, head) = (world.staff("handler").await, world.staff("head").await);
        let id = world.accepted(&world.firm().await, STANDARD).await;
        assert!(service::suspend(p, &handler, id, "管辖有争议").await.is_err(), "{}: only the head", world.engine);
        assert!(service::suspend(p, &head, id, " ").await.is_err(), "with a reason");
        service::suspend(p, &head, id, "管辖有争议").await.unwrap();
        assert_eq!(common::code(service::forward(p, &handler, id, "符合条件").await), "flow.suspended", "{}", world.engine);
        let task = service::open_task(p.db.read(), id, &["handling"]).await.unwrap();
        assert_eq!(common::code(service::claim(p, &handler, task.id).await), "flow.suspended", "{}: not even taken", world.engine);
        service::resume(p, &head, id).await.unwrap();
        assert_eq!(common::code(service::resume(p, &head, id).await), "flow.not_suspended");
        service::forward(p, &handler, id, "符合条件").await.unwrap();
    }
}
