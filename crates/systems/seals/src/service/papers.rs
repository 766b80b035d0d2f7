//! Documents as they go out: one layout, typeset once, sealed as OFD (GB/T 33190, GB/T 38540) and as PDF (PAdES-B-T), stored
//! for ever. Whoever has a document to issue hands in an [`Order`]; asked again, the same files come back.
//!
//! A body without a fitting seal still has its document: unsealed, saying so, and on the list operators see. When the seal is
//! there, the next who asks for the document gets it sealed.

use std::sync::OnceLock;
use std::time::SystemTime;

use access::Actor;
use base::{Error, Result, local_time};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use files::{FileKind, FileRecord};
use journal::Draft;
use platform::Platform;
use serde_json::{Value, json};
use typeset::{Extras, Spot, Template, Typesetter};
use uuid::Uuid;

use crate::model::{ACROSS_MM, Purpose, Standing};
use crate::service::sealing::{Place, Tools, seal_ofd, seal_pdf};
use crate::service::trust;
use crate::store::{self, Paper, Seal, Usage};

/// Who seals what acts of cases make, under the body's standing authorisation.
const PLATFORM: Actor = Actor::System("平台自动用印");

/// A document to issue.
#[derive(Debug, Clone)]
pub struct Order {
    /// Identifier of the record it is the document of; the same order twice is one paper.
    pub id: Uuid,
    /// Which seal goes under it.
    pub purpose: Purpose,
    /// The issuing body.
    pub body: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its 12-digit region.
    pub region: String,
    /// The case it belongs to.
    pub case: Option<Uuid>,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// What it looks like. It marks the seal's place by `sealed` of `official.typ` and reads `data.sealed`.
    pub template: Template<'static>,
    /// What stands in it.
    pub data: Value,
    /// When its content was fixed.
    pub at: DateTime<Utc>,
}

/// In which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PDF/A with a PAdES signature.
    Pdf,
    /// OFD with a seal.
    Ofd,
}

impl Format {
    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Ofd => "ofd",
        }
    }

    /// MIME type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => FileKind::Pdf.mime(),
            Self::Ofd => FileKind::Ofd.mime(),
        }
    }

    /// The format with this ending.
    pub fn of(ending: &str) -> Option<Self> {
        [Self::Pdf, Self::Ofd].into_iter().find(|format| format.ending() == ending)
    }
}

/// The engine with its fonts, made once per program.
///
/// # Errors
/// When the program has no fonts.
pub fn typesetter(platform: &Platform) -> Result<&'static Typesetter> {
    static ENGINE: OnceLock<Typesetter> = OnceLock::new();
    match ENGINE.get() {
        Some(engine) => Ok(engine),
        None => {
            let engine = Typesetter::new(platform.fonts.clone())?;
            Ok(ENGINE.get_or_init(|| engine))
        }
    }
}

/// The paper of an order, if it was made.
///
/// # Errors
/// When the database fails.
pub async fn find(platform: &Platform, id: Uuid) -> Result<Option<Paper>> {
    store::paper(platform.db.read(), id).await
}

/// The content of a paper.
///
/// # Errors
/// When it was altered in the store.
pub async fn content(platform: &Platform, paper: &Paper, format: Format) -> Result<Bytes> {
    let digest = match format {
        Format::Pdf => &paper.pdf_digest,
        Format::Ofd => &paper.ofd_digest,
    };
    platform.files.get(digest.as_deref().ok_or_else(|| Error::internal(format!("paper {} has no {}", paper.id, format.ending())))?).await
}

