//! A platform over an empty database, with a clock that stands still.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use base::FixedClock;
use chrono::{DateTime, TimeZone, Utc};
use testhouse::Setup;
use platform::{Platform, Settings, Site};

/// Twelve o'clock in Guilin: half a day is left of the last day of a grant.
pub fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 4, 0, 0).unwrap()
}

pub async fn platform(url: &str) -> (Platform, Arc<FixedClock>) {
    configured(url, Settings::default()).await
}

pub async fn configured(url: &str, settings: Settings) -> (Platform, Arc<FixedClock>) {
    let site = Site { demonstration: true, ..Site::default() };
    Setup { site, settings, at: noon(), ..Setup::of(&[organization::migrations(), identity::migrations()]) }.connect(url).await
}

/// A synthetic citizen number born on 1990-03-07.
pub fn citizen(n: u32) -> String {
    let first = format!("45030219900307{n:03}");
    format!("{first}{}", codes::CitizenId::check_digit(&first).unwrap())
}

/// A synthetic credit code of an enterprise.
pub fn uscc(n: u32) -> String {
    let first = format!("91450300TT{n:07}");
    format!("{first}{}", codes::Uscc::check_character(&first).unwrap())
}
