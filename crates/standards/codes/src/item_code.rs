//! Service item codes (政务服务事项编码), GB/T 39554.1-2020: base code, implementation code, handling code.
//!
//! The text of the standard was not at hand; the structure was proved on 2,262 published codes of Guangdong and 32 of
//! Liaoning. Older schemes (GB/T 39046-2020 still prints lengths up to 10 and 24) are kept as [`ItemCode::Legacy`].

use crate::{
    lists::{ExerciseLevel, ItemKind},
    text,
    uscc::{Uscc, UsccError},
};

/// Base code (基本编码), 12 characters `RR TT DD MMM SSS`: catalogue owner, item type, department, main and sub item.
///
/// A main item that has sub-items is itself written with `00Y` at the end and never implemented.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaseCode(String);

/// Implementation code (实施编码), 31 characters: credit code of the implementing body, level of exercise, base code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImplementationCode(String);

/// Handling code (业务办理项编码), 33 characters: implementation code and a serial `01`–`99`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandlingCode(String);

/// Any item code, told apart by its length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemCode {
    /// 12 characters.
    Base(BaseCode),
    /// 31 characters.
    Implementation(ImplementationCode),
    /// 33 characters.
    Handling(HandlingCode),
    /// 1–24 digits and capitals of an older scheme, kept as they are.
    Legacy(String),
}

/// Why a text is no item code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemCodeError {
    /// A length that no scheme has.
    #[error(
        "事项编码应为12位（基本编码）、31位（实施编码）或33位（业务办理项编码），现为{found}位，请核对"
    )]
    Length {
        /// Characters after trimming.
        found: usize,
    },
    /// The base code is not twelve digits (or nine digits and `00Y`).
    #[error("基本编码应为12位数字（有子项的主项以00Y结尾），请核对")]
    Base,
    /// The implementing body is not 18 digits and capitals.
    #[error("实施编码前18位应为实施主体的统一社会信用代码，请核对")]
    Body,
    /// Character 19 is no level of exercise.
    #[error("实施编码第19位应为行使层级（1至7），请核对")]
    Level,
    /// The last two characters of a handling code are not `01`–`99`.
    #[error("业务办理项编码末两位应为序号01至99，请核对")]
    Serial,
    /// An older code with other characters than digits and letters.
    #[error("事项编码只能由数字和字母组成，请核对")]
    Character,
}

impl BaseCode {
    /// Length in characters.
    pub const LENGTH: usize = 12;

    /// Reads a base code.
    pub fn parse(input: &str) -> Result<Self, ItemCodeError> {
        let code = text::clean(input);
        let parent = code
            .strip_suffix("00Y")
            .is_some_and(|main| text::is_digits(main, 9));
        if !parent && !text::is_digits(&code, Self::LENGTH) {
            return Err(ItemCodeError::Base);
        }
        Ok(Self(code))
    }

    /// All twelve characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Owner of the catalogue: `00` the nation, else the two digits of a province (`45` Guangxi).
    pub fn owner(&self) -> &str {
        text::part(&self.0, 0, 2)
    }

    /// Item type as written. Owners differ: Guangdong writes 20 for other powers and 21 for public services, where
    /// GB/T 39046 has 10 and 20.
    pub fn type_code(&self) -> &str {
        text::part(&self.0, 2, 4)
    }

    /// Item type by the table of GB/T 39046-2020 A.1; see [`type_code`](Self::type_code) for the exception.
    pub fn kind(&self) -> Option<ItemKind> {
        ItemKind::from_code(self.type_code())
    }

    /// Department as numbered by the owner of the catalogue.
    pub fn department(&self) -> &str {
        text::part(&self.0, 4, 6)
    }

    /// Serial of the main item, three digits.
    pub fn main(&self) -> &str {
        text::part(&self.0, 6, 9)
    }

    /// Serial of the sub-item: `000` no sub-items, `00Y` the main item of sub-items.
    pub fn sub(&self) -> &str {
        text::part(&self.0, 9, 12)
    }

    /// Is this a main item that only groups sub-items?
    pub fn is_parent(&self) -> bool {
        self.sub() == "00Y"
    }

    /// The main item a sub-item belongs to.
    pub fn parent(&self) -> Option<Self> {
        let is_sub_item = !matches!(self.sub(), "000" | "00Y");
        is_sub_item.then(|| Self(format!("{}00Y", text::part(&self.0, 0, 9))))
    }
}

impl ImplementationCode {
    /// Length in characters.
    pub const LENGTH: usize = 31;

