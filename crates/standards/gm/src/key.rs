//! SM2 keys and the files they live in.

use std::fmt;

use der::{Decode, Encode};
use pkcs8::pkcs5::pbes2;
use pkcs8::{DecodePrivateKey, EncodePrivateKey, EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use sm2::elliptic_curve::Generate;
use sm2::elliptic_curve::sec1::ToSec1Point;
use sm2::{NonZeroScalar, Scalar, SecretKey};
use zeroize::Zeroizing;

use crate::rand_core::TryCryptoRng;
use crate::{Error, Result, Spki, SysRng, pem};

const PKCS8: &str = "PRIVATE KEY";
const PKCS8_ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
/// SEC1; `openssl ec` writes the second label for a key of this curve.
const SEC1: [&str; 2] = ["EC PRIVATE KEY", "SM2 PRIVATE KEY"];
const SPKI: &str = "PUBLIC KEY";
/// Rounds of PBKDF2-HMAC-SHA256 for a password-protected key file (OWASP's figure of 2023).
const PBKDF2_ROUNDS: u32 = 600_000;

/// An SM2 private key: a number in [1, n − 2] (GB/T 32918.1, 6.1). Wiped on drop, never printed.
#[derive(Clone)]
pub struct PrivateKey(pub(crate) SecretKey);

impl PrivateKey {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// When there is none.
    pub fn generate() -> Result<Self> {
        Self::generate_with(&mut SysRng)
    }

    /// A new key from the randomness handed in.
    ///
    /// # Errors
    /// When the source fails.
    pub fn generate_with<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self> {
        loop {
            let key = SecretKey::try_generate_from_rng(rng).map_err(|_| Error::Randomness)?;
            if let Ok(key) = Self::checked(key) {
                return Ok(key);
            }
        }
    }

    /// The key with this number, big-endian.
    ///
    /// # Errors
    /// Outside of [1, n − 2].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self> {
        Self::checked(SecretKey::from_slice(bytes).map_err(|_| Error::NotAKey("out of range"))?)
    }

    /// The number, big-endian.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        let bytes = Zeroizing::new(self.0.to_bytes());
        let mut array = Zeroizing::new([0; 32]);
        array.copy_from_slice(&bytes);
        array
    }

    /// With n − 1 the factor 1/(1 + d) of a signature does not exist, so the standard leaves it out.
    fn checked(key: SecretKey) -> Result<Self> {
        let plus_one = *key.to_nonzero_scalar() + Scalar::ONE;
        if bool::from(plus_one.is_zero()) { Err(Error::NotAKey("out of range")) } else { Ok(Self(key)) }
    }

    pub(crate) fn scalar(&self) -> Zeroizing<NonZeroScalar> {
        Zeroizing::new(self.0.to_nonzero_scalar())
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }

    /// Reads a key file: PKCS#8 (`PRIVATE KEY`), encrypted PKCS#8 with PBES2 (`ENCRYPTED PRIVATE KEY`; PBKDF2 or scrypt
    /// with AES-CBC) or SEC1 (`EC PRIVATE KEY`, `SM2 PRIVATE KEY`). Other blocks in the file are passed over.
    ///
    /// # Errors
    /// [`Error::PasswordNeeded`], [`Error::Password`], or what is wrong with the file.
    pub fn from_pem(text: &str, password: Option<&[u8]>) -> Result<Self> {
        if pem::has(text, PKCS8_ENCRYPTED) {
            let bytes = pem::first(text, PKCS8_ENCRYPTED)?;
            let password = password.ok_or(Error::PasswordNeeded)?;
            let sealed = EncryptedPrivateKeyInfoRef::from_der(&bytes).map_err(Error::der("encrypted key"))?;
            let plain = sealed.decrypt(password).map_err(|_| Error::Password)?;
            Self::from_pkcs8_der(plain.as_bytes())
        } else if pem::has(text, PKCS8) {
            Self::from_pkcs8_der(&pem::first(text, PKCS8)?)
        } else {
            let label = SEC1.into_iter().find(|label| pem::has(text, label)).ok_or(Error::NoPem(PKCS8))?;
            let bytes = pem::first(text, label)?;
            Self::checked(SecretKey::from_sec1_der(&bytes).map_err(|_| Error::NotAKey("another curve, or not SEC1"))?)
        }
    }

    /// Reads an unencrypted PKCS#8 key.
    ///
    /// # Errors
    /// When it is none, or one of another curve.
    pub fn from_pkcs8_der(bytes: &[u8]) -> Result<Self> {
        Self::checked(SecretKey::from_pkcs8_der(bytes).map_err(|_| Error::NotAKey("another curve, or not PKCS#8"))?)
    }

    /// The key as PKCS#8 PEM, readable by anybody who has the file.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_pem(&self) -> Result<Zeroizing<String>> {
        Ok(Zeroizing::new(pem::write(PKCS8, self.pkcs8()?.as_bytes())?))
    }

    /// The key as PKCS#8 PEM under a password: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, the combination every
    /// other program reads.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn to_encrypted_pem(&self, password: &[u8]) -> Result<String> {
        self.to_encrypted_pem_with(&mut SysRng, password)
    }

    /// [`Self::to_encrypted_pem`] with salt and initial vector from the source handed in.
    ///
    /// # Errors
    /// When the source fails.
    pub fn to_encrypted_pem_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, password: &[u8]) -> Result<String> {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        rng.try_fill_bytes(&mut salt).map_err(|_| Error::Randomness)?;
        rng.try_fill_bytes(&mut iv).map_err(|_| Error::Randomness)?;
        let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ROUNDS, &salt, iv).map_err(|_| Error::Password)?;
        let plain = self.pkcs8()?;
        let info = PrivateKeyInfoRef::from_der(plain.as_bytes()).map_err(Error::der(PKCS8))?;
        let sealed = info.encrypt_with_params(parameters, password).map_err(|_| Error::Password)?;
        pem::write(PKCS8_ENCRYPTED, sealed.as_bytes())
    }

    fn pkcs8(&self) -> Result<der::SecretDocument> {
        self.0.to_pkcs8_der().map_err(|_| Error::NotAKey("cannot be written as PKCS#8"))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// An SM2 public key: a point on the curve other than infinity. Every way to make one checks that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub(crate) sm2::PublicKey);

impl PublicKey {
    /// Reads a point: 04 ‖ x ‖ y, or compressed (02 or 03 ‖ x).
    ///
    /// # Errors
    /// When it is not on the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        sm2::PublicKey::from_sec1_bytes(bytes).map(Self).map_err(|_| Error::NotAKey("no point of the curve"))
    }

    /// 04 ‖ x ‖ y.
    pub fn to_bytes(&self) -> [u8; 65] {
        let mut bytes = [0; 65];
        bytes.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        bytes
    }

    /// The key inside a certificate or public key file.
    ///
    /// # Errors
    /// When it is of another algorithm or curve, or no point of the curve.
    pub fn from_spki(spki: &Spki) -> Result<Self> {
        let curve = spki.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<der::asn1::ObjectIdentifier>().ok());
        if spki.algorithm.oid != crate::oid::EC_PUBLIC_KEY || curve != Some(crate::oid::SM2) {
            return Err(Error::NotAKey("another algorithm or curve"));
        }
        Self::from_bytes(spki.subject_public_key.as_bytes().ok_or(Error::NotAKey("no point of the curve"))?)
    }

    /// The key as a certificate holds it: `id-ecPublicKey` with the curve's identifier.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_spki(&self) -> Result<Spki> {
        Spki::from_key(&self.0).map_err(|_| Error::NotAKey("cannot be written"))
    }

    /// Reads a `PUBLIC KEY` file.
    ///
    /// # Errors
    /// When it is none, or not of SM2.
    pub fn from_pem(text: &str) -> Result<Self> {
        Self::from_spki(&Spki::from_der(&pem::first(text, SPKI)?).map_err(Error::der(SPKI))?)
    }

    /// The key as a `PUBLIC KEY` file.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_pem(&self) -> Result<String> {
        pem::write(SPKI, &self.to_spki()?.to_der().map_err(Error::der(SPKI))?)
    }
}
