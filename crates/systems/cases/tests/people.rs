//! Who works on a case: one decision, separate layers, taken and handed-on work, and lists that show only one's own.

mod common;

use std::collections::HashSet;

use access::Actor;
use base::Kind;
use cases::model::State;
use cases::permissions::VIEW;
use cases::service::{self, Decision};
use cases::store::{GovCase, ListFilter};
use common::{STANDARD, World, code, kind};
use flow::WorkFilter;
use uuid::Uuid;

/// Somebody with the posts of both.
fn with_posts_of(one: &Actor, other: &Actor) -> Actor {
    let mut both = one.clone();
    if let (Actor::Staff(both), Actor::Staff(other)) = (&mut both, other) {
        both.grants.extend(other.grants.clone());
    }
    both
}

#[tokio::test]
async fn two_approvers_at_once_make_one_decision() {
    for world in World::both().await {
        let p = &world.platform;
        let (one, two) = (world.staff("approver").await, world.staff("approver2").await);
        for n in 0..5 {
            let id = world.at_approval(&world.citizen(n).await).await;
            let refuse = Decision::Refuse { facts: String::new(), reasons: "没有固定的经营场所".into() };
            let (a, b) = tokio::join!(service::decide(p, &one, id, "准予", Decision::Grant), service::decide(p, &two, id, "不予", refuse));
            let expected = if a.is_ok() { State::Granted } else { State::Refused };
            assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", world.engine);
            assert_eq!(a.and(b).unwrap_err().kind(), Kind::Conflict, "{}", world.engine);
            assert_eq!(world.state(id).await, expected);
            let decided = world.events(id).await.into_iter().filter(|t| t == "cases.decided").count();
            assert_eq!((decided, world.documents(id).await.len()), (1, 3), "one decision, one document");
        }
    }
}

#[tokio::test]
async fn a_withdrawal_and_a_decision_at_once_leave_one_of_them() {
    for world in World::both().await {
        let p = &world.platform;
        let approver = world.staff("approver").await;
        for n in 0..3 {
            let who = world.citizen(n).await;
            let id = world.at_approval(&who).await;
            let (withdrawn, decided) = tokio::join!(service::withdraw(p, &who, id, ""), service::decide(p, &approver, id, "准予", Decision::Grant));
            assert!(withdrawn.is_ok() != decided.is_ok(), "{}: {withdrawn:?} {decided:?}", world.engine);
            let row = world.row(id).await;
            assert_eq!(row.result.is_some(), world.state(id).await == State::Granted, "a licence exactly with a grant");
        }
    }
}

#[tokio::test]
async fn nobody_acts_in_two_layers_or_on_their_own_case() {
    for world in World::both().await {
        let p = &world.platform;
        let (handler, examiner) = (world.staff("handler").await, world.staff("examiner").await);
        let both = with_posts_of(&handler, &examiner);
        let firm = world.firm().await;
        let id = world.accepted(&firm, STANDARD).await;
        service::forward(p, &both, id, "符合条件").await.unwrap();
        assert_eq!(code(service::forward(p, &both, id, "同意").await), "cases.same_person");
        assert_eq!(code(world.sent_back(&both, id, "自己退自己").await), "cases.same_person", "sending back is acting, too");
        // the other way round: sent back as examiner, then not handled by the same person
        let second = world.accepted(&firm, STANDARD).await;
        service::forward(p, &world.staff("handler2").await, second, "符合条件").await.unwrap();
        let both = with_posts_of(&examiner, &handler);
        world.sent_back(&both, second, "材料不全").await.unwrap();
        assert_eq!(code(service::forward(p, &both, second, "我来承办").await), "cases.same_person", "{}", world.engine);
        service::forward(p, &handler, second, "重新承办").await.unwrap();
        service::forward(p, &both, second, "同意").await.unwrap();

        // 回避
        let mut own = world.staff("approver").await;
        if let (Actor::Staff(own), Actor::Party(party)) = (&mut own, &firm) {
            own.own_party = Some(party.party);
        }
        assert_eq!(kind(service::decide(p, &own, second, "准予", Decision::Grant).await), Kind::Forbidden);
        let task = service::open_task(p.db.read(), second, &["approval"]).await.unwrap();
        assert_eq!(kind(service::claim(p, &own, task.id).await), Kind::Forbidden);
    }
}

