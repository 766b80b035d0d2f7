//! Identifiers and secrets.

use uuid::Uuid;

/// A new record identifier: UUID version 7, so that later records sort after earlier ones.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// 32 random bytes as 64 hexadecimal digits: session tokens, nonces.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_token() -> crate::Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| crate::Error::internal(format!("no randomness: {e}")))?;
    Ok(hex::encode(bytes))
}

/// A short code a person can read aloud: `length` characters without look-alikes (no 0 O 1 I L).
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_code(length: usize) -> crate::Result<String> {
    // 32 characters, so that a byte modulo 32 is unbiased.
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ7";
    let mut bytes = vec![0u8; length];
    getrandom::fill(&mut bytes).map_err(|e| crate::Error::internal(format!("no randomness: {e}")))?;
    Ok(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_no_look_alikes() {
        let code = random_code(400).unwrap();
        assert_eq!(code.len(), 400);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
    }

    #[test]
    fn identifiers_sort_by_time() {
        let a = new_id();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(a < new_id());
    }
}
