//! The Chinese commercial cryptography this house needs, as a small safe layer over RustCrypto:
//!
//! - SM3 (GB/T 32905-2016) and HMAC-SM3: [`sm3`], [`Sm3`], [`hmac_sm3`], [`verify`];
//! - SM4 (GB/T 32907-2016) in GCM mode (RFC 8998): [`Sm4Gcm`];
//! - SM2 (GB/T 32918-2016): [`PrivateKey`], [`PublicKey`], [`Signature`], [`Ciphertext`];
//! - certificates and revocation lists with SM2-with-SM3: [`x509`];
//! - detached signatures of files (GM/T 0010, also CMS): [`cms`];
//! - time stamps (RFC 3161): [`tsp`];
//! - [`Keys`]: every symmetric key of one installation, derived from a single 32-byte master secret.
//!
//! Nothing here panics on any input, keys never appear in `Debug` output, and key bytes are wiped on drop.
//! Randomness comes from the operating system; every function that needs some has a sister `…_with` that takes the
//! source, so that tests are reproducible. Times are handed in, never read from the clock.
//!
//! ```
//! # fn main() -> gm::Result<()> {
//! let key = gm::PrivateKey::generate()?;
//! let signature = key.sign("关于印发……的通知".as_bytes())?;
//! key.public_key().verify("关于印发……的通知".as_bytes(), &signature)?;
//! assert!(key.public_key().verify("关于废止……的通知".as_bytes(), &signature).is_err());
//! # Ok(()) }
//! ```

mod algorithm;
mod cipher;
pub mod cms;
mod hash;
mod key;
mod keys;
pub mod oid;
mod pem;
mod seal;
mod signature;
pub mod tsp;
pub mod x509;

pub use algorithm::{AlgorithmIdentifier, Algorithms, Gm, Signer, Spki};
pub use cipher::Ciphertext;
pub use hash::{Sm3, hmac_sm3, sm3, sm3_hex, verify};
pub use key::{PrivateKey, PublicKey};
pub use keys::Keys;
pub use seal::{NONCE_LEN, Sm4Gcm, TAG_LEN};
pub use signature::{DEFAULT_ID, Signature};
/// A source of randomness, for the functions named `…_with`.
pub use sm2::elliptic_curve::rand_core;
/// The operating system's randomness as such a source.
pub use sm2::elliptic_curve::common::getrandom::SysRng;

/// What can go wrong. Decryption errors deliberately do not say why: the reason would help a forger.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ciphertext, its nonce, its associated data or the key does not belong to the others.
    #[error("sealed data is damaged, or belongs to another key or another record")]
    Damaged,
    /// One message is longer than GCM allows (2³⁶ − 32 bytes).
    #[error("data is too long to be sealed in one piece")]
    TooLong,
    /// A master secret is not 64 hexadecimal digits.
    #[error("a key must be written as 64 hexadecimal digits (32 bytes)")]
    KeyText,
    /// The key file cannot be read or written.
    #[error("key file {path}: {source}")]
    KeyFile {
        /// The file asked for.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    /// The source of randomness handed in failed.
    #[error("the source of randomness failed")]
    Randomness,
    /// Bytes that should be an SM2 key are none: another curve, not on the curve, zero, or not a key at all.
    #[error("not an SM2 key: {0}")]
    NotAKey(&'static str),
    /// The key file is encrypted and no password was given.
    #[error("the key file is encrypted and needs a password")]
    PasswordNeeded,
    /// The key file does not open with this password.
    #[error("wrong password, or the key file is damaged")]
    Password,
    /// An identity is longer than 8191 bytes (its length in bits must fit in 16 bits, GB/T 32918.2, 5.5).
    #[error("a signer's identity is limited to 8191 bytes")]
    Identity,
    /// The signature is not one of this key over this message.
    #[error("the signature does not fit the key and the message")]
    BadSignature,
    /// SM2 encrypts at least one byte (GB/T 32918.4, 6.1).
    #[error("there is nothing to encrypt")]
    Empty,
    /// The bytes are not the structure they should be.
    #[error("not a well-formed {what}: {source}")]
    Der {
        /// The structure expected.
        what: &'static str,
        /// What the decoder said.
        source: der::Error,
    },
    /// A rule of a structure is broken although its encoding is right.
    #[error("{what}: {rule}")]
    Rule {
        /// The structure.
        what: &'static str,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// No `BEGIN` … `END` block of the kind wanted.
    #[error("no PEM block of a {0}")]
    NoPem(&'static str),
    /// An algorithm nobody here can compute.
    #[error("unsupported algorithm {0}")]
    Algorithm(der::asn1::ObjectIdentifier),
}

impl Error {
    /// Turns a decoder's error into one that names the structure: `.map_err(Error::der("certificate"))`.
    pub fn der(what: &'static str) -> impl FnOnce(der::Error) -> Self {
        move |source| Self::Der { what, source }
    }
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// `N` unpredictable bytes from the operating system, for keys, nonces and session tokens.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes)
}
