//! Test harness: a fresh database on each engine for every test.
//!
//! SQLite databases are files in a temporary folder. For PostgreSQL the harness starts its own server from the installed
//! binaries (also when run as root, where PostgreSQL refuses to run: it then runs as the `postgres` user), once, in a
//! folder shared by all test processes, and makes one database per test. `TONGBAN_TEST_POSTGRES` names a server to use
//! instead; `make test` stops the one it started.

mod postgres;

use tempfile::TempDir;

pub use postgres::server_url;

/// A database URL that lives as long as this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// `sqlite:…` or `postgres://…`
    pub url: String,
    /// Which engine, for messages.
    pub engine: &'static str,
    _folder: Option<TempDir>,
}

/// A fresh, empty database on every engine.
///
/// # Panics
/// When PostgreSQL is not installed or does not start: a test that silently skipped an engine would prove nothing.
pub async fn databases() -> Vec<TestDatabase> {
    vec![sqlite(), postgres().await]
}

/// A fresh SQLite database.
///
/// # Panics
/// When the temporary folder cannot be made.
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder");
    TestDatabase { url: format!("sqlite:{}", folder.path().join("test.db").display()), engine: "sqlite", _folder: Some(folder) }
}

/// A fresh PostgreSQL database.
///
/// # Panics
/// When PostgreSQL is not installed or does not start.
pub async fn postgres() -> TestDatabase {
    let url = tokio::task::spawn_blocking(postgres::create_database).await.expect("the harness thread").expect("a PostgreSQL database");
    TestDatabase { url, engine: "postgres", _folder: None }
}
