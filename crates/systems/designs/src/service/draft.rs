use access::Actor;
use base::{Error, Result, new_id};
use chrono::{DateTime, Utc};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{self, Example, Finding, Kind, MAX_BYTES, MAX_EXAMPLES, Stage};
use crate::permissions::EDIT;
use crate::store::{self, DesignRow, NewVersion, VersionRow};

/// What a new design needs to be known by.
#[derive(Debug, Clone, Copy)]
pub struct NewDesign<'a> {
    /// What is drawn.
    pub kind: Kind,
    /// What items name it by.
    pub key: &'a str,
    /// Name shown to people.
    pub name: &'a str,
    /// The body it belongs to.
    pub body: Uuid,
    /// What it begins with, see [`model::starters`].
    pub starter: &'a str,
}

/// Begins a design and gives its identifier.
///
/// # Errors
/// Invalid key, name or beginning; forbidden for other bodies.
pub async fn create(platform: &Platform, actor: &Actor, new: NewDesign<'_>) -> Result<Uuid> {
    let body = organization::body(platform.db.read(), new.body).await?.ok_or_else(|| Error::field("body", "请选择所属机构。"))?;
    let now = platform.now();
    let version = new_id();
    let row = DesignRow {
        id: new_id(),
        kind: new.kind.code().to_owned(),
        key: new.key.trim().to_owned(),
        name: new.name.trim().to_owned(),
        body_id: body.id,
        body_name: body.name,
        region: body.region,
        stage: Stage::Draft.code().to_owned(),
        working_id: Some(version),
        version: 0,
        changed_at: now,
    };
    actor.require(EDIT, &row.target())?;
    model::check_name(&row.name)?;
    model::check_key(&row.key)?;
    let content = model::starter(new.kind, new.starter, &row.key, &row.name).ok_or_else(|| Error::field("starter", "请选择从什么开始。"))?;
    let tx = platform.db.begin().await?;
    store::insert(&tx, &row).await?;
    let editors: Vec<Uuid> = actor.id().into_iter().collect();
    let draft =
        NewVersion { id: version, design_id: row.id, number: 1, content: &content, examples: "[]", editors: &editors, editor_name: actor.name(), now };
    store::insert_version(&tx, &draft).await?;
    let data = json!({ "kind": row.kind, "key": row.key, "name": row.name });
    journal::append(&tx, row.id, actor, now, Draft::new("designs.create", format!("新建{}", new.kind.name()), data)).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// What a save gave.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The counter to name with the next save.
    pub lock: i32,
    /// When it was saved.
    pub at: DateTime<Utc>,
    /// What the check found.
    pub findings: Vec<Finding>,
}

/// Saves the drawing of a draft; `lock` is the counter it was read with. An unfinished drawing is saved too: what is wrong with
/// it is told, and stops only its submission.
///
/// # Errors
/// Refused when nothing is being written; conflict when somebody else saved meanwhile.
pub async fn save(platform: &Platform, actor: &Actor, design: Uuid, lock: i32, content: &str) -> Result<Saved> {
    if content.len() > MAX_BYTES {
        return Err(Error::too_large("文件超过 2 MB，请检查是否选错了文件。"));
    }
    if content.trim().is_empty() {
        return Err(Error::field("file", "文件是空的，没有保存。"));
    }
    let conn = platform.db.read();
    let row = store::get(conn, design).await?;
    actor.require(EDIT, &row.target())?;
    let mut draft = draft_of(platform, &row).await?;
    let now = platform.now();
    let findings = model::check(row.kind()?, content);
    if draft.content == content && draft.lock == lock {
        return Ok(Saved { lock, at: draft.saved_at, findings });
    }
    add_editor(&mut draft, actor)?;
    let before = std::mem::replace(&mut draft.content, content.to_owned());
    draft.editor_name = actor.name().to_owned();
    let tx = platform.db.begin().await?;
    let next = store::save(&tx, &draft, lock, now).await.map_err(stale)?;
    let data = json!({ "version": draft.number, "before": gm::sm3_hex(before.as_bytes()), "after": gm::sm3_hex(content.as_bytes()) });
    journal::append(&tx, row.id, actor, now, Draft::new("designs.save", "保存草稿", data)).await?;
    tx.commit().await?;
    Ok(Saved { lock: next, at: now, findings })
}

