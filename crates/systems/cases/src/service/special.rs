//! 特别程序 (行政许可法 45): only those the item lists; the clock stands still meanwhile, and the applicant is told. Only the
//! announced time does not count: when it is over the clock goes on, whether the procedure has come to its conclusion or not.

use access::Actor;
use async_trait::async_trait;
use base::{Error, Result};
use chrono::NaiveDate;
use db::Tx;
use jobs::{Handler, Job, NewJob};
use journal::Draft as Entry;
use platform::Platform;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use workdays::Suspension;

use crate::events::CaseEventKind;
use crate::model::{Act, State};
use crate::permissions::HANDLE;
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::{LoadedCase, end_of};
use crate::store::{self, GovCase, ListFilter};

/// The job that ends a special procedure when its announced time is over.
pub(crate) const UNTIL_JOB: &str = "cases.special_until";

/// One special procedure of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialRecord {
    /// Its kind, from the item's list.
    pub name: String,
    /// Why it is needed.
    pub reason: String,
    /// Working days it may take.
    pub days: u16,
    /// First day that does not count.
    pub from: NaiveDate,
    /// When it should be over.
    pub until: NaiveDate,
    /// Its written conclusion (M-APPR-09.04), once it is over.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// When it was over.
    #[serde(default)]
    pub ended: Option<NaiveDate>,
    /// The announced time ran out and the clock ended it; the handler still owes the conclusion.
    #[serde(default)]
    pub lapsed: bool,
}

impl SpecialRecord {
    /// Ended by the clock, and nobody has written the conclusion yet.
    pub fn lacks_conclusion(&self) -> bool {
        self.lapsed && self.conclusion.is_none()
    }
}