/// Issues a document. Asked again it gives the paper that is there; one that went out unsealed is made again once the body
/// has a fitting seal.
///
/// # Errors
/// When it cannot be typeset, or the database or the store fails.
pub async fn issue(platform: &Platform, order: Order) -> Result<Paper> {
    let known = find(platform, order.id).await?;
    if let Some(paper) = known.as_ref().filter(|paper| paper.unsealed.is_none()) {
        return Ok(paper.clone());
    }
    let seals = store::in_force(platform.db.read(), order.body).await?;
    let chosen = choose(&seals, order.purpose, platform.now());
    match (&chosen, known) {
        (Err(_), Some(paper)) => Ok(paper),
        (Err(why), None) => unsealed(platform, &order, why).await,
        (Ok(seal), _) => sealed(platform, order, seal).await,
    }
}

/// The seal that goes under a document by itself: of a kind the document accepts, usable now, with this kind of document on
/// its list, and released for the platform's own use. Else why there is none.
fn choose(seals: &[Seal], purpose: Purpose, now: DateTime<Utc>) -> std::result::Result<&Seal, String> {
    let mut why = None;
    for kind in purpose.accepts() {
        let Some(seal) = seals.iter().find(|seal| seal.kind == kind.as_str()) else { continue };
        let lists = seal.purposes().is_ok_and(|purposes| purposes.contains(&purpose));
        let problem = match seal.standing(now) {
            Ok(Standing::Usable) if !lists => format!("{}不能用于{}", seal.name, purpose.name()),
            Ok(Standing::Usable) if !seal.automatic => format!("{}没有授权平台自动用印", seal.name),
            Ok(Standing::Usable) => return Ok(seal),
            Ok(other) => format!("{}{}", seal.name, other.name()),
            Err(_) => format!("{}的资料不完整", seal.name),
        };
        why.get_or_insert(problem);
    }
    let wanted = purpose.accepts().first().map_or("电子印章", |kind| kind.name());
    Err(why.unwrap_or_else(|| format!("单位没有在用的{wanted}")))
}

/// Both formats of one layout.
struct Laid {
    pdf: Vec<u8>,
    ofd: Vec<u8>,
    spot: Option<Spot>,
    missing: Vec<char>,
}

fn lay(engine: &Typesetter, order: &Order, sealed: bool) -> Result<Laid> {
    let mut data = order.data.clone();
    if let Some(all) = data.as_object_mut() {
        all.insert("sealed".into(), sealed.into());
    }
    let custom = [("文书名称", &order.title), ("文书编号", &order.number), ("签发单位", &order.body_name)];
    let extras = Extras { custom: custom.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect(), ..Extras::default() };
    let (pdf, ofd) = engine.both(&order.template, &data, order.at, extras)?;
    Ok(Laid { pdf: pdf.bytes, ofd: ofd.bytes, spot: pdf.seal, missing: pdf.missing })
}

async fn sealed(platform: &Platform, order: Order, seal: &Seal) -> Result<Paper> {
    let made = store::made(platform.db.read(), seal.id).await?.ok_or_else(|| Error::internal(format!("seal {} was never made", seal.id)))?;
    let tools = Tools {
        seal: eseal::Seal::from_der(&made.esl)?,
        picture: made.picture,
        identity: trust::signer(platform, seal.id).await?,
        trust: trust::trust(platform).await?,
    };
    let engine = typesetter(platform)?;
    let now = platform.now();
    let (order, done) = tokio::task::spawn_blocking(move || -> Result<_> {
        let laid = lay(engine, &order, true)?;
        if !laid.missing.is_empty() {
            return Ok((order, Err(laid.missing)));
        }
        let spot = laid.spot.unwrap_or(Spot { page: 1, x: 150.0, y: 240.0, page_height: 297.0 });
        let place = Place::centred(&spot, f64::from(ACROSS_MM));
        let at = SystemTime::from(now);
        let pdf = seal_pdf(&laid.pdf, &tools, &place, &order.title, at)?;
        let ofd = seal_ofd(&laid.ofd, &tools, &place, &local_time(now).format("%Y-%m-%d %H:%M:%S").to_string(), at, true)?;
        Ok((order, Ok((pdf, ofd))))
    })
    .await??;
    match done {
        Ok((pdf, ofd)) => keep(platform, &order, pdf, ofd, Ok(seal)).await,
        Err(missing) => {
            let missing: String = missing.into_iter().collect();
            unsealed(platform, &order, &format!("文书中的字“{missing}”不在系统字库里")).await
        }
    }
}

