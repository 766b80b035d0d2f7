//! SM3 and HMAC-SM3.

use hmac::{Hmac, KeyInit, Mac};
use sm3::Digest;
use zeroize::Zeroizing;

/// SM3 works on blocks of 64 bytes (GB/T 32905-2016, 5.1); HMAC pads its key to one block.
const BLOCK_LEN: usize = 64;

/// A running SM3 hash, for data that arrives in pieces.
///
/// ```
/// let mut hash = gm::Sm3::new();
/// hash.update(b"a");
/// hash.update(b"bc");
/// assert_eq!(hash.finish(), gm::sm3(b"abc"));
/// ```
#[derive(Clone, Default)]
pub struct Sm3(sm3::Sm3);

impl Sm3 {
    /// The hash of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next piece; how the data is cut does not matter.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The hash of everything taken in.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// SM3 hash of `data` (GB/T 32905-2016).
pub fn sm3(data: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(data).into()
}

/// SM3 hash of `data` as 64 lower-case hexadecimal digits.
pub fn sm3_hex(data: &[u8]) -> String {
    hex::encode(sm3(data))
}

/// HMAC-SM3 of `data` under a key of any length (RFC 2104 with SM3).
pub fn hmac_sm3(key: &[u8], data: &[u8]) -> [u8; 32] {
    mac(key, data).finalize().into_bytes().into()
}

/// Whether `tag` is the HMAC-SM3 of `data` under `key`, compared in constant time so that the answer's delay does
/// not tell how much of a forged tag was right.
pub fn verify(key: &[u8], data: &[u8], tag: &[u8]) -> bool {
    mac(key, data).verify_slice(tag).is_ok()
}

/// Pads (or first hashes) the key to one block as RFC 2104 does; with a whole block the constructor cannot fail.
fn mac(key: &[u8], data: &[u8]) -> Hmac<sm3::Sm3> {
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    if key.len() > BLOCK_LEN {
        block[..32].copy_from_slice(&sm3(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = Hmac::<sm3::Sm3>::new((&*block).into());
    mac.update(data);
    mac
}
