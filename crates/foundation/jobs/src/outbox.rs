use std::sync::Arc;

use base::Result;
use chrono::{DateTime, Utc};
use db::{Db, Engine, Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde::Serialize;
use serde_json::Value;

use crate::runner::Handler;
use crate::store::{NewJob, enqueue_all};

/// Something that happened, as told to other systems.
pub trait Event: Serialize {
    /// Stable name `system.happened`, e.g. `cases.accepted`.
    fn topic(&self) -> &'static str;
}

/// Who wants to know of a topic. The handler's job has the event as its payload.
#[derive(Clone)]
pub struct Subscription {
    /// Stable name of the subscriber, e.g. `reviews.invite`.
    pub name: &'static str,
    /// The topics it listens to; one ending in `.*` listens to a whole system.
    pub topics: &'static [&'static str],
    /// What it does.
    pub handler: Arc<dyn Handler>,
}

impl Subscription {
    pub(crate) fn wants(&self, topic: &str) -> bool {
        self.topics.iter().any(|t| match t.strip_suffix('*') {
            Some(prefix) => topic.starts_with(prefix),
            None => *t == topic,
        })
    }

    pub(crate) fn job_kind(&self) -> String {
        format!("event:{}", self.name)
    }
}

/// Writes an event to the outbox in the caller's transaction.
///
/// # Errors
/// When the database fails.
pub async fn emit<E: Event>(tx: &Tx, event: &E, at: DateTime<Utc>) -> Result<()> {
    tx.later(Write::new(
        "INSERT INTO outbox (topic, payload, at) VALUES ($1, $2, $3)",
        [event.topic().into(), serde_json::to_string(event)?.into(), at.into()],
    ))
    .await
}

#[derive(FromQueryResult)]
struct Waiting {
    id: i64,
    topic: String,
    payload: String,
}

/// Turns waiting events into jobs, in their order; returns how many there were.
pub(crate) async fn dispatch(database: &Db, subscriptions: &[Subscription], now: DateTime<Utc>) -> Result<usize> {
    let backend = database.read().get_database_backend();
    let any = database
        .read()
        .query_one_raw(Statement::from_string(backend, "SELECT 1 FROM outbox WHERE dispatched_at IS NULL LIMIT 1"))
        .await?;
    if any.is_none() {
        return Ok(0);
    }
    let skip = if database.engine() == Engine::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let tx = database.begin().await?;
    let rows = Waiting::find_by_statement(Statement::from_string(
        backend,
        format!("SELECT id, topic, payload FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT 200 {skip}"),
    ))
    .all(&*tx)
    .await?;
    let mut jobs = Vec::new();
    for row in &rows {
        for subscription in subscriptions.iter().filter(|s| s.wants(&row.topic)) {
            let event: Value = serde_json::from_str(&row.payload)?;
            let payload = serde_json::json!({ "topic": row.topic, "event": event });
            jobs.push(NewJob::now(subscription.job_kind(), payload, now).keyed(row.id.to_string()));
        }
    }
    enqueue_all(&tx, jobs, now).await?;
    let mut values: Vec<sea_orm::Value> = vec![now.into()];
    values.extend(rows.iter().map(|row| row.id.into()));
    let sql = format!("UPDATE outbox SET dispatched_at = $1 WHERE id IN ({})", db::bulk::places(2, rows.len()));
    if !rows.is_empty() {
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
    tx.commit().await?;
    Ok(rows.len())
}
