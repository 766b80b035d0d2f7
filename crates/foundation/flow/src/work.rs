//! What the host does by jobs: timers, queued service calls, messages and signals. Each takes effect exactly once, because
//! its effect and the end of its job are one transaction; a job that comes twice finds its token or subscription gone.

use std::sync::Arc;

use access::Actor;
use async_trait::async_trait;
use base::{Error, Result, SharedClock};
use bpmn::{Command, Visit};
use chrono::{DateTime, Utc};
use db::{Db, Tx};
use jobs::{Handler, Job, NewJob};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::effects::{answered, call, forget};
use crate::engine::By;
use crate::topics::Topic;
use crate::{Engine, JOB_KINDS};

pub(crate) const TIMER: &str = "flow.timer";
pub(crate) const SERVICE: &str = "flow.service";
pub(crate) const MESSAGE: &str = "flow.message";
pub(crate) const SIGNAL: &str = "flow.signal";

/// Lets the messages of a name be delivered once the caller has committed.
pub(crate) async fn deliver_soon(tx: &Tx, name: &str, now: DateTime<Utc>) -> Result<()> {
    jobs::enqueue(tx, NewJob::now(MESSAGE, json!({ "message": name }), now), now).await
}

#[derive(Deserialize)]
struct Timer {
    instance: Uuid,
    subscription: u64,
}

#[derive(Deserialize)]
struct Service {
    instance: Uuid,
    token: u64,
    process: String,
    element: String,
    topic: String,
}

#[derive(Deserialize)]
struct Message {
    message: String,
}

#[derive(Deserialize)]
struct Signal {
    instance: Uuid,
    signal: String,
    #[serde(default)]
    variables: Map<String, Value>,
}

struct FlowJob {
    engine: Arc<Engine>,
    db: Db,
    clock: SharedClock,
}

impl Engine {
    /// Handlers of this room's jobs.
    pub fn jobs(self: &Arc<Self>, db: &Db, clock: &SharedClock) -> Vec<(&'static str, Arc<dyn Handler>)> {
        let handler = |kind| -> (&'static str, Arc<dyn Handler>) { (kind, Arc::new(FlowJob { engine: self.clone(), db: db.clone(), clock: clock.clone() })) };
        JOB_KINDS.into_iter().map(handler).collect()
    }
}

#[async_trait]
impl Handler for FlowJob {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload = job.payload.clone();
        match job.kind.as_str() {
            TIMER => self.timer(serde_json::from_value(payload)?).await,
            SERVICE => self.service(job, serde_json::from_value(payload)?).await,
            MESSAGE => {
                let Message { message } = serde_json::from_value(payload)?;
                let tx = self.db.begin().await?;
                self.engine.deliver(&tx, &message, self.clock.now()).await?;
                tx.commit().await
            }
            SIGNAL => self.signal(serde_json::from_value(payload)?).await,
            other => Err(Error::internal(format!("no flow job {other}"))),
        }
    }
}

impl FlowJob {
    async fn timer(&self, timer: Timer) -> Result<()> {
        let (now, actor) = (self.clock.now(), Actor::System("流程"));
        let tx = self.db.begin().await?;
        let mut running = self.engine.load(&tx, timer.instance).await?;
        // Fired, moved or ended before: the job came twice, and the first time was enough.
        let waits = running.instance.subscription(timer.subscription).is_some_and(|s| !s.happened);
        if !waits || running.row.suspended_at.is_some() {
            return Ok(()); // a suspended process sets its timers anew when it is resumed
        }
        forget(&tx, timer.instance, timer.subscription).await?; // unless it is set once more
        let command = Command::Trigger { subscription: timer.subscription, variables: Map::new() };
        self.engine.advance(&tx, &mut running, command, By { actor: &actor, now }).await?;
        tx.commit().await
    }

    async fn service(&self, job: &Job, service: Service) -> Result<()> {
        let (now, actor) = (self.clock.now(), Actor::System("流程"));
        let token = service.token;
        let mut tx = self.db.begin().await?;
        let mut running = self.engine.load(&tx, service.instance).await?;
        if running.instance.token(token).is_none() {
            return Ok(());
        }
        let Some(Topic::Queued(handler)) = self.engine.topic(&service.topic) else {
            return Err(Error::internal(format!("no handler for topic {}", service.topic)));
        };
        let at = Visit { token, process: service.process, element: service.element };
        let call = call(&running, &at, service.topic, &actor, now);
        let answer = handler.handle(&tx, &call).await;
        let command = match answered(&running, token, answer) {
            Ok(command) => {
                if matches!(command, Command::ThrowError { .. }) {
                    // What the failed call wrote goes; only the failure itself is kept.
                    drop(tx);
                    tx = self.db.begin().await?;
                    running = self.engine.load(&tx, service.instance).await?;
                    if running.instance.token(token).is_none() {
                        return Ok(());
                    }
                }
                command
            }
            Err(error) if job.attempts >= job.max_attempts => {
                drop(tx);
                tx = self.db.begin().await?;
                running = self.engine.load(&tx, service.instance).await?;
                if running.instance.token(token).is_none() {
                    return Ok(());
                }
                Command::ServiceFailed { token, error: error.to_string() }
            }
            Err(error) => return Err(error),
        };
        self.engine.advance(&tx, &mut running, command, By { actor: &actor, now }).await?;
        tx.commit().await
    }

    async fn signal(&self, signal: Signal) -> Result<()> {
        let (now, actor) = (self.clock.now(), Actor::System("流程"));
        let tx = self.db.begin().await?;
        let mut running = self.engine.load(&tx, signal.instance).await?;
        if running.instance.ended() {
            return Ok(());
        }
        let command = Command::Signal { name: signal.signal, variables: signal.variables };
        self.engine.advance(&tx, &mut running, command, By { actor: &actor, now }).await?;
        tx.commit().await
    }
}
