use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::{LicenceState, Standing, Validity};

/// A licence as stored. What is named `holder_name`, `holder_id` and `items` is sealed.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Licence {
    /// Identifier of the record; also the chain of its journal.
    pub id: Uuid,
    /// 电子证照标识 (GB/T 36904).
    pub identifier: String,
    /// Its type: credit code of the defining body and a serial.
    pub type_code: String,
    /// Name of the type, e.g. `食品经营许可证`.
    pub type_name: String,
    /// 证照编号, for people.
    pub number: String,
    /// The case it came from; none for an approved import of stock.
    pub case_id: Option<Uuid>,
    /// Its number.
    pub case_no: Option<String>,
    /// The item.
    pub item_id: Uuid,
    /// Issuing body.
    pub body_id: Uuid,
    /// Its name then.
    pub body_name: String,
    /// 12-digit region.
    pub region: String,
    /// The holder's party.
    pub party_id: Uuid,
    /// Whether the holder is a firm, whose name and code are public.
    pub holder_is_firm: bool,
    /// Sealed name.
    pub holder_name: Vec<u8>,
    /// The name as anybody may see it.
    pub holder_shown: String,
    /// `111` citizen ID, `uscc` …
    pub holder_id_type: String,
    /// Sealed number.
    pub holder_id: Vec<u8>,
    /// Keyed hash of the number.
    pub holder_id_index: Vec<u8>,
    /// The number as staff and holder see it.
    pub holder_id_shown: String,
    /// Sealed JSON list of [`crate::model::LicenceItem`].
    pub items: Vec<u8>,
    /// Day of issue.
    pub issued_on: String,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_until: Option<String>,
    /// [`LicenceState`].
    pub state: String,
    /// Why it was taken out of force.
    pub state_reason: Option<String>,
    /// When.
    pub state_at: Option<DateTime<Utc>>,
    /// By whom.
    pub state_by: Option<String>,
    /// Optimistic version.
    pub version: i64,
    /// Opaque code of the QR.
    pub verify_code: String,
    /// The first of the versions it is one of.
    pub series_id: Uuid,
    /// Why it was made: `new`, `change`, `renew`, `reissue`, `import`.
    pub cause: String,
    /// The version it took the place of.
    pub predecessor_id: Option<Uuid>,
    /// The version that took its place.
    pub successor_id: Option<Uuid>,
    /// How far it can be trusted: A or B.
    pub trust: String,
    /// Version of its type it was made by; 0 when nobody had described the type.
    pub type_version: i32,
    /// The list of stock it came from.
    pub import_id: Option<Uuid>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, identifier, type_code, type_name, number, case_id, case_no, item_id, body_id, body_name, region, party_id, \
    holder_is_firm, holder_name, holder_shown, holder_id_type, holder_id, holder_id_index, holder_id_shown, items, issued_on, valid_from, \
    valid_until, state, state_reason, state_at, state_by, version, verify_code, series_id, cause, predecessor_id, successor_id, trust, \
    type_version, import_id, created_at";

const NAMES: [&str; 38] = [
    "id", "identifier", "type_code", "type_name", "number", "case_id", "case_no", "item_id", "body_id", "body_name", "region", "party_id",
    "holder_is_firm", "holder_name", "holder_shown", "holder_id_type", "holder_id", "holder_id_index", "holder_id_shown", "items", "issued_on",
    "valid_from", "valid_until", "state", "state_reason", "state_at", "state_by", "version", "verify_code", "series_id", "cause",
    "predecessor_id", "successor_id", "trust", "type_version", "import_id", "created_at", "reminded_at",
];

impl Licence {
    /// From when until when it holds.
    ///
    /// # Errors
    /// When the stored days are damaged.
    pub fn validity(&self) -> Result<Validity> {
        let until = self.valid_until.as_deref().map(day).transpose()?;
        Ok(Validity { from: day(&self.valid_from)?, until })
    }

    /// Day of issue.
    ///
    /// # Errors
    /// When the stored day is damaged.
    pub fn issued(&self) -> Result<NaiveDate> {
        day(&self.issued_on)
    }

