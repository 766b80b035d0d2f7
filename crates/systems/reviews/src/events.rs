//! What is heard from cases, and what ratings tell the others.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What reviews read of a case event.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseNews {
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body that decides.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// The applicant.
    pub party_id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What happened with a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewEventKind {
    /// Somebody rated.
    Made,
    /// A bad rating opened a task.
    Opened,
    /// The department answered.
    Answered,
    /// The task ended.
    Closed,
}

/// Something that happened with a rating. Carries no personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewEvent {
    /// What happened.
    pub kind: ReviewEventKind,
    /// The case rated.
    pub case_id: Uuid,
    /// The body rated.
    pub body_id: Uuid,
    /// Its region.
    pub region: String,
    /// Stars given.
    pub stars: u8,
    /// Last day to put it right.
    pub due: Option<NaiveDate>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl jobs::Event for ReviewEvent {
    fn topic(&self) -> &'static str {
        match self.kind {
            ReviewEventKind::Made => "reviews.made",
            ReviewEventKind::Opened => "reviews.opened",
            ReviewEventKind::Answered => "reviews.answered",
            ReviewEventKind::Closed => "reviews.closed",
        }
    }
}
