//! Pages and endpoints of licences over HTTP: types, acts, codes, stock, the directory, machine verification.

mod common;

use axum::http::StatusCode;
use common::{Answer, Browser, World, token};
use licences::Licence;
use licences::model::Signed;
use serde_json::{Value, json};

/// A firm's licence of a body whose managers have accounts, taken in as stock so that the way there is short.
async fn with_licence(world: &World) -> (Licence, access::Actor) {
    let p = world.platform();
    let firm = world.firm().await;
    let (writer, reviewer) = (world.staff("head01").await, world.staff("approver02").await);
    let types = licences::service::types(p, &writer, None, 10).await.unwrap().items;
    let code = types.iter().find(|t| t.name == "食品经营许可证").expect("a type of the demonstration").code.clone();
    let number = format!("91450300TT9999990{}", codes::Uscc::check_character("91450300TT9999990").unwrap());
    let list = format!("持证主体,证件号码,证照编号,颁发日期,有效期自,有效期至,经营场所\n测试企业有限公司,{number},JY0001,2024-03-09,,2029-03-08,示例路1号\n");
    let id = licences::service::upload(p, &writer, &code, "存量.csv", list.as_bytes()).await.unwrap();
    world.program.runner.drain().await.unwrap();
    licences::service::decide_stock(p, &reviewer, id, true, "").await.unwrap();
    world.program.runner.drain().await.unwrap();
    let licence = licences::my_licences(p, &firm, None, 10).await.unwrap().items.remove(0);
    (licence, firm)
}

