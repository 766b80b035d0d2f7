//! The keys that sign what QR codes and public lists say.

use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// A key as stored; the private part is sealed.
#[derive(Debug, Clone, FromQueryResult)]
pub struct KeyRow {
    /// Its name.
    pub id: String,
    /// Its place in the row of keys, from 1; the last one signs.
    pub slot: i32,
    /// Sealed private key, hex.
    pub sealed: Vec<u8>,
    /// Public key, PEM.
    pub pem: String,
}

/// All keys, the one that signs first.
///
/// # Errors
/// When the database fails.
pub async fn keys(conn: &impl ConnectionTrait) -> Result<Vec<KeyRow>> {
    let sql = "SELECT id, slot, sealed, pem FROM licence_key ORDER BY slot DESC";
    Ok(KeyRow::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).all(conn).await?)
}

/// Writes a key; when another copy of the program filled the place first, theirs stays.
///
/// # Errors
/// When the database fails.
pub async fn insert_key(tx: &Tx, row: &KeyRow, now: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO licence_key (id, slot, sealed, pem, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        [row.id.clone().into(), row.slot.into(), row.sealed.clone().into(), row.pem.clone().into(), now.into()],
    ))
    .await?;
    Ok(())
}
