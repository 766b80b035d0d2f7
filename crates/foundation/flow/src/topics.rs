use std::sync::Arc;

use access::Actor;
use async_trait::async_trait;
use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A service task that wants something done by whoever registered its topic.
#[derive(Debug, Clone)]
pub struct ServiceCall {
    /// The instance that asks.
    pub instance: Uuid,
    /// The token to answer for; with the instance it is the idempotency key.
    pub token: u64,
    /// The record the process is about.
    pub business: Uuid,
    /// What is asked, e.g. `licences.issue`.
    pub topic: String,
    /// The element that asks.
    pub element: String,
    /// What the drawing says about that element, by extension attribute, e.g. which `decision` it asks.
    pub attributes: bpmn::Extension,
    /// What the process knows there.
    pub variables: Map<String, Value>,
    /// Who brought the process here.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
}

/// Answers service calls of a topic. What it returns is laid over the process's variables.
#[async_trait]
pub trait TopicHandler: Send + Sync {
    /// Does what is asked, in the given transaction. May be called again with the same call after a failure.
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>>;
}

/// A handler and how it is called.
#[derive(Clone)]
pub enum Topic {
    /// In the transaction that reached the task: done or refused together with it. For work inside this database.
    Local(Arc<dyn TopicHandler>),
    /// By a durable job afterwards, retried. For work outside.
    Queued(Arc<dyn TopicHandler>),
}

/// Adapter: any async function as a local topic.
pub struct LocalTopic<F>(pub F);

#[async_trait]
impl<F> TopicHandler for LocalTopic<F>
where
    F: for<'a> Fn(&'a Tx, &'a ServiceCall) -> futures::future::BoxFuture<'a, Result<Map<String, Value>>> + Send + Sync,
{
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        (self.0)(tx, call).await
    }
}
