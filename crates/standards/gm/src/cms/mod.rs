//! Signatures beside or around a content: SignedData with the identifiers of GM/T 0010 (written for detached signatures
//! of files) or of CMS / PKCS #7 (RFC 5652; read as well, and written where a format asks for them).
//!
//! ```
//! # use std::time::{Duration, SystemTime};
//! # use gm::{Gm, PrivateKey, x509::{Role, Template}};
//! use gm::cms::{Form, SignedData, Signing};
//!
//! # fn main() -> gm::Result<()> {
//! # let (now, key) = (SystemTime::now(), PrivateKey::generate()?);
//! # let certificate = Template { subject: "CN=示例局".into(), role: Role::Root, valid_from: now, valid_until: now + Duration::from_secs(60) }.root(&key)?;
//! let signature = Signing::new(&certificate, Form::Gm).time(now).sign_detached(b"content", &key)?;
//! let signers = SignedData::from_der(&signature)?.verify(Some(b"content"), &Gm)?;
//! assert_eq!(signers[0].certificate, certificate); // whether to trust it: x509::verify_chain
//! # Ok(()) }
//! ```

mod sign;
mod structure;
mod verify;

pub use sign::Signing;
pub use verify::{SignedData, SignerReport};

/// Whose object identifiers a SignedData is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// GM/T 0010: 1.2.156.10197.6.1.4.2.x.
    Gm,
    /// RFC 5652: 1.2.840.113549.1.7.x.
    Cms,
}