fn problem(answer: &Answer) -> (StatusCode, String) {
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    (answer.status, body["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_type_is_written_reviewed_and_published_on_pages() {
    for world in World::both().await {
        let engine = world.engine;
        let mut writer = Browser::of(&world, "head01").await;
        let list = writer.get("/work/licences/types").await.body;
        assert!(list.contains("食品经营许可证") && list.contains("第 1 版现行"), "{engine}");
        let new = "/work/licences/types/new";
        let empty = writer.post(new, new, &[("serial", "9")]).await;
        assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.body.contains("请选择有效期的规则"), "{engine}");
        let filled = [
            ("serial", "201"), ("name", "示例许可证"), ("definition", "证明示例"), ("basis", "《示例条例》第一条"), ("domain", "health"), ("holder", "any"),
            ("validity", "years"), ("years", "3"), ("trust", "A"), ("fields", "场所*\n项目"), ("orientation", "portrait"), ("front", "准予登记。"), ("remarks", ""), ("prefix", "sl"),
        ];
        let made = writer.post(new, new, &filled).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{engine}: {}", made.body);
        let href = made.location;
        let code = href.rsplit('/').next().unwrap().to_owned();
        let page = writer.get(&href).await.body;
        assert!(page.contains("提交审核") && page.contains("SL"), "{engine}");
        assert_eq!(writer.get(&format!("/licences/types/{code}")).await.status, StatusCode::NOT_FOUND, "{engine}: a draft is not published");
        assert_eq!(writer.post(&href, &format!("{href}/submit"), &[("lock", "1")]).await.status, StatusCode::SEE_OTHER, "{engine}");
        let own = writer.post(&href, &format!("{href}/review"), &[("lock", "2"), ("decision", "approve")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "{engine}: no second person");
        let mut reviewer = Browser::of(&world, "approver02").await;
        let without = reviewer.post(&href, &format!("{href}/review"), &[("lock", "2"), ("decision", "reject"), ("note", "")]).await;
        assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.body.contains("退回的理由"), "{engine}");
        assert_eq!(reviewer.post(&href, &format!("{href}/review"), &[("lock", "2"), ("decision", "approve")]).await.status, StatusCode::SEE_OTHER, "{engine}");

        let mut anybody = Browser::at(&world);
        assert!(anybody.get("/licences/types").await.body.contains("示例许可证"), "{engine}");
        assert!(anybody.get(&format!("/licences/types/{code}")).await.body.contains("《示例条例》第一条"), "{engine}");
        let file = anybody.get("/licences/types.csv").await;
        assert!(file.body.contains("证照类型代码") && file.body.contains(&code), "{engine}");
        let json: Value = serde_json::from_str(&anybody.get("/api/licences/types").await.body).unwrap();
        assert!(json["types"].as_array().unwrap().iter().any(|t| t["code"] == code.as_str() && t["fields"][0]["required"] == true), "{engine}");
        let mut elsewhere = Browser::of(&world, "handler02").await;
        assert_eq!(elsewhere.get(&href).await.status, StatusCode::FORBIDDEN, "{engine}");
    }
}

#[tokio::test]
async fn an_act_is_proposed_and_decided_on_pages() {
    for world in World::both().await {
        let engine = world.engine;
        let (licence, _) = with_licence(&world).await;
        let page = format!("/work/licences/{}", licence.id);
        let mut manager = Browser::of(&world, "head01").await;
        assert!(manager.get("/work/licences?q=JY0001").await.body.contains(&page), "{engine}");
        assert!(manager.get(&page).await.body.contains("存量导入"), "{engine}");
        let form = format!("{page}/act");
        let wrong = manager.post(&form, &form, &[("version", "1"), ("act", "change"), ("items", "没有冒号"), ("reason", "地址变更了")]).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("没有冒号"), "{engine}");
        let sent = manager.post(&form, &form, &[("version", "1"), ("act", "change"), ("items", "经营场所：示例路2号"), ("reason", "经营场所变更")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{engine}: {}", sent.body);
        let mut reviewer = Browser::of(&world, "approver02").await;
        let list = reviewer.get("/work/licences/orders").await.body;
        let order = list.split("/work/licences/orders/").nth(1).and_then(|rest| rest.split('"').next()).expect("an order").to_owned();
        let order = format!("/work/licences/orders/{order}");
        let shown = reviewer.get(&order).await.body;
        assert!(shown.contains("示例路1号") && shown.contains("示例路2号") && shown.contains("有变化"), "{engine}");
        assert!(manager.post(&page, &order, &[("decision", "approve")]).await.status == StatusCode::FORBIDDEN, "{engine}: not by the proposer");
        let done = reviewer.post(&order, &order, &[("decision", "approve")]).await;
        assert!(done.location.starts_with("/work/licences/"), "{engine}");
        let mut anybody = Browser::at(&world);
        let old = anybody.get(&format!("/v/{}", licence.verify_code)).await.body;
        assert!(old.contains("已换发新版本") && old.contains("/licences/verify?code=1.2.156"), "{engine}: the old one points at the new");
        let mut elsewhere = Browser::of(&world, "handler02").await;
        assert_eq!(elsewhere.get(&order).await.status, StatusCode::FORBIDDEN, "{engine}");
    }
}

#[tokio::test]
async fn machines_verify_one_many_and_by_code_and_read_the_signed_list() {
    for world in World::both().await {
        let (engine, p) = (world.engine, world.platform());
        let (licence, firm) = with_licence(&world).await;
        let mut machine = Browser::at(&world);
        let answer: Value = serde_json::from_str(&machine.get(&format!("/api/licences/verify?code={}", licence.identifier)).await.body).unwrap();
        assert_eq!((&answer["state"], &answer["trust"], &answer["successor"]), (&json!("valid"), &json!("A"), &Value::Null), "{engine}");
        let broken = licence.identifier.replace("2024", "2025").replace("2026", "2025");
        assert_eq!(problem(&machine.get(&format!("/api/licences/verify?code={broken}")).await), (StatusCode::UNPROCESSABLE_ENTITY, "form.invalid".into()), "{engine}");
        let many = machine.post_json("/api/licences/verify", &json!({ "questions": ["NOSUCHCODE", licence.verify_code] })).await;
        let many: Value = serde_json::from_str(&many.body).unwrap();
        assert_eq!((&many["answers"][0]["state"], &many["answers"][1]["number"]), (&json!("unknown"), &json!("JY0001")), "{engine}");
        assert_eq!(problem(&machine.post_json("/api/licences/verify", &json!({ "questions": [] })).await).0, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert_eq!(problem(&machine.post_json("/api/licences/verify", &json!("x")).await).1, "form.invalid", "{engine}");

        let new = licences::service::NewShowing { body: None, purpose: "投标资格审查", extent: "full", hours: 1, looks: 1, nonce: "n" };
        let id = licences::service::allow(p, &firm, licence.id, new).await.unwrap();
        let code = licences::service::my_showing(p, &firm, id).await.unwrap().0.code;
        let ask = |request: &str| json!({ "code": code, "who": "示例公司 李某", "request": request });
        let look = machine.post_json("/api/licences/look", &ask("request-1")).await;
        let seen: Value = serde_json::from_str(&look.body).unwrap();
        assert_eq!((&seen["holder"], &seen["items"][0]["value"]), (&json!("测试企业有限公司"), &json!("示例路1号")), "{engine}: {}", look.body);
        assert_eq!(machine.post_json("/api/licences/look", &ask("request-1")).await.status, StatusCode::OK, "{engine}: the same request is the same look");
        assert_eq!(problem(&machine.post_json("/api/licences/look", &ask("request-2")).await).1, "licences.code_used_up", "{engine}");
        assert_eq!(problem(&machine.post_json("/api/licences/look", &json!({ "code": "1234567890123456", "who": "李某", "request": "request-3" })).await).0, StatusCode::NOT_FOUND);

        let keys: Value = serde_json::from_str(&machine.get("/.well-known/licence-keys.json").await.body).unwrap();
        let keys = serde_json::from_value::<Vec<licences::model::PublishedKey>>(keys["keys"].clone()).unwrap();
        let list: Signed = serde_json::from_str(&machine.get("/api/licences/changes?since=2026-01-01T00:00:00Z&size=5").await.body).unwrap();
        assert_eq!(list.open(&keys).unwrap()["more"], false, "{engine}");
        for wrong in ["since=yesterday", "size=many", "after=zz"] {
            let answer = machine.get(&format!("/api/licences/changes?{wrong}")).await;
            assert!(problem(&answer).0.is_client_error(), "{engine} {wrong}");
        }
    }
}

#[tokio::test]
async fn stock_is_uploaded_checked_and_approved_on_pages() {
    for world in World::both().await {
        let (engine, p) = (world.engine, world.platform());
        let mut manager = Browser::of(&world, "head01").await;
        let types = licences::service::types(p, &world.staff("head01").await, None, 10).await.unwrap().items;
        let code = types.iter().find(|t| t.name == "食品经营许可证").unwrap().code.clone();
        let form = format!("/work/licences/stock/new?type={code}");
        let template = manager.get(&format!("/work/licences/types/{code}/stock.csv")).await.body;
        assert!(template.contains("持证主体,证件号码") && template.contains("经营场所"), "{engine}");
        let token = token(&manager.get(&form).await.body);
        let without = manager.post_parts("/work/licences/stock/new", &token, &[("type", &code)]).await;
        assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.body.contains("请先选择"), "{engine}");
        let list = "持证主体,证件号码,证照编号,颁发日期,有效期自,有效期至,经营场所\n坏,123,JY1,2024-03-09,,,示例路\n";
        let file = [("type", code.as_str())];
        let sent = manager.upload_with("/work/licences/stock/new", &token, &file, "file", "存量.csv", list).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{engine}: {}", sent.body);
        world.program.runner.drain().await.unwrap();
        let page = manager.get(&sent.location).await.body;
        assert!(page.contains("待审核") && page.contains("kept-aside"), "{engine}");
        assert!(manager.get(&format!("{}/kept-aside", sent.location)).await.body.contains("没有导入的原因"), "{engine}");
        let decide = format!("{}/decide", sent.location);
        assert_eq!(manager.post(&sent.location, &decide, &[("decision", "approve")]).await.status, StatusCode::FORBIDDEN, "{engine}");
        let mut reviewer = Browser::of(&world, "approver02").await;
        let nothing = reviewer.post(&sent.location, &decide, &[("decision", "approve")]).await;
        assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.body.contains("没有一行可以导入"), "{engine}");
        let back = reviewer.post(&sent.location, &decide, &[("decision", "reject"), ("note", "请核对证件号码")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{engine}");
        assert!(manager.get("/work/licences/stock").await.body.contains("未同意"), "{engine}");
        let mut elsewhere = Browser::of(&world, "handler02").await;
        assert_eq!(elsewhere.get(&sent.location).await.status, StatusCode::FORBIDDEN, "{engine}");
    }
}

#[tokio::test]
async fn a_licence_one_holds_is_handed_in_instead_of_an_upload() {
    for world in World::both().await {
        let (engine, p) = (world.engine, world.platform());
        let (licence, firm) = with_licence(&world).await;
        let draft = tongban::demo::fill_in(p, &firm, world.item("食品经营许可（首次申请）")).await.unwrap();
        let material = draft.materials.len() - 1;
        let offer = licences::service::offer(p, &firm, draft.row.id, material).await.unwrap();
        assert_eq!(offer.licences.len(), 1, "{engine}");
        let used = licences::service::hand_in(p, &firm, draft.row.id, material, licence.id).await.unwrap();
        let slot = &used.materials[material];
        assert_eq!((slot.trusted(), slot.licence.as_ref().map(|l| l.number.as_str())), (Some(cases::model::Trust::A), Some("JY0001")), "{engine}");
        let uses = licences::service::mine(p, &firm, licence.id).await.unwrap().uses;
        assert!(uses[0].purpose.contains("授权用于申请"), "{engine}: the use is on record");

        let stranger = world.citizen("45030219900307002").await;
        assert_eq!(licences::service::offer(p, &stranger, draft.row.id, material).await.unwrap_err().kind(), base::Kind::NotFound, "{engine}");
        let other = licences::service::hand_in(p, &firm, draft.row.id, material, uuid::Uuid::from_u128(5)).await.unwrap_err();
        assert_eq!(other.kind(), base::Kind::NotFound, "{engine}: another's licence");
        assert_eq!(licences::service::offer(p, &firm, draft.row.id, 99).await.unwrap_err().kind(), base::Kind::NotFound, "{engine}");
    }
}
