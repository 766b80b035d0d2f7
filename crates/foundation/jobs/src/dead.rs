//! Jobs that failed their last try, for operators: seen, tried again, dropped. And the outbox that is over.

use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Db, Page, Turn, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A job that failed its last try.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DeadJob {
    /// Identifier.
    pub id: Uuid,
    /// Which handler failed.
    pub kind: String,
    /// Its key, if it has one.
    pub key: Option<String>,
    /// What it was about.
    pub payload: String,
    /// What went wrong.
    pub last_error: Option<String>,
    /// Tries made.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT id, kind, key, payload, last_error, attempts, created_at FROM job WHERE state = 'dead'";

/// Dead jobs, the youngest first: identifiers grow with time.
///
/// # Errors
/// When the database fails or the cursor is not one of ours.
pub async fn dead_page(conn: &impl ConnectionTrait, after: Option<&Cursor>, size: usize) -> Result<Page<DeadJob>> {
    let turn = Turn::descending(after);
    let mut values: Vec<Value> = vec![i64::try_from(size + 1).unwrap_or(i64::MAX).into()];
    let mut beyond = String::new();
    if let Some(cursor) = after {
        beyond = format!("AND id {} $2", turn.beyond_sql());
        values.push(cursor.key::<Uuid>()?.into());
    }
    let sql = format!("{SELECT} {beyond} ORDER BY id {} LIMIT $1", turn.sql());
    let rows = DeadJob::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Page::from_rows(rows, size, after, |job| job.id)
}

/// The youngest dead jobs.
///
/// # Errors
/// When the database fails.
pub async fn dead(conn: &impl ConnectionTrait, limit: usize) -> Result<Vec<DeadJob>> {
    Ok(dead_page(conn, None, limit).await?.items)
}

/// One dead job.
///
/// # Errors
/// When the database fails or there is no such dead job.
pub async fn dead_one(conn: &impl ConnectionTrait, id: Uuid) -> Result<DeadJob> {
    DeadJob::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), format!("{SELECT} AND id = $1"), [id.into()]))
        .one(conn)
        .await?
        .ok_or_else(|| Error::not_found("没有找到这个失败任务，可能已经重试或清除。"))
}

/// Gives a dead job its tries back.
///
/// # Errors
/// When the database fails or the job is not dead.
pub async fn revive(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE job SET state = 'ready', attempts = 0, run_at = $1, lease_until = NULL WHERE id = $2 AND state = 'dead'";
    db::expect_one(tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), id.into()])).await?.rows_affected())
}

/// Removes a dead job: what it was to do will not happen.
///
/// # Errors
/// When the database fails or the job is not dead.
pub async fn drop_dead(tx: &Tx, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM job WHERE id = $1 AND state = 'dead'";
    db::expect_one(tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [id.into()])).await?.rows_affected())
}

/// Removes up to `batch` events that were handed to their subscribers before `before`; returns how many. An event that was
/// not dispatched stays, however old.
///
/// # Errors
/// When the database fails.
pub async fn forget_events(database: &Db, before: DateTime<Utc>, batch: u32) -> Result<u64> {
    let tx = database.begin().await?;
    // Identifiers grow with time, so the oldest come first and no index on the time is needed.
    let sql = "DELETE FROM outbox WHERE id IN (SELECT id FROM (SELECT id, dispatched_at FROM outbox ORDER BY id LIMIT $1) oldest WHERE dispatched_at < $2)";
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [i64::from(batch).into(), before.into()])).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}
