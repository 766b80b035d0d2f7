//! Acts proposed by one and decided by another.

use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::model::Act;
use crate::store::Licence;

/// A proposed act.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Order {
    /// Identifier.
    pub id: Uuid,
    /// The licence.
    pub licence_id: Uuid,
    /// Its issuing body.
    pub body_id: Uuid,
    /// Its region.
    pub region: String,
    /// Its item.
    pub item_id: Uuid,
    /// Name and number of the licence, for lists.
    pub title: String,
    /// [`Act`]
    pub act: String,
    /// Why; the holder reads it.
    pub reason: String,
    /// Sealed lines of a changed licence.
    pub content: Option<Vec<u8>>,
    /// Last day of the new version; none means 长期.
    pub valid_until: Option<String>,
    /// Version of the licence it was proposed for.
    pub licence_version: i64,
    /// `open`, `done`, `rejected`
    pub state: String,
    /// Who proposed it.
    pub proposer_id: Uuid,
    /// By name.
    pub proposer_name: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who decided.
    pub decider_name: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What the decider said.
    pub note: String,
}

impl Order {
    /// The act.
    ///
    /// # Errors
    /// When the stored code is damaged.
    pub fn act(&self) -> Result<Act> {
        Act::from_code(&self.act).ok_or_else(|| Error::internal(format!("act {}", self.act)))
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: Some(self.item_id) }
    }
}

const COLUMNS: &str = "id, licence_id, body_id, region, item_id, title, act, reason, content, valid_until, licence_version, state, \
    proposer_id, proposer_name, proposed_at, decider_name, decided_at, note";

/// Writes a proposal.
///
/// # Errors
/// [`base::Kind::Conflict`] when another is open for the licence.
pub async fn insert_order(tx: &Tx, order: &Order) -> Result<()> {
    let values = [
        order.id.into(),
        order.licence_id.into(),
        order.body_id.into(),
        order.region.clone().into(),
        order.item_id.into(),
        order.title.clone().into(),
        order.act.clone().into(),
        order.reason.clone().into(),
        order.content.clone().into(),
        order.valid_until.clone().into(),
        order.licence_version.into(),
        order.proposer_id.into(),
        order.proposer_name.clone().into(),
        order.proposed_at.into(),
    ];
    let sql = "INSERT INTO licence_order (id, licence_id, body_id, region, item_id, title, act, reason, content, valid_until, licence_version,
                 state, proposer_id, proposer_name, proposed_at, decider_name, note)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13, $14, '', '') ON CONFLICT DO NOTHING";
    let busy = "这张证照已有一项待审核的处理，请先审核它。";
    tx.later(Write::new(sql, values).or_else(move |_| Box::pin(async move { Error::conflict("licences.order_open", busy) }))).await
}

/// Writes how it was decided.
///
/// # Errors
/// [`base::Kind::Conflict`] when it was decided already.
pub async fn decide_order(tx: &Tx, id: Uuid, state: &'static str, by: &str, note: &str, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE licence_order SET state = $1, decider_name = $2, note = $3, decided_at = $4 WHERE id = $5 AND state = 'open'";
    tx.later(Write::new(sql, [state.into(), by.into(), note.into(), at.into(), id.into()]).once()).await
}

/// A proposal by its identifier.
///
/// # Errors
/// When the database fails.
pub async fn order(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Order>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_order WHERE id = $1");
    Ok(Order::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The proposals about a licence, newest first.
///
/// # Errors
/// When the database fails.
pub async fn orders_of(conn: &impl ConnectionTrait, licence: &Licence) -> Result<Vec<Order>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_order WHERE licence_id = $1 ORDER BY id DESC LIMIT 50");
    Ok(Order::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [licence.id.into()])).all(conn).await?)
}

/// The columns that say where a proposal belongs.
pub(crate) fn order_scope() -> ScopeColumns<Alias> {
    super::scope()
}

/// Open proposals a condition allows, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open_orders(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Order>> {
    let turn = Turn::ascending(after);
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("licence_order")).cond_where(visible).and_where(Expr::col(Alias::new("state")).eq("open"));
    query.order_by(Alias::new("id"), turn.order()).limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("id"), cursor.key::<Uuid>()?.into())]));
    }
    let rows = Order::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}
