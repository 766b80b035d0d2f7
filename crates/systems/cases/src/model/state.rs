use base::{Error, Result};
use serde::{Deserialize, Serialize};

/// Where a case stands. (Before submission it is a draft, which is another record.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待受理
    Submitted,
    /// 待补正
    CorrectionOpen,
    /// 办理中 (accepted)
    InReview,
    /// 特别程序中: the clock stands still
    SpecialProcedure,
    /// 准予
    Granted,
    /// 不予
    Refused,
    /// 不予受理
    NotAccepted,
    /// 不需要办理，已即时告知
    NotNeeded,
    /// 逾期未补正
    Lapsed,
    /// 申请人撤回
    Withdrawn,
    /// 已送达
    Delivered,
}

/// What can be done to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// 受理
    Accept,
    /// 一次告知补正
    RequestCorrection,
    /// 提交补正
    Correct,
    /// 不予受理
    RefuseAcceptance,
    /// 即时告知不受理
    TellNotNeeded,
    /// 启动特别程序
    StartSpecial,
    /// 结束特别程序
    EndSpecial,
    /// 延期
    Extend,
    /// 审查 (opinions between acceptance and decision)
    Review,
    /// 准予
    Grant,
    /// 不予
    Refuse,
    /// 撤回
    Withdraw,
    /// 补正逾期
    Lapse,
    /// 送达
    Deliver,
}

impl State {
    /// All states.
    pub const ALL: [Self; 11] = [
        Self::Submitted,
        Self::CorrectionOpen,
        Self::InReview,
        Self::SpecialProcedure,
        Self::Granted,
        Self::Refused,
        Self::NotAccepted,
        Self::NotNeeded,
        Self::Lapsed,
        Self::Withdrawn,
        Self::Delivered,
    ];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::CorrectionOpen => "correction_open",
            Self::InReview => "in_review",
            Self::SpecialProcedure => "special_procedure",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::NotAccepted => "not_accepted",
            Self::NotNeeded => "not_needed",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::Delivered => "delivered",
        }
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or_else(|| Error::internal(format!("case state {text}")))
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Submitted => "待受理",
            Self::CorrectionOpen => "待补正",
            Self::InReview => "办理中",
            Self::SpecialProcedure => "特别程序中",
            Self::Granted => "准予，已办结",
            Self::Refused => "不予，已办结",
            Self::NotAccepted => "不予受理",
            Self::NotNeeded => "不需办理",
            Self::Lapsed => "逾期未补正",
            Self::Withdrawn => "已撤回",
            Self::Delivered => "已送达",
        }
    }

    /// Code of the national construction-approval exchange (standards C1), for data exchange.
    pub fn exchange_code(self) -> &'static str {
        match self {
            Self::Submitted => "1",
            Self::CorrectionOpen => "6",
            Self::InReview => "8",
            Self::SpecialProcedure => "9",
            Self::Granted | Self::Delivered => "11",
            Self::Refused => "13",
            Self::NotAccepted => "5",
            Self::NotNeeded => "4",
            Self::Lapsed | Self::Withdrawn => "14",
        }
    }

    /// Nothing more happens but delivery and rating.
    pub fn is_closed(self) -> bool {
        !matches!(self, Self::Submitted | Self::CorrectionOpen | Self::InReview | Self::SpecialProcedure)
    }

    /// The state after an act, or the sentence why it cannot be done now.
    ///
    /// # Errors
    /// [`base::Kind::Conflict`] when the case is not in a state that allows it.
    pub fn after(self, act: Act) -> Result<Self> {
        use Act::*;
        Ok(match (self, act) {
            (Self::Submitted, Accept) => Self::InReview,
            (Self::Submitted, RequestCorrection) => Self::CorrectionOpen,
            (Self::Submitted, RefuseAcceptance) => Self::NotAccepted,
            (Self::Submitted, TellNotNeeded) => Self::NotNeeded,
            (Self::CorrectionOpen, Correct) => Self::Submitted,
            (Self::CorrectionOpen, Lapse) => Self::Lapsed,
            (Self::InReview, StartSpecial) => Self::SpecialProcedure,
            (Self::SpecialProcedure, EndSpecial) => Self::InReview,
            (Self::InReview, Extend | Review) => Self::InReview,
            (Self::InReview, Grant) => Self::Granted,
            (Self::InReview, Refuse) => Self::Refused,
            (Self::Submitted | Self::CorrectionOpen | Self::InReview | Self::SpecialProcedure, Withdraw) => Self::Withdrawn,
            (Self::Granted, Deliver) => Self::Delivered,
            _ => return Err(self.refusal(act)),
        })
    }

    fn refusal(self, act: Act) -> Error {
        let sentence = match (self, act) {
            (Self::SpecialProcedure, _) => "这件事正在特别程序中，请先结束特别程序再办理。".to_owned(),
            (_, Act::Withdraw) => "决定已经作出，不能再撤回申请。如对决定有异议，可以依法申请行政复议或者提起行政诉讼。".to_owned(),
            (state, Act::Grant | Act::Refuse) if state.is_closed() => format!("这件事已经是“{}”，不能再次作出决定，请刷新页面查看最新情况。", state.label()),
            (state, _) => format!("这件事现在是“{}”，不能进行这项操作，请刷新页面查看最新情况。", state.label()),
        };
        Error::conflict("cases.wrong_state", sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 14] = [
        Act::Accept,
        Act::RequestCorrection,
        Act::Correct,
        Act::RefuseAcceptance,
        Act::TellNotNeeded,
        Act::StartSpecial,
        Act::EndSpecial,
        Act::Extend,
        Act::Review,
        Act::Grant,
        Act::Refuse,
        Act::Withdraw,
        Act::Lapse,
        Act::Deliver,
    ];

    #[test]
    fn stored_names_come_back() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()).unwrap(), state);
        }
        assert!(State::parse("x").is_err());
    }

    #[test]
    fn nothing_is_decided_before_acceptance_or_twice() {
        for state in State::ALL {
            let decided = state.after(Act::Grant).is_ok() || state.after(Act::Refuse).is_ok();
            assert_eq!(decided, state == State::InReview, "{state:?}");
        }
    }

    #[test]
    fn a_closed_case_only_gets_delivered() {
        for state in State::ALL.into_iter().filter(|s| s.is_closed()) {
            for act in ACTS {
                assert_eq!(state.after(act).is_ok(), state == State::Granted && act == Act::Deliver, "{state:?} {act:?}");
            }
        }
    }

    #[test]
    fn withdrawal_ends_with_the_decision() {
        assert!(State::ALL.into_iter().all(|s| s.after(Act::Withdraw).is_ok() != s.is_closed()));
    }
}
