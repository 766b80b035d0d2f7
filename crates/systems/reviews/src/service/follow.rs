//! Hears of cases: which can be rated, from when on, by whom.

use async_trait::async_trait;
use base::{Result, local_date};
use jobs::{Handler, Job};
use platform::Platform;
use serde::Deserialize;

use crate::events::CaseNews;
use crate::model::Tally;
use crate::store;

/// What is listened to: the beginning of a case, and its ends (decision, refusal of acceptance, closure).
pub const TOPICS: &[&str] = &["cases.submitted", "cases.decided", "cases.not_accepted", "cases.closed"];

/// The subscriber.
pub struct Follow(pub Platform);

#[derive(Deserialize)]
struct Heard {
    topic: String,
    event: CaseNews,
}

#[async_trait]
impl Handler for Follow {
    async fn run(&self, job: &Job) -> Result<()> {
        let Heard { topic, event } = serde_json::from_value(job.payload.clone())?;
        let tx = self.0.db.begin().await?;
        store::known(&tx, &event).await?;
        if topic != "cases.submitted" && store::ended(&tx, event.case_id, event.at).await? {
            let asked = Tally { asked: 1, ..Tally::default() };
            store::add(&tx, (event.body_id, &event.body_name), event.item_id, &event.region, local_date(event.at), &asked).await?;
        }
        tx.commit().await
    }
}
