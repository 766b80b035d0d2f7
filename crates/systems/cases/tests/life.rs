//! The whole life of a case under each process, with its documents and what the others are told.

mod common;

use base::Kind;
use cases::model::{ResultRef, State};
use cases::service::{self, Decision};
use common::{INSTANT, STANDARD, TWO_STEP, World, code, kind};

fn refusal(reasons: &str) -> Decision {
    Decision::Refuse { facts: "现场没有固定场所".into(), reasons: reasons.into() }
}

#[tokio::test]
async fn three_layers_grant_and_deliver() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = world.at_approval(&firm).await;
        let approver = world.staff("approver").await;
        world.sent_back(&approver, id, "请补充意见").await.unwrap();
        service::forward(p, &world.staff("examiner").await, id, "已补充").await.unwrap();
        service::decide(p, &approver, id, "准予", Decision::Grant).await.unwrap();
        assert_eq!(world.state(id).await, State::Granted);
        let result: ResultRef = serde_json::from_str(world.row(id).await.result.as_deref().unwrap()).unwrap();
        assert_eq!(result.number, world.row(id).await.case_no, "issued in the very transaction of the decision");
        assert_eq!(kind(service::decide(p, &world.staff("approver2").await, id, "准予", Decision::Grant).await), Kind::Conflict, "decided twice");
        assert_eq!(kind(service::deliver(p, &world.citizen(1).await, id, "自行下载").await), Kind::NotFound);
        service::deliver(p, &firm, id, "自行下载").await.unwrap();
        service::deliver(p, &firm, id, "再次下载").await.unwrap();
        assert_eq!(world.state(id).await, State::Delivered);
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "grant", "delivery"], "{}: delivered once", world.engine);
        assert_eq!(world.events(id).await, ["cases.submitted", "cases.accepted", "cases.decided", "cases.delivered"]);
        assert!(flow::open_tasks(p.db.read(), id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn two_layers_refuse_with_reasons() {
    for world in World::both().await {
        let p = &world.platform;
        let id = world.accepted(&world.firm().await, TWO_STEP).await;
        let (handler, approver) = (world.staff("handler").await, world.staff("approver").await);
        service::forward(p, &handler, id, "不符合条件").await.unwrap();
        world.sent_back(&approver, id, "请写明事实").await.unwrap();
        service::forward(p, &handler, id, "已写明").await.unwrap();
        assert_eq!(kind(service::decide(p, &approver, id, "不予", refusal(" ")).await), Kind::Invalid, "a refusal has reasons");
        assert_eq!(kind(service::decide(p, &handler, id, "不予", refusal("没有固定的经营场所")).await), Kind::Forbidden);
        service::decide(p, &approver, id, "不予", refusal("没有固定的经营场所")).await.unwrap();
        let row = world.row(id).await;
        assert_eq!((world.state(id).await, row.result), (State::Refused, None), "{}: nothing is issued", world.engine);
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "refusal"]);
        assert_eq!(world.events(id).await, ["cases.submitted", "cases.accepted", "cases.decided"]);
        assert_eq!(kind(service::deliver(p, &world.firm().await, id, "自行下载").await), Kind::Conflict, "there is no result to deliver");
    }
}

#[tokio::test]
async fn on_the_spot_there_is_one_decision() {
    for world in World::both().await {
        let p = &world.platform;
        let id = world.accepted(&world.citizen(1).await, INSTANT).await;
        let approver = world.staff("approver").await;
        assert_eq!(kind(service::forward(p, &world.staff("handler").await, id, "同意").await), Kind::Conflict, "no first layer");
        assert_eq!(code(world.sent_back(&approver, id, "退回").await), "cases.no_layer");
        assert_eq!(world.row(id).await.promised_due.as_deref(), Some("2026-11-02"), "today");
        service::decide(p, &approver, id, "准予", Decision::Grant).await.unwrap();
        assert_eq!(world.state(id).await, State::Granted, "{}", world.engine);
        assert_eq!(world.documents(id).await, ["receipt", "acceptance", "grant"]);
    }
}

#[tokio::test]
async fn what_is_not_the_bodys_matter_is_not_accepted() {
    for world in World::both().await {
        let p = &world.platform;
        let window = world.staff("window").await;
        let first = world.applied(&world.firm().await, STANDARD).await.case_id;
        assert_eq!(kind(service::refuse_acceptance(p, &window, first, "", "").await), Kind::Invalid);
        service::refuse_acceptance(p, &window, first, "不属于本机关职权范围", "测试市别的局").await.unwrap();
        let second = world.applied(&world.citizen(1).await, STANDARD).await.case_id;
        service::not_needed(p, &window, second, "这种情形不需要许可").await.unwrap();
        for (id, state, document) in [(first, State::NotAccepted, "not_accepted"), (second, State::NotNeeded, "not_needed")] {
            assert_eq!(world.state(id).await, state);
            assert_eq!(world.documents(id).await, ["receipt", document]);
            assert_eq!(world.events(id).await, ["cases.submitted", "cases.not_accepted"], "{}", world.engine);
            assert_eq!(kind(service::accept(p, &window, id, "").await), Kind::Conflict);
        }
    }
}

#[tokio::test]
async fn the_applicant_may_withdraw_until_the_decision() {
    for world in World::both().await {
        let p = &world.platform;
        let firm = world.firm().await;
        let id = world.at_approval(&firm).await;
        assert_eq!(kind(service::withdraw(p, &world.citizen(1).await, id, "").await), Kind::NotFound, "another's");
        service::withdraw(p, &firm, id, "").await.unwrap();
        assert_eq!(world.state(id).await, State::Withdrawn);
        assert!(flow::open_tasks(p.db.read(), id).await.unwrap().is_empty(), "{}: nobody works on it any more", world.engine);
        assert_eq!(world.events(id).await.last().unwrap(), "cases.withdrawn");
        let approver = world.staff("approver").await;
        assert_eq!(kind(service::decide(p, &approver, id, "准予", Decision::Grant).await), Kind::Conflict);
        assert_eq!(kind(service::withdraw(p, &firm, id, "").await), Kind::Conflict, "withdrawn twice");

        let decided = world.at_approval(&firm).await;
        service::decide(p, &approver, decided, "准予", Decision::Grant).await.unwrap();
        assert_eq!(kind(service::withdraw(p, &firm, decided, "").await), Kind::Conflict, "after the decision");
    }
}
