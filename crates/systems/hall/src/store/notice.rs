use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A notice (公告).
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Notice {
    /// Identifier.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Who says it.
    pub source: String,
    /// Its text, one paragraph per line.
    pub body: String,
    /// Since when it is public.
    pub published_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, title, source, body, published_at";

/// Public notices, newest first.
///
/// # Errors
/// When the database fails, or [`base::Kind::NotFound`] for a forged position.
pub async fn notices(conn: &impl ConnectionTrait, after: Option<&Cursor>, size: usize) -> Result<Page<Notice>> {
    let mut values: Vec<Value> = Vec::new();
    let turn = Turn::descending(after);
    let mut beyond = String::new();
    if let Some(cursor) = after {
        let (at, id): (DateTime<Utc>, Uuid) = cursor.key()?;
        beyond = format!("AND (published_at, id) {} ($1, $2)", turn.beyond_sql());
        values.extend([at.into(), id.into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM hall_notice WHERE withdrawn_at IS NULL {beyond} ORDER BY published_at {order}, id {order} LIMIT {}", size + 1, order = turn.sql());
    let rows = Notice::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| (row.published_at, row.id))
}

/// One public notice.
///
/// # Errors
/// When the database fails.
pub async fn notice(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Notice>> {
    let sql = format!("SELECT {COLUMNS} FROM hall_notice WHERE id = $1 AND withdrawn_at IS NULL");
    Ok(Notice::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// Writes a notice.
///
/// # Errors
/// When the database fails.
pub async fn insert_notice(tx: &Tx, notice: &Notice) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        format!("INSERT INTO hall_notice ({COLUMNS}) VALUES ($1, $2, $3, $4, $5)"),
        [
            notice.id.into(),
            notice.title.as_str().into(),
            notice.source.as_str().into(),
            notice.body.as_str().into(),
            notice.published_at.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Takes a notice off the hall; it stays in the table.
///
/// # Errors
/// [`base::Kind::Conflict`] when it was not public any more.
pub async fn withdraw_notice(tx: &Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE hall_notice SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL",
            [at.into(), id.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
