use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Engine, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use serde::Deserialize;
use uuid::Uuid;

use crate::events::{CaseNews, Happened};
use crate::model::{Watch, WatchDates};

/// Sorts cases without a running clock behind all others.
const NO_DUE: &str = "9999-12-31";

#[derive(FromQueryResult)]
struct Row {
    case_id: Uuid,
    case_no: String,
    item_id: Uuid,
    item_name: String,
    body_id: Uuid,
    body_name: String,
    region: String,
    party_id: Uuid,
    channel: String,
    last: String,
    last_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    accepted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    open: bool,
    accept_due: Option<String>,
    yellow_from: Option<String>,
    promised_due: Option<String>,
    statutory_due: Option<String>,
    special_due: Option<String>,
    rectify_due: Option<String>,
}

const COLUMNS: &str = "case_id, case_no, item_id, item_name, body_id, body_name, region, party_id, channel, last, last_at, submitted_at, accepted_at, \
    decided_at, open, accept_due, yellow_from, promised_due, statutory_due, special_due, rectify_due";

impl TryFrom<Row> for Watch {
    type Error = Error;

    fn try_from(r: Row) -> Result<Self> {
        let day = |text: Option<String>| text.map(|t| t.parse::<NaiveDate>()).transpose();
        Ok(Self {
            case_id: r.case_id,
            case_no: r.case_no,
            item_id: r.item_id,
            item_name: r.item_name,
            body_id: r.body_id,
            body_name: r.body_name,
            region: r.region,
            party_id: r.party_id,
            channel: r.channel,
            last: Happened::deserialize(serde_json::Value::String(r.last))?,
            last_at: r.last_at.unwrap_or(DateTime::<Utc>::MIN_UTC),
            submitted_at: r.submitted_at,
            accepted_at: r.accepted_at,
            decided_at: r.decided_at,
            open: r.open,
            dates: WatchDates {
                accept_due: day(r.accept_due)?,
                yellow_from: day(r.yellow_from)?,
                promised_due: day(r.promised_due)?,
                statutory_due: day(r.statutory_due)?,
                special_due: day(r.special_due)?,
                rectify_due: day(r.rectify_due)?,
            },
        })
    }
}

/// One watched case.
///
/// # Errors
/// When the database fails.
pub async fn watch(conn: &impl ConnectionTrait, case: Uuid) -> Result<Option<Watch>> {
    let sql = format!("SELECT {COLUMNS} FROM watched_case WHERE case_id = $1");
    let row = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).one(conn).await?;
    row.map(Watch::try_from).transpose()
}

/// The watched case of a piece of news, made if it is new, held against other news until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &Tx, news: &CaseNews) -> Result<Watch> {
    let backend = tx.get_database_backend();
    let fresh = Watch::new(news);
    tx.execute_raw(Statement::from_sql_and_values(
        backend,
        "INSERT INTO watched_case (case_id, case_no, item_id, item_name, body_id, body_name, region, party_id, channel, last, open, sort_due)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'submitted', TRUE, $10) ON CONFLICT (case_id) DO NOTHING",
        [
            fresh.case_id.into(),
            fresh.case_no.into(),
            fresh.item_id.into(),
            fresh.item_name.into(),
            fresh.body_id.into(),
            fresh.body_name.into(),
            fresh.region.into(),
            fresh.party_id.into(),
            fresh.channel.into(),
            NO_DUE.into(),
        ],
    ))
    .await?;
    // SQLite has one writer at a time; PostgreSQL must be told.
    let lock = if tx.engine() == Engine::Postgres { "FOR UPDATE" } else { "" };
    let sql = format!("SELECT {COLUMNS} FROM watched_case WHERE case_id = $1 {lock}");
    let row = Row::find_by_statement(Statement::from_sql_and_values(backend, sql, [news.case_id.into()])).one(&**tx).await?;
    row.ok_or_else(|| Error::internal("a watched case vanished"))?.try_into()
}

