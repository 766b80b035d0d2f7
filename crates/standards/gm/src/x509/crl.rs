//! Certificate revocation lists (RFC 5280, 5).

use std::ops::Range;
use std::time::SystemTime;

use const_oid::AssociatedOid;
use der::asn1::OctetString;
use der::{Decode, Encode, Enumerated};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, KeyUsages};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::serial_number::SerialNumber;

use super::create::{issuer_key_identifier, time};
use super::{Certificate, first_inside, signed_frame};
use crate::{Algorithms, Error, Result, Signer, pem};

const WHAT: &str = "revocation list";
const LABEL: &str = "X509 CRL";

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]
#[repr(u32)]
pub enum Reason {
    /// None given.
    Unspecified = 0,
    /// Somebody else may have the key.
    KeyCompromise = 1,
    /// Somebody else may have the authority's key.
    AuthorityCompromise = 2,
    /// The holder's name or office changed.
    AffiliationChanged = 3,
    /// Another certificate took its place.
    Superseded = 4,
    /// It is no longer needed.
    CessationOfOperation = 5,
    /// Suspended for now.
    Hold = 6,
    /// No longer suspended (in delta lists).
    RemoveFromList = 8,
    /// A right was withdrawn.
    PrivilegeWithdrawn = 9,
    /// An attribute authority's key is lost.
    AttributeAuthorityCompromise = 10,
}

impl AssociatedOid for Reason {
    const OID: der::asn1::ObjectIdentifier = const_oid::db::rfc5280::ID_CE_CRL_REASONS;
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The certificate's number in hexadecimal digits, as [`Certificate::serial`] writes it.
    pub serial: String,
    /// Since when.
    pub since: SystemTime,
    /// Why, if said.
    pub reason: Option<Reason>,
}

/// A revocation list, kept with the bytes it was read from.
#[derive(Clone, Debug)]
pub struct RevocationList {
    der: Vec<u8>,
    signed: Range<usize>,
    inner: x509_cert::crl::CertificateList,
}

impl RevocationList {
    /// Makes one. `number` grows with every list of an issuer; the next is due at `next_update`.
    ///
    /// # Errors
    /// When a serial number is no hexadecimal number, a time cannot be written or the key does not sign.
    pub fn issue(issuer: &Certificate, signer: &dyn Signer, number: u64, this_update: SystemTime, next_update: SystemTime, revoked: &[Revoked]) -> Result<Self> {
        let subject = issuer.inner().tbs_certificate().subject();
        let algorithm = signer.signature_algorithm();
        let write = || -> der::Result<Vec<u8>> {
            let identifier = OctetString::new(issuer_key_identifier(issuer))?;
            let entries = revoked.iter().map(entry).collect::<der::Result<Vec<_>>>()?;
            x509_cert::crl::TbsCertList {
                version: x509_cert::Version::V2,
                signature: algorithm.clone(),
                issuer: subject.clone(),
                this_update: time(this_update)?,
                next_update: Some(time(next_update)?),
                revoked_certificates: (!entries.is_empty()).then_some(entries),
                crl_extensions: Some(vec![
                    CrlNumber::try_from(number)?.to_extension(subject, &[])?,
                    AuthorityKeyIdentifier { key_identifier: Some(identifier), ..Default::default() }.to_extension(subject, &[])?,
                ]),
            }
            .to_der()
        };
        let signed = write().map_err(Error::der(WHAT))?;
        let signature = signer.sign(&signed)?;
        Self::from_der(&signed_frame(&signed, &algorithm, &signature).map_err(Error::der(WHAT))?)
    }

