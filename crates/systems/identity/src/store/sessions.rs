use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::execute;

/// A session that is signed in.
pub(crate) const FULL: &str = "full";
/// A password was right; the one-time code is still awaited.
pub(crate) const AWAITS_CODE: &str = "code";

/// A session with all that is needed to know who acts.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct SessionRow {
    pub id: Uuid,
    pub account_id: Uuid,
    pub stage: String,
    pub kind: String,
    pub staff_id: Option<Uuid>,
    pub party_id: Option<Uuid>,
    pub party_masked: Option<String>,
    pub last_seen: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub firm_id: Option<Uuid>,
    pub firm_name: Option<Vec<u8>>,
    pub grant_from: Option<String>,
    pub grant_until: Option<String>,
    pub grant_revoked: Option<DateTime<Utc>>,
    pub enrolled: bool,
}

/// The session behind a token's hash, in one query.
pub(crate) async fn session_by_hash(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<SessionRow>> {
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT s.id, s.account_id, s.stage, a.kind, a.staff_id, a.party_id, p.name_masked AS party_masked,
                s.last_seen, s.expires_at, s.revoked_at,
                g.firm_party AS firm_id, f.name_sealed AS firm_name, g.from_day AS grant_from, g.until_day AS grant_until, g.revoked_at AS grant_revoked,
                a.totp_sealed IS NOT NULL AS enrolled
         FROM session s
         JOIN account a ON a.id = s.account_id
         LEFT JOIN party p ON p.id = a.party_id
         LEFT JOIN agent_grant g ON g.id = s.acting_grant
         LEFT JOIN party f ON f.id = g.firm_party
         WHERE s.token_hash = $1",
        [hash.into()],
    );
    Ok(SessionRow::find_by_statement(statement).one(conn).await?)
}

/// What is needed to write a session.
pub(crate) struct NewSession<'a> {
    pub id: Uuid,
    pub token_hash: &'a str,
    pub account: Uuid,
    pub stage: &'a str,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub address: &'a str,
    pub device: &'a str,
}

pub(crate) async fn insert_session(tx: &Tx, new: &NewSession<'_>) -> Result<()> {
    let sql = "INSERT INTO session (id, token_hash, account_id, stage, created_at, last_seen, expires_at, address, device)
               VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)";
    let values: [Value; 8] = [
        new.id.into(),
        new.token_hash.into(),
        new.account.into(),
        new.stage.into(),
        new.created_at.into(),
        new.expires_at.into(),
        new.address.into(),
        new.device.into(),
    ];
    execute(tx, sql, values).await.map(|_| ())
}

/// Records that a session was used.
pub(crate) async fn touch(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    execute(tx, "UPDATE session SET last_seen = $1 WHERE id = $2 AND last_seen < $1", [now.into(), id.into()]).await.map(|_| ())
}

/// A line of the list of sessions.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct SessionLine {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub address: String,
    pub device: String,
}

/// Sessions of an account that were not ended, newest first.
pub(crate) async fn open_sessions(conn: &impl ConnectionTrait, account: Uuid, now: DateTime<Utc>) -> Result<Vec<SessionLine>> {
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT id, created_at, last_seen, expires_at, address, device FROM session
         WHERE account_id = $1 AND stage = 'full' AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 50",
        [account.into(), now.into()],
    );
    Ok(SessionLine::find_by_statement(statement).all(conn).await?)
}

/// Ends one session of an account; how many rows it touched.
pub(crate) async fn revoke(tx: &Tx, account: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<u64> {
    execute(tx, "UPDATE session SET revoked_at = $1 WHERE id = $2 AND account_id = $3 AND revoked_at IS NULL", [now.into(), id.into(), account.into()]).await
}

/// Ends every session of an account but one.
pub(crate) async fn revoke_others(tx: &Tx, account: Uuid, keep: Uuid, now: DateTime<Utc>) -> Result<u64> {
    let sql = "UPDATE session SET revoked_at = $1 WHERE account_id = $2 AND id <> $3 AND revoked_at IS NULL";
    execute(tx, sql, [now.into(), account.into(), keep.into()]).await
}

/// Acts for a firm under a grant from now on, or (`None`) for oneself.
pub(crate) async fn set_acting(tx: &Tx, session: Uuid, grant: Option<Uuid>) -> Result<()> {
    db::expect_one(execute(tx, "UPDATE session SET acting_grant = $1 WHERE id = $2", [grant.into(), session.into()]).await?)
}

/// Deletes sessions that expired before a moment.
pub(crate) async fn delete_expired(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    execute(tx, "DELETE FROM session WHERE expires_at < $1", [before.into()]).await
}
