//! The Guilin demonstration: real regions, departments and items; synthetic people, firms, staff and cases.
//!
//! Everything goes through the services that pages use, with the clock moved through the past days, so that journals,
//! documents, due days and lights are what they would be. The same seed makes the same demonstration.

mod accounts;
mod answers;
mod applications;
mod chance;
mod designs;
mod licences;
mod notices;
mod people;
mod seals;

use base::{Error, Result};
use db::Db;
use platform::Platform;
use sea_orm::{ConnectionTrait, Statement};

use crate::installation;

pub use accounts::{PASSWORD, accounts};
pub use answers::filled;
pub use applications::{file, fill_in, fill_in_draft, load_cases};
pub use people::load_foundation;

/// Fact of the installation: how far the demonstration is.
const FACT: &str = "demonstration";
const LOADING: &str = "loading";
const LOADED: &str = "loaded";

/// Whether the demonstration is to be loaded now: only into an empty database, and by one copy of the program. A database
/// that is in use, with the demonstration or without, stays as it is.
///
/// # Errors
/// When an earlier loading did not come to its end: half a demonstration looks like a broken program.
pub async fn begin(platform: &Platform) -> Result<bool> {
    let unfinished = || Error::internal("the demonstration is being loaded by another copy, or its loading was interrupted; wait, or start over: `tongban demo reset` (embedded database) or an empty PostgreSQL database");
    match installation::fact(&platform.db, FACT).await?.as_deref() {
        Some(LOADED) => Ok(false),
        Some(_) => Err(unfinished()),
        None if !is_empty(platform).await? => Ok(false),
        None if installation::note(platform, FACT, LOADING).await? => Ok(true),
        None => Err(unfinished()),
    }
}

/// Whether the demonstration was ever loaded into this database, wholly or not: from then on every page says so, however the
/// program is started.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_in(db: &Db) -> Result<bool> {
    // Before its first migration a database remembers nothing.
    if !db::pending(db, &[installation::migrations()]).await?.is_empty() {
        return Ok(false);
    }
    Ok(installation::fact(db, FACT).await?.is_some())
}

/// Notes that the demonstration is whole.
///
/// # Errors
/// When the database fails.
pub async fn finish(platform: &Platform) -> Result<()> {
    installation::change(platform, FACT, LOADED).await.map(|_| ())
}

/// Whether nothing was loaded yet.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(platform: &Platform) -> Result<bool> {
    let conn = platform.db.read();
    Ok(conn.query_one_raw(Statement::from_string(conn.get_database_backend(), "SELECT 1 FROM body LIMIT 1")).await?.is_none())
}

/// Tells the person who waits what is going on.
fn progress(text: &str) {
    println!("  [演示数据] {text}");
}
