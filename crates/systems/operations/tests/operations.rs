//! What operators do, on both engines.

use access::{Actor, Permission, Scope};
use async_trait::async_trait;
use base::{Clock, Error, Kind, Result};
use chrono::Duration;
use testhouse::{Here, citizen, installations, staff};
use jobs::{Handler, Job, NewJob, Runner, enqueue};
use operations::{Forgotten, OPERATE, dead_jobs, drop_job, forget, retry_job};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

struct Failing;

#[async_trait]
impl Handler for Failing {
    async fn run(&self, _: &Job) -> Result<()> {
        Err(Error::internal("the other side is away"))
    }
}

/// A job that was given up.
async fn given_up(here: &Here) -> Uuid {
    let p = &here.platform;
    let tx = p.db.begin().await.unwrap();
    enqueue(&tx, NewJob { max_attempts: 1, ..NewJob::now("call", json!({ "n": 1 }), p.now()) }, p.now()).await.unwrap();
    tx.commit().await.unwrap();
    Runner::new(p.db.clone(), p.clock.clone(), vec![("call", Arc::new(Failing))], vec![], p.wake.clone()).drain().await.unwrap();
    jobs::dead(p.db.read(), 1).await.unwrap()[0].id
}

fn operator() -> Actor {
    staff(Uuid::nil(), OPERATE, Scope::default())
}

async fn acts(here: &Here, id: Uuid) -> Vec<(String, String)> {
    let entries = journal::entries(here.platform.db.read(), id).await.unwrap();
    entries.into_iter().map(|e| (e.act, e.data["reason"].as_str().unwrap_or_default().to_owned())).collect()
}

#[tokio::test]
async fn an_operator_retries_and_drops_and_the_journal_tells() {
    for here in installations(&[]).await {
        let (p, operator) = (&here.platform, operator());
        let id = given_up(&here).await;
        let page = dead_jobs(p, &operator, None, 10).await.unwrap();
        assert_eq!((page.items.len(), page.items[0].kind.as_str()), (1, "call"), "{}", here.engine);
        retry_job(p, &operator, id).await.unwrap();
        assert!(dead_jobs(p, &operator, None, 10).await.unwrap().items.is_empty());
        assert_eq!(retry_job(p, &operator, id).await.unwrap_err().kind(), Kind::NotFound, "it waits, it is not dead");
        Runner::new(p.db.clone(), p.clock.clone(), vec![("call", Arc::new(Failing))], vec![], p.wake.clone()).drain().await.unwrap();
        assert_eq!(drop_job(p, &operator, id, "  ").await.unwrap_err().fields()[0].field, "reason");
        assert_eq!(drop_job(p, &operator, id, &"长".repeat(501)).await.unwrap_err().kind(), Kind::Invalid);
        drop_job(p, &operator, id, "已电话办结").await.unwrap();
        assert_eq!(drop_job(p, &operator, id, "已电话办结").await.unwrap_err().kind(), Kind::NotFound);
        let told = [("operations.retry_job".to_owned(), String::new()), ("operations.drop_job".to_owned(), "已电话办结".to_owned())];
        assert_eq!(acts(&here, id).await, told, "{}: what was refused is not recorded", here.engine);
        assert!(journal::verify_chain(p.db.read(), id).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn nobody_else_operates() {
    for here in installations(&[]).await {
        let p = &here.platform;
        let id = given_up(&here).await;
        let other = staff(Uuid::nil(), Permission::new("organization.manage", "机构管理"), Scope::default());
        let elsewhere = staff(Uuid::nil(), OPERATE, Scope::region("4504"));
        for actor in [other, elsewhere, citizen(Uuid::nil()), Actor::Anonymous] {
            let expected = if actor == Actor::Anonymous { Kind::Unauthenticated } else { Kind::Forbidden };
            assert_eq!(dead_jobs(p, &actor, None, 1).await.unwrap_err().kind(), expected);
            assert_eq!(retry_job(p, &actor, id).await.unwrap_err().kind(), expected);
            assert_eq!(drop_job(p, &actor, id, "无").await.unwrap_err().kind(), expected);
        }
        assert!(acts(&here, id).await.is_empty(), "{}", here.engine);
    }
}

#[tokio::test]
async fn what_is_past_its_age_goes_and_the_rest_stays() {
    for here in installations(&[]).await {
        let p = &here.platform;
        let write = async |events: usize, keys: usize| {
            let tx = p.db.begin().await.unwrap();
            for n in 0..events {
                let sql = "INSERT INTO outbox (topic, payload, at, dispatched_at) VALUES ('a.b', $1, $2, $2)";
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [n.to_string().into(), p.now().into()])).await.unwrap();
            }
            for n in 0..keys {
                db::idempotent(&tx, "act", &format!("{n} {}", p.now()), "", p.now()).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        write(1203, 501).await;
        assert_eq!(forget(p).await.unwrap(), Forgotten::default(), "{}: all of today", here.engine);
        here.clock.advance(Duration::days(31));
        write(2, 0).await;
        assert_eq!(forget(p).await.unwrap(), Forgotten { events: 1203, keys: 0 });
        here.clock.advance(Duration::days(60));
        write(0, 3).await;
        assert_eq!(forget(p).await.unwrap(), Forgotten { events: 2, keys: 501 });
        assert_eq!(forget(p).await.unwrap(), Forgotten::default(), "{}", here.clock.now());
    }
}