impl LoadedCase {
    /// The special procedures of the case, oldest first.
    ///
    /// # Errors
    /// When what was stored cannot be read.
    pub fn specials(&self) -> Result<Vec<SpecialRecord>> {
        Ok(self.row.special.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
    }
}

/// Begins a special procedure that the item lists.
///
/// # Errors
/// When the item does not list it, it would take longer than listed, or the actor may not.
pub async fn start_special(platform: &Platform, actor: &Actor, id: Uuid, name: &str, days: u16, reason: &str) -> Result<()> {
    if reason.trim().chars().count() < 4 {
        return Err(Error::field("reason", "请写明为什么需要特别程序。"));
    }
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HANDLE, None)?;
    begin(platform, &tx, actor, &mut case, name, days, reason).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Begins a special procedure in the transaction of the act that leads to it.
///
/// # Errors
/// When the item does not list it, or it would take longer than listed.
pub(crate) async fn begin(platform: &Platform, tx: &Tx, actor: &Actor, case: &mut LoadedCase, name: &str, days: u16, reason: &str) -> Result<()> {
    let id = case.row.id;
    let listed = case.item.spec.special_procedures.iter().find(|p| p.name == name).cloned();
    let listed = listed.ok_or_else(|| Error::refused("cases.special_not_listed", "公布的特别程序清单里没有这一项，不能启动。"))?;
    if days == 0 || days > listed.days {
        return Err(Error::field("days", format!("“{name}”公布的时限是 {} 个工作日，请填写不超过它的天数。", listed.days)));
    }
    case.apply(Act::StartSpecial)?;
    let today = platform.today();
    let due_before = case.row.promised_due.clone();
    let mut clock = case.clock.clone().ok_or_else(|| Error::internal("in review without a clock"))?;
    clock.suspensions.push(Suspension { from: today, to: None });
    case.set_clock(platform, clock.clone())?;
    let until = platform.calendar.add(today, u32::from(days))?;
    if let Some(last) = clock.suspensions.last_mut() {
        last.to = Some(until);
    }
    let due_after = clock.dues(platform.calendar)?.promised;
    let mut specials = case.specials()?;
    specials.push(SpecialRecord { name: name.to_owned(), reason: reason.trim().to_owned(), days, from: today, until, conclusion: None, ended: None, lapsed: false });
    case.row.special = Some(serde_json::to_string(&specials)?);
    let data = json!({
        "acceptance": { "accepted_on": clock.accepted_on },
        "special": { "kind": name, "reason": reason.trim(), "working_days": days, "from": today, "until": until, "carried_out_by": case.row.body_name,
            "due_before": due_before, "due_after": due_after, "fee": "不向申请人收取费用", "note": "" },
    });
    make(platform, tx, case, DocumentKind::SpecialProcedure, data).await?;
    let entry = Entry::new("cases.start_special", format!("启动特别程序：{name}"), json!({ "reason": reason, "days": days, "until": until }));
    case.finish(platform, tx, actor, entry, Some(CaseEventKind::Suspended)).await?;
    end_in_time(platform, tx, id, until).await?;
    platform.flow.hold_limits(tx, id, platform.now()).await?;
    platform.flow.set_due(tx, id, case.due_at(platform)).await
}

fn job_key(case: Uuid, until: NaiveDate) -> String {
    format!("{case}:{until}")
}

/// Sees to it that the procedure ends when its last day is over.
async fn end_in_time(platform: &Platform, tx: &Tx, case: Uuid, until: NaiveDate) -> Result<()> {
    let job = NewJob::now(UNTIL_JOB, json!({ "case": case }), platform.now()).at(end_of(until)).keyed(job_key(case, until));
    jobs::enqueue(tx, job, platform.now()).await
}

/// Sees to it for every procedure that runs; those begun under an earlier release have no job yet.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_all_in_time(platform: &Platform) -> Result<()> {
    let mut after = None;
    loop {
        let condition = Condition::all().add(Expr::col(GovCase::State).eq(State::SpecialProcedure.as_str()));
        let page = store::list(platform.db.read(), ListFilter { condition: Some(condition), after, size: 200 }).await?;
        let tx = platform.db.begin().await?;
        for row in &page.items {
            let specials: Vec<SpecialRecord> = row.special.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
            if let Some(last) = specials.last() {
                end_in_time(platform, &tx, row.id, last.until).await?;
            }
        }
        tx.commit().await?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Ends a special procedure whose announced time is over.
pub(crate) struct SpecialUntil(pub Platform);

#[async_trait]
impl Handler for SpecialUntil {
    async fn run(&self, job: &Job) -> Result<()> {
        let id: Uuid = serde_json::from_value(job.payload["case"].clone())?;
        lapse(&self.0, id).await
    }
}

/// The last announced day is over: the clock goes on from the next, and applicant and handler are told. Nothing happens when
/// the procedure has ended meanwhile, or another runs that has time left.
async fn lapse(platform: &Platform, id: Uuid) -> Result<()> {
    let actor = Actor::System("办理时限");
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let mut specials = case.specials()?;
    let Some(last) = specials.last_mut().filter(|s| case.state == State::SpecialProcedure && s.until < platform.today()) else { return Ok(()) };
    let until = last.until;
    (last.ended, last.lapsed) = (Some(until), true);
    let (name, from) = (last.name.clone(), last.from);
    case.row.special = Some(serde_json::to_string(&specials)?);
    case.apply(Act::EndSpecial)?;
    let mut clock = case.clock.clone().ok_or_else(|| Error::internal("in review without a clock"))?;
    if let Some(last) = clock.suspensions.last_mut() {
        last.to = Some(until);
    }
    let accepted_on = clock.accepted_on;
    case.set_clock(platform, clock)?;
    let data = json!({
        "acceptance": { "accepted_on": accepted_on },
        "special": { "kind": name, "from": from, "until": until, "resumed_on": until.succ_opt(), "due_after": case.row.promised_due },
    });
    make(platform, &tx, &case, DocumentKind::SpecialEnded, data).await?;
    let entry = Entry::new(
        "cases.lapse_special",
        format!("特别程序期满，办理期限恢复计算：{name}"),
        json!({ "until": until, "promised_due": case.row.promised_due }),
    );
    case.finish(platform, &tx, &actor, entry, Some(CaseEventKind::Resumed)).await?;
    platform.flow.run_limits(&tx, id, platform.now()).await?;
    platform.flow.set_due(&tx, id, case.due_at(platform)).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Ends the running special procedure with its conclusion; the clock goes on. For one that the clock ended already it only
/// writes the conclusion down.
///
/// # Errors
/// When none runs or the conclusion is missing.
pub async fn end_special(platform: &Platform, actor: &Actor, id: Uuid, conclusion: &str) -> Result<()> {
    if conclusion.trim().chars().count() < 4 {
        return Err(Error::field("conclusion", "请填写特别程序的书面结论。"));
    }
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*case.authorise(actor, HANDLE, None)?;
    conclude(platform, &tx, actor, &mut case, conclusion).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Whether a special procedure waits for its conclusion: one that runs, or one that ran out of time without.
pub(crate) fn wants_conclusion(case: &LoadedCase) -> Result<bool> {
    Ok(case.state == State::SpecialProcedure || (!case.state.is_closed() && case.specials()?.last().is_some_and(SpecialRecord::lacks_conclusion)))
}

/// Writes the conclusion down in the transaction of the act, and lets the clock go on.
///
/// # Errors
/// When none runs.
pub(crate) async fn conclude(platform: &Platform, tx: &Tx, actor: &Actor, case: &mut LoadedCase, conclusion: &str) -> Result<()> {
    let id = case.row.id;
    let mut specials = case.specials()?;
    if let Some(last) = specials.last_mut().filter(|s| s.lacks_conclusion() && !case.state.is_closed()) {
        last.conclusion = Some(conclusion.trim().to_owned());
        let entry = Entry::new("cases.conclude_special", format!("补录特别程序结论：{}", last.name), json!({ "conclusion": conclusion.trim() }));
        case.row.special = Some(serde_json::to_string(&specials)?);
        return case.finish(platform, tx, actor, entry, None).await;
    }
    case.apply(Act::EndSpecial)?;
    let today = platform.today();
    let mut clock = case.clock.clone().ok_or_else(|| Error::internal("in review without a clock"))?;
    if let Some(last) = clock.suspensions.last_mut() {
        last.to = Some(today);
    }
    case.set_clock(platform, clock)?;
    let name = match specials.last_mut() {
        Some(last) => {
            jobs::cancel(tx, UNTIL_JOB, &job_key(id, last.until)).await?;
            last.conclusion = Some(conclusion.trim().to_owned());
            last.ended = Some(today);
            last.name.clone()
        }
        None => String::new(),
    };
    case.row.special = Some(serde_json::to_string(&specials)?);
    let entry = Entry::new("cases.end_special", format!("结束特别程序：{name}"), json!({ "conclusion": conclusion, "promised_due": case.row.promised_due }));
    case.finish(platform, tx, actor, entry, Some(CaseEventKind::Resumed)).await?;
    platform.flow.run_limits(tx, id, platform.now()).await?;
    platform.flow.set_due(tx, id, case.due_at(platform)).await
}
