//! Lists of stock and their rows.

use access::ScopeColumns;
use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// A list of stock as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Import {
    /// Identifier; also the chain of its journal.
    pub id: Uuid,
    /// The type of all its licences.
    pub type_code: String,
    /// Its name.
    pub type_name: String,
    /// The version of the type it was checked by.
    pub type_version: i32,
    /// The body whose licences they are.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its credit code.
    pub body_uscc: String,
    /// Its region.
    pub region: String,
    /// Name of the file.
    pub file_name: String,
    /// Digest of its content: one content is one list.
    pub digest: String,
    /// Its columns, a JSON list.
    pub columns: String,
    /// `checking`, `checked`, `issuing`, `done`, `rejected`
    pub state: String,
    /// Rows in it.
    pub rows_total: i32,
    /// Number of the last row that was checked.
    pub rows_checked: i32,
    /// Rows kept aside.
    pub rows_bad: i32,
    /// Number of the last row that was dealt with after approval.
    pub rows_done: i32,
    /// Licences made.
    pub rows_issued: i32,
    /// Who uploaded it.
    pub uploader_id: Uuid,
    /// By name.
    pub uploader_name: String,
    /// Who approved or rejected it.
    pub decider_name: String,
    /// What they said.
    pub note: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Import {
    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: None }
    }
}

/// A row of a list; `raw` is sealed, `reasons` say why it was kept aside.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ImportRow {
    /// Counts from 1.
    pub number: i32,
    /// The cells, sealed JSON.
    pub raw: Vec<u8>,
    /// Number of the licence, to find it written twice.
    pub key: String,
    /// JSON list of sentences; none when the row is good.
    pub reasons: Option<String>,
}

const COLUMNS: &str = "id, type_code, type_name, type_version, body_id, body_name, body_uscc, region, file_name, digest, columns, state, rows_total, \
    rows_checked, rows_bad, rows_done, rows_issued, uploader_id, uploader_name, decider_name, note, created_at, decided_at";

/// Writes a list.
///
/// # Errors
/// When the database fails, or the content came before.
pub async fn insert_import(tx: &Tx, i: &Import) -> Result<()> {
    let values = [
        i.id.into(),
        i.type_code.clone().into(),
        i.type_name.clone().into(),
        i.type_version.into(),
        i.body_id.into(),
        i.body_name.clone().into(),
        i.body_uscc.clone().into(),
        i.region.clone().into(),
        i.file_name.clone().into(),
        i.digest.clone().into(),
        i.columns.clone().into(),
        i.state.clone().into(),
        i.rows_total.into(),
        0.into(),
        0.into(),
        0.into(),
        0.into(),
        i.uploader_id.into(),
        i.uploader_name.clone().into(),
        "".into(),
        "".into(),
        i.created_at.into(),
        None::<DateTime<Utc>>.into(),
    ];
    let sql = format!("INSERT INTO licence_import ({COLUMNS}) VALUES ({})", db::bulk::places(1, values.len()));
    tx.later(Write::new(sql, values)).await
}

/// Writes the rows of a list.
///
/// # Errors
/// When the database fails.
pub async fn insert_rows(tx: &Tx, import: Uuid, rows: Vec<ImportRow>) -> Result<()> {
    let rows = rows.into_iter().map(|row| vec![import.into(), row.number.into(), row.raw.into(), row.key.into()]).collect();
    db::bulk::insert(&**tx, "licence_import_row", &["import_id", "number", "raw", "key"], rows, false).await?;
    Ok(())
}

async fn one(conn: &impl ConnectionTrait, condition: &str, value: sea_orm::Value) -> Result<Option<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_import WHERE {condition} = $1");
    Ok(Import::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [value])).one(conn).await?)
}

/// A list by its identifier.
///
/// # Errors
/// When the database fails.
pub async fn import(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Import>> {
    one(conn, "id", id.into()).await
}

/// A list by its content.
///
/// # Errors
/// When the database fails.
pub async fn import_of(conn: &impl ConnectionTrait, digest: &str) -> Result<Option<Import>> {
    one(conn, "digest", digest.into()).await
}

/// The columns that say where a list belongs.
pub(crate) fn import_scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: None }
}

