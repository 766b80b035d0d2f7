//! The licence as a paper: typeset once, sealed with the body's seal for licences, kept as PDF and as OFD, and the same bytes
//! for ever ([`seals::issue`]). A body without such a seal still has its licences: unsealed, saying so, until the seal is there.

use access::Actor;
use async_trait::async_trait;
use base::{Error, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use codes::LicenceId;
use codes::lists::certificate;
use jobs::{Handler, Job, NewJob};
use platform::Platform;
use seals::{Format, Order, Paper, Purpose};
use serde::Deserialize;
use serde_json::{Value, json};
use typeset::Template;
use uuid::Uuid;

use crate::model::{Layout, LicenceItem};
use crate::service::find::{in_scope, note_use, own};
use crate::service::signing;
use crate::service::types::type_view;
use crate::store::{self, Licence};

/// Kind of the job that has a fresh licence typeset and sealed, so that its holder need not wait.
pub const PAPER_JOB: &str = "licences.pdf";
/// Name of the subscription that seals what waits for a body's seal.
pub const SEAL_WAITING: &str = "licences.seal_waiting";

const TEMPLATE: &str = include_str!("../../templates/licence.typ");

/// Handler of [`PAPER_JOB`].
pub struct PaperJob(pub Platform);

#[derive(Deserialize)]
struct Payload {
    licence: Uuid,
}

#[async_trait]
impl Handler for PaperJob {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload: Payload = serde_json::from_value(job.payload.clone())?;
        match store::by_id(self.0.db.read(), payload.licence).await? {
            Some(licence) => paper(&self.0, &licence).await.map(|_| ()),
            None => Ok(()),
        }
    }
}

/// The job that makes the paper of a licence.
pub(crate) fn job(licence: Uuid, now: DateTime<Utc>) -> NewJob {
    NewJob::now(PAPER_JOB, json!({ "licence": licence }), now).keyed(licence.to_string())
}

/// Handler of [`SEAL_WAITING`]: a body has its seal, so the licences that went out without one are made again.
pub struct SealWaiting(pub Platform);

#[derive(Deserialize)]
struct Told {
    event: seals::events::SealEvent,
}

#[async_trait]
impl Handler for SealWaiting {
    async fn run(&self, run: &Job) -> Result<()> {
        let told: Told = serde_json::from_value(run.payload.clone())?;
        let now = self.0.now();
        let tx = self.0.db.begin().await?;
        let waiting = seals::waiting(&*tx, told.event.body_id).await?;
        for (licence, _) in store::identifiers(&*tx, &waiting).await? {
            jobs::enqueue(&tx, job(licence, now), now).await?;
        }
        tx.commit().await?;
        self.0.wake.notify();
        Ok(())
    }
}

/// The file for its holder; taking a copy is recorded as a use.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn file_for_holder(platform: &Platform, actor: &Actor, id: Uuid, format: Format) -> Result<(Licence, Bytes)> {
    let licence = own(platform, actor, id).await?;
    taken(platform, actor, licence, format, "持证人下载").await
}

/// The file for staff within their scope; recorded as a use.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope.
pub async fn file_for_staff(platform: &Platform, actor: &Actor, id: Uuid, format: Format) -> Result<(Licence, Bytes)> {
    let licence = in_scope(platform, actor, id).await?;
    taken(platform, actor, licence, format, "工作人员下载").await
}

async fn taken(platform: &Platform, actor: &Actor, licence: Licence, format: Format, purpose: &str) -> Result<(Licence, Bytes)> {
    let bytes = seals::content(platform, &paper(platform, &licence).await?, format).await?;
    let tx = platform.db.begin().await?;
    note_use(platform, &tx, &licence, actor, purpose).await?;
    tx.commit().await?;
    Ok((licence, bytes))
}

/// The file of a licence, made now if it was not yet.
///
/// # Errors
/// [`base::Kind::Refused`] when a character of the licence is in no installed font.
pub async fn file(platform: &Platform, licence: &Licence, format: Format) -> Result<Bytes> {
    seals::content(platform, &paper(platform, licence).await?, format).await
}

/// The paper of a licence, made now if it was not yet.
pub(crate) async fn paper(platform: &Platform, licence: &Licence) -> Result<Paper> {
    if let Some(paper) = seals::find(platform, licence.id).await?.filter(|paper| paper.unsealed.is_none()) {
        return Ok(paper);
    }
    let data = printed(platform, licence).await?;
    drawable(platform, &data)?;
    let order = Order {
        id: licence.id,
        purpose: Purpose::Licence,
        body: licence.body_id,
        body_name: licence.body_name.clone(),
        region: licence.region.clone(),
        case: licence.case_id,
        title: licence.type_name.clone(),
        number: licence.number.clone(),
        template: Template { main: TEMPLATE, files: &[] },
        data,
        at: licence.created_at,
    };
    seals::issue(platform, order).await
}

