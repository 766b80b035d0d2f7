use std::sync::Arc;

use base::{Error, Result};
use gm::Keys;

/// Seals personal data for the database and makes keyed hashes to find it by.
///
/// A sealed value is bound to the column it was sealed for (`aad`): copied into another column it does not open.
#[derive(Debug, Clone)]
pub struct Vault(Arc<Keys>);

impl Vault {
    /// A vault over the installation's keys.
    pub fn new(keys: Arc<Keys>) -> Self {
        Self(keys)
    }

    /// Ciphertext (SM4-GCM) of `text` for column `table.column`.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn seal(&self, column: &str, text: &str) -> Result<Vec<u8>> {
        Ok(self.0.seal(column.as_bytes(), text.as_bytes())?)
    }

    /// The text that was sealed for this column.
    ///
    /// # Errors
    /// When the bytes were altered, moved from another column, or sealed with another key.
    pub fn open(&self, column: &str, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.0.open(column.as_bytes(), sealed)?).map_err(|e| Error::internal(format!("sealed {column}: {e}")))
    }

    /// Blind index (HMAC-SM3) of a normalised value: equal values have equal indexes, nothing else can be learnt.
    pub fn index(&self, column: &str, value: &str) -> Vec<u8> {
        self.0.index(column, value.as_bytes()).to_vec()
    }

    /// The keys, for signing form tokens and sessions.
    pub fn keys(&self) -> &Keys {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_column() {
        let vault = Vault::new(Arc::new(Keys::random().unwrap()));
        let sealed = vault.seal("person.id_number", "450302199003070017").unwrap();
        assert_eq!(vault.open("person.id_number", &sealed).unwrap(), "450302199003070017");
        assert!(vault.open("person.phone", &sealed).is_err());
        assert_ne!(sealed, vault.seal("person.id_number", "450302199003070017").unwrap(), "nonces are fresh");
        assert_eq!(vault.index("person.id_number", "x"), vault.index("person.id_number", "x"));
        assert_ne!(vault.index("person.id_number", "x"), vault.index("person.phone", "x"));
    }
}
