use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base::{Error, Result, SharedClock};
use db::Db;
use futures::FutureExt;
use futures::future::join_all;
use tokio::sync::{Notify, watch};

use crate::outbox::{Subscription, dispatch};
use crate::store::{Job, fail, finish, lease};

/// Does the work of one kind of job. It may be called again with the same job after a crash.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does it. An error means: try again later.
    async fn run(&self, job: &Job) -> Result<()>;
}

/// Wakes the runner at once instead of at its next look; cloned into everything that commits jobs or events.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// There may be something to do.
    pub fn notify(&self) {
        self.0.notify_one();
    }
}

/// Leases and runs jobs and dispatches events until told to stop.
pub struct Runner {
    db: Db,
    clock: SharedClock,
    handlers: HashMap<String, Arc<dyn Handler>>,
    subscriptions: Vec<Subscription>,
    wake: Wake,
}

impl Runner {
    /// A runner for these kinds of jobs and subscribers.
    pub fn new(
        db: Db,
        clock: SharedClock,
        handlers: Vec<(&'static str, Arc<dyn Handler>)>,
        subscriptions: Vec<Subscription>,
        wake: Wake,
    ) -> Self {
        let mut map: HashMap<String, Arc<dyn Handler>> = handlers.into_iter().map(|(kind, handler)| (kind.to_owned(), handler)).collect();
        for subscription in &subscriptions {
            map.insert(subscription.job_kind(), subscription.handler.clone());
        }
        Self { db, clock, handlers: map, subscriptions, wake }
    }

    /// Runs until `stop` turns true; the jobs in hand are finished first.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let busy = match self.turn().await {
                Ok(busy) => busy,
                Err(error) => {
                    tracing::error!(%error, "jobs: the queue cannot be read");
                    false
                }
            };
            if !busy {
                tokio::select! {
                    () = self.wake.0.notified() => {}
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }

    /// One look at the outbox and the queue; true if there was anything to do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turn(&self) -> Result<bool> {
        let events = dispatch(&self.db, &self.subscriptions, self.clock.now()).await?;
        let jobs = lease(&self.db, self.clock.now(), 16).await?;
        if jobs.is_empty() {
            return Ok(events > 0);
        }
        let results = join_all(jobs.iter().map(|job| self.one(job))).await;
        let tx = self.db.begin().await?;
        let done: Vec<_> = jobs.iter().zip(&results).filter(|(_, r)| r.is_ok()).map(|(job, _)| job.id).collect();
        finish(&tx, &done).await?;
        for (job, result) in jobs.iter().zip(&results) {
            if let Err(error) = result {
                let dead = fail(&tx, job, &error.to_string(), self.clock.now()).await?;
                metrics::counter!("tongban_jobs_failed_total", "kind" => job.kind.clone()).increment(1);
                if dead {
                    tracing::error!(kind = %job.kind, id = %job.id, %error, "jobs: given up, needs an operator");
                } else {
                    tracing::warn!(kind = %job.kind, id = %job.id, attempt = job.attempts, %error, "jobs: failed, will try again");
                }
            }
        }
        tx.commit().await?;
        metrics::counter!("tongban_jobs_done_total").increment(done.len() as u64);
        Ok(true)
    }

    /// Runs until nothing is due any more: for tests, demonstrations and batch commands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drain(&self) -> Result<()> {
        while self.turn().await? {}
        Ok(())
    }

    /// A handler that panics has failed like any other: the loop and the other jobs go on. What it had in hand is dropped
    /// with it; its transactions roll back.
    async fn one(&self, job: &Job) -> Result<()> {
        let Some(handler) = self.handlers.get(&job.kind) else {
            return Err(Error::internal(format!("no handler for jobs of kind {}", job.kind)));
        };
        match AssertUnwindSafe(async { handler.run(job).await }).catch_unwind().await {
            Ok(result) => result,
            Err(panic) => {
                let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
                Err(Error::internal(format!("the handler panicked: {}", words.unwrap_or_default())))
            }
        }
    }
}
