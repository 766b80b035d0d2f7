use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// A document as it went out: sealed as PDF and OFD, or unsealed with the reason.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Paper {
    /// Identifier; whoever ordered it knows the record by the same one.
    pub id: Uuid,
    /// [`crate::model::Purpose`]
    pub purpose: String,
    /// The issuing body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// The PDF's file record.
    pub pdf_file: Option<Uuid>,
    /// The OFD's file record.
    pub ofd_file: Option<Uuid>,
    /// SM3 digest of the PDF.
    pub pdf_digest: Option<String>,
    /// SM3 digest of the OFD.
    pub ofd_digest: Option<String>,
    /// The seal under it.
    pub seal_id: Option<Uuid>,
    /// Why there is none.
    pub unsealed: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, purpose, body_id, body_name, region, case_id, title, number, pdf_file, ofd_file, pdf_digest, ofd_digest, seal_id, unsealed, made_at";

/// One paper.
///
/// # Errors
/// When the database fails.
pub async fn paper(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM paper WHERE id = $1");
    Ok(Paper::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The paper whose PDF or OFD has this digest.
///
/// # Errors
/// When the database fails.
pub async fn paper_by_digest(conn: &impl ConnectionTrait, digest: &str) -> Result<Option<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM paper WHERE pdf_digest = $1 OR ofd_digest = $1 LIMIT 1");
    Ok(Paper::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [digest.into()])).one(conn).await?)
}

/// Keeps a paper. One that is sealed already stays; whether this one was kept.
///
/// # Errors
/// When the database fails.
pub async fn save_paper(tx: &Tx, paper: &Paper) -> Result<bool> {
    let p = paper.clone();
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            format!(
                "INSERT INTO paper ({COLUMNS}) VALUES ({})
                 ON CONFLICT (id) DO UPDATE SET pdf_file = excluded.pdf_file, ofd_file = excluded.ofd_file, pdf_digest = excluded.pdf_digest,
                   ofd_digest = excluded.ofd_digest, seal_id = excluded.seal_id, unsealed = excluded.unsealed, made_at = excluded.made_at
                 WHERE paper.seal_id IS NULL AND excluded.seal_id IS NOT NULL",
                db::bulk::places(1, 15)
            ),
            [
                p.id.into(),
                p.purpose.into(),
                p.body_id.into(),
                p.body_name.into(),
                p.region.into(),
                p.case_id.into(),
                p.title.into(),
                p.number.into(),
                p.pdf_file.into(),
                p.ofd_file.into(),
                p.pdf_digest.into(),
                p.ofd_digest.into(),
                p.seal_id.into(),
                p.unsealed.into(),
                p.made_at.into(),
            ],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The papers a condition allows that went out without a seal, newest first.
///
/// # Errors
/// When the database fails.
pub async fn unsealed(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<Paper>> {
    let turn = Turn::descending(after);
    let mut query = Query::select();
    query
        .expr(Expr::cust(COLUMNS))
        .from(Alias::new("paper"))
        .cond_where(visible)
        .and_where(Expr::col(Alias::new("unsealed")).is_not_null())
        .order_by(Alias::new("id"), turn.order())
        .limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("id"), cursor.key::<Uuid>()?.into())]));
    }
    let rows = Paper::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Most papers that are sealed later in one go.
const MOST_WAITING: i64 = 500;

/// The papers of a body that went out without a seal, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM paper WHERE body_id = $1 AND unsealed IS NOT NULL ORDER BY id LIMIT $2";
    let rows = conn.query_all_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, [body.into(), MOST_WAITING.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
