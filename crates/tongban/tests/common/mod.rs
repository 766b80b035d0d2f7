//! The whole program over a fresh database, at a fixed moment, with the demonstration's bodies, staff, people and items.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod browser;

use access::{Actor, Party, PartyKind};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::NewParty;
use platform::Platform;
use tempfile::TempDir;
use testing::TestDatabase;
use tongban::compose::{self, Program};
use tongban::config::Config;
use tongban::demo;
use uuid::Uuid;

#[allow(unused_imports, reason = "each test file uses its own part")]
pub use browser::{Answer, Browser, token};

/// Monday, so that working days are easy to follow.
pub const START: &str = "2026-11-02T09:00:00+08:00";

pub struct World {
    pub program: Program,
    pub engine: &'static str,
    _database: TestDatabase,
    _folder: TempDir,
}

impl World {
    pub async fn on(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { database: database.url.clone(), data_dir: folder.path().to_owned(), ..Config::default() };
        config.site.demonstration = true;
        let (platform, clock) = compose::open(&config).await.unwrap();
        db::migrate(&platform.db, &compose::migrations(&platform)).await.unwrap();
        clock.set(Some(moment(START)));
        demo::load_foundation(&platform, &clock).await.unwrap();
        let program = compose::compose(platform, clock).await.unwrap();
        program.start().await.unwrap();
        Self { program, engine: database.engine, _database: database, _folder: folder }
    }

    /// One world on each engine.
    pub async fn both() -> Vec<Self> {
        let mut worlds = Vec::new();
        for database in testing::databases().await {
            worlds.push(Self::on(database).await);
        }
        worlds
    }

    pub fn platform(&self) -> &Platform {
        &self.program.platform
    }

    /// Moves to ten o'clock on a day and lets everything due happen.
    pub async fn go_to(&self, day: &str) {
        let day: NaiveDate = day.parse().unwrap();
        self.program.clock.set(Some(journal::start_of_day(day) + Duration::hours(10)));
        self.program.runner.drain().await.unwrap();
    }

    pub async fn staff(&self, work_no: &str) -> Actor {
        let conn = self.platform().db.read();
        let id = organization::staff_by_work_no(conn, work_no).await.unwrap().expect(work_no);
        Actor::Staff(organization::staff_actor(conn, id).await.unwrap().unwrap())
    }

    /// A synthetic citizen; the number decides who.
    pub async fn citizen(&self, seventeen: &str) -> Actor {
        let number = format!("{seventeen}{}", codes::CitizenId::check_digit(seventeen).unwrap());
        self.party(PartyKind::Person, "测试居民", "111", &number).await
    }

    /// A citizen of the demonstration, who has an account.
    pub async fn resident(&self, name: &str, seventeen: &str) -> Actor {
        let number = format!("{seventeen}{}", codes::CitizenId::check_digit(seventeen).unwrap());
        self.party(PartyKind::Person, name, "111", &number).await
    }

    pub async fn firm(&self) -> Actor {
        let code = format!("91450300TT9999990{}", codes::Uscc::check_character("91450300TT9999990").unwrap());
        self.party(PartyKind::Firm, "测试企业有限公司", "uscc", &code).await
    }

    async fn party(&self, kind: PartyKind, name: &str, id_type: &str, id_number: &str) -> Actor {
        let new = NewParty { kind, name: name.into(), id_type: id_type.into(), id_number: id_number.into(), phone: "19900001234".into(), address: "桂林市秀峰区测试路1号".into() };
        let tx = self.platform().db.begin().await.unwrap();
        let party = identity::find_or_create_party(self.platform(), &tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        Actor::Party(Party { account: party, party, kind, name: name.into(), acting: None })
    }

    /// The item with exactly this name.
    pub fn item(&self, name: &str) -> Uuid {
        let found = catalog::search(self.platform(), name, "450300000000", &[], 0, 20).unwrap();
        found.into_iter().find(|card| card.name == name).unwrap_or_else(|| panic!("no item {name}")).item_id
    }

    /// A whole application, submitted.
    pub async fn applied(&self, who: &Actor, item: &str) -> cases::service::Submitted {
        let draft = demo::fill_in(self.platform(), who, self.item(item)).await.unwrap();
        cases::service::submit(self.platform(), who, draft.row.id, "key", true).await.unwrap()
    }

    pub async fn state(&self, case: Uuid) -> cases::model::State {
        let row = cases::store::case(self.platform().db.read(), case).await.unwrap().unwrap();
        cases::model::State::parse(&row.state).unwrap()
    }

    pub async fn row(&self, case: Uuid) -> cases::store::CaseRow {
        cases::store::case(self.platform().db.read(), case).await.unwrap().unwrap()
    }
}

pub fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}
