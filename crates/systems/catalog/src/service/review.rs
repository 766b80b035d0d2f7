use access::Actor;
use base::{Error, Result};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::implementer::implementation_code;
use super::{card_of, facet_rows};
use crate::events::{CatalogEventKind, tell};
use crate::model::{ItemSpec, ItemStatus, Severity, problems};
use crate::permissions::{EDIT, REVIEW};
use crate::store::version::{self, Step};
use crate::store::{facet, item};

/// Sends the draft to the reviewers.
///
/// # Errors
/// Refused with every rule the list breaks, or while its body is not registered.
pub async fn submit_for_review(platform: &Platform, actor: &Actor, item_id: Uuid, lock: i32) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(EDIT, &row.target())?;
    let draft = super::draft::draft_of(&row)?;
    if row.body_id.is_none() {
        let text = format!("实施主体“{}”（{}）还没有在机构库登记，请先由机构管理员登记，再关联到这个事项。", row.body_name, row.body_uscc);
        return Err(Error::refused("catalog.body_unknown", text));
    }
    let found = version::get(platform.db.read(), draft).await?;
    refuse_problems(&found.spec()?, "提交审核")?;
    let now = platform.now();
    row.version = lock;
    row.working_state = ItemStatus::InReview.code().into();
    let tx = platform.db.begin().await?;
    let step = Step { from: ItemStatus::Draft, to: ItemStatus::InReview, reviewer_name: "", note: "", implementation_code: "" };
    version::advance(&tx, draft, step, now).await?;
    item::update(&tx, &row, now).await?;
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.submit", "提交审核", json!({ "version": found.number }))).await?;
    tx.commit().await
}

/// Publishes the version under review. From now on it never changes.
///
/// `difference_reason` says why the list differs from another body's list under the same code; without one such a list is
/// refused (同一事项、同一标准、同一编码: M-ITEM-01.09, R12).
///
/// # Errors
/// Forbidden to whoever wrote in it; refused when a rule is broken, the item is secret or the standard differs.
pub async fn publish(platform: &Platform, actor: &Actor, item_id: Uuid, lock: i32, difference_reason: &str) -> Result<()> {
    let conn = platform.db.read();
    let mut row = item::get(conn, item_id).await?;
    actor.require(REVIEW, &row.target())?;
    let id = in_review(&row)?;
    let found = version::get(conn, id).await?;
    if actor.id().is_some_and(|actor| found.editors().contains(&actor)) {
        return Err(Error::forbidden("您参与编制了这个版本，不能由您自己审核发布，请交给另一位审核人员。"));
    }
    let spec = found.spec()?;
    refuse_problems(&spec, "发布")?;
    super::drawn::check_named(platform, &spec).await?;
    super::drawn::check_guide(platform, &spec).await?;
    let code = implementation_code(&row.body_uscc, spec.level, &spec.base_code)?;
    let difference_reason = difference_reason.trim();
    if difference_reason.is_empty()
        && let Some((body, other)) = version::other_standard(conn, &spec.base_code, &row.variant, row.id, &spec.standard_hash()).await?
    {
        let differences = other.standard_differences(&spec).join("、");
        let text = format!(
            "{body}以同一编码发布的事项与本清单的{differences}不一致。同一事项应当同一标准、同一编码：请改成一致，或者写明不一致的理由后再发布。"
        );
        return Err(Error::refused("catalog.standard_differs", text));
    }
    let now = platform.now();
    row.version = lock;
    row.state = ItemStatus::Published.code().into();
    row.working_state = String::new();
    row.working_version_id = None;
    row.current_version_id = Some(id);
    row.card = serde_json::to_string(&card_of(&row, &spec))?;
    let tx = platform.db.begin().await?;
    let step = Step {
        from: ItemStatus::InReview,
        to: ItemStatus::Published,
        reviewer_name: actor.name(),
        note: difference_reason,
        implementation_code: code.as_str(),
    };
    version::advance(&tx, id, step, now).await?;
    item::update(&tx, &row, now).await?;
    facet::remove(&*tx, row.id).await?;
    facet::insert(&*tx, &facet_rows(&row, &spec)).await?;
    let data = json!({ "version": found.number, "content": spec.content_hash(), "code": code.as_str(), "difference_reason": difference_reason });
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.publish", "审核通过并发布", data)).await?;
    tell(&tx, CatalogEventKind::Published, &row, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Gives the version back to its editors, with reasons.
///
/// # Errors
/// Invalid without reasons; refused when nothing is under review.
pub async fn reject(platform: &Platform, actor: &Actor, item_id: Uuid, lock: i32, reasons: &str) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(REVIEW, &row.target())?;
    let id = in_review(&row)?;
    let reasons = reasons.trim();
    if reasons.is_empty() {
        return Err(Error::field("reasons", "请写明退回的理由，编制人员按理由修改。"));
    }
    let now = platform.now();
    row.version = lock;
    row.working_state = ItemStatus::Draft.code().into();
    let tx = platform.db.begin().await?;
    let step = Step { from: ItemStatus::InReview, to: ItemStatus::Draft, reviewer_name: actor.name(), note: reasons, implementation_code: "" };
    version::advance(&tx, id, step, now).await?;
    item::update(&tx, &row, now).await?;
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.reject", "审核退回", json!({ "reasons": reasons }))).await?;
    tx.commit().await
}

fn in_review(row: &item::ItemRow) -> Result<Uuid> {
    match (row.working_status(), row.working_version_id) {
        (Some(ItemStatus::InReview), Some(id)) if row.status() != ItemStatus::Cancelled => Ok(id),
        _ => Err(Error::refused("catalog.not_in_review", "这个事项没有待审核的版本，可能已经由他人审核，请刷新页面查看。")),
    }
}

/// Refuses a list that breaks a rule, naming every one.
pub(super) fn refuse_problems(spec: &ItemSpec, act: &str) -> Result<()> {
    let errors: Vec<String> = problems(spec).into_iter().filter(|p| p.severity == Severity::Error).map(|p| p.message).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let text = format!("“{}”有 {} 个问题，不能{act}：{}", spec.name, errors.len(), errors.join(""));
    Err(Error::refused("catalog.problems", text))
}