#[tokio::test]
async fn a_taken_task_is_its_takers_until_given_back_or_handed_on() {
    for world in World::both().await {
        let p = &world.platform;
        let (one, two) = (world.staff("window").await, world.staff("window2").await);
        let id = world.applied(&world.firm().await, STANDARD).await.case_id;
        let task = service::open_task(p.db.read(), id, &["acceptance"]).await.unwrap().id;
        assert_eq!(kind(service::claim(p, &world.staff("handler").await, task).await), Kind::Forbidden);
        assert_eq!(kind(service::claim(p, &world.staff("elsewhere-window").await, task).await), Kind::Forbidden);
        let (a, b) = tokio::join!(service::claim(p, &one, task), service::claim(p, &two, task));
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", world.engine);
        let (taker, other) = if a.is_ok() { (&one, &two) } else { (&two, &one) };
        assert_eq!(code(service::accept(p, other, id, "").await), "flow.taken");
        assert_eq!(kind(service::release(p, other, task).await), Kind::Conflict, "not theirs to give back");
        service::release(p, taker, task).await.unwrap();
        service::claim(p, other, task).await.unwrap();
        // handing on: with a reason, to somebody with the post, in the same body
        let id_of = |actor: &Actor| actor.id().unwrap();
        assert_eq!(kind(service::transfer(p, other, task, id_of(taker), " ").await), Kind::Invalid);
        for wrong in ["handler", "elsewhere-window"] {
            let wrong = world.staff(wrong).await;
            assert_eq!(kind(service::transfer(p, other, task, id_of(&wrong), "请假").await), Kind::Invalid);
        }
        assert_eq!(code(service::transfer(p, taker, task, id_of(other), "抢件").await), "flow.taken", "not theirs to hand on");
        service::transfer(p, other, task, id_of(taker), "请假").await.unwrap();
        assert_eq!(code(service::accept(p, other, id, "").await), "flow.taken", "handed on");
        service::accept(p, taker, id, "").await.unwrap();
    }
}

#[tokio::test]
async fn lists_are_scoped_and_their_pages_complete() {
    for world in World::both().await {
        let p = &world.platform;
        let mut expected = HashSet::new();
        for n in 0..12 {
            expected.insert(world.applied(&world.citizen(n % 3).await, STANDARD).await.case_id);
        }
        let window = world.staff("window").await;
        let seen: Vec<Uuid> = testing::there_and_back(async |after| {
            let page = flow::worklist(p.db.read(), &window, &WorkFilter { after, size: 5, ..WorkFilter::default() }).await.unwrap();
            assert!(page.items.len() <= 5);
            (page.items.iter().map(|t| t.business).collect(), page.previous, page.next)
        })
        .await;
        assert_eq!((seen.len(), seen.into_iter().collect::<HashSet<_>>()), (12, expected.clone()), "{}: same due moment, none lost or doubled", world.engine);
        let first_page = WorkFilter { size: 50, ..WorkFilter::default() };
        for work_no in ["elsewhere-window", "elsewhere-handler", "handler", "approver"] {
            let list = flow::worklist(p.db.read(), &world.staff(work_no).await, &first_page).await.unwrap();
            assert!(list.items.is_empty(), "{work_no}");
        }
        assert!(flow::worklist(p.db.read(), &Actor::Anonymous, &first_page).await.unwrap().items.is_empty());

        // the cases themselves, by what the reader may see
        let cases_of = |actor: Actor| async move {
            let columns = access::ScopeColumns { region: GovCase::Region, body: Some(GovCase::BodyId), item: Some(GovCase::ItemId) };
            let condition = actor.filter(VIEW, &columns);
            testing::there_and_back(async |after| {
                let page = cases::store::list(p.db.read(), ListFilter { condition: Some(condition.clone()), after, size: 5 }).await.unwrap();
                (page.items.into_iter().map(|row| row.id).collect(), page.previous, page.next)
            })
            .await
        };
        let all = cases_of(window).await;
        assert_eq!((all.len(), all.into_iter().collect::<HashSet<_>>()), (12, expected.clone()));
        assert!(cases_of(world.staff("elsewhere-handler").await).await.is_empty());
        let stranger = world.staff("elsewhere-handler").await;
        for id in expected.iter().take(1) {
            assert_eq!(kind(service::view(p, &stranger, *id).await), Kind::NotFound);
        }
        // a party's own, page by page
        let one = world.citizen(0).await;
        let first = service::my_cases(p, &one, None, 3).await.unwrap();
        let second = service::my_cases(p, &one, first.next, 3).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next.is_none()), (3, 1, true));
    }
}

/// A member of staff as they are when a colleague, with what is handed on, is away.
fn deputy_of(deputy: &Actor, away: &Actor, permission: &str) -> Actor {
    let (Actor::Staff(mut deputy), Actor::Staff(away)) = (deputy.clone(), away.clone()) else { panic!("staff") };
    let grants = away.grants.into_iter().filter(|g| g.permission == permission).collect();
    deputy.deputy.of.push(access::Principal { staff: away.staff, name: away.name, own_party: away.own_party, grants });
    Actor::Staff(deputy)
}

