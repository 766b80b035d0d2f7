use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
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
    /// The PDF, once typeset.
    pub file_id: Option<Uuid>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, identifier, type_code, type_name, number, case_id, case_no, item_id, body_id, body_name, region, party_id, \
    holder_is_firm, holder_name, holder_shown, holder_id_type, holder_id, holder_id_index, holder_id_shown, items, issued_on, valid_from, \
    valid_until, state, state_reason, state_at, state_by, version, verify_code, file_id, created_at";

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

/// A party's licences, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_party(conn: &impl ConnectionTrait, party: Uuid, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    page(conn, Condition::all().add(Expr::col(Alias::new("party_id")).eq(party)), after, size).await
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

/// Writes a new licence.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, l: &Licence) -> Result<()> {
    let values: Vec<Value> = vec![
        l.id.into(),
        l.identifier.clone().into(),
        l.type_code.clone().into(),
        l.type_name.clone().into(),
        l.number.clone().into(),
        l.case_id.into(),
        l.case_no.clone().into(),
        l.item_id.into(),
        l.body_id.into(),
        l.body_name.clone().into(),
        l.region.clone().into(),
        l.party_id.into(),
        l.holder_is_firm.into(),
        l.holder_name.clone().into(),
        l.holder_shown.clone().into(),
        l.holder_id_type.clone().into(),
        l.holder_id.clone().into(),
        l.holder_id_index.clone().into(),
        l.holder_id_shown.clone().into(),
        l.items.clone().into(),
        l.issued_on.clone().into(),
        l.valid_from.clone().into(),
        l.valid_until.clone().into(),
        l.state.clone().into(),
        l.state_reason.clone().into(),
        l.state_at.into(),
        l.state_by.clone().into(),
        l.version.into(),
        l.verify_code.clone().into(),
        l.file_id.into(),
        l.created_at.into(),
    ];
    let sql = format!("INSERT INTO licence ({COLUMNS}) VALUES ({})", db::bulk::places(1, values.len()));
    tx.later(Write::new(sql, values).row(l.id)).await
}

/// Takes a valid licence out of force.
///
/// # Errors
/// [`base::Kind::Conflict`] when it changed meanwhile.
pub async fn withdraw(tx: &Tx, id: Uuid, version: i64, state: LicenceState, reason: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE licence SET state = $1, state_reason = $2, state_by = $3, state_at = $4, version = version + 1
             WHERE id = $5 AND version = $6 AND state = 'valid'",
            [state.as_str().into(), reason.into(), by.into(), at.into(), id.into(), version.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}

/// Remembers the typeset PDF; the first one stays. Tells whether this was the first.
///
/// # Errors
/// When the database fails.
pub async fn set_file(tx: &Tx, id: Uuid, file: Uuid) -> Result<bool> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE licence SET file_id = $1 WHERE id = $2 AND file_id IS NULL",
            [file.into(), id.into()],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}
