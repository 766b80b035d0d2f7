use std::sync::LazyLock;

use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use flow::Task;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DeriveIden, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A case as stored. Texts named `applicant`, `answers` are sealed.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct CaseRow {
    /// Identifier; also the chain of its journal.
    pub id: Uuid,
    /// Case number (办件编号).
    pub case_no: String,
    /// Keyed hash of the query code (查询码).
    pub query_code: Vec<u8>,
    /// The item.
    pub item_id: Uuid,
    /// The published version it was applied for.
    pub item_version_id: Uuid,
    /// Its name then.
    pub item_name: String,
    /// Its implementation code.
    pub item_code: String,
    /// The body that decides.
    pub body_id: Uuid,
    /// Its name then.
    pub body_name: String,
    /// 12-digit region of the body.
    pub region: String,
    /// The applicant.
    pub party_id: Uuid,
    /// Sealed [`crate::model::Applicant`].
    pub applicant: Vec<u8>,
    /// Masked name, for lists.
    pub applicant_masked: String,
    /// Sealed answers.
    pub answers: Vec<u8>,
    /// JSON list of [`crate::model::SubmittedMaterial`].
    pub materials: String,
    /// `online` or `window`.
    pub channel: String,
    /// The clerk who registered it at the window.
    pub registered_by: Option<Uuid>,
    /// [`crate::model::State`].
    pub state: String,
    /// JSON of the correction notice and its answer.
    pub correction: Option<String>,
    /// JSON [`crate::model::CaseClock`], once accepted.
    pub clock: Option<String>,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Last day of the promise; empty while the clock stands still.
    pub promised_due: Option<String>,
    /// Last day of the law.
    pub statutory_due: Option<String>,
    /// First day of the yellow light.
    pub yellow_from: Option<String>,
    /// JSON of the extension asked for or granted.
    pub extension: Option<String>,
    /// JSON of the special procedures.
    pub special: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// `grant` or `refuse`.
    pub decision: Option<String>,
    /// Reasons of a refusal of any kind.
    pub reasons: Option<String>,
    /// JSON [`crate::model::ResultRef`].
    pub result: Option<String>,
    /// When nothing more was to be done.
    pub closed_at: Option<DateTime<Utc>>,
    /// JSON list of staff who acted, with their step: nobody acts in two layers.
    pub handled_by: String,
    /// Sealed [`catalog::model::Situation`], where the item asks for one.
    pub situation: Option<Vec<u8>>,
    /// Optimistic version.
    pub version: i64,
}

const COLUMNS: &str = "id, case_no, query_code, item_id, item_version_id, item_name, item_code, body_id, body_name, region, party_id, applicant, \
    applicant_masked, answers, materials, channel, registered_by, state, correction, clock, submitted_at, accepted_at, promised_due, statutory_due, \
    yellow_from, extension, special, decided_at, decision, reasons, result, closed_at, handled_by, situation, version";

/// One case.
///
/// # Errors
/// When the database fails.
pub async fn case(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<CaseRow>> {
    let sql = format!("SELECT {COLUMNS} FROM gov_case WHERE id = $1");
    Ok(CaseRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// A case, its open tasks with their instances and the end of its journal, in one query, in the transaction that will act on
/// it: neither the process nor the journal is asked again.
///
/// # Errors
/// When the database fails.
pub async fn case_with_work(tx: &Tx, id: Uuid) -> Result<Option<(CaseRow, Vec<Task>)>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let columns: Vec<String> = COLUMNS.split(", ").map(|c| format!("c.{c} AS c_{c}")).collect();
        let (work, join) = flow::work_join("c.id");
        let head = journal::head_join("c.id");
        let heads = journal::HEAD_COLUMNS;
        format!("SELECT {}, {work}, {heads} FROM gov_case c {join} {head} WHERE c.id = $1 ORDER BY task.created_at, task.id", columns.join(", "))
    });
    let rows = tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), SQL.as_str(), [id.into()])).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    journal::read_head(tx, id, first)?;
    let mut tasks = Vec::with_capacity(rows.len());
    for row in &rows {
        tasks.extend(flow::read_work(tx, row)?);
    }
    Ok(Some((CaseRow::from_query_result(first, "c_")?, tasks)))
}

/// One case by its number.
///
/// # Errors
/// When the database fails.
pub async fn case_by_number(conn: &impl ConnectionTrait, case_no: &str) -> Result<Option<CaseRow>> {
    let sql = format!("SELECT {COLUMNS} FROM gov_case WHERE case_no = $1");
    Ok(CaseRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case_no.into()])).one(conn).await?)
}

