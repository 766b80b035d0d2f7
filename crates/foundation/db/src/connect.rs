use std::time::Duration;

use base::{Error, Result};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, TransactionTrait};

use crate::writer::{Undone, Writer};
use crate::{Numbers, Tx};

/// Which engine a [`Db`] talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// An embedded file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: Write,
    numbers: Numbers,
}

/// Where transactions begin.
#[derive(Debug, Clone)]
enum Write {
    Sqlite(Writer),
    Postgres(DatabaseConnection),
}

impl Db {
    /// Connects by URL: `sqlite://path/to/file.db` or `postgres://user@host/name`.
    ///
    /// # Errors
    /// When the URL is of neither kind or the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::connect_sqlite(path.trim_start_matches("//")).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::connect_postgres(url).await
        } else {
            Err(Error::internal("the database URL must start with sqlite: or postgres:"))
        }
    }

    async fn connect_sqlite(path: &str) -> Result<Self> {
        if let Some(folder) = std::path::Path::new(path).parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let options = |max: u32| {
            let mut options = ConnectOptions::new(format!("sqlite://{path}?mode=rwc"));
            options
                .max_connections(max)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(Duration::from_secs(30))
                .test_before_acquire(false)
                .sqlx_logging(false);
            options.map_sqlx_sqlite_opts(|o| {
                o.pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL") // an acknowledged case survives a power cut
                    .pragma("foreign_keys", "ON")
                    .pragma("busy_timeout", "20000")
                    .pragma("cache_size", "-32768")
                    .pragma("mmap_size", "1073741824")
                    .pragma("temp_store", "MEMORY")
                    .statement_cache_capacity(512)
            });
            options
        };
        let write = Database::connect(options(1)).await?;
        let read = Database::connect(options(4)).await?;
        Ok(Self { read, write: Write::Sqlite(Writer::new(write)), numbers: Numbers::default() })
    }

    async fn connect_postgres(url: &str) -> Result<Self> {
        let options = |generic: bool| {
            let mut options = ConnectOptions::new(url);
            options.max_connections(12).min_connections(1).acquire_timeout(Duration::from_secs(15)).sqlx_logging(false);
            options.set_application_name("tongban");
            // A connection at rest may have died with its server; one used a moment ago need not be asked.
            options.test_before_acquire(false).map_sqlx_postgres_before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > Duration::from_secs(1) {
                        sea_orm::sqlx::Connection::ping(connection).await?;
                    }
                    Ok(true)
                })
            });
            options.map_sqlx_postgres_opts(move |o| {
                let o = o.statement_cache_capacity(512);
                // Use cases go by keys, and need no new plan for every value; lists do.
                if generic { o.options([("plan_cache_mode", "force_generic_plan")]) } else { o }
            });
            options
        };
        let write = Database::connect(options(true)).await?;
        let read = Database::connect(options(false)).await?;
        Ok(Self { read, write: Write::Postgres(write), numbers: Numbers::default() })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.write {
            Write::Sqlite(_) => Engine::Sqlite,
            Write::Postgres(_) => Engine::Postgres,
        }
    }

    /// Numbers reserved for this copy of the program.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// A pooled connection for reading.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Starts the one transaction of a use case. Nothing is written until [`Tx::commit`]. On SQLite it may share its commit with
    /// others that wait for their turn.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_transaction(false).await
    }

    /// Starts a transaction that shares its commit with no other: for long work, so that nobody waits for it.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin_alone(&self) -> Result<Tx> {
        self.begin_transaction(true).await
    }

    /// Waits until everything is committed that a transaction before this moment may have seen. Whoever was refused because
    /// another was first waits for it before looking up what the other did: on SQLite it may not be committed yet.
    ///
    /// # Errors
    /// When the writer is busy for too long.
    pub async fn settled(&self) -> Result<()> {
        match &self.write {
            Write::Sqlite(writer) => writer.settled().await,
            Write::Postgres(_) => Ok(()),
        }
    }

    async fn begin_transaction(&self, alone: bool) -> Result<Tx> {
        match &self.write {
            Write::Sqlite(writer) => {
                let (inner, turn) = writer.begin(alone).await?;
                Ok(Tx::new(inner, Some(turn), writer.undone()))
            }
            Write::Postgres(pool) => Ok(Tx::new(pool.begin().await?, None, Undone::default())),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.read.ping().await?)
    }
}
