//! Steps besides acceptance and the three layers, as departments draw them: inspections, hearings, the opinions of other
//! departments in parallel; and what people do with any task besides finishing it: 加签, 委派, 取回, 抄送, 催办.

use access::Actor;
use base::{Error, Result};
use flow::signing::Place;
use flow::{Outcome, Task};
use journal::Draft as Entry;
use platform::Platform;
use uuid::Uuid;

use crate::service::loaded::{LoadedCase, note};
use crate::service::special::{conclude, wants_conclusion};
use crate::service::tasks::task;

/// Steps with forms of their own; every other step asks for an opinion and one of the answers its drawing offers.
const OWN_FORMS: [&str; 5] = ["acceptance", "correction", "handling", "examination", "approval"];

/// The step at which a special procedure is carried out: its opinion is the conclusion, and the clock goes on.
const SPECIAL: &str = "special";

/// Whether a step asks for an opinion only.
pub fn asks_for_opinion(task: &Task) -> bool {
    task.added || task.owner.is_some() || !OWN_FORMS.contains(&task.step.as_str())
}

/// Answers of a step as its drawing offers them (`tongban:outcomes="agree=同意;refuse=不同意"`): value and name.
///
/// # Errors
/// When the drawing cannot be read.
pub async fn answers(platform: &Platform, task: &Task) -> Result<Vec<(String, String)>> {
    let plain = || vec![("agree".to_owned(), "同意".to_owned()), ("refuse".to_owned(), "不同意".to_owned())];
    let conn = platform.db.read();
    let Some(running) = flow::running(conn, task.business).await? else { return Ok(plain()) };
    let process = platform.flow.process(conn, running.definition).await?;
    let drawn = process.element(&task.element).and_then(|e| e.extension("outcomes"));
    let pair = |text: &str| {
        let (value, name) = text.split_once('=').unwrap_or((text, text));
        (value.trim().to_owned(), name.trim().to_owned())
    };
    Ok(drawn.map(|text| text.split(';').filter(|part| !part.trim().is_empty()).map(pair).collect()).unwrap_or_else(plain))
}

fn words(text: &str, field: &str, wanted: &str) -> Result<()> {
    if text.trim().chars().count() < 2 {
        return Err(Error::field(field, wanted));
    }
    Ok(())
}

