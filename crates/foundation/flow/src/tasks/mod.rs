//! What people do with their tasks.

mod back;
mod copies;
mod hold;
mod signers;

use std::borrow::Cow;

use access::Actor;
use base::{Error, Result};
use bpmn::Command;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

pub use back::{Back, PassedStep, passed_steps};
pub use copies::{Copy, copies, read_copies, send_copies, shown_to};

use crate::engine::{By, Outcome};
use crate::signing::{self, Progress, Seat};
use crate::store::{self, Task};
use crate::{APPLICANT, Engine};
use signers::progress;

/// The outcome of a task that was sent back.
const RETURNED: &str = "return";

/// A colleague: identifier and name.
pub type Colleague<'a> = (Uuid, &'a str);

impl Engine {
    /// Takes a task for oneself, so that nobody else works on it at the same time (领取). A deputy takes it for whom they stand
    /// in for, who so has it back when the time is over.
    ///
    /// # Errors
    /// When the actor may not do it or somebody else has it.
    pub async fn claim(&self, tx: &Tx, actor: &Actor, task: &Task, now: DateTime<Utc>) -> Result<()> {
        actor.staff()?;
        let actor = &*in_hand(actor, task)?;
        let sql = "UPDATE flow_task SET assignee = $1, assignee_name = $2, claimed_at = $3 WHERE id = $4 AND state = 'open' AND (assignee IS NULL OR assignee = $1)";
        change(tx, task, sql, vec![actor.holder().into(), actor.name().into(), now.into(), task.id.into()]).await
    }

    /// Gives a taken task back to the work list (放回).
    ///
    /// # Errors
    /// When the actor does not have it.
    pub async fn release(&self, tx: &Tx, actor: &Actor, task: &Task) -> Result<()> {
        actor.staff()?;
        let actor = &*in_hand(actor, task)?;
        if task.added || task.owner.is_some() {
            return Err(Error::refused("flow.asked_of_you", "这项待办是指名请您办理的，不能放回；如不便办理请转办或填写意见。"));
        }
        let sql = "UPDATE flow_task SET assignee = NULL, assignee_name = NULL, claimed_at = NULL WHERE id = $1 AND state = 'open' AND assignee = $2";
        change(tx, task, sql, vec![task.id.into(), actor.holder().into()]).await
    }

    /// Hands a task to a named colleague (转办). The caller has checked that the colleague may do it.
    ///
    /// # Errors
    /// When the actor may not do the task or it is no longer open.
    pub async fn transfer(&self, tx: &Tx, actor: &Actor, task: &Task, to: Colleague<'_>, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        let sql = "UPDATE flow_task SET assignee = $1, assignee_name = $2, claimed_at = $3 WHERE id = $4 AND state = 'open' AND (assignee IS NULL OR assignee = $5)";
        change(tx, task, sql, vec![to.0.into(), to.1.into(), now.into(), task.id.into(), actor.holder().into()]).await
    }

    /// Lets a colleague work on a task and give it back with an opinion (委派).
    ///
    /// # Errors
    /// When the actor may not do the task, has been delegated it already, or it is no longer open.
    pub async fn delegate(&self, tx: &Tx, actor: &Actor, task: &Task, to: Colleague<'_>, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        if Some(to.0) == actor.staff().map(|staff| staff.staff).ok() || Some(to.0) == actor.holder() {
            return Err(Error::field("to", "不能委派给自己，请选择其他人员。"));
        }
        if task.owner.is_some() {
            return Err(Error::refused("flow.delegated", "这项待办是别人委派给您的，不能再委派；请填写意见后交还。"));
        }
        let sql = "UPDATE flow_task SET owner = $1, owner_name = $2, assignee = $3, assignee_name = $4, claimed_at = $5
                   WHERE id = $6 AND state = 'open' AND owner IS NULL AND (assignee IS NULL OR assignee = $1)";
        change(tx, task, sql, vec![actor.holder().into(), actor.name().into(), to.0.into(), to.1.into(), now.into(), task.id.into()]).await
    }

    /// Finishes a task: the process goes on in the caller's transaction. Two people at once: one wins, the other is told.
    /// A delegated task goes back to who delegated it; one that others sign too waits for them.
    ///
    /// # Errors
    /// When the actor may not, somebody else has it, or it is done already.
    pub async fn complete(&self, tx: &Tx, actor: &Actor, task: &Task, outcome: Outcome, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        if let Some(owner) = task.owner {
            let sql = "UPDATE flow_task SET assignee = owner, assignee_name = owner_name, owner = NULL, owner_name = NULL, comment = $1
                       WHERE id = $2 AND state = 'open' AND assignee = $3 AND owner = $4";
            return change(tx, task, sql, vec![outcome.comment.into(), task.id.into(), actor.holder().into(), owner.into()]).await;
        }
        let mut running = self.load_active(tx, task.instance_id).await?;
        finish(tx, actor, task, &outcome, now).await?;
        let mut decided = outcome.outcome.clone();
        if task.shared {
            let sign = |seats: &mut [Seat]| {
                // Its row is marked done already; for the rule it is still open.
                if let Some(seat) = seats.iter_mut().find(|s| s.id == task.id && matches!(s.progress, Progress::Done(_))) {
                    seat.progress = Progress::Open;
                }
                signing::sign(seats, task.id, &outcome.outcome)
            };
            match progress(tx, task, sign).await? {
                Some(whole) => decided = whole,
                None => return Ok(()),
            }
        }
        if let Some(due_at) = outcome.due_at {
            running.subject.due_at = due_at;
            running.moved = true;
            if running.instance.tokens.len() > 1 {
                store::move_open(tx, running.row.id, due_at).await?;
            }
        }
        if running.instance.token(token(task)).is_none() {
            tx.flush().await?; // done already: says by whom
        }
        let mut variables = outcome.variables;
        variables.insert("outcome".into(), decided.into());
        let command = Command::CompleteTask { token: token(task), variables };
        self.advance(tx, &mut running, command, By { actor, now }).await
    }

    /// Reports an error the drawing knows from the task, e.g. that an inspection failed.
    ///
    /// # Errors
    /// When the actor may not do the task, or the drawing does not know the error.
    pub async fn fail(&self, tx: &Tx, actor: &Actor, task: &Task, code: &str, comment: &str, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        let mut running = self.load_active(tx, task.instance_id).await?;
        if !running.interpreter().catches(&running.instance, token(task), code) {
            return Err(Error::refused("flow.error_unknown", "流程没有为这种情形设置处理办法，请填写意见办理。"));
        }
        finish(tx, actor, task, &Outcome::of(code).comment(comment), now).await?;
        let command = Command::ThrowError { token: token(task), code: code.to_owned(), variables: serde_json::Map::new() };
        self.advance(tx, &mut running, command, By { actor, now }).await
    }
}

