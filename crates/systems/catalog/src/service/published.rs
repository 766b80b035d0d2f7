use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base::{Error, Result};
use chrono::{DateTime, Utc};
use forms::Form;
use platform::Platform;
use uuid::Uuid;

use crate::model::{ItemSpec, ItemStatus};
use crate::store::{item, version as versions};

/// A published version of an item: what a guide shows and what a case is bound to. It never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemVersion {
    /// Identifier of the version.
    pub id: Uuid,
    /// Identifier of the item, the same through all versions.
    pub item_id: Uuid,
    /// 1 for the first version.
    pub version: i32,
    /// State of the version: always [`ItemStatus::Published`]. Whether the item takes cases now is told by [`published`].
    pub status: ItemStatus,
    /// The implementation list.
    pub spec: ItemSpec,
    /// The application form.
    pub form: Form,
    /// The implementing body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// 实施编码, 31 characters.
    pub implementation_code: String,
    /// 业务办理项编码, 33 characters.
    pub handling_code: String,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// The version the public may apply for now.
///
/// # Errors
/// Not found when the item was never published; refused with the reason when it is suspended or cancelled (R37).
pub async fn published(platform: &Platform, item_id: Uuid) -> Result<Arc<ItemVersion>> {
    let row = item::get(platform.db.read(), item_id).await?;
    match row.status() {
        ItemStatus::Published => {}
        ItemStatus::Suspended => {
            let text = format!("“{}”目前暂停办理，恢复办理的时间请咨询{}或拨打 {}。", row.name, row.body_name, platform.site.hotline);
            return Err(Error::refused("catalog.suspended", text));
        }
        ItemStatus::Cancelled => {
            let text = format!("“{}”已经取消，不再办理，也不需要再提交申请。如有疑问请拨打 {}。", row.name, platform.site.hotline);
            return Err(Error::refused("catalog.cancelled", text));
        }
        ItemStatus::Draft | ItemStatus::InReview => return Err(Error::not_found("没有找到这个事项，请从首页搜索或在分类中查找。")),
    }
    let id = row.current_version_id.ok_or_else(|| Error::internal(format!("item {item_id} is published without a version")))?;
    let found = version(platform, id).await?;
    // M-PORT-01.28: publication refuses secret items; should one get in by another way, it is still not shown.
    if found.spec.secret {
        return Err(Error::not_found("没有找到这个事项，请从首页搜索或在分类中查找。"));
    }
    Ok(found)
}

/// A published version by its own identifier, whatever became of the item since: cases in flight end under it (M-ITEM-04.05).
///
/// # Errors
/// Not found when there is no such published version.
pub async fn version(platform: &Platform, version_id: Uuid) -> Result<Arc<ItemVersion>> {
    if let Some(known) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(version_id) {
        return Ok(known);
    }
    let conn = platform.db.read();
    let row = versions::get(conn, version_id).await?;
    if row.status() != ItemStatus::Published {
        return Err(Error::not_found("没有找到这个版本。"));
    }
    let item = item::get(conn, row.item_id).await?;
    let found = Arc::new(ItemVersion {
        id: row.id,
        item_id: row.item_id,
        version: row.number,
        status: ItemStatus::Published,
        spec: row.spec()?,
        form: row.form()?,
        body_id: item.body_id.ok_or_else(|| Error::internal(format!("item {} is published without a body", item.id)))?,
        body_name: item.body_name,
        region: item.region,
        handling_code: super::implementer::handling_code(&row.implementation_code, &item.variant).unwrap_or_default(),
        implementation_code: row.implementation_code,
        published_at: row.published_at,
    });
    CACHE.lock().unwrap_or_else(PoisonError::into_inner).put(found.clone());
    Ok(found)
}

/// Published versions never change, so any copy of the program may keep them as long as it likes.
static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

/// Versions per generation; about 30 kB each.
const GENERATION: usize = 1000;

/// Two generations: when the young one is full it becomes the old one, and what was not asked for meanwhile is forgotten.
#[derive(Default)]
struct Cache {
    young: HashMap<Uuid, Arc<ItemVersion>>,
    old: HashMap<Uuid, Arc<ItemVersion>>,
}

impl Cache {
    fn get(&mut self, id: Uuid) -> Option<Arc<ItemVersion>> {
        if let Some(found) = self.young.get(&id) {
            return Some(found.clone());
        }
        let found = self.old.remove(&id)?;
        self.put(found.clone());
        Some(found)
    }

    fn put(&mut self, version: Arc<ItemVersion>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(version.id, version);
    }
}
