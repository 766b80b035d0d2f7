//! Where private keys live.

use base::{Error, Result};
use db::Vault;
use gm::{PrivateKey, Signer, Spki};

/// Makes keys and signs with them; a key never comes out. A handle is opaque to everybody else: here it is the key itself,
/// sealed by the installation's key set; with a hardware module it would be the number of a slot.
pub trait KeyStore: Send + Sync {
    /// A new SM2 key: its handle and its public half.
    ///
    /// # Errors
    /// When the store has no randomness or does not answer.
    fn generate(&self) -> Result<(Vec<u8>, Spki)>;

    /// Something that signs with the key of a handle.
    ///
    /// # Errors
    /// When the handle is not one of this store.
    fn signer(&self, handle: &[u8]) -> Result<Box<dyn Signer + Send + Sync>>;
}

/// What the sealed keys are bound to.
const PLACE: &[u8] = b"trust_key.handle";

/// The keys in the database, sealed by the installation's key set.
pub(crate) struct VaultKeys(pub Vault);

impl KeyStore for VaultKeys {
    fn generate(&self) -> Result<(Vec<u8>, Spki)> {
        let key = PrivateKey::generate()?;
        let handle = self.0.keys().seal(PLACE, key.to_bytes().as_slice())?;
        Ok((handle, key.public_key().to_spki()?))
    }

    fn signer(&self, handle: &[u8]) -> Result<Box<dyn Signer + Send + Sync>> {
        let bytes = self.0.keys().open(PLACE, handle)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| Error::internal("a key of the trust is damaged"))?;
        Ok(Box::new(PrivateKey::from_bytes(&bytes)?))
    }
}
