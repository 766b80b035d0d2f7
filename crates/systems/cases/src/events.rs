//! What cases tell the others.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseEventKind {
    /// An application came.
    Submitted,
    /// It was accepted; the legal clock runs.
    Accepted,
    /// It was not accepted (either kind).
    NotAccepted,
    /// Corrections were asked for.
    CorrectionRequested,
    /// The applicant corrected.
    Corrected,
    /// A special procedure began.
    Suspended,
    /// It ended.
    Resumed,
    /// The limit was extended.
    Extended,
    /// A decision was made.
    Decided,
    /// The applicant withdrew.
    Withdrawn,
    /// Closed without a decision.
    Closed,
    /// The result reached the applicant.
    Delivered,
}

impl CaseEventKind {
    fn topic(self) -> &'static str {
        match self {
            Self::Submitted => "cases.submitted",
            Self::Accepted => "cases.accepted",
            Self::NotAccepted => "cases.not_accepted",
            Self::CorrectionRequested => "cases.correction_requested",
            Self::Corrected => "cases.corrected",
            Self::Suspended => "cases.suspended",
            Self::Resumed => "cases.resumed",
            Self::Extended => "cases.extended",
            Self::Decided => "cases.decided",
            Self::Withdrawn => "cases.withdrawn",
            Self::Closed => "cases.closed",
            Self::Delivered => "cases.delivered",
        }
    }
}

/// Something that happened to a case. Carries no personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseEvent {
    /// What happened.
    pub kind: CaseEventKind,
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// The version applied for.
    pub item_version_id: Uuid,
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
    /// `online` or `window`.
    pub channel: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Last day of the promise, while the clock runs.
    pub promised_due: Option<NaiveDate>,
    /// Last day of the law, while the clock runs.
    pub statutory_due: Option<NaiveDate>,
    /// The decision, once made.
    pub granted: Option<bool>,
    /// Who acted.
    pub actor_name: String,
}

impl jobs::Event for CaseEvent {
    fn topic(&self) -> &'static str {
        self.kind.topic()
    }
}