/// Lists a condition allows, newest first.
///
/// # Errors
/// When the database fails.
pub async fn imports(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Import>> {
    let turn = Turn::descending(after);
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("licence_import")).cond_where(visible);
    query.order_by(Alias::new("id"), turn.order()).limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("id"), cursor.key::<Uuid>()?.into())]));
    }
    let rows = Import::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Which rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those that are good.
    Good,
    /// Those kept aside.
    Bad,
}

/// Rows after a number, in their order.
///
/// # Errors
/// When the database fails.
pub async fn rows(conn: &impl ConnectionTrait, import: Uuid, which: Which, after: i32, limit: usize) -> Result<Vec<ImportRow>> {
    let filter = match which {
        Which::All => "",
        Which::Good => "AND reasons IS NULL",
        Which::Bad => "AND reasons IS NOT NULL",
    };
    let sql = format!("SELECT number, raw, key, reasons FROM licence_import_row WHERE import_id = $1 AND number > $2 {filter} ORDER BY number LIMIT {limit}");
    Ok(ImportRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [import.into(), after.into()])).all(conn).await?)
}

/// Which of these numbers stand in a row above.
///
/// # Errors
/// When the database fails.
pub async fn above(conn: &impl ConnectionTrait, import: Uuid, below: i32, keys: &[String]) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Key {
        key: String,
    }
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut query = Query::select();
    query.column(Alias::new("key")).from(Alias::new("licence_import_row"));
    query.and_where(column("import_id").eq(import)).and_where(column("number").lt(below)).and_where(column("key").is_in(keys.to_vec()));
    let rows = Key::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// Keeps a row aside.
///
/// # Errors
/// When the database fails.
pub async fn keep_aside(tx: &Tx, import: Uuid, number: i32, reasons: &[String]) -> Result<()> {
    let sql = "UPDATE licence_import_row SET reasons = $1 WHERE import_id = $2 AND number = $3";
    // Its own identifier for the batch of writes: rows of a list have none.
    let row = Uuid::from_u128(import.as_u128() ^ u128::from(number.unsigned_abs()));
    tx.later(Write::new(sql, [serde_json::to_string(reasons)?.into(), import.into(), number.into()]).row(row)).await
}

/// How far a list has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// State from here on.
    pub state: &'static str,
    /// Where it stood before: whoever else moved it on wins.
    pub from: (i32, i32),
    /// Rows checked and dealt with.
    pub to: (i32, i32),
    /// Further rows kept aside.
    pub bad: i32,
    /// Further licences made.
    pub issued: i32,
}

/// Moves a list on.
///
/// # Errors
/// [`base::Kind::Conflict`] when another copy of the program moved it on meanwhile.
pub async fn move_on(tx: &Tx, import: Uuid, p: Progress) -> Result<()> {
    let sql = "UPDATE licence_import SET state = $1, rows_checked = $2, rows_done = $3, rows_bad = rows_bad + $4, rows_issued = rows_issued + $5
               WHERE id = $6 AND rows_checked = $7 AND rows_done = $8";
    let values = [p.state.into(), p.to.0.into(), p.to.1.into(), p.bad.into(), p.issued.into(), import.into(), p.from.0.into(), p.from.1.into()];
    tx.later(Write::new(sql, values).once()).await
}

/// Decides about a checked list.
///
/// # Errors
/// [`base::Kind::Conflict`] when it was decided already.
pub async fn decide_import(tx: &Tx, import: Uuid, state: &'static str, by: &str, note: &str, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE licence_import SET state = $1, decider_name = $2, note = $3, decided_at = $4 WHERE id = $5 AND state = 'checked'";
    tx.later(Write::new(sql, [state.into(), by.into(), note.into(), at.into(), import.into()]).once()).await
}
