//! Making SignedData.

use std::time::SystemTime;

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Encode, Tag};
use x509_cert::attr::Attribute;

use super::Form;
use super::structure::{ContentInfo, EssCertificateV2, IssuerAndSerial, SignedDataAsn, SignerInfo, SigningCertificateV2};
use crate::algorithm::plain;
use crate::x509::Certificate;
use crate::{Error, Result, Signer, oid};

const WHAT: &str = "SignedData";

/// A signature to be made: with which certificate, and what to say beside the signature itself.
#[derive(Clone, Debug)]
pub struct Signing<'a> {
    certificate: &'a Certificate,
    form: Form,
    chain: Vec<&'a Certificate>,
    time: Option<SystemTime>,
    content_type: ObjectIdentifier,
}

/// What the content is to the structure.
enum Content<'a> {
    Beside,
    Inside(&'a [u8]),
}

impl<'a> Signing<'a> {
    /// A signature whose signer `certificate` names.
    pub fn new(certificate: &'a Certificate, form: Form) -> Self {
        let content_type = if form == Form::Gm { oid::GM_DATA } else { oid::DATA };
        Self { certificate, form, chain: Vec::new(), time: None, content_type }
    }

    /// Adds the certificates between the signer's and the root, for the reader's convenience.
    #[must_use]
    pub fn chain(mut self, certificates: &'a [Certificate]) -> Self {
        self.chain = certificates.iter().collect();
        self
    }

    /// Adds the time the signer claims (an attribute; proof is a time stamp's business).
    #[must_use]
    pub fn time(mut self, time: SystemTime) -> Self {
        self.time = Some(time);
        self
    }

    pub(crate) fn content_type(mut self, content_type: ObjectIdentifier) -> Self {
        self.content_type = content_type;
        self
    }

    /// Signs `content`, which stays outside.
    ///
    /// # Errors
    /// When the key does not sign or is not the certificate's.
    pub fn sign_detached(&self, content: &[u8], signer: &dyn Signer) -> Result<Vec<u8>> {
        self.sign_digest(&signer.digest(content), signer)
    }

    /// Signs a content outside of which only the signer's digest is at hand.
    ///
    /// # Errors
    /// As [`Self::sign_detached`].
    pub fn sign_digest(&self, digest: &[u8], signer: &dyn Signer) -> Result<Vec<u8>> {
        self.sign(Content::Beside, digest, signer, &|_| Ok(None))
    }

    /// [`Self::sign_digest`], then asks `stamp` for a time stamp token over the signature value and takes it in.
    ///
    /// # Errors
    /// As [`Self::sign_detached`], or whatever `stamp` answers.
    pub fn sign_digest_stamped(&self, digest: &[u8], signer: &dyn Signer, stamp: &dyn Fn(&[u8]) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        self.sign(Content::Beside, digest, signer, &|signature| stamp(signature).map(Some))
    }

    /// Signs `content` and takes it in.
    ///
    /// # Errors
    /// As [`Self::sign_detached`].
    pub fn sign_attached(&self, content: &[u8], signer: &dyn Signer) -> Result<Vec<u8>> {
        self.sign(Content::Inside(content), &signer.digest(content), signer, &|_| Ok(None))
    }

    fn sign(&self, content: Content<'_>, digest: &[u8], signer: &dyn Signer, stamp: &dyn Fn(&[u8]) -> Result<Option<Vec<u8>>>) -> Result<Vec<u8>> {
        if signer.public_key()? != *self.certificate.public_key() {
            return Err(Error::Rule { what: WHAT, rule: "the certificate is of another key" });
        }
        let attributes = self.attributes(digest, signer).map_err(Error::der(WHAT))?;
        // RFC 5652, 5.4: what is signed is the attributes as a SET, not with the tag they are written with.
        let signature = signer.sign(&attributes.to_der().map_err(Error::der(WHAT))?)?;
        let stamp = stamp(&signature)?;
        let write = || -> der::Result<Vec<u8>> {
            let tbs = self.certificate.inner().tbs_certificate();
            let name = IssuerAndSerial { issuer: tbs.issuer().clone(), serial: tbs.serial_number().clone() };
            let stamp = stamp.map(|token| attribute(oid::TIME_STAMP_TOKEN, der::Decode::from_der(&token)?)).transpose()?;
            let info = SignerInfo {
                version: 1,
                signer: Any::encode_from(&name)?,
                digest_algorithm: signer.digest_algorithm(),
                signed_attributes: Some(attributes),
                signature_algorithm: match (self.form, signer.signature_algorithm()) {
                    (Form::Gm, algorithm) if algorithm.oid == oid::SM2_WITH_SM3 => plain(oid::SM2_SIGN),
                    (_, algorithm) => algorithm,
                },
                signature: OctetString::new(signature)?,
                unsigned_attributes: stamp.map(|stamp| SetOfVec::try_from(vec![stamp])).transpose()?,
            };
            let mut certificates = vec![self.certificate];
            certificates.extend(self.chain.iter().filter(|one| **one != self.certificate));
            let certificates = certificates.into_iter().map(|one| der::Decode::from_der(one.to_der())).collect::<der::Result<Vec<Any>>>()?;
            let signed = SignedDataAsn {
                // RFC 5652, 5.1: 3 when the content is not plain data.
                version: if [oid::DATA, oid::GM_DATA].contains(&self.content_type) { 1 } else { 3 },
                digest_algorithms: SetOfVec::try_from(vec![signer.digest_algorithm()])?,
                content: ContentInfo {
                    content_type: self.content_type,
                    content: match content {
                        Content::Beside => None,
                        Content::Inside(bytes) => Some(Any::new(Tag::OctetString, bytes)?),
                    },
                },
                certificates: Some(SetOfVec::try_from(certificates)?),
                lists: None,
                signers: SetOfVec::try_from(vec![info])?,
            };
            let content_type = if self.form == Form::Gm { oid::GM_SIGNED_DATA } else { oid::SIGNED_DATA };
            ContentInfo { content_type, content: Some(Any::encode_from(&signed)?) }.to_der()
        };
        write().map_err(Error::der(WHAT))
    }

    fn attributes(&self, digest: &[u8], signer: &dyn Signer) -> der::Result<SetOfVec<Attribute>> {
        let algorithm = signer.digest_algorithm();
        let certificate = SigningCertificateV2 {
            certificates: vec![EssCertificateV2 {
                hash: OctetString::new(signer.digest(self.certificate.to_der()))?,
                hash_algorithm: (algorithm.oid != oid::SHA256).then_some(algorithm),
                issuer_and_serial: None,
            }],
            policies: None,
        };
        let mut list = vec![
            attribute(oid::CONTENT_TYPE, Any::encode_from(&self.content_type)?)?,
            attribute(oid::MESSAGE_DIGEST, Any::new(Tag::OctetString, digest)?)?,
            attribute(oid::SIGNING_CERTIFICATE_V2, Any::encode_from(&certificate)?)?,
        ];
        if let Some(time) = self.time {
            let time = x509_cert::time::Time::from(der::DateTime::from_system_time(time)?);
            list.push(attribute(oid::SIGNING_TIME, Any::encode_from(&time)?)?);
        }
        SetOfVec::try_from(list)
    }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}