async fn unsealed(platform: &Platform, order: &Order, why: &str) -> Result<Paper> {
    let engine = typesetter(platform)?;
    let wanted = order.clone();
    let laid = tokio::task::spawn_blocking(move || lay(engine, &wanted, false)).await??;
    tracing::warn!(paper = %order.id, body = %order.body_name, why, "seals: a document went out unsealed");
    keep(platform, order, laid.pdf, laid.ofd, Err(why)).await
}

/// Stores both files, then writes paper, use and journal in one transaction. Whoever comes second finds the first one's paper.
async fn keep(platform: &Platform, order: &Order, pdf: Vec<u8>, ofd: Vec<u8>, seal: std::result::Result<&Seal, &str>) -> Result<Paper> {
    let (pdf, ofd) = (Bytes::from(pdf), Bytes::from(ofd));
    let (pdf_size, ofd_size) = (pdf.len(), ofd.len());
    let (pdf_digest, ofd_digest) = (platform.files.put(pdf).await?, platform.files.put(ofd).await?);
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let name = |format: Format| format!("{}.{}", order.title, format.ending());
    let pdf: FileRecord = platform.files.save_stored(&tx, &name(Format::Pdf), FileKind::Pdf, pdf_digest, pdf_size, now).await?;
    let ofd: FileRecord = platform.files.save_stored(&tx, &name(Format::Ofd), FileKind::Ofd, ofd_digest, ofd_size, now).await?;
    let paper = Paper {
        id: order.id,
        purpose: order.purpose.as_str().into(),
        body_id: order.body,
        body_name: order.body_name.clone(),
        region: order.region.clone(),
        case_id: order.case,
        title: order.title.clone(),
        number: order.number.clone(),
        pdf_file: Some(pdf.id),
        ofd_file: Some(ofd.id),
        pdf_digest: Some(pdf.digest),
        ofd_digest: Some(ofd.digest),
        seal_id: seal.ok().map(|seal| seal.id),
        unsealed: seal.err().map(str::to_owned),
        made_at: now,
    };
    if !store::save_paper(&tx, &paper).await? {
        drop(tx);
        platform.db.settled().await?;
        return find(platform, order.id).await?.ok_or_else(|| Error::internal(format!("paper {} vanished", order.id)));
    }
    let mut data = json!({ "document": order.id, "number": order.number, "pdf": paper.pdf_digest, "ofd": paper.ofd_digest });
    let (act, label) = match seal {
        Ok(seal) => {
            store::log(&tx, seal.id, &PLATFORM, &usage(&paper, PLATFORM.name(), now, None)).await?;
            data["seal"] = json!(seal.number);
            ("seals.use", format!("《{}》加盖{}", order.title, seal.name))
        }
        Err(why) => {
            data["why"] = json!(why);
            ("seals.unsealed", format!("《{}》未加盖电子印章", order.title))
        }
    };
    journal::append(&tx, order.id, &PLATFORM, now, Draft::new(act, label, data)).await?;
    tx.commit().await?;
    Ok(paper)
}

pub(crate) fn usage(paper: &Paper, by: &str, at: DateTime<Utc>, refused: Option<String>) -> Usage {
    Usage {
        id: base::new_id(),
        at,
        purpose: paper.purpose.clone(),
        paper_id: paper.id,
        case_id: paper.case_id,
        title: paper.title.clone(),
        number: paper.number.clone(),
        pdf_digest: paper.pdf_digest.clone(),
        ofd_digest: paper.ofd_digest.clone(),
        actor_name: by.to_owned(),
        refused,
    }
}
