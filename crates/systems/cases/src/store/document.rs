use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// An official document of a case. Its content is fixed when it is made; `seals` keeps the sealed files under its identifier.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct DocumentRow {
    /// Identifier.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Which document, e.g. `acceptance`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// 文号
    pub number: String,
    /// Sealed JSON of everything printed on it.
    pub data: Vec<u8>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, case_id, kind, title, number, data, made_at";

/// The documents of a case, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn documents(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<DocumentRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_document WHERE case_id = $1 ORDER BY made_at, id");
    Ok(DocumentRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// One document.
///
/// # Errors
/// When the database fails.
pub async fn document(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<DocumentRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_document WHERE id = $1");
    Ok(DocumentRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// Writes a document.
///
/// # Errors
/// When the database fails.
pub async fn insert_document(tx: &Tx, d: &DocumentRow) -> Result<()> {
    tx.later(Write::new(
        format!("INSERT INTO case_document ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        [
            d.id.into(),
            d.case_id.into(),
            d.kind.clone().into(),
            d.title.clone().into(),
            d.number.clone().into(),
            d.data.clone().into(),
            d.made_at.into(),
        ],
    ))
    .await
}

/// Which of these identifiers are documents of cases.
///
/// # Errors
/// When the database fails.
pub async fn documents_among(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id FROM case_document WHERE id IN ({})", db::bulk::places(1, ids.len()));
    let values: Vec<sea_orm::Value> = ids.iter().map(|id| (*id).into()).collect();
    let rows = conn.query_all_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
