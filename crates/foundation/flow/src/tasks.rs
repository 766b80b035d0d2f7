//! What people do with their tasks.

use std::borrow::Cow;

use access::Actor;
use base::{Error, Result, new_id};
use bpmn::{Command, ScopeKind, TokenState};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::engine::{By, Outcome};
use crate::signing::{self, Place, Progress, Seat};
use crate::store::{self, Task};
use crate::timeline::Event;
use crate::{APPLICANT, Engine};

/// The outcome of a task that was sent back.
const RETURNED: &str = "return";

/// A colleague: identifier and name.
pub type Colleague<'a> = (Uuid, &'a str);

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

    /// Shows the record to colleagues who need not act (抄送).
    ///
    /// # Errors
    /// When the actor may not do the task.
    pub async fn copy_to(&self, tx: &Tx, actor: &Actor, task: &Task, to: &[Colleague<'_>], note: Option<&str>, now: DateTime<Utc>) -> Result<()> {
        let actor = in_hand(actor, task)?;
        send_copies(tx, task, to, note, actor.name(), now).await
    }

    /// Asks whoever has the task to hurry (催办); at most once an hour. The caller has checked that the actor may, and tells
    /// the person.
    ///
    /// # Errors
    /// When it is done, or was urged within the hour.
    pub async fn urge(&self, tx: &Tx, task: &Task, now: DateTime<Utc>) -> Result<()> {
        let since = now - chrono::Duration::hours(1);
        let sql = "UPDATE flow_task SET urged_at = $1 WHERE id = $2 AND state = 'open' AND (urged_at IS NULL OR urged_at < $3)";
        let urged = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), task.id.into(), since.into()])).await?;
        if urged.rows_affected() == 0 {
            return Err(Error::conflict("flow.urged", "这项待办已经办结，或一小时内已经催办过。"));
        }
        Ok(())
    }

    /// Stops the process about a record: nobody can act and no timer fires until it is resumed (挂起).
    ///
    /// # Errors
    /// When none runs or it is suspended already.
    pub async fn suspend(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE flow_instance SET suspended_at = $1, version = version + 1 WHERE business = $2 AND ended = FALSE AND suspended_at IS NULL";
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), business.into()])).await?;
        if done.rows_affected() == 0 {
            return Err(Error::conflict("flow.not_running", "流程没有在进行，或已经挂起。"));
        }
        self.hold_limits(tx, business, now).await
    }

    /// Lets a suspended process go on (恢复); its timers have as much time left as when it stopped.
    ///
    /// # Errors
    /// When it is not suspended.
    pub async fn resume(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Timer {
            subscription: i64,
            name: String,
        }
        let id = store::running_instance(&**tx, business).await?;
        let row = match id {
            Some(id) => store::instance(&**tx, id).await?,
            None => None,
        };
        let (Some(row), Some(since)) = (row.as_ref(), row.as_ref().and_then(|r| r.suspended_at)) else {
            return Err(Error::conflict("flow.not_suspended", "流程没有挂起。"));
        };
        let backend = tx.get_database_backend();
        let sql = "UPDATE flow_instance SET suspended_at = NULL, version = version + 1 WHERE id = $1 AND version = $2";
        let done = tx.execute_raw(Statement::from_sql_and_values(backend, sql, [row.id.into(), row.version.into()])).await?;
        db::expect_one(done.rows_affected())?;
        let sql = "SELECT subscription, name FROM flow_subscription WHERE instance_id = $1 AND kind = 'timer'";
        let timers = Timer::find_by_statement(Statement::from_sql_and_values(backend, sql, [row.id.into()])).all(&**tx).await?;
        for timer in timers {
            // The key of a timer's job ends in the moment it was set for.
            let due = timer.name.rsplit('/').next().and_then(|t| t.parse().ok()).and_then(DateTime::from_timestamp_micros).unwrap_or(now);
            let due = due + (now - since);
            let subscription = u64::try_from(timer.subscription).unwrap_or_default();
            jobs::cancel(tx, crate::work::TIMER, &timer.name).await?;
            let key = format!("{}/{}", crate::effects::key(row.id, subscription), due.timestamp_micros());
            let payload = serde_json::json!({ "instance": row.id, "subscription": subscription });
            jobs::enqueue(tx, jobs::NewJob::now(crate::work::TIMER, payload, now).at(due).keyed(key.clone()), now).await?;
            let sql = "UPDATE flow_subscription SET name = $1 WHERE instance_id = $2 AND subscription = $3";
            tx.later(Write::new(sql, [key.into(), row.id.into(), timer.subscription.into()])).await?;
        }
        self.run_limits(tx, business, now).await?;
        let subject: crate::Subject = serde_json::from_str(&row.subject)?;
        store::move_open(tx, row.id, subject.due_at).await
    }
}

