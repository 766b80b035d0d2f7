use base::{Error, Result, new_id, random_token};
use chrono::{DateTime, Duration, Utc};
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use web::Session;

use super::authenticator::{read_session, token_hash};
use super::hashing::fits;
use super::login_index;
use super::throttle::{address_may_try, stranger_is_locked};
use super::totp::{SECRET, recovery_index};
use crate::model::{ABSOLUTE_HOURS, AccountKind, LOCK_MINUTES, MAX_FAILURES, RecoveryCode, TotpSecret, accept_code, locked};
use crate::store::{self, AccountRow, NewSession};

/// Minutes in which the one-time code must follow the password.
const CODE_MINUTES: i64 = 5;

/// Where a sign-in comes from, for the list of sessions.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Network address; empty when unknown.
    pub address: String,
    /// What the browser calls itself.
    pub device: String,
}

/// A session that was opened.
pub struct Ticket {
    /// For the cookie: 64 hexadecimal digits. Only its hash is stored.
    pub token: String,
    /// The session.
    pub session: Session,
    /// Kind of account.
    pub kind: AccountKind,
    /// The password was set by somebody else and must be changed.
    pub must_change: bool,
}

/// What a right password leads to.
pub enum SignIn {
    /// The session is open.
    Done(Box<Ticket>),
    /// A one-time code is asked for; `challenge` goes with it.
    Code {
        /// Secret of this sign-in; good for five minutes.
        challenge: String,
    },
}

/// The one answer to a wrong login or a wrong password.
fn wrong() -> Error {
    Error::refused("identity.wrong_password", "账号或密码不正确")
}

fn is_locked() -> Error {
    Error::too_many(format!("连续输错 {MAX_FAILURES} 次，账号已锁定 {LOCK_MINUTES} 分钟。请稍后再试，或到政务服务中心窗口办理密码重置。"))
}

fn too_many_from_here() -> Error {
    Error::too_many("这个网络地址尝试登录的次数太多，请 10 分钟后再试。")
}

/// Signs in with citizen number, credit code, mobile number or staff login.
///
/// # Errors
/// One and the same refusal for a wrong login and a wrong password, after the same work; [`base::Kind::TooMany`] while
/// the account is locked or too many tries came from one address.
pub async fn sign_in(platform: &Platform, login: &str, password: &str, client: &Client) -> Result<SignIn> {
    let now = platform.now();
    if !address_may_try(&client.address, now) {
        return Err(too_many_from_here());
    }
    let index = login_index(&platform.vault, login);
    let account = store::account_by_login(platform.db.read(), index.clone()).await?;
    // A locked account is not compared at all, or the lock could not stop guessing; the work is done all the same.
    let shut = account.as_ref().is_some_and(|a| locked(a.locked_until, now));
    let right = fits(password, account.as_ref().filter(|_| !shut).map(|a| a.password_hash.as_str())).await?;
    let Some(account) = account else {
        return Err(if stranger_is_locked(&index, now) { is_locked() } else { wrong() });
    };
    if shut {
        return Err(is_locked());
    }
    let tx = platform.db.begin().await?;
    if !right {
        fail(tx, &account, now).await?;
        return Err(wrong());
    }
    if account.totp_sealed.is_some() {
        let token = random_token()?;
        let expires = now + Duration::minutes(CODE_MINUTES);
        open_session(&tx, &account, &token, store::AWAITS_CODE, now, expires, client).await?;
        tx.commit().await?;
        return Ok(SignIn::Code { challenge: token });
    }
    Ok(SignIn::Done(Box::new(enter(platform, tx, &account, client, "password").await?)))
}

