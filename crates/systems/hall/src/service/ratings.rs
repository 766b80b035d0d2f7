//! Knows which ended cases wait for a rating, by listening to `cases` and `reviews`.

use async_trait::async_trait;
use base::Result;
use chrono::{DateTime, Duration, Utc};
use jobs::{Handler, Job};
use platform::Platform;
use serde::Deserialize;
use uuid::Uuid;

use crate::store;

/// What is listened to: the ends of a case (as `reviews` opens it to rating) and the rating.
pub const TOPICS: &[&str] = &["cases.decided", "cases.not_accepted", "cases.closed", "reviews.made"];

/// Days after its end during which a case asks to be rated; it can be rated later, but does not ask.
const ASKS_FOR: Duration = Duration::days(30);

/// The subscriber.
#[derive(Debug)]
pub struct Follow(pub Platform);

#[derive(Deserialize)]
struct Heard {
    topic: String,
    event: News,
}

#[derive(Deserialize)]
struct News {
    case_id: Uuid,
    #[serde(default)]
    party_id: Option<Uuid>,
    at: DateTime<Utc>,
}

#[async_trait]
impl Handler for Follow {
    async fn run(&self, job: &Job) -> Result<()> {
        let Heard { topic, event } = serde_json::from_value(job.payload.clone())?;
        let tx = self.0.db.begin().await?;
        match (topic.as_str(), event.party_id) {
            ("reviews.made", _) => store::rated(&tx, event.case_id, event.at).await?,
            (_, Some(party)) => store::ended(&tx, event.case_id, party, event.at).await?,
            (_, None) => {}
        }
        tx.commit().await
    }
}

/// Cases of a party that wait for a rating.
///
/// # Errors
/// When the database fails.
pub async fn waiting(platform: &Platform, party: Uuid) -> Result<Vec<Uuid>> {
    store::to_rate(platform.db.read(), party, platform.now() - ASKS_FOR).await
}
