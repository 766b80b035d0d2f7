//! Puts the program together: the parts of the platform and the list of systems. A new system is one line in [`systems`].

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base::{Clock, Error, Result, SystemClock};
use chrono::{DateTime, Utc};
use db::{Db, SystemMigrations, Vault};
use flow::Engine;
use gm::Keys;
use jobs::{Runner, Wake};
use platform::{Parts, Platform};
use search::Search;
use sea_orm::{ConnectionTrait, Statement};
use system::{Duty, Start, System};
use web::{App, RouteInfo, Routes};
use workdays::Calendar;

use crate::config::Config;
use crate::{demo, installation};

/// The machine's clock, which the demonstration loader sets to the past while it lets its cases happen.
#[derive(Debug, Default)]
pub struct MovableClock(Mutex<Option<DateTime<Utc>>>);

impl MovableClock {
    /// Stands at a moment; `None` follows the machine again.
    pub fn set(&self, at: Option<DateTime<Utc>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Where it was set to stand, if it was.
    pub fn standing(&self) -> Option<DateTime<Utc>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for MovableClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(|| SystemClock.now())
    }
}

/// All systems of the program.
pub fn systems(platform: &Platform) -> Vec<System> {
    vec![
        organization::system(),
        identity::system(),
        designs::system(),
        catalog::system(platform),
        seals::system(platform),
        cases::system(platform),
        licences::system(platform),
        reviews::system(platform),
        supervision::system(platform),
        hall::system(platform),
        operations::system(),
    ]
}

/// The composed program.
pub struct Program {
    /// The handle given to everything.
    pub platform: Platform,
    /// Its clock.
    pub clock: Arc<MovableClock>,
    /// Runs jobs and events.
    pub runner: Arc<Runner>,
    /// The finished router.
    pub router: axum::Router,
    /// What the systems declared, for tests and operators.
    pub routes: Vec<RouteInfo>,
    /// Regular duties.
    pub duties: Vec<Duty>,
    starts: Vec<Start>,
}

/// Migrations of all rooms, in order.
pub fn migrations(platform: &Platform) -> Vec<SystemMigrations> {
    let mut all = vec![db::migrations(), jobs::migrations(), journal::migrations(), files::migrations(), flow::migrations(), installation::migrations()];
    all.extend(systems(platform).into_iter().filter_map(|s| s.migrations));
    all
}

/// Opens the parts of an installation.
///
/// # Errors
/// When the database, the key file or the data folder cannot be used.
pub async fn open(config: &Config) -> Result<(Platform, Arc<MovableClock>)> {
    std::fs::create_dir_all(&config.data_dir)?;
    let db = Db::connect(&config.database_url()).await?;
    let keys = keys(&config.key_path(), &db).await?;
    let mut site = config.site.clone();
    site.demonstration |= demo::is_in(&db).await?;
    let calendar = Calendar::guangxi();
    let clock = Arc::new(MovableClock::default());
    let fonts = document_fonts();
    if fonts.is_empty() {
        return Err(Error::internal("the fonts of documents are missing from the build; run `make web` and build again"));
    }
    let parts = Parts {
        db,
        clock: clock.clone(),
        vault: Vault::new(Arc::new(keys)),
        files: config.files()?,
        search: Search::open(&config.data_dir.join("search"))?,
        flow: Arc::new(Engine::new(workday_calendar())),
        wake: Wake::default(),
        calendar,
        fonts,
        site,
    };
    Ok((Platform::configured(parts, config.settings()), clock))
}

/// Counts working days as the region works them.
pub fn workday_calendar() -> flow::WorkdayCalendar {
    let calendar = Calendar::guangxi();
    Arc::new(move |day, days| calendar.add(day, u32::from(days)).ok())
}

/// The fonts documents are set in, from the program itself; none when the web build was left out.
pub fn document_fonts() -> Vec<Vec<u8>> {
    let font = |name: &str| web::asset(&format!("fonts/{name}")).map(std::borrow::Cow::into_owned);
    ["NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf"].into_iter().filter_map(font).collect()
}

/// The keys of the installation; a database nobody used yet gets new ones.
async fn keys(path: &Path, db: &Db) -> Result<Keys> {
    if path.exists() {
        return Ok(Keys::load(path)?);
    }
    // A new key beside old data would make all of it unreadable, and every known person unknown.
    if db::pending(db, &[db::migrations()]).await?.is_empty() {
        return Err(Error::internal(format!(
            "the key file {} is missing, but the database is in use; put it back from its backup, or copy it from another copy of the program",
            path.display()
        )));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    tracing::warn!(path = %path.display(), "a new key file was made; back it up apart from the database: without it personal data cannot be read");
    Ok(Keys::create(path)?)
}

/// Composes the program over opened parts. The database must be migrated.
///
/// # Errors
/// When the database cannot be read, or belongs to another key file.
pub async fn compose(platform: Platform, clock: Arc<MovableClock>) -> Result<Program> {
    installation::claim_key(&platform).await?;
    let mut routes = Routes::new();
    let (mut nav, mut topics, mut subscriptions, mut duties, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut handlers = platform.flow.jobs(&platform.db, &platform.clock);
    let mut permissions = Vec::new();
    for system in systems(&platform) {
        routes = routes.merge(system.routes);
        nav.extend(system.nav);
        permissions.extend_from_slice(system.permissions);
        topics.extend(system.topics);
        subscriptions.extend(system.subscriptions);
        handlers.extend(system.jobs);
        duties.extend(system.duties);
        starts.extend(system.start);
    }
    duties.push(Duty { name: "journal.seal", every_seconds: 3600, run: |p| Box::pin(async move { journal::seal_past_days(&p.db, p.now()).await.map(|_| ()) }) });
    platform.flow.register(topics);
    let runner = Runner::new(platform.db.clone(), platform.clock.clone(), handlers, subscriptions, platform.wake.clone());
    let list = routes.list.clone();
    let app = App {
        authenticator: Arc::new(identity::Authenticator::new(platform.clone()).guarding(permissions)),
        nav: Arc::new(nav),
        regions: Arc::new(region_names(&platform).await?),
        version: format!("{}-{:x}", env!("CARGO_PKG_VERSION"), web::asset("app.css").map_or(0, |css| css.len())),
        platform: platform.clone(),
    };
    let router = web::router(app, routes);
    Ok(Program { platform, clock, runner: Arc::new(runner), router, routes: list, duties, starts })
}

impl Program {
    /// Runs what every system does once before the server listens.
    ///
    /// # Errors
    /// When one of them fails.
    pub async fn start(&self) -> Result<()> {
        for start in &self.starts {
            start(self.platform.clone()).await?;
        }
        Ok(())
    }
}

/// Names down to the township, for the place switch in every page head.
async fn region_names(platform: &Platform) -> Result<HashMap<String, String>> {
    let conn = platform.db.read();
    let rows = conn
        .query_all_raw(Statement::from_string(conn.get_database_backend(), "SELECT code, name FROM region WHERE level <= 4"))
        .await?;
    rows.iter().map(|row| Ok((row.try_get("", "code")?, row.try_get("", "name")?))).collect()
}
