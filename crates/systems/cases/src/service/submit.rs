//! Submission: everything is checked, then case, process, journal, receipt and event are written in ONE transaction.

use access::Actor;
use base::{Error, FieldError, Result, new_id, random_code};
use codes::lists::HandlingChannel;
use codes::{CaseNo, Ymd};
use chrono::Datelike;
use flow::Subject;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::{CORRECTION_DAYS, State, missing_materials};
use crate::service::documents::{DocumentKind, make};
use crate::service::draft::draft;
use crate::service::loaded::{ANSWERS, APPLICANT, LoadedCase, SITUATION, acceptance_due};
use crate::store::{self, CaseRow, DraftRow};

/// What the applicant gets at once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Submitted {
    /// The case.
    pub case_id: Uuid,
    /// 办件编号
    pub case_no: String,
    /// 查询码: with the number it shows the progress without signing in. Kept only as a hash; shown this once and on the receipt.
    pub query_code: String,
}

/// Submits a draft. `key` is the nonce of the form: the same submission sent twice makes one case.
///
/// # Errors
/// [`base::Kind::Invalid`] naming everything that is missing, at once.
pub async fn submit(platform: &Platform, actor: &Actor, draft_id: Uuid, key: &str, promised: bool) -> Result<Submitted> {
    let draft = match draft(platform, actor, draft_id).await {
        // Gone with the first submission: sent again, it gets the first answer.
        Err(error) if error.kind() == base::Kind::NotFound => return submitted(platform, actor, draft_id).await?.ok_or(error),
        found => found?,
    };
    let item = catalog::published(platform, draft.row.item_id).await?;
    if item.id != draft.row.item_version_id {
        return Err(Error::refused("cases.item_changed", "办事指南刚刚更新，请重新开始申请；已填写的内容可以对照原草稿。"));
    }
    let data = draft.data();
    let context = draft.context().on(platform.today()).knowing(&data);
    let checked = item.form.validate(&Value::Object(data.clone()), &context);
    let mut errors: Vec<FieldError> = checked.as_ref().err().into_iter().flatten().map(|error| FieldError::new(&error.path, &error.message)).collect();
    // The table that holds today decides again: what is asked for is what was published, not what a page once showed.
    let situation = match (catalog::guide(platform, &item.spec).await?, &draft.situation) {
        (Some(guide), Some(chosen)) => guide.answer(|_, question| chosen.answers.iter().find(|a| a.key == question.name).map_or("", |a| a.value.as_str())).ok(),
        _ => None,
    };
    if !item.spec.situation_key.is_empty() && situation.is_none() {
        errors.push(FieldError::new("situation", "请选择您属于哪种情形。"));
    }
    errors.extend(missing_materials(&item.spec, &draft.materials, situation.as_ref()));
    if !promised {
        errors.push(FieldError::new("promise", "请确认并勾选“我承诺所填内容和所交材料真实有效”。"));
    }
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    let answers = checked.unwrap_or_default().into_answers();
    let (now, today) = (platform.now(), platform.today());
    let channel = if draft.at_window() { HandlingChannel::Window } else { HandlingChannel::Computer };
    let query_code = random_code(8)?;
    let id = new_id();
    let day = Ymd::new(u16::try_from(today.year()).unwrap_or_default(), u8::try_from(today.month()).unwrap_or(1), u8::try_from(today.day()).unwrap_or(1))
        .ok_or_else(|| Error::internal("today is no date"))?;
    let region6 = item.region.get(..6).unwrap_or("450000");
    let serial = store::next_serial(&platform.db, region6, today).await?;
    let case_no = CaseNo::new(region6, day, channel, serial)?.to_string();
    let submitted = Submitted { case_id: id, case_no: case_no.clone(), query_code: query_code.clone() };
    let stored = platform.vault.seal("idempotency.submit", &serde_json::to_string(&submitted)?)?;
    let row = CaseRow {
        id,
        case_no,
        query_code: platform.vault.index("gov_case.query_code", &query_code),
        item_id: item.item_id,
        item_version_id: item.id,
        item_name: item.spec.name.clone(),
        item_code: item.implementation_code.clone(),
        body_id: item.body_id,
        body_name: item.body_name.clone(),
        region: item.region.clone(),
        party_id: draft.row.party_id,
        applicant: platform.vault.seal(APPLICANT, &serde_json::to_string(&draft.applicant)?)?,
        applicant_masked: masked_name(&draft.applicant.name, &draft.applicant.id_type),
        answers: platform.vault.seal(ANSWERS, &serde_json::to_string(&answers)?)?,
        materials: serde_json::to_string(&draft.materials)?,
        channel: if draft.at_window() { "window" } else { "online" }.into(),
        registered_by: draft.row.staff_id,
        state: State::Submitted.as_str().into(),
        correction: None,
        clock: None,
        submitted_at: now,
        accepted_at: None,
        promised_due: None,
        statutory_due: None,
        yellow_from: None,
        extension: None,
        special: None,
        decided_at: None,
        decision: None,
        reasons: None,
        result: None,
        closed_at: None,
        handled_by: "[]".into(),
        situation: match &situation {
            Some(situation) => Some(platform.vault.seal(SITUATION, &serde_json::to_string(situation)?)?),
            None => None,
        },
        version: 0,
    };
    let case = LoadedCase {
        state: State::Submitted,
        item,
        applicant: draft.applicant,
        answers: draft.answers,
        materials: draft.materials,
        situation,
        clock: None,
        row,
    };
    let definition = crate::processes::of_item(platform, &case.item.spec).await?;
    match write(platform, actor, &case, &draft.row, Stored { answer: hex::encode(&stored), key, definition }, &query_code).await {
        // Sent twice at the same moment: the other one was first, and its answer is this one's.
        Err(error) if error.kind() == base::Kind::Conflict => {
            platform.db.settled().await?;
            return self::submitted(platform, actor, draft_id).await?.ok_or(error);
        }
        done => done?,
    }
    platform.wake.notify();
    Ok(submitted)
}

