//! What this system tells the others.

use chrono::{DateTime, NaiveDate, Utc};
use jobs::Event;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A version was published: `designs.published`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignEvent {
    /// The design.
    pub design_id: Uuid,
    /// `process`, `decision` or `form`.
    pub kind: String,
    /// The key items name it by.
    pub key: String,
    /// Number of the version.
    pub number: i32,
    /// First day on which it holds.
    pub effective_on: NaiveDate,
    /// When it was published.
    pub at: DateTime<Utc>,
}

impl Event for DesignEvent {
    fn topic(&self) -> &'static str {
        "designs.published"
    }
}