    /// Reads one in DER.
    ///
    /// # Errors
    /// When it is none, or its two notes of the signature algorithm differ.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        let signed = first_inside(bytes).map_err(Error::der(WHAT))?;
        let inner = x509_cert::crl::CertificateList::from_der(bytes).map_err(Error::der(WHAT))?;
        if inner.signature_algorithm != inner.tbs_cert_list.signature {
            return Err(Error::Rule { what: WHAT, rule: "its two signature algorithms differ" });
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

    /// When it was made, and when the next one is due.
    pub fn updates(&self) -> (SystemTime, Option<SystemTime>) {
        let list = &self.inner.tbs_cert_list;
        (list.this_update.to_system_time(), list.next_update.map(|time| time.to_system_time()))
    }

    /// The entry of a certificate of the same issuer, if it is listed.
    pub fn find(&self, certificate: &Certificate) -> Option<Revoked> {
        let number = certificate.inner().tbs_certificate().serial_number();
        let list = self.inner.tbs_cert_list.revoked_certificates.as_deref().unwrap_or_default();
        let found = list.iter().find(|entry| entry.serial_number == *number)?;
        let extensions = found.crl_entry_extensions.as_deref().unwrap_or_default();
        let reason = extensions.iter().find(|extension| extension.extn_id == Reason::OID);
        Some(Revoked {
            serial: certificate.serial(),
            since: found.revocation_date.to_system_time(),
            reason: reason.and_then(|extension| Reason::from_der(extension.extn_value.as_bytes()).ok()),
        })
    }

    /// Whether `issuer` signed it and may.
    ///
    /// # Errors
    /// [`Error::BadSignature`], [`Error::Algorithm`], or a critical extension that is not understood.
    pub fn verify(&self, issuer: &Certificate, algorithms: &dyn Algorithms) -> Result<()> {
        let list = &self.inner.tbs_cert_list;
        if list.issuer != *issuer.inner().tbs_certificate().subject() {
            return Err(Error::BadSignature);
        }
        // Partial and delta lists say so in critical extensions; taking them for whole lists would miss revocations.
        let critical = |extensions: &Option<Vec<Extension>>| extensions.iter().flatten().any(|extension| extension.critical && extension.extn_id != Reason::OID);
        if critical(&list.crl_extensions) || list.revoked_certificates.iter().flatten().any(|entry| critical(&entry.crl_entry_extensions)) {
            return Err(Error::Rule { what: WHAT, rule: "it has a critical extension that is not understood" });
        }
        if issuer.key_usage().is_some_and(|usage| !usage.0.contains(KeyUsages::CRLSign)) {
            return Err(Error::Rule { what: WHAT, rule: "its issuer may not sign lists" });
        }
        let signature = self.inner.signature.as_bytes().ok_or(Error::BadSignature)?;
        algorithms.verify(issuer.public_key(), &self.inner.signature_algorithm, &self.der[self.signed.clone()], signature)
    }
}

fn entry(revoked: &Revoked) -> der::Result<x509_cert::crl::RevokedCert> {
    let bytes = hex::decode(&revoked.serial).map_err(|_| der::ErrorKind::Failed)?;
    let reason = match revoked.reason {
        None => None,
        Some(reason) => Some(vec![Extension { extn_id: Reason::OID, critical: false, extn_value: OctetString::new(reason.to_der()?)? }]),
    };
    Ok(x509_cert::crl::RevokedCert { serial_number: SerialNumber::new(&bytes)?, revocation_date: time(revoked.since)?, crl_entry_extensions: reason })
}

/// What the lists at hand say about a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every certificate below the root is covered by a current list and not revoked.
    Good,
    /// This one is revoked.
    Revoked {
        /// Whose certificate.
        subject: String,
        /// The entry.
        entry: Revoked,
    },
    /// No current, rightly signed list of the issuer of this one is at hand.
    Unknown {
        /// Whose certificate.
        subject: String,
    },
}

/// Whether a certificate of `chain` (leaf first, as [`verify_chain`](super::verify_chain) answers it) was revoked at
/// the time `at`. A list made later than `at` counts too: it remembers.
pub fn revocation(chain: &[Certificate], lists: &[RevocationList], at: SystemTime, algorithms: &dyn Algorithms) -> Revocation {
    let mut unknown = None;
    for (certificate, issuer) in chain.iter().zip(chain.iter().skip(1)) {
        let mut covered = false;
        for list in lists.iter().filter(|list| list.verify(issuer, algorithms).is_ok()) {
            match list.find(certificate) {
                Some(entry) if entry.since <= at && entry.reason != Some(Reason::RemoveFromList) => {
                    return Revocation::Revoked { subject: certificate.subject(), entry };
                }
                _ => covered |= list.updates().1.is_none_or(|next| at <= next),
            }
        }
        if !covered {
            unknown.get_or_insert_with(|| certificate.subject());
        }
    }
    unknown.map_or(Revocation::Good, |subject| Revocation::Unknown { subject })
}
