//! Describing types of licences: written by one, put in force by another; the public directory of them.

use std::collections::HashMap;

use access::Actor;
use base::{Error, Result};
use codes::Uscc;
use db::{Cursor, Idempotency, Page};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{Stage, TypeSpec};
use crate::permissions::{APPROVE, MANAGE};
use crate::store::{self, Step, TypeRow, TypeVersion};

/// A type with its versions.
#[derive(Debug, Clone)]
pub struct TypeView {
    /// The type.
    pub row: TypeRow,
    /// Its versions, newest first.
    pub versions: Vec<TypeVersion>,
}

impl TypeView {
    /// The version in force.
    pub fn in_force(&self) -> Option<&TypeVersion> {
        self.versions.iter().find(|version| version.number == self.row.in_force)
    }

    /// The version being written or reviewed.
    pub fn working(&self) -> Option<&TypeVersion> {
        self.versions.iter().find(|version| self.row.working != 0 && version.number == self.row.working)
    }

    /// What the next draft begins with: what is being written, else what is in force, else what items say of the type.
    ///
    /// # Errors
    /// When the stored text is damaged.
    pub fn spec(&self) -> Result<TypeSpec> {
        match self.working().or_else(|| self.in_force()) {
            Some(version) => version.spec(),
            None => Ok(TypeSpec::plain(&self.row.name, u8::try_from(self.row.valid_years).unwrap_or(0))),
        }
    }
}

/// Journal chain of a type.
pub fn type_chain(code: &str) -> Uuid {
    let digest = gm::sm3(format!("licence type {code}").as_bytes());
    let bytes: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
    Uuid::from_bytes(bytes)
}

/// Begins a type of one's own body.
///
/// # Errors
/// [`base::Kind::Invalid`] naming the fields, [`base::Kind::Conflict`] when the serial is taken.
pub async fn create_type(platform: &Platform, actor: &Actor, serial: &str, spec: &TypeSpec, nonce: &str) -> Result<String> {
    let staff = actor.staff()?;
    let body = organization::body(platform.db.read(), staff.body).await?.ok_or_else(|| Error::internal("a body is gone"))?;
    actor.require(MANAGE, &access::Target { region: &body.region, body: Some(body.id), item: None })?;
    let mut problems = spec.problems(platform.today());
    if serial.len() != 3 || !serial.bytes().all(|b| b.is_ascii_digit()) {
        problems.push(base::FieldError::new("serial", "类型序号是三位数字，例如 001，在本机构内不能重复。"));
    }
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let uscc = Uscc::parse(&body.uscc).map_err(|e| Error::refused("licences.identifier", format!("本机构的统一社会信用代码有误：{e}。请联系管理员。")))?;
    let code = format!("{uscc}{serial}");
    let now = platform.now();
    let tx = platform.db.begin().await?;
    if let Idempotency::Repeated(first) = db::idempotent(&tx, "licences.type", nonce, &code, now).await? {
        return Ok(first);
    }
    let row = TypeRow { code: code.clone(), name: spec.name.clone(), body_id: body.id, body_name: body.name, region: body.region, valid_years: 0, in_force: 0, working: 0 };
    store::insert_type(&tx, &row).await?;
    store::insert_version(&tx, &first_of(&code, 1, spec, actor, now)?).await?;
    journal::append(&tx, type_chain(&code), actor, now, Draft::new("licences.type", "编制证照类型", json!({ "code": code, "name": spec.name, "version": 1 }))).await?;
    tx.commit().await?;
    Ok(code)
}

fn first_of(code: &str, number: i32, spec: &TypeSpec, actor: &Actor, now: chrono::DateTime<chrono::Utc>) -> Result<TypeVersion> {
    Ok(TypeVersion {
        code: code.to_owned(),
        number,
        stage: Stage::Draft.code().to_owned(),
        spec: serde_json::to_string(spec)?,
        editors: serde_json::to_string(&actor.id().into_iter().collect::<Vec<_>>())?,
        editor_name: actor.name().to_owned(),
        reviewer_name: String::new(),
        note: String::new(),
        lock: 1,
        saved_at: now,
        in_force_at: None,
    })
}

/// A type for staff within their scope.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn type_view(platform: &Platform, actor: &Actor, code: &str) -> Result<TypeView> {
    let conn = platform.db.read();
    let row = store::licence_type(conn, code).await?.ok_or_else(|| Error::not_found("没有这种证照类型。"))?;
    actor.require(MANAGE, &row.target())?;
    Ok(TypeView { versions: store::type_versions(conn, code).await?, row })
}

