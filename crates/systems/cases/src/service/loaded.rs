use std::borrow::Cow;
use std::sync::Arc;

use access::{Actor, Permission, Target};
use base::{Error, Result};
use catalog::ItemVersion;
use catalog::model::Situation;
use forms::Answers;
use chrono::NaiveDate;
use db::Tx;
use flow::Task;
use journal::Draft as Entry;
use platform::Platform;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::events::{CaseEvent, CaseEventKind};
use crate::model::{Act, Applicant, CaseClock, State, SubmittedMaterial};
use crate::store::{self, CaseRow};

/// A case with everything its rules need, opened.
#[derive(Debug, Clone)]
pub struct LoadedCase {
    /// As stored.
    pub row: CaseRow,
    /// Where it stands.
    pub state: State,
    /// The version applied for.
    pub item: Arc<ItemVersion>,
    /// Who applies.
    pub applicant: Applicant,
    /// What they answered.
    pub answers: Answers,
    /// What they handed in.
    pub materials: Vec<SubmittedMaterial>,
    /// The situation it was applied in, where the item asks for one.
    pub situation: Option<Situation>,
    /// The legal clock, once accepted.
    pub clock: Option<CaseClock>,
}

/// Who did which step, so that nobody acts in two layers of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handled {
    pub step: String,
    pub staff: Uuid,
    pub name: String,
    /// For whom a deputy did it; counts as having done it, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Uuid>,
}

impl Handled {
    fn by(&self, person: Uuid) -> bool {
        self.staff == person || self.principal == Some(person)
    }
}

/// 行政许可法 32: working days to accept or to tell everything that is missing. The timer of the processes says the same.
const ACCEPTANCE_DAYS: u32 = 5;

pub(crate) const ANSWERS: &str = "gov_case.answers";
pub(crate) const APPLICANT: &str = "gov_case.applicant";
pub(crate) const SITUATION: &str = "gov_case.situation";

impl LoadedCase {
    pub(crate) async fn load(platform: &Platform, conn: &impl ConnectionTrait, id: Uuid) -> Result<Self> {
        let row = store::case(conn, id).await?.ok_or_else(no_such_case)?;
        Self::open(platform, row).await
    }

    /// Reads a case to act on it, with the tasks that wait, in one query.
    pub(crate) async fn at_work(platform: &Platform, tx: &Tx, id: Uuid) -> Result<(Self, Vec<Task>)> {
        let (row, tasks) = store::case_with_work(tx, id).await?.ok_or_else(no_such_case)?;
        Ok((Self::open(platform, row).await?, tasks))
    }

    pub(crate) async fn open(platform: &Platform, row: CaseRow) -> Result<Self> {
        Ok(Self {
            state: State::parse(&row.state)?,
            item: catalog::version(platform, row.item_version_id).await?,
            applicant: serde_json::from_str(&platform.vault.open(APPLICANT, &row.applicant)?)?,
            answers: serde_json::from_str(&platform.vault.open(ANSWERS, &row.answers)?)?,
            materials: serde_json::from_str(&row.materials)?,
            situation: match &row.situation {
                Some(sealed) => serde_json::from_str(&platform.vault.open(SITUATION, sealed)?)?,
                None => None,
            },
            clock: row.clock.as_deref().map(serde_json::from_str).transpose()?,
            row,
        })
    }

    /// Leaves the case to what is called next in this transaction (the issuing of its result), not stored yet.
    pub(crate) fn lend(self, tx: &Tx) {
        tx.remember(self.row.id, self);
    }

    /// The case that was lent, if there is one.
    pub(crate) fn lent(tx: &Tx, id: Uuid) -> Option<Self> {
        tx.recall(id)
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> Target<'_> {
        Target { region: &self.row.region, body: Some(self.row.body_id), item: Some(self.row.item_id) }
    }