fn token(task: &Task) -> u64 {
    u64::try_from(task.token).unwrap_or_default()
}

/// Marks a task done by the actor. Sent with the other writes of the transaction; whoever comes second is told then.
async fn finish(tx: &Tx, actor: &Actor, task: &Task, outcome: &Outcome, now: DateTime<Utc>) -> Result<()> {
    let id = task.id;
    let done = Write::new(
        "UPDATE flow_task SET state = 'done', done_at = $1, done_by = $2, done_by_name = $3, outcome = $4, comment = COALESCE($5, comment)
         WHERE id = $6 AND state = 'open' AND (assignee IS NULL OR assignee = $7)",
        [
            now.into(),
            actor.id().into(),
            actor.name().into(),
            outcome.outcome.clone().into(),
            outcome.comment.clone().into(),
            id.into(),
            actor.holder().into(),
        ],
    );
    tx.later(done.row(id).or_else(move |work| Box::pin(async move { taken_by_another(work, id).await.unwrap_or_else(|e| e) }))).await
}

/// Changes one task, unless its process is suspended, or says who has it.
async fn change(tx: &Tx, task: &Task, sql: &'static str, values: Vec<sea_orm::Value>) -> Result<()> {
    let sql = format!("{sql} AND NOT EXISTS (SELECT 1 FROM flow_instance i WHERE i.id = flow_task.instance_id AND i.suspended_at IS NOT NULL)");
    let changed = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    if changed.rows_affected() > 0 {
        return Ok(());
    }
    match store::instance(&**tx, task.instance_id).await? {
        Some(row) if row.suspended_at.is_some() => Err(crate::engine::suspended()),
        _ => Err(taken_by_another(&**tx, task.id).await?),
    }
}

/// The actor as they do this task, or why they may not.
fn in_hand<'a>(actor: &'a Actor, task: &Task) -> Result<Cow<'a, Actor>> {
    let actor = task.done_by_hand_of(actor);
    let allowed = match &*actor {
        Actor::Anonymous => return Err(Error::unauthenticated()),
        Actor::Party(party) => task.permission == APPLICANT && task.party_id == Some(party.party),
        other => task.asked_of(other) || (task.permission != APPLICANT && other.may_named(&task.permission, &task.target())),
    };
    if allowed {
        return Ok(actor);
    }
    Err(Error::forbidden(format!("“{}”不在您的岗位职责范围内，请由有相应岗位的人员办理。", task.name)))
}

async fn taken_by_another(conn: &impl ConnectionTrait, id: Uuid) -> Result<Error> {
    let now = store::task(conn, id).await?;
    Ok(match now {
        Some(task) if task.is_open() => Error::conflict(
            "flow.taken",
            format!("“{}”已由{}领取，如需接手请先由对方放回待办或转办给您。", task.name, task.assignee_name.unwrap_or_default()),
        ),
        Some(task) if task.state == "waiting" => Error::conflict("flow.waiting", format!("“{}”正在等待加签人的意见，意见齐后才能办理。", task.name)),
        Some(task) => Error::conflict(
            "flow.done",
            format!("“{}”已由{}办理完毕，请刷新页面查看最新进度。", task.name, task.done_by_name.unwrap_or_else(|| "系统".to_owned())),
        ),
        None => Error::not_found("没有这项待办。"),
    })
}
