use access::Actor;
use base::{Error, Result, new_id};
use codes::BaseCode;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::forms;
use super::implementer::Implementer;
use crate::model::{ItemSpec, ItemStatus};
use crate::permissions::EDIT;
use crate::store::item::{self, ItemRow, identity};
use crate::store::version::{self, NewVersion};

/// Begins the implementation list of an item of this body and returns the item. `variant` is the two-digit serial of a
/// handling item (业务办理项), or empty when the item is not split.
///
/// # Errors
/// Invalid name, code or form; conflict when the body has the code already (M-ITEM-01.09).
pub async fn create_draft(platform: &Platform, actor: &Actor, body: &Implementer, variant: &str, spec: ItemSpec) -> Result<Uuid> {
    actor.require(EDIT, &body.target())?;
    check_identity(&spec, variant)?;
    let (now, form) = (platform.now(), super::drawn::form_text(platform, &spec.form, Some(body.id)).await?);
    let version = first_version(new_id(), spec, &form, actor, now);
    let row = ItemRow {
        id: version.item_id,
        identity: identity(&body.uscc, &version.spec.base_code, variant),
        source_key: None,
        base_code: version.spec.base_code.clone(),
        variant: variant.to_owned(),
        body_id: Some(body.id),
        body_name: body.name.clone(),
        body_uscc: body.uscc.clone(),
        region: body.region.clone(),
        name: version.spec.name.clone(),
        state: ItemStatus::Draft.code().into(),
        working_state: ItemStatus::Draft.code().into(),
        current_version_id: None,
        working_version_id: Some(version.id),
        card: String::new(),
        version: 0,
        changed_at: now,
    };
    let tx = platform.db.begin().await?;
    item::insert(&tx, &row).await?;
    version::insert_forms(&*tx, vec![(version.form_hash.clone(), form)]).await?;
    version::insert(&*tx, &[version]).await?;
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.create", "新建事项", json!({ "name": row.name, "base_code": row.base_code }))).await?;
    tx.commit().await?;
    Ok(row.id)
}

pub(super) fn first_version(item_id: Uuid, spec: ItemSpec, form: &str, actor: &Actor, now: chrono::DateTime<chrono::Utc>) -> NewVersion {
    NewVersion {
        id: new_id(),
        item_id,
        number: 1,
        state: ItemStatus::Draft,
        spec,
        form_hash: forms::hash(form),
        implementation_code: String::new(),
        editors: actor.id().into_iter().collect(),
        editor_name: actor.name().to_owned(),
        reviewer_name: String::new(),
        now,
    }
}

/// Writes a draft. `lock` is the counter of the item as it was shown.
///
/// # Errors
/// Refused when nothing is being written or it is before the reviewers; conflict when somebody saved meanwhile.
pub async fn save_draft(platform: &Platform, actor: &Actor, item_id: Uuid, lock: i32, spec: ItemSpec) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(EDIT, &row.target())?;
    let draft = draft_of(&row)?;
    check_identity(&spec, &row.variant)?;
    let old = version::get(platform.db.read(), draft).await?;
    let before = old.spec()?;
    super::drawn::check_named(platform, &spec).await?;
    if row.current_version_id.is_some() && before.base_code != spec.base_code {
        return Err(Error::field("base_code", "已发布事项的基本编码不能更改。编码变了就是另一个事项，请新建。"));
    }
    let form = if before.form == spec.form { old.form.clone() } else { super::drawn::form_text(platform, &spec.form, row.body_id).await? };
    let mut editors = old.editors();
    editors.extend(actor.id().filter(|id| !editors.contains(id)));
    let now = platform.now();
    row.version = lock;
    row.identity = identity(&row.body_uscc, &spec.base_code, &row.variant);
    row.base_code.clone_from(&spec.base_code);
    row.name.clone_from(&spec.name);
    let tx = platform.db.begin().await?;
    version::insert_forms(&*tx, vec![(forms::hash(&form), form.clone())]).await?;
    version::update_draft(&tx, draft, &spec, &forms::hash(&form), &editors, actor.name()).await?;
    item::update(&tx, &row, now).await?;
    let data = json!({ "version": old.number, "before": before.content_hash(), "after": spec.content_hash() });
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.save", "修改事项草稿", data)).await?;
    tx.commit().await
}

