//! Reading and verifying time stamp tokens.

use std::time::SystemTime;

use der::Decode;
use der::asn1::ObjectIdentifier;

use super::structure::TstInfo;
use crate::cms::SignedData;
use crate::x509::Certificate;
use crate::{Algorithms, Error, Result, oid};

const WHAT: &str = "time stamp";

/// A time stamp token that was read but not yet verified.
#[derive(Clone, Debug)]
pub struct Token(SignedData);

/// What a verified token says.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The time, to the second.
    pub time: SystemTime,
    /// The number the authority gave it, in hexadecimal digits.
    pub serial: String,
    /// The policy the authority works by.
    pub policy: ObjectIdentifier,
    /// The authority's certificate, trusted or not.
    pub certificate: Certificate,
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
}

impl Token {
    /// Reads one in DER.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        let signed = SignedData::from_der(bytes)?;
        if signed.content_type != oid::TST_INFO {
            return Err(Error::Rule { what: WHAT, rule: "it is signed data of another kind" });
        }
        Ok(Self(signed))
    }

    /// Adds certificates that did not come along.
    #[must_use]
    pub fn with_certificates(self, certificates: &[Certificate]) -> Self {
        Self(self.0.with_certificates(certificates))
    }

    pub(super) fn info(&self) -> Result<TstInfo> {
        let content = self.0.content.as_deref().ok_or(Error::Rule { what: WHAT, rule: "it is empty" })?;
        let info = TstInfo::from_der(content).map_err(Error::der(WHAT))?;
        if info.version == 1 { Ok(info) } else { Err(Error::Rule { what: WHAT, rule: "unknown version" }) }
    }

    /// Verifies that it was made over `message` by the certificate that is answered, which may stamp. Whether to trust
    /// that certificate is for [`verify_chain`](crate::x509::verify_chain) to say.
    ///
    /// # Errors
    /// [`Error::BadSignature`] when it is over another message or was changed, or what else is wrong with it.
    pub fn verify(&self, message: &[u8], algorithms: &dyn Algorithms) -> Result<Stamp> {
        let info = self.info()?;
        if algorithms.digest(&info.imprint.algorithm.oid, message)? != info.imprint.hash.as_bytes() {
            return Err(Error::BadSignature);
        }
        let signers = self.0.verify(None, algorithms)?;
        let [signer] = <[_; 1]>::try_from(signers).map_err(|_| Error::Rule { what: WHAT, rule: "it has more than one signer" })?;
        Ok(Stamp {
            time: info.system_time().map_err(Error::der(WHAT))?,
            serial: hex::encode(info.serial.as_bytes()),
            policy: info.policy,
            certificate: signer.certificate,
            certificates: self.0.certificates.clone(),
        })
    }
}
