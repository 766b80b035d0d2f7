//! 延期 (行政许可法 42): once, at most ten working days, with the head's approval, and the applicant is told why.

use access::Actor;
use base::{Error, Result};
use chrono::{DateTime, Utc};
use journal::Draft as Entry;
use platform::Platform;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::{Act, MAX_EXTENSION_DAYS};
use crate::permissions::{HANDLE, HEAD};
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::LoadedCase;

/// The extension of a case, asked for or granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Working days more.
    pub days: u16,
    /// Why, as the applicant is told.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// Their staff record: the head does not approve their own request.
    pub asked_by_id: Option<Uuid>,
    /// For whom they asked: themselves, or whom they stand in for.
    #[serde(default)]
    pub asked_for: Option<Uuid>,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// `None` while the head has not answered.
    #[serde(default)]
    pub approved: Option<bool>,
    /// The head who answered.
    #[serde(default)]
    pub head: Option<String>,
}

impl LoadedCase {
    /// The extension, if one was asked for.
    ///
    /// # Errors
    /// When what was stored cannot be read.
    pub fn extension(&self) -> Result<Option<Extension>> {
        Ok(self.row.extension.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// An extension begins before the limit ends: asked for and approved (未批先延 is none).
fn in_time(platform: &Platform, case: &LoadedCase) -> Result<()> {
    if case.row.statutory_due.as_deref().is_some_and(|due| due < platform.today().to_string().as_str()) {
        return Err(Error::refused("cases.too_late", "法定期限已过，不能再延期，请尽快作出决定。"));
    }
    Ok(())
}

/// Asks the head for an extension.
///
/// # Errors
/// When there was one before, it is too long, or the limit is over already (未批先延).
pub async fn request_extension(platform: &Platform, actor: &Actor, id: Uuid, days: u16, reason: &str) -> Result<()> {
    if reason.trim().chars().count() < 4 {
        return Err(Error::field("reason", "请写明延期理由，理由会告知申请人。"));
    }
    if days == 0 || days > MAX_EXTENSION_DAYS {
        return Err(Error::field("days", format!("延期最多 {MAX_EXTENSION_DAYS} 个工作日，请填写 1 至 {MAX_EXTENSION_DAYS}。")));
    }
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HANDLE, None)?;
    if case.extension()?.is_some_and(|e| e.approved != Some(false)) {
        return Err(Error::refused("cases.extended", "延期只能申请一次，这件事已经申请过延期。"));
    }
    case.apply(Act::Extend)?;
    in_time(platform, &case)?;
    let extension = Extension {
        days,
        reason: reason.trim().to_owned(),
        asked_by: actor.name().to_owned(),
        asked_by_id: actor.id(),
        asked_for: actor.holder(),
        asked_at: platform.now(),
        approved: None,
        head: None,
    };
    case.row.extension = Some(serde_json::to_string(&extension)?);
    let entry = Entry::new("cases.request_extension", format!("申请延期 {days} 个工作日"), json!({ "reason": reason, "days": days }));
    case.finish(platform, &tx, actor, entry, None).await?;
    tx.commit().await
}

/// The head approves or declines.
///
/// # Errors
/// When nothing was asked for, it was answered before, the head asked themself, or it would be approved after the limit.
pub async fn approve_extension(platform: &Platform, actor: &Actor, id: Uuid, approve: bool) -> Result<()> {
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HEAD, None)?;
    let mut extension = case.extension()?.ok_or_else(|| Error::conflict("cases.no_extension", "没有待批准的延期申请。"))?;
    if extension.approved.is_some() {
        return Err(Error::conflict("cases.no_extension", "这个延期申请已经答复过了，请刷新页面。"));
    }
    // A deputy counts as both here too: neither they nor whom they stand in for may have asked.
    let asked = |person: Option<Uuid>| person.is_some() && (extension.asked_by_id == person || extension.asked_for == person);
    if asked(actor.id()) || asked(actor.holder()) {
        return Err(Error::forbidden("延期由承办人申请、负责人批准，不能自己批准自己的申请。"));
    }
    case.apply(Act::Extend)?;
    extension.approved = Some(approve);
    extension.head = Some(actor.name().to_owned());
    case.row.extension = Some(serde_json::to_string(&extension)?);
    let label = if approve { "批准延期" } else { "不批准延期" };
    if approve {
        in_time(platform, &case)?;
        let due_before = case.row.promised_due.clone();
        let mut clock = case.clock.clone().ok_or_else(|| Error::internal("in review without a clock"))?;
        clock.extended_by = extension.days;
        let accepted_on = clock.accepted_on;
        case.set_clock(platform, clock)?;
        let data = json!({
            "acceptance": { "accepted_on": accepted_on },
            "extension": { "reason": extension.reason, "working_days": extension.days, "due_before": due_before, "due_after": case.row.promised_due,
                "approved_by": "本机关负责人", "joint": false },
        });
        make(platform, &tx, &case, DocumentKind::Extension, data).await?;
    }
    let entry = Entry::new("cases.approve_extension", label, json!({ "days": extension.days, "promised_due": case.row.promised_due }));
    case.finish(platform, &tx, actor, entry, approve.then_some(CaseEventKind::Extended)).await?;
    platform.flow.set_due(&tx, id, case.due_at(platform)).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
