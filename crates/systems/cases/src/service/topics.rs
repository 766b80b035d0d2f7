//! What the process asks of cases: things that happen because a time ran out.

use std::sync::Arc;

use async_trait::async_trait;
use base::Result;
use db::Tx;
use flow::{ServiceCall, Topic, TopicHandler};
use jobs::Handler;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Map, Value, json};

use crate::events::CaseEventKind;
use crate::model::Act;
use crate::service::acceptance::start_clock;
use crate::service::correction::CorrectionRound;
use crate::service::documents::{DocumentKind, SEAL_JOB, SealDocument, make};
use crate::service::loaded::LoadedCase;
use crate::service::special::{SpecialUntil, UNTIL_JOB};

/// Topics this system answers.
pub fn topics(platform: &Platform) -> Vec<(&'static str, Topic)> {
    let mut topics = crate::service::rules::topics(platform);
    topics.push(crate::service::notice::topic(platform));
    topics.push(("cases.deem_accepted", Topic::Local(Arc::new(DeemAccepted(platform.clone())))));
    topics.push(("cases.close_uncorrected", Topic::Local(Arc::new(CloseUncorrected(platform.clone())))));
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
