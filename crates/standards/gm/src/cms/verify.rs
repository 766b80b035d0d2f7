//! Reading and verifying SignedData.

use std::time::SystemTime;

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::attr::Attribute;

use super::Form;
use super::structure::{ContentInfo, IssuerAndSerial, SignedDataAsn, SignerInfo, SigningCertificateV2};
use crate::x509::{Certificate, RevocationList};
use crate::{Algorithms, Error, Result, oid};

const WHAT: &str = "SignedData";
/// Largest structure read (bytes), content included.
const MAX_LEN: usize = 64 << 20;

/// A SignedData that was read but not yet verified.
#[derive(Clone, Debug)]
pub struct SignedData {
    /// Whose identifiers it is written with.
    pub form: Form,
    /// What the content is said to be.
    pub content_type: ObjectIdentifier,
    /// The content, when it is inside.
    pub content: Option<Vec<u8>>,
    /// The certificates that came along, trusted or not.
    pub certificates: Vec<Certificate>,
    /// The revocation lists that came along.
    pub lists: Vec<RevocationList>,
    signers: Vec<SignerInfo>,
}

/// What one signer of a verified SignedData said.
#[derive(Clone, Debug)]
pub struct SignerReport {
    /// The certificate the signature fits.
    pub certificate: Certificate,
    /// The time the signer claims.
    pub time: Option<SystemTime>,
    /// The bare signature value, which a time stamp is over.
    pub signature: Vec<u8>,
    /// Time stamp token over the signature value (RFC 3161, appendix A), not yet verified.
    pub time_stamp: Option<Vec<u8>>,
    /// Whether the signer named the certificate, by a hash understood here, inside of what was signed (PAdES asks for it).
    pub names_certificate: bool,
}

