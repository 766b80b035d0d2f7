use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::Stage;

/// The task a bad rating opened.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Rectification {
    /// Identifier.
    pub id: Uuid,
    /// The rating.
    pub review_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// Who rated.
    pub party_id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body rated.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// [`Stage`].
    pub stage: String,
    /// Whether something is still to be done.
    pub open: bool,
    /// Whether the longer limit holds.
    pub complex: bool,
    /// Last day to contact the person.
    pub contact_due: String,
    /// Last day to put it right.
    pub rectify_due: String,
    /// When the rating was given.
    pub opened_at: DateTime<Utc>,
    /// What was found out.
    pub finding: Option<String>,
    /// When the person was contacted.
    pub contacted_at: Option<DateTime<Utc>>,
    /// Why the department holds it to be a mistake.
    pub appeal: Option<String>,
    /// When.
    pub appealed_at: Option<DateTime<Utc>>,
    /// What the supervising office said to that.
    pub ruling: Option<String>,
    /// When.
    pub ruled_at: Option<DateTime<Utc>>,
    /// What the person was told.
    pub reply: Option<String>,
    /// When.
    pub replied_at: Option<DateTime<Utc>>,
    /// What the person said when asked again.
    pub revisit: Option<String>,
    /// Whether the person is content.
    pub satisfied: Option<bool>,
    /// When.
    pub revisited_at: Option<DateTime<Utc>>,
    /// What the supervising office said at the end.
    pub closing: Option<String>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Optimistic version.
    pub version: i64,
}

const COLUMNS: &str = "id, review_id, case_id, case_no, party_id, item_id, item_name, body_id, body_name, region, stage, open, complex, \
    contact_due, rectify_due, opened_at, finding, contacted_at, appeal, appealed_at, ruling, ruled_at, reply, replied_at, revisit, satisfied, \
    revisited_at, closing, closed_at, version";

impl Rectification {
    /// How far it is.
    ///
    /// # Errors
    /// When the stored stage is damaged.
    pub fn stage(&self) -> Result<Stage> {
        Stage::from_code(&self.stage).ok_or_else(|| Error::internal(format!("rectification stage {}", self.stage)))
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: Some(self.item_id) }
    }

    /// Last day to put it right.
    ///
    /// # Errors
    /// When the stored day is damaged.
    pub fn due(&self) -> Result<NaiveDate> {
        Ok(self.rectify_due.parse()?)
    }
}

/// The columns that say where a task belongs.
pub(crate) fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: Some(Alias::new("item_id")) }
}

/// One task.
///
/// # Errors
/// When the database fails.
pub async fn rectification(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Rectification>> {
    let sql = format!("SELECT {COLUMNS} FROM rectification WHERE id = $1");
    Ok(Rectification::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The latest task about a case.
///
/// # Errors
/// When the database fails.
pub async fn rectification_of_case(conn: &impl ConnectionTrait, case: Uuid) -> Result<Option<Rectification>> {
    let sql = format!("SELECT {COLUMNS} FROM rectification WHERE case_id = $1 ORDER BY id DESC LIMIT 1");
    Ok(Rectification::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).one(conn).await?)
}

/// Open or ended tasks that `visible` (from [`access::Actor::filter`]) allows, most urgent first.
///
/// # Errors
/// When the database fails.
pub async fn rectifications(conn: &impl ConnectionTrait, visible: Condition, open: bool, after: Option<&Cursor>, size: usize) -> Result<Page<Rectification>> {
    let (due, id) = (Alias::new("rectify_due"), Alias::new("id"));
    let turn = Turn::ascending(after);
    let mut query = Query::select();
    query
        .expr(Expr::cust(COLUMNS))
        .from(Alias::new("rectification"))
        .cond_where(visible)
        .and_where(Expr::col(Alias::new("open")).eq(open))
        .order_by(due.clone(), turn.order())
        .order_by(id.clone(), turn.order())
        .limit(size as u64 + 1);
    if let Some(cursor) = after {
        let (last_due, last_id): (String, Uuid) = cursor.key()?;
        query.cond_where(turn.beyond(&[(due, last_due.into()), (id, last_id.into())]));
    }
    let rows = Rectification::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| (row.rectify_due.clone(), row.id))
}

fn values(r: &Rectification) -> Vec<Value> {
    vec![
        r.id.into(),
        r.review_id.into(),
        r.case_id.into(),
        r.case_no.clone().into(),
        r.party_id.into(),
        r.item_id.into(),
        r.item_name.clone().into(),
        r.body_id.into(),
        r.body_name.clone().into(),
        r.region.clone().into(),
        r.stage.clone().into(),
        r.open.into(),
        r.complex.into(),
        r.contact_due.clone().into(),
        r.rectify_due.clone().into(),
        r.opened_at.into(),
        r.finding.clone().into(),
        r.contacted_at.into(),
        r.appeal.clone().into(),
        r.appealed_at.into(),
        r.ruling.clone().into(),
        r.ruled_at.into(),
        r.reply.clone().into(),
        r.replied_at.into(),
        r.revisit.clone().into(),
        r.satisfied.into(),
        r.revisited_at.into(),
        r.closing.clone().into(),
        r.closed_at.into(),
        r.version.into(),
    ]
}

/// Writes a new task.
///
/// # Errors
/// When the database fails.
pub async fn insert_rectification(tx: &Tx, row: &Rectification) -> Result<()> {
    let values = values(row);
    let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!("INSERT INTO rectification ({COLUMNS}) VALUES ({})", places.join(", "));
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Stores a changed task, if nobody changed it meanwhile.
///
/// # Errors
/// [`base::Kind::Conflict`] when somebody did.
pub async fn save_rectification(tx: &Tx, r: &Rectification) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE rectification SET stage = $1, open = $2, complex = $3, rectify_due = $4, finding = $5, contacted_at = $6, appeal = $7,
                appealed_at = $8, ruling = $9, ruled_at = $10, reply = $11, replied_at = $12, revisit = $13, satisfied = $14, revisited_at = $15,
                closing = $16, closed_at = $17, version = version + 1
             WHERE id = $18 AND version = $19",
            [
                r.stage.clone().into(),
                r.open.into(),
                r.complex.into(),
                r.rectify_due.clone().into(),
                r.finding.clone().into(),
                r.contacted_at.into(),
                r.appeal.clone().into(),
                r.appealed_at.into(),
                r.ruling.clone().into(),
                r.ruled_at.into(),
                r.reply.clone().into(),
                r.replied_at.into(),
                r.revisit.clone().into(),
                r.satisfied.into(),
                r.revisited_at.into(),
                r.closing.clone().into(),
                r.closed_at.into(),
                r.id.into(),
                r.version.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
