//! Keeps the figures of the day by listening to `cases`.

use async_trait::async_trait;
use base::Result;
use db::Idempotency;
use jobs::{Handler, Job};
use platform::Platform;

use crate::model::figures::{CaseNews, counted};
use crate::store;

/// Topics that are counted.
pub const TOPICS: &[&str] = &["cases.submitted", "cases.decided"];

/// The subscriber.
#[derive(Debug)]
pub struct Counter(pub Platform);

#[async_trait]
impl Handler for Counter {
    async fn run(&self, job: &Job) -> Result<()> {
        let topic = job.payload["topic"].as_str().unwrap_or_default();
        let news: CaseNews = serde_json::from_value(job.payload["event"].clone())?;
        count(&self.0, topic, &news).await
    }
}

/// Counts an event, once however often it is told.
///
/// # Errors
/// When the database fails.
pub async fn count(platform: &Platform, topic: &str, news: &CaseNews) -> Result<()> {
    let Some((day, figures)) = counted(topic, news) else { return Ok(()) };
    let tx = platform.db.begin().await?;
    let key = format!("{topic}:{}", news.case_id);
    if db::idempotent(&tx, "hall.daily", &key, "", platform.now()).await? == Idempotency::First {
        store::add(&tx, day, &news.region, figures).await?;
    }
    tx.commit().await
}
