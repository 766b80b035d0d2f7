use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::execute;
use crate::model::lock_until;

/// An account as stored.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct AccountRow {
    pub id: Uuid,
    pub kind: String,
    pub party_id: Option<Uuid>,
    pub staff_id: Option<Uuid>,
    pub login_masked: String,
    pub password_hash: String,
    pub failures: i32,
    pub locked_until: Option<DateTime<Utc>>,
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_pending: Option<Vec<u8>>,
    pub totp_step: i64,
    pub must_change: bool,
}

const SELECT: &str = "SELECT a.id, a.kind, a.party_id, a.staff_id, a.login_masked, a.password_hash, a.failures, a.locked_until, a.totp_sealed,
    a.totp_pending, a.totp_step, a.must_change FROM account a";

async fn one(conn: &impl ConnectionTrait, rest: &str, value: Value) -> Result<Option<AccountRow>> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), format!("{SELECT} {rest}"), [value]);
    Ok(AccountRow::find_by_statement(statement).one(conn).await?)
}

pub(crate) async fn account(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<AccountRow>> {
    one(conn, "WHERE a.id = $1", id.into()).await
}

pub(crate) async fn account_by_login(conn: &impl ConnectionTrait, index: Vec<u8>) -> Result<Option<AccountRow>> {
    one(conn, "JOIN account_login l ON l.account_id = a.id WHERE l.login_index = $1", index.into()).await
}

pub(crate) async fn account_of_party(conn: &impl ConnectionTrait, party: Uuid) -> Result<Option<AccountRow>> {
    one(conn, "WHERE a.party_id = $1", party.into()).await
}

pub(crate) async fn account_of_staff(conn: &impl ConnectionTrait, staff: Uuid) -> Result<Option<AccountRow>> {
    one(conn, "WHERE a.staff_id = $1", staff.into()).await
}

/// Writes an account with its login. A second account for the same person, firm, staff member or login is refused.
pub(crate) async fn insert_account(tx: &Tx, row: &AccountRow, login_index: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
    let values: [Value; 9] = [
        row.id.into(),
        row.kind.as_str().into(),
        row.party_id.into(),
        row.staff_id.into(),
        row.login_masked.as_str().into(),
        row.password_hash.as_str().into(),
        row.totp_sealed.clone().into(),
        row.must_change.into(),
        now.into(),
    ];
    let sql = "INSERT INTO account (id, kind, party_id, staff_id, login_masked, password_hash, failures, totp_sealed, totp_step, must_change, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0, $8, $9)";
    let written = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await;
    match written {
        Err(error) if db::is_unique_violation(&error) => return Err(second_account()),
        other => other?,
    };
    if add_login(tx, row.id, login_index).await? { Ok(()) } else { Err(second_account()) }
}

/// The refusal of a second account on one number (R32, M-PLAT-01.08).
pub(crate) fn second_account() -> Error {
    Error::refused("identity.second_account", "这个号码已经注册过账号，一个号码只能有一个账号。请直接登录；忘记密码请到政务服务中心窗口办理重置。")
}

/// Adds a login; `false` when it is taken.
pub(crate) async fn add_login(tx: &Tx, account: Uuid, index: Vec<u8>) -> Result<bool> {
    let sql = "INSERT INTO account_login (login_index, account_id) VALUES ($1, $2) ON CONFLICT (login_index) DO NOTHING";
    Ok(execute(tx, sql, [index.into(), account.into()]).await? == 1)
}

/// Counts a failure and returns until when the account is locked, if this one locked it. A lock that is over begins a new count.
pub(crate) async fn count_failure(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    // The increment happens in the database, so that parallel guesses are all counted.
    let sql = "UPDATE account SET failures = CASE WHEN locked_until IS NOT NULL AND locked_until <= $1 THEN 1 ELSE failures + 1 END,
                 locked_until = CASE WHEN locked_until <= $1 THEN NULL ELSE locked_until END WHERE id = $2";
    execute(tx, sql, [now.into(), id.into()]).await?;
    let failures = account(&**tx, id).await?.map_or(0, |a| a.failures);
    let until = lock_until(failures, now);
    if let Some(until) = until {
        execute(tx, "UPDATE account SET locked_until = $1 WHERE id = $2", [until.into(), id.into()]).await?;
    }
    Ok(until)
}

/// Forgets failures.
pub(crate) async fn clear_failures(tx: &Tx, id: Uuid) -> Result<()> {
    execute(tx, "UPDATE account SET failures = 0, locked_until = NULL WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// Spends a one-time code; a conflict when another request spent this step first.
pub(crate) async fn spend_step(tx: &Tx, id: Uuid, step: i64) -> Result<()> {
    db::expect_one(execute(tx, "UPDATE account SET totp_step = $1 WHERE id = $2 AND totp_step < $1", [step.into(), id.into()]).await?)
}

pub(crate) async fn set_password(tx: &Tx, id: Uuid, hash: &str, must_change: bool) -> Result<()> {
    let sql = "UPDATE account SET password_hash = $1, must_change = $2, failures = 0, locked_until = NULL WHERE id = $3";
    db::expect_one(execute(tx, sql, [hash.into(), must_change.into(), id.into()]).await?)
}

pub(crate) async fn set_pending_totp(tx: &Tx, id: Uuid, sealed: Vec<u8>) -> Result<()> {
    db::expect_one(execute(tx, "UPDATE account SET totp_pending = $1 WHERE id = $2", [sealed.into(), id.into()]).await?)
}

/// The pending secret becomes the secret; the code that confirmed it is spent.
pub(crate) async fn confirm_pending_totp(tx: &Tx, id: Uuid, step: i64) -> Result<()> {
    let sql = "UPDATE account SET totp_sealed = totp_pending, totp_pending = NULL, totp_step = $1 WHERE id = $2 AND totp_pending IS NOT NULL";
    db::expect_one(execute(tx, sql, [step.into(), id.into()]).await?)
}

/// Takes the second factor away, confirmed or not.
pub(crate) async fn clear_totp(tx: &Tx, id: Uuid) -> Result<()> {
    db::expect_one(execute(tx, "UPDATE account SET totp_sealed = NULL, totp_pending = NULL WHERE id = $1", [id.into()]).await?)
}
