//! What licences tell the others.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened to a licence. Carries no personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LicenceEvent {
    /// `issued`, `revoked` or `cancelled`.
    pub kind: String,
    /// The licence.
    pub licence_id: Uuid,
    /// Its identifier (GB/T 36904).
    pub identifier: String,
    /// Name of its type.
    pub type_name: String,
    /// The case it came from.
    pub case_id: Option<Uuid>,
    /// The holder.
    pub party_id: Uuid,
    /// The issuing body.
    pub body_id: Uuid,
    /// Its region.
    pub region: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl jobs::Event for LicenceEvent {
    fn topic(&self) -> &'static str {
        match self.kind.as_str() {
            "revoked" => "licences.revoked",
            "cancelled" => "licences.cancelled",
            _ => "licences.issued",
        }
    }
}
