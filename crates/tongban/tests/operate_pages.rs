//! The operator's page over HTTP and the command line beside it: jobs that were given up.

mod common;

use axum::http::StatusCode;
use common::{Browser, World};
use jobs::{NewJob, enqueue};
use serde_json::json;
use tongban::operate::{self, Jobs};
use uuid::Uuid;

const LIST: &str = "/work/operations/jobs";

/// Jobs nobody knows, given up at once; their identifiers, the youngest first.
async fn given_up(world: &World, n: usize) -> Vec<Uuid> {
    let p = world.platform();
    let tx = p.db.begin().await.unwrap();
    for n in 0..n {
        enqueue(&tx, NewJob { max_attempts: 1, ..NewJob::now("no.such", json!({ "n": n }), p.now()) }, p.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    world.program.runner.drain().await.unwrap();
    jobs::dead(p.db.read(), 1000).await.unwrap().into_iter().map(|job| job.id).collect()
}

#[tokio::test]
async fn an_operator_sees_retries_and_drops_jobs_that_were_given_up() {
    for world in World::both().await {
        let engine = world.engine;
        let mut admin = Browser::of(&world, "admin01").await;
        let empty = admin.get(LIST).await;
        assert!(empty.status == StatusCode::OK && empty.body.contains("没有失败任务"), "{engine}");
        let ids = given_up(&world, 2).await;
        let list = admin.get(LIST).await.body;
        assert!(ids.iter().all(|id| list.contains(&format!("{LIST}/{id}"))) && list.contains("no handler"), "{engine}");

        let page = format!("{LIST}/{}", ids[0]);
        let without = admin.post(&page, &format!("{page}/drop"), &[("reason", " ")]).await;
        assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.body.contains("请写明清除的原因"), "{engine}");
        let dropped = admin.post(&page, &format!("{page}/drop"), &[("reason", "另行办结")]).await;
        assert_eq!((dropped.status, dropped.location.as_str()), (StatusCode::SEE_OTHER, LIST), "{engine}");
        assert_eq!(admin.get(&page).await.status, StatusCode::NOT_FOUND, "{engine}");

        let page = format!("{LIST}/{}", ids[1]);
        assert_eq!(admin.post(&page, &format!("{page}/retry"), &[]).await.location, LIST, "{engine}");
        world.program.runner.drain().await.unwrap();
        assert!(admin.get(&page).await.body.contains("已执行"), "{engine}: tried, failed, back again");
        let entries = journal::entries(world.platform().db.read(), ids[1]).await.unwrap();
        assert_eq!((entries.len(), entries[0].act.as_str(), entries[0].actor_name.as_str()), (1, "operations.retry_job", "演示管理甲"), "{engine}");

        let mut other = Browser::of(&world, "head01").await;
        assert_eq!(other.get(LIST).await.status, StatusCode::FORBIDDEN, "{engine}");
        assert!(!other.get("/work").await.body.contains(LIST), "{engine}: not offered");
    }
}

#[tokio::test]
async fn the_command_line_does_the_same() {
    for world in World::both().await {
        let p = world.platform();
        let ids = given_up(&world, 3).await;
        operate::jobs(p, Jobs::Dead { limit: 2 }).await.unwrap();
        assert!(operate::jobs(p, Jobs::Drop { id: ids[0], reason: " ".into() }).await.unwrap_err().to_string().contains("--reason"));
        operate::jobs(p, Jobs::Drop { id: ids[0], reason: "test".into() }).await.unwrap();
        operate::jobs(p, Jobs::Retry { id: Some(ids[1]), all: false }).await.unwrap();
        assert!(operate::jobs(p, Jobs::Retry { id: Some(ids[1]), all: false }).await.is_err(), "it waits");
        operate::jobs(p, Jobs::Retry { id: None, all: true }).await.unwrap();
        assert!(jobs::dead(p.db.read(), 10).await.unwrap().is_empty(), "{}", world.engine);
        for (id, act) in [(ids[0], "operations.drop_job"), (ids[1], "operations.retry_job"), (ids[2], "operations.retry_job")] {
            let entries = journal::entries(p.db.read(), id).await.unwrap();
            assert_eq!((entries.len(), entries[0].act.as_str(), entries[0].actor_name.as_str()), (1, act, "命令行运维"), "{}", world.engine);
        }
    }
}
