//! Making seals and seal signatures of version 4.

use std::time::SystemTime;

use der::asn1::{Any, BitString, GeneralizedTime, Ia5StringRef, ObjectIdentifier, OctetStringRef, Utf8StringRef};
use der::{Encode, Tag, TagNumber};
use gm::Signer;
use gm::x509::Certificate;

use crate::raw::{MAX_LEN, sequence};
use crate::{Error, Picture, Result, Seal};

/// Version of the structures written (GB/T 38540-2020).
const VERSION: u8 = 4;

/// A seal to be made.
#[derive(Clone, Debug)]
pub struct SealTemplate {
    /// Number of the seal, unique with its maker. ASCII.
    pub id: String,
    /// The maker's product. ASCII.
    pub vendor: String,
    /// Kind of the seal (1 a body's, 2 a person's, in common use).
    pub kind: u32,
    /// Name of the seal, mostly the body's.
    pub name: String,
    /// The certificates that may use it.
    pub users: Vec<Certificate>,
    /// When it is made.
    pub created: SystemTime,
    /// First moment it may be used.
    pub valid_from: SystemTime,
    /// Last moment it may be used.
    pub valid_until: SystemTime,
    /// What it looks like.
    pub picture: Picture,
}

impl SealTemplate {
    /// Makes the seal: signs it with the maker's key.
    ///
    /// # Errors
    /// When there is no user, the times are in the wrong order, a text is not ASCII where it must be, the picture is too
    /// large, the certificate is of another key, or the key does not sign.
    pub fn make(&self, maker: &Certificate, signer: &dyn Signer) -> Result<Seal> {
        let part = "SESeal";
        if self.users.is_empty() {
            return Err(Error::Rule { part: "certList", rule: "somebody must be able to use the seal" });
        }
        if self.valid_from > self.valid_until {
            return Err(Error::Rule { part: "validEnd", rule: "it is before validStart" });
        }
        if self.picture.data.len() > MAX_LEN / 2 {
            return Err(Error::Rule { part: "picture", rule: "it is too large" });
        }
        of_this_key(maker, signer)?;
        let info = self.info().map_err(|source| Error::Der { part: "SES_SealInfo", source })?;
        let signature = signer.sign(&info)?;
        let frame = || sequence(&[&info, &octets(maker.to_der())?, &oid_of(signer).to_der()?, &bits(&signature)?]);
        Seal::from_der(&frame().map_err(|source| Error::Der { part, source })?)
    }

    fn info(&self) -> der::Result<Vec<u8>> {
        let header = sequence(&[&ascii("ES")?, &VERSION.to_der()?, &ascii(&self.vendor)?])?;
        let list = self.users.iter().map(|one| octets(one.to_der())).collect::<der::Result<Vec<_>>>()?;
        let property = sequence(&[
            &self.kind.to_der()?,
            &Utf8StringRef::new(&self.name)?.to_der()?,
            &1_u8.to_der()?,
            &sequence(&list.iter().map(Vec::as_slice).collect::<Vec<_>>())?,
            &time(self.created)?,
            &time(self.valid_from)?,
            &time(self.valid_until)?,
        ])?;
        let image = &self.picture;
        let picture = sequence(&[&ascii(&image.format)?, &octets(&image.data)?, &image.width_mm.to_der()?, &image.height_mm.to_der()?])?;
        sequence(&[&header, &ascii(&self.id)?, &property, &picture])
    }
}

/// A seal signature to be made.
#[derive(Clone, Copy, Debug)]
pub struct SealSigning<'a> {
    /// The seal.
    pub seal: &'a Seal,
    /// The certificate of the one who uses it; must be in its list.
    pub certificate: &'a Certificate,
    /// The time of signing.
    pub time: SystemTime,
    /// Where the data lies: in an OFD the absolute path of Signature.xml. ASCII.
    pub property: &'a str,
}

impl SealSigning<'_> {
    /// Seals `data` (in an OFD: all bytes of Signature.xml).
    ///
    /// # Errors
    /// When the certificate may not use the seal or is of another key, the seal is not valid at the time, or the key
    /// does not sign.
    pub fn sign(&self, data: &[u8], signer: &dyn Signer) -> Result<Vec<u8>> {
        self.write(data, signer, |_| Ok(None))
    }

    /// [`Self::sign`], then asks `stamp` for a time stamp token over the signature value and takes it in. `stamp` is
    /// most often [`gm::tsp::fetch`] with a transport.
    ///
    /// # Errors
    /// As [`Self::sign`], or what `stamp` answers.
    pub fn sign_stamped(&self, data: &[u8], signer: &dyn Signer, stamp: impl FnOnce(&[u8]) -> gm::Result<Vec<u8>>) -> Result<Vec<u8>> {
        self.write(data, signer, |signature| stamp(signature).map(Some))
    }

    fn write(&self, data: &[u8], signer: &dyn Signer, stamp: impl FnOnce(&[u8]) -> gm::Result<Option<Vec<u8>>>) -> Result<Vec<u8>> {
        if !self.seal.users.contains(self.certificate) {
            return Err(Error::Rule { part: "cert", rule: "this certificate may not use the seal" });
        }
        if !(self.seal.valid_from..=self.seal.valid_until).contains(&self.time) {
            return Err(Error::Rule { part: "timeInfo", rule: "the seal is not valid at this time" });
        }
        of_this_key(self.certificate, signer)?;
        let failed = |part| move |source| Error::Der { part, source };
        let hash = gm::sm3(data);
        let to_sign = || sequence(&[&VERSION.to_der()?, self.seal.to_der(), &time(self.time)?, &bits(&hash)?, &ascii(self.property)?]);
        let to_sign = to_sign().map_err(failed("TBS_Sign"))?;
        let signature = signer.sign(&to_sign)?;
        let token = stamp(&signature)?;
        let write = || {
            let token = token.map(|token| explicit(&bits(&token)?)).transpose()?.unwrap_or_default();
            sequence(&[&to_sign, &octets(self.certificate.to_der())?, &oid_of(signer).to_der()?, &bits(&signature)?, &token])
        };
        write().map_err(failed("SES_Signature"))
    }
}

fn of_this_key(certificate: &Certificate, signer: &dyn Signer) -> Result<()> {
    if signer.public_key()? == *certificate.public_key() { Ok(()) } else { Err(Error::Rule { part: "cert", rule: "it is of another key" }) }
}

fn oid_of(signer: &dyn Signer) -> ObjectIdentifier {
    signer.signature_algorithm().oid
}

fn ascii(text: &str) -> der::Result<Vec<u8>> {
    Ia5StringRef::new(text)?.to_der()
}

fn octets(bytes: &[u8]) -> der::Result<Vec<u8>> {
    OctetStringRef::new(bytes)?.to_der()
}

fn bits(bytes: &[u8]) -> der::Result<Vec<u8>> {
    BitString::from_bytes(bytes)?.to_der()
}

fn time(time: SystemTime) -> der::Result<Vec<u8>> {
    GeneralizedTime::from_system_time(time)?.to_der()
}

/// `[0] EXPLICIT`.
fn explicit(inner: &[u8]) -> der::Result<Vec<u8>> {
    Any::new(Tag::ContextSpecific { constructed: true, number: TagNumber(0) }, inner)?.to_der()
}
