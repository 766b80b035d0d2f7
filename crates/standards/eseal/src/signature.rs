//! The seal signature: SES_Signature of GB/T 38540-2020, 7, and of GM/T 0031-2014.

use std::time::SystemTime;

use der::asn1::{Any, ObjectIdentifier};
use gm::x509::Certificate;

use crate::raw::{bits, number, octets, parts, read, text, time};
use crate::seal::read_extensions;
use crate::{Error, Extension, Result, Seal};

/// Data with a seal on it, kept with the bytes that are signed. Reading proves nothing: [`verify`](crate::verify()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealSignature {
    /// Version of the structure: 4 for GB/T 38540, 1 to 3 for GM/T 0031.
    pub version: u32,
    /// The seal.
    pub seal: Seal,
    /// The time the signer claims. Missing where an older signature holds something else there.
    pub time: Option<SystemTime>,
    /// Hash of the data.
    pub data_hash: Vec<u8>,
    /// Where the data lies: in an OFD the absolute path of Signature.xml.
    pub property: String,
    /// The signer's certificate.
    pub certificate: Certificate,
    /// Algorithm of the signature.
    pub algorithm: ObjectIdentifier,
    /// The maker's own data.
    pub extensions: Vec<Extension>,
    /// A time stamp token over the signature value.
    pub time_stamp: Option<Vec<u8>>,
    pub(crate) signature: Vec<u8>,
    pub(crate) to_sign: Vec<u8>,
}

impl SealSignature {
    /// Reads a seal signature of any version.
    ///
    /// # Errors
    /// Which part is wrong.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        match parts(bytes, "SES_Signature")?.as_slice() {
            [to_sign, signature] => read_old(to_sign, signature),
            [to_sign, certificate, algorithm, signature, rest @ ..] => read_new(to_sign, certificate, algorithm, signature, rest),
            _ => Err(Error::Rule { part: "SES_Signature", rule: "it has four or five parts, or two before version 4" }),
        }
    }
}

/// GB/T 38540: the signer's certificate stands outside of what is signed.
fn read_new(to_sign: &[u8], certificate: &[u8], algorithm: &[u8], signature: &[u8], rest: &[&[u8]]) -> Result<SealSignature> {
    let part = "TBS_Sign";
    let parts = parts(to_sign, part)?;
    let [version, seal, moment, hash, property, extensions @ ..] = parts.as_slice() else {
        return Err(Error::Rule { part, rule: "it has five or six parts" });
    };
    let version = number(version, part)?;
    if version != 4 {
        return Err(Error::Rule { part, rule: "its version does not fit the structure" });
    }
    let time_stamp = match rest {
        [] => None,
        [one] if one.first() == Some(&0xa0) => Some(bits(read::<Any>(one, "timeStamp")?.value(), "timeStamp")?),
        _ => return Err(Error::Rule { part: "timeStamp", rule: "it is the last part" }),
    };
    Ok(SealSignature {
        version,
        seal: Seal::from_der(seal)?,
        time: Some(time(moment, "timeInfo")?),
        data_hash: bits(hash, "dataHash")?,
        property: text(property, "propertyInfo")?,
        certificate: Certificate::from_der(&octets(certificate, "cert")?)?,
        algorithm: read(algorithm, "signatureAlgID")?,
        extensions: read_extensions(extensions)?,
        time_stamp,
        signature: bits(signature, "signature")?,
        to_sign: to_sign.to_vec(),
    })
}

/// GM/T 0031: certificate and algorithm are inside; timeInfo is a BIT STRING that holds a time or a time stamp.
fn read_old(to_sign: &[u8], signature: &[u8]) -> Result<SealSignature> {
    let part = "TBS_Sign";
    let parts = parts(to_sign, part)?;
    let [version, seal, moment, hash, property, certificate, algorithm] = parts.as_slice() else {
        return Err(Error::Rule { part, rule: "it has seven parts before version 4" });
    };
    let version = number(version, part)?;
    if !(1..=3).contains(&version) {
        return Err(Error::Rule { part, rule: "its version does not fit the structure" });
    }
    let (claimed, time_stamp) = match moment.first() {
        Some(0x03) => {
            let inside = bits(moment, "timeInfo")?;
            (time(&inside, "timeInfo").ok(), gm::tsp::Token::from_der(&inside).is_ok().then_some(inside))
        }
        _ => (Some(time(moment, "timeInfo")?), None),
    };
    Ok(SealSignature {
        version,
        seal: Seal::from_der(seal)?,
        time: claimed,
        data_hash: bits(hash, "dataHash")?,
        property: text(property, "propertyInfo")?,
        certificate: Certificate::from_der(&octets(certificate, "cert")?)?,
        algorithm: read(algorithm, "signatureAlgorithm")?,
        extensions: Vec::new(),
        time_stamp,
        signature: bits(signature, "signature")?,
        to_sign: to_sign.to_vec(),
    })
}
