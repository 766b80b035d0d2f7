use std::collections::HashMap;

use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// A key of the installation's trust with its certificate. The handle opens only in the key store.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct KeyRow {
    pub name: String,
    pub handle: Vec<u8>,
    pub certificate: Vec<u8>,
    pub made_at: DateTime<Utc>,
}

/// The key under a name: an authority's, or a seal's identifier.
pub(crate) async fn key(conn: &impl ConnectionTrait, name: &str) -> Result<Option<KeyRow>> {
    let sql = "SELECT name, handle, certificate, made_at FROM trust_key WHERE name = $1";
    Ok(KeyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [name.into()])).one(conn).await?)
}

/// The keys under these names.
pub(crate) async fn keys(conn: &impl ConnectionTrait, names: &[&str]) -> Result<HashMap<String, KeyRow>> {
    let sql = format!("SELECT name, handle, certificate, made_at FROM trust_key WHERE name IN ({})", db::bulk::places(1, names.len()));
    let values: Vec<sea_orm::Value> = names.iter().map(|name| (*name).into()).collect();
    let rows = KeyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.name.clone(), row)).collect())
}

/// Writes a key unless there is one under the name; whether it was written.
pub(crate) async fn insert_key(tx: &Tx, row: &KeyRow) -> Result<bool> {
    let done = tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO trust_key (name, handle, certificate, made_at, fingerprint) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING",
        [row.name.clone().into(), row.handle.clone().into(), row.certificate.clone().into(), row.made_at.into(), gm::sm3_hex(&row.certificate).into()],
    ))
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a certificate counts no longer; the key is forgotten, so that nobody can sign with it again.
pub(crate) async fn end_key(tx: &Tx, name: &str, at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE trust_key SET ended_at = $2, handle = $3 WHERE name = $1 AND ended_at IS NULL",
        [name.into(), at.into(), Vec::<u8>::new().into()],
    ))
    .await?;
    Ok(())
}

/// A certificate that was revoked.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct RevokedRow {
    pub certificate: Vec<u8>,
    pub ended_at: DateTime<Utc>,
}

/// All that were revoked.
pub(crate) async fn revoked(conn: &impl ConnectionTrait) -> Result<Vec<RevokedRow>> {
    let sql = "SELECT certificate, ended_at FROM trust_key WHERE ended_at IS NOT NULL ORDER BY ended_at, name";
    Ok(RevokedRow::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).all(conn).await?)
}

/// A revocation list as published.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct ListRow {
    pub number: i64,
    pub list: Vec<u8>,
    pub next_at: DateTime<Utc>,
}

/// The list of an authority.
pub(crate) async fn list(conn: &impl ConnectionTrait, name: &str) -> Result<Option<ListRow>> {
    let sql = "SELECT number, list, next_at FROM trust_list WHERE name = $1";
    Ok(ListRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [name.into()])).one(conn).await?)
}

/// Publishes a list in the place of the one before.
pub(crate) async fn put_list(tx: &Tx, name: &str, row: &ListRow) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO trust_list (name, number, list, next_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET number = $2, list = $3, next_at = $4",
        [name.into(), row.number.into(), row.list.clone().into(), row.next_at.into()],
    ))
    .await?;
    Ok(())
}