    /// What it is worth on a day.
    ///
    /// # Errors
    /// When the stored state or days are damaged.
    pub fn standing(&self, today: NaiveDate) -> Result<Standing> {
        let state = LicenceState::from_code(&self.state).ok_or_else(|| Error::internal(format!("licence state {}", self.state)))?;
        Ok(Standing::on(today, state, self.validity()?))
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: Some(self.item_id) }
    }
}

fn day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse()?)
}

async fn one(conn: &impl ConnectionTrait, column: &str, value: Value) -> Result<Option<Licence>> {
    let sql = format!("SELECT {COLUMNS} FROM licence WHERE {column} = $1");
    Ok(Licence::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [value])).one(conn).await?)
}

/// A licence by its record.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Licence>> {
    one(conn, "id", id.into()).await
}

/// The licence of a type that a case gave.
///
/// # Errors
/// When the database fails.
pub async fn by_case(conn: &impl ConnectionTrait, case: Uuid, type_code: &str) -> Result<Option<Licence>> {
    let sql = format!("SELECT {COLUMNS} FROM licence WHERE case_id = $1 AND type_code = $2");
    Ok(Licence::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into(), type_code.into()])).one(conn).await?)
}

/// A licence by its identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_identifier(conn: &impl ConnectionTrait, identifier: &str) -> Result<Option<Licence>> {
    one(conn, "identifier", identifier.into()).await
}

/// A licence by the code of its QR.
///
/// # Errors
/// When the database fails.
pub async fn by_code(conn: &impl ConnectionTrait, code: &str) -> Result<Option<Licence>> {
    one(conn, "verify_code", code.into()).await
}

/// Which rows of a list.
fn select(condition: Condition, after: Option<&Cursor>, size: usize) -> Result<sea_orm::sea_query::SelectStatement> {
    let turn = Turn::descending(after);
    let mut query = Query::select();
    // Identifiers are ordered by time, so they are the order of the list.
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("licence")).cond_where(condition).order_by(Alias::new("id"), turn.order()).limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("id"), cursor.key::<Uuid>()?.into())]));
    }
    Ok(query)
}

async fn page(conn: &impl ConnectionTrait, condition: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    let size = size.clamp(1, 200);
    let query = select(condition, after, size)?;
    let rows = Licence::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Which of a party's licences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those whose name or number holds this text.
    pub text: String,
    /// Those in force that end on this day or before it …
    pub ends_by: Option<NaiveDate>,
    /// … and on this day or after it.
    pub ends_from: Option<NaiveDate>,
    /// Only those no later version took the place of.
    pub current: bool,
}

/// A party's licences, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_party(conn: &impl ConnectionTrait, party: Uuid, wanted: &Wanted, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut condition = Condition::all().add(column("party_id").eq(party));
    if !wanted.text.is_empty() {
        let like = || LikeExpr::new(format!("%{}%", wanted.text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))).escape('!');
        condition = condition.add(Condition::any().add(column("type_name").like(like())).add(column("number").like(like())));
    }
    if wanted.current {
        condition = condition.add(column("state").ne("changed"));
    }
    if let (Some(from), Some(by)) = (wanted.ends_from, wanted.ends_by) {
        condition = condition.add(column("state").eq("valid")).add(column("valid_until").gte(from.to_string())).add(column("valid_until").lte(by.to_string()));
    }
    page(conn, condition, after, size).await
}

/// The columns that say where a licence belongs.
pub(crate) fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: Some(Alias::new("item_id")) }
}

/// The licences a condition (from [`access::Actor::filter`]) allows, newest first.
///
/// # Errors
/// When the database fails.
pub async fn scoped(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    page(conn, visible, after, size).await
}

/// Licences with this number (unique within a type only).
///
/// # Errors
/// When the database fails.
pub async fn by_number(conn: &impl ConnectionTrait, visible: Condition, number: &str, size: usize) -> Result<Page<Licence>> {
    page(conn, Condition::all().add(visible).add(Expr::col(Alias::new("number")).eq(number)), None, size).await
}

