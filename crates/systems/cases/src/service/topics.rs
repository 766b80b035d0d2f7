//! What the process asks of cases: things that happen because a time ran out, and steps that need nobody.

use std::sync::Arc;

use async_trait::async_trait;
use base::{Error, Result, new_id};
use db::Tx;
use flow::{ServiceCall, Topic, TopicHandler};
use jobs::Handler;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Map, Value, json};

use crate::events::CaseEventKind;
use crate::model::{Act, State};
use crate::service::acceptance::start_clock;
use crate::service::correction::CorrectionRound;
use crate::service::documents::{DocumentKind, SEAL_JOB, SealDocument, make};
use crate::service::loaded::LoadedCase;
use crate::service::deliver::hand_over;
use crate::service::special::{SpecialUntil, UNTIL_JOB, begin};
use crate::store::{self, MessageRow};

/// Topics this system answers.
pub fn topics(platform: &Platform) -> Vec<(&'static str, Topic)> {
    let mut topics = crate::service::rules::topics(platform);
    topics.push(crate::service::notice::topic(platform));
    topics.push(("cases.deem_accepted", Topic::Local(Arc::new(DeemAccepted(platform.clone())))));
    topics.push(("cases.close_uncorrected", Topic::Local(Arc::new(CloseUncorrected(platform.clone())))));
    topics.push(("cases.start_special", Topic::Local(Arc::new(StartSpecial(platform.clone())))));
    topics.push(("cases.deliver", Topic::Local(Arc::new(Deliver(platform.clone())))));
    topics.push(("cases.notify", Topic::Local(Arc::new(Notify(platform.clone())))));
    topics
}

/// Jobs this system runs.
pub fn jobs(platform: &Platform) -> Vec<(&'static str, Arc<dyn Handler>)> {
    vec![(UNTIL_JOB, Arc::new(SpecialUntil(platform.clone()))), (SEAL_JOB, Arc::new(SealDocument(platform.clone())))]
}

/// 行政许可法 32: whoever does not tell what is missing within five days has accepted on the day the papers came.
struct DeemAccepted(Platform);

#[async_trait]
impl TopicHandler for DeemAccepted {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let platform = &self.0;
        let mut case = LoadedCase::load(platform, &**tx, call.business).await?;
        case.apply(Act::Accept)?;
        case.row.accepted_at = Some(call.now);
        // Corrected papers came on the day of the correction.
        let corrected = CorrectionRound::of(&case)?.and_then(|round| round.answered_at);
        let received_on = base::local_date(corrected.unwrap_or(case.row.submitted_at));
        start_clock(platform, &mut case, received_on)?;
        make(platform, tx, &case, DocumentKind::Acceptance, json!({ "acceptance": { "accepted_on": received_on } })).await?;
        let entry = Entry::new("cases.deem_accepted", "逾期未告知补正，视为受理", json!({ "accepted_on": received_on }));
        case.finish(platform, tx, &call.actor, entry, Some(CaseEventKind::Accepted)).await?;
        platform.flow.set_due(tx, call.business, case.due_at(platform)).await?;
        Ok(Map::new())
    }
}

/// The applicant did not correct in time: taken as withdrawn, may apply again.
struct CloseUncorrected(Platform);

#[async_trait]
impl TopicHandler for CloseUncorrected {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let platform = &self.0;
        let mut case = LoadedCase::load(platform, &**tx, call.business).await?;
        case.apply(Act::Lapse)?;
        case.row.closed_at = Some(call.now);
        case.row.reasons = Some("补正期限已过，没有收到补正内容，视为撤回申请。您可以重新申请。".into());
        case.finish(platform, tx, &call.actor, Entry::new("cases.lapse", "逾期未补正，办结", json!({})), Some(CaseEventKind::Closed)).await?;
        Ok(Map::new())
    }
}

/// An attribute of the drawing that says something.
fn attribute<'c>(call: &'c ServiceCall, name: &str) -> Option<&'c str> {
    call.attributes.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Begins the special procedure the drawing names (`tongban:special`, `tongban:days`), or the first the item lists.
struct StartSpecial(Platform);

#[async_trait]
impl TopicHandler for StartSpecial {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let mut case = LoadedCase::load(&self.0, &**tx, call.business).await?;
        let listed = &case.item.spec.special_procedures;
        let found = match attribute(call, "special") {
            Some(name) => listed.iter().find(|procedure| procedure.name == name),
            None => listed.first(),
        };
        let found = found.cloned().ok_or_else(|| Error::refused("cases.special_not_listed", "流程要启动的特别程序不在事项公布的清单里，请联系流程设计人员。"))?;
        let days = attribute(call, "days").and_then(|days| days.parse().ok()).unwrap_or(found.days).min(found.days);
        let reason = attribute(call, "reason").unwrap_or("办理流程规定的环节");
        begin(&self.0, tx, &call.actor, &mut case, &found.name, days, reason).await?;
        Ok(Map::new())
    }
}

/// Delivers what was decided (送达), in the way the drawing names (`tongban:method`).
struct Deliver(Platform);

#[async_trait]
impl TopicHandler for Deliver {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let lent = LoadedCase::lent(tx, call.business);
        let was_lent = lent.is_some();
        let mut case = match lent {
            Some(case) => case,
            None => LoadedCase::load(&self.0, &**tx, call.business).await?,
        };
        if case.state != State::Delivered {
            let entry = hand_over(&self.0, tx, &mut case, &call.actor, attribute(call, "method").unwrap_or("电子送达")).await?;
            let kind = Some(CaseEventKind::Delivered);
            // A case that was lent is stored by whoever lent it.
            if was_lent { case.record(&self.0, tx, &call.actor, entry, kind).await? } else { case.finish(&self.0, tx, &call.actor, entry, kind).await? }
        }
        if was_lent {
            case.lend(tx);
        }
        Ok(Map::new())
    }
}

/// Writes to the applicant (发通知) what the drawing says (`tongban:message`).
struct Notify(Platform);

#[async_trait]
impl TopicHandler for Notify {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let lent = LoadedCase::lent(tx, call.business);
        let was_lent = lent.is_some();
        let case = match lent {
            Some(case) => case,
            None => LoadedCase::load(&self.0, &**tx, call.business).await?,
        };
        let text = attribute(call, "message").unwrap_or("您的办件有新的进展，请查看。");
        let text = text.replace("{办件编号}", &case.row.case_no).replace("{事项名称}", &case.row.item_name).replace("{办理机关}", &case.row.body_name);
        let message = MessageRow { id: new_id(), case_id: case.row.id, party_id: case.row.party_id, item_name: case.row.item_name.clone(), text, sent_at: call.now };
        store::insert_message(tx, &message).await?;
        case.record(&self.0, tx, &call.actor, Entry::new("cases.notify", "向申请人发出通知", json!({ "text": message.text })), None).await?;
        if was_lent {
            case.lend(tx);
        }
        Ok(Map::new())
    }
}
