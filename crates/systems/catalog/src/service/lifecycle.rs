use access::Actor;
use base::{Error, Result};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::facet_rows;
use crate::events::{CatalogEventKind, tell};
use crate::model::ItemStatus;
use crate::permissions::REVIEW;
use crate::store::{facet, item, version};

/// Takes a published item out of service for a time; it refuses applications until it is resumed.
///
/// # Errors
/// Invalid without a reason; refused when it is not in use.
pub async fn suspend(platform: &Platform, actor: &Actor, item_id: Uuid, reason: &str) -> Result<()> {
    change(platform, actor, item_id, ItemStatus::Suspended, reason, ("catalog.suspend", "暂停办理")).await
}

/// Puts a suspended item back into service.
///
/// # Errors
/// Invalid without a reason; refused when it is not suspended.
pub async fn resume(platform: &Platform, actor: &Actor, item_id: Uuid, reason: &str) -> Result<()> {
    change(platform, actor, item_id, ItemStatus::Published, reason, ("catalog.resume", "恢复办理")).await
}

/// Cancels an item for good: no new application anywhere, cases in flight end under their version (R37, M-ITEM-04.05).
///
/// # Errors
/// Invalid without a reason; refused when it was never published.
pub async fn cancel(platform: &Platform, actor: &Actor, item_id: Uuid, reason: &str) -> Result<()> {
    change(platform, actor, item_id, ItemStatus::Cancelled, reason, ("catalog.cancel", "取消事项")).await
}

async fn change(platform: &Platform, actor: &Actor, item_id: Uuid, to: ItemStatus, reason: &str, act: (&'static str, &str)) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(REVIEW, &row.target())?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "请写明理由和依据，会记入日志。"));
    }
    if row.current_version_id.is_none() || !row.status().may_become(to) {
        let text = format!("事项现在是“{}”，不能{}。请刷新页面查看最新情况。", row.status().name(), act.1);
        return Err(Error::refused("catalog.state", text));
    }
    let now = platform.now();
    row.state = to.code().into();
    if to == ItemStatus::Cancelled {
        row.working_state = String::new();
        row.working_version_id = None;
    }
    let spec = match (to, row.current_version_id) {
        (ItemStatus::Published, Some(id)) => Some(version::get(platform.db.read(), id).await?.spec()?),
        _ => None,
    };
    let tx = platform.db.begin().await?;
    item::update(&tx, &row, now).await?;
    facet::remove(&*tx, row.id).await?;
    let kind = match &spec {
        Some(spec) => {
            facet::insert(&*tx, &facet_rows(&row, spec)).await?;
            CatalogEventKind::Published
        }
        None => CatalogEventKind::Withdrawn,
    };
    journal::append(&tx, row.id, actor, now, Draft::new(act.0, act.1, json!({ "reason": reason }))).await?;
    tell(&tx, kind, &row, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
