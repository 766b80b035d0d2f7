//! From a certificate to a root one trusts (RFC 5280, 6; without policies and name constraints, which are refused when critical).

use std::time::SystemTime;

use const_oid::AssociatedOid;
use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName};

use super::Certificate;
use crate::{Algorithms, Error, oid};

/// Longest chain followed, root included.
const MAX_CHAIN: usize = 8;
/// Most signatures checked for one chain: a bound against heaps of certificates with one name.
const MAX_CHECKS: usize = 64;

/// What the certificate at the bottom is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents or seals.
    Signing,
    /// Signing time stamps.
    TimeStamping,
    /// Being encrypted to.
    Encryption,
    /// Nothing in particular.
    Any,
}

/// Why a certificate is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// Nobody trusted, and none of the certificates at hand, issued it.
    #[error("no trusted issuer of \"{0}\" is known")]
    NoIssuer(String),
    /// Somebody has the issuer's name, but did not sign it.
    #[error("\"{0}\" was not signed by the issuer it names")]
    Signature(String),
    /// Its signature is of an algorithm not understood here.
    #[error("\"{subject}\" is signed with the unsupported algorithm {algorithm}")]
    Algorithm {
        /// Whose certificate.
        subject: String,
        /// The algorithm.
        algorithm: ObjectIdentifier,
    },
    /// The time in question is before its validity.
    #[error("\"{0}\" was not yet valid")]
    NotYetValid(String),
    /// The time in question is after its validity.
    #[error("\"{0}\" had expired")]
    Expired(String),
    /// It issued another although it is no authority.
    #[error("\"{0}\" is no certificate authority")]
    NotAnAuthority(String),
    /// There are more authorities below it than it allows.
    #[error("\"{0}\" does not allow so many authorities below it")]
    PathLength(String),
    /// It is not for this purpose.
    #[error("\"{0}\" is not meant for this purpose")]
    Purpose(String),
    /// It has an extension that must be understood and is not, or that is damaged or repeated.
    #[error("\"{subject}\" has the extension {extension}, which is critical and not understood, or damaged")]
    Extension {
        /// Whose certificate.
        subject: String,
        /// The extension.
        extension: ObjectIdentifier,
    },
    /// The search was given up.
    #[error("the chain of certificates is too long")]
    TooLong,
}

/// Finds a chain from `leaf` over `intermediates` to one of `roots` that was right at the time `at`: signatures,
/// validity, authority, path length, critical extensions and purpose. Answers it leaf first. Revocation is another
/// question: [`revocation`](super::revocation).
///
/// # Errors
/// The problem met on the way that got furthest.
pub fn verify_chain(
    leaf: &Certificate,
    intermediates: &[Certificate],
    roots: &[Certificate],
    purpose: Purpose,
    at: SystemTime,
    algorithms: &dyn Algorithms,
) -> Result<Vec<Certificate>, ChainProblem> {
    check_one(leaf, at)?;
    check_purpose(leaf, purpose)?;
    let mut search = Search { intermediates, roots, at, algorithms, checks: MAX_CHECKS };
    search.climb(&mut vec![leaf]).map(|chain| chain.into_iter().cloned().collect())
}

struct Search<'a> {
    intermediates: &'a [Certificate],
    roots: &'a [Certificate],
    at: SystemTime,
    algorithms: &'a dyn Algorithms,
    checks: usize,
}

