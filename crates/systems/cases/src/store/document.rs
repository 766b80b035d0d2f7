use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// An official document of a case. Its content is fixed when it is made; the PDF is typeset from it when first wanted.
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
    /// The PDF, once typeset.
    pub file_id: Option<Uuid>,
}

const COLUMNS: &str = "id, case_id, kind, title, number, data, made_at, file_id";

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
        format!("INSERT INTO case_document ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        [
            d.id.into(),
            d.case_id.into(),
            d.kind.clone().into(),
            d.title.clone().into(),
            d.number.clone().into(),
            d.data.clone().into(),
            d.made_at.into(),
            d.file_id.into(),
        ],
    ))
    .await
}

/// Remembers the typeset PDF; the first one stays.
///
/// # Errors
/// When the database fails.
pub async fn set_document_file(tx: &Tx, id: Uuid, file: Uuid) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE case_document SET file_id = $1 WHERE id = $2 AND file_id IS NULL",
        [file.into(), id.into()],
    ))
    .await?;
    Ok(())
}
