//! A small installation for tests: a fresh database on each engine, everything else in memory, a clock that stands.

#![allow(dead_code, reason = "not every test uses every part")]

use std::sync::Arc;

use access::{Actor, Grant, Party, PartyKind, Permission, Scope, Staff};
use base::FixedClock;
use chrono::{DateTime, Utc};
use db::{Db, Vault};
use platform::{Parts, Platform, Site};
use testing::TestDatabase;
use uuid::Uuid;
use workdays::Calendar;

/// 2026-11-24 10:00 in China.
pub fn morning() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().expect("a moment")
}

/// An installation and its clock. The database lives as long as the first value.
pub struct Here {
    _database: TestDatabase,
    pub engine: &'static str,
    pub platform: Platform,
    pub clock: Arc<FixedClock>,
}

/// One installation per engine.
pub async fn installations() -> Vec<Here> {
    let mut all = Vec::new();
    for database in testing::databases().await {
        let db = Db::connect(&database.url).await.expect("a database");
        let migrations = [db::migrations(), jobs::migrations(), journal::migrations()];
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
        all.push(Here { engine: database.engine, _database: database, platform, clock });
    }
    all
}

/// A citizen.
pub fn citizen(party: Uuid) -> Actor {
    let name = "覃某（示例）".to_owned();
    Actor::Party(Party { account: party, party, kind: PartyKind::Person, name, acting: None })
}

/// A staff member of a body with one permission in a scope.
pub fn staff(body: Uuid, permission: Permission, scope: Scope) -> Actor {
    with(body, vec![Grant { permission: permission.name.into(), scope }], None)
}

/// A staff member with these grants, perhaps a citizen too.
pub fn with(body: Uuid, grants: Vec<Grant>, own_party: Option<Uuid>) -> Actor {
    Actor::Staff(Staff {
        account: base::new_id(),
        staff: base::new_id(),
        name: "莫某（示例）".into(),
        body,
        body_name: "示例局".into(),
        region: "450300000000".into(),
        posts: vec![],
        own_party,
        grants,
    })
}
