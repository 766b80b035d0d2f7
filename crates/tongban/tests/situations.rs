//! 情形引导 over HTTP and through the services, on both engines: the questions at the guide and before the application, what is
//! asked for afterwards, and what a case keeps.

mod common;

use axum::http::StatusCode;
use base::Kind;
use cases::model::CorrectionItem;
use cases::service;
use catalog::model::Necessity;
use common::World;
use common::browser::Browser;

const FOOD: &str = "食品经营许可（首次申请）";
const HYGIENE: &str = "公共场所卫生许可（首次申请）";
const MACHINES: &str = "自动设备放置地点和联系方式清单";
const LETTER: &str = "授权委托书";

/// The answers to the questions of the food licence, as a form sends them.
fn given(kind: &'static str, machines: &'static str, agent: &'static str) -> impl Fn(&str) -> String {
    move |name| match name { "s0" => kind, "s1" => machines, "s2" => agent, _ => "" }.to_owned()
}

#[tokio::test]
async fn the_guide_asks_and_the_application_goes_on_with_the_answers() {
    for world in World::both().await {
        let engine = world.engine;
        let item = world.item(FOOD);
        let mut visitor = Browser::at(&world);
        let guide = visitor.get(&format!("/items/{item}")).await.body;
        for said in ["您属于哪种情形", "您主要经营什么", "餐饮服务", "是否用自动设备经营", MACHINES, LETTER, "type=\"radio\"", "method=\"get\""] {
            assert!(guide.contains(said), "{engine}: {said}");
        }
        let open = visitor.get(&format!("/items/{item}?s0=%E9%A4%90%E9%A5%AE%E6%9C%8D%E5%8A%A1")).await.body;
        assert!(open.contains("请选择“是否委托他人办理”") && open.contains(MACHINES), "{engine}: half an answer narrows nothing");
        let strange = visitor.get(&format!("/items/{item}?s0=%3Cscript%3E&s1=x&s2=true")).await;
        assert!(strange.status == StatusCode::OK && !strange.body.contains("<script>x") && strange.body.contains("请选择“您主要经营什么”"), "{engine}");
        let answers = "s0=%E9%A4%90%E9%A5%AE%E6%9C%8D%E5%8A%A1&s1=false&s2=true";
        let chosen = visitor.get(&format!("/items/{item}?{answers}")).await.body;
        assert!(chosen.contains("餐饮服务，委托办理") && chosen.contains(LETTER) && !chosen.contains(MACHINES), "{engine}");
        assert!(chosen.contains(&format!("/apply/{item}?s0=")), "{engine}: the way into the application knows them");

        let mut firm = Browser::of(&world, &tongban::demo::accounts()[2].0).await;
        let begun = firm.get(&format!("/apply/{item}?{answers}")).await.location;
        assert!(!begun.ends_with("/situation"), "{engine}: {begun}");
        let draft = firm.get(&begun).await.body;
        assert!(draft.contains("餐饮服务，委托办理") && draft.contains(LETTER) && !draft.contains(MACHINES), "{engine}");
        let changed = firm.post(&format!("{begun}/situation"), &format!("{begun}/situation"), &[("s0", "食品销售"), ("s1", "true")]).await;
        assert!(changed.body.contains("请选择“是否委托他人办理”"), "{engine}: {}", changed.status);
        let changed = firm.post(&format!("{begun}/situation"), &format!("{begun}/situation"), &[("s0", "食品销售"), ("s1", "true"), ("s2", "false")]).await;
        assert_eq!(changed.location, begun, "{engine}");
        let draft = firm.get(&begun).await.body;
        assert!(draft.contains("食品销售，用自动设备经营") && draft.contains(MACHINES) && !draft.contains(LETTER), "{engine}");
        // without answers the questions come first
        let mut other = Browser::of(&world, &tongban::demo::accounts()[2].0).await;
        let hygiene = world.item(HYGIENE);
        let begun = other.get(&format!("/apply/{hygiene}")).await.location;
        assert!(begun.ends_with("/situation"), "{engine}: {begun}");
        assert!(other.get(&begun).await.body.contains("是否使用集中空调通风系统"), "{engine}");
    }
}

