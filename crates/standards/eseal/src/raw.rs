//! Taking DER apart without losing its bytes: signatures are over the bytes that came, not over a new encoding.

use std::time::SystemTime;

use der::asn1::{Any, BitString, GeneralizedTime, OctetString, UtcTime};
use der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};

use crate::{Error, Result};

/// Largest seal or seal signature read (bytes); the picture is most of it.
pub(crate) const MAX_LEN: usize = 16 << 20;
/// Most parts of one SEQUENCE: bounds the list of certificates.
const MAX_PARTS: usize = 4096;

/// The parts of a SEQUENCE, each whole with its tag and length.
pub(crate) fn parts<'a>(bytes: &'a [u8], part: &'static str) -> Result<Vec<&'a [u8]>> {
    if bytes.len() > MAX_LEN {
        return Err(Error::Rule { part, rule: "it is too long" });
    }
    let read = || -> der::Result<Vec<&'a [u8]>> {
        let mut outer = SliceReader::new(bytes)?;
        let header = der::Header::decode(&mut outer)?;
        header.tag().assert_eq(Tag::Sequence)?;
        let body = outer.read_slice(header.length())?;
        outer.finish()?;
        let mut reader = SliceReader::new(body)?;
        let mut parts = Vec::new();
        while !reader.is_finished() {
            if parts.len() == MAX_PARTS {
                return Err(der::ErrorKind::Overlength.into());
            }
            parts.push(reader.tlv_bytes()?);
        }
        Ok(parts)
    };
    read().map_err(|source| Error::Der { part, source })
}

/// One part as the type it should be.
pub(crate) fn read<'a, T: Decode<'a, Error = der::Error>>(bytes: &'a [u8], part: &'static str) -> Result<T> {
    T::from_der(bytes).map_err(|source| Error::Der { part, source })
}

/// A text. The standard says IA5String or UTF8String; makers take one for the other.
pub(crate) fn text(bytes: &[u8], part: &'static str) -> Result<String> {
    let any: Any = read(bytes, part)?;
    match any.tag() {
        Tag::Ia5String | Tag::Utf8String | Tag::PrintableString => {
            std::str::from_utf8(any.value()).map(str::to_owned).map_err(|_| Error::Rule { part, rule: "it is no text" })
        }
        _ => Err(Error::Rule { part, rule: "it is no text" }),
    }
}

/// A number that fits the purpose.
pub(crate) fn number(bytes: &[u8], part: &'static str) -> Result<u32> {
    read(bytes, part)
}

pub(crate) fn octets(bytes: &[u8], part: &'static str) -> Result<Vec<u8>> {
    Ok(read::<OctetString>(bytes, part)?.into_bytes().into_vec())
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8], part: &'static str) -> Result<Vec<u8>> {
    let bits: BitString = read(bytes, part)?;
    bits.as_bytes().map(<[u8]>::to_vec).ok_or(Error::Rule { part, rule: "it ends within a byte" })
}

/// GeneralizedTime of version 4, or UTCTime of the older ones.
pub(crate) fn time(bytes: &[u8], part: &'static str) -> Result<SystemTime> {
    match bytes.first() {
        Some(0x17) => Ok(read::<UtcTime>(bytes, part)?.to_system_time()),
        _ => Ok(read::<GeneralizedTime>(bytes, part)?.to_system_time()),
    }
}

/// A SEQUENCE of parts that are encoded already.
pub(crate) fn sequence(parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    Any::new(Tag::Sequence, parts.concat())?.to_der()
}
