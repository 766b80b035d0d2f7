//! Seals over HTTP: documents of a case come out sealed, anybody verifies them, officers do their part.

mod common;

use axum::http::StatusCode;
use base::Kind;
use cases::service;
use common::{Browser, World};
use seals::Format;
use serde_json::Value;

const FOOD: &str = "食品经营许可（首次申请）";

#[tokio::test]
async fn a_notice_is_sealed_by_its_job_once_and_anybody_verifies_it() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        service::accept(p, &world.staff("window01").await, id, "").await.unwrap();
        let view = service::view(p, &firm, id).await.unwrap();
        let notice = view.documents.iter().find(|d| d.kind == "acceptance").unwrap();
        assert!(seals::find(p, notice.id).await.unwrap().is_none(), "{engine}: not in the act's own time");
        world.program.runner.drain().await.unwrap();
        let paper = seals::find(p, notice.id).await.unwrap().expect("sealed by the job");
        assert!(paper.unsealed.is_none() && paper.case_id == Some(id), "{engine}");

        // The job killed before it could say that it was done runs again: one paper, one use.
        let tx = p.db.begin().await.unwrap();
        let again = jobs::NewJob::now("cases.seal_document", serde_json::json!({ "document": notice.id }), p.now());
        jobs::enqueue(&tx, again, p.now()).await.unwrap();
        tx.commit().await.unwrap();
        world.program.runner.drain().await.unwrap();
        assert_eq!(seals::find(p, notice.id).await.unwrap().unwrap(), paper, "{engine}");
        let uses = seals::store::uses(p.db.read(), paper.seal_id.unwrap(), None, 10).await.unwrap();
        assert_eq!(uses.items.iter().filter(|usage| usage.paper_id == notice.id).count(), 1, "{engine}");

        let mut anybody = Browser::at(&world);
        let page = anybody.get(&format!("/verify/{}", notice.id)).await;
        assert!(page.status == StatusCode::OK && page.body.contains("受理通知书") && page.body.contains("行政审批专用章"), "{engine}");
        assert!(!page.body.contains("测试企业"), "{engine}: nothing of what it says");
        assert_eq!(anybody.get(&format!("/verify/{id}")).await.status, StatusCode::NOT_FOUND);
        for format in [Format::Pdf, Format::Ofd] {
            let (_, file) = service::document_file(p, &firm, notice.id, format).await.unwrap();
            let token = anybody.token("/verify").await;
            let told = anybody.upload_bytes("/verify", &token, &[], "notice", &file).await;
            assert!(told.status == StatusCode::OK && told.body.contains("真实有效") && told.body.contains("受理通知书"), "{engine}: {}", told.body);
            let json: Value = serde_json::from_slice(&anybody.send_bytes("/api/verify", file.to_vec()).await.bytes).unwrap();
            assert_eq!((&json["verdict"], &json["document"]["title"]), (&"genuine".into(), &"受理通知书".into()), "{engine}: {json}");
            let mut touched = file.to_vec();
            touched.extend_from_slice(b"x");
            let told = anybody.upload_bytes("/verify", &token, &[], "notice", &touched).await;
            assert!(!told.body.contains("没有任何改动"), "{engine} {format:?}");
        }
        let token = anybody.token("/verify").await;
        let told = anybody.upload_bytes("/verify", &token, &[], "x.pdf", b"<html>").await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.body.contains("只能核验"), "{engine}");
        assert_eq!(anybody.send_bytes("/api/verify", b"<html>".to_vec()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let list = anybody.get("/pki/issuing.crl").await;
        assert!(list.status == StatusCode::OK && gm::x509::RevocationList::from_der(&list.bytes).is_ok(), "{engine}");
        assert_eq!(anybody.get("/pki/root.key").await.status, StatusCode::NOT_FOUND);
        let query = gm::tsp::Request::new(b"anything").unwrap();
        let answer = anybody.send_bytes("/tsa", query.to_der().unwrap()).await;
        assert!(query.token(&answer.bytes).is_ok(), "{engine}: a time stamp for others");
    }
}

