use access::Actor;
use base::{Error, Result};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::authenticator::forget_account;
use super::hashing::{fits, hash};
use super::own_account;
use crate::model::{locked, password_problem};
use crate::store::{self, AccountRow};

/// Changes the actor's password and ends every other session of theirs.
///
/// # Errors
/// When the old password is wrong (counted as at sign-in) or the new one too weak.
pub async fn change_password(platform: &Platform, actor: &Actor, session: Uuid, old: &str, new: &str) -> Result<()> {
    let account = own_account(platform.db.read(), actor).await?;
    verify(platform, &account, "old_password", old).await?;
    if old == new {
        return Err(Error::field("new_password", "新密码不能与原密码相同，请换一个。"));
    }
    if let Some(problem) = password_problem(new, &[&account.login_masked]) {
        return Err(Error::field("new_password", problem));
    }
    let hash = hash(new).await?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    store::set_password(&tx, account.id, &hash, false).await?;
    let ended = store::revoke_others(&tx, account.id, session, now).await?;
    journal::append(&tx, account.id, actor, now, Draft::new("identity.change_password", "修改密码", json!({ "ended_sessions": ended }))).await?;
    tx.commit().await?;
    forget_account(account.id);
    Ok(())
}

/// Asks for the password again before something grave; a wrong one counts as at sign-in.
pub(super) async fn verify(platform: &Platform, account: &AccountRow, field: &str, password: &str) -> Result<()> {
    let now = platform.now();
    if locked(account.locked_until, now) {
        return Err(Error::too_many("连续输错次数太多，账号已暂时锁定。请 30 分钟后再试。"));
    }
    if fits(password, Some(&account.password_hash)).await? {
        return Ok(());
    }
    let tx = platform.db.begin().await?;
    store::count_failure(&tx, account.id, now).await?;
    tx.commit().await?;
    Err(Error::field(field, "密码不正确，请重新输入。"))
}