    /// Puts a code together. A base code that only groups sub-items is not implemented and refused.
    pub fn new(body: &Uscc, level: ExerciseLevel, base: &BaseCode) -> Result<Self, ItemCodeError> {
        Self::parse(&format!("{body}{}{base}", level.code()))
    }

    /// Reads an implementation code. The check character of the body is not required to hold, because published codes
    /// exist whose body code is wrong; ask [`body`](Self::body).
    pub fn parse(input: &str) -> Result<Self, ItemCodeError> {
        let code = text::clean(input);
        let found = code.chars().count();
        if found != Self::LENGTH {
            return Err(ItemCodeError::Length { found });
        }
        if !text::is_alphanumeric(text::part(&code, 0, 18)) {
            return Err(ItemCodeError::Body);
        }
        if ExerciseLevel::from_code(text::part(&code, 18, 19)).is_none() {
            return Err(ItemCodeError::Level);
        }
        if !text::is_digits(text::part(&code, 19, 31), BaseCode::LENGTH) {
            return Err(ItemCodeError::Base);
        }
        Ok(Self(code))
    }

    /// All 31 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The implementing body as written, 18 characters.
    pub fn body_text(&self) -> &str {
        text::part(&self.0, 0, 18)
    }

    /// The implementing body, when its credit code is right.
    pub fn body(&self) -> Result<Uscc, UsccError> {
        Uscc::parse(self.body_text())
    }

    /// Level at which the power is exercised.
    pub fn level(&self) -> ExerciseLevel {
        // `parse` let only known levels in; the fallback keeps this free of panics.
        ExerciseLevel::from_code(text::part(&self.0, 18, 19)).unwrap_or(ExerciseLevel::Graded)
    }

    /// The base code inside.
    pub fn base(&self) -> BaseCode {
        BaseCode(text::part(&self.0, 19, 31).to_owned())
    }
}

impl HandlingCode {
    /// Length in characters.
    pub const LENGTH: usize = 33;

    /// Puts a code together; `serial` is 1–99.
    pub fn new(implementation: &ImplementationCode, serial: u8) -> Result<Self, ItemCodeError> {
        if !(1..=99).contains(&serial) {
            return Err(ItemCodeError::Serial);
        }
        Ok(Self(format!("{implementation}{serial:02}")))
    }

    /// Reads a handling code.
    pub fn parse(input: &str) -> Result<Self, ItemCodeError> {
        let code = text::clean(input);
        let found = code.chars().count();
        if found != Self::LENGTH {
            return Err(ItemCodeError::Length { found });
        }
        // A multi-byte character makes `part` empty, which `parse` then refuses.
        ImplementationCode::parse(text::part(&code, 0, 31)).map_err(|error| match error {
            ItemCodeError::Length { .. } => ItemCodeError::Body,
            other => other,
        })?;
        let serial = text::part(&code, 31, 33);
        if !text::is_digits(serial, 2) || serial == "00" {
            return Err(ItemCodeError::Serial);
        }
        Ok(Self(code))
    }

    /// All 33 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The implementation code inside.
    pub fn implementation(&self) -> ImplementationCode {
        ImplementationCode(text::part(&self.0, 0, 31).to_owned())
    }

    /// Serial of the handling item, 1–99.
    pub fn serial(&self) -> u8 {
        text::part(&self.0, 31, 33).parse().unwrap_or_default()
    }
}

impl ItemCode {
    /// Longest code of the older schemes (GB/T 39046-2020 prints an..24).
    pub const LEGACY_LENGTH: usize = 24;

    /// Reads any item code.
    pub fn parse(input: &str) -> Result<Self, ItemCodeError> {
        let code = text::clean(input);
        match code.chars().count() {
            BaseCode::LENGTH => BaseCode::parse(&code).map(Self::Base),
            ImplementationCode::LENGTH => {
                ImplementationCode::parse(&code).map(Self::Implementation)
            }
            HandlingCode::LENGTH => HandlingCode::parse(&code).map(Self::Handling),
            1..=Self::LEGACY_LENGTH if text::is_alphanumeric(&code) => Ok(Self::Legacy(code)),
            1..=Self::LEGACY_LENGTH => Err(ItemCodeError::Character),
            found => Err(ItemCodeError::Length { found }),
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Base(code) => code.as_str(),
            Self::Implementation(code) => code.as_str(),
            Self::Handling(code) => code.as_str(),
            Self::Legacy(code) => code,
        }
    }

    /// The base code, where the scheme has one.
    pub fn base(&self) -> Option<BaseCode> {
        match self {
            Self::Base(code) => Some(code.clone()),
            Self::Implementation(code) => Some(code.base()),
            Self::Handling(code) => Some(code.implementation().base()),
            Self::Legacy(_) => None,
        }
    }
}

