//! Working days of China and of Guangxi, and the legal clock that counts them.
//!
//! Law counts the days of an administrative decision as working days without statutory holidays (行政许可法 82). Which days
//! work is decided each year by notice: holidays move, weekends are worked instead, and Guangxi has two days more for
//! 壮族三月三. [`Calendar`] answers from such notices, [`LegalClock`] counts a limit with its extension and suspensions, and
//! [`light`] turns what remains into the colour that supervision shows.
//!
//! ```
//! use chrono::NaiveDate;
//! use workdays::{Calendar, LegalClock, Limit};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let day = |text: &str| text.parse::<NaiveDate>();
//! let cal = Calendar::guangxi();
//!
//! // Accepted on 3 April 2024, twenty working days: two days later than elsewhere, because of 壮族三月三.
//! let clock = LegalClock::new(day("2024-04-03")?, Limit::WorkingDays(20));
//! assert_eq!(clock.due(cal)?, Some(day("2024-05-08")?));
//! assert_eq!(clock.due(Calendar::national())?, Some(day("2024-05-06")?));
//! assert_eq!(clock.remaining(day("2024-05-09")?, cal)?, -1);
//! # Ok(())
//! # }
//! ```
//!
//! **Sources and how sure.** The embedded calendar covers 2014–2027. National days follow the yearly notices of the State
//! Council until 2026; all of 2027 is provisional, because its notice is not out. The days of Guangxi follow 自治区政府令98号
//! and yearly notices for 2015–2018 and 2021–2024, the lunar rule (third and fourth day of the third month) for 2014, 2020
//! and 2025, and a guess for 2019, 2026 and 2027; [`Calendar::is_provisional`] tells guesses apart. See `data/README.md` of
//! the workspace. Asking outside the covered days is an error, never a guess.

mod calendar;
mod clock;
mod light;

pub use calendar::{Calendar, CalendarError, Certainty, OutOfRange, SpecialDay};
pub use clock::{LegalClock, Limit, Suspension};
pub use light::{Light, LightRule, UnknownLight, light};
