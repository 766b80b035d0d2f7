//! What cannot go on by itself, for an operator to see, retry or resolve.

use access::Actor;
use base::{Error, Result, new_id};
use bpmn::{Command, Visit};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Engine;
use crate::effects::signed;
use crate::engine::{By, Running};

/// Something that waits for an operator.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Incident {
    /// Identifier.
    pub id: Uuid,
    /// The instance.
    pub instance_id: Uuid,
    /// Its token.
    pub token: i64,
    /// The record it is about.
    pub business: Uuid,
    /// One line about that record.
    pub title: String,
    /// The element.
    pub element: String,
    /// Machine code.
    pub kind: String,
    /// What is wrong.
    pub reason: String,
    /// Since when.
    pub opened_at: DateTime<Utc>,
}

/// How an operator resolves an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// Try again.
    Retry,
    /// Try again with these variables.
    RetryWith(Map<String, Value>),
    /// The service task's work was done by other means; these are its results.
    Done(Map<String, Value>),
    /// Go on elsewhere.
    MoveTo(String),
}

const COLUMNS: &str = "id, instance_id, token, business, title, element, kind, reason, opened_at";

/// Open incidents, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open_incidents(conn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Incident>> {
    let sql = format!("SELECT {COLUMNS} FROM flow_incident WHERE closed_at IS NULL ORDER BY opened_at, id LIMIT $1");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(Incident::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [limit.into()])).all(conn).await?)
}

pub(crate) async fn open(tx: &Tx, running: &Running, at: &Visit, incident: &bpmn::Incident, now: DateTime<Utc>) -> Result<()> {
    let kind = serde_json::to_value(incident.kind)?.as_str().unwrap_or_default().to_owned();
    tx.later(Write::new(
        "INSERT INTO flow_incident (id, instance_id, token, business, title, element, kind, reason, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            new_id().into(),
            running.row.id.into(),
            signed(at.token).into(),
            running.subject.business.into(),
            running.subject.title.clone().into(),
            at.element.clone().into(),
            kind.into(),
            incident.reason.clone().into(),
            now.into(),
        ],
    ))
    .await
}

pub(crate) async fn close(tx: &Tx, instance: Uuid, token: u64, by: By<'_>) -> Result<()> {
    tx.later(Write::new(
        "UPDATE flow_incident SET closed_at = $1, closed_by = $2 WHERE instance_id = $3 AND token = $4 AND closed_at IS NULL",
        [by.now.into(), by.actor.name().into(), instance.into(), signed(token).into()],
    ))
    .await
}

impl Engine {
    /// Resolves an incident. The caller has checked that the actor is an operator, and journals it.
    ///
    /// # Errors
    /// When it is resolved already, or cannot be resolved so.
    pub async fn resolve(&self, tx: &Tx, incident: Uuid, resolution: Resolution, actor: &Actor, now: DateTime<Utc>) -> Result<()> {
        let sql = format!("SELECT {COLUMNS} FROM flow_incident WHERE id = $1 AND closed_at IS NULL");
        let found = Incident::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, [incident.into()])).one(&**tx).await?;
        let found = found.ok_or_else(|| Error::conflict("flow.incident_gone", "该异常已经处理，请刷新页面。"))?;
        let token = u64::try_from(found.token).unwrap_or_default();
        let by = By { actor, now };
        let mut running = self.load(tx, found.instance_id).await?;
        let command = match resolution {
            Resolution::Retry => Command::Retry { token },
            Resolution::RetryWith(variables) => {
                self.advance(tx, &mut running, Command::SetVariables { variables }, by).await?;
                Command::Retry { token }
            }
            Resolution::Done(variables) => Command::ServiceDone { token, variables },
            Resolution::MoveTo(to) => Command::MoveToken { token, to },
        };
        self.advance(tx, &mut running, command, by).await
    }
}
