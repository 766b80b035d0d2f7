//! The seal: SESeal of GB/T 38540-2020, 6, and of GM/T 0031-2014.

use std::time::SystemTime;

use der::asn1::ObjectIdentifier;
use gm::x509::Certificate;

use crate::raw::{bits, number, octets, parts, read, sequence, text, time};
use crate::{Error, Result};

/// The picture of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its format as the maker wrote it: `PNG`, `ofd`, `JPG` …
    pub format: String,
    /// The image file.
    pub data: Vec<u8>,
    /// Width on paper in millimetres.
    pub width_mm: u32,
    /// Height on paper in millimetres.
    pub height_mm: u32,
}

/// The certificates that may use a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Users {
    /// The certificates themselves, in DER (certListType 1).
    Certificates(Vec<Vec<u8>>),
    /// The name of a hash and the hash of each (certListType 2).
    Digests(Vec<(String, Vec<u8>)>),
}

impl Users {
    /// Whether this certificate is among them.
    pub fn contains(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Certificates(list) => list.iter().any(|one| one == certificate.to_der()),
            Self::Digests(list) => list.iter().any(|(hash, digest)| {
                let known = hash.eq_ignore_ascii_case("sm3") || *hash == gm::oid::SM3.to_string();
                known && digest.as_slice() == certificate.fingerprint()
            }),
        }
    }
}

/// A maker's own data in a seal or signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// What it is.
    pub id: ObjectIdentifier,
    /// Whether the maker says it must be understood.
    pub critical: bool,
    /// The data.
    pub value: Vec<u8>,
}

/// An electronic seal, kept with the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Version of the structure: 4 for GB/T 38540, 1 to 3 for GM/T 0031.
    pub version: u32,
    /// The maker's product.
    pub vendor: String,
    /// Number of the seal, unique with its maker.
    pub id: String,
    /// Kind of the seal; the standard leaves the numbers to the field (1 a body's, 2 a person's, in common use).
    pub kind: u32,
    /// Name of the seal, mostly the body's.
    pub name: String,
    /// Who may use it.
    pub users: Users,
    /// When it was made.
    pub created: SystemTime,
    /// First moment it may be used.
    pub valid_from: SystemTime,
    /// Last moment it may be used.
    pub valid_until: SystemTime,
    /// What it looks like.
    pub picture: Picture,
    /// The maker's own data.
    pub extensions: Vec<Extension>,
    /// The maker's certificate.
    pub maker: Certificate,
    /// Algorithm of the maker's signature.
    pub algorithm: ObjectIdentifier,
    pub(crate) signature: Vec<u8>,
    /// What the maker's signature may be over: version 4 signs eSealInfo, and older ones also its certificate and algorithm.
    pub(crate) signed: [Vec<u8>; 2],
    der: Vec<u8>,
}

impl Seal {
    /// Reads a seal of any version.
    ///
    /// # Errors
    /// Which part is wrong.
    pub fn from_der(bytes: &[u8]) -> Result<Self> {
        let part = "SESeal";
        let outer = parts(bytes, part)?;
        let (info, certificate, algorithm, signature) = match outer.as_slice() {
            [info, certificate, algorithm, signature] => (*info, *certificate, *algorithm, *signature),
            [info, signing] => match parts(signing, "SES_SignInfo")?.as_slice() {
                [certificate, algorithm, signature] => (*info, *certificate, *algorithm, *signature),
                _ => return Err(Error::Rule { part: "SES_SignInfo", rule: "it has three parts" }),
            },
            _ => return Err(Error::Rule { part, rule: "it has four parts, or two before version 4" }),
        };
        let [header, id, property, picture, extensions @ ..] = &parts(info, "SES_SealInfo")?[..] else {
            return Err(Error::Rule { part: "SES_SealInfo", rule: "it has four or five parts" });
        };
        let (version, vendor) = read_header(header)?;
        if (outer.len() == 4) != (version >= 4) {
            return Err(Error::Rule { part: "SES_Header", rule: "its version does not fit the structure" });
        }
        let property = read_property(property)?;
        Ok(Self {
            version,
            vendor,
            id: text(id, "esID")?,
            kind: property.kind,
            name: property.name,
            users: property.users,
            created: property.times[0],
            valid_from: property.times[1],
            valid_until: property.times[2],
            picture: read_picture(picture)?,
            extensions: read_extensions(extensions)?,
            maker: Certificate::from_der(&octets(certificate, "cert")?)?,
            algorithm: read(algorithm, "signAlgID")?,
            signature: bits(signature, "signedValue")?,
            signed: [info.to_vec(), sequence(&[info, certificate, algorithm]).map_err(|source| Error::Der { part, source })?],
            der: bytes.to_vec(),
        })
    }

