//! The life of a seal.

use chrono::{DateTime, Utc};

/// What people did to a seal. Whether it has expired is never stored: see [`Standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Applied for, not made yet.
    Applied,
    /// The application was turned down.
    Rejected,
    /// Made, and may be used.
    InForce,
    /// Not to be used for now.
    Suspended,
    /// Never to be used again.
    Revoked,
    /// A later seal took its place.
    Replaced,
}

/// What can be done to a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 制发
    Make,
    /// 不予制发
    Reject,
    /// 停用
    Suspend,
    /// 恢复
    Resume,
    /// 注销
    Revoke,
    /// 换发: a later seal takes its place.
    Replace,
}

impl State {
    const ALL: [Self; 6] = [Self::Applied, Self::Rejected, Self::InForce, Self::Suspended, Self::Revoked, Self::Replaced];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::InForce => "in_force",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
        }
    }

    /// The state stored under this name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state after an act; `None` when it cannot be done to a seal in this state.
    pub fn after(self, act: Act) -> Option<Self> {
        match (self, act) {
            (Self::Applied, Act::Make) | (Self::Suspended, Act::Resume) => Some(Self::InForce),
            (Self::Applied, Act::Reject) => Some(Self::Rejected),
            (Self::InForce, Act::Suspend) => Some(Self::Suspended),
            (Self::InForce | Self::Suspended, Act::Revoke) => Some(Self::Revoked),
            (Self::InForce | Self::Suspended, Act::Replace) => Some(Self::Replaced),
            _ => None,
        }
    }
}

impl Act {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Make => "制发",
            Self::Reject => "不予制发",
            Self::Suspend => "停用",
            Self::Resume => "恢复使用",
            Self::Revoke => "注销",
            Self::Replace => "换发",
        }
    }

    /// As posted and journalled.
    pub fn code(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Reject => "reject",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
            Self::Replace => "replace",
        }
    }

    /// The act posted under this name.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Make, Self::Reject, Self::Suspend, Self::Resume, Self::Revoke, Self::Replace].into_iter().find(|act| act.code() == code)
    }
}

/// What a seal is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may be used.
    Usable,
    /// Its days have not begun.
    NotYet,
    /// Its days are over.
    Expired,
    /// People decided otherwise.
    Is(State),
}

impl Standing {
    /// From what people did and the seal's days.
    pub fn at(state: State, from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        match (state, from, until) {
            (State::InForce, Some(from), _) if now < from => Self::NotYet,
            (State::InForce, _, Some(until)) if now > until => Self::Expired,
            (State::InForce, Some(_), Some(_)) => Self::Usable,
            (other, ..) => Self::Is(other),
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usable => "使用中",
            Self::NotYet => "未到启用日",
            Self::Expired => "已到期",
            Self::Is(State::Applied) => "待审批",
            Self::Is(State::Rejected) => "未制发",
            Self::Is(State::InForce) => "资料不全",
            Self::Is(State::Suspended) => "已停用",
            Self::Is(State::Revoked) => "已注销",
            Self::Is(State::Replaced) => "已换发",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_the_end_and_only_making_leads_in() {
        let acts = [Act::Make, Act::Reject, Act::Suspend, Act::Resume, Act::Revoke, Act::Replace];
        for act in acts {
            for end in [State::Rejected, State::Revoked, State::Replaced] {
                assert_eq!(end.after(act), None, "{end:?} {act:?}");
            }
            assert_eq!(State::Applied.after(act) == Some(State::InForce), act == Act::Make);
            assert_eq!(Act::of(act.code()), Some(act));
        }
        for state in State::ALL {
            assert_eq!(State::of(state.as_str()), Some(state));
        }
    }

    #[test]
    fn days_count_only_for_a_seal_in_force() {
        let day = |n: i64| DateTime::from_timestamp(n * 86_400, 0);
        let at = |state, now: i64| Standing::at(state, day(10), day(20), day(now).unwrap());
        assert_eq!(at(State::InForce, 9), Standing::NotYet);
        assert_eq!(at(State::InForce, 10), Standing::Usable);
        assert_eq!(at(State::InForce, 20), Standing::Usable);
        assert_eq!(at(State::InForce, 21), Standing::Expired);
        assert_eq!(at(State::Suspended, 15), Standing::Is(State::Suspended));
    }
}
