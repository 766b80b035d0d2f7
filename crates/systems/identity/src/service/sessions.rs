use access::Actor;
use base::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::account_id;
use super::authenticator::forget_account;
use crate::store;

/// An open session, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Identifier.
    pub id: Uuid,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Network address it was opened from.
    pub address: String,
    /// Browser it was opened with.
    pub device: String,
}

/// The actor's open sessions, newest first.
///
/// # Errors
/// When nobody is signed in.
pub async fn sessions(platform: &Platform, actor: &Actor) -> Result<Vec<SessionInfo>> {
    let lines = store::open_sessions(platform.db.read(), account_id(actor)?, platform.now()).await?;
    let info = |l: store::SessionLine| SessionInfo {
        id: l.id,
        created_at: l.created_at,
        last_seen: l.last_seen,
        expires_at: l.expires_at,
        address: l.address,
        device: l.device,
    };
    Ok(lines.into_iter().map(info).collect())
}

/// Ends one of the actor's own sessions.
///
/// # Errors
/// When it is not theirs or has ended.
pub async fn revoke_session(platform: &Platform, actor: &Actor, session: Uuid) -> Result<()> {
    end(platform, actor, session, "identity.revoke_session", "结束一个登录").await
}

/// Signs out.
///
/// # Errors
/// When the session has ended already.
pub async fn sign_out(platform: &Platform, actor: &Actor, session: Uuid) -> Result<()> {
    end(platform, actor, session, "identity.sign_out", "退出登录").await
}

async fn end(platform: &Platform, actor: &Actor, session: Uuid, act: &'static str, label: &str) -> Result<()> {
    let account = account_id(actor)?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    if store::revoke(&tx, account, session, now).await? == 0 {
        return Err(Error::not_found("这个登录已经结束，请刷新页面。"));
    }
    journal::append(&tx, account, actor, now, Draft::new(act, label, json!({ "session": session }))).await?;
    tx.commit().await?;
    forget_account(account);
    Ok(())
}

/// Deletes sessions that ended a month ago; what happened is in the journal.
pub(crate) async fn forget_sessions(platform: Platform) -> Result<()> {
    let tx = platform.db.begin().await?;
    store::delete_expired(&tx, platform.now() - Duration::days(30)).await?;
    tx.commit().await
}
