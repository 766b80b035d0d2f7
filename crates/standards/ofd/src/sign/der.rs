//! The picture inside a seal, so that seals can be shown without knowing anything else about them.

/// A seal's picture (GB/T 38540, GM/T 0031: SES_ESPictrueInfo).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture<'a> {
    /// `PNG`, `JPG`, `GIF`, `BMP`, `ofd` … as written.
    pub format: &'a str,
    /// The image file.
    pub data: &'a [u8],
    /// Millimetres.
    pub width: u32,
    /// Millimetres.
    pub height: u32,
}

/// Finds the picture in a SES_Signature or a SESeal of any version; `None` when it is neither.
///
/// This only looks; whether the seal is genuine is for a [`SignatureVerifier`](super::SignatureVerifier) to say.
#[must_use]
pub fn picture(der: &[u8]) -> Option<Picture<'_>> {
    let outer = sequence(der)?;
    // SES_Signature: toSign { version INTEGER, eseal SESeal … }; SESeal: eSealInfo { header SEQUENCE … }.
    let to_sign = sequence_of(*outer.first()?)?;
    let info = match to_sign.first()? {
        (INTEGER, _) => sequence_of(*sequence_of(*to_sign.get(1)?)?.first()?)?,
        _ => to_sign,
    };
    // header, esID, property, picture
    let picture = sequence_of(*info.get(3)?)?;
    let [(_, format), (_, data), (INTEGER, width), (INTEGER, height), ..] = picture[..] else { return None };
    Some(Picture { format: std::str::from_utf8(format).ok()?, data, width: small(width)?, height: small(height)? })
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
type Item<'a> = (u8, &'a [u8]);

fn sequence(der: &[u8]) -> Option<Vec<Item<'_>>> {
    let (item, _) = item(der)?;
    sequence_of(item)
}

fn sequence_of(item: Item<'_>) -> Option<Vec<Item<'_>>> {
    let (SEQUENCE, mut rest) = item else { return None };
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (next, after) = self::item(rest)?;
        items.push(next);
        rest = after;
        if items.len() > 16 {
            return None;
        }
    }
    Some(items)
}

/// One tag-length-value and what follows it.
fn item(der: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7F);
        if count == 0 || count > 4 {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(count)?;
        (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
    };
    let (value, after) = rest.split_at_checked(length)?;
    Some(((tag, value), after))
}

/// A positive integer of at most 32 bits.
fn small(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(&[0]).unwrap_or(bytes);
    (digits.len() <= 4 && bytes.first()? & 0x80 == 0).then(|| digits.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}
