//! 督办: sent to the body of a case, answered by it, judged by supervision.

use access::Actor;
use base::{Error, FieldError, Result, local_date, new_id};
use cases::permissions::{HANDLE, HEAD};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use db::{Cursor, Idempotency, Page, Tx};
use journal::Draft;
use platform::Platform;
use sea_orm::sea_query::Condition;
use serde_json::json;
use uuid::Uuid;

use crate::events::SupervisionEvent;
use crate::model::{NoticeAct, NoticeState};
use crate::permissions::NOTICE;
use crate::service::look::not_own;
use crate::store::{self, Notice};

/// Shortest words that say something.
const SHORTEST: usize = 5;

/// A notice to send.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// What is to be explained or done.
    pub text: String,
    /// Last day to answer.
    pub due: Option<NaiveDate>,
}

fn words(field: &str, text: &str) -> Result<()> {
    if text.chars().count() < SHORTEST {
        return Err(Error::field(field, "请写清楚内容，至少五个字。"));
    }
    Ok(())
}

/// Sends a notice about a case to its body. `nonce` makes the same form sent twice one notice.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope and in one's own case, [`base::Kind::Invalid`] without text or with a day that has
/// passed.
pub async fn send(platform: &Platform, actor: &Actor, case: Uuid, new: &NewNotice, nonce: &str) -> Result<Uuid> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let watch = store::watch(&*tx, case).await?.ok_or_else(|| Error::not_found("没有找到这个办件。"))?;
    actor.require(NOTICE, &watch.target())?;
    not_own(actor, watch.party_id)?;
    words("text", &new.text)?;
    let today = local_date(now);
    let Some(due) = new.due.filter(|due| *due > today) else {
        return Err(Error::invalid(vec![FieldError::new("due_year", "请填写今天以后的一天作为答复期限。")]));
    };
    let id = new_id();
    if let Idempotency::Repeated(first) = db::idempotent(&tx, "supervision.notice", nonce, &id.to_string(), now).await? {
        return first.parse().map_err(Error::internal);
    }
    let notice = Notice {
        id,
        number: store::next_number(&tx, today.year()).await?,
        case_id: case,
        case_no: watch.case_no,
        item_id: watch.item_id,
        item_name: watch.item_name,
        body_id: watch.body_id,
        body_name: watch.body_name,
        region: watch.region,
        party_id: watch.party_id,
        text: new.text.clone(),
        due: due.to_string(),
        state: NoticeState::Sent.as_str().to_owned(),
        sent_by: actor.name().to_owned(),
        sent_at: now,
        answer: None,
        answered_by: None,
        answered_by_name: None,
        answered_at: None,
        opinion: None,
        reviewed_by: None,
        reviewed_at: None,
        version: 1,
    };
    store::insert_notice(&tx, &notice).await?;
    let data = json!({ "number": notice.number, "text": notice.text, "due": notice.due });
    journal::append(&tx, case, actor, now, Draft::new("supervision.notice", "发出督办", data)).await?;
    tell(&tx, "notice_sent", &notice, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(id)
}

/// Whether the actor may answer for the body: its head, or whoever handles the case.
fn may_answer(actor: &Actor, notice: &Notice) -> bool {
    actor.may(HEAD, &notice.target()) || actor.may(HANDLE, &notice.target())
}

