//! Batches of imported lists and the rows kept aside.

use base::{Error, Result, new_id};
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::bulk;

/// One imported file.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct BatchRow {
    /// Identifier.
    pub id: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// Who imported it first.
    pub imported_by: String,
    /// Rows of data in it.
    pub rows_total: i32,
    /// When it was imported first.
    pub imported_at: DateTime<Utc>,
}

/// A row kept aside; `raw` and `reasons` are JSON lists of texts.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct QuarantineRow {
    /// Number as a spreadsheet shows it.
    pub row_number: i32,
    /// The cells as they came.
    pub raw: String,
    /// Why it was kept aside, one sentence each.
    pub reasons: String,
}

/// The batch of a file: the one that is there already when the same content comes again.
pub(crate) async fn open_batch(tx: &Tx, digest: &str, file_name: &str, by: &str, total: i32, now: DateTime<Utc>) -> Result<Uuid> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let row = vec![new_id().into(), digest.into(), file_name.into(), by.into(), total.into(), now.into()];
    bulk::insert(&**tx, "import_batch", &["id", "digest", "file_name", "imported_by", "rows_total", "imported_at"], vec![row], true).await?;
    let found = Id::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "SELECT id FROM import_batch WHERE digest = $1",
        [digest.into()],
    ))
    .one(&**tx)
    .await?;
    found.map(|row| row.id).ok_or_else(|| Error::internal("an import batch vanished"))
}

/// Keeps rows aside: (row number, cells, reasons).
pub(crate) async fn quarantine(conn: &impl ConnectionTrait, batch: Uuid, rows: &[(i32, Vec<String>, Vec<String>)]) -> Result<()> {
    let rows = rows
        .iter()
        .map(|(number, raw, reasons)| Ok(vec![batch.into(), (*number).into(), serde_json::to_string(raw)?.into(), serde_json::to_string(reasons)?.into()]))
        .collect::<Result<Vec<_>>>()?;
    bulk::insert(conn, "import_quarantine", &["batch", "row_number", "raw", "reasons"], rows, true).await?;
    Ok(())
}

/// A batch by its identifier.
pub async fn batch(conn: &impl ConnectionTrait, id: Uuid) -> Result<BatchRow> {
    BatchRow::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT id, file_name, imported_by, rows_total, imported_at FROM import_batch WHERE id = $1",
        [id.into()],
    ))
    .one(conn)
    .await?
    .ok_or_else(|| Error::not_found("没有找到这次导入，请从导入页面重新进入。"))
}

/// Rows kept aside of a batch, from a row number on.
pub async fn quarantined(conn: &impl ConnectionTrait, batch: Uuid, after: i32, limit: usize) -> Result<Vec<QuarantineRow>> {
    let sql = format!("SELECT row_number, raw, reasons FROM import_quarantine WHERE batch = $1 AND row_number > $2 ORDER BY row_number LIMIT {limit}");
    Ok(QuarantineRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, vec![batch.into(), after.into()])).all(conn).await?)
}
