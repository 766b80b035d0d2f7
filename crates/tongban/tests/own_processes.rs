//! Items that run processes and tables their departments drew, through the whole program, on both engines: decided at once,
//! inspected by risk, approved by four departments in parallel.

mod common;

use base::Kind;
use cases::model::State;
use cases::service::{self, Decision};
use common::World;
use flow::signing::Place;

const ALLOWANCE: &str = "高龄津贴申领";
const WATER: &str = "取水许可";
const JOINT: &str = "开办餐饮店（四部门联合办理）";

/// The item whose name begins so.
fn named(world: &World, beginning: &str) -> String {
    let found = catalog::search(world.platform(), beginning, "450300000000", &[], 0, 20).unwrap();
    found.into_iter().map(|card| card.name).find(|name| name.starts_with(beginning)).unwrap_or_else(|| panic!("no item {beginning}"))
}

#[tokio::test]
async fn what_can_be_verified_is_decided_in_the_moment_of_submission() {
    for world in World::both().await {
        let p = world.platform();
        // born in 1940, in Guilin
        let old = world.citizen("45030219400307001").await;
        let submitted = world.applied(&old, ALLOWANCE).await;
        let entries = journal::entries(p.db.read(), submitted.case_id).await.unwrap();
        assert_eq!(world.state(submitted.case_id).await, State::Granted, "{}: {entries:#?}", world.engine);
        let labels: Vec<String> = journal::entries(p.db.read(), submitted.case_id).await.unwrap().into_iter().map(|e| e.label).collect();
        assert!(labels.iter().any(|l| l.contains("按决策表当即决定")), "{labels:?}");
        assert!(journal::verify_chain(p.db.read(), submitted.case_id).await.unwrap().is_ok());
        let view = service::view(p, &old, submitted.case_id).await.unwrap();
        for kind in ["receipt", "acceptance", "grant"] {
            assert!(view.documents.iter().any(|d| d.kind == kind), "{}: {kind}", world.engine);
        }
        // too young: the ordinary way, by people
        let young = world.citizen("45030219900307002").await;
        let submitted = world.applied(&young, ALLOWANCE).await;
        assert_eq!(world.state(submitted.case_id).await, State::Submitted, "{}", world.engine);
        assert_eq!(flow::open_tasks(p.db.read(), submitted.case_id).await.unwrap()[0].step, "acceptance");
    }
}

#[tokio::test]
async fn a_table_sends_the_case_to_an_inspection_that_colleagues_sign() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let item = named(&world, WATER);
        let submitted = world.applied(&firm, &item).await;
        let id = submitted.case_id;
        let of = async |work: &str| {
            let row = world.row(id).await;
            let index = organization::bodies(p.db.read(), "4503").await.unwrap().iter().position(|b| b.id == row.body_id);
            assert!(index.is_some());
            let body = row.body_id;
            let permission = match work { "window" => "cases.accept", "handler" => "cases.handle", "examiner" => "cases.examine", _ => "cases.approve" };
            let target = access::Target { region: &row.region, body: Some(body), item: Some(row.item_id) };
            let found = organization::staff_for(p.db.read(), permission, &target).await.unwrap();
            access::Actor::Staff(organization::staff_actor(p.db.read(), found[0].id).await.unwrap().unwrap())
        };
        let (window, handler, examiner, approver) = (of("window").await, of("handler").await, of("examiner").await, of("approver").await);
        service::accept(p, &window, id, "受理").await.unwrap();
        service::forward(p, &handler, id, "资料属实").await.unwrap();
        let open = async || flow::open_tasks(p.db.read(), id).await.unwrap();
        let task = open().await.remove(0);
        if task.step == "examination" {
            continue; // the synthetic answers ask for little water from a river: no inspection is wanted
        }
        assert_eq!(task.step, "inspection", "{}", world.engine);
        assert_eq!(service::give_opinion(p, &handler, task.id, "nonsense", "很好").await.unwrap_err().kind(), Kind::Invalid);
        // the examiner signs first
        service::add_signer(p, &handler, task.id, examiner.id().unwrap(), Place::Before, "请看取水口位置").await.unwrap();
        assert!(service::give_opinion(p, &handler, task.id, "pass", "符合").await.is_err(), "waits for the signature");
        let signer = open().await.remove(0);
        service::give_opinion(p, &examiner, signer.id, "pass", "位置与图一致").await.unwrap();
        // once more after mending, then passed; the last word is the inspector's
        service::give_opinion(p, &handler, task.id, "rectify", "标识牌缺失").await.unwrap();
        let again = open().await.remove(0);
        assert_eq!(again.step, "inspection");
        service::give_opinion(p, &handler, again.id, "pass", "已整改").await.unwrap();
        assert_eq!(open().await[0].step, "examination");
        service::forward(p, &examiner, id, "同意").await.unwrap();
        service::decide(p, &approver, id, "准予", Decision::Grant).await.unwrap();
        assert_eq!(world.state(id).await, State::Granted);
    }
}

