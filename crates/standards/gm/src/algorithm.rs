//! The two seams of this crate: who signs (a key in memory, or one in a key store), and which algorithms are understood.

use der::asn1::ObjectIdentifier;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::{Error, PrivateKey, PublicKey, Result, Signature, oid, sm3};

/// A public key with its algorithm, as certificates hold it.
pub type Spki = SubjectPublicKeyInfoOwned;

/// The name of an algorithm with its parameters.
pub type AlgorithmIdentifier = AlgorithmIdentifierOwned;

/// Something that signs: a [`PrivateKey`], or a handle to a key that never leaves its key store.
pub trait Signer {
    /// The public key others verify with.
    ///
    /// # Errors
    /// When the key store does not answer.
    fn public_key(&self) -> Result<Spki>;
    /// How certificates and CMS name the signatures.
    fn signature_algorithm(&self) -> AlgorithmIdentifier;
    /// The hash that goes with it.
    fn digest_algorithm(&self) -> AlgorithmIdentifier;
    /// That hash of `data`.
    fn digest(&self, data: &[u8]) -> Vec<u8>;
    /// Signs; the answer is what a certificate's BIT STRING holds (for SM2: DER of r and s).
    ///
    /// # Errors
    /// When the key store does not answer, or has no randomness.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

/// Which algorithms a verification understands. [`Gm`] knows SM2 and SM3 and nothing else; a caller who must read
/// signatures from elsewhere hands in more.
pub trait Algorithms {
    /// Verifies `signature` over `message`.
    ///
    /// # Errors
    /// [`Error::BadSignature`], or [`Error::Algorithm`] when it is not understood.
    fn verify(&self, key: &Spki, algorithm: &AlgorithmIdentifier, message: &[u8], signature: &[u8]) -> Result<()>;

    /// The hash of `data`.
    ///
    /// # Errors
    /// [`Error::Algorithm`] when it is not understood.
    fn digest(&self, algorithm: &ObjectIdentifier, data: &[u8]) -> Result<Vec<u8>>;
}

/// SM2 with SM3 under the default identity, and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gm;

impl Algorithms for Gm {
    fn verify(&self, key: &Spki, algorithm: &AlgorithmIdentifier, message: &[u8], signature: &[u8]) -> Result<()> {
        // Signers of the field write the algorithm in three ways; the key's curve decides.
        if ![oid::SM2_WITH_SM3, oid::SM2_SIGN, oid::SM2].contains(&algorithm.oid) {
            return Err(Error::Algorithm(algorithm.oid));
        }
        PublicKey::from_spki(key)?.verify(message, &Signature::from_der(signature)?)
    }

    fn digest(&self, algorithm: &ObjectIdentifier, data: &[u8]) -> Result<Vec<u8>> {
        if *algorithm == oid::SM3 { Ok(sm3(data).to_vec()) } else { Err(Error::Algorithm(*algorithm)) }
    }
}

impl Signer for PrivateKey {
    fn public_key(&self) -> Result<Spki> {
        PrivateKey::public_key(self).to_spki()
    }

    fn signature_algorithm(&self) -> AlgorithmIdentifier {
        plain(oid::SM2_WITH_SM3)
    }

    fn digest_algorithm(&self) -> AlgorithmIdentifier {
        plain(oid::SM3)
    }

    fn digest(&self, data: &[u8]) -> Vec<u8> {
        sm3(data).to_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(PrivateKey::sign(self, message)?.to_der())
    }
}

/// An algorithm without parameters.
pub(crate) fn plain(oid: ObjectIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters: None }
}
