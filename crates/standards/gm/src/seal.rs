//! SM4 in Galois/Counter Mode.

use aes_gcm::{
    AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
};
use sm4::Sm4;

use crate::{Error, Result};

/// Length of a GCM nonce in bytes (RFC 8998: 96 bits).
pub const NONCE_LEN: usize = 12;
/// Length of the authentication tag that follows the ciphertext, in bytes.
pub const TAG_LEN: usize = 16;

/// Authenticated encryption with SM4-GCM (RFC 8998). One nonce must never serve two messages under the same key;
/// [`Keys::seal`](crate::Keys::seal) takes care of that.
pub struct Sm4Gcm(AesGcm<Sm4, U12>); // "AesGcm" is the mode; the block cipher inside is SM4

impl Sm4Gcm {
    /// Prepares the 128-bit `key`.
    pub fn new(key: &[u8; 16]) -> Self {
        Self(AesGcm::new(key.into()))
    }

    /// Encrypts `plaintext`, answering ciphertext ‖ tag. `aad` is not hidden but bound: the same `aad` must be given
    /// to [`Sm4Gcm::open`], so a sealed column cannot be moved to another record.
    pub fn seal(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        self.0
            .encrypt(
                nonce.into(),
                Payload {
                    msg: plaintext,
                    aad,
                },
            )
            .map_err(|_| Error::TooLong)
    }

    /// Decrypts ciphertext ‖ tag; refuses anything that was not sealed with this key, nonce and `aad`.
    pub fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        self.0
            .decrypt(nonce.into(), Payload { msg: sealed, aad })
            .map_err(|_| Error::Damaged)
    }
}

impl std::fmt::Debug for Sm4Gcm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sm4Gcm(..)")
    }
}
