//! What a body does to a licence after it was issued, always by two people.

use crate::model::Standing;

/// The acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 变更: the licence says something else from now on.
    Change,
    /// 延续: it holds longer.
    Renew,
    /// 补发: it was lost or damaged; the same again.
    Reissue,
    /// 暂扣: for a time without effect.
    Suspend,
    /// 恢复: the suspension ends.
    Resume,
    /// 撤销: it was issued wrongly (行政许可法 69).
    Revoke,
    /// 注销: it is no longer needed or possible (行政许可法 70).
    Cancel,
}

impl Act {
    /// All, in the order of the page.
    pub const ALL: [Self; 7] = [Self::Change, Self::Renew, Self::Reissue, Self::Suspend, Self::Resume, Self::Revoke, Self::Cancel];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Renew => "renew",
            Self::Reissue => "reissue",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
            Self::Cancel => "cancel",
        }
    }

    /// Reads the code of [`as_str`](Self::as_str).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == code)
    }

    /// The act in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "变更",
            Self::Renew => "延续",
            Self::Reissue => "补发",
            Self::Suspend => "暂扣",
            Self::Resume => "恢复",
            Self::Revoke => "撤销",
            Self::Cancel => "注销",
        }
    }

    /// When it is done.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Change => "登载的内容有变化，换发新版本",
            Self::Renew => "有效期届满前延续，换发新版本",
            Self::Reissue => "遗失或者损毁，按原内容换发新版本",
            Self::Suspend => "依法暂扣，恢复以前没有效力",
            Self::Resume => "暂扣的原因消失",
            Self::Revoke => "签发有错误或者以不正当手段取得（行政许可法第六十九条）",
            Self::Cancel => "有效期满未延续、主体终止等（行政许可法第七十条）",
        }
    }

    /// Whether a new version takes the place of the licence.
    pub fn makes_version(self) -> bool {
        matches!(self, Self::Change | Self::Renew | Self::Reissue)
    }

    /// Whether it can be done to a licence of this standing.
    pub fn fits(self, standing: Standing) -> bool {
        match self {
            Self::Resume => standing == Standing::Suspended,
            Self::Change | Self::Reissue | Self::Suspend => matches!(standing, Standing::Valid | Standing::NotYet),
            // Who asked for it in time is not to lose by the day on which it is done.
            Self::Renew => matches!(standing, Standing::Valid | Standing::Expired),
            Self::Revoke | Self::Cancel => matches!(standing, Standing::Valid | Standing::NotYet | Standing::Expired | Standing::Suspended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.as_str()), Some(act));
            for standing in [Standing::Revoked, Standing::Cancelled, Standing::Changed] {
                assert!(!act.fits(standing), "{act:?} of {standing:?}");
            }
            assert!(Standing::ALL.into_iter().any(|standing| act.fits(standing)), "{act:?} can be done to something");
        }
        assert!(!Act::Change.fits(Standing::Suspended) && !Act::Resume.fits(Standing::Valid));
    }
}
