//! The ASN.1 of RFC 3161, 2.4.

use std::time::SystemTime;

use der::asn1::{Any, BitString, Int, ObjectIdentifier, OctetString};
use der::{Sequence, Tag, Tagged};
use x509_cert::spki::AlgorithmIdentifierOwned;

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct MessageImprint {
    pub algorithm: AlgorithmIdentifierOwned,
    pub hash: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct TimeStampReq {
    pub version: u8,
    pub imprint: MessageImprint,
    pub policy: Option<ObjectIdentifier>,
    pub nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    pub want_certificate: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub extensions: Option<x509_cert::ext::Extensions>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct StatusInfo {
    pub status: u8,
    pub text: Option<Vec<String>>,
    pub failure: Option<BitString>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct TimeStampResp {
    pub status: StatusInfo,
    pub token: Option<Any>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct TstInfo {
    pub version: u8,
    pub policy: ObjectIdentifier,
    pub imprint: MessageImprint,
    pub serial: Int,
    /// GeneralizedTime that may have a fraction of a second, which the library's type does not.
    pub time: Any,
    pub accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub ordering: bool,
    pub nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub extensions: Option<x509_cert::ext::Extensions>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Accuracy {
    pub seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub micros: Option<u16>,
}

impl TstInfo {
    /// The time, to the second.
    pub fn system_time(&self) -> der::Result<SystemTime> {
        let bad = || der::Error::from(Tag::GeneralizedTime.value_error());
        if self.time.tag() != Tag::GeneralizedTime {
            return Err(bad());
        }
        let text = std::str::from_utf8(self.time.value()).map_err(|_| bad())?;
        let whole = match text.strip_suffix('Z').ok_or_else(bad)?.split_once('.') {
            None => text.to_owned(),
            Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) => format!("{whole}Z"),
            Some(_) => return Err(bad()),
        };
        let time = Any::new(Tag::GeneralizedTime, whole.into_bytes())?;
        Ok(time.decode_as::<der::asn1::GeneralizedTime>()?.to_system_time())
    }
}
