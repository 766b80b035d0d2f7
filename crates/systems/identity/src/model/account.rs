use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Wrong passwords or codes in a row that lock an account.
pub const MAX_FAILURES: i32 = 5;
/// How long it stays locked, in minutes.
pub const LOCK_MINUTES: i64 = 30;
/// Longest life of a session, in hours, however busy it is.
pub const ABSOLUTE_HOURS: i64 = 12;

/// Kinds of accounts (M-PLAT-01.07). An agent is a person acting under a grant, not a kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 自然人
    Person,
    /// 法人或其他组织
    Firm,
    /// 工作人员
    Staff,
}

impl AccountKind {
    /// Key as stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
            Self::Staff => "staff",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Person, Self::Firm, Self::Staff].into_iter().find(|kind| kind.key() == key)
    }
}

/// How surely somebody is who they say (M-PLAT-01.06); an item may demand a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Assurance {
    /// Name and number are well-formed and were declared by the person (or shown at a window).
    L1,
    /// Name and number agree with the population or legal-person register.
    L2,
    /// In addition the living person was compared with the register.
    L3,
}

impl Assurance {
    /// Number as stored.
    pub fn number(self) -> i32 {
        match self {
            Self::L1 => 1,
            Self::L2 => 2,
            Self::L3 => 3,
        }
    }

    /// The level with this number; an unknown one counts as the lowest.
    pub fn from_number(number: i32) -> Self {
        match number {
            2 => Self::L2,
            3 => Self::L3,
            _ => Self::L1,
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::L1 => "L1（信息已登记）",
            Self::L2 => "L2（已实名核验）",
            Self::L3 => "L3（已实人核验）",
        }
    }
}

/// How long a session may be idle: 30 minutes for staff, 2 hours for the public.
pub fn idle_limit(kind: AccountKind) -> Duration {
    match kind {
        AccountKind::Staff => Duration::minutes(30),
        AccountKind::Person | AccountKind::Firm => Duration::hours(2),
    }
}

/// Whether a session is alive: neither too old nor idle for too long.
pub fn is_live(kind: AccountKind, last_seen: DateTime<Utc>, expires: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < expires && now - last_seen < idle_limit(kind)
}

/// Whether an account is locked now.
pub fn locked(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    until.is_some_and(|until| now < until)
}

/// Until when the account is locked after this many failures in a row; `None` while there are tries left.
pub fn lock_until(failures: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (failures >= MAX_FAILURES).then(|| now + Duration::minutes(LOCK_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_for_half_an_hour() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(lock_until(4, now), None);
        let until = lock_until(5, now);
        assert!(locked(until, now + Duration::minutes(30) - Duration::seconds(1)));
        assert!(!locked(until, now + Duration::minutes(30)));
        assert!(!locked(None, now));
    }

    #[test]
    fn sessions_end_idle_or_old() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let expires = now + Duration::hours(ABSOLUTE_HOURS);
        assert!(is_live(AccountKind::Staff, now, expires, now + Duration::minutes(29)));
        assert!(!is_live(AccountKind::Staff, now, expires, now + Duration::minutes(30)));
        assert!(is_live(AccountKind::Person, now, expires, now + Duration::minutes(119)));
        assert!(!is_live(AccountKind::Firm, now, expires, now + Duration::minutes(120)));
        assert!(!is_live(AccountKind::Person, expires, expires, expires), "busy to the end, but too old");
    }
}
