//! 手工用印: an officer who holds a seal puts it under a file.

use std::time::SystemTime;

use access::Actor;
use base::{Error, Result, local_time};
use bytes::Bytes;
use files::FileKind;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{ACROSS_MM, Purpose, Standing};
use crate::service::papers::{Format, usage};
use crate::service::sealing::{Place, Tools, seal_ofd, seal_pdf};
use crate::service::{trust, view};
use crate::store::{self, Paper, Seal};

/// A file to seal.
#[derive(Debug, Clone)]
pub struct HandOrder {
    /// [`Purpose`]
    pub purpose: String,
    /// Its title.
    pub title: String,
    /// Its number; may be empty.
    pub number: String,
    /// The page the seal stands on, from 1.
    pub page: usize,
    /// Centre of the seal from the left edge, in millimetres.
    pub x: f64,
    /// Centre of the seal from the lower edge, in millimetres.
    pub y: f64,
    /// Name of the file.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// Seals a PDF or OFD. Anything outside what the seal and its holder may do is refused, and the attempt is on record
/// (M-PLAT-03.05).
///
/// # Errors
/// [`base::Kind::Forbidden`] for anybody who does not hold the seal; [`base::Kind::Refused`] for a seal that is not in use or
/// a document it is not for; [`base::Kind::Invalid`] naming the field.
pub async fn seal_by_hand(platform: &Platform, actor: &Actor, id: Uuid, order: HandOrder) -> Result<(Paper, Format, Bytes)> {
    let staff = actor.staff()?;
    let seal = store::by_id(platform.db.read(), id).await?.filter(|seal| seal.body_id == staff.body).ok_or_else(|| Error::not_found("没有这枚印章。"))?;
    let purpose = Purpose::of(&order.purpose).ok_or_else(|| Error::field("purpose", "请选择文书种类。"))?;
    let title = order.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > 120 {
        return Err(Error::field("title", "请填写文书标题，不超过 120 个字。"));
    }
    let format = match files::check_upload("file", &order.name, &order.bytes)? {
        FileKind::Pdf => Format::Pdf,
        FileKind::Ofd => Format::Ofd,
        _ => return Err(Error::field("file", "只能给 PDF 或 OFD 文件加盖印章，请先转换格式。")),
    };
    let mut paper = Paper {
        id: base::new_id(),
        purpose: purpose.as_str().into(),
        body_id: seal.body_id,
        body_name: seal.body_name.clone(),
        region: seal.region.clone(),
        case_id: None,
        title,
        number: order.number.trim().chars().take(60).collect(),
        pdf_file: None,
        ofd_file: None,
        pdf_digest: None,
        ofd_digest: None,
        seal_id: Some(seal.id),
        unsealed: None,
        made_at: platform.now(),
    };
    if let Err(refusal) = allowed(platform, actor, &seal, purpose).await {
        let tx = platform.db.begin().await?;
        store::log(&tx, seal.id, actor, &usage(&paper, actor.name(), platform.now(), Some(refusal.message().to_owned()))).await?;
        tx.commit().await?;
        return Err(refusal);
    }
    let sealed = put(platform, &seal, &paper.title, &order, format).await?;
    let (size, digest) = (sealed.len(), platform.files.put(sealed.clone()).await?);
    let (kind, now) = (if format == Format::Pdf { FileKind::Pdf } else { FileKind::Ofd }, platform.now());
    let tx = platform.db.begin().await?;
    let file = platform.files.save_stored(&tx, &format!("{}.{}", paper.title, format.ending()), kind, digest, size, now).await?;
    match format {
        Format::Pdf => (paper.pdf_file, paper.pdf_digest) = (Some(file.id), Some(file.digest)),
        Format::Ofd => (paper.ofd_file, paper.ofd_digest) = (Some(file.id), Some(file.digest)),
    }
    store::save_paper(&tx, &paper).await?;
    store::log(&tx, seal.id, actor, &usage(&paper, actor.name(), now, None)).await?;
    let data = json!({ "document": paper.id, "purpose": paper.purpose, "pdf": paper.pdf_digest, "ofd": paper.ofd_digest });
    journal::append(&tx, seal.id, actor, now, Draft::new("seals.use", format!("《{}》加盖{}", paper.title, seal.name), data)).await?;
    tx.commit().await?;
    Ok((paper, format, sealed))
}

async fn allowed(platform: &Platform, actor: &Actor, seal: &Seal, purpose: Purpose) -> Result<()> {
    if !view::may_use(platform, actor, seal).await? {
        return Err(Error::forbidden("您没有使用这枚印章的授权。需要用印的，请联系本单位印章管理员授权。"));
    }
    match seal.standing(platform.now())? {
        Standing::Usable => {}
        other => return Err(Error::refused("seals.not_usable", format!("这枚印章{}，不能用印。", other.name()))),
    }
    if !seal.purposes()?.contains(&purpose) {
        return Err(Error::refused("seals.wrong_kind", format!("{}没有批准用于{}，不能用印。", seal.name, purpose.name())));
    }
    Ok(())
}

async fn put(platform: &Platform, seal: &Seal, title: &str, order: &HandOrder, format: Format) -> Result<Bytes> {
    let made = store::made(platform.db.read(), seal.id).await?.ok_or_else(|| Error::internal(format!("seal {} was never made", seal.id)))?;
    let tools = Tools {
        seal: eseal::Seal::from_der(&made.esl)?,
        picture: made.picture,
        identity: trust::signer(platform, seal.id).await?,
        trust: trust::trust(platform).await?,
    };
    if !(order.x.is_finite() && order.y.is_finite() && (0.0..=2000.0).contains(&order.x) && (0.0..=2000.0).contains(&order.y)) {
        return Err(Error::field("x", "请填写页面以内的位置。"));
    }
    let (bytes, title, page, x, y) = (order.bytes.clone(), title.to_owned(), order.page.max(1), order.x, order.y);
    let now = platform.now();
    tokio::task::spawn_blocking(move || {
        let side = f64::from(ACROSS_MM);
        let at = SystemTime::from(now);
        // Only the distance from the lower edge is known of a PDF's page; an OFD measures from above.
        let height = match format {
            Format::Pdf => 2000.0,
            Format::Ofd => page_height(&bytes, page)?,
        };
        let place = Place { page, left: (x - side / 2.0).max(0.0), top: height - y - side / 2.0, side, page_height: height };
        let sealed = match format {
            Format::Pdf => seal_pdf(&bytes, &tools, &place, &title, at).map_err(|error| Error::field("file", readable(&error)))?,
            Format::Ofd => seal_ofd(&bytes, &tools, &place, &local_time(now).format("%Y-%m-%d %H:%M:%S").to_string(), at, false)?,
        };
        Ok(Bytes::from(sealed))
    })
    .await?
}

/// What a person can do about a PDF that does not take a signature.
fn readable(error: &Error) -> String {
    tracing::info!(%error, "seals: a PDF cannot be sealed");
    "这个 PDF 不能签章：文件可能损坏、加密，或者没有所填的页。请检查后重新上传。".to_owned()
}

fn page_height(ofd: &[u8], number: usize) -> Result<f64> {
    let wrong = |_| Error::field("file", "这个 OFD 文件读不了，请检查后重新上传。");
    let read = ofd::Ofd::read(ofd).map_err(wrong)?;
    let (document, index) = read.place(number).map_err(|_| Error::field("page", "文件没有这一页，请填写文件实有的页码。"))?;
    let page = read.page(document, index).map_err(wrong)?;
    Ok(read.area(document, &page).height)
}
