//! The licence as a PDF: typeset once, stored, and the same bytes for ever.

use std::sync::OnceLock;

use access::Actor;
use async_trait::async_trait;
use base::{Error, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use codes::LicenceId;
use codes::lists::certificate;
use files::FileKind;
use jobs::{Handler, Job};
use platform::Platform;
use serde::Deserialize;
use serde_json::{Value, json};
use typeset::{Template, Typesetter};
use uuid::Uuid;

use crate::model::{Layout, LicenceItem};
use crate::service::find::{in_scope, note_use, own};
use crate::service::signing;
use crate::service::types::type_view;
use crate::store::{self, Licence};

/// Kind of the job that typesets a fresh licence, so that its holder need not wait.
pub const PDF_JOB: &str = "licences.pdf";

const TEMPLATE: &str = include_str!("../../templates/licence.typ");

/// Handler of [`PDF_JOB`].
pub struct PdfJob(pub Platform);

#[derive(Deserialize)]
struct Payload {
    licence: Uuid,
}

#[async_trait]
impl Handler for PdfJob {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload: Payload = serde_json::from_value(job.payload.clone())?;
        match store::by_id(self.0.db.read(), payload.licence).await? {
            Some(licence) => pdf(&self.0, &licence).await.map(|_| ()),
            None => Ok(()),
        }
    }
}

/// The PDF for its holder; taking a copy is recorded as a use.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn pdf_for_holder(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(Licence, Bytes)> {
    let licence = own(platform, actor, id).await?;
    taken(platform, actor, licence, "持证人下载").await
}

/// The PDF for staff within their scope; recorded as a use.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope.
pub async fn pdf_for_staff(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(Licence, Bytes)> {
    let licence = in_scope(platform, actor, id).await?;
    taken(platform, actor, licence, "工作人员下载").await
}

async fn taken(platform: &Platform, actor: &Actor, licence: Licence, purpose: &str) -> Result<(Licence, Bytes)> {
    let bytes = pdf(platform, &licence).await?;
    let tx = platform.db.begin().await?;
    note_use(platform, &tx, &licence, actor, purpose).await?;
    tx.commit().await?;
    Ok((licence, bytes))
}

/// What is written across a copy, so that it serves one use only.
pub(crate) struct Mark<'a> {
    pub purpose: &'a str,
    pub user: &'a str,
    pub day: &'a str,
    pub code: &'a str,
}

/// A copy for one use; it is not kept.
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

/// The file of a licence in the store, made now if it was not yet.
pub(crate) async fn file(platform: &Platform, licence: &Licence) -> Result<Uuid> {
    pdf(platform, licence).await?;
    let stored = store::by_id(platform.db.read(), licence.id).await?.and_then(|licence| licence.file_id);
    stored.ok_or_else(|| Error::internal(format!("licence {} has no file", licence.id)))
}

/// The stored PDF, typeset now if it was not yet.
///
/// # Errors
/// [`base::Kind::Refused`] when a character of the licence is in no installed font.
pub async fn pdf(platform: &Platform, licence: &Licence) -> Result<Bytes> {
    if let Some(file) = licence.file_id {
        let record = files::record(platform.db.read(), file).await?.ok_or_else(|| Error::internal(format!("licence file {file} has no record")))?;
        return platform.files.get(&record.digest).await;
    }
    let bytes = typeset(platform, printed(platform, licence).await?, licence.created_at).await?;
    let digest = platform.files.put(bytes.clone()).await?;
    let name = format!("{}.pdf", licence.type_name);
    let tx = platform.db.begin().await?;
    let record = platform.files.save_stored(&tx, &name, FileKind::Pdf, digest, bytes.len(), platform.now()).await?;
    // Two readers at once typeset the same bytes; whoever comes second leaves no record.
    if store::set_file(&tx, licence.id, record.id).await? {
        tx.commit().await?;
    }
    Ok(bytes)
}

async fn typeset(platform: &Platform, data: Value, at: DateTime<Utc>) -> Result<Bytes> {
    let fonts = platform.clone();
    let pdf = tokio::task::spawn_blocking(move || typesetter(&fonts)?.pdf(&Template { main: TEMPLATE, files: &[] }, &data, at).map_err(Error::from)).await??;
    if !pdf.missing.is_empty() {
        let missing: String = pdf.missing.iter().collect();
        return Err(Error::refused("licences.missing_character", format!("证照中的字“{missing}”不在系统字库里，暂时不能生成文件。证照仍然有效，请联系发证机关。")));
    }
    Ok(Bytes::from(pdf.bytes))
}

fn typesetter(platform: &Platform) -> Result<&'static Typesetter> {
    static ENGINE: OnceLock<Typesetter> = OnceLock::new();
    if let Some(engine) = ENGINE.get() {
        return Ok(engine);
    }
    let engine = Typesetter::new(platform.fonts.clone())?;
    Ok(ENGINE.get_or_init(|| engine))
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
