//! Putting a seal under a file: pure work, no database.

use std::time::SystemTime;

use base::{Error, Result};
use eseal::SealSigning;
use ofd::sign::{Digest, Draft, Provider, Purpose, Stamp};
use ofd::{Ofd, Rect};
use pdfsign::Signing;
use typeset::Spot;

use crate::service::trust::{Identity, Trust};

/// SM2 with SM3.
const METHOD: &str = "1.2.156.10197.1.501";

/// What is needed to seal.
pub(crate) struct Tools {
    pub seal: eseal::Seal,
    pub picture: Vec<u8>,
    pub identity: Identity,
    pub trust: Trust,
}

/// Where a seal stands, in millimetres from the upper left corner of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub page: usize,
    pub left: f64,
    pub top: f64,
    pub side: f64,
    pub page_height: f64,
}

impl Place {
    /// Centred over a spot.
    pub fn centred(spot: &Spot, side: f64) -> Self {
        let left = (spot.x - side / 2.0).max(0.0);
        let top = (spot.y - side / 2.0).clamp(0.0, (spot.page_height - side).max(0.0));
        Self { page: spot.page, left, top, side, page_height: spot.page_height }
    }
}

/// Signs a PDF (PAdES-B-T) and shows the seal.
pub(crate) fn seal_pdf(pdf: &[u8], tools: &Tools, place: &Place, reason: &str, at: SystemTime) -> Result<Vec<u8>> {
    let on_page = pdfsign::Place {
        page: u32::try_from(place.page).unwrap_or(1),
        left_mm: place.left as f32,
        bottom_mm: (place.page_height - place.top - place.side) as f32,
        width_mm: place.side as f32,
        height_mm: place.side as f32,
    };
    let chain = [tools.trust.issuing.certificate.clone()];
    let signing = Signing { certificate: &tools.identity.certificate, chain: &chain, time: at, name: &tools.seal.name, reason, seal: Some((on_page, &tools.picture)) };
    Ok(pdfsign::sign(pdf, &signing, &*tools.identity.signer, Some(&|message| tools.trust.stamp(message, at)))?)
}

/// Seals an OFD. A `last` seal protects the list of signatures too.
pub(crate) fn seal_ofd(file: &[u8], tools: &Tools, place: &Place, date_time: &str, at: SystemTime, last: bool) -> Result<Vec<u8>> {
    let read = Ofd::read(file).map_err(unreadable)?;
    let at_page = place.page.checked_sub(1).and_then(|n| read.pages().get(n).copied());
    let page = at_page.and_then(|(document, page)| Some(read.documents.get(document)?.pages.get(page)?.id));
    let page = page.ok_or_else(|| Error::field("page", "文件没有这一页，请填写文件实有的页码。"))?;
    let stamp = Stamp { id: "1".into(), page, boundary: Rect::new(place.left, place.top, place.side, place.side), clip: None };
    let draft = Draft {
        document: 0,
        purpose: Purpose::Seal { file: tools.seal.to_der().to_vec(), stamps: vec![stamp] },
        provider: Provider { name: "Tongban".into(), version: env!("CARGO_PKG_VERSION").into(), company: "Tongban".into() },
        method: METHOD.into(),
        date_time: date_time.into(),
        digest: Digest::Sm3,
        lock: last,
    };
    ofd::sign::append(file, &draft, |to_sign| {
        SealSigning { seal: &tools.seal, certificate: &tools.identity.certificate, time: at, property: to_sign.path }
            .sign_stamped(to_sign.content, &*tools.identity.signer, |message| tools.trust.stamp(message, at))
            .map_err(|error| error.to_string())
    })
    .map_err(unreadable)
}

fn unreadable(error: ofd::Error) -> Error {
    match error {
        ofd::Error::Locked(why) => Error::refused("seals.locked", format!("这个 OFD 已经锁定，不能再加盖印章：{why}。")),
        other => Error::refused("seals.unreadable", format!("这个 OFD 文件不能签章：{other}。")),
    }
}
