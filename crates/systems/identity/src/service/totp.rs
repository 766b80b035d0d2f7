use access::Actor;
use base::{Error, Result};
use journal::Draft;
use platform::Platform;
use serde_json::json;

use super::authenticator::forget_account;
use super::own_account;
use super::password::verify;
use crate::model::{TotpSecret, accept_code};
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
    let secret = TotpSecret::random()?;
    let tx = platform.db.begin().await?;
    store::set_pending_totp(&tx, account.id, platform.vault.seal(SECRET, &secret.to_base32())?).await?;
    tx.commit().await?;
    enrolment(platform, &account, &secret)
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

/// Confirms the new secret with a code of it; from then on every sign-in asks for one.
///
/// # Errors
/// When the code is wrong or nothing awaits confirmation.
pub async fn confirm_totp(platform: &Platform, actor: &Actor, code: &str) -> Result<()> {
    let now = platform.now();
    let account = own_account(platform.db.read(), actor).await?;
    let secret = pending(platform, &account)?;
    let step = accept_code(&secret, code, now, 0)?.ok_or_else(|| Error::field("code", "动态码不正确，请确认手机时间准确，再输入应用里现在显示的 6 位数字。"))?;
    let tx = platform.db.begin().await?;
    store::confirm_pending_totp(&tx, account.id, step).await?;
    journal::append(&tx, account.id, actor, now, Draft::new("identity.confirm_totp", "启用登录动态码", json!({}))).await?;
    tx.commit().await?;
    forget_account(account.id);
    Ok(())
}
