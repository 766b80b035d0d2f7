//! Texts that are published with a signature, so that a copy of them can be trusted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use gm::{PrivateKey, PublicKey, Signature};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{PublishedKey, TicketError, key_id};

/// A text with its signature: SM2 with SM3 over the characters of `payload`, which is base64url of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// What is signed.
    pub payload: String,
    /// Name of the key.
    pub key: String,
    /// Signature: r and s, 64 bytes, base64url.
    pub signature: String,
}

impl Signed {
    /// Signs a text.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn sign(text: &Value, key: &PrivateKey) -> gm::Result<Self> {
        let payload = BASE64.encode(text.to_string());
        let signature = BASE64.encode(key.sign(payload.as_bytes())?.to_bytes());
        Ok(Self { key: key_id(&key.public_key()), payload, signature })
    }

    /// The text, once its signature was checked with the published keys.
    ///
    /// # Errors
    /// See [`TicketError`].
    pub fn open(&self, keys: &[PublishedKey]) -> Result<Value, TicketError> {
        verify(self.payload.as_bytes(), &self.key, &self.signature, keys)?;
        let text = BASE64.decode(&self.payload).map_err(|_| TicketError::Forged)?;
        serde_json::from_slice(&text).map_err(|_| TicketError::Forged)
    }
}

/// Checks a signature (base64url of r and s) with the published key of this name.
pub(super) fn verify(message: &[u8], id: &str, signature: &str, keys: &[PublishedKey]) -> Result<(), TicketError> {
    let key = keys.iter().find(|key| key.id == id).ok_or(TicketError::UnknownKey)?;
    let key = PublicKey::from_pem(&key.pem).map_err(|_| TicketError::UnknownKey)?;
    let signature: [u8; 64] = BASE64.decode(signature).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(TicketError::Forged)?;
    let signature = Signature::from_bytes(&signature).map_err(|_| TicketError::Forged)?;
    key.verify(message, &signature).map_err(|_| TicketError::Forged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_changed_list_is_noticed() {
        let key = PrivateKey::generate().unwrap();
        let public = key.public_key();
        let keys = vec![PublishedKey { id: key_id(&public), algorithm: "SM2".into(), pem: public.to_pem().unwrap() }];
        let text = json!({ "changes": [{ "identifier": "1.2.156", "state": "revoked" }] });
        let signed = Signed::sign(&text, &key).unwrap();
        assert_eq!(signed.open(&keys), Ok(text));
        let other = Signed { payload: BASE64.encode(json!({ "changes": [] }).to_string()), ..signed.clone() };
        assert_eq!(other.open(&keys), Err(TicketError::Forged));
        assert_eq!(Signed { key: "x".into(), ..signed.clone() }.open(&keys), Err(TicketError::UnknownKey));
        assert_eq!(Signed { signature: String::new(), ..signed }.open(&keys), Err(TicketError::Forged));
    }
}
