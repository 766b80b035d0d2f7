//! Electronic seals and seal signatures of GB/T 38540-2020 (version 4): make, read, verify. Those of GM/T 0031-2014
//! (versions 1 to 3) are read and verified.
//!
//! A seal ([`Seal`], a `.esl` file) is a picture with a name, a list of certificates that may use it and the signature of
//! its maker. A seal signature ([`SealSignature`], `SignedValue.dat` inside of an OFD) joins a seal, a time and the hash of
//! the data under the signature of one of those certificates.
//!
//! **What is signed in an OFD** (GB/T 33190, 18): `signed_data` of [`verify`] is every byte of the entry
//! `…/Signs/Sign_n/Signature.xml` as it lies in the package, and `propertyInfo` is that entry's absolute path. The files
//! of the document are bound by the digests in that XML; whoever opens the package checks them and adds the answer with
//! [`Report::set`]`(`[`Kind::References`]`, …)`. When the package holds `Seal.esl` too, hand it in as
//! [`Options::seal_file`].
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use eseal::{Kind, Options, Outcome, Picture, SealSigning, SealTemplate};
//! use gm::{PrivateKey, x509::{Role, Template}};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (now, until) = (SystemTime::now(), SystemTime::now() + Duration::from_secs(86_400));
//! let certificate = |subject: &str, key: &PrivateKey| Template { subject: subject.into(), role: Role::Root, valid_from: now, valid_until: until }.root(key);
//! let (maker_key, officer_key) = (PrivateKey::generate()?, PrivateKey::generate()?);
//! let (maker, officer) = (certificate("CN=演示制章者", &maker_key)?, certificate("CN=演示用章人", &officer_key)?);
//! let seal = SealTemplate {
//!     id: "45030000000001".into(), vendor: "Demo".into(), kind: 1, name: "示例市行政审批局".into(), users: vec![officer.clone()],
//!     created: now, valid_from: now, valid_until: until,
//!     picture: Picture { format: "PNG".into(), data: vec![0x89], width_mm: 42, height_mm: 42 },
//! }.make(&maker, &maker_key)?;
//! let data = b"<ofd:Signature/>";
//! let signature = SealSigning { seal: &seal, certificate: &officer, time: now, property: "/Doc_0/Signs/Sign_0/Signature.xml" }.sign(data, &officer_key)?;
//! let report = eseal::verify(&signature, data, &Options::new(now));
//! assert!(report.is_intact());
//! let report = eseal::verify(&signature, b"<ofd:Forged/>", &Options::new(now));
//! assert_eq!(report.outcome(Kind::DataHash), Outcome::Failed);
//! # Ok(()) }
//! ```
//!
//! No input makes this crate panic, and all sizes are bounded. Times are handed in.

mod make;
mod raw;
mod report;
mod seal;
mod signature;
mod verify;

pub use make::{SealSigning, SealTemplate};
pub use report::{Check, Kind, Outcome, Report, SealFacts};
pub use seal::{Extension, Picture, Seal, Users};
pub use signature::SealSignature;
pub use verify::{Options, verify, verify_seal};

/// Why something is no seal or seal signature, or cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A part is not encoded as the standard says.
    #[error("{part} is not well-formed: {source}")]
    Der {
        /// The part, by its name in the standard.
        part: &'static str,
        /// What the decoder said.
        source: der::Error,
    },
    /// A part breaks a rule of the standard.
    #[error("{part}: {rule}")]
    Rule {
        /// The part, by its name in the standard.
        part: &'static str,
        /// The rule.
        rule: &'static str,
    },
    /// A certificate in it, or a key, is no good.
    #[error(transparent)]
    Gm(#[from] gm::Error),
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;
