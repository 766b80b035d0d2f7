//! Signatures and seals (GB/T 33190 clause 18): listing, verifying, appending.

mod append;
mod der;
mod digest;
mod list;
mod report;
mod verify;

pub use append::{Draft, Purpose, ToSign, append};
pub use der::{Picture, picture};
pub use digest::Digest;
pub use list::{Kind, Provider, Reference, Signature, Stamp, signatures};
pub use report::{Check, Outcome, Report, SignatureReport, State, Subject};
pub use verify::{DigestsOnly, SignatureVerifier, Signed, verify, verify_package};