/// Answers a notice for the body addressed.
///
/// # Errors
/// [`base::Kind::Forbidden`] to other bodies, to posts that neither handle nor head, and in one's own case;
/// [`base::Kind::Conflict`] when it does not wait for an answer.
pub async fn answer(platform: &Platform, actor: &Actor, id: Uuid, version: i64, text: &str, nonce: &str) -> Result<()> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let mut notice = store::notice(&*tx, id).await?.ok_or_else(|| Error::not_found("没有这份督办。"))?;
    let staff = actor.staff()?;
    if staff.body != notice.body_id || !may_answer(actor, &notice) {
        return Err(Error::forbidden("督办由被督办单位的负责人或者承办人答复。"));
    }
    not_own(actor, notice.party_id)?;
    if db::idempotent(&tx, "supervision.answer", nonce, &id.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    notice.state = next(&notice, NoticeAct::Answer)?.as_str().to_owned();
    words("answer", text)?;
    if notice.version != version {
        db::expect_one(0)?;
    }
    notice.answer = Some(text.to_owned());
    (notice.answered_by, notice.answered_by_name, notice.answered_at) = (Some(staff.staff), Some(staff.name.clone()), Some(now));
    let late = notice.due.parse::<NaiveDate>().is_ok_and(|due| due < local_date(now));
    finish(&tx, actor, &notice, NoticeAct::Answer, json!({ "number": notice.number, "answer": text, "late": late }), now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Judges an answer: closes the notice or sends it back, perhaps with a new day.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope, in one's own case, and to whoever answered; [`base::Kind::Conflict`] when there is
/// no answer to judge.
pub async fn review(platform: &Platform, actor: &Actor, id: Uuid, version: i64, act: NoticeAct, opinion: &str, nonce: &str) -> Result<()> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let mut notice = store::notice(&*tx, id).await?.ok_or_else(|| Error::not_found("没有这份督办。"))?;
    actor.require(NOTICE, &notice.target())?;
    not_own(actor, notice.party_id)?;
    if actor.id() == notice.answered_by {
        return Err(Error::forbidden("答复督办的人不能审核自己的答复。"));
    }
    if db::idempotent(&tx, "supervision.review", nonce, &id.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    if act == NoticeAct::Answer {
        return Err(Error::not_found("没有这个操作。"));
    }
    notice.state = next(&notice, act)?.as_str().to_owned();
    words("opinion", opinion)?;
    if notice.version != version {
        db::expect_one(0)?;
    }
    if act == NoticeAct::Return {
        // Whoever has to answer again gets the next working day at least.
        let tomorrow = platform.calendar.next(local_date(now))?;
        notice.due = notice.due.parse::<NaiveDate>()?.max(tomorrow).to_string();
    }
    (notice.opinion, notice.reviewed_by, notice.reviewed_at) = (Some(opinion.to_owned()), Some(actor.name().to_owned()), Some(now));
    finish(&tx, actor, &notice, act, json!({ "number": notice.number, "opinion": opinion }), now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

fn next(notice: &Notice, act: NoticeAct) -> Result<NoticeState> {
    let state = notice.state()?;
    state
        .after(act)
        .ok_or_else(|| Error::conflict("supervision.notice_state", format!("这份督办现在是“{}”，不能{}。请刷新页面查看最新情况。", state.name(), act.name())))
}

async fn finish(tx: &Tx, actor: &Actor, notice: &Notice, act: NoticeAct, data: serde_json::Value, now: DateTime<Utc>) -> Result<()> {
    store::save_notice(tx, notice).await?;
    journal::append(tx, notice.case_id, actor, now, Draft::new("supervision.notice", act.name(), data)).await?;
    let kind = match act {
        NoticeAct::Answer => "notice_answered",
        NoticeAct::Return => "notice_returned",
        NoticeAct::Close => "notice_closed",
    };
    tell(tx, kind, notice, now).await
}

async fn tell(tx: &Tx, kind: &str, notice: &Notice, at: DateTime<Utc>) -> Result<()> {
    let event = SupervisionEvent { kind: kind.to_owned(), notice_id: notice.id, case_id: notice.case_id, body_id: notice.body_id, at };
    jobs::emit(tx, &event, at).await
}

/// Notices the actor may answer or judge, newest first.
///
/// # Errors
/// When the actor is no staff member.
pub async fn list(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<Notice>> {
    actor.staff()?;
    let visible = [HEAD, HANDLE, NOTICE].into_iter().fold(Condition::any(), |any, permission| any.add(actor.filter(permission, &store::scope())));
    store::notices(platform.db.read(), visible, after, size).await
}

/// One notice, and whether the actor may answer and judge it.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn one(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(Notice, bool, bool)> {
    let notice = store::notice(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有这份督办。"))?;
    let judges = actor.may(NOTICE, &notice.target());
    if !may_answer(actor, &notice) {
        actor.require(NOTICE, &notice.target())?;
    }
    let answers = may_answer(actor, &notice) && actor.staff()?.body == notice.body_id;
    Ok((notice, answers, judges))
}
