//! Who looked at which licence, and what for (M-DATA-08.10).

use access::Actor;
use base::{Result, new_id};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::Licence;

/// One use of a licence: who looked at it in full or took a copy, and what for.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Usage {
    /// When.
    pub at: DateTime<Utc>,
    /// What for.
    pub purpose: String,
    /// Who, by name.
    pub actor_name: String,
}

/// A use to write down.
#[derive(Debug, Clone, Copy)]
pub struct NewUse<'a> {
    /// The licence.
    pub licence: &'a Licence,
    /// Who.
    pub actor: &'a Actor,
    /// By which name: a visitor says it, staff have one with their body.
    pub name: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// By which code.
    pub showing: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether outside working time.
    pub off_hours: bool,
}

/// Records a use; gives its identifier.
///
/// # Errors
/// When the database fails.
pub async fn log_use(tx: &Tx, used: NewUse<'_>) -> Result<Uuid> {
    let id = new_id();
    let licence = used.licence;
    tx.later(Write::new(
        "INSERT INTO licence_use (id, licence_id, at, purpose, actor_kind, actor_id, actor_name, showing_id, body_id, region, item_id, day, off_hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [
            id.into(),
            licence.id.into(),
            used.at.into(),
            used.purpose.into(),
            used.actor.kind().into(),
            used.actor.id().into(),
            used.name.into(),
            used.showing.into(),
            licence.body_id.into(),
            licence.region.clone().into(),
            licence.item_id.into(),
            base::local_date(used.at).to_string().into(),
            i32::from(used.off_hours).into(),
        ],
    ))
    .await?;
    Ok(id)
}

/// The latest uses, newest first.
///
/// # Errors
/// When the database fails.
pub async fn uses(conn: &impl ConnectionTrait, licence: Uuid, limit: i64) -> Result<Vec<Usage>> {
    Ok(Usage::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT at, purpose, actor_name FROM licence_use WHERE licence_id = $1 ORDER BY id DESC LIMIT $2",
        [licence.into(), limit.into()],
    ))
    .all(conn)
    .await?)
}

/// A look by a code: which code and when.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Look {
    /// The licence.
    pub licence_id: Uuid,
    /// The code.
    pub showing_id: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub actor_name: String,
}

/// A look by its identifier.
///
/// # Errors
/// When the database fails.
pub async fn look(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Look>> {
    Ok(Look::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT licence_id, showing_id, at, actor_name FROM licence_use WHERE id = $1",
        [id.into()],
    ))
    .one(conn)
    .await?)
}

/// One member of staff on one day.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Unusual {
    /// `YYYY-MM-DD`
    pub day: String,
    /// Who.
    pub actor_name: String,
    /// Looks that day.
    pub looks: i64,
    /// Of them outside working time.
    pub off_hours: i64,
}

/// Days since `from` on which a member of staff looked more than `many` times, or outside working time; newest first. Only
/// looks at licences the condition allows count.
///
/// # Errors
/// When the database fails.
pub async fn unusual(conn: &impl ConnectionTrait, visible: Condition, from: &str, many: i64, limit: u64) -> Result<Vec<Unusual>> {
    let mut query = Query::select();
    query
        .expr(Expr::cust("day, MAX(actor_name) AS actor_name, COUNT(*) AS looks, CAST(SUM(off_hours) AS BIGINT) AS off_hours"))
        .from(Alias::new("licence_use"))
        .cond_where(visible)
        .and_where(Expr::col(Alias::new("day")).gte(from))
        .and_where(Expr::col(Alias::new("actor_kind")).eq("staff"))
        .add_group_by([Expr::col(Alias::new("day")), Expr::col(Alias::new("actor_id"))])
        .and_having(Expr::cust("COUNT(*)").gt(many).or(Expr::cust("SUM(off_hours)").gt(0)))
        .order_by(Alias::new("day"), Order::Desc)
        .limit(limit);
    Ok(Unusual::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}
