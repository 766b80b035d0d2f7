//! Digest methods of protected parts (18.2.2).

use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use sm3::{Digest as _, Sm3};

/// A digest method by the names and object identifiers producers write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// GB/T 32905; the one to use.
    Sm3,
    Sha256,
    Sha384,
    Sha512,
    /// Broken: two files can be made with one value.
    Sha1,
    /// Broken; the standard's default when no method is named.
    Md5,
}

impl Digest {
    /// Reads a CheckMethod; none means MD5.
    #[must_use]
    pub fn parse(method: Option<&str>) -> Option<Self> {
        let Some(method) = method else { return Some(Self::Md5) };
        let plain: String = method.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
        Some(match plain.to_ascii_uppercase().as_str() {
            "SM3" | "1.2.156.10197.1.401" => Self::Sm3,
            "SHA256" | "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "SHA384" | "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "SHA512" | "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            "SHA1" | "1.3.14.3.2.26" => Self::Sha1,
            "MD5" | "1.2.840.113549.2.5" => Self::Md5,
            _ => return None,
        })
    }

    /// Whether a match proves that nothing was changed.
    #[must_use]
    pub fn is_sound(self) -> bool {
        !matches!(self, Self::Sha1 | Self::Md5)
    }

    /// The value to write as CheckMethod.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sm3 => "1.2.156.10197.1.401",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
            Self::Sha1 => "SHA1",
            Self::Md5 => "MD5",
        }
    }

    /// The digest of `bytes`.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sm3 => Sm3::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Md5 => Md5::digest(bytes).to_vec(),
        }
    }
}
