//! Object identifiers of the algorithms and structures this crate writes or reads.

use der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// Public key on an elliptic curve (RFC 5480); SM2 keys use it with [`SM2`] as their parameter.
pub const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");
/// The curve sm2p256v1 (GM/T 0006).
pub const SM2: ObjectIdentifier = oid("1.2.156.10197.1.301");
/// SM2 signature as GM/T 0010 names it in a SignerInfo.
pub const SM2_SIGN: ObjectIdentifier = oid("1.2.156.10197.1.301.1");
/// SM3 (GM/T 0006).
pub const SM3: ObjectIdentifier = oid("1.2.156.10197.1.401");
/// SM2 signature over SM3 with ZA (GM/T 0006), in certificates, seals and signatures.
pub const SM2_WITH_SM3: ObjectIdentifier = oid("1.2.156.10197.1.501");

/// GM/T 0010 `data`.
pub const GM_DATA: ObjectIdentifier = oid("1.2.156.10197.6.1.4.2.1");
/// GM/T 0010 `signedData`.
pub const GM_SIGNED_DATA: ObjectIdentifier = oid("1.2.156.10197.6.1.4.2.2");
/// RFC 5652 `id-data`.
pub const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
/// RFC 5652 `id-signedData`.
pub const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
/// RFC 3161 `id-ct-TSTInfo`.
pub const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");

/// Attribute `contentType` (RFC 5652, 11.1).
pub const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
/// Attribute `messageDigest` (RFC 5652, 11.2).
pub const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
/// Attribute `signingTime` (RFC 5652, 11.3).
pub const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
/// Attribute `signingCertificate` (RFC 2634), SHA-1 only; read, never written.
pub const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
/// Attribute `signingCertificateV2` (RFC 5035).
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
/// Unsigned attribute holding a time stamp over the signature value (RFC 3161, appendix A).
pub const TIME_STAMP_TOKEN: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
/// Extended key usage `id-kp-timeStamping` (RFC 3161, 2.3).
pub const KP_TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");

/// SHA-256, the default of `signingCertificateV2`.
pub const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
