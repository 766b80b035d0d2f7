//! What happened to an instance, step by step, for people to look at: one row for each command, written with it.

use base::{Result, new_id};
use bpmn::{Cause, Effect, Visit};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::By;

/// What happened to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A token came.
    Entered,
    /// It did its work.
    Completed,
    /// It was left without completing.
    Cancelled,
    /// It was left because somebody moved the work elsewhere (退回).
    Moved,
    /// A flow was taken; the element is the flow.
    Taken,
    /// It was undone.
    Compensated,
    /// It could not go on.
    Incident,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// What.
    #[serde(rename = "e")]
    pub event: Event,
    /// Id of the process.
    #[serde(rename = "p", default, skip_serializing_if = "String::is_empty")]
    pub process: String,
    /// Id of the element or flow.
    #[serde(rename = "i")]
    pub element: String,
    /// The visit.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
}

/// One command and what followed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// Who brought it.
    pub who: String,
    /// What happened, in order.
    pub happened: Vec<Happened>,
}

/// Collects what happens in a transaction.
#[derive(Debug, Default)]
pub(crate) struct Trace(Vec<Happened>);

impl Trace {
    pub(crate) fn note(&mut self, effect: &Effect) {
        let visit = |event, at: &Visit| Happened { event, process: at.process.clone(), element: at.element.clone(), token: Some(at.token) };
        let happened = match effect {
            Effect::ElementEntered { at } => visit(Event::Entered, at),
            Effect::ElementCompleted { at } => visit(Event::Completed, at),
            Effect::ElementCancelled { at, cause: Cause::Moved { .. } } => visit(Event::Moved, at),
            Effect::ElementCancelled { at, .. } => visit(Event::Cancelled, at),
            Effect::Incident { at, .. } => visit(Event::Incident, at),
            Effect::FlowTaken { process, flow } => Happened { event: Event::Taken, process: process.clone(), element: flow.clone(), token: None },
            Effect::Compensated { process, element } => Happened { event: Event::Compensated, process: process.clone(), element: element.clone(), token: None },
            _ => return,
        };
        self.0.push(happened);
    }

    pub(crate) async fn write(&mut self, tx: &Tx, instance: Uuid, by: By<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let happened = serde_json::to_string(&std::mem::take(&mut self.0))?;
        tx.later(Write::new(
            "INSERT INTO flow_step (id, instance_id, at, who, happened) VALUES ($1, $2, $3, $4, $5)",
            [new_id().into(), instance.into(), by.now.into(), by.actor.name().into(), happened.into()],
        ))
        .await
    }
}

/// All steps of an instance, in order.
///
/// # Errors
/// When the database fails.
pub async fn steps(conn: &impl ConnectionTrait, instance: Uuid) -> Result<Vec<Step>> {
    #[derive(FromQueryResult)]
    struct Row {
        at: DateTime<Utc>,
        who: String,
        happened: String,
    }
    let sql = "SELECT at, who, happened FROM flow_step WHERE instance_id = $1 ORDER BY id";
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [instance.into()])).all(conn).await?;
    rows.into_iter().map(|r| Ok(Step { at: r.at, who: r.who, happened: serde_json::from_str(&r.happened)? })).collect()
}