#[tokio::test]
async fn a_deputy_does_the_work_of_whoever_is_away_and_both_count() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let (handler, examiner, window) = (world.staff("handler").await, world.staff("examiner").await, world.staff("window").await);
        let deputy = deputy_of(&window, &examiner, "cases.examine");
        let first = WorkFilter { size: 50, ..WorkFilter::default() };

        // offered to the post of whoever is away, and taken by name before they left
        let id = world.accepted(&firm, STANDARD).await;
        service::forward(p, &handler, id, "符合条件").await.unwrap();
        assert_eq!(code(service::forward(p, &window, id, "同意").await), "access.forbidden", "{}: not without being asked", world.engine);
        let listed = flow::worklist(p.db.read(), &deputy, &first).await.unwrap();
        assert_eq!(listed.items.iter().map(|t| t.business).collect::<Vec<_>>(), [id], "{}", world.engine);
        let task = service::open_task(p.db.read(), id, &["examination"]).await.unwrap();
        service::claim(p, &examiner, task.id).await.unwrap();
        let mine = flow::worklist(p.db.read(), &deputy, &WorkFilter { mine: true, ..first.clone() }).await.unwrap();
        assert_eq!(mine.items.len(), 1, "what they had taken waits for the deputy");
        assert!(service::view(p, &deputy, id).await.unwrap().task_for(&deputy).is_some());
        service::forward(p, &deputy, id, "同意").await.unwrap();
        let name = "测试window（代测试examiner）";
        let done = flow::tasks(p.db.read(), id).await.unwrap().into_iter().find(|t| t.step == "examination").unwrap();
        assert_eq!((done.done_by_name.as_deref(), done.done_by), (Some(name), window.id()), "{}: the work list", world.engine);
        let entry = journal::entries(p.db.read(), id).await.unwrap().pop().unwrap();
        assert_eq!((entry.actor_name.as_str(), entry.act.as_str()), (name, "cases.forward"), "{}: the journal", world.engine);

        // whoever was away counts as having examined, too
        let back = with_posts_of(&examiner, &world.staff("approver").await);
        assert_eq!(code(service::decide(p, &back, id, "准予", Decision::Grant).await), "cases.same_person", "{}", world.engine);
        // and a deputy brings along what they did themselves: whoever handled does not examine for another
        let second = world.accepted(&firm, STANDARD).await;
        service::forward(p, &handler, second, "符合条件").await.unwrap();
        let handled = deputy_of(&handler, &examiner, "cases.examine");
        assert_eq!(code(service::forward(p, &handled, second, "同意").await), "cases.same_person", "{}", world.engine);
        // nor for one who handled it
        let both = with_posts_of(&handler, &examiner);
        let for_handler = deputy_of(&window, &both, "cases.examine");
        assert_eq!(code(service::forward(p, &for_handler, second, "同意").await), "cases.same_person", "{}: the principal's layer", world.engine);

        // the own case of whoever is away is not handled by their deputy either
        let (Actor::Staff(mut own), Actor::Party(party)) = (examiner.clone(), &firm) else { panic!("staff and party") };
        own.own_party = Some(party.party);
        let for_own = deputy_of(&window, &Actor::Staff(own), "cases.examine");
        assert_eq!(kind(service::forward(p, &for_own, second, "同意").await), Kind::Forbidden, "{}: 回避", world.engine);
        let task = service::open_task(p.db.read(), second, &["examination"]).await.unwrap();
        assert_eq!(kind(service::claim(p, &for_own, task.id).await), Kind::Forbidden);
        // taken for the principal, who has it when they are back
        service::claim(p, &deputy, task.id).await.unwrap();
        assert_eq!(service::open_task(p.db.read(), second, &["examination"]).await.unwrap().assignee, examiner.id());
        service::forward(p, &examiner, second, "同意").await.unwrap();
    }
}

#[tokio::test]
async fn work_goes_back_to_whichever_earlier_step_is_chosen() {
    for world in World::both().await {
        let p = &world.platform;
        let id = world.at_approval(&world.firm().await).await;
        let approver = world.staff("approver").await;
        let view = service::view(p, &approver, id).await.unwrap();
        let task = view.task_for(&approver).unwrap().clone();
        let ways: Vec<String> = service::ways_back(p.db.read(), &view.case, &task).await.unwrap().into_iter().map(|way| way.name).collect();
        assert_eq!(ways, ["审查", "承办"], "{}: the latest first, never back to acceptance", world.engine);
        assert_eq!(kind(service::send_back(p, &approver, task.id, "退", None, false).await), Kind::Invalid, "with a reason");
        assert_eq!(kind(service::send_back(p, &approver, task.id, "请重办", Some("acceptance"), false).await), Kind::Invalid);
        assert_eq!(kind(service::send_back(p, &world.staff("examiner").await, task.id, "请重办", None, false).await), Kind::Forbidden);
        service::send_back(p, &approver, task.id, "请重新核查场所", Some("handling"), false).await.unwrap();
        let open = flow::open_tasks(p.db.read(), id).await.unwrap();
        assert_eq!(open.iter().map(|t| t.step.as_str()).collect::<Vec<_>>(), ["handling"], "{}", world.engine);
        let course = designs::course(p, id, &flow::tasks(p.db.read(), id).await.unwrap()).await.unwrap().unwrap();
        assert_eq!(course.ahead.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["审查", "审批"], "{}: both are to come again", world.engine);
    }
}
