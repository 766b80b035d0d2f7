//! Finding and writing PEM blocks (RFC 7468); a file may hold several, and text around them.

use der::pem::LineEnding;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// The bytes of the first block with this label.
pub(crate) fn first(text: &str, label: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    all(text, label)?.into_iter().next().ok_or(Error::NoPem(label))
}

/// The bytes of every block with this label, in the order of the file.
pub(crate) fn all(text: &str, label: &'static str) -> Result<Vec<Zeroizing<Vec<u8>>>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(&begin) {
        let length = rest[start..].find(&end).ok_or(Error::NoPem(label))? + end.len();
        let block = rest[start..start + length].as_bytes();
        let (_, bytes) = der::pem::decode_vec(block).map_err(|error| Error::Der { what: label, source: error.into() })?;
        blocks.push(Zeroizing::new(bytes));
        rest = &rest[start + length..];
    }
    Ok(blocks)
}

/// Whether a block with this label begins anywhere.
pub(crate) fn has(text: &str, label: &str) -> bool {
    text.contains(&format!("-----BEGIN {label}-----"))
}

/// One block.
pub(crate) fn write(label: &'static str, bytes: &[u8]) -> Result<String> {
    der::pem::encode_string(label, LineEnding::LF, bytes).map_err(|error| Error::Der { what: label, source: error.into() })
}
