//! From the first line to a version in force, on both engines, and everything that is refused on the way.

mod common;

use access::{Actor, Scope};
use base::Kind as Fault;
use chrono::{Days, NaiveDate};
use common::{Here, code, installations, staff};
use designs::model::{MAX_BYTES, Stage};
use designs::service::{self, NewDesign};
use designs::{EDIT, Kind, REVIEW, choices, effective, store};
use uuid::Uuid;

struct People {
    author: Actor,
    colleague: Actor,
    reviewer: Actor,
    stranger: Actor,
}

fn people(here: &Here) -> People {
    let own = Scope::body(here.body.id);
    People {
        author: staff("甲", &[EDIT, REVIEW], own.clone()),
        colleague: staff("乙", &[EDIT], own),
        reviewer: staff("丙", &[REVIEW], Scope::region("4503")),
        stranger: staff("丁", &[EDIT, REVIEW], Scope::body(here.other.id)),
    }
}

async fn begun(here: &Here, actor: &Actor, key: &str) -> Uuid {
    let new = NewDesign { kind: Kind::Process, key, name: "测试审批", body: here.body.id, starter: "approval" };
    service::create(&here.platform, actor, new).await.unwrap()
}

async fn draft(here: &Here, design: Uuid) -> store::VersionRow {
    store::of_design(here.platform.db.read(), design).await.unwrap().remove(0)
}

fn today(here: &Here) -> NaiveDate {
    here.platform.today()
}

#[tokio::test]
async fn a_process_is_drawn_reviewed_by_another_and_holds_from_its_day() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "food-licence").await;
        let first = draft(&here, id).await;
        let changed = first.content.replace("name=\"承办\"", "name=\"初审\"");
        let saved = service::save(p, &who.author, id, first.lock, &changed).await.unwrap();
        assert_eq!(saved.lock, 1, "{engine}");
        service::submit(p, &who.author, id, saved.lock).await.unwrap();
        assert_eq!(code(service::save(p, &who.author, id, 1, &first.content).await), "designs.in_review", "{engine}");

        let tomorrow = today(&here) + Days::new(1);
        let alone = service::publish(p, &who.author, id, 1, tomorrow).await.unwrap_err();
        assert_eq!(alone.kind(), Fault::Forbidden, "{engine}");
        assert!(alone.message().contains("另一位审核人员"), "{engine}");
        service::publish(p, &who.reviewer, id, 1, tomorrow).await.unwrap();

        let conn = p.db.read();
        assert_eq!(effective(conn, Kind::Process, "food-licence", today(&here)).await.unwrap(), None, "{engine}: its day has not come");
        let held = effective(conn, Kind::Process, "food-licence", tomorrow).await.unwrap().unwrap();
        assert_eq!((held.number, held.content.as_str()), (1, changed.as_str()), "{engine}");
        let process = p.flow.process(conn, held.definition.unwrap()).await.unwrap();
        assert!(process.element("handling").is_some_and(|e| e.name == "初审"), "{engine}: deployed in the same transaction");
        assert_eq!(choices(conn, Kind::Process).await.unwrap()[0].key, "food-licence");
        assert!(choices(conn, Kind::Form).await.unwrap().is_empty(), "{engine}");

        let labels: Vec<String> = journal::entries(conn, id).await.unwrap().into_iter().map(|e| e.label).collect();
        assert_eq!(labels, ["新建流程", "保存草稿", "提交审核", "审核通过并发布"], "{engine}");
        assert!(journal::verify_chain(conn, id).await.unwrap().is_ok(), "{engine}");
    }
}

#[tokio::test]
async fn a_second_version_supersedes_the_first_on_its_day_and_changes_nothing_before() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "two-versions").await;
        let start = today(&here);
        service::submit(p, &who.author, id, 0).await.unwrap();
        service::publish(p, &who.reviewer, id, 0, start + Days::new(3)).await.unwrap();
        assert_eq!(code(service::save(p, &who.author, id, 0, "<x/>").await), "designs.published", "{engine}");

        service::start_version(p, &who.author, id).await.unwrap();
        assert_eq!(code(service::start_version(p, &who.colleague, id).await), "designs.draft_open", "{engine}");
        let second = draft(&here, id).await;
        assert_eq!(second.number, 2);
        service::save(p, &who.author, id, 0, &second.content.replace("limit=\"3\"", "limit=\"2\"")).await.unwrap();
        service::submit(p, &who.author, id, 1).await.unwrap();
        assert_eq!(service::publish(p, &who.reviewer, id, 1, start).await.unwrap_err().fields()[0].field, "effective_on", "{engine}: before its predecessor");
        service::publish(p, &who.reviewer, id, 1, start + Days::new(5)).await.unwrap();

        let conn = p.db.read();
        let on = async |days| effective(conn, Kind::Process, "two-versions", start + Days::new(days)).await.unwrap().map(|e| (e.number, e.definition));
        assert_eq!(on(2).await, None, "{engine}");
        let (one, two) = (on(4).await.unwrap(), on(5).await.unwrap());
        assert_eq!((one.0, two.0), (1, 2), "{engine}");
        assert_ne!(one.1, two.1, "{engine}: running cases keep the old definition");
        assert_eq!(store::of_design(conn, id).await.unwrap()[1].content, second.content, "{engine}: the first is as it was");
    }
}

