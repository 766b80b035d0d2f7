//! The rules as data (standards C3; local practice, so every number can be changed in the table).

use serde::{Deserialize, Serialize};
use workdays::Light;

/// Rules the program knows how to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// 受理超时: neither accepted nor told what is missing within `days` working days (行政许可法 32).
    AcceptOverdue,
    /// 一次告知超期: told what is missing after `days` working days.
    LateCorrection,
    /// 环节超时: one step took longer than its drawing allows, or than `days` working days where it says nothing.
    StepOverdue,
    /// 环节临期: the light of a step, as its drawing sets it, is no longer green.
    StepNear,
    /// 临近承诺期限: at most `days`, or `percent` of the promise, remain.
    PromiseNear,
    /// 超承诺期限
    PromiseOver,
    /// 超法定期限
    StatutoryOver,
    /// 未批先延: extended after the limit had passed, or by more than `days` working days (行政许可法 42).
    Extension,
    /// 特别程序超期: longer than `days` days.
    SpecialOverlong,
    /// 收取清单外材料: found by a supervisor.
    OutsideMaterial,
    /// 收费不符: found by a supervisor.
    WrongFee,
    /// 差评未整改
    ReviewUnrectified,
    /// 明进暗不进: registered at a window only when it was decided already, less than `minutes` before.
    LateEntry,
}

impl RuleKind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::AcceptOverdue,
        Self::LateCorrection,
        Self::StepOverdue,
        Self::StepNear,
        Self::PromiseNear,
        Self::PromiseOver,
        Self::StatutoryOver,
        Self::Extension,
        Self::SpecialOverlong,
        Self::OutsideMaterial,
        Self::WrongFee,
        Self::ReviewUnrectified,
        Self::LateEntry,
    ];

    /// Stable code (规则编号).
    pub fn code(self) -> &'static str {
        match self {
            Self::AcceptOverdue => "accept_overdue",
            Self::LateCorrection => "late_correction",
            Self::StepOverdue => "step_overdue",
            Self::StepNear => "step_near",
            Self::PromiseNear => "promise_near",
            Self::PromiseOver => "promise_over",
            Self::StatutoryOver => "statutory_over",
            Self::Extension => "extension",
            Self::SpecialOverlong => "special_overlong",
            Self::OutsideMaterial => "outside_material",
            Self::WrongFee => "wrong_fee",
            Self::ReviewUnrectified => "review_unrectified",
            Self::LateEntry => "late_entry",
        }
    }

    /// Reads the code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// Whether only people can find it.
    pub fn is_manual(self) -> bool {
        matches!(self, Self::OutsideMaterial | Self::WrongFee)
    }
}

/// Numbers of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// Days, working or not as the rule says.
    #[serde(default)]
    pub days: u32,
    /// Share of the promise, in per cent.
    #[serde(default)]
    pub percent: u32,
    /// Minutes.
    #[serde(default)]
    pub minutes: u32,
}

/// A rule as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which one.
    pub kind: RuleKind,
    /// Chinese name.
    pub name: String,
    /// How grave it is.
    pub level: Light,
    /// Its numbers.
    pub params: Params,
    /// Whether it is looked for.
    pub enabled: bool,
}

/// All rules as they are set.
#[derive(Debug, Clone, Default)]
pub struct Rules(pub Vec<Rule>);

impl Rules {
    /// A rule that is looked for.
    pub fn active(&self, kind: RuleKind) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.kind == kind && rule.enabled)
    }

    /// The numbers of a rule, whether it is looked for or not.
    pub fn params(&self, kind: RuleKind) -> Params {
        self.0.iter().find(|rule| rule.kind == kind).map(|rule| rule.params).unwrap_or_default()
    }
}
