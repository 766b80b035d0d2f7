//! Taking work from the list, giving it back, handing it on.

use access::Actor;
use base::{Error, Result};
use flow::Task;
use journal::Draft as Entry;
use platform::Platform;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::service::loaded::{LoadedCase, note};

/// The open task of a case at one of these steps.
///
/// # Errors
/// [`base::Kind::Conflict`] when the case is not at that step any more.
pub async fn open_task(conn: &impl ConnectionTrait, case: Uuid, steps: &[&str]) -> Result<Task> {
    task_at(flow::open_tasks(conn, case).await?, steps)
}

/// Of these open tasks the one at one of these steps.
pub(crate) fn task_at(open: Vec<Task>, steps: &[&str]) -> Result<Task> {
    open.into_iter().find(|t| steps.contains(&t.step.as_str())).ok_or_else(|| {
        Error::conflict("cases.step_over", "这个环节已经办理完毕或者尚未开始，请刷新页面查看最新进度。")
    })
}

pub(crate) async fn task(platform: &Platform, id: Uuid) -> Result<Task> {
    flow::task(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有这项待办。"))
}

/// Takes a task for oneself.
///
/// # Errors
/// When somebody else has it, or it is one's own application.
pub async fn claim(platform: &Platform, actor: &Actor, task_id: Uuid) -> Result<()> {
    let task = task(platform, task_id).await?;
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*case.at_task(actor, &task)?;
    platform.flow.claim(&tx, actor, &task, platform.now()).await?;
    case.record(platform, &tx, actor, Entry::new("cases.claim", format!("领取“{}”", task.name), note(&[])), None).await?;
    tx.commit().await
}

/// Gives a task back.
///
/// # Errors
/// When one does not have it.
pub async fn release(platform: &Platform, actor: &Actor, task_id: Uuid) -> Result<()> {
    let task = task(platform, task_id).await?;
    let tx = platform.db.begin().await?;
    let case = LoadedCase::load(platform, &*tx, task.business).await?;
    let actor = &*task.done_by_hand_of(actor);
    platform.flow.release(&tx, actor, &task).await?;
    case.record(platform, &tx, actor, Entry::new("cases.release", format!("放回“{}”", task.name), note(&[])), None).await?;
    tx.commit().await
}

/// Colleagues who may do a task: for handing it on.
///
/// # Errors
/// When the database fails.
pub async fn colleagues(platform: &Platform, actor: &Actor, task: &Task) -> Result<Vec<organization::StaffRef>> {
    let mut staff = organization::staff_for(platform.db.read(), &task.permission, &task.target()).await?;
    let holder = task.done_by_hand_of(actor).holder();
    staff.retain(|s| Some(s.id) != actor.id() && Some(s.id) != holder);
    Ok(staff)
}

/// Hands a task to a colleague (转办) with a reason.
///
/// # Errors
/// When the colleague may not do it, or somebody else has it.
pub async fn transfer(platform: &Platform, actor: &Actor, task_id: Uuid, to: Uuid, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "请写明转办原因。"));
    }
    let task = task(platform, task_id).await?;
    let Some(colleague) = colleagues(platform, actor, &task).await?.into_iter().find(|s| s.id == to) else {
        return Err(Error::field("to", "这位同事没有办理这个环节的岗位，请另选一位。"));
    };
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*task.done_by_hand_of(actor);
    platform.flow.transfer(&tx, actor, &task, (to, &colleague.name), platform.now()).await?;
    let entry = Entry::new("cases.transfer", format!("将“{}”转办给{}", task.name, colleague.name), note(&[("reason", reason)]));
    case.record(platform, &tx, actor, entry, None).await?;
    tx.commit().await
}
