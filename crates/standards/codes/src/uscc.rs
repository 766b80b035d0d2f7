//! Unified social credit code (统一社会信用代码), GB 32100-2015, with the body code of GB 11714 inside it.

use crate::{check, text};

/// An 18-character credit code whose alphabet and check character are right.
///
/// The organisation body code inside (characters 9–17) has a check character of its own. It is reported by
/// [`body_code_holds`](Self::body_code_holds) and never refused: codes in real use deviate from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// Kind of body by the first two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// 机关 (11).
    Organ,
    /// 事业单位 (12).
    PublicInstitution,
    /// 编办直接管理机构编制的群众团体 (13).
    MassOrganisation,
    /// 社会团体 (51).
    SocialGroup,
    /// 民办非企业单位 (52).
    PrivateNonEnterprise,
    /// 基金会 (53).
    Foundation,
    /// 企业 (91).
    Enterprise,
    /// 个体工商户 (92).
    IndividualBusiness,
    /// 农民专业合作社 (93).
    FarmersCooperative,
    /// Any other combination (19, 59, Y1, …).
    Other,
}

/// Why a text is no credit code; the message tells the person what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters.
    #[error("统一社会信用代码应为18位，现为{found}位，请核对后重新输入")]
    Length {
        /// Characters after trimming.
        found: usize,
    },
    /// A character outside the alphabet.
    #[error(
        "统一社会信用代码第{position}位“{found}”不可用，请改正（只用数字和大写字母，不含I、O、S、V、Z）"
    )]
    Character {
        /// 1-based position.
        position: usize,
        /// The character met there.
        found: char,
    },
    /// Characters 3–8 are not six digits.
    #[error("统一社会信用代码第3至8位应为行政区划数字，请核对")]
    Region,
    /// The check character does not fit the rest.
    #[error("统一社会信用代码校验不通过，请对照证照逐位核对")]
    CheckCharacter,
}

impl Uscc {
    /// Reads a code as people type it: surrounding space, full-width and small letters are accepted.
    pub fn parse(input: &str) -> Result<Self, UsccError> {
        let code = text::clean(input);
        let found = code.chars().count();
        if found != 18 {
            return Err(UsccError::Length { found });
        }
        if let Some((index, found)) = code
            .chars()
            .enumerate()
            .find(|&(_, c)| !check::in_alphabet_31(c))
        {
            return Err(UsccError::Character {
                position: index + 1,
                found,
            });
        }
        if !text::is_digits(text::part(&code, 2, 8), 6) {
            return Err(UsccError::Region);
        }
        if !check::holds(&code, check::mod_31) {
            return Err(UsccError::CheckCharacter);
        }
        Ok(Self(code))
    }

    /// The check character that belongs behind the first 17 characters.
    pub fn check_character(first_17: &str) -> Option<char> {
        (first_17.len() == 17)
            .then(|| check::mod_31(first_17))
            .flatten()
    }

    /// All 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Kind of body by registering authority and category.
    pub fn kind(&self) -> BodyKind {
        match text::part(&self.0, 0, 2) {
            "11" => BodyKind::Organ,
            "12" => BodyKind::PublicInstitution,
            "13" => BodyKind::MassOrganisation,
            "51" => BodyKind::SocialGroup,
            "52" => BodyKind::PrivateNonEnterprise,
            "53" => BodyKind::Foundation,
            "91" => BodyKind::Enterprise,
            "92" => BodyKind::IndividualBusiness,
            "93" => BodyKind::FarmersCooperative,
            _ => BodyKind::Other,
        }
    }

    /// Region of registration, six digits (characters 3–8).
    pub fn region6(&self) -> &str {
        text::part(&self.0, 2, 8)
    }

    /// Organisation body code, nine characters (9–17); the last one is its own check character.
    pub fn body_code(&self) -> &str {
        text::part(&self.0, 8, 17)
    }

    /// Does the body code pass the check of GB 11714? A hint for quality reports only.
    pub fn body_code_holds(&self) -> bool {
        check::holds(self.body_code(), check::mod_11_body)
    }
}

text::string_code!(Uscc, UsccError);

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of public bodies and firms as published.
    const VALID: [&str; 10] = [
        "11100000000013338W",
        "11110000000021135M",
        "11220000013544541J",
        "11430000006122244L",
        "11330105002500287C",
        "11420503087246977F",
        "11511301008778183N",
        "113700000045030270",
        "91350100M000100Y43",
        "914403001922038216",
    ];

    #[test]
    fn published_codes_are_valid() {
        for code in VALID {
            assert_eq!(Uscc::parse(code).unwrap().as_str(), code);
        }
        assert_eq!(
            Uscc::parse(" １１100000000013338w").unwrap().as_str(),
            VALID[0]
        );
    }

    #[test]
    fn published_mistakes_are_refused() {
        assert_eq!(
            Uscc::parse("13440000515356094L"),
            Err(UsccError::CheckCharacter)
        );
        assert_eq!(
            Uscc::parse("TE440000GD030003VV"),
            Err(UsccError::Character {
                position: 17,
                found: 'V'
            })
        );
        assert_eq!(
            Uscc::parse("1151130000877869M"),
            Err(UsccError::Length { found: 17 })
        );
        assert_eq!(
            Uscc::parse("111000000000I3338W"),
            Err(UsccError::Character {
                position: 13,
                found: 'I'
            })
        );
        assert_eq!(Uscc::parse("11A00000000013338W"), Err(UsccError::Region));
    }

    #[test]
    fn parts() {
        let code = Uscc::parse("11100000000013338W").unwrap();
        assert_eq!(
            (code.kind(), code.region6(), code.body_code()),
            (BodyKind::Organ, "100000", "000013338")
        );
        assert!(code.body_code_holds());
        assert_eq!(
            Uscc::parse("914403001922038216").unwrap().kind(),
            BodyKind::Enterprise
        );
    }

    #[test]
    fn a_wrong_body_code_is_reported_but_not_refused() {
        let first_17 = "91450300TT0000019"; // TT000001 is checked by 5
        let code = format!("{first_17}{}", Uscc::check_character(first_17).unwrap());
        assert!(!Uscc::parse(&code).unwrap().body_code_holds());
        assert!(Uscc::parse("11450300TT00000158").unwrap().body_code_holds());
    }
}
