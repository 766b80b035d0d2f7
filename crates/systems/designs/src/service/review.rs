use access::Actor;
use base::{Error, Result};
use chrono::NaiveDate;
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::DesignEvent;
use crate::model::{self, Kind, Stage};
use crate::permissions::{EDIT, REVIEW};
use crate::store::{self, DesignRow, Step, VersionRow};

/// Sends the draft to the reviewers.
///
/// # Errors
/// Refused with everything the check found; conflict when it was saved since `lock`.
pub async fn submit(platform: &Platform, actor: &Actor, design: Uuid, lock: i32) -> Result<()> {
    let mut row = store::get(platform.db.read(), design).await?;
    actor.require(EDIT, &row.target())?;
    let draft = super::draft::draft_of(platform, &row).await?;
    refuse_findings(&row, &draft, "提交审核")?;
    let now = platform.now();
    row.stage = Stage::InReview.code().to_owned();
    let tx = platform.db.begin().await?;
    let step = Step { from: Stage::Draft, to: Stage::InReview, reviewer_name: "", note: "", effective_on: None, definition: None };
    store::advance(&tx, draft.id, lock, &step, now).await?;
    store::touch(&tx, &row, now).await?;
    journal::append(&tx, design, actor, now, Draft::new("designs.submit", "提交审核", json!({ "version": draft.number, "content": draft.digest }))).await?;
    tx.commit().await
}

/// Publishes the version under review, from a day on. It never changes again, and a process is deployed in the same
/// transaction.
///
/// # Errors
/// Forbidden to whoever wrote in it; refused when a check fails; invalid for a day that cannot be.
pub async fn publish(platform: &Platform, actor: &Actor, design: Uuid, lock: i32, effective_on: NaiveDate) -> Result<()> {
    let conn = platform.db.read();
    let mut row = store::get(conn, design).await?;
    actor.require(REVIEW, &row.target())?;
    let version = in_review(platform, &row).await?;
    if actor.id().is_none_or(|id| version.editors().map_or(true, |editors| editors.contains(&id))) {
        return Err(Error::forbidden("您参与编制了这个版本，不能由您自己审核发布，请交给另一位审核人员。"));
    }
    refuse_findings(&row, &version, "发布")?;
    model::check_effective(effective_on, platform.today(), store::latest_effective(conn, design).await?)?;
    let now = platform.now();
    row.working_id = None;
    row.stage = Stage::Published.code().to_owned();
    let tx = platform.db.begin().await?;
    let definition = match row.kind()? {
        Kind::Process => Some(platform.flow.deploy(&tx, &flow_key(&row.key), &version.content, now).await?),
        Kind::Decision | Kind::Form => None,
    };
    let step =
        Step { from: Stage::InReview, to: Stage::Published, reviewer_name: actor.name(), note: "", effective_on: Some(effective_on), definition };
    store::advance(&tx, version.id, lock, &step, now).await?;
    store::touch(&tx, &row, now).await?;
    let data = json!({ "version": version.number, "content": version.digest, "effective_on": effective_on });
    journal::append(&tx, design, actor, now, Draft::new("designs.publish", "审核通过并发布", data)).await?;
    tell(&tx, &row, &version, effective_on, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Key of the deployed process: apart from those that come with the program.
fn flow_key(key: &str) -> String {
    format!("designs/{key}")
}

async fn tell(tx: &Tx, row: &DesignRow, version: &VersionRow, effective_on: NaiveDate, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
    let event =
        DesignEvent { design_id: row.id, kind: row.kind.clone(), key: row.key.clone(), number: version.number, effective_on, at: now };
    jobs::emit(tx, &event, now).await
}

/// Gives the version back to its editors, with reasons.
///
/// # Errors
/// Invalid without reasons; refused when nothing is under review.
pub async fn reject(platform: &Platform, actor: &Actor, design: Uuid, lock: i32, reasons: &str) -> Result<()> {
    let mut row = store::get(platform.db.read(), design).await?;
    actor.require(REVIEW, &row.target())?;
    let version = in_review(platform, &row).await?;
    let reasons = reasons.trim();
    if reasons.is_empty() {
        return Err(Error::field("reasons", "请写明退回的理由，编制人员按理由修改。"));
    }
    let now = platform.now();
    row.stage = Stage::Draft.code().to_owned();
    let tx = platform.db.begin().await?;
    let step = Step { from: Stage::InReview, to: Stage::Draft, reviewer_name: actor.name(), note: reasons, effective_on: None, definition: None };
    store::advance(&tx, version.id, lock, &step, now).await?;
    store::touch(&tx, &row, now).await?;
    journal::append(&tx, design, actor, now, Draft::new("designs.reject", "审核退回", json!({ "version": version.number, "reasons": reasons }))).await?;
    tx.commit().await
}

async fn in_review(platform: &Platform, row: &DesignRow) -> Result<VersionRow> {
    let gone = || Error::refused("designs.not_in_review", "没有待审核的版本，可能已经由他人审核，请刷新页面查看。");
    let version = store::version(platform.db.read(), row.working_id.ok_or_else(gone)?).await?;
    if version.stage() == Stage::InReview { Ok(version) } else { Err(gone()) }
}

/// Refuses content that does not pass the check, naming every finding.
fn refuse_findings(row: &DesignRow, version: &VersionRow, act: &str) -> Result<()> {
    let found = model::check_with_examples(row.kind()?, &version.content, &version.examples()?);
    let errors: Vec<&str> = model::errors(&found).map(|finding| finding.message.as_str()).collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Error::refused("designs.findings", format!("“{}”有 {} 个问题，不能{act}：{}", row.name, errors.len(), errors.join(""))))
}
