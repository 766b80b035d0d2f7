//! The Chinese commercial cryptography this house needs, as a small safe layer over RustCrypto:
//!
//! - SM3 (GB/T 32905-2016) and HMAC-SM3: [`sm3`], [`Sm3`], [`hmac_sm3`], [`verify`];
//! - SM4 (GB/T 32907-2016) in GCM mode (RFC 8998): [`Sm4Gcm`];
//! - [`Keys`]: every key of one installation, derived from a single 32-byte master secret.
//!
//! Nothing here panics on any input, keys never appear in `Debug` output, and key bytes are wiped on drop.

mod hash;
mod keys;
mod seal;

pub use hash::{Sm3, hmac_sm3, sm3, sm3_hex, verify};
pub use keys::Keys;
pub use seal::{NONCE_LEN, Sm4Gcm, TAG_LEN};

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
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// `N` unpredictable bytes from the operating system, for keys, nonces and session tokens.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes)
}
