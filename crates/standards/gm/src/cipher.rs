//! SM2 public key encryption (GB/T 32918.4-2016).
//!
//! Written on the curve arithmetic of the `sm2` crate rather than on its `pke` module: that one compares the checksum
//! C3 in variable time and prints its secret scalar in `Debug` output.

use der::asn1::{OctetString, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence};
use sm2::elliptic_curve::sec1::ToSec1Point;
use sm2::elliptic_curve::subtle::ConstantTimeEq;
use sm2::elliptic_curve::{Generate, Group};
use sm2::{NonZeroScalar, ProjectivePoint};
use zeroize::Zeroizing;

use crate::rand_core::TryCryptoRng;
use crate::{Error, PrivateKey, PublicKey, Result, Sm3, SysRng};

const WHAT: &str = "SM2 ciphertext";

/// An SM2 ciphertext: a point C1, a checksum C3 and the hidden message C2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    c1: PublicKey,
    c3: [u8; 32],
    c2: Vec<u8>,
}

/// GM/T 0009, 7.2.
#[derive(Sequence)]
struct Asn1<'a> {
    x: UintRef<'a>,
    y: UintRef<'a>,
    hash: &'a OctetStringRef,
    cipher: OctetString,
}

impl Ciphertext {
    /// Reads either form: DER (begins with 30) or raw C1 ‖ C3 ‖ C2 (begins with 04).
    ///
    /// # Errors
    /// When it is neither, or C1 is no point of the curve.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.first() == Some(&0x30) { Self::from_der(bytes) } else { Self::from_bytes(bytes) }
    }

    /// Reads C1 ‖ C3 ‖ C2 with an uncompressed C1, the order of the standard since 2012.
    ///
    /// # Errors
    /// When it is too short, or C1 is no point of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (c1, rest) = bytes.split_first_chunk::<65>().ok_or(Error::Damaged)?;
        let (c3, c2) = rest.split_first_chunk::<32>().ok_or(Error::Damaged)?;
        Self::new(c1, *c3, c2)
    }

    /// Reads C1 ‖ C2 ‖ C3, the order before 2012.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn from_c1c2c3(bytes: &[u8]) -> Result<Self> {
        let (c1, rest) = bytes.split_first_chunk::<65>().ok_or(Error::Damaged)?;
        let (c2, c3) = rest.split_last_chunk::<32>().ok_or(Error::Damaged)?;
        Self::new(c1, *c3, c2)
    }

    /// Reads SEQUENCE { x, y, hash, cipher }.
    ///
    /// # Errors
    /// When it is none, or C1 is no point of the curve.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        let parts = Asn1::from_der(bytes).map_err(Error::der(WHAT))?;
        let mut point = [4; 65];
        for (number, place) in [(parts.x, 1), (parts.y, 33)] {
            let number = number.as_bytes();
            let unused = 32_usize.checked_sub(number.len()).ok_or(Error::NotAKey("no point of the curve"))?;
            point[place..place + unused].fill(0);
            point[place + unused..place + 32].copy_from_slice(number);
        }
        let c3 = parts.hash.as_bytes().try_into().map_err(|_| Error::Damaged)?;
        Self::new(&point, c3, parts.cipher.as_bytes())
    }

    fn new(c1: &[u8; 65], c3: [u8; 32], c2: &[u8]) -> Result<Self> {
        if c2.is_empty() {
            return Err(Error::Empty);
        }
        Ok(Self { c1: PublicKey::from_bytes(c1)?, c3, c2: c2.to_vec() })
    }

    /// C1 ‖ C3 ‖ C2.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.c1.to_bytes()[..], &self.c3, &self.c2].concat()
    }

    /// SEQUENCE { x, y, hash, cipher }, the form `openssl pkeyutl` reads.
    ///
    /// # Errors
    /// When the message is longer than DER allows here (256 MiB).
    pub fn to_der(&self) -> Result<Vec<u8>> {
        let point = self.c1.to_bytes();
        let write = || {
            Asn1 {
                x: UintRef::new(&point[1..33])?,
                y: UintRef::new(&point[33..])?,
                hash: OctetStringRef::new(&self.c3)?,
                cipher: OctetString::new(self.c2.as_slice())?,
            }
            .to_der()
        };
        write().map_err(Error::der(WHAT))
    }
}

impl PublicKey {
    /// Encrypts a message (at least one byte) for the holder of the private key.
    ///
    /// # Errors
    /// [`Error::Empty`], or when there is no randomness.
    pub fn encrypt(&self, message: &[u8]) -> Result<Ciphertext> {
        self.encrypt_with(&mut SysRng, message)
    }

    /// [`Self::encrypt`] with randomness from the source handed in.
    ///
    /// # Errors
    /// [`Error::Empty`], or when the source fails.
    pub fn encrypt_with<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, message: &[u8]) -> Result<Ciphertext> {
        if message.is_empty() {
            return Err(Error::Empty);
        }
        loop {
            let k = Zeroizing::new(NonZeroScalar::try_generate_from_rng(rng).map_err(|_| Error::Randomness)?);
            let c1 = ProjectivePoint::mul_by_generator(&**k).to_affine();
            let shared = self.shared(&k);
            let mut c2 = message.to_vec();
            if mask(&shared, &mut c2)? {
                let c1 = sm2::PublicKey::from_affine(c1).map_err(|_| Error::Randomness)?;
                return Ok(Ciphertext { c1: PublicKey(c1), c3: checksum(&shared, message), c2 });
            }
        }
    }

    /// x ‖ y of [k]P. The cofactor is 1, and P is no infinity, so neither is this.
    fn shared(&self, k: &NonZeroScalar) -> Zeroizing<[u8; 64]> {
        let point = (ProjectivePoint::from(*self.0.as_affine()) * **k).to_affine();
        let mut coordinates = Zeroizing::new([0; 64]);
        coordinates.copy_from_slice(&point.to_sec1_point(false).as_bytes()[1..]);
        coordinates
    }
}

impl PrivateKey {
    /// Decrypts.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it was meant for another key or changed on the way.
    pub fn decrypt(&self, ciphertext: &Ciphertext) -> Result<Zeroizing<Vec<u8>>> {
        let shared = ciphertext.c1.shared(&self.scalar());
        let mut message = Zeroizing::new(ciphertext.c2.clone());
        let masked = mask(&shared, &mut message)?;
        let right = checksum(&shared, &message).ct_eq(&ciphertext.c3);
        if masked && bool::from(right) { Ok(message) } else { Err(Error::Damaged) }
    }
}

/// XORs the key stream KDF(x ‖ y) into `data` (GB/T 32918.4, 5.4.3). False when the stream is all zero, which hides nothing.
fn mask(shared: &[u8; 64], data: &mut [u8]) -> Result<bool> {
    let mut any = 0;
    for (index, block) in data.chunks_mut(32).enumerate() {
        let counter = u32::try_from(index + 1).map_err(|_| Error::TooLong)?;
        let mut hash = Sm3::new();
        hash.update(shared);
        hash.update(&counter.to_be_bytes());
        for (byte, key) in block.iter_mut().zip(*Zeroizing::new(hash.finish())) {
            *byte ^= key;
            any |= key;
        }
    }
    Ok(any != 0)
}

/// C3 = SM3(x ‖ message ‖ y).
fn checksum(shared: &[u8; 64], message: &[u8]) -> [u8; 32] {
    let mut hash = Sm3::new();
    hash.update(&shared[..32]);
    hash.update(message);
    hash.update(&shared[32..]);
    hash.finish()
}
