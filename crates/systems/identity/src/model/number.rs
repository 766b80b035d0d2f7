//! Sole identifiers (R32): the number that makes a party one and the same everywhere.

use base::{Error, Result};
use codes::{CitizenId, Uscc};

/// Certificate type of a citizen's identity card (GA/T 2000.156).
pub const CITIZEN: &str = "111";
/// Type of a unified social credit code.
pub const USCC: &str = "uscc";

/// A checked and normalised number.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// `111`, `uscc`, or another certificate type.
    pub id_type: String,
    /// The number.
    pub text: String,
}

impl Number {
    /// Checks a number of this type.
    ///
    /// # Errors
    /// [`base::Kind::Invalid`] on field `id_number`, saying what is wrong with it.
    pub fn parse(id_type: &str, text: &str) -> Result<Self> {
        let wrong = |sentence: String| Error::field("id_number", sentence);
        let text = match id_type {
            CITIZEN => CitizenId::parse(text).map_err(|e| wrong(format!("{e}。")))?.as_str().to_owned(),
            USCC => Uscc::parse(text).map_err(|e| wrong(format!("{e}。")))?.as_str().to_owned(),
            _ => {
                let text = text.trim().to_uppercase();
                let formed = (5..=30).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                if !formed {
                    return Err(wrong("证件号码应为 5 至 30 位字母或数字，请对照证件填写。".into()));
                }
                text
            }
        };
        Ok(Self { id_type: id_type.to_owned(), text })
    }

    /// What its blind index is made of: the type is part of it, so that equal texts of two types stay two parties.
    pub fn key(&self) -> String {
        format!("{}:{}", self.id_type, self.text)
    }

    /// As shown: a credit code is public, everything else is masked.
    pub fn masked(&self) -> String {
        if self.id_type == USCC { self.text.clone() } else { codes::mask::citizen_id(&self.text) }
    }
}

/// Whether this is a mobile number of the mainland: 11 digits, `13` to `19`.
pub fn is_mobile(phone: &str) -> bool {
    let bytes = phone.as_bytes();
    bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && bytes[1] >= b'3'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_check_digits_are_refused() {
        assert!(Number::parse(CITIZEN, "11010519491231002x").is_ok());
        for (id_type, text) in [(CITIZEN, "110105194912310021"), (USCC, "11450300TT00000150"), ("414", "12"), ("414", "号码号码号码")] {
            assert_eq!(Number::parse(id_type, text).err().map(|e| e.fields()[0].field.clone()).as_deref(), Some("id_number"), "{text}");
        }
    }

    #[test]
    fn mobile_numbers() {
        assert!(is_mobile("13800000000"));
        for wrong in ["1380000000", "12800000000", "23800000000", "1380000000a", ""] {
            assert!(!is_mobile(wrong), "{wrong}");
        }
    }
}
