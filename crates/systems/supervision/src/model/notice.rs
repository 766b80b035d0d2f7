//! The course of a notice (督办): sent → answered → closed, or sent back.

/// How far a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeState {
    /// 待答复
    Sent,
    /// 已答复
    Answered,
    /// 退回重答
    Returned,
    /// 已办结
    Closed,
}

/// What can be done with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeAct {
    /// The department answers.
    Answer,
    /// The supervisor is not content.
    Return,
    /// The supervisor is content.
    Close,
}

impl NoticeAct {
    /// The act as a phrase for the record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "答复督办",
            Self::Return => "退回督办答复",
            Self::Close => "办结督办",
        }
    }
}

impl NoticeState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Answered, Self::Returned, Self::Closed];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Returned => "returned",
            Self::Closed => "closed",
        }
    }

    /// Reads the code of [`as_str`](Self::as_str).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == code)
    }

    /// Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "待答复",
            Self::Answered => "已答复，待审核",
            Self::Returned => "退回，待重新答复",
            Self::Closed => "已办结",
        }
    }

    /// Whether the department has to answer.
    pub fn waits_for_answer(self) -> bool {
        matches!(self, Self::Sent | Self::Returned)
    }

    /// Where an act leads, if it can be done now.
    pub fn after(self, act: NoticeAct) -> Option<Self> {
        match (self, act) {
            (Self::Sent | Self::Returned, NoticeAct::Answer) => Some(Self::Answered),
            (Self::Answered, NoticeAct::Return) => Some(Self::Returned),
            (Self::Answered, NoticeAct::Close) => Some(Self::Closed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_closes_without_an_answer() {
        for state in NoticeState::ALL {
            assert_eq!(NoticeState::from_code(state.as_str()), Some(state));
            assert_eq!(state.after(NoticeAct::Close).is_some(), state == NoticeState::Answered);
            assert_eq!(state.after(NoticeAct::Answer).is_some(), state.waits_for_answer());
        }
    }
}