/// What is written across a copy, so that it serves one use only.
pub(crate) struct Mark<'a> {
    pub purpose: &'a str,
    pub user: &'a str,
    pub day: &'a str,
    pub code: &'a str,
}

/// A copy for one use, without seal; it is not kept.
pub(crate) async fn marked_copy(platform: &Platform, licence: &Licence, mark: &Mark<'_>) -> Result<Bytes> {
    let mut data = printed(platform, licence).await?;
    if let Some(fields) = data.as_object_mut() {
        fields.insert("mark".to_owned(), json!({ "purpose": mark.purpose, "user": mark.user, "day": mark.day, "code": mark.code }));
    }
    typeset(platform, data, platform.now()).await
}

/// A sample of the version of a type that is being written, or of the one in force: made-up content, marked as such.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope.
pub async fn sample(platform: &Platform, actor: &Actor, code: &str) -> Result<Bytes> {
    let view = type_view(platform, actor, code).await?;
    let spec = view.spec()?;
    let now = platform.now();
    let validity = spec.validity.from(base::local_date(now));
    let firm = spec.holder.admits(true);
    let data = json!({
        "demo": true,
        "sample": true,
        "name": spec.name,
        "number": format!("{}{}000001", spec.layout.prefix, "0".repeat(6)),
        "identifier": format!("{}{code}.{}.SAMPLE.001.0", LicenceId::ROOT, code.get(..18).unwrap_or_default()),
        "holder": {
            "name": if firm { "示例有限公司" } else { "示例持证人" },
            "organization": firm,
            "id_type": if firm { "统一社会信用代码" } else { "居民身份证" },
            "id_masked": "******************",
        },
        "items": spec.fields.iter().map(|field| json!({ "key": field.name, "value": "示例内容" })).collect::<Vec<_>>(),
        "issuer": { "name": view.row.body_name },
        "issued_on": validity.from,
        "valid_from": validity.from,
        "valid_to": validity.until,
        "note": "样张，不是证照，没有任何效力。",
        "portrait": spec.layout.portrait,
        "front": spec.layout.front,
        "remarks": spec.layout.remarks,
        "edition": 1,
        "qr": format!("{}/licences/types/{code}", platform.site.base_url),
    });
    typeset(platform, data, now).await
}

async fn typeset(platform: &Platform, data: Value, at: DateTime<Utc>) -> Result<Bytes> {
    drawable(platform, &data)?;
    let engine = seals::typesetter(platform)?;
    let pdf = tokio::task::spawn_blocking(move || engine.pdf(&Template { main: TEMPLATE, files: &[] }, &data, at).map_err(Error::from)).await??;
    Ok(Bytes::from(pdf.bytes))
}

/// A licence with holes in a name proves nothing: it is not printed.
fn drawable(platform: &Platform, data: &Value) -> Result<()> {
    let missing: String = seals::typesetter(platform)?.undrawable(data).into_iter().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::refused("licences.missing_character", format!("证照中的字“{missing}”不在系统字库里，暂时不能生成文件。证照仍然有效，请联系发证机关。")))
}

async fn printed(platform: &Platform, licence: &Licence) -> Result<Value> {
    let layout = match store::type_version(platform.db.read(), &licence.type_code, licence.type_version).await? {
        Some(version) => version.spec()?.layout,
        None => Layout::default(),
    };
    let vault = &platform.vault;
    let items: Vec<LicenceItem> = serde_json::from_str(&vault.open("licence.items", &licence.items)?)?;
    let id_type = if licence.holder_is_firm { "统一社会信用代码" } else { certificate(&licence.holder_id_type).map_or("证件号码", |kind| kind.name) };
    let demonstration = platform.site.demonstration;
    Ok(json!({
        "demo": demonstration,
        "name": licence.type_name,
        "number": licence.number,
        "identifier": licence.identifier,
        "holder": {
            "name": vault.open("licence.holder_name", &licence.holder_name)?,
            "organization": licence.holder_is_firm,
            "id_type": id_type,
            "id_masked": licence.holder_id_shown,
        },
        "items": items,
        "issuer": { "name": licence.body_name },
        "issued_on": licence.issued_on,
        "valid_from": licence.valid_from,
        "valid_to": licence.valid_until,
        "note": demonstration.then_some("本证照仅用于演示，不具有法律效力。"),
        "portrait": layout.portrait,
        "front": layout.front,
        "remarks": layout.remarks,
        "edition": LicenceId::parse(&licence.identifier).map_or(1, |id| id.version()),
        "qr": signing::qr_text(platform, licence).await?,
    }))
}
