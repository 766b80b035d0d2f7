//! One-time recovery codes: the way in when the telephone with the authenticator app is lost.

use base::Result;

/// Codes of one set.
pub const CODES: usize = 10;
/// Characters of a code: fifty bits, against a lock after five failures.
const LENGTH: usize = 10;
/// 32 characters nobody mistakes for another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A recovery code as it is compared: capitals without separators.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn random() -> Result<Self> {
        let bytes = gm::random::<LENGTH>()?;
        Ok(Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()))
    }

    /// What somebody typed, if it can be a recovery code: with or without separators, in small or full-width letters.
    pub fn parse(text: &str) -> Option<Self> {
        let narrow = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        };
        let plain: String = text.chars().map(narrow).filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect();
        (plain.len() == LENGTH && plain.bytes().all(|b| ALPHABET.contains(&b))).then_some(Self(plain))
    }

    /// What its blind index is made of.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// As it is shown, once: `ABCDE-FGHJK`.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at(LENGTH / 2);
        format!("{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_comes_back_however_it_is_typed() {
        let code = RecoveryCode::random().unwrap();
        let shown = code.shown();
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), shown.replace('-', ""), format!(" {shown} ")] {
            assert!(RecoveryCode::parse(&typed) == Some(code.clone()), "{typed}");
        }
        assert!(RecoveryCode::parse("123456").is_none(), "a code of an app is none");
        assert!(RecoveryCode::parse("ABCDE-FGHJ0").is_none() && RecoveryCode::parse("").is_none());
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in any::<String>()) {
            if let Some(code) = RecoveryCode::parse(&text) {
                prop_assert!(RecoveryCode::parse(&code.shown()) == Some(code));
            }
        }
    }
}
