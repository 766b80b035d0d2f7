use base::{Error, Result};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

/// Registers a licence type the first time it is used (GB/T 36902: the directory of types).
///
/// # Errors
/// When the database fails.
pub async fn ensure_type(tx: &Tx, code: &str, name: &str, body: Uuid, valid_years: u8) -> Result<()> {
    tx.later(Write::new(
        "INSERT INTO licence_type (code, name, body_id, valid_years) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING",
        [code.into(), name.into(), body.into(), i32::from(valid_years).into()],
    ))
    .await
}

/// The next number within a scope, from 1 and without gaps.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(tx: &Tx, scope: &str) -> Result<i64> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO licence_serial (scope, value) VALUES ($1, 1)
             ON CONFLICT (scope) DO UPDATE SET value = licence_serial.value + 1 RETURNING value",
            [scope.into()],
        ))
        .await?
        .ok_or_else(|| Error::internal("the licence serial gave no number"))?;
    Ok(row.try_get("", "value")?)
}
