//! The colours of supervision (红黄牌): what a glance at the remaining time tells.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A supervision light. Ordered from harmless to grave, so the worst of several is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// In time.
    Green,
    /// The promised limit is near.
    Yellow,
    /// The promised limit has passed.
    Red,
    /// The statutory limit has passed.
    Purple,
}

/// When the yellow light comes on. Local practice, not a standard: keep it configurable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LightRule {
    /// Yellow when so many days or fewer remain …
    pub yellow_days: u16,
    /// … or when at most this share of the promised limit remains, in per cent; the larger of the two counts.
    pub yellow_percent: u8,
}

impl Default for LightRule {
    /// One day or 20 %.
    fn default() -> Self {
        Self {
            yellow_days: 1,
            yellow_percent: 20,
        }
    }
}

/// The light for the days that remain of the promised and of the statutory limit.
///
/// `promised_limit` is the whole promised limit in days. `statutory_remaining` is `None` for an item without statutory
/// limit, which can never be purple. Remaining days are those of [`LegalClock::remaining`](crate::LegalClock::remaining):
/// zero is the due date itself, still in time.
pub fn light(
    promised_remaining: i64,
    promised_limit: u32,
    statutory_remaining: Option<i64>,
    rule: &LightRule,
) -> Light {
    let share = i64::from(promised_limit) * i64::from(rule.yellow_percent) / 100;
    let near = share.max(rule.yellow_days.into());
    if statutory_remaining.is_some_and(|days| days < 0) {
        Light::Purple
    } else if promised_remaining < 0 {
        Light::Red
    } else if promised_remaining <= near {
        Light::Yellow
    } else {
        Light::Green
    }
}

impl Light {
    /// All lights, harmless first.
    pub const ALL: [Self; 4] = [Self::Green, Self::Yellow, Self::Red, Self::Purple];

    /// Stable code, as stored: `green`, `yellow`, `red`, `purple`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Purple => "purple",
        }
    }

    /// Chinese name. Show it beside the colour, which not everybody sees.
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "绿灯（正常）",
            Self::Yellow => "黄灯（临近承诺期限）",
            Self::Red => "红灯（超承诺期限）",
            Self::Purple => "紫灯（超法定期限）",
        }
    }
}

impl fmt::Display for Light {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A code that no light has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有“{0}”这种监察灯，请选择green、yellow、red或purple")]
pub struct UnknownLight(String);

impl FromStr for Light {
    type Err = UnknownLight;

    /// Reads the code of [`as_str`](Self::as_str).
    fn from_str(code: &str) -> Result<Self, UnknownLight> {
        Self::ALL
            .into_iter()
            .find(|l| l.as_str() == code)
            .ok_or_else(|| UnknownLight(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(promised: i64, limit: u32, statutory: i64) -> Light {
        light(promised, limit, Some(statutory), &LightRule::default())
    }

    #[test]
    fn colours_by_default() {
        assert_eq!(of(5, 20, 20), Light::Green);
        assert_eq!(of(4, 20, 20), Light::Yellow);
        assert_eq!(of(0, 20, 20), Light::Yellow);
        assert_eq!(of(-1, 20, 0), Light::Red);
        assert_eq!(of(-1, 20, -1), Light::Purple);
        // Short limits: one day is more than 20 %.
        assert_eq!(of(2, 3, 10), Light::Green);
        assert_eq!(of(1, 3, 10), Light::Yellow);
        // 20 % of seven days is 1.4 days.
        assert_eq!(of(2, 7, 10), Light::Green);
        assert_eq!(light(-9, 5, None, &LightRule::default()), Light::Red);
    }

    #[test]
    fn the_rule_is_data() {
        let rule = LightRule {
            yellow_days: 3,
            yellow_percent: 0,
        };
        assert_eq!(light(3, 100, None, &rule), Light::Yellow);
        assert_eq!(light(4, 100, None, &rule), Light::Green);
    }

    #[test]
    fn codes() {
        for light in Light::ALL {
            assert_eq!(light.as_str().parse(), Ok(light));
            assert_eq!(
                serde_json::to_string(&light).unwrap(),
                format!("\"{}\"", light.as_str())
            );
        }
        assert!(
            "blue"
                .parse::<Light>()
                .unwrap_err()
                .to_string()
                .contains("blue")
        );
        assert_eq!(Light::ALL.into_iter().max(), Some(Light::Purple));
    }
}
