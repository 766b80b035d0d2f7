//! Kinds of seals, kinds of documents, and which goes under which.

use serde::{Deserialize, Serialize};

/// Kind of a body's seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealKind {
    /// 公章
    Official,
    /// 行政审批专用章: the one seal a decision accepts (一章办结).
    Approval,
    /// 电子证照专用章
    Licence,
}

impl SealKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Approval, Self::Official, Self::Licence];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Approval => "approval",
            Self::Licence => "licence",
        }
    }

    /// The kind stored under this name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Official => "公章",
            Self::Approval => "行政审批专用章",
            Self::Licence => "电子证照专用章",
        }
    }

    /// The line under the star; a body's general seal has none.
    pub fn line(self) -> Option<&'static str> {
        (self != Self::Official).then(|| self.name())
    }

    /// What it may be put under at all. A seal's own list is a part of it.
    pub fn purposes(self) -> &'static [Purpose] {
        match self {
            Self::Approval => &[Purpose::Receipt, Purpose::Notice, Purpose::Decision, Purpose::Licence],
            Self::Official => &[Purpose::Receipt, Purpose::Notice, Purpose::General],
            Self::Licence => &[Purpose::Licence],
        }
    }

    /// Two digits of the seal's number.
    pub(crate) fn digits(self) -> &'static str {
        match self {
            Self::Official => "01",
            Self::Approval => "02",
            Self::Licence => "03",
        }
    }
}

/// Kind of a document, as far as it decides which seal goes under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Receipts and records: 收件凭证、送达回证
    Receipt,
    /// Notices: 受理通知书、补正告知书 …
    Notice,
    /// Decisions: 准予、不予 …
    Decision,
    /// Electronic licences.
    Licence,
    /// Whatever else a body issues.
    General,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Decision, Self::Notice, Self::Receipt, Self::Licence, Self::General];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Notice => "notice",
            Self::Decision => "decision",
            Self::Licence => "licence",
            Self::General => "general",
        }
    }

    /// The purpose stored under this name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "收件凭证、回执",
            Self::Notice => "通知书、告知书",
            Self::Decision => "行政审批决定书",
            Self::Licence => "电子证照",
            Self::General => "其他公文",
        }
    }

    /// The kinds of seals it accepts, the most fitting first.
    pub fn accepts(self) -> &'static [SealKind] {
        match self {
            Self::Decision => &[SealKind::Approval],
            Self::Receipt | Self::Notice => &[SealKind::Approval, SealKind::Official],
            Self::Licence => &[SealKind::Licence, SealKind::Approval],
            Self::General => &[SealKind::Official],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_accepts_the_approval_seal_and_no_other() {
        assert_eq!(Purpose::Decision.accepts(), [SealKind::Approval]);
        assert!(SealKind::ALL.into_iter().filter(|kind| kind.purposes().contains(&Purpose::Decision)).eq([SealKind::Approval]));
    }

    #[test]
    fn both_tables_say_the_same() {
        for kind in SealKind::ALL {
            assert_eq!(SealKind::of(kind.as_str()), Some(kind));
            for purpose in Purpose::ALL {
                assert_eq!(Purpose::of(purpose.as_str()), Some(purpose));
                assert_eq!(kind.purposes().contains(&purpose), purpose.accepts().contains(&kind), "{kind:?} {purpose:?}");
            }
        }
    }
}