/// Stores what followed from news.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, w: &Watch) -> Result<()> {
    let day = |day: Option<NaiveDate>| -> Value { day.map(|d| d.to_string()).into() };
    let last = serde_json::to_value(w.last)?.as_str().unwrap_or_default().to_owned();
    let last_at = (w.last_at != DateTime::<Utc>::MIN_UTC).then_some(w.last_at);
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE watched_case SET last = $1, last_at = $2, submitted_at = $3, accepted_at = $4, decided_at = $5, open = $6, accept_due = $7,
            yellow_from = $8, promised_due = $9, statutory_due = $10, special_due = $11, rectify_due = $12, sort_due = $13 WHERE case_id = $14",
        [
            last.into(),
            last_at.into(),
            w.submitted_at.into(),
            w.accepted_at.into(),
            w.decided_at.into(),
            w.open.into(),
            day(w.dates.accept_due),
            day(w.dates.yellow_from),
            day(w.dates.promised_due),
            day(w.dates.statutory_due),
            day(w.dates.special_due),
            day(w.dates.rectify_due),
            w.dates.promised_due.map_or_else(|| NO_DUE.to_owned(), |d| d.to_string()).into(),
            w.case_id.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Remembers until when a bad rating must be put right; none when it was.
///
/// # Errors
/// When the database fails.
pub async fn set_rectify_due(tx: &Tx, case: Uuid, due: Option<NaiveDate>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE watched_case SET rectify_due = $1 WHERE case_id = $2",
        [due.map(|d| d.to_string()).into(), case.into()],
    ))
    .await?;
    Ok(())
}

/// Which light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LightFilter {
    /// No clock yet.
    Waiting,
    /// The clock stands still.
    Paused,
    /// In time.
    Green,
    /// Near the promise.
    Yellow,
    /// Past the promise.
    Red,
    /// Past the law.
    Purple,
}

impl LightFilter {
    /// Reads the value of the address.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "waiting" => Self::Waiting,
            "paused" => Self::Paused,
            "green" => Self::Green,
            "yellow" => Self::Yellow,
            "red" => Self::Red,
            "purple" => Self::Purple,
            _ => return None,
        })
    }

    /// The cases with this light on a day, as ranges of their days: the same rule as [`crate::model::light`].
    fn condition(self, today: NaiveDate) -> Condition {
        let today = today.to_string();
        let col = |name: &str| Expr::col(Alias::new(name));
        let lawful = || Condition::any().add(col("statutory_due").is_null()).add(col("statutory_due").gte(today.clone()));
        let runs = |condition: Condition| condition.add(col("promised_due").is_not_null());
        match self {
            Self::Waiting => Condition::all().add(col("promised_due").is_null()).add(col("accepted_at").is_null()),
            Self::Paused => Condition::all().add(col("promised_due").is_null()).add(col("accepted_at").is_not_null()),
            Self::Green => Condition::all()
                .add(col("promised_due").gte(today.clone()))
                .add(lawful())
                .add(Condition::any().add(col("yellow_from").is_null()).add(col("yellow_from").gt(today.clone()))),
            Self::Yellow => Condition::all().add(col("promised_due").gte(today.clone())).add(lawful()).add(col("yellow_from").lte(today.clone())),
            Self::Red => Condition::all().add(col("promised_due").lt(today.clone())).add(lawful()),
            Self::Purple => runs(Condition::all().add(col("statutory_due").lt(today.clone()))),
        }
    }
}

/// Which open cases.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Only with this light.
    pub light: Option<LightFilter>,
    /// Only of this body.
    pub body: Option<Uuid>,
    /// Only where this happened last.
    pub last: Option<Happened>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Rows per page.
    pub size: usize,
}

/// The columns that say where a case belongs.
pub(crate) fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: Some(Alias::new("item_id")) }
}

/// Open cases that `visible` (from [`access::Actor::filter`]) allows, most urgent first.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &impl ConnectionTrait, visible: Condition, filter: &CaseFilter, today: NaiveDate) -> Result<Page<Watch>> {
    let size = filter.size.clamp(1, 200);
    let (due, id) = (Alias::new("sort_due"), Alias::new("case_id"));
    let turn = Turn::ascending(filter.after.as_ref());
    let mut query = Query::select();
    query
        .expr(Expr::cust(COLUMNS))
        .from(Alias::new("watched_case"))
        .cond_where(visible)
        .and_where(Expr::cust("open = TRUE")) // as written in the partial indexes
        .order_by(due.clone(), turn.order())
        .order_by(id.clone(), turn.order())
        .limit(size as u64 + 1);
    if let Some(light) = filter.light {
        query.cond_where(light.condition(today));
    }
    if let Some(body) = filter.body {
        query.and_where(Expr::col(Alias::new("body_id")).eq(body));
    }
    if let Some(last) = filter.last {
        query.and_where(Expr::col(Alias::new("last")).eq(serde_json::to_value(last)?.as_str().unwrap_or_default()));
    }
    if let Some(cursor) = &filter.after {
        let (last_due, last_id): (String, Uuid) = cursor.key()?;
        query.cond_where(turn.beyond(&[(due, last_due.into()), (id, last_id.into())]));
    }
    let rows = Row::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    let found = rows.into_iter().map(Watch::try_from).collect::<Result<Vec<_>>>()?;
    Page::from_rows(found, size, filter.after.as_ref(), |w| (w.dates.promised_due.map_or_else(|| NO_DUE.to_owned(), |d| d.to_string()), w.case_id))
}