/// Writes a new case.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, row: &CaseRow) -> Result<()> {
    let values = values(row);
    let sql = format!("INSERT INTO gov_case ({COLUMNS}) VALUES ({})", db::bulk::places(1, values.len()));
    tx.later(Write::new(sql, values).row(row.id)).await
}

/// Stores a changed case, if nobody changed it meanwhile; the row's version goes up.
///
/// # Errors
/// [`base::Kind::Conflict`] when somebody did.
pub async fn save(tx: &Tx, row: &mut CaseRow) -> Result<()> {
    let write = Write::new(
        "UPDATE gov_case SET answers = $1, materials = $2, state = $3, correction = $4, clock = $5, accepted_at = $6, promised_due = $7,
            statutory_due = $8, yellow_from = $9, extension = $10, special = $11, decided_at = $12, decision = $13, reasons = $14, result = $15,
            closed_at = $16, handled_by = $17, version = version + 1
         WHERE id = $18 AND version = $19",
        [
            row.answers.clone().into(),
            row.materials.clone().into(),
            row.state.clone().into(),
            row.correction.clone().into(),
            row.clock.clone().into(),
            row.accepted_at.into(),
            row.promised_due.clone().into(),
            row.statutory_due.clone().into(),
            row.yellow_from.clone().into(),
            row.extension.clone().into(),
            row.special.clone().into(),
            row.decided_at.into(),
            row.decision.clone().into(),
            row.reasons.clone().into(),
            row.result.clone().into(),
            row.closed_at.into(),
            row.handled_by.clone().into(),
            row.id.into(),
            row.version.into(),
        ],
    );
    tx.later(write.row(row.id).once()).await?;
    row.version += 1;
    Ok(())
}

fn values(r: &CaseRow) -> Vec<Value> {
    vec![
        r.id.into(),
        r.case_no.clone().into(),
        r.query_code.clone().into(),
        r.item_id.into(),
        r.item_version_id.into(),
        r.item_name.clone().into(),
        r.item_code.clone().into(),
        r.body_id.into(),
        r.body_name.clone().into(),
        r.region.clone().into(),
        r.party_id.into(),
        r.applicant.clone().into(),
        r.applicant_masked.clone().into(),
        r.answers.clone().into(),
        r.materials.clone().into(),
        r.channel.clone().into(),
        r.registered_by.into(),
        r.state.clone().into(),
        r.correction.clone().into(),
        r.clock.clone().into(),
        r.submitted_at.into(),
        r.accepted_at.into(),
        r.promised_due.clone().into(),
        r.statutory_due.clone().into(),
        r.yellow_from.clone().into(),
        r.extension.clone().into(),
        r.special.clone().into(),
        r.decided_at.into(),
        r.decision.clone().into(),
        r.reasons.clone().into(),
        r.result.clone().into(),
        r.closed_at.into(),
        r.handled_by.clone().into(),
        r.situation.clone().into(),
        r.version.into(),
    ]
}

/// Columns used in filters.
#[derive(DeriveIden, Clone, Copy)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum GovCase {
    Table,
    Id,
    BodyId,
    ItemId,
    Region,
    PartyId,
    State,
    SubmittedAt,
    ClosedAt,
    PromisedDue,
    StatutoryDue,
    YellowFrom,
}

/// Which cases.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// What the reader may see (from [`access::Actor::filter`]) and anything else to narrow by.
    pub condition: Option<Condition>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Rows per page.
    pub size: usize,
}

/// Cases, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &impl ConnectionTrait, filter: ListFilter) -> Result<Page<CaseRow>> {
    let size = filter.size.clamp(1, 200);
    let turn = Turn::descending(filter.after.as_ref());
    let mut query = Query::select();
    query
        .expr(Expr::cust(COLUMNS))
        .from(GovCase::Table)
        .order_by(GovCase::SubmittedAt, turn.order())
        .order_by(GovCase::Id, turn.order())
        .limit(size as u64 + 1);
    if let Some(condition) = filter.condition {
        query.cond_where(condition);
    }
    if let Some(cursor) = &filter.after {
        let (at, id): (DateTime<Utc>, Uuid) = cursor.key()?;
        query.cond_where(turn.beyond(&[(GovCase::SubmittedAt, at.into()), (GovCase::Id, id.into())]));
    }
    let rows = CaseRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, filter.after.as_ref(), |row| (row.submitted_at, row.id))
}

/// A party's cases, newest first.
///
/// # Errors
/// When the database fails.
pub async fn cases_of_party(conn: &impl ConnectionTrait, party: Uuid, after: Option<Cursor>, size: usize) -> Result<Page<CaseRow>> {
    let condition = Condition::all().add(Expr::col(GovCase::PartyId).eq(party));
    list(conn, ListFilter { condition: Some(condition), after, size }).await
}
