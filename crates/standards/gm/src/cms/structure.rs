//! The ASN.1 of SignedData (RFC 5652, 5; GM/T 0010, 8 is the same with other identifiers).

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Sequence, ValueOrd};
use x509_cert::attr::Attribute;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct ContentInfo {
    pub content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub content: Option<Any>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SignedDataAsn {
    pub version: u8,
    pub digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    pub content: ContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub lists: Option<SetOfVec<Any>>,
    pub signers: SetOfVec<SignerInfo>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
pub(crate) struct SignerInfo {
    pub version: u8,
    /// IssuerAndSerialNumber, or [0] SubjectKeyIdentifier.
    pub signer: Any,
    pub digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub signed_attributes: Option<SetOfVec<Attribute>>,
    pub signature_algorithm: AlgorithmIdentifierOwned,
    pub signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub unsigned_attributes: Option<SetOfVec<Attribute>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct IssuerAndSerial {
    pub issuer: Name,
    pub serial: SerialNumber,
}

/// RFC 5035, 4: the certificates a signer means, by hash, so that none can be exchanged for another with the same key.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SigningCertificateV2 {
    pub certificates: Vec<EssCertificateV2>,
    pub policies: Option<Any>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct EssCertificateV2 {
    /// SHA-256 when missing.
    pub hash_algorithm: Option<AlgorithmIdentifierOwned>,
    pub hash: OctetString,
    pub issuer_and_serial: Option<Any>,
}
