use access::Actor;
use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// One use of a seal, or an attempt that was refused: who, which document, which case (M-PLAT-03.05).
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Usage {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Kind of document.
    pub purpose: String,
    /// The document.
    pub paper_id: Uuid,
    /// Its case.
    pub case_id: Option<Uuid>,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// SM3 digest of the PDF.
    pub pdf_digest: Option<String>,
    /// SM3 digest of the OFD.
    pub ofd_digest: Option<String>,
    /// Who, by name.
    pub actor_name: String,
    /// Why it was refused; none when it was done.
    pub refused: Option<String>,
}

/// Records a use.
///
/// # Errors
/// When the database fails.
pub async fn log(tx: &Tx, seal: Uuid, actor: &Actor, usage: &Usage) -> Result<()> {
    let u = usage.clone();
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO seal_use (id, seal_id, at, purpose, paper_id, case_id, title, number, pdf_digest, ofd_digest, actor_kind, actor_id, actor_name, refused)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        [
            u.id.into(),
            seal.into(),
            u.at.into(),
            u.purpose.into(),
            u.paper_id.into(),
            u.case_id.into(),
            u.title.into(),
            u.number.into(),
            u.pdf_digest.into(),
            u.ofd_digest.into(),
            actor.kind().into(),
            actor.id().into(),
            u.actor_name.into(),
            u.refused.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// The uses of a seal, newest first.
///
/// # Errors
/// When the database fails.
pub async fn uses(conn: &impl ConnectionTrait, seal: Uuid, after: Option<&Cursor>, size: usize) -> Result<Page<Usage>> {
    let turn = Turn::descending(after);
    let mut values: Vec<Value> = vec![seal.into(), i64::try_from(size + 1).unwrap_or(i64::MAX).into()];
    let beyond = match after {
        Some(cursor) => {
            values.push(cursor.key::<Uuid>()?.into());
            format!("AND id {} $3", turn.beyond_sql())
        }
        None => String::new(),
    };
    let sql = format!(
        "SELECT id, at, purpose, paper_id, case_id, title, number, pdf_digest, ofd_digest, actor_name, refused
         FROM seal_use WHERE seal_id = $1 {beyond} ORDER BY id {} LIMIT $2",
        turn.sql()
    );
    let rows = Usage::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}
