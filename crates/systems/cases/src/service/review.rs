//! 承办 → 审查 → 审批: opinions, sending back, and the decision that issues the licence or refuses with reasons.

use access::{Actor, Permission};
use base::{Error, Result};
use flow::{Outcome, Task};
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::Act;
use crate::permissions::{APPROVE, EXAMINE, HANDLE};
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::{LoadedCase, note, step_label};
use crate::service::opinion::asks_for_opinion;
use crate::service::tasks::task_at;
use crate::store;

/// The approver's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// 准予
    Grant,
    /// 不予, with the reasons that go to the applicant (行政许可法 38).
    Refuse {
        /// Facts found.
        facts: String,
        /// Reasons in law.
        reasons: String,
    },
}

/// Whether a task is one of the three layers, not an opinion asked for.
pub(crate) fn layer(task: &Task) -> bool {
    !asks_for_opinion(task) && matches!(task.step.as_str(), "handling" | "examination" | "approval")
}

pub(crate) fn permission(step: &str) -> Permission {
    match step {
        "handling" => HANDLE,
        "examination" => EXAMINE,
        _ => APPROVE,
    }
}

fn opinion_given(opinion: &str) -> Result<()> {
    if opinion.trim().chars().count() < 2 {
        return Err(Error::field("opinion", "请填写办理意见。"));
    }
    Ok(())
}

/// Rights of the applicant, printed on every negative decision (行政复议法 20, 行政诉讼法 46).
pub(crate) fn remedies() -> Value {
    json!({ "reconsideration": "本级人民政府", "court": "有管辖权的人民法院" })
}

/// Passes the case on to the next layer with an opinion.
///
/// # Errors
/// When the actor may not, or already acted in another layer.
pub async fn forward(platform: &Platform, actor: &Actor, id: Uuid, opinion: &str) -> Result<()> {
    opinion_given(opinion)?;
    let tx = platform.db.begin().await?;
    let (mut case, tasks) = LoadedCase::at_work(platform, &tx, id).await?;
    let task = task_at(tasks, &["handling", "examination"])?;
    let actor = &*case.authorise(actor, permission(&task.step), task.assignee)?;
    case.apply(Act::Review)?;
    case.record_handler(actor, &task.step)?;
    let entry = Entry::new("cases.forward", format!("{}：报下一环节", step_label(&task.step)), note(&[("step", &task.step), ("opinion", opinion)]));
    case.finish(platform, &tx, actor, entry, None).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of("forward").comment(opinion.trim()), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Decides. A grant issues the result in the same transaction (process topic `licences.issue`).
///
/// # Errors
/// When the actor may not decide, decides twice, or somebody else was first.
pub async fn decide(platform: &Platform, actor: &Actor, id: Uuid, opinion: &str, decision: Decision) -> Result<()> {
    opinion_given(opinion)?;
    let tx = platform.db.begin().await?;
    let (mut case, tasks) = LoadedCase::at_work(platform, &tx, id).await?;
    actor.require(APPROVE, &case.target())?;
    let now = platform.now();
    let task: Task = match task_at(tasks, &["approval"]) {
        Ok(task) => task,
        // A decided case says so, instead of talking about steps.
        Err(error) => return Err(case.state.after(Act::Grant).err().unwrap_or(error)),
    };
    let actor = &*case.authorise(actor, APPROVE, task.assignee)?;
    case.record_handler(actor, "approval")?;
    case.row.decided_at = Some(now);
    case.row.closed_at = Some(now);
    let (outcome, label) = match &decision {
        Decision::Grant => {
            case.apply(Act::Grant)?;
            case.row.decision = Some("grant".into());
            let data = json!({
                "acceptance": { "accepted_on": case.clock.as_ref().map(|c| c.accepted_on) },
                "decision": { "text": format!("准予{}的“{}”申请。", case.applicant.name, case.row.item_name) },
            });
            make(platform, &tx, &case, DocumentKind::Grant, data).await?;
            ("grant", "准予")
        }
        Decision::Refuse { facts, reasons } => {
            if reasons.trim().chars().count() < 6 {
                return Err(Error::field("reasons", "不予许可应当说明理由，请写明事实和法律依据。"));
            }
            case.apply(Act::Refuse)?;
            case.row.decision = Some("refuse".into());
            case.row.reasons = Some(reasons.trim().to_owned());
            let data = json!({
                "acceptance": { "accepted_on": case.clock.as_ref().map(|c| c.accepted_on) },
                "decision": { "facts": facts.trim(), "text": format!("不予准许{}的“{}”申请。", case.applicant.name, case.row.item_name) },
                "reasons": [reasons.trim()],
                "remedies": remedies(),
            });
            make(platform, &tx, &case, DocumentKind::Refusal, data).await?;
            ("refuse", "不予")
        }
    };
    let entry = Entry::new("cases.decide", format!("决定：{label}"), json!({ "decision": outcome, "opinion": opinion, "reasons": case.row.reasons }));
    case.record(platform, &tx, actor, entry, Some(CaseEventKind::Decided)).await?;
    // The process may issue the result, which needs the case as it is now and is noted in it; so it is stored last.
    case.lend(&tx);
    platform.flow.complete(&tx, actor, &task, Outcome::of(outcome).comment(opinion.trim()), now).await?;
    let mut case = LoadedCase::lent(&tx, id).ok_or_else(|| Error::internal("the decided case was not given back"))?;
    store::save(&tx, &mut case.row).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
