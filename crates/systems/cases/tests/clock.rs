//! Special procedures and extensions: exact days.

mod common;

use base::Kind;
use cases::model::State;
use cases::service;
use common::{STANDARD, World, code, end_of, kind};
use sea_orm::ConnectionTrait;

const REASON: &str = "需要现场核对";

#[tokio::test]
async fn a_special_procedure_stops_the_clock_for_exactly_its_days() {
    for world in World::both().await {
        let p = &world.platform;
        let handler = world.staff("handler").await;
        let id = world.accepted(&world.firm().await, STANDARD).await;
        let start = |name: &'static str, days| service::start_special(p, &handler, id, name, days, REASON);
        assert_eq!(code(start("专家评审", 3).await), "cases.special_not_listed");
        assert_eq!(kind(start("现场核查", 11).await), Kind::Invalid, "longer than published");
        assert_eq!(kind(start("现场核查", 0).await), Kind::Invalid);
        assert_eq!(kind(service::end_special(p, &handler, id, "没有什么结论").await), Kind::Conflict, "none runs");
        assert_eq!(kind(service::start_special(p, &world.staff("examiner").await, id, "现场核查", 3, REASON).await), Kind::Forbidden);
        world.go_to("2026-11-05").await; // Thursday
        start("现场核查", 3).await.unwrap();
        assert_eq!(world.dues(id).await, (None, None), "{}: the clock stands", world.engine);
        assert_eq!(kind(start("现场核查", 3).await), Kind::Conflict, "one at a time");
        assert_eq!(kind(service::forward(p, &handler, id, "先办").await), Kind::Conflict);
        world.go_to("2026-11-09").await; // Monday
        assert_eq!(kind(service::end_special(p, &handler, id, "").await), Kind::Invalid, "a conclusion is written");
        service::end_special(p, &handler, id, "现场与申请一致").await.unwrap();
        // Thursday, Friday, Monday do not count: 16 + 3 and 30 + 3 working days on
        assert_eq!(world.dues(id).await, (Some("2026-11-19".into()), Some("2026-12-03".into())));
        assert_eq!(flow::open_tasks(p.db.read(), id).await.unwrap()[0].due_at, end_of("2026-11-19"));
        // a second one that begins the day the first ended: that day is left out once
        start("现场核查", 3).await.unwrap();
        service::end_special(p, &handler, id, "复查无异常").await.unwrap();
        assert_eq!(world.dues(id).await.0.as_deref(), Some("2026-11-19"));
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "special_procedure", "special_procedure"]);
        assert_eq!(world.events(id).await[2..], ["cases.suspended", "cases.resumed", "cases.suspended", "cases.resumed"]);
        assert_eq!(world.state(id).await, State::InReview);
    }
}

#[tokio::test]
async fn a_special_procedure_past_its_announced_day_is_ended_by_the_clock() {
    for world in World::both().await {
        let p = &world.platform;
        let handler = world.staff("handler").await;
        let id = world.accepted(&world.firm().await, STANDARD).await;
        world.go_to("2026-11-05").await; // Thursday
        service::start_special(p, &handler, id, "现场核查", 3, REASON).await.unwrap();
        world.go_to("2026-11-10").await; // Tuesday, the third working day after: still announced
        assert_eq!((world.state(id).await, world.dues(id).await.0), (State::SpecialProcedure, None), "{}", world.engine);
        world.go_to("2026-11-13").await; // nobody looked for three days: only the announced ones do not count
        assert_eq!(world.state(id).await, State::InReview, "{}", world.engine);
        // Thursday, Friday, Monday, Tuesday: four working days on
        assert_eq!(world.dues(id).await, (Some("2026-11-20".into()), Some("2026-12-04".into())));
        assert_eq!(flow::open_tasks(p.db.read(), id).await.unwrap()[0].due_at, end_of("2026-11-20"));
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "special_procedure", "special_ended"], "the applicant is told");
        assert_eq!(world.events(id).await[2..], ["cases.suspended", "cases.resumed"], "and supervision");
        let entries = journal::entries(p.db.read(), id).await.unwrap();
        let last = entries.last().unwrap();
        assert_eq!((last.act.as_str(), last.actor_kind.as_str(), last.data["until"].as_str()), ("cases.lapse_special", "system", Some("2026-11-10")));

        // the handler still owes the conclusion, and writes it once without touching the clock
        let specials = || async { service::view(p, &handler, id).await.unwrap().case.specials().unwrap() };
        assert!(specials().await[0].lacks_conclusion());
        assert_eq!(kind(service::end_special(p, &handler, id, "").await), Kind::Invalid);
        service::end_special(p, &handler, id, "现场与申请一致").await.unwrap();
        assert_eq!(specials().await[0].conclusion.as_deref(), Some("现场与申请一致"));
        assert_eq!(kind(service::end_special(p, &handler, id, "再写一次结论").await), Kind::Conflict);
        assert_eq!(world.dues(id).await.0.as_deref(), Some("2026-11-20"));
        service::forward(p, &handler, id, "符合条件").await.unwrap();
    }
}

