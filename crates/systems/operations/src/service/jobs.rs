//! Jobs that were given up.

use access::{Actor, Target};
use base::{Error, Result};
use db::{Cursor, Page};
use jobs::DeadJob;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::permissions::OPERATE;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

fn authorise(platform: &Platform, actor: &Actor) -> Result<()> {
    actor.require(OPERATE, &Target { region: &platform.site.region, body: None, item: None })
}

/// Jobs that were given up, the youngest first.
///
/// # Errors
/// When the actor is no operator.
pub async fn dead_jobs(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<DeadJob>> {
    authorise(platform, actor)?;
    jobs::dead_page(platform.db.read(), after, size).await
}

/// One of them.
///
/// # Errors
/// When the actor is no operator or there is no such dead job.
pub async fn dead_job(platform: &Platform, actor: &Actor, id: Uuid) -> Result<DeadJob> {
    authorise(platform, actor)?;
    jobs::dead_one(platform.db.read(), id).await
}

/// Gives a dead job its tries back; it runs at once.
///
/// # Errors
/// When the actor is no operator, there is no such dead job, or somebody else was first.
pub async fn retry_job(platform: &Platform, actor: &Actor, id: Uuid) -> Result<()> {
    let job = dead_job(platform, actor, id).await?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    jobs::revive(&tx, id, now).await?;
    journal::append(&tx, id, actor, now, Draft::new("operations.retry_job", "重试失败任务", about(&job))).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Drops a dead job for a reason: what it was to do will not happen. The journal keeps what it was about.
///
/// # Errors
/// When the actor is no operator, the reason is missing, there is no such dead job, or somebody else was first.
pub async fn drop_job(platform: &Platform, actor: &Actor, id: Uuid, reason: &str) -> Result<()> {
    let job = dead_job(platform, actor, id).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::field("reason", format!("请写明清除的原因（不超过 {LONGEST_REASON} 字），例如这件事已经另行办结。")));
    }
    let mut data = about(&job);
    data["reason"] = reason.into();
    let now = platform.now();
    let tx = platform.db.begin().await?;
    jobs::drop_dead(&tx, id).await?;
    journal::append(&tx, id, actor, now, Draft::new("operations.drop_job", "清除失败任务", data)).await?;
    tx.commit().await
}

fn about(job: &DeadJob) -> serde_json::Value {
    json!({ "kind": job.kind, "key": job.key, "attempts": job.attempts, "error": job.last_error })
}
