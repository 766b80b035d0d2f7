//! People are told without having to act: copies (抄送) and reminders (催办).

use access::Actor;
use base::{Error, Result, new_id};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::{Colleague, in_hand};
use crate::Engine;
use crate::signing::MAX_SEATS;
use crate::store::Task;

/// Something shown to a member of staff who need not act.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Copy {
    /// Identifier.
    pub id: Uuid,
    /// The record.
    pub business: Uuid,
    /// One line about it.
    pub title: String,
    /// The step it was sent from.
    pub step: String,
    /// What was written with it.
    pub note: Option<String>,
    /// By whom.
    pub sent_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// When it was first looked at.
    pub read_at: Option<DateTime<Utc>>,
}

impl Engine {
    /// Shows the record to colleagues who need not act (抄送).
    ///
    /// # Errors
    /// When the actor may not do the task.
    pub async fn copy_to(&self, tx: &Tx, actor: &Actor, task: &Task, to: &[Colleague<'_>], note: Option<&str>, now: DateTime<Utc>) -> Result<()> {
        let actor = in_hand(actor, task)?;
        send_copies(tx, task, to, note, actor.name(), now).await
    }

    /// Asks whoever has the task to hurry (催办); at most once an hour. The caller has checked that the actor may, and tells
    /// the person.
    ///
    /// # Errors
    /// When it is done, or was urged within the hour.
    pub async fn urge(&self, tx: &Tx, task: &Task, now: DateTime<Utc>) -> Result<()> {
        let since = now - chrono::Duration::hours(1);
        let sql = "UPDATE flow_task SET urged_at = $1 WHERE id = $2 AND state = 'open' AND (urged_at IS NULL OR urged_at < $3)";
        let urged = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), task.id.into(), since.into()])).await?;
        if urged.rows_affected() == 0 {
            return Err(Error::conflict("flow.urged", "这项待办已经办结，或一小时内已经催办过。"));
        }
        Ok(())
    }
}

/// Tells colleagues of a task, each once.
///
/// # Errors
/// When the database fails.
pub async fn send_copies(tx: &Tx, task: &Task, to: &[Colleague<'_>], note: Option<&str>, by: &str, now: DateTime<Utc>) -> Result<()> {
    for (staff, _) in to.iter().take(MAX_SEATS) {
        tx.later(Write::new(
            "INSERT INTO flow_copy (id, business, staff_id, title, step, note, sent_by, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                new_id().into(),
                task.business.into(),
                (*staff).into(),
                task.title.clone().into(),
                task.name.clone().into(),
                note.map(str::to_owned).into(),
                by.into(),
                now.into(),
            ],
        ))
        .await?;
    }
    Ok(())
}

/// Marks everything that was sent to a member of staff until now as looked at.
///
/// # Errors
/// When the database fails.
pub async fn read_copies(tx: &Tx, staff: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.later(Write::new("UPDATE flow_copy SET read_at = $1 WHERE staff_id = $2 AND read_at IS NULL", [now.into(), staff.into()])).await
}

/// Whether a member of staff was shown a record.
///
/// # Errors
/// When the database fails.
pub async fn shown_to(conn: &impl ConnectionTrait, business: Uuid, staff: Uuid) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM flow_copy WHERE staff_id = $1 AND business = $2 LIMIT 1";
    let values = [staff.into(), business.into()];
    Ok(conn.query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?.is_some())
}

/// The newest copies sent to a member of staff.
///
/// # Errors
/// When the database fails.
pub async fn copies(conn: &impl ConnectionTrait, staff: Uuid, limit: u64) -> Result<Vec<Copy>> {
    let sql = "SELECT id, business, title, step, note, sent_by, sent_at, read_at FROM flow_copy WHERE staff_id = $1 ORDER BY sent_at DESC, id DESC LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(Copy::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [staff.into(), limit.into()])).all(conn).await?)
}
