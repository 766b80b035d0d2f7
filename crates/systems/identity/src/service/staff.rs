use access::{Actor, Target};
use base::{Error, Result, new_id};
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::authenticator::forget_account;
use super::hashing::hash;
use super::login_index;
use super::totp::SECRET;
use crate::model::{AccountKind, TotpSecret, password_problem};
use crate::permissions::MANAGE;
use crate::store::{self, AccountRow, DemonstrationAccount};

/// Opens an account for a staff member, in the caller's transaction and without asking who acts: for composition and
/// demonstration data. `totp_secret` is base 32, as authenticator apps write it. Outside a demonstration the password
/// must be changed at the first sign-in.
///
/// # Errors
/// When the password is too weak, or the login or the staff member has an account already.
pub async fn create_staff_account(platform: &Platform, tx: &Tx, staff_id: Uuid, login: &str, password: &str, totp_secret: Option<&str>) -> Result<Uuid> {
    let login = login.trim();
    let formed = (3..=30).contains(&login.len()) && login.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    // A login that could be somebody's number would take it away from them.
    if !formed || codes::CitizenId::parse(login).is_ok() || codes::Uscc::parse(login).is_ok() || crate::model::is_mobile(login) {
        return Err(Error::field("login", "登录名应为 3 至 30 位字母、数字、点、短横线或下划线，不能是证件号码或手机号码。"));
    }
    if let Some(problem) = password_problem(password, &[login]) {
        return Err(Error::field("password", problem));
    }
    if store::account_of_staff(&**tx, staff_id).await?.is_some() {
        return Err(Error::refused("identity.second_account", "这位工作人员已经有账号，不能再开设第二个。"));
    }
    let totp_sealed = match totp_secret {
        Some(secret) => Some(platform.vault.seal(SECRET, &TotpSecret::from_base32(secret)?.to_base32())?),
        None => None,
    };
    let account = AccountRow {
        id: new_id(),
        kind: AccountKind::Staff.key().to_owned(),
        party_id: None,
        staff_id: Some(staff_id),
        login_masked: login.to_owned(),
        password_hash: hash(password).await?,
        failures: 0,
        locked_until: None,
        totp_sealed,
        totp_pending: None,
        totp_step: 0,
        must_change: !platform.site.demonstration,
    };
    let now = platform.now();
    store::insert_account(tx, &account, login_index(&platform.vault, login), now).await?;
    let data = json!({ "staff": staff_id, "login": login });
    journal::append(tx, account.id, &Actor::System("identity"), now, Draft::new("identity.open_account", "开设工作人员账号", data)).await?;
    Ok(account.id)
}

/// The staff member, if the actor manages accounts of their body.
async fn managed(platform: &Platform, actor: &Actor, staff_id: Uuid) -> Result<access::Staff> {
    let staff = organization::staff_actor(platform.db.read(), staff_id).await?.ok_or_else(|| Error::not_found("没有找到这位工作人员，或者已经离岗。"))?;
    actor.require(MANAGE, &Target { region: &staff.region, body: Some(staff.body), item: None })?;
    Ok(staff)
}

/// Opens an account for a staff member at an administrator's wish.
///
/// # Errors
/// As [`create_staff_account`], or when the actor does not manage accounts of that body.
pub async fn open_staff_account(platform: &Platform, actor: &Actor, staff_id: Uuid, login: &str, password: &str) -> Result<Uuid> {
    let staff = managed(platform, actor, staff_id).await?;
    let tx = platform.db.begin().await?;
    let account = create_staff_account(platform, &tx, staff_id, login, password, None).await?;
    let data = json!({ "staff": staff_id, "name": staff.name });
    journal::append(&tx, account, actor, platform.now(), Draft::new("identity.open_staff_account", "管理员开设账号", data)).await?;
    tx.commit().await?;
    Ok(account)
}

/// Sets a new password for a staff member who forgot theirs, ends their sessions and a lock; they must change it.
///
/// # Errors
/// When the actor does not manage accounts of that body or means their own account, or the password is too weak.
pub async fn reset_staff_password(platform: &Platform, actor: &Actor, staff_id: Uuid, password: &str) -> Result<()> {
    managed(platform, actor, staff_id).await?;
    if actor.id() == Some(staff_id) {
        return Err(Error::refused("identity.own_reset", "自己的密码请在“账号与安全”中修改。"));
    }
    if let Some(problem) = password_problem(password, &[]) {
        return Err(Error::field("password", problem));
    }
    let hash = hash(password).await?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let account = store::account_of_staff(&*tx, staff_id).await?.ok_or_else(|| Error::not_found("这位工作人员还没有账号，请先开设。"))?;
    store::set_password(&tx, account.id, &hash, true).await?;
    store::revoke_others(&tx, account.id, Uuid::nil(), now).await?;
    journal::append(&tx, account.id, actor, now, Draft::new("identity.reset_password", "管理员重置密码", json!({ "staff": staff_id }))).await?;
    tx.commit().await?;
    forget_account(account.id);
    Ok(())
}

/// Takes the second factor of a colleague away who lost telephone and recovery codes, for a reason, and ends their sessions. At
/// the next sign-in they set up a new one.
///
/// # Errors
/// When the actor does not manage accounts of that body or means their own account, there is no second factor, or no reason.
pub async fn reset_second_factor(platform: &Platform, actor: &Actor, staff_id: Uuid, reason: &str) -> Result<()> {
    managed(platform, actor, staff_id).await?;
    if actor.id() == Some(staff_id) {
        return Err(Error::refused("identity.own_reset", "自己的动态码请在“账号与安全”中重新设置，或者由另一位管理员重置。"));
    }
    let reason = reason.trim();
    if !(2..=200).contains(&reason.chars().count()) {
        return Err(Error::field("reason", "请写明重置的原因和核实本人身份的方式（2 至 200 字）。"));
    }
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let account = store::account_of_staff(&*tx, staff_id).await?.ok_or_else(|| Error::not_found("这位工作人员还没有账号，请先开设。"))?;
    if account.totp_sealed.is_none() {
        return Err(Error::refused("identity.no_totp", "这位工作人员没有启用登录动态码，不需要重置。"));
    }
    store::clear_totp(&tx, account.id).await?;
    store::replace_codes(&tx, account.id, Vec::new()).await?;
    store::revoke_others(&tx, account.id, Uuid::nil(), now).await?;
    let data = json!({ "staff": staff_id, "reason": reason });
    journal::append(&tx, account.id, actor, now, Draft::new("identity.reset_second_factor", "管理员重置登录动态码", data)).await?;
    tx.commit().await?;
    forget_account(account.id);
    Ok(())
}

/// Lists an account on the sign-in page of a demonstration.
///
/// # Errors
/// When this installation is no demonstration.
pub async fn add_demonstration_account(platform: &Platform, tx: &Tx, account: &DemonstrationAccount, position: i32) -> Result<()> {
    if !platform.site.demonstration {
        return Err(Error::refused("identity.no_demonstration", "只有演示环境可以公开演示账号。"));
    }
    store::put_demonstration_account(tx, account, position).await
}
