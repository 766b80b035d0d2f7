//! The drawing boards over HTTP: a department's author and the city's reviewer of the demonstration, on both engines; and a case
//! that runs the process they drew.

mod common;

use axum::http::StatusCode;
use cases::model::State;
use common::World;
use common::browser::Browser;
use uuid::Uuid;

const FOOD: &str = "食品经营许可（首次申请）";
const DESIGNS: &str = "/work/designs";

async fn begun(author: &mut Browser, key: &str) -> String {
    let page = format!("{DESIGNS}/new?kind=process");
    let form = author.get(&page).await.body;
    // the author's own body is chosen already
    let bodies = between(&form, "name=\"body\"", "</select>");
    let body = bodies.split("<option").find(|option| option.contains("selected")).map(|option| between(option, "value=\"", "\"").to_owned()).unwrap();
    let fields = [("kind", "process"), ("name", "演示流程"), ("key", key), ("body", body.as_str()), ("starter", "approval")];
    let answer = author.post(&page, &format!("{DESIGNS}/new"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location.trim_end_matches("/edit").to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split(before).nth(1).and_then(|rest| rest.split(after).next()).unwrap_or_else(|| panic!("no {before}"))
}

#[tokio::test]
async fn a_department_draws_tries_and_a_second_person_publishes() {
    for world in World::both().await {
        let engine = world.engine;
        let (mut author, mut reviewer) = (Browser::of(&world, "editor01").await, Browser::of(&world, "reviewer01").await);
        let mut stranger = Browser::of(&world, "handler01").await;
        let here = begun(&mut author, "demo-process").await;
        let board = author.get(&format!("{here}/edit")).await;
        assert_eq!(board.status, StatusCode::OK, "{engine}");
        for said in ["data-designer=\"process\"", "designer-process.js", "look-process.css", "窗口受理员", "制作电子证照", "用文件修改"] {
            assert!(board.body.contains(said), "{engine}: {said}");
        }
        assert_eq!(stranger.get(&here).await.status, StatusCode::FORBIDDEN, "{engine}");
        assert_eq!(reviewer.get(&format!("{here}/edit")).await.status, StatusCode::FORBIDDEN, "{engine}: reviewers do not draw");

        // the board saves by itself, and hears what is wrong and where
        let token = between(&board.body, "data-token=\"", "\"").to_owned();
        let xml = author.get(between(&board.body, "data-file=\"", "\"")).await.body;
        author.accept = "application/json";
        let broken = xml.replace(r#" tongban:permission="cases.approve""#, "");
        let saved = author.post_parts(&format!("{here}/save"), &token, &[("lock", "0"), ("content", &broken)]).await;
        let answer: serde_json::Value = serde_json::from_str(&saved.body).unwrap();
        assert_eq!((saved.status, answer["lock"].as_i64()), (StatusCode::OK, Some(1)), "{engine}: {}", saved.body);
        assert!(answer["findings"].as_array().unwrap().iter().any(|f| f["element"] == "approval" && f["severity"] == "error"), "{engine}");
        let stale = author.post_parts(&format!("{here}/save"), &token, &[("lock", "0"), ("content", &xml)]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{engine}");
        assert!(stale.body.contains("designs.stale") && stale.body.contains("另一位同事"), "{engine}: {}", stale.body);
        assert_eq!(author.post_parts(&format!("{here}/save"), "forged", &[("lock", "1"), ("content", &xml)]).await.status, StatusCode::FORBIDDEN, "{engine}");
        author.accept = "text/html";

        let refused = author.post(&here, &format!("{here}/submit"), &[("lock", "1")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(refused.body.contains("不能提交审核") && refused.body.contains("审批"), "{engine}");
        let unfinished = author.get(&format!("{here}/try")).await;
        assert!(unfinished.status == StatusCode::OK && unfinished.body.contains("还不能运行"), "{engine}");

        // by file, as without scripts
        let uploaded = author.post_parts(&format!("{here}/save"), &token, &[("lock", "1"), ("content", &xml)]).await;
        assert_eq!(uploaded.location, here, "{engine}");
        let tried = author.get(&format!("{here}/try")).await;
        assert!(tried.body.contains("窗口受理员") && tried.body.contains("一次告知补正") && tried.body.contains("diagram.js"), "{engine}");
        let step = author.post(&format!("{here}/try"), &format!("{here}/try"), &[("moves", "[]"), ("sample", "{}"), ("act", r#"{"do":"complete","token":2,"outcome":"accept"}"#)]).await;
        assert!(step.status == StatusCode::OK || step.status == StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let forged = author.post(&format!("{here}/try"), &format!("{here}/try"), &[("moves", "[{}]"), ("sample", "{}"), ("act", "back")]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{engine}");

        assert_eq!(author.post(&here, &format!("{here}/submit"), &[("lock", "2")]).await.location, here, "{engine}");
        let day = [("lock", "2"), ("effective_on_year", "2026"), ("effective_on_month", "11"), ("effective_on_day", "2")];
        assert_eq!(author.post(DESIGNS, &format!("{here}/publish"), &day).await.status, StatusCode::FORBIDDEN, "{engine}: never the author");
        let wrong = reviewer.post(&here, &format!("{here}/publish"), &[("lock", "2"), ("effective_on_year", "2026"), ("effective_on_month", "13"), ("effective_on_day", "2")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(wrong.body.contains("请填写生效的年、月、日"), "{engine}");
        assert_eq!(reviewer.post(&here, &format!("{here}/publish"), &day).await.location, here, "{engine}");
        assert!(author.get(&here).await.body.contains("现行"), "{engine}");

        // a second version beside the first
        author.post(&here, &format!("{here}/version"), &[]).await;
        let board = author.get(&format!("{here}/edit")).await.body;
        author.post_parts(&format!("{here}/save"), between(&board, "data-token=\"", "\""), &[("lock", "0"), ("content", &xml.replace("name=\"审查\"", "name=\"复核\""))]).await;
        let page = author.get(&here).await.body;
        let compare = between(&page, "/compare?", "\"").replace("&amp;", "&");
        let compared = author.get(&format!("{here}/compare?{compare}")).await;
        assert!(compared.body.contains("由“审查”改为“复核”") && compared.body.contains("\"side\":\"before\""), "{engine}");
        assert!(author.get(&format!("{here}/compare?before={0}&after={0}", Uuid::now_v7())).await.status == StatusCode::NOT_FOUND, "{engine}");
    }
}

#[tokio::test]
async fn a_case_runs_the_process_its_department_drew_and_keeps_it() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let (editor, reviewer) = (world.staff("editor01").await, world.staff("reviewer01").await);
        let body = editor.staff().unwrap().body;
        let new = designs::service::NewDesign { kind: designs::Kind::Process, key: "own-food", name: "食品许可流程", body, starter: "approval" };
        let design = designs::service::create(p, &editor, new).await.unwrap();
        let publish = async |lock: i32| {
            designs::service::submit(p, &editor, design, lock).await.unwrap();
            designs::service::publish(p, &reviewer, design, lock, p.today()).await.unwrap();
        };

        let item = world.item(FOOD);
        let name_it = async |key: &str| -> base::Result<()> {
            let row = catalog::store::item_row(p.db.read(), item).await?;
            if row.working_version_id.is_none() {
                catalog::service::start_version(p, &editor, item).await?;
            }
            let row = catalog::store::item_row(p.db.read(), item).await?;
            let versions = catalog::store::item_versions(p.db.read(), item).await?;
            let spec = catalog::model::ItemSpec { process_key: key.into(), ..versions[0].spec()? };
            catalog::service::save_draft(p, &editor, item, row.version, spec).await?;
            catalog::service::submit_for_review(p, &editor, item, row.version + 1).await?;
            catalog::service::publish(p, &reviewer, item, row.version + 2, "").await
        };
        assert_eq!(name_it("own-food").await.unwrap_err().fields()[0].field, "process_key", "{engine}: not published yet");
        let xml = designs::store::of_design(p.db.read(), design).await.unwrap().remove(0).content;
        designs::service::save(p, &editor, design, 0, &xml.replace("name=\"受理\" tongban", "name=\"窗口受理\" tongban")).await.unwrap();
        publish(1).await;
        name_it("own-food").await.unwrap();

        let firm = world.firm().await;
        let first = world.applied(&firm, FOOD).await.case_id;
        let task = async |case| flow::open_tasks(p.db.read(), case).await.unwrap().remove(0).name;
        assert_eq!(task(first).await, "窗口受理", "{engine}");
        assert_eq!(world.state(first).await, State::Submitted, "{engine}");

        designs::service::start_version(p, &editor, design).await.unwrap();
        designs::service::save(p, &editor, design, 0, &xml.replace("name=\"受理\" tongban", "name=\"综合受理\" tongban")).await.unwrap();
        publish(1).await;
        let second = world.applied(&firm, FOOD).await.case_id;
        assert_eq!((task(first).await.as_str(), task(second).await.as_str()), ("窗口受理", "综合受理"), "{engine}: running cases stay on theirs");
    }
}
