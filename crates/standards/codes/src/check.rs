//! Check characters: ISO 7064 MOD 11-2 and MOD 37,36, the MOD 31 of GB 32100 and the MOD 11 of GB 11714.
//!
//! Every function takes the text *without* its check character and returns the character that belongs behind it, or
//! `None` when the text is empty or holds a character outside the alphabet.

/// Alphabet of GB 32100-2015: digits and capitals without I, O, S, V, Z, which are easily misread.
const ALPHABET_31: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Digits and capitals, the alphabet of MOD 37,36 and of GB 11714.
const ALPHABET_36: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn value(alphabet: &[u8], byte: u8) -> Option<u32> {
    alphabet
        .iter()
        .position(|&b| b == byte)
        .and_then(|i| u32::try_from(i).ok())
}

fn character(alphabet: &[u8], value: u32) -> Option<char> {
    alphabet
        .get(usize::try_from(value).ok()?)
        .map(|&b| char::from(b))
}

/// ISO 7064 MOD 11-2 over decimal digits; the check character is a digit or `X`. Used by GB 11643 (citizen number).
pub fn mod_11_2(digits: &str) -> Option<char> {
    if digits.is_empty() {
        return None;
    }
    let mut p = 0;
    for byte in digits.bytes() {
        p = (p + value(b"0123456789", byte)?) * 2 % 11;
    }
    character(b"0123456789X", (12 - p) % 11)
}

/// ISO 7064 MOD 37,36 over digits and capitals. Used by GB/T 36904 (licence identifier) and our case number.
pub fn mod_37_36(text: &str) -> Option<char> {
    if text.is_empty() {
        return None;
    }
    let mut p = 36;
    for byte in text.bytes() {
        p = match (p + value(ALPHABET_36, byte)?) % 36 {
            0 => 36,
            rest => rest,
        };
        p = p * 2 % 37;
    }
    character(ALPHABET_36, (37 - p) % 36)
}

/// MOD 31 with weights 3^(i−1): the last character of the unified social credit code (GB 32100-2015).
pub fn mod_31(text: &str) -> Option<char> {
    if text.is_empty() {
        return None;
    }
    let (mut sum, mut weight) = (0, 1);
    for byte in text.bytes() {
        sum = (sum + value(ALPHABET_31, byte)? * weight) % 31;
        weight = weight * 3 % 31;
    }
    character(ALPHABET_31, (31 - sum) % 31)
}

/// Weighted MOD 11 over exactly eight characters: the ninth character of an organisation body code (GB 11714).
pub fn mod_11_body(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    if body.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.bytes().zip(WEIGHTS) {
        sum += value(ALPHABET_36, byte)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

/// Does the last character of `text` check the rest under `rule`?
pub(crate) fn holds(text: &str, rule: fn(&str) -> Option<char>) -> bool {
    let mut chars = text.chars();
    let last = chars.next_back();
    last.is_some() && rule(chars.as_str()) == last
}

/// Is `c` a digit or letter of the credit code alphabet (no I, O, S, V, Z)?
pub(crate) fn in_alphabet_31(c: char) -> bool {
    u8::try_from(c).is_ok_and(|byte| ALPHABET_31.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_check_characters() {
        assert_eq!(mod_11_2("11010519491231002"), Some('X'));
        assert_eq!(mod_31("11100000000013338"), Some('W'));
        assert_eq!(mod_11_body("00001333"), Some('8'));
        assert_eq!(
            mod_37_36("11100000000013338W03211220000013544541J2430599001"),
            Some('F')
        );
    }

    #[test]
    fn foreign_characters_and_empty_text_have_no_check_character() {
        for rule in [mod_11_2, mod_31, mod_37_36, mod_11_body] {
            assert_eq!(rule(""), None);
            assert_eq!(rule("中文字符"), None);
        }
        assert_eq!(mod_31("I1100000000013338"), None);
        assert_eq!(mod_11_body("0000133"), None);
    }
}