/// Saves the example table of a draft; `lock` is the counter it was read with. Examples that do not hold are kept: they say
/// what the table should do, and stop its submission.
///
/// # Errors
/// Refused for other kinds, for too many, and when nothing is being written; conflict when somebody else saved meanwhile.
pub async fn save_examples(platform: &Platform, actor: &Actor, design: Uuid, lock: i32, examples: &[Example]) -> Result<()> {
    let row = store::get(platform.db.read(), design).await?;
    actor.require(EDIT, &row.target())?;
    if row.kind()? != Kind::Decision || examples.len() > MAX_EXAMPLES {
        return Err(Error::refused("designs.examples", format!("只有决策表可以存样例，最多 {MAX_EXAMPLES} 个。")));
    }
    let mut draft = draft_of(platform, &row).await?;
    add_editor(&mut draft, actor)?;
    draft.examples = serde_json::to_string(examples)?;
    draft.editor_name = actor.name().to_owned();
    let now = platform.now();
    let tx = platform.db.begin().await?;
    store::save(&tx, &draft, lock, now).await.map_err(stale)?;
    let data = json!({ "version": draft.number, "examples": examples.len() });
    journal::append(&tx, row.id, actor, now, Draft::new("designs.examples", "保存样例", data)).await?;
    tx.commit().await
}

/// A conflict in words that fit two people at one drawing.
fn stale(error: Error) -> Error {
    if error.kind() == base::Kind::Conflict {
        return Error::conflict("designs.stale", "另一位同事（或您的另一个窗口）刚刚保存了这份草稿。请先下载您手上的版本，再刷新页面，在最新的草稿上修改。");
    }
    error
}

/// Begins a new version from the newest one, which stays as it is.
///
/// # Errors
/// Refused when a version is being written already.
pub async fn start_version(platform: &Platform, actor: &Actor, design: Uuid) -> Result<()> {
    let conn = platform.db.read();
    let mut row = store::get(conn, design).await?;
    actor.require(EDIT, &row.target())?;
    if row.working_id.is_some() {
        return Err(Error::refused("designs.draft_open", "已有正在编制的版本，请在那个版本上继续修改。"));
    }
    let newest = store::of_design(conn, design).await?.into_iter().next().ok_or_else(|| Error::internal("a design without versions"))?;
    let now = platform.now();
    let editors: Vec<Uuid> = actor.id().into_iter().collect();
    let draft = NewVersion {
        id: new_id(),
        design_id: design,
        number: newest.number + 1,
        content: &newest.content,
        examples: &newest.examples,
        editors: &editors,
        editor_name: actor.name(),
        now,
    };
    row.working_id = Some(draft.id);
    row.stage = Stage::Draft.code().to_owned();
    let tx = platform.db.begin().await?;
    store::touch(&tx, &row, now).await?;
    store::insert_version(&tx, &draft).await?;
    journal::append(&tx, design, actor, now, Draft::new("designs.new_version", "编制新版本", json!({ "version": draft.number }))).await?;
    tx.commit().await
}

/// The draft that may be written in.
pub(super) async fn draft_of(platform: &Platform, row: &DesignRow) -> Result<VersionRow> {
    let Some(id) = row.working_id else {
        return Err(Error::refused("designs.published", "已发布的版本不能修改，请先“编制新版本”。"));
    };
    let version = store::version(platform.db.read(), id).await?;
    match version.stage() {
        Stage::Draft => Ok(version),
        _ => Err(Error::refused("designs.in_review", "这个版本正在审核，不能修改。如需修改，请审核人先退回。")),
    }
}

/// Everybody who wrote in a version is kept: none of them may publish it.
pub(super) fn add_editor(draft: &mut VersionRow, actor: &Actor) -> Result<()> {
    let mut editors = draft.editors()?;
    if let Some(id) = actor.id().filter(|id| !editors.contains(id)) {
        editors.push(id);
        draft.editors = serde_json::to_string(&editors)?;
    }
    Ok(())
}
