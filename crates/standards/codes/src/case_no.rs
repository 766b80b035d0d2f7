//! Case number (办件编号): **our own rule**, 23 characters.
//!
//! GB/T 39046-2020 asks only for a unique text of at most 50 characters. Ours is 6 region + 8 date + 2 channel +
//! 6 daily serial + 1 check character (ISO 7064 MOD 37,36 over the 22 digits). It can be read over the telephone, catches
//! slips, and tells nothing about the person.

use crate::{check, lists::HandlingChannel, text, ymd::Ymd};

/// A case number whose form and check character are right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNo(String);

/// Why a text or its parts make no case number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseNoError {
    /// Not 23 characters.
    #[error("办件编号应为23位，现为{found}位，请对照受理通知书重新输入")]
    Length {
        /// Characters after trimming.
        found: usize,
    },
    /// Something other than digits before the check character.
    #[error("办件编号前22位应为数字，请对照受理通知书核对")]
    Digits,
    /// Characters 7–14 are no real date.
    #[error("办件编号第7至14位不是有效日期，请对照受理通知书核对")]
    Date,
    /// Characters 15–16 are no channel.
    #[error("办件编号第15至16位不是有效的申请渠道，请对照受理通知书核对")]
    Channel,
    /// The serial is not 1–999999.
    #[error("办件编号的当日流水号应为000001至999999，请核对")]
    Serial,
    /// The check character does not fit the rest.
    #[error("办件编号校验不通过，请对照受理通知书逐位核对")]
    CheckCharacter,
}

impl CaseNo {
    /// Length in characters.
    pub const LENGTH: usize = 23;

    /// Makes a number: `region6` is the county (or `450300` for the city) that takes the case, `serial` counts from 1
    /// each day per region and channel.
    pub fn new(
        region6: &str,
        date: Ymd,
        channel: HandlingChannel,
        serial: u32,
    ) -> Result<Self, CaseNoError> {
        if !text::is_digits(region6, 6) {
            return Err(CaseNoError::Digits);
        }
        if !(1..=999_999).contains(&serial) {
            return Err(CaseNoError::Serial);
        }
        let body = format!(
            "{region6}{}{:0>2}{serial:06}",
            date.digits(),
            channel.code()
        );
        let check = check::mod_37_36(&body).ok_or(CaseNoError::Digits)?;
        Ok(Self(format!("{body}{check}")))
    }

    /// Reads and verifies a number.
    pub fn parse(input: &str) -> Result<Self, CaseNoError> {
        let no = text::clean(input);
        let found = no.chars().count();
        if found != Self::LENGTH {
            return Err(CaseNoError::Length { found });
        }
        if !text::is_digits(text::part(&no, 0, 22), 22) {
            return Err(CaseNoError::Digits);
        }
        if Ymd::from_digits(text::part(&no, 6, 14)).is_none() {
            return Err(CaseNoError::Date);
        }
        if channel(&no).is_none() {
            return Err(CaseNoError::Channel);
        }
        if text::part(&no, 16, 22) == "000000" {
            return Err(CaseNoError::Serial);
        }
        if !check::holds(&no, check::mod_37_36) {
            return Err(CaseNoError::CheckCharacter);
        }
        Ok(Self(no))
    }

    /// All 23 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Region that took the case, six digits.
    pub fn region6(&self) -> &str {
        text::part(&self.0, 0, 6)
    }

    /// Day on which the number was given.
    pub fn date(&self) -> Ymd {
        Ymd::from_digits(text::part(&self.0, 6, 14)).unwrap_or(Ymd::EPOCH)
    }

    /// How the application came in.
    pub fn channel(&self) -> HandlingChannel {
        channel(&self.0).unwrap_or(HandlingChannel::Other)
    }

    /// Serial of the day, 1–999999.
    pub fn serial(&self) -> u32 {
        text::part(&self.0, 16, 22).parse().unwrap_or_default()
    }
}

fn channel(no: &str) -> Option<HandlingChannel> {
    text::part(no, 14, 16)
        .strip_prefix('0')
        .and_then(HandlingChannel::from_code)
}

text::string_code!(CaseNo, CaseNoError);

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> CaseNo {
        CaseNo::new(
            "450302",
            Ymd::new(2026, 11, 24).unwrap(),
            HandlingChannel::Computer,
            17,
        )
        .unwrap()
    }

    #[test]
    fn made_and_read_again() {
        let no = sample();
        assert!(no.as_str().starts_with("4503022026112402000017"));
        assert_eq!(CaseNo::parse(no.as_str()), Ok(no.clone()));
        assert_eq!(
            (no.region6(), no.channel(), no.serial()),
            ("450302", HandlingChannel::Computer, 17)
        );
        assert_eq!(no.date().to_string(), "2026-11-24");
    }

    #[test]
    fn mistakes() {
        let no = sample().to_string();
        let date = Ymd::new(2026, 11, 24).unwrap();
        assert_eq!(
            CaseNo::parse(&no[1..]),
            Err(CaseNoError::Length { found: 22 })
        );
        assert_eq!(
            CaseNo::parse(&no.replace("202611", "202613")),
            Err(CaseNoError::Date)
        );
        assert_eq!(
            CaseNo::parse(&no.replace("2402", "2412")),
            Err(CaseNoError::Channel)
        );
        assert_eq!(
            CaseNo::parse(&no.replace("000017", "000000")),
            Err(CaseNoError::Serial)
        );
        assert_eq!(
            CaseNo::parse(&no.replace("000017", "000018")),
            Err(CaseNoError::CheckCharacter)
        );
        assert_eq!(
            CaseNo::parse(&no.replace("000017", "00001X")),
            Err(CaseNoError::Digits)
        );
        assert_eq!(
            CaseNo::new("4503", date, HandlingChannel::Window, 1),
            Err(CaseNoError::Digits)
        );
        for serial in [0, 1_000_000] {
            assert_eq!(
                CaseNo::new("450302", date, HandlingChannel::Window, serial),
                Err(CaseNoError::Serial)
            );
        }
    }
}
