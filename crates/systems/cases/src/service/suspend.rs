//! 挂起, 恢复: the head of the body stops a process, e.g. while it is unclear who is competent. The legal limit runs on: only a
//! special procedure stops that.

use access::Actor;
use base::{Error, Result};
use journal::Draft as Entry;
use platform::Platform;
use uuid::Uuid;

use crate::permissions::HEAD;
use crate::service::loaded::{LoadedCase, note};

/// Stops the process of a case: nobody acts until it is resumed.
///
/// # Errors
/// When the actor does not head the body, the reason is missing, or nothing runs.
pub async fn suspend(platform: &Platform, actor: &Actor, id: Uuid, reason: &str) -> Result<()> {
    if reason.trim().chars().count() < 4 {
        return Err(Error::field("reason", "请写明挂起的原因。"));
    }
    let tx = platform.db.begin().await?;
    let case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HEAD, None)?;
    case.record(platform, &tx, actor, Entry::new("cases.suspend", "挂起流程", note(&[("reason", reason.trim())])), None).await?;
    platform.flow.suspend(&tx, id, platform.now()).await?;
    tx.commit().await
}

/// Lets it go on.
///
/// # Errors
/// When the actor does not head the body, or it is not suspended.
pub async fn resume(platform: &Platform, actor: &Actor, id: Uuid) -> Result<()> {
    let tx = platform.db.begin().await?;
    let case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HEAD, None)?;
    case.record(platform, &tx, actor, Entry::new("cases.resume", "恢复流程", note(&[])), None).await?;
    platform.flow.resume(&tx, id, platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
