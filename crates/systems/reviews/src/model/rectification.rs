//! How a bad rating is put right: 核实 → 整改|误评申诉 → 反馈 → 回访 → 办结.

use chrono::NaiveDate;
use codes::lists::Satisfaction;
use workdays::{Calendar, OutOfRange};

/// Working days to contact the person (安阳条例 52; local practice).
const CONTACT_DAYS: u32 = 1;
/// Working days to put it right (德州方案; local practice) …
const RECTIFY_DAYS: u32 = 5;
/// … or in a complex matter.
const COMPLEX_DAYS: u32 = 15;

/// Whether so many stars are a bad rating (差评).
pub fn is_bad(stars: u8) -> bool {
    Satisfaction::from_stars(stars).is_some_and(Satisfaction::is_bad)
}

/// When a bad rating must have been answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dues {
    /// Last day to contact the person.
    pub contact: NaiveDate,
    /// Last day to put it right and say so.
    pub rectify: NaiveDate,
}

impl Dues {
    /// Counted from the day the rating was given.
    ///
    /// # Errors
    /// When the calendar does not reach that far.
    pub fn from(opened: NaiveDate, complex: bool, calendar: &Calendar) -> Result<Self, OutOfRange> {
        let days = if complex { COMPLEX_DAYS } else { RECTIFY_DAYS };
        Ok(Self { contact: calendar.add(opened, CONTACT_DAYS)?, rectify: calendar.add(opened, days)? })
    }
}

/// How far a bad rating is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// 待核实
    ToVerify,
    /// 整改中
    Rectifying,
    /// 误评申诉
    Appealed,
    /// 已反馈
    Answered,
    /// 已回访
    Revisited,
    /// 办结
    Closed,
}

/// What can be done with a bad rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// The department contacted the person and found out what happened.
    Contact,
    /// The department holds the rating to be a mistake.
    Appeal,
    /// The supervising office agrees: the rating no longer counts.
    Uphold,
    /// The supervising office disagrees.
    Reject,
    /// The department tells the person what was done.
    Reply,
    /// The person was asked whether that is enough.
    Revisit,
    /// The supervising office is content.
    Close,
    /// The supervising office is not.
    Reopen,
}

impl Act {
    /// Acts of the supervising office, which the department concerned cannot do for itself.
    pub fn is_supervisors(self) -> bool {
        matches!(self, Self::Uphold | Self::Reject | Self::Close | Self::Reopen)
    }

    /// The act as a phrase for the record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contact => "差评核实",
            Self::Appeal => "差评误评申诉",
            Self::Uphold => "认定误评",
            Self::Reject => "不予认定误评",
            Self::Reply => "差评整改反馈",
            Self::Revisit => "差评回访",
            Self::Close => "差评办结",
            Self::Reopen => "差评退回整改",
        }
    }
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 6] = [Self::ToVerify, Self::Rectifying, Self::Appealed, Self::Answered, Self::Revisited, Self::Closed];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToVerify => "to_verify",
            Self::Rectifying => "rectifying",
            Self::Appealed => "appealed",
            Self::Answered => "answered",
            Self::Revisited => "revisited",
            Self::Closed => "closed",
        }
    }

    /// Reads the code of [`as_str`](Self::as_str).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == code)
    }

    /// Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToVerify => "待核实",
            Self::Rectifying => "整改中",
            Self::Appealed => "误评申诉",
            Self::Answered => "已反馈",
            Self::Revisited => "已回访",
            Self::Closed => "办结",
        }
    }

    /// Where an act leads, if it can be done now.
    pub fn after(self, act: Act) -> Option<Self> {
        match (self, act) {
            (Self::ToVerify, Act::Contact) => Some(Self::Rectifying),
            (Self::ToVerify | Self::Rectifying, Act::Appeal) => Some(Self::Appealed),
            (Self::Appealed, Act::Uphold) => Some(Self::Closed),
            (Self::Appealed, Act::Reject) => Some(Self::Rectifying),
            (Self::Rectifying, Act::Reply) => Some(Self::Answered),
            (Self::Answered, Act::Revisit) => Some(Self::Revisited),
            (Self::Revisited, Act::Close) => Some(Self::Closed),
            (Self::Revisited, Act::Reopen) => Some(Self::Rectifying),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 8] = [Act::Contact, Act::Appeal, Act::Uphold, Act::Reject, Act::Reply, Act::Revisit, Act::Close, Act::Reopen];

    #[test]
    fn two_stars_and_fewer_are_bad() {
        assert_eq!((1..=5).map(is_bad).collect::<Vec<_>>(), [true, true, false, false, false]);
    }

    #[test]
    fn dues_are_counted_in_working_days() {
        // Friday 2026-11-27: Monday is the next working day.
        let friday: NaiveDate = "2026-11-27".parse().unwrap();
        let dues = Dues::from(friday, false, Calendar::guangxi()).unwrap();
        assert_eq!((dues.contact.to_string(), dues.rectify.to_string()), ("2026-11-30".into(), "2026-12-04".into()));
        let complex = Dues::from(friday, true, Calendar::guangxi()).unwrap();
        assert_eq!(complex.rectify.to_string(), "2026-12-18");
    }

    #[test]
    fn what_is_closed_stays_closed_and_every_stage_can_be_left() {
        assert!(ACTS.iter().all(|act| Stage::Closed.after(*act).is_none()));
        for stage in Stage::ALL {
            assert_eq!(Stage::from_code(stage.as_str()), Some(stage));
            assert!(stage == Stage::Closed || ACTS.iter().any(|act| stage.after(*act).is_some()));
        }
    }

    #[test]
    fn only_the_supervising_office_ends_a_task() {
        for stage in Stage::ALL {
            for act in ACTS {
                assert!(stage.after(act) != Some(Stage::Closed) || act.is_supervisors());
            }
        }
    }
}
