use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// Something the applicant was told: a step of their case has begun (到达时通知).
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct NoticeRow {
    /// Identifier.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The applicant.
    pub party_id: Uuid,
    /// The item of the case.
    pub item_name: String,
    /// In words.
    pub text: String,
    /// When.
    pub sent_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, case_id, party_id, item_name, text, sent_at";

/// Writes a notice.
///
/// # Errors
/// When the database fails.
pub async fn insert_notice(tx: &Tx, row: &NoticeRow) -> Result<()> {
    let values = [row.id.into(), row.case_id.into(), row.party_id.into(), row.item_name.clone().into(), row.text.clone().into(), row.sent_at.into()];
    tx.later(Write::new("INSERT INTO case_notice (id, case_id, party_id, item_name, text, sent_at) VALUES ($1, $2, $3, $4, $5, $6)", values)).await
}

/// What the applicant was told about a case, newest first.
///
/// # Errors
/// When the database fails.
pub async fn notices(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<NoticeRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_notice WHERE case_id = $1 ORDER BY sent_at DESC, id DESC");
    Ok(NoticeRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// The newest notices to a party.
///
/// # Errors
/// When the database fails.
pub async fn notices_to(conn: &impl ConnectionTrait, party: Uuid, limit: u64) -> Result<Vec<NoticeRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_notice WHERE party_id = $1 ORDER BY sent_at DESC, id DESC LIMIT $2");
    let values = [party.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Ok(NoticeRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}