impl<'a> Search<'a> {
    fn climb(&mut self, chain: &mut Vec<&'a Certificate>) -> Result<Vec<&'a Certificate>, ChainProblem> {
        let Some(&top) = chain.last() else { return Err(ChainProblem::TooLong) };
        if self.roots.contains(top) {
            return Ok(chain.clone());
        }
        if chain.len() == MAX_CHAIN {
            return Err(ChainProblem::TooLong);
        }
        let mut problem = ChainProblem::NoIssuer(top.subject());
        for issuer in self.roots.iter().chain(self.intermediates) {
            if issuer.inner.tbs_certificate().subject() != top.inner.tbs_certificate().issuer() || chain.contains(&issuer) {
                continue;
            }
            match self.step(top, issuer, chain.len() - 1).and_then(|()| {
                chain.push(issuer);
                let found = self.climb(chain);
                chain.pop();
                found
            }) {
                Ok(found) => return Ok(found),
                // A namesake's key says less than a real issuer's trouble.
                Err(ChainProblem::Signature(_)) if !matches!(problem, ChainProblem::NoIssuer(_)) => {}
                Err(ChainProblem::TooLong) => return Err(ChainProblem::TooLong),
                Err(found) => problem = found,
            }
        }
        Err(problem)
    }

    /// Whether `issuer` may and did issue `subject`, below which stand `below` authorities.
    fn step(&mut self, subject: &Certificate, issuer: &Certificate, below: usize) -> Result<(), ChainProblem> {
        self.checks = self.checks.checked_sub(1).ok_or(ChainProblem::TooLong)?;
        subject.verify_issued_by(issuer, self.algorithms).map_err(|error| match error {
            Error::Algorithm(algorithm) => ChainProblem::Algorithm { subject: subject.subject(), algorithm },
            _ => ChainProblem::Signature(subject.subject()),
        })?;
        check_one(issuer, self.at)?;
        let may_sign = issuer.key_usage().is_none_or(|usage| usage.0.contains(KeyUsages::KeyCertSign));
        match issuer.extension::<BasicConstraints>() {
            Some(constraints) if constraints.ca && may_sign => match constraints.path_len_constraint {
                Some(limit) if below > usize::from(limit) => Err(ChainProblem::PathLength(issuer.subject())),
                _ => Ok(()),
            },
            _ => Err(ChainProblem::NotAnAuthority(issuer.subject())),
        }
    }
}

/// Validity and extensions of one certificate.
fn check_one(certificate: &Certificate, at: SystemTime) -> Result<(), ChainProblem> {
    let subject = certificate.subject();
    let (from, until) = certificate.validity();
    if at < from {
        return Err(ChainProblem::NotYetValid(subject));
    }
    if at > until {
        return Err(ChainProblem::Expired(subject));
    }
    let tbs = certificate.inner.tbs_certificate();
    let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
    let understood = [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, SubjectAltName::OID, CertificatePolicies::OID];
    let bad = |extension: ObjectIdentifier| ChainProblem::Extension { subject: subject.clone(), extension };
    for (index, extension) in extensions.iter().enumerate() {
        let repeated = extensions[..index].iter().any(|earlier| earlier.extn_id == extension.extn_id);
        if repeated || extension.critical && !understood.contains(&extension.extn_id) {
            return Err(bad(extension.extn_id));
        }
    }
    tbs.get_extension::<BasicConstraints>().map_err(|_| bad(BasicConstraints::OID))?;
    tbs.get_extension::<KeyUsage>().map_err(|_| bad(KeyUsage::OID))?;
    tbs.get_extension::<ExtendedKeyUsage>().map_err(|_| bad(ExtendedKeyUsage::OID))?;
    Ok(())
}

fn check_purpose(certificate: &Certificate, purpose: Purpose) -> Result<(), ChainProblem> {
    let any_of = |wanted: &[KeyUsages]| certificate.key_usage().is_none_or(|usage| wanted.iter().any(|one| usage.0.contains(*one)));
    let right = match purpose {
        Purpose::Any => true,
        Purpose::Signing => any_of(&[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation]),
        Purpose::Encryption => any_of(&[KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment, KeyUsages::KeyAgreement]),
        Purpose::TimeStamping => {
            any_of(&[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation])
                && certificate.extended_key_usage().is_some_and(|usages| usages.contains(&oid::KP_TIME_STAMPING))
        }
    };
    if right { Ok(()) } else { Err(ChainProblem::Purpose(certificate.subject())) }
}