#[tokio::test]
async fn two_editors_notice_each_other() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "shared").await;
        let content = draft(&here, id).await.content;
        service::save(p, &who.author, id, 0, &content.replace("承办", "初审")).await.unwrap();
        let late = service::save(p, &who.colleague, id, 0, &content.replace("承办", "复核")).await.unwrap_err();
        assert_eq!((late.code(), late.kind()), ("designs.stale", Fault::Conflict), "{engine}");
        assert!(draft(&here, id).await.content.contains("初审"), "{engine}: nothing was lost");
        assert_eq!(service::submit(p, &who.author, id, 0).await.unwrap_err().kind(), Fault::Conflict, "{engine}: a drawing not seen is not submitted");
        service::save(p, &who.colleague, id, 1, &content).await.unwrap();
        service::submit(p, &who.author, id, 2).await.unwrap();
        let helper = Actor::Staff(access::Staff { grants: who.reviewer.staff().unwrap().grants.clone(), ..who.colleague.staff().unwrap().clone() });
        assert_eq!(service::publish(p, &helper, id, 2, today(&here)).await.unwrap_err().kind(), Fault::Forbidden, "{engine}: who helped is no second person");
    }
}

#[tokio::test]
async fn an_unfinished_drawing_is_kept_but_not_submitted() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "unfinished").await;
        let broken = draft(&here, id).await.content.replace(r#" tongban:permission="cases.examine""#, "");
        let saved = service::save(p, &who.author, id, 0, &broken).await.unwrap();
        assert!(saved.findings.iter().any(|f| f.element.as_deref() == Some("examination")), "{engine}: {:?}", saved.findings);
        let refused = service::submit(p, &who.author, id, 1).await.unwrap_err();
        assert_eq!(refused.code(), "designs.findings", "{engine}");
        assert!(refused.message().contains("审查"), "{engine}: {refused}");
        assert_eq!(draft(&here, id).await.stage(), Stage::Draft, "{engine}");
        for content in ["", "  ", "not xml"] {
            let done = service::save(p, &who.author, id, 1, content).await;
            assert_eq!(done.is_err(), content.trim().is_empty(), "{engine}: {content:?}");
        }
        assert_eq!(service::save(p, &who.author, id, 2, &"x".repeat(MAX_BYTES + 1)).await.unwrap_err().kind(), Fault::TooLarge, "{engine}");
    }
}

#[tokio::test]
async fn reviewers_give_back_with_reasons_only() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "rejected").await;
        assert_eq!(code(service::reject(p, &who.reviewer, id, 0, "理由").await), "designs.not_in_review", "{engine}");
        service::submit(p, &who.author, id, 0).await.unwrap();
        assert_eq!(service::reject(p, &who.reviewer, id, 0, "  ").await.unwrap_err().fields()[0].field, "reasons", "{engine}");
        service::reject(p, &who.reviewer, id, 0, "时限太长").await.unwrap();
        let back = draft(&here, id).await;
        assert_eq!((back.stage(), back.note.as_str(), back.reviewer_name.as_str()), (Stage::Draft, "时限太长", "丙"), "{engine}");
        assert_eq!(service::publish(p, &who.reviewer, id, 0, today(&here)).await.unwrap_err().code(), "designs.not_in_review", "{engine}");
        let yesterday = today(&here) - Days::new(1);
        service::submit(p, &who.author, id, 0).await.unwrap();
        assert_eq!(service::publish(p, &who.reviewer, id, 0, yesterday).await.unwrap_err().fields()[0].field, "effective_on", "{engine}");
    }
}

#[tokio::test]
async fn scopes_hold_and_keys_are_given_once() {
    for here in installations().await {
        let (p, who, engine) = (&here.platform, people(&here), here.engine);
        let id = begun(&here, &who.author, "scoped").await;
        assert_eq!(service::design(p, &who.stranger, id).await.unwrap_err().kind(), Fault::NotFound, "{engine}");
        assert_eq!(service::save(p, &who.stranger, id, 0, "<x/>").await.unwrap_err().kind(), Fault::Forbidden, "{engine}");
        assert_eq!(service::submit(p, &who.reviewer, id, 0).await.unwrap_err().kind(), Fault::Forbidden, "{engine}: a reviewer does not draw");
        let list = async |actor: &Actor| store::list(p.db.read(), actor, store::Filter::default(), None, 10).await.unwrap().items.len();
        assert_eq!((list(&who.author).await, list(&who.reviewer).await, list(&who.stranger).await, list(&Actor::Anonymous).await), (1, 1, 0, 0), "{engine}");
        let again = |key, name, body, starter| service::create(p, &who.author, NewDesign { kind: Kind::Process, key, name, body, starter });
        assert_eq!(again("scoped", "又一个", here.body.id, "empty").await.unwrap_err().fields()[0].field, "key", "{engine}");
        assert_eq!(again("Bad Key", "又一个", here.body.id, "empty").await.unwrap_err().fields()[0].field, "key", "{engine}");
        assert_eq!(again("good", " ", here.body.id, "empty").await.unwrap_err().fields()[0].field, "name", "{engine}");
        assert_eq!(again("good", "又一个", here.body.id, "none").await.unwrap_err().fields()[0].field, "starter", "{engine}");
        assert_eq!(again("good", "又一个", here.other.id, "empty").await.unwrap_err().kind(), Fault::Forbidden, "{engine}");
        assert_eq!(store::list(p.db.read(), &who.author, store::Filter { kind: Some(Kind::Form), stage: None }, None, 10).await.unwrap().items.len(), 0);
    }
}