#[tokio::test]
async fn officers_apply_another_makes_and_the_documents_that_waited_are_sealed() {
    let world = World::on(testing::sqlite()).await;
    let p = world.platform();
    let firm = world.firm().await;
    let old = p.now();
    let body = organization::body_by_name(p.db.read(), "桂林市市场监督管理局").await.unwrap().unwrap();
    let approval = seals::store::in_force(p.db.read(), body.id).await.unwrap().into_iter().find(|seal| seal.kind == "approval").unwrap();

    // The authority suspends; a notice goes out unsealed and is on the list; after the resumption it is sealed.
    let seal = format!("/work/seals/{}", approval.id);
    let mut authority = Browser::of(&world, "sealer01").await;
    let page = authority.get(&seal).await;
    assert!(page.status == StatusCode::OK && page.body.contains("数字证书") && page.body.contains("印模"), "{}", page.body);
    assert!(authority.get(&format!("{seal}/picture.png")).await.bytes.starts_with(b"\x89PNG"));
    let version = |seal: &seals::store::Seal| seal.version.to_string();
    let refused = authority.post(&seal, &format!("{seal}/act"), &[("act", "suspend"), ("version", &version(&approval)), ("reason", "停")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("请写明理由"), "{}", refused.status);
    authority.post(&seal, &format!("{seal}/act"), &[("act", "suspend"), ("version", &version(&approval)), ("reason", "印章管理检查，暂停使用")]).await;

    let id = world.applied(&firm, FOOD).await.case_id;
    service::accept(p, &world.staff("window01").await, id, "").await.unwrap();
    world.program.runner.drain().await.unwrap();
    let notice = service::view(p, &firm, id).await.unwrap().documents.iter().find(|d| d.kind == "acceptance").unwrap().id;
    // The general seal of the body takes a notice, so it went out with that one; a decision would not.
    let first = seals::find(p, notice).await.unwrap().unwrap();
    assert!(first.seal_id.is_some_and(|used| used != approval.id), "{first:?}");
    let unsealed = authority.get("/work/seals/unsealed").await;
    assert!(unsealed.status == StatusCode::OK);
    let now = seals::store::by_id(p.db.read(), approval.id).await.unwrap().unwrap();
    let answer = authority.post(&seal, &format!("{seal}/act"), &[("act", "resume"), ("version", &version(&now)), ("reason", "检查完毕，恢复使用")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);

    // An officer of the body applies for a replacement; the officer cannot make it, the authority can.
    let mut officer = Browser::of(&world, "seal01").await;
    let form = officer.get(&format!("{seal}/replace")).await;
    assert!(form.status == StatusCode::OK && form.body.contains("换发"), "{}", form.status);
    let fields = [("purposes", "decision"), ("purposes", "notice"), ("automatic", "yes"), ("grounds", "印章到期前换发新章")];
    let sent = officer.post(&format!("{seal}/replace"), &format!("{seal}/replace"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let new = sent.location.clone();
    assert!(officer.get(&new).await.body.contains("待审批"));
    let denied = officer.post(&new, &format!("{new}/make"), &[("version", "1"), ("reason", "")]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let made = authority.post(&new, &format!("{new}/make"), &[("version", "1"), ("reason", "同意")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(authority.get(&seal).await.body.contains("已换发"));
    assert!(authority.get("/work/seals?state=in_force").await.body.contains("桂林市市场监督管理局"));
    assert!(p.now() >= old);

    // Who neither manages nor holds seals sees nothing of them.
    let mut handler = Browser::of(&world, "handler01").await;
    assert_eq!(handler.get("/work/seals").await.status, StatusCode::FORBIDDEN);
    assert!(handler.get("/work/seals/mine").await.body.contains("您没有可以使用的印章"));
    assert_eq!(handler.get(&format!("{seal}/use")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_holder_seals_a_file_by_hand() {
    let world = World::on(testing::sqlite()).await;
    let p = world.platform();
    let body = organization::body_by_name(p.db.read(), "桂林市市场监督管理局").await.unwrap().unwrap();
    let official = seals::store::in_force(p.db.read(), body.id).await.unwrap().into_iter().find(|seal| seal.kind == "official").unwrap();
    let firm = world.firm().await;
    let id = world.applied(&firm, FOOD).await.case_id;
    let receipt = service::view(p, &firm, id).await.unwrap().documents.iter().find(|d| d.kind == "receipt").unwrap().id;
    let (_, pdf) = service::document_file(p, &firm, receipt, Format::Pdf).await.unwrap();
    let mut holder = Browser::of(&world, "seal01").await;
    let form = format!("/work/seals/{}/use", official.id);
    assert!(holder.get("/work/seals/mine").await.body.contains(&form));
    let token = holder.token(&form).await;
    let fields = [("purpose", "general"), ("title", "情况说明"), ("number", ""), ("page", "1"), ("x", "60"), ("y", "60")];
    let sealed = holder.upload_bytes(&form, &token, &fields, "情况说明.pdf", &pdf).await;
    assert!(sealed.status == StatusCode::OK && sealed.bytes.starts_with(b"%PDF-"), "{}", sealed.body);
    let found = seals::service::verify(p, sealed.bytes.clone()).await.unwrap();
    assert_eq!((found.findings.len(), found.verdict), (2, seals::service::Verdict::Genuine), "the first seal and the second: {found:#?}");
    let wrong = holder.upload_bytes(&form, &token, &[("purpose", "general"), ("title", "情况说明"), ("page", "x"), ("x", "60"), ("y", "60")], "a.pdf", &pdf).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("请填写一个数字"), "{}", wrong.status);
    let Err(error) = service::document_file(p, &world.citizen("45030219910101001").await, receipt, Format::Ofd).await else { panic!("another's") };
    assert_eq!(error.kind(), Kind::NotFound);
}
