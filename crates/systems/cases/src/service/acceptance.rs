//! 受理: accept, ask once for everything missing, or refuse with reasons (行政许可法 32).

use std::borrow::Cow;

use access::Actor;
use base::{Error, Result};
use db::Tx;
use flow::Outcome;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::{Act, CORRECTION_DAYS, CaseClock, CorrectionItem, check_correction, correctable, limit_of};
use crate::permissions::ACCEPT;
use crate::service::correction::CorrectionRound;
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::{LoadedCase, end_of, note};
use crate::service::tasks::task_at;

const STEP: [&str; 1] = ["acceptance"];

/// The case, its task, and the actor as they do it.
async fn begin<'a>(platform: &Platform, tx: &Tx, actor: &'a Actor, id: Uuid) -> Result<(LoadedCase, flow::Task, Cow<'a, Actor>)> {
    let (case, tasks) = LoadedCase::at_work(platform, tx, id).await?;
    actor.require(ACCEPT, &case.target())?;
    let task = task_at(tasks, &STEP)?;
    let actor = case.authorise(actor, ACCEPT, task.assignee)?;
    Ok((case, task, actor))
}

/// Starts the legal clock: the next working day after this one is the first that counts.
pub(crate) fn start_clock(platform: &Platform, case: &mut LoadedCase, accepted_on: chrono::NaiveDate) -> Result<()> {
    let spec = &case.item.spec;
    let clock = CaseClock {
        accepted_on,
        promised: limit_of(&spec.promised),
        statutory: limit_of(&spec.statutory),
        extended_by: 0,
        suspensions: Vec::new(),
    };
    case.set_clock(platform, clock)
}

/// Accepts the application; the legal clock runs from here.
///
/// # Errors
/// When the actor may not, or the case is not waiting for acceptance.
pub async fn accept(platform: &Platform, actor: &Actor, id: Uuid, opinion: &str) -> Result<()> {
    let tx = platform.db.begin().await?;
    let (mut case, task, actor) = begin(platform, &tx, actor, id).await?;
    let actor = &*actor;
    case.apply(Act::Accept)?;
    case.row.accepted_at = Some(platform.now());
    start_clock(platform, &mut case, platform.today())?;
    case.record_handler(actor, "acceptance")?;
    make(platform, &tx, &case, DocumentKind::Acceptance, json!({ "acceptance": { "accepted_on": platform.today() } })).await?;
    let entry = Entry::new("cases.accept", "受理", json!({ "opinion": opinion, "promised_due": case.row.promised_due }));
    case.finish(platform, &tx, actor, entry, Some(CaseEventKind::Accepted)).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of("accept").comment(opinion.trim()).due(case.due_at(platform)), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Asks for corrections, once, listing everything.
///
/// # Errors
/// [`base::Kind::Refused`] for what the item does not ask for, and for a second notice about what could have been seen
/// the first time.
pub async fn request_correction(platform: &Platform, actor: &Actor, id: Uuid, items: Vec<CorrectionItem>) -> Result<()> {
    let tx = platform.db.begin().await?;
    let (mut case, task, actor) = begin(platform, &tx, actor, id).await?;
    let actor = &*actor;
    let allowed = correctable(&case.item.spec, &case.item.form, case.situation.as_ref());
    let before = CorrectionRound::of(&case)?;
    let prior: Option<Vec<String>> = before.as_ref().map(|b| b.items.iter().map(|i| i.target.clone()).collect());
    let replaced = before.map(|b| b.replaced).unwrap_or_default();
    check_correction(&items, &allowed, prior.as_deref(), &replaced)?;
    case.apply(Act::RequestCorrection)?;
    case.record_handler(actor, "acceptance")?;
    let due = platform.calendar.add(platform.today(), u32::from(CORRECTION_DAYS))?;
    let list: Vec<_> = items.iter().map(|i| json!({ "material": i.name, "problem": i.what, "how": "请按上述要求修改后重新提交。" })).collect();
    let data = json!({ "corrections": list, "correction": { "due": due, "ways": "网上“我的办件”，或者原收件窗口", "late": "逾期没有补正的，视为撤回申请，不影响再次申请。" } });
    make(platform, &tx, &case, DocumentKind::Correction, data).await?;
    let round = CorrectionRound { items, due, asked_at: platform.now(), replaced: Vec::new(), answered_at: None };
    case.row.correction = Some(serde_json::to_string(&round)?);
    let entry = Entry::new("cases.request_correction", "一次告知补正", json!({ "items": round.items, "due": due }));
    case.finish(platform, &tx, actor, entry, Some(CaseEventKind::CorrectionRequested)).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of("correct").due(end_of(due)), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// 不予受理: the matter is not this body's; says which body it is, and the applicant's rights.
///
/// # Errors
/// When reasons are missing or the actor may not.
pub async fn refuse_acceptance(platform: &Platform, actor: &Actor, id: Uuid, reasons: &str, competent: &str) -> Result<()> {
    close_unaccepted(platform, actor, id, Act::RefuseAcceptance, DocumentKind::NotAccepted, reasons, competent).await
}

/// 即时告知不受理: the matter needs no licence at all.
///
/// # Errors
/// When reasons are missing or the actor may not.
pub async fn not_needed(platform: &Platform, actor: &Actor, id: Uuid, reasons: &str) -> Result<()> {
    close_unaccepted(platform, actor, id, Act::TellNotNeeded, DocumentKind::NotNeeded, reasons, "").await
}

async fn close_unaccepted(platform: &Platform, actor: &Actor, id: Uuid, act: Act, document: DocumentKind, reasons: &str, competent: &str) -> Result<()> {
    if reasons.trim().chars().count() < 4 {
        return Err(Error::field("reasons", "请写明理由，让申请人看得懂为什么不受理。"));
    }
    let tx = platform.db.begin().await?;
    let (mut case, task, actor) = begin(platform, &tx, actor, id).await?;
    let actor = &*actor;
    case.apply(act)?;
    case.record_handler(actor, "acceptance")?;
    case.row.reasons = Some(reasons.trim().to_owned());
    case.row.closed_at = Some(platform.now());
    let mut data = json!({ "reasons": [reasons.trim()], "remedies": super::review::remedies() });
    if document == DocumentKind::NotNeeded {
        data["guidance"] = json!("如果以后情况发生变化、依法需要办理，请重新提出申请。");
    }
    if !competent.trim().is_empty() {
        data["competent"] = json!({ "name": competent.trim(), "address": "", "phone": "" });
    }
    make(platform, &tx, &case, document, data).await?;
    let label = case.state.label();
    let entry = Entry::new("cases.not_accept", label, note(&[("reasons", reasons), ("competent", competent)]));
    case.finish(platform, &tx, actor, entry, Some(CaseEventKind::NotAccepted)).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of("refuse"), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
