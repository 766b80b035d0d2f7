use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// What a process wrote to the applicant.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct MessageRow {
    /// Identifier.
    pub id: Uuid,
    /// The case it is about.
    pub case_id: Uuid,
    /// To whom.
    pub party_id: Uuid,
    /// Name of the item.
    pub item_name: String,
    /// What it says.
    pub text: String,
    /// When.
    pub sent_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, case_id, party_id, item_name, text, sent_at";

/// Writes a message.
///
/// # Errors
/// When the database fails.
pub async fn insert_message(tx: &Tx, m: &MessageRow) -> Result<()> {
    let sql = format!("INSERT INTO case_message ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
    tx.later(Write::new(sql, [m.id.into(), m.case_id.into(), m.party_id.into(), m.item_name.as_str().into(), m.text.as_str().into(), m.sent_at.into()])).await
}

/// The messages about a case, newest first.
///
/// # Errors
/// When the database fails.
pub async fn messages(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<MessageRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_message WHERE case_id = $1 ORDER BY sent_at DESC, id DESC LIMIT 50");
    Ok(MessageRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// The newest messages to a party.
///
/// # Errors
/// When the database fails.
pub async fn messages_to(conn: &impl ConnectionTrait, party: Uuid, most: u64) -> Result<Vec<MessageRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_message WHERE party_id = $1 ORDER BY sent_at DESC, id DESC LIMIT {most}");
    Ok(MessageRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [party.into()])).all(conn).await?)
}