/// Begins a new version of a published item from the one in force, which stays as it is until the new one is published.
///
/// # Errors
/// Refused when the item was never published, is cancelled, or has a version being written already.
pub async fn start_version(platform: &Platform, actor: &Actor, item_id: Uuid) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(EDIT, &row.target())?;
    if row.working_version_id.is_some() {
        return Err(Error::refused("catalog.draft_open", "这个事项已有正在编制的版本，请在那个版本上继续修改。"));
    }
    let Some(current) = row.current_version_id.filter(|_| row.status() != ItemStatus::Cancelled) else {
        return Err(Error::refused("catalog.not_published", "只有在用或暂停的事项可以编制新版本。"));
    };
    let old = version::get(platform.db.read(), current).await?;
    let number = version::of_item(platform.db.read(), item_id).await?.first().map_or(1, |v| v.number + 1);
    let now = platform.now();
    let version = NewVersion { number, ..first_version(item_id, old.spec()?, &old.form, actor, now) };
    row.working_version_id = Some(version.id);
    row.working_state = ItemStatus::Draft.code().into();
    let tx = platform.db.begin().await?;
    version::insert(&*tx, &[version]).await?;
    item::update(&tx, &row, now).await?;
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.new_version", "编制新版本", json!({ "version": number }))).await?;
    tx.commit().await
}

/// Binds an imported draft to its body, once that body is registered under the same credit code.
///
/// # Errors
/// Refused when the credit codes differ.
pub async fn bind_body(platform: &Platform, actor: &Actor, item_id: Uuid, body: &Implementer) -> Result<()> {
    let mut row = item::get(platform.db.read(), item_id).await?;
    actor.require(EDIT, &row.target())?;
    actor.require(EDIT, &body.target())?;
    if row.body_uscc != body.uscc || row.current_version_id.is_some() {
        return Err(Error::refused("catalog.other_body", "登记机构的统一社会信用代码与这个事项的实施主体不一致，不能关联。"));
    }
    row.body_id = Some(body.id);
    row.body_name.clone_from(&body.name);
    row.region.clone_from(&body.region);
    let now = platform.now();
    let tx = platform.db.begin().await?;
    item::update(&tx, &row, now).await?;
    journal::append(&tx, row.id, actor, now, Draft::new("catalog.bind_body", "关联实施主体", json!({ "body": body.name }))).await?;
    tx.commit().await
}

/// The draft that may be edited.
pub(super) fn draft_of(row: &ItemRow) -> Result<Uuid> {
    match (row.working_status(), row.working_version_id) {
        (Some(ItemStatus::Draft), Some(id)) => Ok(id),
        (Some(_), _) => Err(Error::refused("catalog.in_review", "这个版本正在审核，不能修改。如需修改，请审核人先退回。")),
        _ => Err(Error::refused("catalog.no_draft", "已发布的版本不能修改，请先“编制新版本”。")),
    }
}

fn check_identity(spec: &ItemSpec, variant: &str) -> Result<()> {
    if spec.name.trim().is_empty() || spec.name.chars().count() > 200 {
        return Err(Error::field("name", "请填写事项名称，不超过 200 个字。"));
    }
    match BaseCode::parse(&spec.base_code) {
        Err(error) => return Err(Error::field("base_code", format!("{error}。"))),
        Ok(code) if code.is_parent() => return Err(Error::field("base_code", "以 00Y 结尾的是有子项的主项，不能直接实施，请填写子项的编码。")),
        Ok(_) => {}
    }
    let serial = variant.len() == 2 && variant.parse::<u8>().is_ok_and(|n| n > 0);
    if !variant.is_empty() && !serial {
        return Err(Error::field("variant", "业务办理项序号应为 01 至 99 的两位数字，没有拆分的事项留空。"));
    }
    Ok(())
}