text::string_code!(BaseCode, ItemCodeError);
text::string_code!(ImplementationCode, ItemCodeError);
text::string_code!(HandlingCode, ItemCodeError);
text::string_code!(ItemCode, ItemCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implementation_code_of_guangdong() {
        let code = ImplementationCode::parse("11440000006939756B2440101007000").unwrap();
        assert_eq!(code.body().unwrap().as_str(), "11440000006939756B");
        assert_eq!(code.level(), ExerciseLevel::Province);
        let base = code.base();
        assert_eq!(
            (
                base.owner(),
                base.type_code(),
                base.department(),
                base.main(),
                base.sub()
            ),
            ("44", "01", "01", "007", "000")
        );
        assert_eq!(base.kind(), Some(ItemKind::Permit));
        assert_eq!(
            ImplementationCode::new(&code.body().unwrap(), code.level(), &base),
            Ok(code)
        );
    }

    #[test]
    fn handling_code_of_guangdong() {
        let code = HandlingCode::parse("11440000006940116U244010200300103").unwrap();
        assert_eq!(code.serial(), 3);
        assert_eq!(code.implementation().base().as_str(), "440102003001");
        assert_eq!(
            HandlingCode::new(&code.implementation(), 3),
            Ok(code.clone())
        );
        assert_eq!(
            HandlingCode::new(&code.implementation(), 0),
            Err(ItemCodeError::Serial)
        );
        assert_eq!(
            HandlingCode::new(&code.implementation(), 100),
            Err(ItemCodeError::Serial)
        );
    }

    #[test]
    fn base_codes_of_the_nation() {
        for text in [
            "000123018000",
            "000131035000",
            "000524021000",
            "000175004000",
        ] {
            let base = BaseCode::parse(text).unwrap();
            assert_eq!(
                (base.as_str(), base.owner(), base.parent()),
                (text, "00", None)
            );
        }
        assert_eq!(
            BaseCode::parse("000524021000").unwrap().kind(),
            Some(ItemKind::Payment)
        );
    }

    #[test]
    fn a_sub_item_knows_its_main_item() {
        let main = BaseCode::parse("44010200300Y").unwrap();
        assert!(main.is_parent());
        assert_eq!(main.parent(), None);
        assert_eq!(
            BaseCode::parse("440102003001").unwrap().parent(),
            Some(main.clone())
        );
        let body = Uscc::parse("11440000006939756B").unwrap();
        assert_eq!(
            ImplementationCode::new(&body, ExerciseLevel::City, &main),
            Err(ItemCodeError::Base)
        );
    }

    #[test]
    fn the_length_tells_the_kind() {
        assert!(matches!(
            ItemCode::parse("440101007000"),
            Ok(ItemCode::Base(_))
        ));
        assert!(matches!(
            ItemCode::parse("11440000006939756B2440101007000"),
            Ok(ItemCode::Implementation(_))
        ));
        assert!(matches!(
            ItemCode::parse("11440000006940116U244010200300103"),
            Ok(ItemCode::Handling(_))
        ));
        assert_eq!(
            ItemCode::parse("a0138000"),
            Ok(ItemCode::Legacy("A0138000".into()))
        );
        assert_eq!(ItemCode::parse("511Z07001006"), Err(ItemCodeError::Base));
        assert_eq!(ItemCode::parse("G-000007"), Err(ItemCodeError::Character));
        assert_eq!(ItemCode::parse(""), Err(ItemCodeError::Length { found: 0 }));
        assert_eq!(
            ItemCode::parse(&"1".repeat(25)),
            Err(ItemCodeError::Length { found: 25 })
        );
    }

    #[test]
    fn each_part_is_checked() {
        let wrong = |text: &str| ItemCode::parse(text).unwrap_err();
        assert_eq!(
            wrong("11440000006939756-2440101007000"),
            ItemCodeError::Body
        );
        assert_eq!(
            wrong("11440000006939756B8440101007000"),
            ItemCodeError::Level
        );
        assert_eq!(
            wrong("11440000006939756B244010100700Y"),
            ItemCodeError::Base
        );
        assert_eq!(
            wrong("11440000006940116U244010200300100"),
            ItemCodeError::Serial
        );
        assert_eq!(
            wrong("11440000006940116U2440102003001字3"),
            ItemCodeError::Serial
        );
        assert_eq!(
            wrong("1144000000694011字U244010200300103"),
            ItemCodeError::Body
        );
        assert_eq!(
            wrong("11440000006940116U2440102003001033"),
            ItemCodeError::Length { found: 34 }
        );
    }
}
