use serde::{Deserialize, Serialize};

use crate::Proxies;

/// What an operator may set beyond name and place; the defaults suit most installations.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How long what is over is kept.
    pub retention: Retention,
    /// Whose word about a caller is believed.
    pub trusted_proxies: Proxies,
    /// Which staff must sign in with a second factor.
    pub second_factor: SecondFactor,
}

/// Which staff must sign in with a second factor (等保 2.0 level 3, 8.1.4.1). Everybody may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Those who decide or administer; in a demonstration nobody, so that its published accounts work.
    #[default]
    Auto,
    /// Those who decide or administer.
    Deciders,
    /// All staff.
    All,
    /// Nobody.
    Off,
}

impl SecondFactor {
    /// Whether somebody must, who does or does not decide or administer.
    pub fn binds(self, demonstration: bool, decides: bool) -> bool {
        match self {
            Self::Auto => decides && !demonstration,
            Self::Deciders => decides,
            Self::All => true,
            Self::Off => false,
        }
    }
}

/// How long rows that are over are kept, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Events of the outbox that were handed to all subscribers.
    pub events_days: u16,
    /// Idempotency keys: from then on the same request is a new act. Never less than [`Retention::LEAST_KEYS_DAYS`].
    pub keys_days: u16,
}

impl Retention {
    /// A form lives half a day and a job is tried for a day at most; a key must outlive both.
    pub const LEAST_KEYS_DAYS: u16 = 7;
}

impl Default for Retention {
    fn default() -> Self {
        Self { events_days: 30, keys_days: 90 }
    }
}
