//! What is heard from cases and reviews, and what supervision tells the others.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened to a case, in the words of `cases`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the topics of cases")]
pub enum Happened {
    // In the order in which they follow each other when they happen at the same moment.
    Submitted,
    CorrectionRequested,
    Corrected,
    NotAccepted,
    Accepted,
    Suspended,
    Resumed,
    Extended,
    Withdrawn,
    Decided,
    Delivered,
    Closed,
}

impl Happened {
    /// Chinese name of the state it leads to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "已提交",
            Self::CorrectionRequested => "待补正",
            Self::Corrected => "已补正",
            Self::NotAccepted => "不予受理",
            Self::Accepted => "办理中",
            Self::Suspended => "特别程序",
            Self::Resumed => "恢复办理",
            Self::Extended => "已延期",
            Self::Withdrawn => "已撤回",
            Self::Decided => "已决定",
            Self::Delivered => "已送达",
            Self::Closed => "已办结",
        }
    }

    /// Whether nothing is to be decided any more.
    pub fn ends(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Withdrawn | Self::Decided | Self::Delivered | Self::Closed)
    }
}

/// What supervision reads of a case event.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseNews {
    /// What happened.
    pub kind: Happened,
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
    /// `online` or `window`.
    pub channel: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Last day of the promise, while the clock runs.
    #[serde(default)]
    pub promised_due: Option<NaiveDate>,
    /// Last day of the law, while the clock runs.
    #[serde(default)]
    pub statutory_due: Option<NaiveDate>,
}

/// What supervision reads of a review event.
#[derive(Debug, Clone, Deserialize)]
pub struct ReviewNews {
    /// `opened`, `answered`, `closed` …
    pub kind: String,
    /// The case rated.
    pub case_id: Uuid,
    /// Last day to put it right.
    #[serde(default)]
    pub due: Option<NaiveDate>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What supervision tells.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SupervisionEvent {
    /// `notice_sent`, `notice_answered`, `notice_returned`, `notice_closed`.
    pub kind: String,
    /// The notice.
    pub notice_id: Uuid,
    /// The case it is about.
    pub case_id: Uuid,
    /// The body addressed.
    pub body_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

impl jobs::Event for SupervisionEvent {
    fn topic(&self) -> &'static str {
        match self.kind.as_str() {
            "notice_answered" => "supervision.notice_answered",
            "notice_returned" => "supervision.notice_returned",
            "notice_closed" => "supervision.notice_closed",
            _ => "supervision.notice_sent",
        }
    }
}
