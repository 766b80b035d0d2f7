//! A small installation for tests: a fresh database on each engine, everything else in memory, a clock that stands.

#![allow(dead_code, reason = "not every test uses every part")]

use std::sync::Arc;

use base::FixedClock;
use chrono::{DateTime, Utc};
use db::{Db, SystemMigrations, Vault};
use platform::{Parts, Platform, Site};
use testing::TestDatabase;
use workdays::Calendar;

/// 2026-11-24 10:00 in China.
pub fn morning() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().expect("a moment")
}

/// An installation and its clock. The database lives as long as the first value.
pub struct Here {
    _database: TestDatabase,
    pub platform: Platform,
    pub clock: Arc<FixedClock>,
}

/// One installation per engine, with the tables of these systems.
pub async fn installations(systems: &[SystemMigrations]) -> Vec<Here> {
    let mut all = Vec::new();
    for database in testing::databases().await {
        let db = Db::connect(&database.url).await.expect("a database");
        let mut migrations = vec![db::migrations(), jobs::migrations(), journal::migrations(), files::migrations()];
        migrations.extend(systems);
        db::migrate(&db, &migrations).await.expect("tables");
        let clock = FixedClock::at(morning());
        let platform = Platform::new(Parts {
            db,
            clock: clock.clone(),
            vault: Vault::new(Arc::new(gm::Keys::random().expect("keys"))),
            files: files::Files::in_memory(),
            search: search::Search::in_memory().expect("an index"),
            flow: Arc::new(flow::Engine::new(Arc::new(|_, _| None))),
            wake: jobs::Wake::default(),
            calendar: Calendar::guangxi(),
            fonts: Vec::new(),
            site: Site::default(),
        });
        all.push(Here { _database: database, platform, clock });
    }
    all
}