#[tokio::test]
async fn four_departments_review_in_parallel_and_each_issues_its_licence() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let submitted = world.applied(&firm, JOINT).await;
        let id = submitted.case_id;
        let row = world.row(id).await;
        let who = async |permission: &str, body: uuid::Uuid| {
            let target = access::Target { region: &row.region, body: Some(body), item: Some(row.item_id) };
            let found = organization::staff_for(p.db.read(), permission, &target).await.unwrap();
            access::Actor::Staff(organization::staff_actor(p.db.read(), found[0].id).await.unwrap().unwrap())
        };
        let window = who("cases.accept", row.body_id).await;
        service::accept(p, &window, id, "受理").await.unwrap();
        let open = flow::open_tasks(p.db.read(), id).await.unwrap();
        let mut bodies: Vec<_> = open.iter().filter_map(|t| t.body_id).collect();
        bodies.sort();
        bodies.dedup();
        assert_eq!((open.len(), bodies.len()), (4, 4), "{}: four departments at the same time", world.engine);
        assert!(!bodies.contains(&row.body_id));
        // each sees the case because it has work there; a fifth does not
        let stranger = world.staff("D03-examiner").await;
        assert_eq!(service::view(p, &stranger, id).await.unwrap_err().kind(), Kind::NotFound);
        for task in &open {
            let reviewer = who("cases.examine", task.body_id.unwrap()).await;
            assert!(service::view(p, &reviewer, id).await.is_ok(), "{}", world.engine);
            let other = open.iter().find(|t| t.id != task.id).unwrap();
            assert_eq!(service::give_opinion(p, &reviewer, other.id, "agree", "同意").await.unwrap_err().kind(), Kind::Forbidden, "another department's part");
            service::give_opinion(p, &reviewer, task.id, "agree", "符合本部门要求").await.unwrap();
        }
        let approver = who("cases.approve", row.body_id).await;
        service::decide(p, &approver, id, "准予", Decision::Grant).await.unwrap();
        let held = licences::my_licences(p, &firm, None, 10).await.unwrap().items;
        let mut names: Vec<_> = held.iter().map(|l| l.type_name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(held.len(), 4, "{}: {names:?}", world.engine);
        let mut issuers: Vec<_> = held.iter().map(|l| l.body_id).collect();
        issuers.sort();
        assert_eq!(issuers, bodies, "each department issued its own");
        assert!(world.row(id).await.result.unwrap().contains("等 4 本证照"));
        assert!(flow::open_incidents(p.db.read(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_table_names_only_the_departments_that_the_answers_concern() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let draft = tongban::demo::fill_in(p, &firm, world.item(JOINT)).await.unwrap();
        let pages = draft.item.form.pages();
        let page = pages.iter().position(|page| page.key == "page_joint").unwrap();
        let said = [("dine_in", "no"), ("assembly", "no"), ("drains", "yes")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        service::save_page(p, &firm, draft.row.id, page, forms::decode(said).unwrap()).await.unwrap();
        let id = service::submit(p, &firm, draft.row.id, "key", true).await.unwrap().case_id;
        let row = world.row(id).await;
        let target = access::Target { region: &row.region, body: Some(row.body_id), item: Some(row.item_id) };
        let clerk = organization::staff_for(p.db.read(), "cases.accept", &target).await.unwrap().remove(0).id;
        let clerk = access::Actor::Staff(organization::staff_actor(p.db.read(), clerk).await.unwrap().unwrap());
        service::accept(p, &clerk, id, "受理").await.unwrap();
        let names: Vec<String> = flow::open_tasks(p.db.read(), id).await.unwrap().into_iter().map(|task| task.name).collect();
        assert_eq!(names.len(), 2, "{}: {names:?}", world.engine);
        assert!(names.iter().any(|n| n.contains("市场监督管理局")) && names.iter().any(|n| n.contains("城市管理委员会")), "{}: {names:?}", world.engine);
        let entries = journal::entries(p.db.read(), id).await.unwrap();
        let rule = entries.iter().find(|entry| entry.label.contains("联合办理的部门")).unwrap();
        assert_eq!(rule.data["decision"], "catering-departments", "{}", world.engine);
    }
}
