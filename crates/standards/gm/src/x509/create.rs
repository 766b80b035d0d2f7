//! Making certificates.

use std::str::FromStr;
use std::time::SystemTime;

use der::asn1::{BitString, OctetString};
use der::flagset::FlagSet;
use der::{DateTime, Encode, Sequence};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::{Time, Validity};

use super::{Certificate, signed_frame};
use crate::rand_core::TryCryptoRng;
use crate::{Error, Result, Signer, Spki, SysRng, oid, sm3};

const WHAT: &str = "certificate";

/// What a certificate is for; decides its basic constraints and key usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An authority that trusts itself.
    Root,
    /// An authority under a root, which issues to end users only.
    Issuing,
    /// A person, body or seal maker that signs.
    Signer,
    /// One others encrypt to.
    Recipient,
    /// A time stamping authority.
    TimeStamping,
}

/// A certificate to be made.
#[derive(Clone, Debug)]
pub struct Template {
    /// The subject as RFC 4514 writes it: `CN=…,O=…,C=CN`.
    pub subject: String,
    /// What it is for.
    pub role: Role,
    /// First moment of its validity.
    pub valid_from: SystemTime,
    /// Last moment of its validity.
    pub valid_until: SystemTime,
}

/// RFC 5280, 4.1. The library keeps the fields of its own type to itself.
#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: Spki,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

impl Template {
    /// A certificate signed by its own key.
    ///
    /// # Errors
    /// When the subject cannot be read, the times cannot be written or the key does not sign.
    pub fn root(&self, key: &dyn Signer) -> Result<Certificate> {
        self.root_with(&mut SysRng, key)
    }

    /// [`Self::root`] with the serial number from the source handed in.
    ///
    /// # Errors
    /// As [`Self::root`].
    pub fn root_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, key: &dyn Signer) -> Result<Certificate> {
        let spki = key.public_key()?;
        let issuer = Name::from_str(&self.subject).map_err(Error::der("name"))?;
        self.make(rng, &spki, issuer, &hash_of_key(&spki), key)
    }

    /// A certificate for the key `subject_key`, signed by `issuer`, whose key `signer` is.
    ///
    /// # Errors
    /// When the subject cannot be read, the times cannot be written or the key does not sign.
    pub fn issue(&self, subject_key: &Spki, issuer: &Certificate, signer: &dyn Signer) -> Result<Certificate> {
        self.issue_with(&mut SysRng, subject_key, issuer, signer)
    }

    /// [`Self::issue`] with the serial number from the source handed in.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn issue_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, subject_key: &Spki, issuer: &Certificate, signer: &dyn Signer) -> Result<Certificate> {
        let name = issuer.inner().tbs_certificate().subject().clone();
        self.make(rng, subject_key, name, &issuer_key_identifier(issuer), signer)
    }

    fn make<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, key: &Spki, issuer: Name, issuer_key: &[u8], signer: &dyn Signer) -> Result<Certificate> {
        let subject = Name::from_str(&self.subject).map_err(Error::der("name"))?;
        let mut serial = [0; 16];
        rng.try_fill_bytes(&mut serial).map_err(|_| Error::Randomness)?;
        serial[0] = serial[0] & 0x7f | 0x40; // always 16 bytes and positive
        let algorithm = signer.signature_algorithm();
        let write = || -> der::Result<Vec<u8>> {
            Tbs {
                version: 2,
                serial_number: SerialNumber::new(&serial)?,
                signature: algorithm.clone(),
                issuer,
                validity: Validity::new(time(self.valid_from)?, time(self.valid_until)?),
                extensions: self.extensions(&subject, key, issuer_key)?,
                subject,
                key: key.clone(),
            }
            .to_der()
        };
        let signed = write().map_err(Error::der(WHAT))?;
        let signature = signer.sign(&signed)?;
        Certificate::from_der(&signed_frame(&signed, &algorithm, &signature).map_err(Error::der(WHAT))?)
    }

    fn extensions(&self, subject: &Name, key: &Spki, issuer_key: &[u8]) -> der::Result<Vec<Extension>> {
        use KeyUsages::{CRLSign, DataEncipherment, DigitalSignature, KeyAgreement, KeyCertSign, KeyEncipherment, NonRepudiation};
        let (ca, path_len_constraint) = match self.role {
            Role::Root => (true, None),
            Role::Issuing => (true, Some(0)),
            _ => (false, None),
        };
        let usage: FlagSet<KeyUsages> = match self.role {
            Role::Root | Role::Issuing => KeyCertSign | CRLSign,
            Role::Signer | Role::TimeStamping => DigitalSignature | NonRepudiation,
            Role::Recipient => KeyEncipherment | DataEncipherment | KeyAgreement,
        };
        let authority = AuthorityKeyIdentifier { key_identifier: Some(OctetString::new(issuer_key)?), ..Default::default() };
        let mut list = vec![
            BasicConstraints { ca, path_len_constraint }.to_extension(subject, &[])?,
            KeyUsage(usage).to_extension(subject, &[])?,
            SubjectKeyIdentifier(OctetString::new(hash_of_key(key))?).to_extension(subject, &[])?,
            authority.to_extension(subject, &[])?,
        ];
        if self.role == Role::TimeStamping {
            // RFC 3161, 2.3: alone and critical.
            let mut usage = ExtendedKeyUsage(vec![oid::KP_TIME_STAMPING]).to_extension(subject, &[])?;
            usage.critical = true;
            list.push(usage);
        }
        Ok(list)
    }
}

/// A time as certificates write it: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
pub(super) fn time(time: SystemTime) -> der::Result<Time> {
    Ok(Time::from(DateTime::from_system_time(time)?))
}

/// The identifier of a key: the first 20 bytes of SM3 over its bits, as RFC 7093 does it with SHA-256.
fn hash_of_key(key: &Spki) -> [u8; 20] {
    let bits: &BitString = &key.subject_public_key;
    let mut identifier = [0; 20];
    identifier.copy_from_slice(&sm3(bits.raw_bytes())[..20]);
    identifier
}

/// The identifier an issuer's own certificate gives its key, else the one this crate would give.
pub(super) fn issuer_key_identifier(issuer: &Certificate) -> Vec<u8> {
    issuer.key_identifier().unwrap_or_else(|| hash_of_key(issuer.public_key()).to_vec())
}
