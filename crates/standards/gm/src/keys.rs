//! All keys of one installation, from one master secret.

use std::{fmt, io::Write, path::Path};

use zeroize::Zeroizing;

use crate::{Error, NONCE_LEN, Result, Sm4Gcm, hmac_sm3, random, verify};

/// First byte of everything [`Keys::seal`] writes, so that a later scheme or key can be told from this one.
const FORMAT: u8 = 1;

/// The key set of one installation: a data key that encrypts stored personal data, an index key for searching it
/// without decrypting, and token keys for signed links and cookies. All are derived with HMAC-SM3 and a label from one
/// 32-byte master secret, so an operator keeps a single short file safe.
///
/// Cheap to share in an `Arc`; prints nothing, and its bytes are wiped on drop.
///
/// ```
/// # fn main() -> gm::Result<()> {
/// let keys = gm::Keys::from_hex(&"0f".repeat(32))?;
/// let stored = keys.seal(b"party:42:phone", "13800000000".as_bytes())?;
/// assert_eq!(keys.open(b"party:42:phone", &stored)?, b"13800000000");
/// assert!(keys.open(b"party:43:phone", &stored).is_err()); // cannot be moved to another record
/// # Ok(()) }
/// ```
pub struct Keys {
    data: Zeroizing<[u8; 16]>,
    index: Zeroizing<[u8; 32]>,
    token: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// Derives the set from a master secret.
    pub fn new(master: &[u8; 32]) -> Self {
        let derive = |label: &str| Zeroizing::new(hmac_sm3(master, label.as_bytes()));
        let mut data = Zeroizing::new([0; 16]); // SM4 takes 128 bits
        data.copy_from_slice(&derive("tongban data key 1")[..16]);
        Self {
            data,
            index: derive("tongban index key 1"),
            token: derive("tongban token key 1"),
        }
    }

    /// Derives the set from a master secret written as 64 hexadecimal digits; white space around it is ignored.
    pub fn from_hex(text: &str) -> Result<Self> {
        let mut master = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), &mut *master).map_err(|_| Error::KeyText)?;
        Ok(Self::new(&master))
    }

    /// A fresh set nobody else knows and nobody can restore, for tests and throw-away demonstrations.
    pub fn random() -> Result<Self> {
        Ok(Self::new(&Zeroizing::new(random()?)))
    }

    /// Reads the set from a key file (64 hexadecimal digits).
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::KeyFile {
            path: path.into(),
            source,
        })?;
        Self::from_hex(&Zeroizing::new(text))
    }

    /// Writes a new key file that only its owner can read, and loads it. An existing file is never overwritten:
    /// losing a master secret means losing every record sealed with it.
    pub fn create(path: &Path) -> Result<Self> {
        let master = Zeroizing::new(random::<32>()?);
        let text = Zeroizing::new(hex::encode(master.as_slice()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())
                    .and_then(|()| file.sync_all())
            })
            .map_err(|source| Error::KeyFile {
                path: path.into(),
                source,
            })?;
        Ok(Self::new(&master))
    }

    /// Encrypts data for storage: format byte ‖ random nonce ‖ ciphertext ‖ tag (29 bytes longer than `plaintext`).
    /// `aad` names the place it belongs to (table, record, column) and is needed again to open it. Random 96-bit
    /// nonces are safe up to 2³² messages per key (NIST SP 800-38D, 8.3).
    pub fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = vec![FORMAT];
        sealed.extend_from_slice(&nonce);
        sealed.extend(Sm4Gcm::new(&self.data).seal(&nonce, aad, plaintext)?);
        Ok(sealed)
    }

    /// Opens what [`Keys::seal`] made with the same `aad`.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let (nonce, ciphertext) = sealed
            .strip_prefix(&[FORMAT])
            .and_then(|rest| rest.split_first_chunk::<NONCE_LEN>())
            .ok_or(Error::Damaged)?;
        Sm4Gcm::new(&self.data).open(nonce, aad, ciphertext)
    }

    /// Keyed hash under which an encrypted value is found again, e.g. `index("party.id_number", number)`. Equal values
    /// of one `field` have equal hashes; without the key nobody can try values; fields cannot be joined. Normalise
    /// `value` first (case, spaces).
    pub fn index(&self, field: &str, value: &[u8]) -> [u8; 32] {
        hmac_sm3(&*self.purpose_key(&self.index, field), value)
    }

    /// Authentication tag for a link, cookie or QR code of one `purpose`; a tag of one purpose is no good for another.
    pub fn token(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        hmac_sm3(&*self.purpose_key(&self.token, purpose), message)
    }

    /// Whether `tag` is the token of `message` for `purpose`, compared in constant time.
    pub fn verify_token(&self, purpose: &str, message: &[u8], tag: &[u8]) -> bool {
        verify(&*self.purpose_key(&self.token, purpose), message, tag)
    }

    /// A key of its own per purpose, so that purpose and message can never be confused at their border.
    fn purpose_key(&self, key: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hmac_sm3(key, purpose.as_bytes()))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}