/// Licences whose holder has the number behind this keyed hash.
///
/// # Errors
/// When the database fails.
pub async fn of_holder(conn: &impl ConnectionTrait, visible: Condition, index: Vec<u8>, size: usize) -> Result<Page<Licence>> {
    page(conn, Condition::all().add(visible).add(Expr::col(Alias::new("holder_id_index")).eq(index)), None, size).await
}

impl Licence {
    /// Its row: values of [`NAMES`].
    fn values(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.identifier.clone().into(),
            self.type_code.clone().into(),
            self.type_name.clone().into(),
            self.number.clone().into(),
            self.case_id.into(),
            self.case_no.clone().into(),
            self.item_id.into(),
            self.body_id.into(),
            self.body_name.clone().into(),
            self.region.clone().into(),
            self.party_id.into(),
            self.holder_is_firm.into(),
            self.holder_name.clone().into(),
            self.holder_shown.clone().into(),
            self.holder_id_type.clone().into(),
            self.holder_id.clone().into(),
            self.holder_id_index.clone().into(),
            self.holder_id_shown.clone().into(),
            self.items.clone().into(),
            self.issued_on.clone().into(),
            self.valid_from.clone().into(),
            self.valid_until.clone().into(),
            self.state.clone().into(),
            self.state_reason.clone().into(),
            self.state_at.into(),
            self.state_by.clone().into(),
            self.version.into(),
            self.verify_code.clone().into(),
            self.series_id.into(),
            self.cause.clone().into(),
            self.predecessor_id.into(),
            self.successor_id.into(),
            self.trust.clone().into(),
            self.type_version.into(),
            self.import_id.into(),
            self.created_at.into(),
            None::<DateTime<Utc>>.into(),
        ]
    }
}

/// Writes a new licence.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, l: &Licence) -> Result<()> {
    let values = l.values();
    let sql = format!("INSERT INTO licence ({}) VALUES ({})", NAMES.join(", "), db::bulk::places(1, values.len()));
    tx.later(Write::new(sql, values).row(l.id)).await
}

/// Writes many new licences.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(tx: &Tx, licences: &[Licence]) -> Result<()> {
    db::bulk::insert(&**tx, "licence", &NAMES, licences.iter().map(Licence::values).collect(), false).await?;
    Ok(())
}

/// What becomes of a licence.
#[derive(Debug, Clone, Copy)]
pub struct Turned<'a> {
    /// Its new state.
    pub state: LicenceState,
    /// Why.
    pub reason: &'a str,
    /// By whom.
    pub by: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// The version that takes its place.
    pub successor: Option<Uuid>,
}

/// Writes what becomes of a licence of this version, and notes it for the public list of changes.
///
/// # Errors
/// [`base::Kind::Conflict`] when it changed meanwhile or is out of force for ever.
pub async fn turn(tx: &Tx, licence: &Licence, version: i64, turned: Turned<'_>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE licence SET state = $1, state_reason = $2, state_by = $3, state_at = $4, successor_id = $5, version = version + 1
             WHERE id = $6 AND version = $7 AND state IN ('valid', 'suspended')",
            [turned.state.as_str().into(), turned.reason.into(), turned.by.into(), turned.at.into(), turned.successor.into(), licence.id.into(), version.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())?;
    tx.later(Write::new(
        "INSERT INTO licence_change (id, licence_id, identifier, state, at) VALUES ($1, $2, $3, $4, $5)",
        [base::new_id().into(), licence.id.into(), licence.identifier.clone().into(), turned.state.as_str().into(), turned.at.into()],
    ))
    .await
}

/// A change as the public list tells it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Change {
    /// Identifier of the change, for the order.
    pub id: Uuid,
    /// 电子证照标识
    pub identifier: String,
    /// State since then.
    pub state: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Changes after a position, oldest first, up to `horizon`: what commits later than others of its moment is not missed.
