//! E-licence identifier (电子证照标识), GB/T 36904-2018:
//! `1.2.156.3005.2.` + licence type (21) `.` issuer (18) `.` serial (1–32) `.` version (3) `.` check character.
//!
//! The check character is ISO 7064 MOD 37,36 over type, issuer, serial and version, proved on four published licences.

use crate::{
    check, text,
    uscc::{Uscc, UsccError},
};

/// An e-licence identifier whose form and check character are right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenceId(String);

/// Why a text or its parts make no licence identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LicenceIdError {
    /// It does not begin with the root of the standard.
    #[error("电子证照标识应以1.2.156.3005.2.开头，请核对")]
    Root,
    /// Not five parts behind the root.
    #[error(
        "电子证照标识应由根代码、证照类型、颁发机构、流水号、版本号和校验位组成，以“.”分隔，请核对"
    )]
    Parts,
    /// The type is not 21 digits and capitals.
    #[error("证照类型代码应为21位（定义机构信用代码18位加3位序号），请核对")]
    Type,
    /// The issuer is neither 18 digits and capitals nor six digits.
    #[error("颁发机构代码应为18位统一社会信用代码，请核对")]
    Issuer,
    /// The serial is not 1–32 digits and capitals.
    #[error("证照流水号应为1至32位数字或字母，请核对")]
    Serial,
    /// The version is not 001–999.
    #[error("证照版本号应为001至999，请核对")]
    Version,
    /// The check character does not fit the rest.
    #[error("电子证照标识校验不通过，请对照证照逐位核对")]
    CheckCharacter,
}

impl LicenceId {
    /// Object identifier under which all e-licences are registered, with its final dot.
    pub const ROOT: &'static str = "1.2.156.3005.2.";
    /// Longest serial accepted.
    pub const SERIAL_LENGTH: usize = 32;

    /// Builds an identifier and computes its check character. `type_code` is the 18-character credit code of the body
    /// that defined the licence type and its 3-digit serial; `version` counts from 1.
    pub fn new(
        type_code: &str,
        issuer: &Uscc,
        serial: &str,
        version: u16,
    ) -> Result<Self, LicenceIdError> {
        let (type_code, serial) = (text::clean(type_code), text::clean(serial));
        let version = format!("{version:03}");
        check_parts(&type_code, issuer.as_str(), &serial, &version)?;
        let check = check::mod_37_36(&format!("{type_code}{issuer}{serial}{version}"))
            .ok_or(LicenceIdError::CheckCharacter)?;
        Ok(Self(format!(
            "{}{type_code}.{issuer}.{serial}.{version}.{check}",
            Self::ROOT
        )))
    }

    /// Reads and verifies an identifier. The credit codes inside are not required to hold, because published licences
    /// exist whose issuer code is wrong; ask [`issuer`](Self::issuer).
    pub fn parse(input: &str) -> Result<Self, LicenceIdError> {
        let id = text::clean(input);
        let rest = id.strip_prefix(Self::ROOT).ok_or(LicenceIdError::Root)?;
        let parts: Vec<&str> = rest.split('.').collect();
        let [type_code, issuer, serial, version, check] = parts[..] else {
            return Err(LicenceIdError::Parts);
        };
        check_parts(type_code, issuer, serial, version)?;
        let body = format!("{type_code}{issuer}{serial}{version}");
        if check.chars().count() != 1 || check::mod_37_36(&body) != check.chars().next() {
            return Err(LicenceIdError::CheckCharacter);
        }
        Ok(Self(id))
    }

    /// The whole identifier with its root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, index: usize) -> &str {
        self.0
            .strip_prefix(Self::ROOT)
            .and_then(|rest| rest.split('.').nth(index))
            .unwrap_or_default()
    }

    /// Licence type, 21 characters.
    pub fn type_code(&self) -> &str {
        self.part(0)
    }

    /// Issuing body as written: 18 characters, on some published licences six digits of a region instead.
    pub fn issuer_text(&self) -> &str {
        self.part(1)
    }

    /// Issuing body, when its credit code is right.
    pub fn issuer(&self) -> Result<Uscc, UsccError> {
        Uscc::parse(self.issuer_text())
    }

    /// Serial given by the issuer.
    pub fn serial(&self) -> &str {
        self.part(2)
    }

    /// Version, from 1.
    pub fn version(&self) -> u16 {
        self.part(3).parse().unwrap_or_default()
    }

    /// The check character.
    pub fn check_character(&self) -> char {
        self.0.chars().next_back().unwrap_or_default()
    }
}

fn check_parts(
    type_code: &str,
    issuer: &str,
    serial: &str,
    version: &str,
) -> Result<(), LicenceIdError> {
    if type_code.len() != 21 || !text::is_alphanumeric(type_code) {
        return Err(LicenceIdError::Type);
    }
    let region_as_issuer = text::is_digits(issuer, 6);
    if !region_as_issuer && (issuer.len() != 18 || !text::is_alphanumeric(issuer)) {
        return Err(LicenceIdError::Issuer);
    }
    if serial.len() > LicenceId::SERIAL_LENGTH || !text::is_alphanumeric(serial) {
        return Err(LicenceIdError::Serial);
    }
    if !text::is_digits(version, 3) || version == "000" {
        return Err(LicenceIdError::Version);
    }
    Ok(())
}

text::string_code!(LicenceId, LicenceIdError);

#[cfg(test)]
mod tests {
    use super::*;

    /// Identifiers printed on published licences.
    const VALID: [&str; 4] = [
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    ];

    #[test]
    fn published_identifiers() {
        for text in VALID {
            assert_eq!(LicenceId::parse(text).unwrap().to_string(), text);
        }
        for text in &VALID[..3] {
            let id = LicenceId::parse(text).unwrap();
            let rebuilt = LicenceId::new(
                id.type_code(),
                &id.issuer().unwrap(),
                id.serial(),
                id.version(),
            );
            assert_eq!(rebuilt, Ok(id));
        }
        let id = LicenceId::parse(VALID[2]).unwrap();
        assert_eq!(
            (id.serial(), id.version(), id.check_character()),
            ("2025052201", 2, '0')
        );
    }

    #[test]
    fn mistakes() {
        let error = |text: &str| LicenceId::parse(text).unwrap_err();
        // The example of a published interface description, with a check character that does not fit.
        let published = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
        assert_eq!(error(published), LicenceIdError::CheckCharacter);
        assert_eq!(error("1.2.156.3005.3.x"), LicenceIdError::Root);
        assert_eq!(error("1.2.156.3005.2.a.b"), LicenceIdError::Parts);
        assert_eq!(
            error(&VALID[0].replace("032.", "03.")),
            LicenceIdError::Type
        );
        assert_eq!(
            error(&VALID[0].replace("541J", "541")),
            LicenceIdError::Issuer
        );
        assert_eq!(
            error(&VALID[0].replace("2430599", "24-599")),
            LicenceIdError::Serial
        );
        assert_eq!(
            error(&VALID[0].replace("2430599", &"1".repeat(33))),
            LicenceIdError::Serial
        );
        assert_eq!(
            error(&VALID[0].replace(".001.", ".000.")),
            LicenceIdError::Version
        );
        assert_eq!(
            error(&VALID[0].replace(".F", ".FF")),
            LicenceIdError::CheckCharacter
        );
        let issuer = Uscc::parse("11220000013544541J").unwrap();
        assert_eq!(
            LicenceId::new("1", &issuer, "1", 1),
            Err(LicenceIdError::Type)
        );
        assert_eq!(
            LicenceId::new("11100000000013338W032", &issuer, "1", 1000),
            Err(LicenceIdError::Version)
        );
    }
}