    /// Refuses staff without the post or scope, and anybody on their own case (R38), also that of whom they stand in for.
    /// Gives the actor as they act: a deputy for whoever holds the work or whose post alone allows it.
    pub(crate) fn authorise<'a>(&self, actor: &'a Actor, permission: Permission, holder: Option<Uuid>) -> Result<Cow<'a, Actor>> {
        actor.staff()?;
        actor.require(permission, &self.target())?;
        self.avoid_own(actor.for_work(permission.name, &self.target(), holder))
    }

    /// The actor as they do this task of the case; what else it takes, `flow` asks.
    pub(crate) fn at_task<'a>(&self, actor: &'a Actor, task: &Task) -> Result<Cow<'a, Actor>> {
        actor.staff()?;
        self.avoid_own(task.done_by_hand_of(actor))
    }

    /// 回避: nobody, and nobody's deputy, handles their own application.
    fn avoid_own<'a>(&self, actor: Cow<'a, Actor>) -> Result<Cow<'a, Actor>> {
        let staff = actor.staff()?;
        if staff.own_party == Some(self.row.party_id) {
            return Err(Error::forbidden("这是您本人的申请，应当回避，请转由其他工作人员办理。"));
        }
        if staff.concerned_by(self.row.party_id) {
            return Err(Error::forbidden("这是您所代理的同事本人的申请，应当回避，请转由其他工作人员办理。"));
        }
        Ok(actor)
    }

    /// Refuses everybody but the applicant, as if the case did not exist.
    pub(crate) fn authorise_party(&self, actor: &Actor) -> Result<()> {
        if actor.party()?.party == self.row.party_id { Ok(()) } else { Err(no_such_case()) }
    }

    /// Moves to the state after `act`, or says why not.
    pub(crate) fn apply(&mut self, act: Act) -> Result<()> {
        self.state = self.state.after(act)?;
        self.row.state = self.state.as_str().to_owned();
        Ok(())
    }

    /// Stores the clock and the days that follow from it.
    pub(crate) fn set_clock(&mut self, platform: &Platform, clock: CaseClock) -> Result<()> {
        let dues = clock.dues(platform.calendar)?;
        let text = |day: Option<NaiveDate>| day.map(|d| d.to_string());
        self.row.promised_due = text(dues.promised);
        self.row.statutory_due = text(dues.statutory);
        self.row.yellow_from = text(dues.yellow_from);
        self.row.clock = Some(serde_json::to_string(&clock)?);
        self.clock = Some(clock);
        Ok(())
    }

    /// The moment open tasks are due: end of the promised day; a year ahead while the clock stands still.
    pub(crate) fn due_at(&self, platform: &Platform) -> chrono::DateTime<chrono::Utc> {
        match self.row.promised_due.as_deref().and_then(|d| d.parse::<NaiveDate>().ok()).and_then(|d| d.succ_opt()) {
            Some(next) => journal::start_of_day(next),
            None => platform.now() + chrono::Duration::days(365),
        }
    }

    pub(crate) fn handled(&self) -> Result<Vec<Handled>> {
        Ok(serde_json::from_str(&self.row.handled_by)?)
    }

    /// Records who did a step; refuses whoever already did another layer of this case (M-APPR-01.16). A deputy counts as both:
    /// themselves and whom they stand in for.
    pub(crate) fn record_handler(&mut self, actor: &Actor, step: &str) -> Result<()> {
        let Actor::Staff(staff) = actor else { return Ok(()) };
        let mut handled = self.handled()?;
        let layered = |step: &str| matches!(step, "handling" | "examination" | "approval");
        let principal = staff.principal();
        let mut here: Vec<&Handled> = handled.iter().filter(|h| layered(step) && layered(&h.step) && h.step != step).collect();
        here.retain(|h| h.by(staff.staff) || principal.is_some_and(|p| h.by(p.staff)));
        if let Some(other) = here.first() {
            let who = match principal {
                Some(principal) if !other.by(staff.staff) => format!("您所代理的{}", principal.name),
                _ => "您".to_owned(),
            };
            return Err(Error::refused(
                "cases.same_person",
                format!("{who}已经办理过这件事的{}环节，承办、审查、审批应当由不同的人员办理，请转由其他人员办理。", step_label(&other.step)),
            ));
        }
        let principal = principal.map(|p| p.staff);
        handled.push(Handled { step: step.to_owned(), staff: staff.staff, name: staff.name.clone(), principal });
        self.row.handled_by = serde_json::to_string(&handled)?;
        Ok(())
    }

    /// Stores, journals and tells; the last step of every use case.
    pub(crate) async fn finish(&mut self, platform: &Platform, tx: &Tx, actor: &Actor, entry: Entry, kind: Option<CaseEventKind>) -> Result<()> {
        store::save(tx, &mut self.row).await?;
        self.record(platform, tx, actor, entry, kind).await
    }

    /// Journals and tells, without storing.
    pub(crate) async fn record(&self, platform: &Platform, tx: &Tx, actor: &Actor, entry: Entry, kind: Option<CaseEventKind>) -> Result<()> {
        let now = platform.now();
        journal::append(tx, self.row.id, actor, now, entry).await?;
        if let Some(kind) = kind {
            jobs::emit(tx, &self.event(kind, actor, now), now).await?;
        }
        Ok(())
    }

    fn event(&self, kind: CaseEventKind, actor: &Actor, at: chrono::DateTime<chrono::Utc>) -> CaseEvent {
        let day = |text: &Option<String>| text.as_deref().and_then(|d| d.parse().ok());
        CaseEvent {
            kind,
            case_id: self.row.id,
            case_no: self.row.case_no.clone(),
            item_id: self.row.item_id,
            item_version_id: self.row.item_version_id,
            item_name: self.row.item_name.clone(),
            body_id: self.row.body_id,
            body_name: self.row.body_name.clone(),
            region: self.row.region.clone(),
            party_id: self.row.party_id,
            channel: self.row.channel.clone(),
            at,
            promised_due: day(&self.row.promised_due),
            statutory_due: day(&self.row.statutory_due),
            granted: self.row.decision.as_deref().map(|d| d == "grant"),
            actor_name: actor.name().to_owned(),
        }
    }
}

/// The moment a day is over; the whole of the last day counts.
pub(crate) fn end_of(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    journal::start_of_day(day.succ_opt().unwrap_or(day))
}

/// Until when papers that came now must be accepted or answered: five working days (行政许可法 32).
pub(crate) fn acceptance_due(platform: &Platform) -> Result<chrono::DateTime<chrono::Utc>> {
    Ok(end_of(platform.calendar.add(platform.today(), ACCEPTANCE_DAYS)?))
}

/// The same answer whether the case does not exist or is not yours.
pub(crate) fn no_such_case() -> Error {
    Error::not_found("没有找到这个办件，请核对办件编号，或者在“我的办件”中查看。")
}

/// What a step is called.
pub(crate) fn step_label(step: &str) -> &'static str {
    match step {
        "acceptance" => "受理",
        "correction" => "补正",
        "handling" => "承办",
        "examination" => "审查",
        "approval" => "审批",
        _ => "办理",
    }
}

/// A short object for the journal.
pub(crate) fn note(pairs: &[(&str, &str)]) -> Value {
    Value::Object(pairs.iter().map(|(k, v)| ((*k).to_owned(), Value::String((*v).to_owned()))).collect())
}
