use access::Actor;
use base::{Error, Result};
use db::{Tx, Vault};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;
use web::Session;

use super::authenticator::forget_account;
use super::own_account;
use super::password::verify;
use crate::model::{CODES, RecoveryCode, TotpSecret, accept_code};
use crate::store::{self, AccountRow};

pub(super) const SECRET: &str = "account.totp";

/// What an authenticator app needs.
pub struct Enrolment {
    /// The secret to type in by hand.
    pub secret: String,
    /// The address for the QR code.
    pub url: String,
}

fn enrolment(platform: &Platform, account: &AccountRow, secret: &TotpSecret) -> Result<Enrolment> {
    Ok(Enrolment { secret: secret.to_base32(), url: secret.url(&platform.site.name, &account.login_masked)? })
}

/// Whether the actor signs in with one-time codes.
///
/// # Errors
/// When nobody is signed in.
pub async fn totp_enrolled(platform: &Platform, actor: &Actor) -> Result<bool> {
    Ok(own_account(platform.db.read(), actor).await?.totp_sealed.is_some())
}

/// Makes a new secret for the actor's authenticator app. It holds only once [`confirm_totp`] has seen a code of it; an
/// older one holds until then.
///
/// # Errors
/// When the password is wrong.
pub async fn enrol_totp(platform: &Platform, actor: &Actor, password: &str) -> Result<Enrolment> {
    let account = own_account(platform.db.read(), actor).await?;
    verify(platform, &account, "totp_password", password).await?;
    new_secret(platform, &account).await
}

/// The same for somebody who must set up a second factor before anything else: the password was typed a moment ago, and there
/// is no second factor yet that the password would have to defend.
///
/// # Errors
/// When this session is not bound to it.
pub async fn enrol_totp_first(platform: &Platform, session: &Session) -> Result<Enrolment> {
    if session.first.is_none() {
        return Err(Error::refused("identity.not_bound", "请在“账号与安全”中输入密码后设置动态码。"));
    }
    let account = own_account(platform.db.read(), &session.actor).await?;
    new_secret(platform, &account).await
}

async fn new_secret(platform: &Platform, account: &AccountRow) -> Result<Enrolment> {
    let secret = TotpSecret::random()?;
    let tx = platform.db.begin().await?;
    store::set_pending_totp(&tx, account.id, platform.vault.seal(SECRET, &secret.to_base32())?).await?;
    tx.commit().await?;
    enrolment(platform, account, &secret)
}

/// The secret that awaits confirmation, to show it again after a wrong code.
///
/// # Errors
/// When there is none.
pub async fn pending_enrolment(platform: &Platform, actor: &Actor) -> Result<Enrolment> {
    let account = own_account(platform.db.read(), actor).await?;
    let secret = pending(platform, &account)?;
    enrolment(platform, &account, &secret)
}

fn pending(platform: &Platform, account: &AccountRow) -> Result<TotpSecret> {
    let none = || Error::refused("identity.no_enrolment", "没有待确认的动态码设置，请重新点“设置动态码”。");
    TotpSecret::from_base32(&platform.vault.open(SECRET, account.totp_pending.as_deref().ok_or_else(none)?)?)
}

/// Confirms the new secret with a code of it; from then on every sign-in asks for one. Gives the recovery codes, which are shown
/// this once and take the place of older ones.
///
/// # Errors
/// When the code is wrong or nothing awaits confirmation.
pub async fn confirm_totp(platform: &Platform, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let now = platform.now();
    let account = own_account(platform.db.read(), actor).await?;
    let secret = pending(platform, &account)?;
    let step = accept_code(&secret, code, now, 0)?.ok_or_else(|| Error::field("code", "动态码不正确，请确认手机时间准确，再输入应用里现在显示的 6 位数字。"))?;
    let tx = platform.db.begin().await?;
    store::confirm_pending_totp(&tx, account.id, step).await?;
    let codes = new_codes(platform, &tx, account.id).await?;
    journal::append(&tx, account.id, actor, now, Draft::new("identity.confirm_totp", "启用登录动态码", json!({}))).await?;
    tx.commit().await?;
    forget_account(account.id);
    Ok(codes)
}

/// What of a recovery code is stored.
pub(super) fn recovery_index(vault: &Vault, code: &RecoveryCode) -> Vec<u8> {
    vault.index("account.recovery", code.key())
}

async fn new_codes(platform: &Platform, tx: &Tx, account: Uuid) -> Result<Vec<String>> {
    let codes = (0..CODES).map(|_| RecoveryCode::random()).collect::<Result<Vec<_>>>()?;
    store::replace_codes(tx, account, codes.iter().map(|code| recovery_index(&platform.vault, code)).collect()).await?;
    Ok(codes.iter().map(RecoveryCode::shown).collect())
}

/// How many recovery codes the actor has left.
///
/// # Errors
/// When nobody is signed in.
pub async fn recovery_codes_left(platform: &Platform, actor: &Actor) -> Result<i64> {
    store::codes_left(platform.db.read(), super::account_id(actor)?).await
}

/// A new set of recovery codes; the old ones are void.
///
/// # Errors
/// When the password is wrong or no second factor is set up.
pub async fn renew_recovery_codes(platform: &Platform, actor: &Actor, password: &str) -> Result<Vec<String>> {
    let account = own_account(platform.db.read(), actor).await?;
    verify(platform, &account, "codes_password", password).await?;
    if account.totp_sealed.is_none() {
        return Err(Error::refused("identity.no_totp", "还没有启用登录动态码，请先设置动态码。"));
    }
    let tx = platform.db.begin().await?;
    let codes = new_codes(platform, &tx, account.id).await?;
    journal::append(&tx, account.id, actor, platform.now(), Draft::new("identity.renew_recovery_codes", "重新生成恢复码", json!({}))).await?;
    tx.commit().await?;
    Ok(codes)
}
