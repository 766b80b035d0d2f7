//! What licences tell the others.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened to a licence. Carries no personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LicenceEvent {
    /// `issued`, `changed`, `renewed`, `reissued`, `suspended`, `resumed`, `revoked`, `cancelled`, or `expiring` when its last
    /// day is near.
    pub kind: String,
    /// The licence; after a change the new version.
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
    /// Last day.
    pub valid_until: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl jobs::Event for LicenceEvent {
    fn topic(&self) -> &'static str {
        match self.kind.as_str() {
            "changed" => "licences.changed",
            "renewed" => "licences.renewed",
            "reissued" => "licences.reissued",
            "suspended" => "licences.suspended",
            "resumed" => "licences.resumed",
            "revoked" => "licences.revoked",
            "cancelled" => "licences.cancelled",
            "expiring" => "licences.expiring",
            _ => "licences.issued",
        }
    }
}

/// A list of stock became licences.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockEvent {
    /// The list.
    pub import_id: Uuid,
    /// Type of its licences.
    pub type_code: String,
    /// The body.
    pub body_id: Uuid,
    /// How many licences came of it.
    pub licences: i32,
    /// When.
    pub at: DateTime<Utc>,
}

impl jobs::Event for StockEvent {
    fn topic(&self) -> &'static str {
        "licences.imported"
    }
}
