//! What seals tell the others.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something was done to a seal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealEvent {
    /// [`crate::model::Act`], by its code.
    pub act: String,
    /// The seal.
    pub seal_id: Uuid,
    /// Its body.
    pub body_id: Uuid,
    /// Its region.
    pub region: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl jobs::Event for SealEvent {
    fn topic(&self) -> &'static str {
        match self.act.as_str() {
            "make" | "resume" => "seals.in_force",
            "suspend" => "seals.suspended",
            "reject" => "seals.rejected",
            _ => "seals.ended",
        }
    }
}
