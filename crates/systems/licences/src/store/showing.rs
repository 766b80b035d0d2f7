//! Codes by which holders show their licences.

use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// A code as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Showing {
    /// Identifier.
    pub id: Uuid,
    /// The licence.
    pub licence_id: Uuid,
    /// The holder.
    pub party_id: Uuid,
    /// Keyed hash of the code.
    pub code_index: Vec<u8>,
    /// The code, for its holder.
    pub code_sealed: Vec<u8>,
    /// The only body that may use it; none means anybody.
    pub body_id: Option<Uuid>,
    /// Its name.
    pub body_name: String,
    /// What for.
    pub purpose: String,
    /// [`crate::model::Extent`]
    pub extent: String,
    /// How many looks it allows.
    pub looks: i32,
    /// How many are left.
    pub looks_left: i32,
    /// Until when.
    pub until: DateTime<Utc>,
    /// When the holder took it back.
    pub taken_back_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, licence_id, party_id, code_index, code_sealed, body_id, body_name, purpose, extent, looks, looks_left, until, \
    taken_back_at, created_at";

/// Writes a code.
///
/// # Errors
/// When the database fails.
pub async fn insert_showing(tx: &Tx, s: &Showing) -> Result<()> {
    let values = [
        s.id.into(),
        s.licence_id.into(),
        s.party_id.into(),
        s.code_index.clone().into(),
        s.code_sealed.clone().into(),
        s.body_id.into(),
        s.body_name.clone().into(),
        s.purpose.clone().into(),
        s.extent.clone().into(),
        s.looks.into(),
        s.looks_left.into(),
        s.until.into(),
        s.taken_back_at.into(),
        s.created_at.into(),
    ];
    let sql = format!("INSERT INTO licence_showing ({COLUMNS}) VALUES ({})", db::bulk::places(1, values.len()));
    tx.later(Write::new(sql, values)).await
}

async fn one(conn: &impl ConnectionTrait, condition: &str, value: sea_orm::Value) -> Result<Option<Showing>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_showing WHERE {condition} = $1");
    Ok(Showing::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [value])).one(conn).await?)
}

/// A code by its keyed hash.
///
/// # Errors
/// When the database fails.
pub async fn showing_by_code(conn: &impl ConnectionTrait, index: Vec<u8>) -> Result<Option<Showing>> {
    one(conn, "code_index", index.into()).await
}

/// A code by its identifier.
///
/// # Errors
/// When the database fails.
pub async fn showing(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Showing>> {
    one(conn, "id", id.into()).await
}

/// The latest codes of a licence, newest first.
///
/// # Errors
/// When the database fails.
pub async fn showings_of(conn: &impl ConnectionTrait, licence: Uuid) -> Result<Vec<Showing>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_showing WHERE licence_id = $1 ORDER BY id DESC LIMIT 20");
    Ok(Showing::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [licence.into()])).all(conn).await?)
}

/// Uses one look up; `false` when the code opens nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn take_look(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE licence_showing SET looks_left = looks_left - 1 WHERE id = $1 AND looks_left > 0 AND until > $2 AND taken_back_at IS NULL",
            [id.into(), now.into()],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a code back; `false` when it was taken back already.
///
/// # Errors
/// When the database fails.
pub async fn take_back(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE licence_showing SET taken_back_at = $1 WHERE id = $2 AND taken_back_at IS NULL",
            [now.into(), id.into()],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}
