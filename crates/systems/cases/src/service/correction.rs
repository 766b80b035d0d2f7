//! 补正: what was asked for, and the applicant's answer.

use access::Actor;
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use files::check_upload;
use flow::Outcome;
use forms::Answers;
use journal::Draft as Entry;
use platform::Platform;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use web::UploadedFile;

use crate::events::CaseEventKind;
use crate::model::{Act, CorrectionItem, Received};
use crate::service::loaded::{ANSWERS, LoadedCase, acceptance_due};
use crate::service::tasks::task_at;

/// The one notice and its answer, as stored with the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectionRound {
    /// Everything that was asked for.
    pub items: Vec<CorrectionItem>,
    /// Last day to answer.
    pub due: NaiveDate,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Targets the applicant replaced.
    #[serde(default)]
    pub replaced: Vec<String>,
    /// When the applicant answered.
    #[serde(default)]
    pub answered_at: Option<DateTime<Utc>>,
}

impl CorrectionRound {
    /// The round of a case, if there was one.
    ///
    /// # Errors
    /// When what was stored cannot be read.
    pub fn of(case: &LoadedCase) -> Result<Option<Self>> {
        Ok(case.row.correction.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// What the applicant sends.
#[derive(Debug, Clone, Default)]
pub struct Replacement {
    /// New answers to the form fields that were asked for, as typed.
    pub answers: Answers,
    /// New files; their form field is `material_<n>`.
    pub files: Vec<UploadedFile>,
}

/// Sends the corrections; the case goes back to acceptance.
///
/// # Errors
/// [`base::Kind::Invalid`] when something asked for is still missing.
pub async fn submit_correction(platform: &Platform, actor: &Actor, id: Uuid, replacement: Replacement) -> Result<()> {
    // Contents are stored before the transaction, so that a slow upload never holds a lock.
    let mut stored = Vec::new();
    for file in &replacement.files {
        let kind = check_upload(&file.field, &file.name, &file.bytes)?;
        stored.push((file, kind, platform.files.put(file.bytes.clone()).await?));
    }
    let tx = platform.db.begin().await?;
    let (mut case, tasks) = LoadedCase::at_work(platform, &tx, id).await?;
    case.authorise_party(actor)?;
    let task = task_at(tasks, &["correction"])?;
    let mut round = CorrectionRound::of(&case)?.ok_or_else(|| Error::internal("correction without a notice"))?;
    let asked = |target: &str| round.items.iter().any(|i| i.target == target);
    let form = &case.item.form;
    let fields: Vec<_> = form.fields().into_iter().filter(|field| asked(&format!("field_{}", field.path()))).collect();
    let mut answers = case.answers.clone();
    let came = forms::lay(&fields, &mut answers, replacement.answers)
        .map_err(|_| Error::refused("cases.unknown_field", "只能修改通知书列明的内容，请刷新页面后重新填写。"))?;
    let answers = form.read(&answers, catalog::form_context().lists);
    // Whether a field is shown at all may depend on one that was not asked for.
    let context = catalog::form_context().at("correction").on(platform.today());
    let view = form.evaluate(&answers, &context);
    let shown = |key: &str| view.node(key).is_some();
    let field = |target: &str| target.strip_prefix("field_").map(str::to_owned);
    // Emptied is not corrected, but boxes that were sent unticked are an answer.
    let answered = |key: &str| view.node(key).is_some_and(|node| node.value.is_some() || node.component.kind.chooses_many());
    let mut replaced: Vec<String> = came.iter().filter(|key| answered(key)).map(|key| format!("field_{key}")).collect();
    let mut fresh: Vec<String> = Vec::new();
    for (file, kind, digest) in stored {
        if !asked(&file.field) {
            return Err(Error::refused("cases.not_listed", "只需要提交通知书列明的材料，请刷新页面后重新上传。"));
        }
        let index: usize = file.field.trim_start_matches("material_").parse().map_err(|_| Error::not_found("没有这项材料。"))?;
        let record = platform.files.save_stored(&tx, &file.name, kind, digest, file.bytes.len(), platform.now()).await?;
        let slot = case.materials.get_mut(index).ok_or_else(|| Error::not_found("没有这项材料。"))?;
        if !fresh.contains(&file.field) {
            slot.files.clear(); // the new version takes the old one's place; the journal keeps both digests
            fresh.push(file.field.clone());
        }
        slot.files.push(record.id);
        slot.received = Received::Electronic;
    }
    replaced.extend(fresh);
    let missing: Vec<base::FieldError> = round
        .items
        .iter()
        .filter(|item| !replaced.contains(&item.target))
        .filter(|item| field(&item.target).is_none_or(|key| shown(&key))) // not asked any more: nothing to correct
        .map(|item| base::FieldError::new(item.target.clone(), format!("请补正“{}”：{}", item.name, item.what)))
        .collect();
    if !missing.is_empty() {
        return Err(Error::invalid(missing));
    }
    let clean = form.validate(&Value::Object(answers), &context);
    let answers = clean.map_err(|errors| Error::invalid(errors.into_iter().map(|e| base::FieldError::new(format!("field_{}", e.path), e.message)).collect()))?;
    case.apply(Act::Correct)?;
    case.answers = answers.into_answers();
    case.row.answers = platform.vault.seal(ANSWERS, &serde_json::to_string(&case.answers)?)?;
    case.row.materials = serde_json::to_string(&case.materials)?;
    round.replaced = replaced;
    round.answered_at = Some(platform.now());
    case.row.correction = Some(serde_json::to_string(&round)?);
    let entry = Entry::new("cases.correct", "提交补正", json!({ "replaced": round.replaced }));
    case.finish(platform, &tx, actor, entry, Some(CaseEventKind::Corrected)).await?;
    platform.flow.complete(&tx, actor, &task, Outcome::of("corrected").due(acceptance_due(platform)?), platform.now()).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
