//! From draft to publication and beyond, with every refusal, on both engines.

mod common;

use access::{Actor, Scope};
use base::Kind;
use catalog::model::ItemStatus;
use catalog::store::{item_row, item_versions};
use catalog::{EDIT, REVIEW, published, service, version};
use common::{CITY, Here, body, code, installations, spec, staff};
use uuid::Uuid;

struct Office {
    editor: Actor,
    reviewer: Actor,
    body: catalog::Implementer,
}

fn office() -> Office {
    let body = body("测试市测试局", CITY, 1);
    Office {
        editor: staff("编制员", &[EDIT], Scope::body(body.id)),
        reviewer: staff("审核员", &[REVIEW], Scope::region("4503")),
        body,
    }
}

async fn lock(here: &Here, id: Uuid) -> i32 {
    item_row(here.platform.db.read(), id).await.unwrap().version
}

/// Draft, review, publication by another person.
async fn publish(here: &Here, office: &Office, spec: catalog::model::ItemSpec) -> Uuid {
    let p = &here.platform;
    let id = service::create_draft(p, &office.editor, &office.body, "", spec).await.unwrap();
    service::submit_for_review(p, &office.editor, id, lock(here, id).await).await.unwrap();
    service::publish(p, &office.reviewer, id, lock(here, id).await, "").await.unwrap();
    id
}

#[tokio::test]
async fn a_list_is_written_reviewed_and_published() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let id = service::create_draft(p, &office.editor, &office.body, "", spec()).await.unwrap();
        assert_eq!(published(p, id).await.unwrap_err().kind(), Kind::NotFound, "a draft is nobody's business");
        service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap();
        assert_eq!(code(service::save_draft(p, &office.editor, id, lock(&here, id).await, spec()).await), "catalog.in_review");
        assert_eq!(code(service::reject(p, &office.reviewer, id, lock(&here, id).await, " ").await), "form.invalid");
        service::reject(p, &office.reviewer, id, lock(&here, id).await, "地点不清楚").await.unwrap();
        let mut better = spec();
        better.place = "测试市政务服务中心2楼2号窗口".into();
        service::save_draft(p, &office.editor, id, lock(&here, id).await, better.clone()).await.unwrap();
        service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap();
        service::publish(p, &office.reviewer, id, lock(&here, id).await, "").await.unwrap();

        let found = published(p, id).await.unwrap();
        assert_eq!((&found.spec, found.version, found.item_id), (&better, 1, id), "{}", here.engine);
        assert_eq!(found.implementation_code, format!("{}{}{}", office.body.uscc, better.level.code(), better.base_code));
        assert_eq!(found.handling_code, format!("{}01", found.implementation_code));
        assert_eq!((found.body_id, found.body_name.as_str(), found.region.as_str()), (office.body.id, "测试市测试局", CITY));
        assert_eq!(version(p, found.id).await.unwrap(), found);
        assert_eq!(journal::verify_chain(p.db.read(), id).await.unwrap(), Ok(6), "create, submit, reject, save, submit, publish");
    }
}

#[tokio::test]
async fn a_published_version_never_changes() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let id = publish(&here, &office, spec()).await;
        let first = published(p, id).await.unwrap();
        assert_eq!(code(service::save_draft(p, &office.editor, id, lock(&here, id).await, spec()).await), "catalog.no_draft");
        service::start_version(p, &office.editor, id).await.unwrap();
        assert_eq!(code(service::start_version(p, &office.editor, id).await), "catalog.draft_open");
        let mut faster = spec();
        faster.promised.days -= 1;
        let mut steps = faster.steps.iter_mut().rev();
        if let Some(step) = steps.find(|step| step.days > 0) {
            step.days -= 1;
        }
        let mut moved = faster.clone();
        moved.base_code = "000131012002".into();
        assert_eq!(code(service::save_draft(p, &office.editor, id, lock(&here, id).await, moved).await), "form.invalid");
        service::save_draft(p, &office.editor, id, lock(&here, id).await, faster.clone()).await.unwrap();
        assert_eq!(published(p, id).await.unwrap(), first, "what is being written does not show");
        service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap();
        service::publish(p, &office.reviewer, id, lock(&here, id).await, "").await.unwrap();
        let second = published(p, id).await.unwrap();
        assert_eq!((second.version, &second.spec), (2, &faster));
        assert_eq!(version(p, first.id).await.unwrap(), first, "cases in flight keep their version");
        assert_eq!(item_versions(p.db.read(), id).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn nobody_publishes_their_own_work() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let both = staff("一人两岗", &[EDIT, REVIEW], Scope::region("4503"));
        let id = service::create_draft(p, &office.editor, &office.body, "", spec()).await.unwrap();
        // a single word written in it makes an editor, also when somebody else writes after
        service::save_draft(p, &both, id, lock(&here, id).await, spec()).await.unwrap();
        service::save_draft(p, &office.editor, id, lock(&here, id).await, spec()).await.unwrap();
        service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap();
        let refusal = service::publish(p, &both, id, lock(&here, id).await, "").await.unwrap_err();
        assert_eq!(refusal.kind(), Kind::Forbidden);
        assert!(refusal.message().contains("另一位"), "{refusal}");
        service::publish(p, &office.reviewer, id, lock(&here, id).await, "").await.unwrap();
    }
}

