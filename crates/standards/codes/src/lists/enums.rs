//! Closed code lists as enums.

/// A code that the list does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list}没有代码“{code}”，请从列表中选择")]
pub struct UnknownCode {
    /// Chinese name of the list.
    pub list: &'static str,
    /// The code met.
    pub code: String,
}

/// An enum over a code list: `code`, `name`, `from_code`, `ALL`; `Display` is the name, `FromStr` and serde the code.
macro_rules! code_enum {
    (
        $(#[$doc:meta])*
        $type:ident, $list:literal { $( $(#[$vdoc:meta])* $variant:ident = $code:literal $name:literal, )+ }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $( #[doc = $name] $(#[$vdoc])* $variant, )+ }

        impl $type {
            /// All values in the order of the list.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The code as exchanged and stored.
            pub fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// Same as [`code`](Self::code), for symmetry with the other code types.
            pub fn as_str(self) -> &'static str {
                self.code()
            }

            /// The Chinese name of the list.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The value with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
        impl std::str::FromStr for $type {
            type Err = UnknownCode;
            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                Self::from_code(code).ok_or_else(|| UnknownCode { list: $list, code: code.to_owned() })
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                code.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

code_enum! {
    /// Item type (事项类型), GB/T 39046-2020 A.1.
    ItemKind, "事项类型" {
        AnyPower = "00" "行政权力事项",
        Permit = "01" "行政许可",
        Penalty = "02" "行政处罚",
        Coercion = "03" "行政强制",
        Levy = "04" "行政征收",
        Payment = "05" "行政给付",
        Inspection = "06" "行政检查",
        Confirmation = "07" "行政确认",
        Reward = "08" "行政奖励",
        Ruling = "09" "行政裁决",
        OtherPower = "10" "其他类别事项",
        PublicService = "20" "公共服务事项",
    }
}

impl ItemKind {
    /// May items of this type stand in the service catalogue? Only what people apply for (依申请), never what an organ does
    /// of its own accord (依职权: penalty, coercion, levy, inspection).
    pub fn on_application(self) -> bool {
        match self {
            Self::Permit
            | Self::Payment
            | Self::Confirmation
            | Self::Reward
            | Self::Ruling
            | Self::OtherPower
            | Self::PublicService => true,
            Self::AnyPower | Self::Penalty | Self::Coercion | Self::Levy | Self::Inspection => {
                false
            }
        }
    }
}

code_enum! {
    /// Level of exercise (行使层级), GB/T 39046-2020 A.2.
    ExerciseLevel, "行使层级" {
        Nation = "1" "国家级/局(署、会)",
        Province = "2" "省级/直属",
        City = "3" "市级/隶属",
        County = "4" "县级",
        Township = "5" "镇(乡、街道)级",
        Village = "6" "村(社区)级",
        Graded = "7" "分级管理",
    }
}

impl ExerciseLevel {
    /// The level of exercise of a body in a region of this level.
    pub fn of_region(level: crate::region::Level) -> Self {
        use crate::region::Level;
        match level {
            Level::Region => Self::Province,
            Level::City => Self::City,
            Level::County => Self::County,
            Level::Township => Self::Township,
            Level::Village => Self::Village,
        }
    }
}

code_enum! {
    /// Nature of the implementing body (实施主体性质), GB/T 39046-2020 A.3.
    BodyNature, "实施主体性质" {
        Statutory = "1" "法定机关",
        Authorised = "2" "授权组织",
        Entrusted = "3" "受委托组织",
        Other = "9" "其他",
    }
}

code_enum! {
    /// Whom an item serves (服务对象), GB/T 39046-2020 A.4.
    ServiceObject, "服务对象" {
        NaturalPerson = "1" "自然人",
        Enterprise = "2" "企业法人",
        PublicInstitution = "3" "事业法人",
        SocialOrganisation = "4" "社会组织法人",
        AdministrativeOrgan = "5" "行政机关",
        OtherOrganisation = "6" "其他组织",
    }
}

code_enum! {
    /// Channel of handling (办理形式), GB/T 39046-2020 A.5.
    HandlingChannel, "办理形式" {
        Window = "1" "窗口办理",
        Computer = "2" "电脑端网上办理",
        Mobile = "3" "移动端网上申请",
        Courier = "4" "快递申请",
        Other = "9" "其他",
    }
}

code_enum! {
    /// Case type (办件类型), GB/T 39046-2020 A.6.
    CaseType, "办件类型" {
        Instant = "1" "即办件",
        Promised = "2" "承诺件",
        Other = "9" "其他",
    }
}

code_enum! {
    /// Special procedure (特别程序), GB/T 39046-2020 A.7.
    SpecialProcedure, "特别程序" {
        Extension = "1" "延长审批",
        Other = "2" "除延长审批之外的情况",
    }
}

code_enum! {
    /// Satisfaction (满意度), GB/T 39046-2020 A.8. Ordered from best to worst.
    Satisfaction, "满意度" {
        VerySatisfied = "1" "非常满意",
        Satisfied = "2" "满意",
        Fair = "3" "基本满意",
        Dissatisfied = "4" "不满意",
        VeryDissatisfied = "5" "非常不满意",
    }
}

impl Satisfaction {
    /// Stars of the review exchange, 5 (best) to 1: counted the other way than the code.
    pub fn stars(self) -> u8 {
        match self {
            Self::VerySatisfied => 5,
            Self::Satisfied => 4,
            Self::Fair => 3,
            Self::Dissatisfied => 2,
            Self::VeryDissatisfied => 1,
        }
    }

    /// The satisfaction that so many stars mean.
    pub fn from_stars(stars: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.stars() == stars)
    }

    /// Is this a bad review (差评), which must be verified and put right?
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }
}

code_enum! {
    /// Case state of the national construction approval exchange (办件状态).
    CaseState, "办件状态" {
        Received = "1" "接件",
        Withdrawn = "2" "撤件",
        Accepted = "3" "受理",
        NotAccepted = "4" "不受理",
        AcceptanceRefused = "5" "不予受理",
        CorrectionStarted = "6" "补正(开始)",
        CorrectionEnded = "7" "补正(结束)",
        HandlingStarted = "8" "部门开始办理",
        SpecialProcedureStarted = "9" "特别程序(开始)",
        SpecialProcedureEnded = "10" "特别程序(结束)",
        Granted = "11" "办结(通过)",
        GrantedWithLateMaterials = "12" "办结(容缺通过)",
        Refused = "13" "办结(不通过)",
        Recalled = "14" "撤回",
        Revoked = "15" "撤销",
    }
}

code_enum! {
    /// How a case was finished, in provincial supervision exchange (办结类型).
    FinishKind, "办结类型" {
        LicenceIssued = "0" "出证办结",
        Returned = "1" "退回办结",
        Voided = "2" "作废办结",
        Deleted = "3" "删除办结",
        Forwarded = "4" "转报办结",
        NotCorrected = "5" "补正不来办结",
        Finished = "6" "办结",
    }
}

code_enum! {
    /// Sex (性别), GB/T 2261.1.
    Sex, "性别" {
        Unknown = "0" "未知的性别",
        Male = "1" "男性",
        Female = "2" "女性",
        Unspecified = "9" "未说明的性别",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::{self, Entry};

    fn agrees(enumeration: Vec<(&str, &str)>, list: &[Entry]) {
        let listed: Vec<_> = list.iter().map(|e| (e.code, e.name)).collect();
        assert_eq!(enumeration, listed);
    }

    #[test]
    fn enums_agree_with_the_files() {
        macro_rules! check {
            ($($type:ident $list:ident),+) => { $(
                agrees($type::ALL.iter().map(|v| (v.code(), v.name())).collect(), lists::$list());
                for &value in $type::ALL {
                    assert_eq!(value.code().parse(), Ok(value));
                    let json = serde_json::to_string(&value).unwrap();
                    assert_eq!(json, format!("\"{}\"", value.code()));
                    assert_eq!(serde_json::from_str::<$type>(&json).unwrap(), value);
                }
            )+ };
        }
        check!(
            ItemKind item_types, ExerciseLevel exercise_levels, BodyNature body_natures,
            ServiceObject service_objects, HandlingChannel handling_channels, CaseType case_types,
            SpecialProcedure special_procedures, Satisfaction satisfactions, CaseState case_states,
            FinishKind finish_kinds, Sex sexes
        );
    }

    #[test]
    fn an_unknown_code_is_a_sentence() {
        let error = "77".parse::<ItemKind>().unwrap_err();
        assert_eq!(error.to_string(), "事项类型没有代码“77”，请从列表中选择");
        assert!(serde_json::from_str::<ItemKind>("\"77\"").is_err());
    }

    #[test]
    fn only_applied_for_items_are_listed() {
        let listed: Vec<_> = ItemKind::ALL
            .iter()
            .filter(|k| k.on_application())
            .map(|k| k.code())
            .collect();
        assert_eq!(listed, ["01", "05", "07", "08", "09", "10", "20"]);
    }

    #[test]
    fn stars_count_the_other_way() {
        assert_eq!(
            Satisfaction::from_stars(5),
            Some(Satisfaction::VerySatisfied)
        );
        assert_eq!(Satisfaction::from_stars(0), None);
        let bad: Vec<_> = Satisfaction::ALL
            .iter()
            .filter(|s| s.is_bad())
            .map(|s| s.stars())
            .collect();
        assert_eq!(bad, [2, 1]);
    }
}