    /// The bytes it was read from.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }
}

fn read_header(bytes: &[u8]) -> Result<(u32, String)> {
    let part = "SES_Header";
    let parts = parts(bytes, part)?;
    let [id, version, vendor] = parts.as_slice() else { return Err(Error::Rule { part, rule: "it has three parts" }) };
    if text(id, part)? != "ES" {
        return Err(Error::Rule { part, rule: "it does not begin with ES" });
    }
    let version = number(version, part)?;
    if !(1..=4).contains(&version) {
        return Err(Error::Rule { part, rule: "its version is unknown" });
    }
    Ok((version, text(vendor, part)?))
}

struct Property {
    kind: u32,
    name: String,
    users: Users,
    times: [SystemTime; 3],
}

fn read_property(bytes: &[u8]) -> Result<Property> {
    let part = "SES_ESPropertyInfo";
    let parts = parts(bytes, part)?;
    // Before version 4 there is no certListType.
    let (kind, name, users, times) = match parts.as_slice() {
        [kind, name, list_type, list, times @ ..] if times.len() == 3 => (kind, name, read_users(list, number(list_type, "certListType")?)?, times),
        [kind, name, list, times @ ..] if times.len() == 3 => (kind, name, read_users(list, 1)?, times),
        _ => return Err(Error::Rule { part, rule: "it has seven parts, or six before version 4" }),
    };
    Ok(Property {
        kind: number(kind, "type")?,
        name: text(name, "name")?,
        users,
        times: [time(times[0], "createDate")?, time(times[1], "validStart")?, time(times[2], "validEnd")?],
    })
}

fn read_users(bytes: &[u8], list_type: u32) -> Result<Users> {
    let list = parts(bytes, "certList")?;
    match list_type {
        1 => Ok(Users::Certificates(list.into_iter().map(|one| octets(one, "certList")).collect::<Result<_>>()?)),
        2 => {
            let digest = |one: &[u8]| match parts(one, "certDigestList")?.as_slice() {
                [hash, digest] => Ok((text(hash, "certDigestList")?, octets(digest, "certDigestList")?)),
                _ => Err(Error::Rule { part: "certDigestList", rule: "its entries have two parts" }),
            };
            Ok(Users::Digests(list.into_iter().map(digest).collect::<Result<_>>()?))
        }
        _ => Err(Error::Rule { part: "certListType", rule: "it is 1 or 2" }),
    }
}

fn read_picture(bytes: &[u8]) -> Result<Picture> {
    let part = "SES_ESPictureInfo";
    match parts(bytes, part)?.as_slice() {
        [format, data, width, height] => {
            Ok(Picture { format: text(format, part)?, data: octets(data, part)?, width_mm: number(width, part)?, height_mm: number(height, part)? })
        }
        _ => Err(Error::Rule { part, rule: "it has four parts" }),
    }
}

/// Zero or one `[0] EXPLICIT SEQUENCE OF ExtData`; older seals leave the tag out.
pub(crate) fn read_extensions(rest: &[&[u8]]) -> Result<Vec<Extension>> {
    let part = "extDatas";
    let [one] = rest else {
        return if rest.is_empty() { Ok(Vec::new()) } else { Err(Error::Rule { part, rule: "something follows it" }) };
    };
    let list = match one.first() {
        Some(0xa0) => {
            let tagged: der::asn1::Any = read(one, part)?;
            parts(tagged.value(), part)?.into_iter().map(read_extension).collect()
        }
        _ => parts(one, part)?.into_iter().map(read_extension).collect::<Result<Vec<_>>>(),
    };
    list
}

fn read_extension(bytes: &[u8]) -> Result<Extension> {
    let part = "ExtData";
    let (id, critical, value) = match parts(bytes, part)?.as_slice() {
        [id, value] => (read(id, part)?, false, octets(value, part)?),
        [id, critical, value] => (read(id, part)?, read(critical, part)?, octets(value, part)?),
        _ => return Err(Error::Rule { part, rule: "it has two or three parts" }),
    };
    Ok(Extension { id, critical, value })
}
