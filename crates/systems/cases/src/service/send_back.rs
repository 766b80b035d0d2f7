//! 退回: to the step before, or to any earlier one; also out of a countersign that runs.

use access::Actor;
use base::{Error, Result};
use flow::{Back, PassedStep, Task};
use journal::Draft as Entry;
use platform::Platform;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::model::Act;
use crate::service::loaded::LoadedCase;
use crate::service::review::{layer, permission};
use crate::service::tasks::task;

/// Where a task can be sent back to: earlier steps of staff, the latest first. What was accepted is not accepted again, and the
/// applicant is asked once, by the notice of correction (行政许可法 32), not by sending back.
///
/// # Errors
/// When the database fails.
pub async fn ways_back(conn: &impl ConnectionTrait, case: &LoadedCase, task: &Task) -> Result<Vec<PassedStep>> {
    if task.added || task.owner.is_some() || task.permission == flow::APPLICANT {
        return Ok(Vec::new());
    }
    let mut ways = flow::passed_steps(conn, task).await?;
    ways.retain(|step| step.permission != flow::APPLICANT && !(step.step == "acceptance" && case.row.accepted_at.is_some()));
    ways.reverse();
    Ok(ways)
}

/// Sends a task back to the element `to`, or to the step before it. `all` also gives up what goes on beside it.
///
/// # Errors
/// When the actor may not or acted in another layer, there is no such earlier step, or work beside it would be done twice.
pub async fn send_back(platform: &Platform, actor: &Actor, task_id: Uuid, opinion: &str, to: Option<&str>, all: bool) -> Result<()> {
    if opinion.trim().chars().count() < 2 {
        return Err(Error::field("opinion", "请写明退回原因。"));
    }
    let task = task(platform, task_id).await?;
    let tx = platform.db.begin().await?;
    let (mut case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let layered = layer(&task);
    let actor = &*match layered {
        true => case.authorise(actor, permission(&task.step), task.assignee)?,
        false => case.at_task(actor, &task)?,
    };
    let ways = ways_back(&*tx, &case, &task).await?;
    if ways.is_empty() {
        return Err(Error::refused("cases.no_layer", "前面没有可以退回的环节，请在这个环节作出处理。"));
    }
    let way = match to {
        None => ways.first(),
        Some(element) => ways.iter().find(|way| way.element == element),
    };
    let way = way.ok_or_else(|| Error::field("to", "请选择退回到哪个环节。"))?;
    if layered {
        case.apply(Act::Review)?;
        case.record_handler(actor, &task.step)?;
    }
    let entry = Entry::new("cases.send_back", format!("{}：退回“{}”", task.name, way.name), json!({ "step": task.step, "opinion": opinion.trim(), "to": way.element }));
    case.finish(platform, &tx, actor, entry, None).await?;
    let back = if all { Back::All(way.element.clone()) } else { Back::Step(way.element.clone()) };
    platform.flow.send_back(&tx, actor, &task, back, opinion.trim(), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