/// Something shown to a member of staff who need not act.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Copy {
    /// Identifier.
    pub id: Uuid,
    /// The record.
    pub business: Uuid,
    /// One line about it.
    pub title: String,
    /// The step it was sent from.
    pub step: String,
    /// What was written with it.
    pub note: Option<String>,
    /// By whom.
    pub sent_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// When it was first looked at.
    pub read_at: Option<DateTime<Utc>>,
}

/// Tells colleagues of a task, each once.
///
/// # Errors
/// When the database fails.
pub async fn send_copies(tx: &Tx, task: &Task, to: &[Colleague<'_>], note: Option<&str>, by: &str, now: DateTime<Utc>) -> Result<()> {
    for (staff, _) in to.iter().take(signing::MAX_SEATS) {
        tx.later(Write::new(
            "INSERT INTO flow_copy (id, business, staff_id, title, step, note, sent_by, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                new_id().into(),
                task.business.into(),
                (*staff).into(),
                task.title.clone().into(),
                task.name.clone().into(),
                note.map(str::to_owned).into(),
                by.into(),
                now.into(),
            ],
        ))
        .await?;
    }
    Ok(())
}

/// Marks everything that was sent to a member of staff until now as looked at.
///
/// # Errors
/// When the database fails.
pub async fn read_copies(tx: &Tx, staff: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.later(Write::new("UPDATE flow_copy SET read_at = $1 WHERE staff_id = $2 AND read_at IS NULL", [now.into(), staff.into()])).await
}

/// Whether a member of staff was shown a record.
///
/// # Errors
/// When the database fails.
pub async fn shown_to(conn: &impl ConnectionTrait, business: Uuid, staff: Uuid) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM flow_copy WHERE staff_id = $1 AND business = $2 LIMIT 1";
    let values = [staff.into(), business.into()];
    Ok(conn.query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?.is_some())
}

/// The newest copies sent to a member of staff.
///
/// # Errors
/// When the database fails.
pub async fn copies(conn: &impl ConnectionTrait, staff: Uuid, limit: u64) -> Result<Vec<Copy>> {
    let sql = "SELECT id, business, title, step, note, sent_by, sent_at, read_at FROM flow_copy WHERE staff_id = $1 ORDER BY sent_at DESC, id DESC LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(Copy::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [staff.into(), limit.into()])).all(conn).await?)
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

/// Applies a rule to the seats of a task and stores what changed; the outcome when all have signed.
async fn progress(tx: &Tx, task: &Task, rule: impl FnOnce(&mut [Seat]) -> std::result::Result<Option<String>, signing::SeatError>) -> Result<Option<String>> {
    let rows = store::seats(tx, task).await?;
    let mut seats = as_seats(&rows);
    let whole = rule(&mut seats).map_err(|e| Error::refused("flow.signer", format!("{e}。")))?;
    write_seats(tx, &rows, &seats).await?;
    Ok(whole)
}

fn as_seats(rows: &[Task]) -> Vec<Seat> {
    let progress = |row: &Task| match row.state.as_str() {
        "open" => Progress::Open,
        "waiting" => Progress::Waiting,
        "done" => Progress::Done(row.outcome.clone().unwrap_or_default()),
        _ => Progress::Gone,
    };
    rows.iter().map(|row| Seat { id: row.id, stage: row.stage, main: !row.added, progress: progress(row) }).collect()
}

async fn write_seats(tx: &Tx, rows: &[Task], seats: &[Seat]) -> Result<()> {
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
