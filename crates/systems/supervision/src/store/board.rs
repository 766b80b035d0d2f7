use access::ScopeColumns;
use base::Result;
use chrono::{DateTime, NaiveDate, Utc};
use db::Tx;
use sea_orm::sea_query::{Alias, Condition, Expr, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// Open cases of a body by light, as the last patrol counted them.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct BoardRow {
    /// The body.
    pub body_id: Uuid,
    /// Its region.
    pub region: String,
    /// Its name.
    pub body_name: String,
    /// Not accepted yet.
    pub waiting: i64,
    /// The clock stands still.
    pub paused: i64,
    /// In time.
    pub green: i64,
    /// Near the promise.
    pub yellow: i64,
    /// Past the promise.
    pub red: i64,
    /// Past the law.
    pub purple: i64,
    /// When it was counted.
    pub refreshed_at: DateTime<Utc>,
}

/// Counts the open cases anew, so that no page has to.
///
/// # Errors
/// When the database fails.
pub async fn refresh(tx: &Tx, today: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let backend = tx.get_database_backend();
    tx.execute_raw(Statement::from_string(backend, "DELETE FROM supervision_board")).await?;
    let late = "promised_due IS NOT NULL AND statutory_due IS NOT NULL AND statutory_due < $1";
    let within = "(statutory_due IS NULL OR statutory_due >= $1)";
    let count = |condition: String| format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)");
    let columns = [
        count("promised_due IS NULL AND accepted_at IS NULL".into()),
        count("promised_due IS NULL AND accepted_at IS NOT NULL".into()),
        count(format!("promised_due >= $1 AND {within} AND (yellow_from IS NULL OR yellow_from > $1)")),
        count(format!("promised_due >= $1 AND {within} AND yellow_from <= $1")),
        count(format!("promised_due < $1 AND {within}")),
        count(late.into()),
    ];
    let sql = format!(
        "INSERT INTO supervision_board (body_id, region, body_name, waiting, paused, green, yellow, red, purple, refreshed_at)
         SELECT body_id, region, MAX(body_name), {}, $2 FROM watched_case WHERE open = TRUE GROUP BY body_id, region",
        columns.join(", ")
    );
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [today.to_string().into(), now.into()])).await?;
    Ok(())
}

/// The columns that say where a row belongs. The board has no items: a grant on one item shows nothing of it.
pub(crate) fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: None }
}

/// The counted rows a condition (from [`access::Actor::filter`]) allows.
///
/// # Errors
/// When the database fails.
pub async fn board(conn: &impl ConnectionTrait, visible: Condition) -> Result<Vec<BoardRow>> {
    let mut query = Query::select();
    query
        .expr(Expr::cust("body_id, region, body_name, waiting, paused, green, yellow, red, purple, refreshed_at"))
        .from(Alias::new("supervision_board"))
        .cond_where(visible)
        .order_by(Alias::new("body_name"), Order::Asc);
    Ok(BoardRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}