impl SignedData {
    /// Reads one in DER.
    ///
    /// # Errors
    /// When it is none, or nobody signed it.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_LEN {
            return Err(Error::Rule { what: WHAT, rule: "it is too long" });
        }
        let outer = ContentInfo::from_der(bytes).map_err(Error::der(WHAT))?;
        let form = match outer.content_type {
            oid::GM_SIGNED_DATA => Form::Gm,
            oid::SIGNED_DATA => Form::Cms,
            _ => return Err(Error::Rule { what: WHAT, rule: "it is another structure" }),
        };
        let any = outer.content.ok_or(Error::Rule { what: WHAT, rule: "it is empty" })?;
        let inner: SignedDataAsn = any.decode_as().map_err(Error::der(WHAT))?;
        if inner.signers.is_empty() {
            return Err(Error::Rule { what: WHAT, rule: "nobody signed it" });
        }
        let mut certificates = Vec::new();
        for any in inner.certificates.iter().flat_map(SetOfVec::iter).filter(|any| any.tag() == Tag::Sequence) {
            certificates.push(Certificate::from_der(&any.to_der().map_err(Error::der(WHAT))?)?);
        }
        let mut lists = Vec::new();
        for any in inner.lists.iter().flat_map(SetOfVec::iter).filter(|any| any.tag() == Tag::Sequence) {
            lists.push(RevocationList::from_der(&any.to_der().map_err(Error::der(WHAT))?)?);
        }
        let content = inner.content.content.map(|any| any.decode_as::<OctetString>()).transpose().map_err(Error::der(WHAT))?;
        Ok(Self {
            form,
            content_type: inner.content.content_type,
            content: content.map(|content| content.into_bytes().into_vec()),
            certificates,
            lists,
            signers: inner.signers.into_vec(),
        })
    }

    /// Reads one in PEM (`PKCS7` or `CMS`) or DER.
    ///
    /// # Errors
    /// As [`Self::from_der`].
    pub fn read(bytes: &[u8]) -> Result<Self> {
        match std::str::from_utf8(bytes) {
            Ok(text) if crate::pem::has(text, "PKCS7") => Self::from_der(&crate::pem::first(text, "PKCS7")?),
            Ok(text) if crate::pem::has(text, "CMS") => Self::from_der(&crate::pem::first(text, "CMS")?),
            _ => Self::from_der(bytes),
        }
    }

    /// Adds certificates that did not come along, for a signer may leave out what the verifier has.
    #[must_use]
    pub fn with_certificates(mut self, certificates: &[Certificate]) -> Self {
        self.certificates.extend_from_slice(certificates);
        self
    }

    /// Verifies every signature over `content` (needed when it is outside; when both are there they must be equal).
    /// Says who signed, not whether to trust them.
    ///
    /// # Errors
    /// When one signature does not fit, its certificate is missing, or a rule of RFC 5652 is broken.
    pub fn verify(&self, content: Option<&[u8]>, algorithms: &dyn Algorithms) -> Result<Vec<SignerReport>> {
        let content = match (content, self.content.as_deref()) {
            (Some(outside), Some(inside)) if outside != inside => return Err(Error::BadSignature),
            (Some(content), _) | (None, Some(content)) => content,
            (None, None) => return Err(Error::Rule { what: WHAT, rule: "the content is outside and was not given" }),
        };
        self.signers.iter().map(|signer| self.verify_one(signer, content, algorithms)).collect()
    }

    fn verify_one(&self, signer: &SignerInfo, content: &[u8], algorithms: &dyn Algorithms) -> Result<SignerReport> {
        let certificate = self.certificate_of(signer)?;
        let mut time = None;
        let mut names_certificate = false;
        let signed = match &signer.signed_attributes {
            // RFC 5652, 5.3: without attributes the content is signed itself, and must be plain data.
            None if [oid::DATA, oid::GM_DATA].contains(&self.content_type) => content.to_vec(),
            None => return Err(Error::Rule { what: WHAT, rule: "it has no signed attributes" }),
            Some(attributes) => {
                let digest = algorithms.digest(&signer.digest_algorithm.oid, content)?;
                let claimed: OctetString = required(attributes, oid::MESSAGE_DIGEST)?.decode_as().map_err(Error::der(WHAT))?;
                let kind: ObjectIdentifier = required(attributes, oid::CONTENT_TYPE)?.decode_as().map_err(Error::der(WHAT))?;
                if claimed.as_bytes() != digest || kind != self.content_type {
                    return Err(Error::BadSignature);
                }
                if let Some(any) = single(attributes, oid::SIGNING_TIME)? {
                    let any = any.to_der().map_err(Error::der(WHAT))?;
                    time = Some(x509_cert::time::Time::from_der(&any).map_err(Error::der(WHAT))?.to_system_time());
                }
                if let Some(any) = single(attributes, oid::SIGNING_CERTIFICATE_V2)? {
                    names_certificate = check_named(any, certificate, algorithms)?;
                }
                attributes.to_der().map_err(Error::der(WHAT))?
            }
        };
        algorithms.verify(certificate.public_key(), &signer.signature_algorithm, &signed, signer.signature.as_bytes())?;
        let stamp = match &signer.unsigned_attributes {
            Some(attributes) => single(attributes, oid::TIME_STAMP_TOKEN)?.map(Encode::to_der).transpose().map_err(Error::der(WHAT))?,
            None => None,
        };
        Ok(SignerReport {
            certificate: certificate.clone(),
            time,
            signature: signer.signature.as_bytes().to_vec(),
            time_stamp: stamp,
            names_certificate,
        })
    }

    fn certificate_of(&self, signer: &SignerInfo) -> Result<&Certificate> {
        let found = if signer.signer.tag() == Tag::Sequence {
            let name: IssuerAndSerial = signer.signer.decode_as().map_err(Error::der(WHAT))?;
            self.certificates.iter().find(|one| {
                let tbs = one.inner().tbs_certificate();
                *tbs.issuer() == name.issuer && *tbs.serial_number() == name.serial
            })
        } else {
            self.certificates.iter().find(|one| one.key_identifier().as_deref() == Some(signer.signer.value()))
        };
        found.ok_or(Error::Rule { what: WHAT, rule: "the signer's certificate is missing" })
    }
}

/// The attribute's one value, if there is the attribute (RFC 5652, 11: at most one, with exactly one value).
fn single(attributes: &SetOfVec<Attribute>, oid: ObjectIdentifier) -> Result<Option<&Any>> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(attribute), None) if attribute.values.len() == 1 => Ok(attribute.values.get(0)),
        _ => Err(Error::Rule { what: WHAT, rule: "an attribute is there more than once" }),
    }
}

fn required(attributes: &SetOfVec<Attribute>, oid: ObjectIdentifier) -> Result<&Any> {
    single(attributes, oid)?.ok_or(Error::Rule { what: WHAT, rule: "a signed attribute is missing" })
}

/// RFC 5035, 4: the first certificate named must be the signer's. False when the hash it is named by is not understood,
/// so that the naming proves nothing.
fn check_named(any: &Any, certificate: &Certificate, algorithms: &dyn Algorithms) -> Result<bool> {
    let named: SigningCertificateV2 = any.decode_as().map_err(Error::der(WHAT))?;
    let first = named.certificates.first().ok_or(Error::BadSignature)?;
    let algorithm = first.hash_algorithm.as_ref().map_or(oid::SHA256, |algorithm| algorithm.oid);
    match algorithms.digest(&algorithm, certificate.to_der()) {
        Ok(hash) if hash == first.hash.as_bytes() => Ok(true),
        Ok(_) => Err(Error::BadSignature),
        Err(_) => Ok(false),
    }
}