/// What a submission leaves beside the case.
struct Stored<'a> {
    /// The sealed answer, for whoever sends the same again.
    answer: String,
    /// The nonce of the form.
    key: &'a str,
    /// The process it starts.
    definition: Uuid,
}

/// The one transaction of a submission.
async fn write(platform: &Platform, actor: &Actor, case: &LoadedCase, draft: &DraftRow, stored: Stored<'_>, query_code: &str) -> Result<()> {
    let tx = platform.db.begin().await?;
    // Keyed by the draft: double click, two windows, a retry after a broken connection are all the same act.
    db::claim_later(&tx, &scope(actor)?, &draft.id.to_string(), &stored.answer, platform.now()).await?;
    store::insert(&tx, &case.row).await?;
    store::delete_draft(&tx, draft).await?;
    journal::begins(&tx, case.row.id);
    make(platform, &tx, case, DocumentKind::Receipt, json!({ "query_code": query_code })).await?;
    let entry = Entry::new("cases.submit", "提交申请", json!({ "item": case.item.spec.name, "channel": case.row.channel, "key": stored.key }));
    case.record(platform, &tx, actor, entry, Some(CaseEventKind::Submitted)).await?;
    start_process(platform, &tx, actor, case, stored.definition).await?;
    tx.commit().await
}

async fn start_process(platform: &Platform, tx: &db::Tx, actor: &Actor, case: &LoadedCase, definition: Uuid) -> Result<()> {
    let now = platform.now();
    let subject = Subject {
        business: case.row.id,
        title: format!("{}（{}）", case.row.item_name, case.row.applicant_masked),
        region: case.row.region.clone(),
        body: Some(case.row.body_id),
        item: Some(case.row.item_id),
        party: Some(case.row.party_id),
        due_at: acceptance_due(platform)?,
    };
    let mut variables = Map::new();
    variables.insert("correction_days".into(), CORRECTION_DAYS.into());
    platform.flow.start(tx, definition, subject, variables, actor, now).await?;
    Ok(())
}

/// Names of persons are masked in lists; names of firms are public.
fn masked_name(name: &str, id_type: &str) -> String {
    if id_type == "uscc" { name.to_owned() } else { codes::mask::name(name) }
}

fn scope(actor: &Actor) -> Result<String> {
    let id = actor.id().ok_or_else(Error::unauthenticated)?;
    Ok(format!("cases.submit:{id}"))
}

/// What a draft became, for whoever submitted it: the page after submission can be opened again.
///
/// # Errors
/// When nobody is signed in.
pub async fn submitted(platform: &Platform, actor: &Actor, draft: Uuid) -> Result<Option<Submitted>> {
    let stored = db::repeated(platform.db.read(), &scope(actor)?, &draft.to_string()).await?;
    stored.map(|stored| open_submitted(platform, &stored)).transpose()
}

fn open_submitted(platform: &Platform, stored: &str) -> Result<Submitted> {
    Ok(serde_json::from_str(&platform.vault.open("idempotency.submit", &hex::decode(stored)?)?)?)
}
