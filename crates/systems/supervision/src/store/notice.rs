use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::NoticeState;

/// A notice (督办单) to a body about a case.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Notice {
    /// Identifier.
    pub id: Uuid,
    /// 督办文号
    pub number: String,
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body addressed.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// The applicant of the case.
    pub party_id: Uuid,
    /// What is to be explained or done.
    pub text: String,
    /// Last day to answer.
    pub due: String,
    /// [`NoticeState`].
    pub state: String,
    /// Who sent it.
    pub sent_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<Uuid>,
    /// Their name.
    pub answered_by_name: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// What the supervisor said to the answer.
    pub opinion: Option<String>,
    /// Who.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// Optimistic version.
    pub version: i64,
}

const COLUMNS: &str = "id, number, case_id, case_no, item_id, item_name, body_id, body_name, region, party_id, text, due, state, sent_by, sent_at, \
    answer, answered_by, answered_by_name, answered_at, opinion, reviewed_by, reviewed_at, version";

impl Notice {
    /// How far it is.
    ///
    /// # Errors
    /// When the stored state is damaged.
    pub fn state(&self) -> Result<NoticeState> {
        NoticeState::from_code(&self.state).ok_or_else(|| Error::internal(format!("notice state {}", self.state)))
    }

    /// Whether the answer is missing although its day has passed.
    pub fn overdue(&self, today: NaiveDate) -> bool {
        let waits = NoticeState::from_code(&self.state).is_some_and(NoticeState::waits_for_answer);
        waits && self.due.parse::<NaiveDate>().is_ok_and(|due| due < today)
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: Some(self.item_id) }
    }
}

/// The columns that say where a notice belongs.
pub(crate) fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: Some(Alias::new("item_id")) }
}

/// The next number: `督办〔2026〕000001号`.
///
/// # Errors
/// When the database fails.
pub async fn next_number(tx: &Tx, year: i32) -> Result<String> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO supervision_serial (year, value) VALUES ($1, 1)
             ON CONFLICT (year) DO UPDATE SET value = supervision_serial.value + 1 RETURNING value",
            [year.into()],
        ))
        .await?
        .ok_or_else(|| Error::internal("the notice serial gave no number"))?;
    let serial: i64 = row.try_get("", "value")?;
    Ok(format!("督办〔{year}〕{serial:06}号"))
}

/// One notice.
///
/// # Errors
/// When the database fails.
pub async fn notice(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Notice>> {
    let sql = format!("SELECT {COLUMNS} FROM supervision_notice WHERE id = $1");
    Ok(Notice::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The notices about a case, newest first.
///
/// # Errors
/// When the database fails.
pub async fn notices_of(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<Notice>> {
    let sql = format!("SELECT {COLUMNS} FROM supervision_notice WHERE case_id = $1 ORDER BY id DESC");
    Ok(Notice::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// Notices that `visible` (from [`access::Actor::filter`]) allows, newest first.
///
/// # Errors
/// When the database fails.
pub async fn notices(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Notice>> {
    let (id, turn) = (Alias::new("id"), Turn::descending(after));
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("supervision_notice")).cond_where(visible).order_by(id.clone(), turn.order()).limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(id, cursor.key::<Uuid>()?.into())]));
    }
    let rows = Notice::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Writes a new notice.
///
/// # Errors
/// When the database fails.
pub async fn insert_notice(tx: &Tx, n: &Notice) -> Result<()> {
    let values: Vec<Value> = vec![
        n.id.into(),
        n.number.clone().into(),
        n.case_id.into(),
        n.case_no.clone().into(),
        n.item_id.into(),
        n.item_name.clone().into(),
        n.body_id.into(),
        n.body_name.clone().into(),
        n.region.clone().into(),
        n.party_id.into(),
        n.text.clone().into(),
        n.due.clone().into(),
        n.state.clone().into(),
        n.sent_by.clone().into(),
        n.sent_at.into(),
        n.answer.clone().into(),
        n.answered_by.into(),
        n.answered_by_name.clone().into(),
        n.answered_at.into(),
        n.opinion.clone().into(),
        n.reviewed_by.clone().into(),
        n.reviewed_at.into(),
        n.version.into(),
    ];
    let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!("INSERT INTO supervision_notice ({COLUMNS}) VALUES ({})", places.join(", "));
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Stores a changed notice, if nobody changed it meanwhile.
///
/// # Errors
/// [`base::Kind::Conflict`] when somebody did.
pub async fn save_notice(tx: &Tx, n: &Notice) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE supervision_notice SET state = $1, due = $2, answer = $3, answered_by = $4, answered_by_name = $5, answered_at = $6, opinion = $7,
                reviewed_by = $8, reviewed_at = $9, version = version + 1 WHERE id = $10 AND version = $11",
            [
                n.state.clone().into(),
                n.due.clone().into(),
                n.answer.clone().into(),
                n.answered_by.into(),
                n.answered_by_name.clone().into(),
                n.answered_at.into(),
                n.opinion.clone().into(),
                n.reviewed_by.clone().into(),
                n.reviewed_at.into(),
                n.id.into(),
                n.version.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