#[tokio::test]
async fn a_list_with_problems_is_refused_with_all_of_them() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let mut broken = spec();
        broken.basis.clear();
        broken.place.clear();
        let id = service::create_draft(p, &office.editor, &office.body, "", broken).await.unwrap();
        let refusal = service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap_err();
        assert_eq!(refusal.code(), "catalog.problems");
        assert!(refusal.message().contains("依据") && refusal.message().contains("地点"), "{refusal}");
        let mut secret = spec();
        secret.secret = true;
        service::save_draft(p, &office.editor, id, lock(&here, id).await, secret).await.unwrap();
        let refusal = service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap_err();
        assert!(refusal.message().contains("涉密"), "M-PORT-01.28: {refusal}");
    }
}

#[tokio::test]
async fn suspended_and_cancelled_items_refuse_applications() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let id = publish(&here, &office, spec()).await;
        let kept = published(p, id).await.unwrap();
        assert_eq!(code(service::suspend(p, &office.editor, id, "系统升级").await), "access.forbidden");
        assert_eq!(code(service::suspend(p, &office.reviewer, id, "").await), "form.invalid");
        assert_eq!(code(service::resume(p, &office.reviewer, id, "没有暂停").await), "catalog.state");
        service::suspend(p, &office.reviewer, id, "政策调整").await.unwrap();
        assert_eq!(code(published(p, id).await), "catalog.suspended");
        service::resume(p, &office.reviewer, id, "调整完成").await.unwrap();
        assert_eq!(published(p, id).await.unwrap(), kept);
        service::cancel(p, &office.reviewer, id, "国务院决定取消").await.unwrap();
        let refusal = published(p, id).await.unwrap_err();
        assert_eq!((refusal.code(), refusal.kind()), ("catalog.cancelled", Kind::Refused), "R37");
        assert_eq!(version(p, kept.id).await.unwrap(), kept, "in flight cases end under their version");
        assert_eq!(code(service::resume(p, &office.reviewer, id, "反悔").await), "catalog.state");
        assert_eq!(code(service::start_version(p, &office.editor, id).await), "catalog.not_published");
        let row = item_row(p.db.read(), id).await.unwrap();
        assert_eq!(row.status(), ItemStatus::Cancelled);
    }
}

#[tokio::test]
async fn one_code_means_one_standard() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        publish(&here, &office, spec()).await;
        assert_eq!(code(service::create_draft(p, &office.editor, &office.body, "", spec()).await), "catalog.code_taken");
        let county = body("测试县测试局", "450321000000", 2);
        let editor = staff("县编制员", &[EDIT], Scope::body(county.id));
        let mut other = spec();
        other.materials.pop();
        other.tolerant = false; // nothing is left that could be handed in later
        let id = service::create_draft(p, &editor, &county, "", other).await.unwrap();
        service::submit_for_review(p, &editor, id, lock(&here, id).await).await.unwrap();
        let refusal = service::publish(p, &office.reviewer, id, lock(&here, id).await, "").await.unwrap_err();
        assert_eq!(refusal.code(), "catalog.standard_differs");
        assert!(refusal.message().contains("申请材料"), "{refusal}");
        service::publish(p, &office.reviewer, id, lock(&here, id).await, "县级已取消平面图").await.unwrap();
        let versions = item_versions(p.db.read(), id).await.unwrap();
        assert_eq!(versions[0].review_note, "县级已取消平面图");
    }
}

#[tokio::test]
async fn scope_and_lost_races() {
    for here in installations().await {
        let (p, office) = (&here.platform, office());
        let stranger = staff("外单位", &[EDIT], Scope::body(Uuid::now_v7()));
        assert_eq!(code(service::create_draft(p, &stranger, &office.body, "", spec()).await), "access.forbidden");
        assert_eq!(code(service::create_draft(p, &Actor::Anonymous, &office.body, "", spec()).await), "identity.sign_in_required");
        let id = service::create_draft(p, &office.editor, &office.body, "", spec()).await.unwrap();
        assert_eq!(code(service::publish(p, &office.editor, id, 0, "").await), "access.forbidden");
        let seen = lock(&here, id).await;
        service::save_draft(p, &office.editor, id, seen, spec()).await.unwrap();
        let lost = service::save_draft(p, &office.editor, id, seen, spec()).await.unwrap_err();
        assert_eq!(lost.kind(), Kind::Conflict, "the second save of the same page does not overwrite the first");
        let away = staff("外地审核", &[REVIEW], Scope::region("4504"));
        service::submit_for_review(p, &office.editor, id, lock(&here, id).await).await.unwrap();
        assert_eq!(code(service::publish(p, &away, id, lock(&here, id).await, "").await), "access.forbidden");
        let list = |actor: Actor| {
            let p = p.clone();
            async move { catalog::store::worklist(p.db.read(), &actor, &Default::default(), None, 10).await.unwrap().items.len() }
        };
        assert_eq!((list(office.editor.clone()).await, list(stranger).await, list(away).await, list(Actor::Anonymous).await), (1, 0, 0, 0));
    }
}
