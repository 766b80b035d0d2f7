//! The algorithms that readers outside China know, beside SM2.

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode, Encode};
use gm::{AlgorithmIdentifier, Algorithms, Error, Gm, Result, Signer, Spki, oid};
use p256::ecdsa::signature::{SignatureEncoding, Signer as _, Verifier};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey};
use rsa::{pkcs1v15, traits::PublicKeyParts};
use sha2::{Digest, Sha256};

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
/// Shortest RSA key accepted (bytes): 2048 bits.
const MIN_RSA: usize = 256;

/// SM2 with SM3, ECDSA on P-256 with SHA-256, and RSA (PKCS #1 v1.5) with SHA-256.
#[derive(Clone, Copy, Debug, Default)]
pub struct International;

impl Algorithms for International {
    fn verify(&self, key: &Spki, algorithm: &AlgorithmIdentifier, message: &[u8], signature: &[u8]) -> Result<()> {
        let bad = |_| Error::BadSignature;
        let key_der = || key.to_der().map_err(|_| Error::NotAKey("cannot be written"));
        match algorithm.oid {
            ECDSA_SHA256 => {
                let key = p256::ecdsa::VerifyingKey::from_public_key_der(&key_der()?).map_err(|_| Error::NotAKey("no key on P-256"))?;
                key.verify(message, &p256::ecdsa::Signature::from_der(signature).map_err(bad)?).map_err(bad)
            }
            RSA | RSA_SHA256 => {
                let key = rsa::PublicKey::from_public_key_der(&key_der()?).map_err(|_| Error::NotAKey("no RSA key"))?;
                if key.size() < MIN_RSA {
                    return Err(Error::NotAKey("an RSA key of less than 2048 bits"));
                }
                let signature = pkcs1v15::Signature::try_from(signature).map_err(bad)?;
                pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature).map_err(bad)
            }
            _ => Gm.verify(key, algorithm, message, signature),
        }
    }

    fn digest(&self, algorithm: &ObjectIdentifier, data: &[u8]) -> Result<Vec<u8>> {
        if *algorithm == oid::SHA256 { Ok(Sha256::digest(data).to_vec()) } else { Gm.digest(algorithm, data) }
    }
}

/// A key on P-256 that signs with ECDSA and SHA-256. Wiped on drop.
pub struct EcdsaKey(p256::ecdsa::SigningKey);

impl EcdsaKey {
    /// Reads an unencrypted PKCS#8 key in PEM.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_pem(text: &str) -> Result<Self> {
        p256::ecdsa::SigningKey::from_pkcs8_pem(text).map(Self).map_err(|_| Error::NotAKey("no key on P-256"))
    }
}

impl Signer for EcdsaKey {
    fn public_key(&self) -> Result<Spki> {
        spki(self.0.verifying_key())
    }

    fn signature_algorithm(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier { oid: ECDSA_SHA256, parameters: None }
    }

    fn digest_algorithm(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier { oid: oid::SHA256, parameters: None }
    }

    fn digest(&self, data: &[u8]) -> Vec<u8> {
        Sha256::digest(data).to_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature: p256::ecdsa::Signature = self.0.try_sign(message).map_err(|_| Error::Randomness)?;
        Ok(signature.to_der().to_vec())
    }
}

/// An RSA key that signs with PKCS #1 v1.5 and SHA-256. Wiped on drop.
pub struct RsaKey(rsa::PrivateKey);

impl RsaKey {
    /// Reads an unencrypted PKCS#8 key in PEM, of at least 2048 bits.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_pem(text: &str) -> Result<Self> {
        let key = rsa::PrivateKey::from_pkcs8_pem(text).map_err(|_| Error::NotAKey("no RSA key"))?;
        if key.size() < MIN_RSA { Err(Error::NotAKey("an RSA key of less than 2048 bits")) } else { Ok(Self(key)) }
    }
}

impl Signer for RsaKey {
    fn public_key(&self) -> Result<Spki> {
        spki(&self.0.to_public_key())
    }

    fn signature_algorithm(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier { oid: RSA_SHA256, parameters: Some(Any::null()) }
    }

    fn digest_algorithm(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier { oid: oid::SHA256, parameters: None }
    }

    fn digest(&self, data: &[u8]) -> Vec<u8> {
        Sha256::digest(data).to_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature = pkcs1v15::SigningKey::<Sha256>::new(self.0.clone()).try_sign(message).map_err(|_| Error::Randomness)?;
        Ok(signature.to_vec())
    }
}

fn spki(key: &impl EncodePublicKey) -> Result<Spki> {
    let bad = || Error::NotAKey("cannot be written");
    Spki::from_der(key.to_public_key_der().map_err(|_| bad())?.as_bytes()).map_err(|_| bad())
}
