//! Signatures in PDF files: PAdES (ETSI EN 319 142) with SM2 for China, and with ECDSA on P-256 or RSA for readers elsewhere,
//! of level B, or with a time stamp B-T.
//!
//! [`sign`] appends to the file (an incremental update, so that earlier signatures stay right), shows a seal's picture on
//! a page and takes in a CMS signature over everything else. [`verify`] finds every signature of a file again.
//!
//! ```
//! use std::time::SystemTime;
//! use pdfsign::{Place, Signing};
//!
//! # fn example(pdf: Vec<u8>, png: Vec<u8>, key: gm::PrivateKey, certificate: gm::x509::Certificate) -> Result<(), Box<dyn std::error::Error>> {
//! let place = Place { page: 1, left_mm: 120.0, bottom_mm: 40.0, width_mm: 42.0, height_mm: 42.0 };
//! let signing = Signing { certificate: &certificate, chain: &[], time: SystemTime::now(), name: "示例市行政审批局", reason: "签发决定", seal: Some((place, &png)) };
//! let signed = pdfsign::sign(&pdf, &signing, &key, None)?;
//! let found = pdfsign::verify(&signed, &pdfsign::International)?;
//! assert!(found[0].signer.is_ok() && found[0].covers_whole_file);
//! # Ok(()) }
//! ```

mod algorithms;
mod appearance;
mod sign;
mod verify;

pub use algorithms::{EcdsaKey, International, RsaKey};
pub use appearance::Place;
pub use sign::{Signing, Stamp, sign};
pub use verify::{Found, verify};

/// Why a file cannot be signed or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no PDF that can be read.
    #[error("the PDF cannot be read: {0}")]
    Pdf(#[from] lopdf::Error),
    /// The file is encrypted; its strings would have to be, too.
    #[error("an encrypted PDF cannot be signed")]
    Encrypted,
    /// There is no such page.
    #[error("there is no page {0}")]
    NoPage(u32),
    /// The picture of the seal is no PNG that can be read, or too large.
    #[error("the picture of the seal cannot be read: {0}")]
    Picture(String),
    /// The signature does not fit the place kept for it, or the place was not found again.
    #[error("the signature does not fit its place in the file")]
    Place,
    /// The file cannot be written.
    #[error("the PDF cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// The key or certificate is no good, or a time stamp was not given.
    #[error(transparent)]
    Gm(#[from] gm::Error),
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;
