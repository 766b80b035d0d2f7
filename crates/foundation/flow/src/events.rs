//! Messages and signals between processes, and from outside.
//!
//! A message is stored and delivered by a job: to the one instance that waits for it, exactly once, also when it came before
//! anybody waited. A signal is heard by every instance that listens when it is called out.

use access::Actor;
use base::{Result, new_id};
use bpmn::Command;
use chrono::{DateTime, Duration, Utc};
use db::{Tx, Write};
use jobs::NewJob;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::effects::{forget, waiting_for};
use crate::engine::{By, Running};
use crate::{Engine, work};

/// How long a message nobody waits for is kept.
const KEPT: Duration = Duration::days(30);

/// Sends a message to whichever process waits for it.
///
/// # Errors
/// When the database fails.
pub async fn post(tx: &Tx, name: &str, correlation: Option<&str>, variables: &Map<String, Value>, now: DateTime<Utc>) -> Result<()> {
    tx.later(Write::new(
        "INSERT INTO flow_message (id, name, correlation, variables, thrown_at) VALUES ($1, $2, $3, $4, $5)",
        [new_id().into(), name.into(), correlation.map(str::to_owned).into(), serde_json::to_string(variables)?.into(), now.into()],
    ))
    .await?;
    work::deliver_soon(tx, name, now).await
}

/// Calls a signal out to all processes that listen, but `except`, which has heard it.
///
/// # Errors
/// When the database fails.
pub async fn call_out(tx: &Tx, name: &str, variables: &Map<String, Value>, except: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Listener {
        instance_id: Uuid,
    }
    let sql = "SELECT DISTINCT instance_id FROM flow_subscription WHERE kind = 'signal' AND name = $1";
    let listeners = Listener::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into()])).all(&**tx).await?;
    for listener in listeners.into_iter().filter(|l| Some(l.instance_id) != except) {
        let payload = json!({ "instance": listener.instance_id, "signal": name, "variables": variables });
        jobs::enqueue(tx, NewJob::now(work::SIGNAL, payload, now), now).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Message {
    id: Uuid,
    correlation: Option<String>,
    variables: String,
}

impl Engine {
    /// Gives the kept messages of this name to who waits for them.
    pub(crate) async fn deliver(&self, tx: &Tx, name: &str, now: DateTime<Utc>) -> Result<()> {
        let actor = Actor::System("流程");
        let backend = tx.get_database_backend();
        tx.execute_raw(Statement::from_sql_and_values(backend, "DELETE FROM flow_message WHERE name = $1 AND thrown_at < $2", [name.into(), (now - KEPT).into()]))
            .await?;
        let sql = "SELECT id, correlation, variables FROM flow_message WHERE name = $1 ORDER BY thrown_at, id LIMIT 100";
        let messages = Message::find_by_statement(Statement::from_sql_and_values(backend, sql, [name.into()])).all(&**tx).await?;
        for message in messages {
            let Some(waiting) = waiting_for(tx, name, message.correlation.as_deref()).await? else {
                continue;
            };
            let mut running = self.load(tx, waiting.instance_id).await?;
            let subscription = u64::try_from(waiting.subscription).unwrap_or_default();
            let waits = |running: &Running| running.instance.subscription(subscription).is_some_and(|s| !s.happened);
            if waits(&running) {
                tx.execute_raw(Statement::from_sql_and_values(backend, "DELETE FROM flow_message WHERE id = $1", [message.id.into()])).await?;
                let variables = serde_json::from_str(&message.variables)?;
                self.advance(tx, &mut running, Command::Trigger { subscription, variables }, By { actor: &actor, now }).await?;
            }
            // A wait that does not interrupt listens on; any other is over.
            if !waits(&running) {
                forget(tx, waiting.instance_id, subscription).await?;
            }
        }
        Ok(())
    }
}
