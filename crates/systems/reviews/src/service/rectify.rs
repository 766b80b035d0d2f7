//! Putting a bad rating right.

use access::Actor;
use base::{Error, Result, local_date};
use db::{Cursor, Idempotency, Page};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::ReviewEventKind;
use crate::model::{Act, Dues, Stage, Tally};
use crate::permissions::HANDLE;
use crate::service::rate::tell;
use crate::store::{self, Rectification, Review};

/// Shortest words that say something.
const SHORTEST: usize = 5;

/// One step of a task.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// What was found out, replied, held against it or ruled.
    pub words: String,
    /// With [`Act::Contact`]: the matter is complex, so the longer limit holds.
    pub complex: bool,
    /// With [`Act::Revisit`]: whether the person is content.
    pub satisfied: Option<bool>,
}

/// A task with its rating.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The task.
    pub task: Rectification,
    /// The rating.
    pub review: Review,
    /// Whether the actor may act as the supervising office here.
    pub supervising: bool,
}

/// Tasks within the actor's scope, most urgent first.
///
/// # Errors
/// When the actor is no staff member.
pub async fn tasks(platform: &Platform, actor: &Actor, open: bool, after: Option<&Cursor>, size: usize) -> Result<Page<Rectification>> {
    actor.staff()?;
    store::rectifications(platform.db.read(), actor.filter(HANDLE, &store::scope()), open, after, size).await
}

/// One task.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn task(platform: &Platform, actor: &Actor, id: Uuid) -> Result<TaskView> {
    let conn = platform.db.read();
    let task = store::rectification(conn, id).await?.ok_or_else(|| Error::not_found("没有这项差评整改任务。"))?;
    actor.require(HANDLE, &task.target())?;
    let review = store::review(conn, task.review_id).await?.ok_or_else(|| Error::internal("a task without its rating"))?;
    Ok(TaskView { supervising: supervises(actor, &task)?, task, review })
}

/// Nobody judges their own department.
fn supervises(actor: &Actor, task: &Rectification) -> Result<bool> {
    Ok(actor.staff()?.body != task.body_id)
}

/// Does one step. `nonce` makes the same form sent twice one step.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope, to the department for acts of the supervising office, and in one's own matter;
/// [`base::Kind::Conflict`] when the task is at another stage.
pub async fn perform(platform: &Platform, actor: &Actor, id: Uuid, version: i64, step: &Step, nonce: &str) -> Result<()> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let mut task = store::rectification(&*tx, id).await?.ok_or_else(|| Error::not_found("没有这项差评整改任务。"))?;
    actor.require(HANDLE, &task.target())?;
    if actor.staff()?.own_party == Some(task.party_id) {
        return Err(Error::forbidden("这是您本人的评价，按照回避规定请由其他工作人员处理。"));
    }
    if step.act.is_supervisors() && !supervises(actor, &task)? {
        return Err(Error::forbidden("误评认定和办结由效能监督部门作出，被评价的单位不能自己认定。"));
    }
    if db::idempotent(&tx, "reviews.step", nonce, &id.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    let stage = task.stage()?;
    let Some(next) = stage.after(step.act) else {
        return Err(Error::conflict("reviews.stage", format!("这项任务现在是“{}”，不能做“{}”。请刷新页面查看最新情况。", stage.name(), step.act.name())));
    };
    if step.words.chars().count() < SHORTEST {
        return Err(Error::field("words", "请写清楚情况，至少五个字。"));
    }
    if step.act == Act::Revisit && step.satisfied.is_none() {
        return Err(Error::field("satisfied", "请选择评价人是否满意整改结果。"));
    }
    if task.version != version {
        db::expect_one(0)?;
    }
    let words = Some(step.words.clone());
    let review = store::review(&*tx, task.review_id).await?.ok_or_else(|| Error::internal("a task without its rating"))?;
    match step.act {
        Act::Contact => {
            (task.finding, task.contacted_at, task.complex) = (words, Some(now), step.complex);
            task.rectify_due = Dues::from(local_date(task.opened_at), step.complex, platform.calendar)?.rectify.to_string();
        }
        Act::Appeal => (task.appeal, task.appealed_at) = (words, Some(now)),
        Act::Uphold | Act::Reject => (task.ruling, task.ruled_at) = (words, Some(now)),
        Act::Reply => (task.reply, task.replied_at) = (words, Some(now)),
        Act::Revisit => (task.revisit, task.satisfied, task.revisited_at) = (words, step.satisfied, Some(now)),
        Act::Close | Act::Reopen => task.closing = words,
    }
    task.stage = next.as_str().to_owned();
    if next == Stage::Closed {
        (task.open, task.closed_at) = (false, Some(now));
    }
    store::save_rectification(&tx, &task).await?;
    count(&tx, &task, &review, step.act, local_date(now)).await?;
    let entry = Draft::new("reviews.rectify", step.act.name(), json!({ "stage": next.as_str(), "words": step.words, "satisfied": step.satisfied }));
    journal::append(&tx, task.case_id, actor, now, entry).await?;
    let due = Some(task.due()?);
    match (step.act, next) {
        (Act::Reply, _) => tell(&tx, ReviewEventKind::Answered, &review, due, now).await?,
        (_, Stage::Closed) => tell(&tx, ReviewEventKind::Closed, &review, due, now).await?,
        (Act::Contact | Act::Reopen, _) => tell(&tx, ReviewEventKind::Opened, &review, due, now).await?,
        _ => {}
    }
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Keeps the counters of the day of the rating in step.
async fn count(tx: &db::Tx, task: &Rectification, review: &Review, act: Act, today: chrono::NaiveDate) -> Result<()> {
    let change = match act {
        Act::Uphold if store::mark_wrong(tx, review.id).await? => {
            let counted = if review.seq == 1 { Tally::first(review.stars()) } else { Tally { followups: 1, ..Tally::default() } };
            Tally { wrong: 1, ..Tally { opened: 1, ..counted }.undone() }
        }
        // A task that was sent back is answered twice and counts once.
        Act::Reply if task.closing.is_none() => Tally { answered: 1, in_time: i64::from(today <= task.due()?), ..Tally::default() },
        _ => return Ok(()),
    };
    store::add(tx, (task.body_id, &task.body_name), task.item_id, &task.region, local_date(review.made_at), &change).await
}