/// Gives an opinion on a step.
///
/// # Errors
/// When the answer is not one of those offered, the actor may not, or somebody else was first.
pub async fn give_opinion(platform: &Platform, actor: &Actor, task_id: Uuid, answer: &str, opinion: &str) -> Result<()> {
    words(opinion, "opinion", "请填写意见。")?;
    let task = task(platform, task_id).await?;
    let offered = answers(platform, &task).await?;
    let Some((_, name)) = offered.iter().find(|(value, _)| value == answer) else {
        return Err(Error::field("answer", "请选择一个结论。"));
    };
    if !asks_for_opinion(&task) {
        return Err(Error::refused("cases.own_form", "这个环节有专门的办理表单，请在办件页面办理。"));
    }
    let tx = platform.db.begin().await?;
    let (mut case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*case.at_task(actor, &task)?;
    if task.step == SPECIAL && wants_conclusion(&case)? {
        conclude(platform, &tx, actor, &mut case, opinion).await?;
    }
    let entry = Entry::new("cases.opinion", format!("{}：{name}", task.name), note(&[("step", &task.step), ("answer", answer), ("opinion", opinion)]));
    case.record(platform, &tx, actor, entry, None).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of(answer).comment(opinion.trim()), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Who of the same body can be asked for an opinion.
///
/// # Errors
/// When the database fails.
pub async fn advisers(platform: &Platform, actor: &Actor, task: &Task) -> Result<Vec<organization::StaffRef>> {
    let mut found = Vec::new();
    for permission in crate::permissions::WORK {
        for staff in organization::staff_for(platform.db.read(), permission.name, &task.target()).await? {
            if Some(staff.id) != actor.id() && !found.iter().any(|f: &organization::StaffRef| f.id == staff.id) {
                found.push(staff);
            }
        }
    }
    Ok(found)
}

async fn adviser(platform: &Platform, actor: &Actor, task: &Task, to: Uuid) -> Result<organization::StaffRef> {
    let all = advisers(platform, actor, task).await?;
    all.into_iter().find(|s| s.id == to).ok_or_else(|| Error::field("to", "请选择本机构中有办件岗位的同事。"))
}

/// Asks a colleague to sign before, beside or after oneself (加签).
///
/// # Errors
/// When the colleague has no post for cases here, or the task is not in the actor's hands.
pub async fn add_signer(platform: &Platform, actor: &Actor, task_id: Uuid, to: Uuid, place: Place, reason: &str) -> Result<()> {
    words(reason, "reason", "请写明请对方就什么发表意见。")?;
    let task = task(platform, task_id).await?;
    let colleague = adviser(platform, actor, &task, to).await?;
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*case.at_task(actor, &task)?;
    platform.flow.add_signer(&tx, actor, &task, (to, &colleague.name), place, platform.now()).await?;
    let entry = Entry::new("cases.add_signer", format!("“{}”请{}加签", task.name, colleague.name), note(&[("reason", reason)]));
    case.record(platform, &tx, actor, entry, None).await?;
    tx.commit().await
}

/// Takes back the request for a signature (减签).
///
/// # Errors
/// When the colleague has signed, or the task is not in the actor's hands.
pub async fn remove_signer(platform: &Platform, actor: &Actor, task_id: Uuid, signer: Uuid) -> Result<()> {
    let task = task(platform, task_id).await?;
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*task.done_by_hand_of(actor);
    let entry = Entry::new("cases.remove_signer", format!("“{}”减去一位加签人", task.name), note(&[]));
    case.record(platform, &tx, actor, entry, None).await?;
    platform.flow.remove_signer(&tx, actor, &task, signer, platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Lets a colleague prepare the work and give it back with an opinion (委派).
///
/// # Errors
/// As [`add_signer`].
pub async fn delegate(platform: &Platform, actor: &Actor, task_id: Uuid, to: Uuid, reason: &str) -> Result<()> {
    words(reason, "reason", "请写明委派的内容。")?;
    let task = task(platform, task_id).await?;
    let colleague = adviser(platform, actor, &task, to).await?;
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*case.at_task(actor, &task)?;
    platform.flow.delegate(&tx, actor, &task, (to, &colleague.name), platform.now()).await?;
    let entry = Entry::new("cases.delegate", format!("将“{}”委派给{}，由其出具意见后交还", task.name, colleague.name), note(&[("reason", reason)]));
    case.record(platform, &tx, actor, entry, None).await?;
    tx.commit().await
}

/// Shows a case to colleagues who need not act (抄送).
///
/// # Errors
/// When the actor may not do the task.
pub async fn copy_to(platform: &Platform, actor: &Actor, task_id: Uuid, to: Uuid, words_with_it: &str) -> Result<()> {
    let task = task(platform, task_id).await?;
    let colleague = adviser(platform, actor, &task, to).await?;
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*task.done_by_hand_of(actor);
    let said = Some(words_with_it.trim()).filter(|w| !w.is_empty());
    platform.flow.copy_to(&tx, actor, &task, &[(to, &colleague.name)], said, platform.now()).await?;
    let entry = Entry::new("cases.copy", format!("抄送{}", colleague.name), note(&[]));
    case.record(platform, &tx, actor, entry, None).await?;
    tx.commit().await
}

/// Asks whoever has the case to hurry (催办): the applicant their own, a colleague one they may see.
///
/// # Errors
/// When it was urged within the hour, or nothing waits for staff.
pub async fn urge(platform: &Platform, actor: &Actor, case_id: Uuid) -> Result<()> {
    let view = crate::service::view(platform, actor, case_id).await?;
    let task = view.tasks.iter().find(|t| t.is_open() && t.permission != flow::APPLICANT);
    let task = task.ok_or_else(|| Error::conflict("cases.nothing_to_urge", "目前没有等待工作人员办理的环节。"))?;
    let tx = platform.db.begin().await?;
    platform.flow.urge(&tx, task, platform.now()).await?;
    let case = LoadedCase::load(platform, &*tx, case_id).await?;
    case.record(platform, &tx, actor, Entry::new("cases.urge", format!("催办“{}”", task.name), note(&[])), None).await?;
    tx.commit().await
}

/// Takes one's own finished opinion back, as long as the next step has not begun (取回).
///
/// # Errors
/// When it is too late, or it was not one's own.
pub async fn take_back(platform: &Platform, actor: &Actor, task_id: Uuid) -> Result<()> {
    let task = task(platform, task_id).await?;
    if !asks_for_opinion(&task) {
        return Err(Error::refused("cases.no_take_back", "受理、承办、审查、审批的结论已经记入办件，不能取回；如需更正请联系下一环节退回。"));
    }
    let tx = platform.db.begin().await?;
    let (case, _) = LoadedCase::at_work(platform, &tx, task.business).await?;
    let actor = &*task.done_by_hand_of(actor);
    let entry = Entry::new("cases.take_back", format!("取回“{}”", task.name), note(&[]));
    case.record(platform, &tx, actor, entry, None).await?;
    platform.flow.take_back(&tx, actor, &task, platform.now()).await?;
    tx.commit().await
}
