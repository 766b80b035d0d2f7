//! SM2 signatures (GB/T 32918.2-2016).

use sm2::dsa::signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner};
use sm2::dsa::{self, SigningKey, VerifyingKey};

use crate::rand_core::TryCryptoRng;
use crate::{Error, PrivateKey, PublicKey, Result, Sm3, SysRng};

/// The identity that goes into a signature when signer and verifier agreed on no other (GM/T 0009, 10; GB/T 35276).
/// Certificates, seals and SignedData always use it.
pub const DEFAULT_ID: &[u8] = b"1234567812345678";

/// a ‖ b ‖ xG ‖ yG of the curve (GB/T 32918.5, 2), which go into ZA.
const CURVE: [[u8; 32]; 4] = [
    hex32(b"FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"),
    hex32(b"28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"),
    hex32(b"32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"),
    hex32(b"BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"),
];

const fn hex32(text: &[u8; 64]) -> [u8; 32] {
    const fn digit(c: u8) -> u8 {
        if c <= b'9' { c - b'0' } else { c - b'A' + 10 }
    }
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
        i += 1;
    }
    bytes
}

/// An SM2 signature: two numbers in [1, n − 1]. Others are refused when reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(dsa::Signature);

impl Signature {
    /// Reads SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009, 7.3) in strict DER: shortest numbers, nothing behind.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        dsa::Signature::from_der(bytes).map(Self).map_err(|_| Error::BadSignature)
    }

    /// SEQUENCE { r INTEGER, s INTEGER }.
    pub fn to_der(&self) -> Vec<u8> {
        self.0.to_der().to_vec()
    }

    /// Reads r ‖ s.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<Self> {
        dsa::Signature::from_slice(bytes).map(Self).map_err(|_| Error::BadSignature)
    }

    /// r ‖ s.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(&self.0.to_bytes());
        bytes
    }
}

impl PublicKey {
    /// ZA: the hash of the signer's identity, the curve and the key (GB/T 32918.2, 5.5).
    ///
    /// # Errors
    /// [`Error::Identity`] for one longer than 8191 bytes.
    pub fn za(&self, id: &[u8]) -> Result<[u8; 32]> {
        let bits = id.len().checked_mul(8).and_then(|bits| u16::try_from(bits).ok()).ok_or(Error::Identity)?;
        let mut hash = Sm3::new();
        hash.update(&bits.to_be_bytes());
        hash.update(id);
        CURVE.iter().for_each(|number| hash.update(number));
        hash.update(&self.to_bytes()[1..]);
        Ok(hash.finish())
    }

    /// An SM3 hash that has taken in ZA already: update it with the message, finish it, and it is the `digest` of
    /// [`PublicKey::verify_digest`] and [`PrivateKey::sign_digest_with`]. For files too large for memory.
    ///
    /// # Errors
    /// [`Error::Identity`].
    pub fn message_hash(&self, id: &[u8]) -> Result<Sm3> {
        let mut hash = Sm3::new();
        hash.update(&self.za(id)?);
        Ok(hash)
    }

    /// Verifies a signature of `message` made under [`DEFAULT_ID`].
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<()> {
        self.verify_as(DEFAULT_ID, message, signature)
    }

    /// Verifies a signature of `message` made under this identity.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn verify_as(&self, id: &[u8], message: &[u8], signature: &Signature) -> Result<()> {
        let mut hash = self.message_hash(id)?;
        hash.update(message);
        self.verify_digest(&hash.finish(), signature)
    }

    /// Verifies a signature of a message of which only e = SM3(ZA ‖ message) is at hand.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn verify_digest(&self, digest: &[u8; 32], signature: &Signature) -> Result<()> {
        // The crate's own identity string plays no part: ZA is in the digest already.
        let key = VerifyingKey::new("", self.0).map_err(|_| Error::BadSignature)?;
        key.verify_prehash(digest, &signature.0).map_err(|_| Error::BadSignature)
    }
}

impl PrivateKey {
    /// Signs `message` under [`DEFAULT_ID`].
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn sign(&self, message: &[u8]) -> Result<Signature> {
        self.sign_as(DEFAULT_ID, message)
    }

    /// Signs `message` under this identity.
    ///
    /// # Errors
    /// [`Error::Identity`], or when there is no randomness.
    pub fn sign_as(&self, id: &[u8], message: &[u8]) -> Result<Signature> {
        let mut hash = self.public_key().message_hash(id)?;
        hash.update(message);
        self.sign_digest_with(&mut SysRng, &hash.finish())
    }

    /// Signs a message of which only e = SM3(ZA ‖ message) is at hand. The secret number k comes from key, digest and
    /// randomness together (RFC 6979, 3.6), so a weak source alone does not betray the key.
    ///
    /// # Errors
    /// When the source fails.
    pub fn sign_digest_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, digest: &[u8; 32]) -> Result<Signature> {
        let key = SigningKey::new("", &self.0).map_err(|_| Error::NotAKey("out of range"))?;
        // The crate gives up on the k with r = 0, r + k = n or s = 0 (chance 2⁻²⁵⁵); the standard draws again.
        for _ in 0..4 {
            if let Ok(signature) = key.sign_prehash_with_rng(rng, digest) {
                return Ok(Signature(signature));
            }
        }
        Err(Error::Randomness)
    }
}
