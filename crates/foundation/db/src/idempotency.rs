use base::{Error, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use crate::{Db, Tx, Write};

const CLAIM: &str = "INSERT INTO idempotency_key (scope, key, result, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (scope, key) DO NOTHING";

/// What [`idempotent`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// First time: the caller does the work in this transaction.
    First,
    /// Done before: the stored result of the first time.
    Repeated(String),
}

/// Claims `key` within `scope` in the caller's transaction and stores `result` under it.
/// The same key again gives [`Idempotency::Repeated`] with the first result, so that a request that was sent twice
/// (a double click, a retry after a broken connection) is one act. A second transaction with the same key waits for the first;
/// it ends with its commit, because only then is the first one durable ([`first`] does so).
///
/// # Errors
/// When the database fails.
pub async fn idempotent(tx: &Tx, scope: &str, key: &str, result: &str, now: DateTime<Utc>) -> Result<Idempotency> {
    let backend = tx.get_database_backend();
    let inserted = tx
        .execute_raw(Statement::from_sql_and_values(
            backend,
            CLAIM,
            [scope.into(), key.into(), result.into(), now.into()],
        ))
        .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Idempotency::First);
    }
    Ok(match repeated(&**tx, scope, key).await? {
        Some(result) => Idempotency::Repeated(result),
        None => Idempotency::First,
    })
}

/// A transaction for an act that is done once.
#[derive(Debug)]
pub enum First {
    /// First time: the caller does the work in this transaction.
    First(Tx),
    /// Done before, and durable: the stored result of the first time.
    Repeated(String),
}

/// Begins the transaction of an act that the same `key` within `scope` does once; see [`idempotent`].
///
/// # Errors
/// When the database fails.
pub async fn first(db: &Db, scope: &str, key: &str, result: &str, now: DateTime<Utc>) -> Result<First> {
    let tx = db.begin().await?;
    Ok(match idempotent(&tx, scope, key, result, now).await? {
        Idempotency::First => First::First(tx),
        Idempotency::Repeated(result) => {
            // The first one may not be committed yet; whoever commits after it is told when it is.
            tx.commit().await?;
            First::Repeated(result)
        }
    })
}

/// The same without waiting for the answer: when the key was claimed before, the transaction fails at the latest when it
/// commits, and the caller looks the first result up with [`repeated`].
///
/// # Errors
/// When the database fails.
pub async fn claim_later(tx: &Tx, scope: &str, key: &str, result: &str, now: DateTime<Utc>) -> Result<()> {
    let write = Write::new(CLAIM, [scope.into(), key.into(), result.into(), now.into()]);
    tx.later(write.or_else(|_| Box::pin(async { Error::conflict("db.repeated", "这次操作已经提交过，不需要再次提交。") }))).await
}

/// The result stored under a key, if the act was done before: for pages that show it again.
///
/// # Errors
/// When the database fails.
pub async fn repeated(conn: &impl ConnectionTrait, scope: &str, key: &str) -> Result<Option<String>> {
    let row = conn
        .query_one_raw(Statement::from_sql_and_values(
            conn.get_database_backend(),
            "SELECT result FROM idempotency_key WHERE scope = $1 AND key = $2",
            [scope.into(), key.into()],
        ))
        .await?;
    Ok(row.map(|row| row.try_get("", "result")).transpose()?)
}

/// Removes up to `batch` keys older than `before`; returns how many. From then on the same request is a new act, so a key has to
/// outlive every form and every retry that may still carry it.
///
/// # Errors
/// When the database fails.
pub async fn forget_keys(db: &Db, before: DateTime<Utc>, batch: u32) -> Result<u64> {
    let tx = db.begin().await?;
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "DELETE FROM idempotency_key WHERE (scope, key) IN (SELECT scope, key FROM idempotency_key WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            [before.into(), i64::from(batch).into()],
        ))
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}
