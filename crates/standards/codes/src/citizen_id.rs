//! Citizen number (公民身份号码), GB 11643-1999, and the residence numbers that share its form.

use crate::{check, lists::Sex, text, ymd::Ymd};
use std::fmt;

/// A citizen number whose form, birth date and check digit are right.
///
/// `Debug` shows it masked so that it never reaches a log by accident; `Display` and [`as_str`](Self::as_str) show all.
/// Whether the region part exists is not asked: many valid numbers carry the code of an abolished county.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId(String);

/// Who holds the number, told by its first digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Citizen with household registration (居民身份证).
    Citizen,
    /// Hong Kong, Macau or Taiwan resident with a residence permit: prefix 810000, 820000, 830000.
    HongKongMacauTaiwan,
    /// Foreign permanent resident, card of 2023: first digit 9.
    ForeignPermanentResident,
}

/// A birth date that is formally right but not plausible: a reason to look twice, not to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgeWarning {
    /// Born after today.
    NotYetBorn,
    /// Older than [`CitizenId::OLDEST`] years.
    TooOld,
}

/// Why a text is no citizen number; the message tells the person what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    /// Not 18 characters.
    #[error("身份证号码应为18位，现为{found}位，请核对后重新输入")]
    Length {
        /// Characters after trimming.
        found: usize,
    },
    /// A character that is not a digit (or an X that is not at the end).
    #[error("身份证号码第{position}位不是数字，请改正（只有最后一位可以是X）")]
    Character {
        /// 1-based position.
        position: usize,
    },
    /// Characters 7–14 are no real date.
    #[error("身份证号码第7至14位不是有效的出生日期，请对照证件核对")]
    BirthDate,
    /// The check digit does not fit the rest.
    #[error("身份证号码校验不通过，请对照证件逐位核对")]
    CheckDigit,
}

impl CitizenId {
    /// Age in years above which [`age_warning`](Self::age_warning) speaks.
    pub const OLDEST: u16 = 130;

    /// Reads a number as people type it: surrounding space, full-width digits and a small `x` are accepted.
    pub fn parse(input: &str) -> Result<Self, CitizenIdError> {
        let id = text::clean(input);
        let found = id.chars().count();
        if found != 18 {
            return Err(CitizenIdError::Length { found });
        }
        let foreign = |(i, c): (usize, char)| !(c.is_ascii_digit() || (i == 17 && c == 'X'));
        if let Some(index) = id.chars().enumerate().position(foreign) {
            return Err(CitizenIdError::Character {
                position: index + 1,
            });
        }
        if Ymd::from_digits(text::part(&id, 6, 14)).is_none() {
            return Err(CitizenIdError::BirthDate);
        }
        if !check::holds(&id, check::mod_11_2) {
            return Err(CitizenIdError::CheckDigit);
        }
        Ok(Self(id))
    }

    /// The check digit that belongs behind the first 17 digits.
    pub fn check_digit(first_17: &str) -> Option<char> {
        text::is_digits(first_17, 17)
            .then(|| check::mod_11_2(first_17))
            .flatten()
    }

    /// All 18 characters, unmasked.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `4503**********0017`, for lists and logs.
    pub fn masked(&self) -> String {
        crate::mask::citizen_id(&self.0)
    }

    /// First six digits: the county of first registration (for foreigners `9`, issuing region and nationality).
    pub fn region6(&self) -> &str {
        text::part(&self.0, 0, 6)
    }

    /// Date of birth; checked by [`parse`](Self::parse).
    pub fn birth_date(&self) -> Ymd {
        // `parse` let only real dates in; the fallback is never reached and keeps this free of panics.
        Ymd::from_digits(text::part(&self.0, 6, 14)).unwrap_or(Ymd::EPOCH)
    }

