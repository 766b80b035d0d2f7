//! Work goes back: sent to an earlier step (退回), or taken back by who finished it (取回).

use access::Actor;
use base::{Error, Result};
use bpmn::{Command, TokenState};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::{RETURNED, finish, in_hand, token};
use crate::Engine;
use crate::engine::{By, Outcome};
use crate::store::Task;
use crate::timeline::Event;

/// Where work is sent back to (退回).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// The step before.
    Previous,
    /// This element of the drawing, which the instance has passed.
    Step(String),
    /// This element, with all work going on beside it given up.
    All(String),
}

/// An earlier step of an instance, to which work can be sent back.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct PassedStep {
    /// Its element in the drawing.
    pub element: String,
    /// What it is called.
    pub name: String,
    /// What the owning system calls this work.
    pub step: String,
    /// Whose work it is; see [`APPLICANT`].
    pub permission: String,
}

impl Engine {
    /// Sends the work back to an earlier step (退回), out of a countersign or sub-process too.
    ///
    /// # Errors
    /// When the actor may not do the task, the step is not an earlier one, or work beside it would be done twice.
    pub async fn send_back(&self, tx: &Tx, actor: &Actor, task: &Task, to: Back, comment: &str, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        if task.owner.is_some() || task.added {
            return Err(Error::refused("flow.not_yours_to_return", "这项待办是请您出具意见的，请填写意见；是否退回由承办人决定。"));
        }
        let mut passed = passed_steps(&**tx, task).await?.into_iter().map(|step| step.element);
        let (element, all) = match to {
            Back::Previous => (passed.next_back(), false),
            Back::Step(element) => (passed.find(|p| *p == element), false),
            Back::All(element) => (passed.find(|p| *p == element), true),
        };
        let element = element.ok_or_else(|| Error::refused("flow.no_earlier_step", "只能退回到这件事已经办过的环节。"))?;
        finish(tx, actor, task, &Outcome::of(RETURNED).comment(comment), now).await?;
        let mut running = self.load_active(tx, task.instance_id).await?;
        let command = if all { Command::MoveAll { to: element } } else { Command::MoveToken { token: token(task), to: element } };
        self.advance(tx, &mut running, command, By { actor, now }).await
    }

    /// Takes one's own finished step back, as long as nobody has taken up what followed (取回).
    ///
    /// # Errors
    /// When it is not the actor's, somebody has begun, or something happened that cannot be taken back.
    pub async fn take_back(&self, tx: &Tx, actor: &Actor, task: &Task, now: DateTime<Utc>) -> Result<()> {
        let staff = actor.staff()?;
        let actor = &*in_hand(actor, task)?;
        let too_late = |why: &str| Error::conflict("flow.too_late", format!("{why}，不能取回；如需更正请联系下一环节退回。"));
        if task.done_by != Some(staff.staff) || task.state != "done" || task.added {
            return Err(Error::forbidden("只能取回自己刚办结的环节。"));
        }
        let mut running = self.load_active(tx, task.instance_id).await?;
        let steps = crate::timeline::steps(&**tx, task.instance_id).await?;
        let last = steps.last().ok_or_else(|| too_late("没有办理记录"))?;
        let mine = last.happened.iter().position(|h| h.event == Event::Completed && h.token == Some(token(task)));
        let Some(mine) = mine else {
            return Err(too_late("流程已经继续办理"));
        };
        let process = last.happened.get(mine).and_then(|h| bpmn::Processes::process(&*running.deployed, &h.process));
        if process.and_then(|p| p.element(&task.element)).is_some_and(|element| element.looping.is_some()) {
            return Err(too_late("多人会签已经完成")); // the others would have to sign again
        }
        for happened in last.happened.iter().skip(mine + 1).filter(|h| h.event == Event::Completed) {
            let process = bpmn::Processes::process(&*running.deployed, &happened.process);
            let harmless = process.and_then(|p| p.element(&happened.element)).is_some_and(|e| e.is_gateway() || matches!(e.kind, bpmn::Kind::CatchEvent(_)));
            if !harmless {
                return Err(too_late("后续环节已经自动办理"));
            }
        }
        let after: Vec<u64> = last.happened.iter().skip(mine + 1).filter(|h| h.event == Event::Entered).filter_map(|h| h.token).collect();
        let created: Vec<u64> = running.instance.tokens.iter().filter(|t| after.contains(&t.id)).map(|t| t.id).collect();
        let tasks_only = created.iter().all(|id| running.instance.token(*id).is_some_and(|t| t.state == TokenState::Task));
        if created.is_empty() || !tasks_only {
            return Err(too_late("后续环节已经开始"));
        }
        for id in &created {
            let sql = "UPDATE flow_task SET state = 'cancelled', done_at = $1 WHERE instance_id = $2 AND token = $3 AND state = 'open' AND claimed_at IS NULL AND shared = FALSE";
            let values = [now.into(), task.instance_id.into(), crate::effects::signed(*id).into()];
            let taken = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
            if taken.rows_affected() != 1 {
                return Err(too_late("下一环节已经有人领取"));
            }
        }
        let to = task.element.clone();
        let by = By { actor, now };
        let command = match created.as_slice() {
            [one] => Command::MoveToken { token: *one, to },
            all if all.len() == running.instance.tokens.len() => Command::MoveAll { to },
            _ => return Err(too_late("还有并行的环节")),
        };
        self.advance(tx, &mut running, command, by).await?;
        tx.later(Write::new(
            "UPDATE flow_task SET assignee = $1, assignee_name = $2, claimed_at = $3 WHERE instance_id = $4 AND element = $5 AND state = 'open' AND assignee IS NULL",
            [actor.holder().into(), actor.name().into(), now.into(), task.instance_id.into(), task.element.clone().into()],
        ))
        .await
    }
}

/// Human work that led to this task, each element once, in order. What was sent back and is still to be done again has not
/// led here: nobody skips ahead by “sending back”.
///
/// # Errors
/// When the database fails.
pub async fn passed_steps(conn: &impl ConnectionTrait, task: &Task) -> Result<Vec<PassedStep>> {
    #[derive(FromQueryResult)]
    struct Visit {
        element: String,
        name: String,
        step: String,
        permission: String,
        done: bool,
    }
    let sql = "SELECT element, name, step, permission, (state = 'done' AND COALESCE(outcome, '') <> $2) AS done FROM flow_task
               WHERE instance_id = $1 AND added = FALSE AND state <> 'removed' ORDER BY created_at, id";
    let values = [task.instance_id.into(), RETURNED.into()];
    let visits = Visit::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    let mut passed: Vec<PassedStep> = Vec::new();
    for visit in visits {
        // Whoever comes to a step again has what came after it before them again.
        if let Some(at) = passed.iter().position(|p| p.element == visit.element) {
            passed.truncate(at + 1);
        } else if visit.done {
            passed.push(PassedStep { element: visit.element, name: visit.name, step: visit.step, permission: visit.permission });
        }
    }
    passed.retain(|p| p.element != task.element);
    Ok(passed)
}
