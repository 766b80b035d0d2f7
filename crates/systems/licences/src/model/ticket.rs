//! What the QR code of a licence says by itself: signed, so that it can be checked without a network.
//!
//! The code is the address `…/v/CODE#TB1.key.content.signature`. A telephone opens the address; what stands behind `#` never
//! leaves it. A checker without network reads exactly that part. Codes of older licences have no such part and are checked
//! online only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::NaiveDate;
use gm::{PrivateKey, PublicKey};
use serde::{Deserialize, Serialize};

use crate::model::signed;

const MARK: &str = "TB1";
/// Longest code read: nothing longer fits into a QR code.
const LONGEST: usize = 3000;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// 电子证照标识
    pub identifier: String,
    /// Name of the type.
    pub type_name: String,
    /// Holder: a firm's name, a person's name masked.
    pub holder: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none means 长期.
    pub until: Option<NaiveDate>,
}

/// A public key as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// Its name: the first bytes of the digest of the key.
    pub id: String,
    /// `SM2`
    pub algorithm: String,
    /// The key as a PEM text (SubjectPublicKeyInfo).
    pub pem: String,
}

/// Why a code is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketError {
    /// Not a code of ours, or one from before codes were signed.
    NotSigned,
    /// The key is not on the list.
    UnknownKey,
    /// Somebody changed it, or another key signed it.
    Forged,
}

impl std::fmt::Display for TicketError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotSigned => "二维码里没有签名内容，只能联网核验",
            Self::UnknownKey => "签名所用的密钥不在公布的清单里，请更新清单后再核验",
            Self::Forged => "签名不正确，二维码是伪造的或者被改动过",
        })
    }
}

impl std::error::Error for TicketError {}

/// Name of a key.
pub fn key_id(key: &PublicKey) -> String {
    BASE64.encode(gm::sm3(&key.to_bytes()).get(..6).unwrap_or_default())
}

impl Ticket {
    /// The code: an address for telephones with the signed content behind it.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn sign(&self, address: &str, key: &PrivateKey) -> gm::Result<String> {
        let days = (self.from.format("%Y%m%d"), self.until.map(|day| day.format("%Y%m%d").to_string()).unwrap_or_default());
        // A line break cannot stand in any of the parts once it is a space.
        let plain = |text: &str| text.replace(['\n', '\r'], " ");
        let content = [plain(&self.identifier), plain(&self.type_name), plain(&self.holder), days.0.to_string(), days.1].join("\n");
        let signed = format!("{MARK}.{}.{}", key_id(&key.public_key()), BASE64.encode(content));
        let signature = key.sign(signed.as_bytes())?;
        Ok(format!("{address}#{signed}.{}", BASE64.encode(signature.to_bytes())))
    }

    /// Reads a code and checks its signature with the published keys. Knows nothing of what happened after the code was made.
    ///
    /// # Errors
    /// See [`TicketError`].
    pub fn verify(code: &str, keys: &[PublishedKey]) -> Result<Self, TicketError> {
        let code = code.trim();
        let signed_part = if code.len() > LONGEST { "" } else { code.rsplit_once('#').map_or(code, |(_, part)| part) };
        let (text, signature) = signed_part.rsplit_once('.').ok_or(TicketError::NotSigned)?;
        let mut parts = text.split('.');
        let (Some(MARK), Some(id), Some(content), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(TicketError::NotSigned);
        };
        signed::verify(text.as_bytes(), id, signature, keys)?;
        Self::read(content).ok_or(TicketError::Forged)
    }

    fn read(content: &str) -> Option<Self> {
        let content = String::from_utf8(BASE64.decode(content).ok()?).ok()?;
        let mut lines = content.split('\n');
        let mut next = || lines.next();
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").ok();
        let (identifier, type_name, holder) = (next()?.to_owned(), next()?.to_owned(), next()?.to_owned());
        let from = day(next()?)?;
        let until = match next()? {
            "" => None,
            text => Some(day(text)?),
        };
        Some(Self { identifier, type_name, holder, from, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        Ticket {
            identifier: "1.2.156.3005.2.11450300TT00003146001.11450300TT00003146.20260309000001.001.2".into(),
            type_name: "食品经营许可证".into(),
            holder: "桂林示例漓江食品有限公司".into(),
            from: "2026-03-09".parse().unwrap(),
            until: "2031-03-08".parse().ok(),
        }
    }

    fn keys(key: &PrivateKey) -> Vec<PublishedKey> {
        let public = key.public_key();
        vec![PublishedKey { id: key_id(&public), algorithm: "SM2".into(), pem: public.to_pem().unwrap() }]
    }

    #[test]
    fn a_signed_code_is_an_address_and_reads_back_without_a_network() {
        let key = PrivateKey::generate().unwrap();
        let code = ticket().sign("https://zwfw.example.invalid/v/7Q2M9XK4TB", &key).unwrap();
        assert!(code.starts_with("https://zwfw.example.invalid/v/7Q2M9XK4TB#TB1."), "{code}");
        assert!(code.len() < 500, "{} bytes still make a code a telephone reads", code.len());
        assert_eq!(Ticket::verify(&code, &keys(&key)), Ok(ticket()));
        let for_ever = Ticket { until: None, ..ticket() };
        assert_eq!(Ticket::verify(&for_ever.sign("x", &key).unwrap(), &keys(&key)), Ok(for_ever));
    }

    #[test]
    fn forged_foreign_and_old_codes_are_told_apart() {
        let (key, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
        let code = ticket().sign("https://x/v/A", &key).unwrap();
        assert_eq!(Ticket::verify(&code, &keys(&other)), Err(TicketError::UnknownKey));
        let renamed = vec![PublishedKey { id: key_id(&key.public_key()), ..keys(&other).remove(0) }];
        assert_eq!(Ticket::verify(&code, &renamed), Err(TicketError::Forged), "the right name, the wrong key");
        let content = BASE64.encode("1.2\n营业执照\n某某\n20260101\n");
        let mut parts: Vec<&str> = code.split('.').collect();
        let at = parts.len() - 2;
        parts[at] = &content;
        assert_eq!(Ticket::verify(&parts.join("."), &keys(&key)), Err(TicketError::Forged));
        for old in ["", "https://zwfw.example.invalid/v/7Q2M9XK4TB", "#TB1", "TB2.a.b.c", "随便"] {
            assert_eq!(Ticket::verify(old, &keys(&key)), Err(TicketError::NotSigned), "{old}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}", tail in "TB1\\.[A-Za-z0-9_-]{0,9}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,90}") {
            let keys = vec![PublishedKey { id: String::new(), algorithm: "SM2".into(), pem: text.clone() }];
            prop_assert!(Ticket::verify(&text, &keys).is_err());
            let code = format!("{text}#{tail}");
            prop_assert!(Ticket::verify(&code, &keys).is_err());
        }

        #[test]
        fn every_changed_character_is_noticed(at in 0usize..300, with in "[A-Za-z0-9]") {
            let key = PrivateKey::from_bytes(&[7; 32]).unwrap();
            let code = ticket().sign("x", &key).unwrap();
            let at = 2 + at % (code.len() - 2);
            let mut changed = code.clone();
            changed.replace_range(at..=at, &with);
            // The last character of a base64 text has bits that mean nothing; the decoder refuses those too.
            prop_assume!(changed != code);
            prop_assert!(Ticket::verify(&changed, &keys(&key)).is_err());
        }
    }
}
