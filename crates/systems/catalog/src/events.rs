//! What the catalogue tells the others: consumers refresh their copies when an item changes (M-ITEM-01.13).

use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use jobs::Event;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogEventKind {
    /// A version became the one the public sees, or a suspended item takes cases again: `catalog.published`.
    Published,
    /// The item was suspended or cancelled: `catalog.withdrawn`.
    Withdrawn,
}

/// An item was published or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogEvent {
    /// What happened.
    pub kind: CatalogEventKind,
    /// The item.
    pub item_id: Uuid,
    /// The version concerned.
    pub version_id: Option<Uuid>,
    /// Name of the item.
    pub name: String,
    /// The implementing body.
    pub body_id: Option<Uuid>,
    /// 12-digit code of its region.
    pub region: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Event for CatalogEvent {
    fn topic(&self) -> &'static str {
        match self.kind {
            CatalogEventKind::Published => "catalog.published",
            CatalogEventKind::Withdrawn => "catalog.withdrawn",
        }
    }
}

/// Tells of it in the transaction that did it.
pub(crate) async fn tell(tx: &Tx, kind: CatalogEventKind, item: &crate::store::item::ItemRow, now: DateTime<Utc>) -> Result<()> {
    let event = CatalogEvent {
        kind,
        item_id: item.id,
        version_id: item.current_version_id,
        name: item.name.clone(),
        body_id: item.body_id,
        region: item.region.clone(),
        at: now,
    };
    jobs::emit(tx, &event, now).await
}
