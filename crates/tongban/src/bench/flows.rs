//! Processes alone: start → task → end, durable, beside bare commits of the same engine.

use std::sync::Arc;
use std::time::Instant;

use access::{Actor, Grant, Scope, Staff};
use base::{Error, Result, new_id};
use chrono::Duration;
use flow::{Outcome, Subject, Task};
use platform::Platform;
use sea_orm::ConnectionTrait;
use serde_json::Map;
use uuid::Uuid;

use super::cases::{bare_commits, in_parallel};
use super::load::Loader;
use crate::compose;
use crate::config::Config;

/// Transactions of an instance: it is started, and its task is completed.
const STEPS: usize = 2;

const DRAWING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn">
<process id="bench" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/>
<userTask id="work" name="办理" tongban:permission="bench.work" tongban:step="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="e"/><endEvent id="e"/></process></definitions>"#;

/// Measures the engine behind `config` and prints one row of the table.
///
/// # Errors
/// When a step fails, or a task is not there in the transaction that created it.
pub async fn flows(config: &Config, count: usize) -> Result<()> {
    let (platform, _) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    let tx = platform.db.begin().await?;
    tx.execute_unprepared("CREATE TABLE IF NOT EXISTS bench_commit (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)").await?;
    let definition = platform.flow.deploy(&tx, "bench", DRAWING, platform.now()).await?;
    tx.commit().await?;
    let actor = Arc::new(worker());
    let started = Instant::now();
    in_parallel(vec![(); count], |()| life(platform.clone(), actor.clone(), definition)).await?;
    let instances = count as f64 / started.elapsed().as_secs_f64();
    let bare = bare_commits(&platform, count * STEPS).await?;
    println!("| {:?} | {count} | {instances:.0} | {:.0} | {bare:.0} | {:.2} |", platform.db.engine(), instances * STEPS as f64, instances * STEPS as f64 / bare);
    Ok(())
}

/// Measures a step beside `few` and then beside `many` waiting instances and prints one row of the table. The waiting ones are
/// copies of one, made by the engine itself.
///
/// # Errors
/// As [`flows`].
pub async fn waiting(config: &Config, count: usize, few: u64, many: u64) -> Result<()> {
    let (platform, _) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    let tx = platform.db.begin().await?;
    let definition = platform.flow.deploy(&tx, "bench", DRAWING, platform.now()).await?;
    tx.commit().await?;
    let actor = Arc::new(worker());
    let copied = begin(&platform, &actor, definition).await?.business;
    let loader = Loader::of_instance(&platform.db, platform.now(), copied);
    let mut taken = Vec::new();
    for (from, to) in [(0, few), (few, many)] {
        loader.waiting(from, to).await?;
        loader.settle().await?;
        in_parallel(vec![(); count / 10], |()| life(platform.clone(), actor.clone(), definition)).await?; // warm
        let started = Instant::now();
        in_parallel(vec![(); count], |()| life(platform.clone(), actor.clone(), definition)).await?;
        taken.push(started.elapsed().as_secs_f64() * 1e6 / (count * STEPS) as f64);
    }
    let [before, after] = taken.as_slice() else { return Err(Error::internal("two sizes are measured")) };
    println!("| {:?} | {few} | {before:.0} | {many} | {after:.0} | {:+.0} % |", platform.db.engine(), (after / before - 1.0) * 100.0);
    Ok(())
}

fn worker() -> Actor {
    let id = new_id();
    let grants = vec![Grant { permission: "bench.work".into(), scope: Scope::default() }];
    Actor::Staff(Staff {
        account: id,
        staff: id,
        name: "演示".into(),
        body: Uuid::nil(),
        body_name: String::new(),
        region: "450300000000".into(),
        posts: Vec::new(),
        own_party: None,
        grants,
        deputy: access::Deputy::default(),
    })
}

async fn life(platform: Platform, actor: Arc<Actor>, definition: Uuid) -> Result<()> {
    let task = begin(&platform, &actor, definition).await?;
    let tx = platform.db.begin().await?;
    platform.flow.complete(&tx, &actor, &task, Outcome::of("done"), platform.now()).await?;
    tx.commit().await
}

/// Starts an instance; its task, which is there in the same transaction.
async fn begin(platform: &Platform, actor: &Actor, definition: Uuid) -> Result<Task> {
    let business = new_id();
    let due_at = platform.now() + Duration::days(5);
    let subject = Subject { business, title: "测量".into(), region: "450300000000".into(), body: None, item: None, party: None, due_at };
    let tx = platform.db.begin().await?;
    platform.flow.start(&tx, definition, subject, Map::new(), actor, platform.now()).await?;
    let task = flow::open_tasks(&*tx, business).await?.into_iter().next().ok_or_else(|| Error::internal("the task is not there at once"))?;
    tx.commit().await?;
    Ok(task)
}
