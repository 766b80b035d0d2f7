//! Showing a licence by a code: what the holder allows, and how far it reaches.

use chrono::{DateTime, Duration, Utc};

/// Longest life of a code.
pub const LONGEST_DAYS: i64 = 30;
/// Most looks one code allows.
pub const MOST_LOOKS: i32 = 20;
/// How long after a look its copy can be fetched.
pub const COPY_MINUTES: i64 = 30;
/// Digits of a code: with brakes and short lives not to be guessed.
pub const DIGITS: usize = 16;

/// What whoever has the code gets to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// That it is in force, whose it is (masked), its number and days.
    Facts,
    /// Everything on it.
    Full,
    /// Everything, and a copy with a mark of the use.
    Copy,
}

impl Extent {
    /// All, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Facts, Self::Full, Self::Copy];

    /// Code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Full => "full",
            Self::Copy => "copy",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "只看是否有效",
            Self::Full => "查看全部内容",
            Self::Copy => "查看并下载副本",
        }
    }

    /// What it means for the holder.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Facts => "对方看到证照名称、编号、有效期和您的姓名（部分隐去）",
            Self::Full => "对方还能看到您的姓名全称和证照登载的全部内容",
            Self::Copy => "副本上有水印，写明用途、使用人、时间和出示码",
        }
    }

    /// Reads [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extent| extent.code() == code)
    }
}

/// Why a code does not open anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The holder took it back.
    TakenBack,
    /// Its time is over.
    Over,
    /// All its looks are used.
    UsedUp,
    /// It is for another body.
    ElsewhereBody,
}

impl Closed {
    /// As a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TakenBack => "持证人已经收回这个出示码，请向持证人索取新的。",
            Self::Over => "这个出示码已经过期，请向持证人索取新的。",
            Self::UsedUp => "这个出示码的使用次数已经用完，请向持证人索取新的。",
            Self::ElsewhereBody => "持证人只授权了另一个单位使用这个出示码，您的单位不能使用。",
        }
    }

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TakenBack => "licences.code_taken_back",
            Self::Over => "licences.code_over",
            Self::UsedUp => "licences.code_used_up",
            Self::ElsewhereBody => "licences.code_elsewhere",
        }
    }
}

/// Whether a code still opens something, whoever asks.
pub fn closed(now: DateTime<Utc>, until: DateTime<Utc>, looks_left: i32, taken_back: bool) -> Option<Closed> {
    if taken_back {
        Some(Closed::TakenBack)
    } else if now >= until {
        Some(Closed::Over)
    } else if looks_left <= 0 {
        Some(Closed::UsedUp)
    } else {
        None
    }
}

/// Whether a look is still fresh enough for its copy.
pub fn fresh(now: DateTime<Utc>, look: DateTime<Utc>) -> bool {
    now - look < Duration::minutes(COPY_MINUTES)
}

/// Digits as people read them aloud: in groups of four.
pub fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_closes_at_its_moment_its_last_look_or_the_holders_word() {
        let now = DateTime::from_timestamp(1_795_485_600, 0).unwrap();
        let later = now + Duration::minutes(1);
        assert_eq!(closed(now, later, 1, false), None);
        assert_eq!(closed(later, later, 1, false), Some(Closed::Over), "the end itself is over");
        assert_eq!(closed(now, later, 0, false), Some(Closed::UsedUp));
        assert_eq!(closed(later, later, 0, true), Some(Closed::TakenBack), "the holder's word comes first");
        assert!(fresh(now + Duration::minutes(29), now) && !fresh(now + Duration::minutes(30), now));
    }

    #[test]
    fn digits_are_read_in_fours() {
        assert_eq!(grouped("1234567890123456"), "1234 5678 9012 3456");
        assert_eq!(grouped("12345"), "1234 5");
    }
}