/// The second step: the one-time code of the authenticator app, or a recovery code.
///
/// # Errors
/// When the code is wrong or was used before (counted like a wrong password), or the first step is too long ago.
pub async fn sign_in_with_code(platform: &Platform, challenge: &str, code: &str, client: &Client) -> Result<Ticket> {
    let now = platform.now();
    if !address_may_try(&client.address, now) {
        return Err(too_many_from_here());
    }
    let again = || Error::refused("identity.sign_in_again", "登录已超时，请返回登录页重新输入账号和密码。");
    let pending = store::session_by_hash(platform.db.read(), &token_hash(challenge)).await?;
    let pending = pending.filter(|s| s.stage == store::AWAITS_CODE && s.revoked_at.is_none() && now < s.expires_at).ok_or_else(again)?;
    let tx = platform.db.begin().await?;
    let account = store::account(&*tx, pending.account_id).await?.ok_or_else(again)?;
    if locked(account.locked_until, now) {
        return Err(is_locked());
    }
    let sealed = account.totp_sealed.as_deref().ok_or_else(again)?;
    let means = if let Some(recovery) = RecoveryCode::parse(code) {
        if !store::spend_code(&tx, account.id, recovery_index(&platform.vault, &recovery), now).await? {
            fail(tx, &account, now).await?;
            return Err(Error::field("code", "恢复码不正确或已经用过，每个恢复码只能用一次。请换一个，或者联系本单位管理员重置。"));
        }
        let left = store::codes_left(&*tx, account.id).await?;
        let entry = Draft::new("identity.recovery_code", "使用恢复码登录", json!({ "left": left }));
        journal::append(&tx, account.id, &access::Actor::System("identity"), now, entry).await?;
        "password+recovery"
    } else {
        let secret = TotpSecret::from_base32(&platform.vault.open(SECRET, sealed)?)?;
        let Some(step) = accept_code(&secret, code, now, account.totp_step)? else {
            fail(tx, &account, now).await?;
            return Err(Error::field("code", "动态码不正确或已经用过，请等待应用显示下一个动态码后输入。"));
        };
        store::spend_step(&tx, account.id, step).await?;
        "password+totp"
    };
    store::revoke(&tx, account.id, pending.id, now).await?;
    enter(platform, tx, &account, client, means).await
}

/// Counts a failure.
async fn fail(tx: Tx, account: &AccountRow, now: DateTime<Utc>) -> Result<()> {
    let until = store::count_failure(&tx, account.id, now).await?;
    if until.is_some() {
        let data = json!({ "minutes": LOCK_MINUTES });
        journal::append(&tx, account.id, &access::Actor::System("identity"), now, Draft::new("identity.lock", "连续输错，账号锁定", data)).await?;
    }
    tx.commit().await
}

async fn open_session(tx: &Tx, account: &AccountRow, token: &str, stage: &str, now: DateTime<Utc>, expires: DateTime<Utc>, client: &Client) -> Result<()> {
    let short = |text: &str, longest: usize| text.chars().take(longest).collect::<String>();
    let new = NewSession {
        id: new_id(),
        token_hash: &token_hash(token),
        account: account.id,
        stage,
        created_at: now,
        expires_at: expires,
        address: &short(&client.address, 60),
        device: &short(&client.device, 160),
    };
    store::insert_session(tx, &new).await
}

async fn enter(platform: &Platform, tx: Tx, account: &AccountRow, client: &Client, means: &str) -> Result<Ticket> {
    let now = platform.now();
    let token = random_token()?;
    store::clear_failures(&tx, account.id).await?;
    open_session(&tx, account, &token, store::FULL, now, now + Duration::hours(ABSOLUTE_HOURS), client).await?;
    // A staff member who has left has no session any more, even with the right password.
    let session = read_session(&platform.vault, &*tx, &token_hash(&token), now).await?.map(|found| found.session).ok_or_else(wrong)?;
    let data = json!({ "means": means, "session": session.id });
    journal::append(&tx, account.id, &session.actor, now, Draft::new("identity.sign_in", "登录", data)).await?;
    tx.commit().await?;
    let kind = AccountKind::from_key(&account.kind).ok_or_else(|| Error::internal("an account of unknown kind"))?;
    Ok(Ticket { token, session, kind, must_change: account.must_change })
}
