//! A platform over an empty database, with a clock that stands still.

use std::sync::Arc;

use base::FixedClock;
use chrono::{DateTime, TimeZone, Utc};
use platform::{Parts, Platform, Settings, Site};

pub fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 4, 0, 0).unwrap()
}

pub async fn platform(url: &str) -> (Platform, Arc<FixedClock>) {
    configured(url, Settings::default()).await
}

pub async fn configured(url: &str, settings: Settings) -> (Platform, Arc<FixedClock>) {
    let db = db::Db::connect(url).await.unwrap();
    db::migrate(&db, &[db::migrations(), journal::migrations(), organization::migrations(), identity::migrations()]).await.unwrap();
    let clock = FixedClock::at(noon());
    let calendar = workdays::Calendar::guangxi();
    let parts = Parts {
        db,
        clock: clock.clone(),
        vault: db::Vault::new(Arc::new(gm::Keys::random().unwrap())),
        files: files::Files::in_memory(),
        search: search::Search::in_memory().unwrap(),
        flow: Arc::new(flow::Engine::new(Arc::new(|day, days| calendar.add(day, u32::from(days)).ok()))),
        wake: jobs::Wake::default(),
        calendar,
        fonts: Vec::new(),
        site: Site { demonstration: true, ..Site::default() },
    };
    (Platform::configured(parts, settings), clock)
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
