//! Certificates and revocation lists (RFC 5280, GM/T 0015), signed with SM2-with-SM3 by default.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use gm::{Gm, PrivateKey, x509::{Purpose, Role, Template, verify_chain}};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = SystemTime::now();
//! let year = Duration::from_secs(365 * 86_400);
//! let template = |subject: &str, role| Template { subject: subject.into(), role, valid_from: now, valid_until: now + year };
//! let (authority, officer) = (PrivateKey::generate()?, PrivateKey::generate()?);
//! let root = template("CN=演示根证书,O=示例市,C=CN", Role::Root).root(&authority)?;
//! let leaf = template("CN=示例局,O=示例市,C=CN", Role::Signer).issue(&officer.public_key().to_spki()?, &root, &authority)?;
//! let chain = verify_chain(&leaf, &[], &[root], Purpose::Signing, now, &Gm)?;
//! assert_eq!(chain.len(), 2);
//! # Ok(()) }
//! ```

mod chain;
mod create;
mod crl;

use std::fmt;
use std::ops::Range;
use std::time::SystemTime;

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode, Reader, SliceReader};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::spki::AlgorithmIdentifierOwned;

pub use chain::{ChainProblem, Purpose, verify_chain};
pub use create::{Role, Template};
pub use crl::{Reason, Revocation, RevocationList, Revoked, revocation};

use crate::{Algorithms, Error, Result, Spki, pem, sm3};

const LABEL: &str = "CERTIFICATE";
/// No certificate or revocation list of practice is larger; a bound against hostile input (bytes).
const MAX_LEN: usize = 16 << 20;

/// A certificate, kept with the very bytes it was read from: signatures are checked over those, not over a new encoding.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    signed: Range<usize>,
    inner: x509_cert::Certificate,
}

impl Certificate {
    /// Reads one in DER.
    ///
    /// # Errors
    /// When it is none, something follows it, or its two notes of the signature algorithm differ (RFC 5280, 4.1.1.2).
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        let what = "certificate";
        let signed = first_inside(bytes).map_err(Error::der(what))?;
        let inner = x509_cert::Certificate::from_der(bytes).map_err(Error::der(what))?;
        if inner.signature_algorithm() != inner.tbs_certificate().signature() {
            return Err(Error::Rule { what, rule: "its two signature algorithms differ" });
        }
        Ok(Self { der: bytes.to_vec(), signed, inner })
    }

    /// Reads the first of a PEM file.
    ///
    /// # Errors
    /// When there is none.
    pub fn from_pem(text: &str) -> Result<Self> {
        Self::from_der(&pem::first(text, LABEL)?)
    }

    /// Reads all of a PEM file.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>> {
        pem::all(text, LABEL)?.iter().map(|bytes| Self::from_der(bytes)).collect()
    }

    /// The bytes it was read from.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// As a PEM file.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_pem(&self) -> Result<String> {
        pem::write(LABEL, &self.der)
    }

    /// Whose key it certifies, as RFC 4514 writes names: `CN=…,O=…,C=CN`.
    pub fn subject(&self) -> String {
        self.inner.tbs_certificate().subject().to_string()
    }

    /// Who certifies it, written likewise.
    pub fn issuer(&self) -> String {
        self.inner.tbs_certificate().issuer().to_string()
    }

    /// The subject's common name, for people to read; empty when there is none.
    pub fn common_name(&self) -> String {
        let name = self.inner.tbs_certificate().subject().common_name();
        name.ok().flatten().map(|name| name.value().into_owned()).unwrap_or_default()
    }

    /// The number its issuer gave it, in hexadecimal digits.
    pub fn serial(&self) -> String {
        hex::encode(self.inner.tbs_certificate().serial_number().as_bytes())
    }

    /// First and last moment of its validity.
    pub fn validity(&self) -> (SystemTime, SystemTime) {
        let validity = self.inner.tbs_certificate().validity();
        (validity.not_before.to_system_time(), validity.not_after.to_system_time())
    }

    /// The key it certifies.
    pub fn public_key(&self) -> &Spki {
        self.inner.tbs_certificate().subject_public_key_info()
    }

    /// The algorithm of the signature on it.
    pub fn signature_algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.inner.signature_algorithm()
    }

    /// SM3 of the whole certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        sm3(&self.der)
    }

    /// Everything else in it.
    pub fn inner(&self) -> &x509_cert::Certificate {
        &self.inner
    }

    /// Whether it may certify others (basic constraints).
    pub fn is_authority(&self) -> bool {
        self.extension::<BasicConstraints>().is_some_and(|constraints| constraints.ca)
    }

    /// Whether `issuer` signed it, by name and by signature. Says nothing about validity or purpose: [`verify_chain`].
    ///
    /// # Errors
    /// [`Error::BadSignature`] or [`Error::Algorithm`].
    pub fn verify_issued_by(&self, issuer: &Self, algorithms: &dyn Algorithms) -> Result<()> {
        if self.inner.tbs_certificate().issuer() != issuer.inner.tbs_certificate().subject() {
            return Err(Error::BadSignature);
        }
        let signature = self.inner.signature().as_bytes().ok_or(Error::BadSignature)?;
        algorithms.verify(issuer.public_key(), self.signature_algorithm(), &self.der[self.signed.clone()], signature)
    }

    /// The identifier the certificate gives its own key.
    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        self.extension::<SubjectKeyIdentifier>().map(|identifier| identifier.0.into_bytes().into())
    }

    fn key_usage(&self) -> Option<KeyUsage> {
        self.extension()
    }

    fn extended_key_usage(&self) -> Option<Vec<ObjectIdentifier>> {
        self.extension::<ExtendedKeyUsage>().map(|usage| usage.0)
    }

    /// An extension; a damaged or repeated one counts as missing here and fails in [`verify_chain`].
    fn extension<'a, T: Decode<'a> + const_oid::AssociatedOid>(&'a self) -> Option<T> {
        self.inner.tbs_certificate().get_extension::<T>().ok().flatten().map(|(_, value)| value)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, by {})", self.subject(), self.issuer())
    }
}

/// Where the first element inside of an outer SEQUENCE lies: what the signature of a certificate or list is over.
fn first_inside(bytes: &[u8]) -> der::Result<Range<usize>> {
    if bytes.len() > MAX_LEN {
        return Err(der::ErrorKind::Overlength.into());
    }
    let mut outer = SliceReader::new(bytes)?;
    let header = der::Header::decode(&mut outer)?;
    let start = usize::try_from(outer.position())?;
    let body = outer.read_slice(header.length())?;
    outer.finish()?;
    let length = SliceReader::new(body)?.tlv_bytes()?.len();
    Ok(start..start + length)
}

/// SEQUENCE { signed, algorithm, signature BIT STRING }, the frame of certificates and lists.
fn signed_frame(signed: &[u8], algorithm: &AlgorithmIdentifierOwned, signature: &[u8]) -> der::Result<Vec<u8>> {
    let algorithm = algorithm.to_der()?;
    let signature = der::asn1::BitString::from_bytes(signature)?.to_der()?;
    der::asn1::Any::new(der::Tag::Sequence, [signed, &algorithm, &signature].concat())?.to_der()
}
