//! A small installation for tests of systems: a fresh database on each engine, everything else in memory, a clock that stands.
//! A crate of its own, because a feature of `platform` would build everything above it twice.

use std::sync::Arc;

use access::{Actor, Grant, Party, PartyKind, Permission, Scope, Staff};
use base::FixedClock;
use chrono::{DateTime, Utc};
use db::{Db, SystemMigrations, Vault};
use platform::{Parts, Platform, Settings, Site};
use testing::TestDatabase;
use uuid::Uuid;
use workdays::Calendar;

/// The region of the demonstration city.
pub const CITY: &str = "450300000000";

/// 2026-11-24 10:00 in China, a Tuesday.
pub fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_485_600, 0).unwrap_or_default()
}

/// An installation and its clock. The database lives as long as this value.
pub struct Here {
    /// The handle.
    pub platform: Platform,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Which engine, for messages.
    pub engine: &'static str,
    _database: TestDatabase,
}

/// What an installation is made of, beyond the tables of the platform.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// Tables of the systems under test, in order.
    pub systems: &'a [SystemMigrations],
    /// When it is.
    pub at: DateTime<Utc>,
    /// Name and place.
    pub site: Site,
    /// What the operator set.
    pub settings: Settings,
    /// Fonts for documents; see [`fonts`].
    pub fonts: Vec<Vec<u8>>,
}

impl<'a> Setup<'a> {
    /// The usual one, with these systems.
    pub fn of(systems: &'a [SystemMigrations]) -> Self {
        Self { systems, at: morning(), site: Site::default(), settings: Settings::default(), fonts: Vec::new() }
    }

    /// The installation on a database, which somebody else keeps alive.
    ///
    /// # Panics
    /// When a part of it cannot be had.
    pub async fn connect(self, url: &str) -> (Platform, Arc<FixedClock>) {
        let db = Db::connect(url).await.expect("a database");
        let mut migrations = vec![db::migrations(), jobs::migrations(), journal::migrations(), files::migrations(), flow::migrations()];
        migrations.extend(self.systems);
        db::migrate(&db, &migrations).await.expect("tables");
        let clock = FixedClock::at(self.at);
        let calendar = Calendar::guangxi();
        let parts = Parts {
            db,
            clock: clock.clone(),
            vault: Vault::new(Arc::new(gm::Keys::random().expect("keys"))),
            files: files::Files::in_memory(),
            search: search::Search::in_memory().expect("an index"),
            flow: Arc::new(flow::Engine::new(Arc::new(move |day, days| calendar.add(day, u32::from(days)).ok()))),
            wake: jobs::Wake::default(),
            calendar,
            fonts: self.fonts,
            site: self.site,
        };
        (Platform::configured(parts, self.settings), clock)
    }

    /// The installation on a database of its own.
    ///
    /// # Panics
    /// When a part of it cannot be had.
    pub async fn on(self, database: TestDatabase) -> Here {
        let (platform, clock) = self.connect(&database.url).await;
        Here { platform, clock, engine: database.engine, _database: database }
    }

    /// One installation per engine.
    pub async fn both(self) -> Vec<Here> {
        let mut all = Vec::new();
        for database in testing::databases().await {
            all.push(self.clone().on(database).await);
        }
        all
    }
}

/// The usual installation on each engine, with the tables of these systems.
pub async fn installations(systems: &[SystemMigrations]) -> Vec<Here> {
    Setup::of(systems).both().await
}

/// The fonts the web build puts beside its other files; none when it was not run.
pub fn fonts() -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../web/dist/fonts");
    let files = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>()).unwrap_or_default();
    files.iter().filter(|path| path.extension().is_some_and(|end| end == "ttf")).filter_map(|path| std::fs::read(path).ok()).collect()
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
        region: CITY.into(),
        posts: vec![],
        own_party,
        grants,
        deputy: access::Deputy::default(),
    })
}