#[tokio::test]
async fn the_clock_ends_only_what_still_runs_and_is_over() {
    for world in World::both().await {
        let p = &world.platform;
        let handler = world.staff("handler").await;
        let firm = world.firm().await;
        let (again, gone, old) = (
            world.accepted(&firm, STANDARD).await,
            world.accepted(&world.citizen(1).await, STANDARD).await,
            world.accepted(&world.citizen(2).await, STANDARD).await,
        );
        for id in [again, gone, old] {
            service::start_special(p, &handler, id, "现场核查", 2, REASON).await.unwrap(); // until 4 November
        }
        service::withdraw(p, &world.citizen(1).await, gone, "不再需要办理").await.unwrap();
        let tx = p.db.begin().await.unwrap();
        tx.execute_unprepared("DELETE FROM job WHERE kind = 'cases.special_until'").await.unwrap();
        tx.commit().await.unwrap();
        world.set_day("2026-11-03");
        service::end_special(p, &handler, again, "现场与申请一致").await.unwrap();
        service::start_special(p, &handler, again, "现场核查", 5, REASON).await.unwrap(); // until 10 November
        // what an earlier release began gets its end at the next start, also when it is over already
        cases::system(p).start.unwrap()(p.clone()).await.unwrap();
        world.go_to("2026-11-05").await;
        assert_eq!(world.state(again).await, State::SpecialProcedure, "{}: the second one has time left", world.engine);
        assert_eq!((world.state(gone).await, world.state(old).await), (State::Withdrawn, State::InReview));
        world.go_to("2026-11-11").await;
        assert_eq!(world.state(again).await, State::InReview);
        assert!(jobs::dead(p.db.read(), 1).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_extension_happens_once_and_the_head_approves() {
    for world in World::both().await {
        let p = &world.platform;
        let (handler, head) = (world.staff("handler").await, world.staff("head").await);
        let id = world.accepted(&world.firm().await, STANDARD).await;
        let ask = |days| service::request_extension(p, &handler, id, days, "情况复杂需要延期");
        assert_eq!(kind(ask(11).await), Kind::Invalid);
        assert_eq!(kind(ask(0).await), Kind::Invalid);
        assert_eq!(code(service::approve_extension(p, &head, id, true).await), "cases.no_extension");
        ask(10).await.unwrap();
        assert_eq!(code(ask(1).await), "cases.extended", "asked for already");
        assert_eq!(world.dues(id).await.0.as_deref(), Some("2026-11-16"), "asking moves nothing");
        // a head who is a handler too does not approve the own request
        let mut both = handler.clone();
        if let (access::Actor::Staff(both), access::Actor::Staff(head)) = (&mut both, &head) {
            both.grants.extend(head.grants.clone());
        }
        assert_eq!(kind(service::approve_extension(p, &both, id, true).await), Kind::Forbidden);
        assert_eq!(kind(service::approve_extension(p, &handler, id, true).await), Kind::Forbidden, "not the head");
        service::approve_extension(p, &head, id, true).await.unwrap();
        assert_eq!(world.dues(id).await, (Some("2026-11-30".into()), Some("2026-12-14".into())), "{}: ten working days on", world.engine);
        assert_eq!(flow::open_tasks(p.db.read(), id).await.unwrap()[0].due_at, end_of("2026-11-30"));
        assert_eq!(kind(service::approve_extension(p, &head, id, true).await), Kind::Conflict, "answered twice");
        assert_eq!(code(ask(1).await), "cases.extended", "once in the life of a case");
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "extension"]);
        assert_eq!(world.events(id).await.last().unwrap(), "cases.extended");
    }
}

#[tokio::test]
async fn an_extension_begins_before_the_limit_ends() {
    for world in World::both().await {
        let p = &world.platform;
        let (handler, head) = (world.staff("handler").await, world.staff("head").await);
        let (asked, silent) = (world.accepted(&world.firm().await, STANDARD).await, world.accepted(&world.citizen(1).await, STANDARD).await);
        world.set_day("2026-11-30"); // the last day of the law
        service::request_extension(p, &handler, asked, 5, "情况复杂需要延期").await.unwrap();
        world.set_day("2026-12-01");
        assert_eq!(code(service::request_extension(p, &handler, silent, 5, "情况复杂需要延期").await), "cases.too_late");
        assert_eq!(code(service::approve_extension(p, &head, asked, true).await), "cases.too_late", "{}: asked in time, approved too late", world.engine);
        assert_eq!(world.dues(asked).await.1.as_deref(), Some("2026-11-30"));
        service::approve_extension(p, &head, asked, false).await.unwrap();
        assert_eq!(world.documents(asked).await, ["receipt", "acceptance"], "declined: nothing for the applicant");
    }
}