///
/// # Errors
/// When the database fails.
pub async fn changes(conn: &impl ConnectionTrait, since: Option<DateTime<Utc>>, horizon: DateTime<Utc>, after: Option<&Cursor>, size: usize) -> Result<Page<Change>> {
    let mut query = Query::select();
    let (at, id) = (|| Alias::new("at"), || Alias::new("id"));
    let turn = Turn::ascending(after);
    query.expr(Expr::cust("id, identifier, state, at")).from(Alias::new("licence_change")).and_where(Expr::col(at()).lte(horizon));
    query.order_by(at(), turn.order()).order_by(id(), turn.order()).limit(size as u64 + 1);
    if let Some(since) = since {
        query.and_where(Expr::col(at()).gte(since));
    }
    if let Some(cursor) = after {
        let (moment, key): (DateTime<Utc>, Uuid) = cursor.key()?;
        query.cond_where(turn.beyond(&[(at(), moment.into()), (id(), key.into())]));
    }
    let rows = Change::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| (row.at, row.id))
}

/// All versions of a licence, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn series(conn: &impl ConnectionTrait, series: Uuid) -> Result<Vec<Licence>> {
    let sql = format!("SELECT {COLUMNS} FROM licence WHERE series_id = $1 ORDER BY id");
    Ok(Licence::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [series.into()])).all(conn).await?)
}

/// The holder's licences of a type that a new one could take the place of, newest first.
///
/// # Errors
/// When the database fails.
pub async fn replaceable(conn: &impl ConnectionTrait, party: Uuid, type_code: &str) -> Result<Vec<Licence>> {
    let sql = format!("SELECT {COLUMNS} FROM licence WHERE party_id = $1 AND type_code = $2 AND state = 'valid' ORDER BY id DESC LIMIT 50");
    Ok(Licence::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [party.into(), type_code.into()])).all(conn).await?)
}

/// Licences with one of these identifiers or codes.
///
/// # Errors
/// When the database fails.
pub async fn by_questions(conn: &impl ConnectionTrait, identifiers: &[String], codes: &[String]) -> Result<Vec<Licence>> {
    let within = |column: &'static str, values: &[String]| Expr::col(Alias::new(column)).is_in(values.to_vec());
    let condition = Condition::any().add(within("identifier", identifiers)).add(within("verify_code", codes));
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("licence")).cond_where(condition);
    Ok(Licence::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}

/// Identifiers of licences.
///
/// # Errors
/// When the database fails.
pub async fn identifiers(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        identifier: String,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id, identifier FROM licence WHERE id IN ({})", db::bulk::places(1, ids.len()));
    let values: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.identifier)).collect())
}

/// Which of these numbers of a type, or of these identifiers, are taken.
///
/// # Errors
/// When the database fails.
pub async fn taken(conn: &impl ConnectionTrait, type_code: &str, numbers: &[String], identifiers: &[String]) -> Result<Vec<(String, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        number: String,
        identifier: String,
    }
    let of_type = Condition::all().add(Expr::col(Alias::new("type_code")).eq(type_code)).add(Expr::col(Alias::new("number")).is_in(numbers.to_vec()));
    let condition = Condition::any().add(of_type).add(Expr::col(Alias::new("identifier")).is_in(identifiers.to_vec()));
    let mut query = Query::select();
    query.expr(Expr::cust("number, identifier")).from(Alias::new("licence")).cond_where(condition);
    let rows = Row::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.number, row.identifier)).collect())
}

/// Up to `limit` licences in force that end between two days and whose holders were not told; they count as told from now on.
///
/// # Errors
/// When the database fails.
pub async fn remind(tx: &Tx, from: NaiveDate, to: NaiveDate, limit: i64, now: DateTime<Utc>) -> Result<Vec<Licence>> {
    let sql = format!(
        "UPDATE licence SET reminded_at = $1 WHERE id IN (
           SELECT id FROM licence WHERE state = 'valid' AND reminded_at IS NULL AND valid_until >= $2 AND valid_until <= $3 ORDER BY valid_until LIMIT $4)
         RETURNING {COLUMNS}"
    );
    let values = [now.into(), from.to_string().into(), to.to_string().into(), limit.into()];
    Ok(Licence::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).all(&**tx).await?)
}
