//! More people sign the same work: asked by whoever has it (加签, 减签), or by the drawing (会签).

use access::Actor;
use base::{Error, Result, new_id};
use bpmn::{Command, ScopeKind};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use serde_json::Value;
use uuid::Uuid;

use super::{Colleague, in_hand, token};
use crate::Engine;
use crate::engine::By;
use crate::signing::{self, Place, Progress, Seat};
use crate::store::{self, Task};

impl Engine {
    /// Asks another person to sign the same work (加签). The caller has checked that the colleague may see the record.
    ///
    /// # Errors
    /// When the task is not in the actor's hands, or has too many signers.
    pub async fn add_signer(&self, tx: &Tx, actor: &Actor, task: &Task, to: Colleague<'_>, place: Place, now: DateTime<Utc>) -> Result<Uuid> {
        let actor = &*in_hand(actor, task)?;
        let staff = actor.staff()?;
        if to.0 == staff.staff || Some(to.0) == actor.holder() {
            return Err(Error::field("to", "不能请自己加签，请选择其他人员。"));
        }
        if task.owner.is_some() {
            return Err(Error::refused("flow.delegated", "这项待办是别人委派给您的，请填写意见后交还，由委派人决定是否加签。"));
        }
        // It is mine from now on: nobody else may decide while I wait for an opinion.
        self.claim(tx, actor, task, now).await?;
        let rows = store::seats(tx, task).await?;
        let new = new_id();
        let mut seats = as_seats(&rows);
        signing::add(&mut seats, task.id, new, place).map_err(|e| Error::refused("flow.signer", format!("{e}。")))?;
        let seat = seats.last().ok_or_else(|| Error::internal("no seat"))?;
        let state = if seat.progress == Progress::Open { "open" } else { "waiting" };
        tx.later(Write::new(
            "INSERT INTO flow_task (id, instance_id, token, element, name, step, permission, business, title, region, body_id, item_id, assignee, assignee_name, claimed_at,
                                    state, created_at, due_at, stage, added, shared, limit_at, yellow_from, red_from)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, TRUE, TRUE, $20, $21, $22)",
            [
                new.into(),
                task.instance_id.into(),
                task.token.into(),
                task.element.clone().into(),
                format!("{}（{}加签）", task.name, staff.name).into(),
                task.step.clone().into(),
                task.permission.clone().into(),
                task.business.into(),
                task.title.clone().into(),
                task.region.clone().into(),
                task.body_id.into(),
                task.item_id.into(),
                to.0.into(),
                to.1.into(),
                now.into(),
                state.into(),
                now.into(),
                task.due_at.into(),
                seat.stage.into(),
                task.limit_at.into(),
                task.yellow_from.clone().into(),
                task.red_from.clone().into(),
            ],
        ))
        .await?;
        write_seats(tx, &rows, &seats).await?;
        Ok(new)
    }

    /// Takes an added signer away who has not signed (减签).
    ///
    /// # Errors
    /// When the actor does not have the work, or the signer has signed.
    pub async fn remove_signer(&self, tx: &Tx, actor: &Actor, task: &Task, signer: Uuid, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        // Asking made the work theirs who asked; only they take the question back.
        if task.added || task.owner.is_some() || task.assignee.is_none() || task.assignee != actor.holder() {
            return Err(Error::forbidden("加签由提出的人减去，这项待办不在您手上。"));
        }
        let mut running = self.load_active(tx, task.instance_id).await?;
        if let Some(whole) = progress(tx, task, |seats| signing::remove(seats, signer)).await? {
            let variables = [("outcome".to_owned(), Value::from(whole))].into_iter().collect();
            self.advance(tx, &mut running, Command::CompleteTask { token: token(task), variables }, By { actor, now }).await?;
        }
        Ok(())
    }

    /// Adds one more person, post or body to a running countersign (会签加签); `item` is what the drawing's list holds for each.
    ///
    /// # Errors
    /// When the task is not part of a countersign.
    pub async fn add_round(&self, tx: &Tx, actor: &Actor, task: &Task, item: Value, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        let mut running = self.load_active(tx, task.instance_id).await?;
        let scope = running
            .instance
            .token(token(task))
            .and_then(|t| running.instance.scope(t.scope))
            .filter(|s| matches!(s.kind, ScopeKind::Iteration { .. }))
            .and_then(|s| s.parent)
            .ok_or_else(|| Error::refused("flow.no_countersign", "这项待办不是会签，请使用普通加签。"))?;
        self.advance(tx, &mut running, Command::AddInstance { scope, item }, By { actor, now }).await
    }

    /// Takes one part of a running countersign away that has not been signed (会签减签).
    ///
    /// # Errors
    /// When it is the last one, or no countersign.
    pub async fn remove_round(&self, tx: &Tx, actor: &Actor, task: &Task, removed: &Task, now: DateTime<Utc>) -> Result<()> {
        let actor = &*in_hand(actor, task)?;
        if removed.instance_id != task.instance_id || removed.element != task.element || !removed.is_open() {
            return Err(Error::refused("flow.no_countersign", "只能减去同一会签中尚未签署的人员。"));
        }
        let mut running = self.load_active(tx, task.instance_id).await?;
        self.advance(tx, &mut running, Command::RemoveInstance { token: token(removed) }, By { actor, now }).await
    }
}

/// Applies a rule to the seats of a task and stores what changed; the outcome when all have signed.
pub(super) async fn progress(tx: &Tx, task: &Task, rule: impl FnOnce(&mut [Seat]) -> std::result::Result<Option<String>, signing::SeatError>) -> Result<Option<String>> {
    let rows = store::seats(tx, task).await?;
    let mut seats = as_seats(&rows);
    let whole = rule(&mut seats).map_err(|e| Error::refused("flow.signer", format!("{e}。")))?;
    write_seats(tx, &rows, &seats).await?;
    Ok(whole)
}

pub(super) fn as_seats(rows: &[Task]) -> Vec<Seat> {
    let progress = |row: &Task| match row.state.as_str() {
        "open" => Progress::Open,
        "waiting" => Progress::Waiting,
        "done" => Progress::Done(row.outcome.clone().unwrap_or_default()),
        _ => Progress::Gone,
    };
    rows.iter().map(|row| Seat { id: row.id, stage: row.stage, main: !row.added, progress: progress(row) }).collect()
}

pub(super) async fn write_seats(tx: &Tx, rows: &[Task], seats: &[Seat]) -> Result<()> {
    for (row, seat) in rows.iter().zip(seats) {
        let state = match seat.progress {
            Progress::Open => "open",
            Progress::Waiting => "waiting",
            Progress::Done(_) => "done",
            Progress::Gone if row.state == "open" || row.state == "waiting" => "removed",
            Progress::Gone => row.state.as_str(),
        };
        if state != row.state || seat.stage != row.stage || !row.shared {
            let sql = "UPDATE flow_task SET state = $1, stage = $2, shared = TRUE WHERE id = $3 AND state = $4";
            tx.later(Write::new(sql, [state.into(), seat.stage.into(), row.id.into(), row.state.clone().into()]).row(row.id).once()).await?;
        }
    }
    Ok(())
}