#[tokio::test]
async fn only_what_the_situation_needs_is_asked_for() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let firm = world.firm().await;
        let draft = tongban::demo::fill_in(p, &firm, world.item(FOOD)).await.unwrap();
        let id = draft.row.id;
        let at = |name: &str| draft.item.spec.materials.iter().position(|m| m.name == name).unwrap();
        let (machines, letter) = (format!("material_{}", at(MACHINES)), format!("material_{}", at(LETTER)));
        assert!(draft.item.spec.materials.iter().filter(|m| m.necessity == Necessity::Conditional).count() == 2, "{engine}");

        service::choose_situation(p, &firm, id, given("餐饮服务", "false", "true")).await.unwrap();
        let missing = service::submit(p, &firm, id, "key", true).await.unwrap_err();
        let fields: Vec<&str> = missing.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!((missing.kind(), fields), (Kind::Invalid, vec![letter.as_str()]), "{engine}: the letter of whoever is sent, and no machines");
        assert_eq!(service::choose_situation(p, &firm, id, given("餐饮服务", "", "true")).await.unwrap_err().kind(), Kind::Invalid, "{engine}");

        service::choose_situation(p, &firm, id, given("餐饮服务", "false", "false")).await.unwrap();
        let case = service::submit(p, &firm, id, "key", true).await.unwrap().case_id;
        let view = service::view(p, &firm, case).await.unwrap();
        let kept = view.case.situation.as_ref().unwrap();
        assert_eq!((kept.name.as_str(), kept.table.as_str(), kept.number), ("餐饮服务", "food-situation", 1), "{engine}");
        assert_eq!(kept.answers.iter().map(|a| a.said.as_str()).collect::<Vec<_>>(), ["餐饮服务", "否", "否"], "{engine}");
        assert!(!String::from_utf8_lossy(view.case.row.situation.as_deref().unwrap()).contains("餐饮"), "{engine}: sealed");

        // a correction cannot ask for what the situation does not need
        let window = world.staff("window01").await;
        let ask = |target: &str| vec![CorrectionItem { target: target.into(), name: "材料".into(), what: "请提供这份材料".into() }];
        assert_eq!(service::request_correction(p, &window, case, ask(&machines)).await.unwrap_err().code(), "cases.not_listed", "{engine}");
        service::request_correction(p, &window, case, ask("material_2")).await.unwrap();
    }
}

#[tokio::test]
async fn a_situation_that_was_never_chosen_keeps_an_application_back() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let firm = world.firm().await;
        let draft = service::start(p, &firm, world.item(HYGIENE)).await.unwrap();
        assert!(draft.lacks_situation(), "{engine}");
        let refused = service::submit(p, &firm, draft.row.id, "key", true).await.unwrap_err();
        assert!(refused.fields().iter().any(|f| f.field == "situation"), "{engine}: {:?}", refused.fields());
        let plain = service::start(p, &firm, world.item("道路货物运输经营许可")).await;
        if let Ok(plain) = plain {
            assert_eq!(service::choose_situation(p, &firm, plain.row.id, |_| String::new()).await.unwrap_err().kind(), Kind::NotFound, "{engine}");
        }
    }
}

#[tokio::test]
async fn every_table_of_the_demonstration_leads_everybody_somewhere() {
    let world = World::both().await.remove(0);
    for name in [FOOD, HYGIENE] {
        let item = catalog::published(world.platform(), world.item(name)).await.unwrap();
        let guide = catalog::guide(world.platform(), &item.spec).await.unwrap().unwrap();
        assert_eq!(guide.problems(&item.spec), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn a_table_that_does_not_fit_the_list_is_refused_at_publication() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let (editor, reviewer) = (world.staff("editor01").await, world.staff("reviewer01").await);
        let item = world.item(FOOD);
        catalog::service::start_version(p, &editor, item).await.unwrap();
        let row = catalog::store::item_row(p.db.read(), item).await.unwrap();
        let mut spec = catalog::store::item_versions(p.db.read(), item).await.unwrap()[0].spec().unwrap();
        spec.materials.retain(|m| m.name != MACHINES);
        catalog::service::save_draft(p, &editor, item, row.version, spec).await.unwrap();
        catalog::service::submit_for_review(p, &editor, item, row.version + 1).await.unwrap();
        let refused = catalog::service::publish(p, &reviewer, item, row.version + 2, "").await.unwrap_err();
        assert!(refused.fields()[0].field == "situation_key" && refused.fields()[0].message.contains(MACHINES), "{engine}: {:?}", refused.fields());
    }
}