/// Writes in the draft of a type, or begins the next version of it.
///
/// # Errors
/// [`base::Kind::Invalid`] naming the fields; [`base::Kind::Conflict`] when it is being reviewed or was saved since `lock`.
pub async fn save_type(platform: &Platform, actor: &Actor, code: &str, spec: &TypeSpec, lock: i32) -> Result<()> {
    let view = type_view(platform, actor, code).await?;
    let problems = spec.problems(platform.today());
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let number = match view.working() {
        Some(draft) if draft.stage()? != Stage::Draft => {
            return Err(Error::conflict("licences.type_in_review", "这个版本正在审核，不能修改。请等审核结果。"));
        }
        Some(draft) => {
            let mut editors: Vec<Uuid> = serde_json::from_str(&draft.editors)?;
            editors.extend(actor.id().filter(|id| !editors.contains(id)));
            let saved = TypeVersion {
                spec: serde_json::to_string(spec)?,
                editors: serde_json::to_string(&editors)?,
                editor_name: actor.name().to_owned(),
                saved_at: now,
                ..draft.clone()
            };
            store::save_version(&tx, &saved, lock).await?;
            draft.number
        }
        None => {
            let number = view.versions.first().map_or(1, |newest| newest.number + 1);
            store::insert_version(&tx, &first_of(code, number, spec, actor, now)?).await?;
            number
        }
    };
    journal::append(&tx, type_chain(code), actor, now, Draft::new("licences.type", "编制证照类型", json!({ "code": code, "name": spec.name, "version": number }))).await?;
    tx.commit().await
}

/// A step of the version being worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeStep<'a> {
    /// Give it to a second person.
    Submit,
    /// Put it in force.
    Approve,
    /// Give it back with reasons.
    Reject(&'a str),
}

/// Takes the version being worked on one step on.
///
/// # Errors
/// [`base::Kind::Forbidden`] when whoever wrote it reviews it, [`base::Kind::Conflict`] when it is not where it was thought to be.
pub async fn step_type(platform: &Platform, actor: &Actor, code: &str, step: TypeStep<'_>, lock: i32) -> Result<()> {
    let view = type_view(platform, actor, code).await?;
    let version = view.working().ok_or_else(|| Error::conflict("licences.no_draft", "没有草稿或者待审核的版本，请刷新页面查看。"))?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let (from, to, note, words) = match step {
        TypeStep::Submit => (Stage::Draft, Stage::InReview, "", "提交审核证照类型"),
        TypeStep::Approve => (Stage::InReview, Stage::InForce, "", "审核通过证照类型"),
        TypeStep::Reject(reasons) => (Stage::InReview, Stage::Draft, reasons.trim(), "退回证照类型"),
    };
    if from == Stage::InReview {
        actor.require(APPROVE, &view.row.target())?;
        let editors: Vec<Uuid> = serde_json::from_str(&version.editors)?;
        if actor.id().is_none_or(|id| editors.contains(&id)) {
            return Err(Error::forbidden("您参与编制了这个版本，不能由您自己审核，请交给另一位审核人员。"));
        }
    }
    if matches!(step, TypeStep::Reject(_)) && note.is_empty() {
        return Err(Error::field("note", "请写明退回的理由，编制人员按理由修改。"));
    }
    let reviewer = if from == Stage::InReview { actor.name() } else { "" };
    store::advance(&tx, version, lock, Step { from, to, reviewer, note }, now).await?;
    if to == Stage::InForce {
        store::put_in_force(&tx, version, &version.spec()?.name).await?;
    }
    journal::append(&tx, type_chain(code), actor, now, Draft::new("licences.type_step", words, json!({ "code": code, "version": version.number, "reasons": note }))).await?;
    tx.commit().await
}

/// Types within the actor's scope, by code.
///
/// # Errors
/// When the actor is not staff.
pub async fn types(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<TypeRow>> {
    actor.staff()?;
    store::types(platform.db.read(), actor.filter(MANAGE, &store::type_scope()), after, size).await
}

/// One entry of the public directory (证照目录).
#[derive(Debug, Clone)]
pub struct Entry {
    /// The type.
    pub row: TypeRow,
    /// What it says.
    pub spec: TypeSpec,
    /// Its version, and since when.
    pub version: TypeVersion,
}

/// The public directory: every type with a version in force, by code.
///
/// # Errors
/// When the database fails.
pub async fn directory(platform: &Platform, after: Option<&Cursor>, size: usize) -> Result<Page<Entry>> {
    let conn = platform.db.read();
    let page = store::types(conn, store::described(), after, size).await?;
    let versions = store::versions_in_force(conn, &page.items).await?;
    let mut by_code: HashMap<String, TypeVersion> = versions.into_iter().map(|version| (version.code.clone(), version)).collect();
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        if let Some(version) = by_code.remove(&row.code) {
            items.push(Entry { spec: version.spec()?, row, version });
        }
    }
    Ok(Page { items, previous: page.previous, next: page.next })
}

/// One entry of the public directory.
///
/// # Errors
/// [`base::Kind::NotFound`] when no version of it is in force.
pub async fn entry(platform: &Platform, code: &str) -> Result<Entry> {
    let conn = platform.db.read();
    let missing = || Error::not_found("证照目录里没有这种证照。");
    let row = store::licence_type(conn, code).await?.ok_or_else(missing)?;
    let version = store::in_force(conn, code).await?.ok_or_else(missing)?;
    Ok(Entry { spec: version.spec()?, row, version })
}
