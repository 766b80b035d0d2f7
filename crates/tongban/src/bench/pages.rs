//! Pages over HTTP: the server is a process of its own, asked by this one.

use std::path::Path;
use std::time::Duration;

use base::{Error, Result};
use sea_orm::{ConnectionTrait, Statement};

use super::client::{Client, measure};
use super::cases::template;
use super::load::{Loader, item_id};
use super::server::Server;
use crate::compose;
use crate::config::Config;
use crate::demo;

/// How much is in the database.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Published items.
    pub items: u64,
    /// Cases.
    pub cases: u64,
}

impl Scale {
    fn hundredth(self) -> Self {
        Self { items: (self.items / 100).max(1), cases: (self.cases / 100).max(1) }
    }
}

/// What people type.
const WORDS: [&str; 8] = ["食品经营", "卫生许可", "公司设立登记", "道路运输", "高龄津贴", "社保", "出版物", "养老"];

/// Both servers are asked in turn this many times, so that whatever else the machine does meets both alike.
const ROUNDS: usize = 5;

/// One installation of a size, and its server.
struct Installation {
    config: Config,
    scale: Scale,
    port: u16,
    server: Option<Server>,
    staff: Vec<String>,
    /// KiB of the server before and after it was asked.
    memory: (u64, u64),
}

/// Measures the pages of two installations in turn, one with a hundredth of `scale` and one with all of it, and prints the
/// rows of the table. Both lie in the data folder; on PostgreSQL the smaller has a database of its own beside the named one.
///
/// # Errors
/// When a database is not empty, or a page is not answered with 200.
pub async fn pages(config: &Config, scale: Scale, requests: usize) -> Result<()> {
    let folder = |name: &str| config.data_dir.join(name);
    let mut small = Config { data_dir: folder("small"), ..config.clone() };
    let full = Config { data_dir: folder("full"), ..config.clone() };
    if config.database.starts_with("postgres") {
        let name = config.database.rsplit('/').next().unwrap_or_default();
        db::Db::connect(&config.database).await?.read().execute_unprepared(&format!("CREATE DATABASE {name}_small")).await?;
        small.database += "_small";
    }
    let mut few = Installation { config: small, scale: scale.hundredth(), port: 54331, server: None, staff: Vec::new(), memory: (0, 0) };
    let mut many = Installation { config: full, scale, port: 54333, server: None, staff: Vec::new(), memory: (0, 0) };
    let mut bytes = 0;
    for one in [&mut few, &mut many] {
        bytes = one.fill().await?;
        one.start().await?;
    }
    let engine = if config.database.starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
    for page in PAGES {
        let (mut taken_few, mut taken_many) = (Taken::default(), Taken::default());
        few.ask(page, requests / 10).await?; // warm
        many.ask(page, requests / 10).await?;
        for _ in 0..ROUNDS {
            taken_few.add(few.ask(page, requests / ROUNDS).await?);
            taken_many.add(many.ask(page, requests / ROUNDS).await?);
        }
        let ((few, few50, few99), (many, many50, many99)) = (taken_few.sums(), taken_many.sums());
        let growth = (many50 / few50 - 1.0) * 100.0;
        println!("| {engine} | {page} | {few:.0} | {few50:.1} | {few99:.1} | {many:.0} | {many50:.1} | {many99:.1} | {growth:+.0} % |");
    }
    let mib = |one: &Installation| format!("{} / {}", one.memory.0 / 1024, one.memory.1 / 1024);
    few.note_memory()?;
    many.note_memory()?;
    println!("| {engine} | memory of the server at rest / after the load, MiB | {} | | | {} | | | |", mib(&few), mib(&many));
    println!("| {engine} | size of the database, MiB | | | | {} | | | |", bytes / 1_048_576);
    Ok(())
}

const PAGES: [&str; 4] = ["hall home", "item guide", "search", "work list"];

impl Installation {
    /// Makes the database and fills it; gives its size in bytes.
    async fn fill(&self) -> Result<u64> {
        let (platform, clock) = compose::open(&self.config).await?;
        db::migrate(&platform.db, &compose::migrations(&platform)).await?;
        if !demo::is_empty(&platform).await? {
            return Err(Error::internal("the bench needs an empty database; it fills it with synthetic items and cases"));
        }
        demo::load_foundation(&platform, &clock).await?;
        let program = compose::compose(platform, clock).await?;
        program.start().await?;
        let case = template(&program).await?;
        program.runner.drain().await?;
        let platform = &program.platform;
        let row = cases::store::case(platform.db.read(), case).await?.ok_or_else(|| Error::internal("the copied case is gone"))?;
        let loader = Loader::new(&platform.db, platform.now(), case).await?;
        loader.rated((row.body_id, &row.body_name), &row.region, platform.today()).await?;
        loader.items(0, self.scale.items).await?;
        loader.cases(0, self.scale.cases, self.scale.items).await?;
        loader.settle().await?;
        // Built anew by the server, from what is in the database now.
        std::fs::remove_dir_all(self.config.data_dir.join("search"))?;
        size(&self.config, &platform.db).await
    }

    async fn start(&mut self) -> Result<()> {
        let server = Server::start(&self.config, self.port).await?;
        self.memory.0 = server.memory()?;
        self.staff = Client::connect(&server.address).await?.sign_in("window01", demo::PASSWORD).await?;
        self.server = Some(server);
        Ok(())
    }

    async fn ask(&self, page: &str, requests: usize) -> Result<(Duration, Vec<Duration>)> {
        let (paths, cookies): (Vec<String>, &[String]) = match page {
            "hall home" => (vec!["/".to_owned()], &[]),
            // Spread over all items, so that no cache of versions holds them.
            "item guide" => ((0..1000).map(|n| format!("/items/{}", item_id(n * 7919 % self.scale.items))).collect(), &[]),
            "search" => (WORDS.iter().map(|word| format!("/search?q={}", word.bytes().map(|b| format!("%{b:02X}")).collect::<String>())).collect(), &[]),
            _ => (vec!["/work".to_owned()], &self.staff),
        };
        let server = self.server.as_ref().ok_or_else(|| Error::internal("no server was started"))?;
        measure(&server.address, cookies, paths, requests).await
    }

    fn note_memory(&mut self) -> Result<()> {
        if let Some(server) = &self.server {
            self.memory.1 = server.memory()?;
        }
        Ok(())
    }
}

/// Answers of all rounds.
#[derive(Default)]
struct Taken {
    whole: Duration,
    each: Vec<Duration>,
}

impl Taken {
    fn add(&mut self, (whole, each): (Duration, Vec<Duration>)) {
        self.whole += whole;
        self.each.extend(each);
    }

    /// Requests per second, and the middle and the 99th answer of a hundred in milliseconds.
    fn sums(mut self) -> (f64, f64, f64) {
        self.each.sort_unstable();
        let at = |share: usize| self.each.get(self.each.len() * share / 100).map_or(0.0, |d| d.as_secs_f64() * 1000.0);
        (self.each.len() as f64 / self.whole.as_secs_f64(), at(50), at(99))
    }
}

/// Bytes of the database.
async fn size(config: &Config, db: &db::Db) -> Result<u64> {
    let url = config.database_url();
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Ok(std::fs::metadata(Path::new(path.trim_start_matches("//")))?.len());
    }
    let conn = db.read();
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), "SELECT pg_database_size(current_database()) AS n")).await?;
    let bytes: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(bytes).unwrap_or_default())
}
