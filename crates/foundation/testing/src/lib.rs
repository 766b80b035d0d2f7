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

/// Reads a list page by page to its end and back again to its beginning, and gives everything in its order. `read` gives the rows
/// of a page with the cursors of the pages before and after it.
///
/// # Panics
/// When the way back does not show the same pages as the way there.
pub async fn there_and_back<T, C, R>(read: R) -> Vec<T>
where
    T: Clone + PartialEq + std::fmt::Debug,
    R: AsyncFn(Option<C>) -> (Vec<T>, Option<C>, Option<C>),
{
    let mut pages: Vec<Vec<T>> = Vec::new();
    let mut at = None;
    let mut back;
    loop {
        let (items, previous, next) = read(at).await;
        assert_eq!(previous.is_some(), !pages.is_empty(), "only the first page has none before it");
        pages.push(items);
        (back, at) = (previous, next);
        if at.is_none() {
            break;
        }
    }
    for expected in pages[..pages.len() - 1].iter().rev() {
        let (items, previous, next) = read(back).await;
        assert_eq!(items, *expected, "the way back shows the same pages");
        assert!(next.is_some(), "and leads on again");
        back = previous;
    }
    assert!(back.is_none(), "the first page has none before it");
    pages.concat()
}