    /// Sex by the 17th digit: odd is male, even is female.
    pub fn sex(&self) -> Sex {
        let odd = self
            .0
            .as_bytes()
            .get(16)
            .is_some_and(|digit| digit % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// Who holds a number of this form.
    pub fn holder(&self) -> Holder {
        match self.region6() {
            "810000" | "820000" | "830000" => Holder::HongKongMacauTaiwan,
            region if region.starts_with('9') => Holder::ForeignPermanentResident,
            _ => Holder::Citizen,
        }
    }

    /// Is the birth date implausible on the day `today`? A warning only: the number itself is valid.
    pub fn age_warning(&self, today: Ymd) -> Option<AgeWarning> {
        match self.birth_date().full_years_until(today) {
            None => Some(AgeWarning::NotYetBorn),
            Some(age) if age > Self::OLDEST => Some(AgeWarning::TooOld),
            Some(_) => None,
        }
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CitizenId").field(&self.masked()).finish()
    }
}

text::string_code!(CitizenId, CitizenIdError);

#[cfg(test)]
mod tests {
    use super::*;

    /// Two samples of the standard and two synthetic numbers of Guilin.
    const VALID: [&str; 4] = [
        "11010519491231002X",
        "440524188001010014",
        "450302199003070017",
        "450300198505201235",
    ];

    fn today() -> Ymd {
        Ymd::new(2026, 11, 24).unwrap()
    }

    #[test]
    fn parts() {
        let id = CitizenId::parse(" 45030219900307001７　").unwrap();
        assert_eq!(id.as_str(), "450302199003070017");
        assert_eq!(id.region6(), "450302");
        assert_eq!(id.birth_date().to_string(), "1990-03-07");
        assert_eq!(id.sex(), Sex::Male);
        assert_eq!(id.holder(), Holder::Citizen);
        assert_eq!(
            CitizenId::parse("11010519491231002x").unwrap().sex(),
            Sex::Female
        );
        for valid in VALID {
            assert_eq!(CitizenId::parse(valid).unwrap().to_string(), valid);
        }
    }

    #[test]
    fn each_mistake_has_its_own_sentence() {
        let error = |text: &str| CitizenId::parse(text).unwrap_err();
        assert_eq!(error(""), CitizenIdError::Length { found: 0 });
        assert_eq!(
            error("450302900307001"),
            CitizenIdError::Length { found: 15 }
        );
        assert_eq!(
            error("4503021990030700一7"),
            CitizenIdError::Character { position: 17 }
        );
        assert_eq!(
            error("X50302199003070017"),
            CitizenIdError::Character { position: 1 }
        );
        for last in "0123456789X".chars() {
            assert_eq!(
                error(&format!("45030219900230001{last}")),
                CitizenIdError::BirthDate
            );
        }
        assert_eq!(error("450302199003070018"), CitizenIdError::CheckDigit);
        assert!(error("450302199003070018").to_string().contains("核对"));
    }

    #[test]
    fn an_implausible_age_is_only_a_warning() {
        let warning = |text| CitizenId::parse(text).unwrap().age_warning(today());
        assert_eq!(warning("440524188001010014"), Some(AgeWarning::TooOld));
        assert_eq!(warning("450302199003070017"), None);
        let unborn = format!(
            "45030220990101001{}",
            CitizenId::check_digit("45030220990101001").unwrap()
        );
        assert_eq!(warning(&unborn), Some(AgeWarning::NotYetBorn));
    }

    #[test]
    fn residents_without_household_registration() {
        let with_check = |first_17: &str| {
            let text = format!("{first_17}{}", CitizenId::check_digit(first_17).unwrap());
            CitizenId::parse(&text).unwrap().holder()
        };
        assert_eq!(with_check("81000019900101001"), Holder::HongKongMacauTaiwan);
        assert_eq!(
            with_check("94584019900101001"),
            Holder::ForeignPermanentResident
        );
    }

    #[test]
    fn debug_output_is_masked() {
        let id = CitizenId::parse(VALID[2]).unwrap();
        assert_eq!(format!("{id:?}"), "CitizenId(\"4503**********0017\")");
    }
}
