//! The Guilin demonstration: real regions, departments and items; synthetic people, firms, staff and cases.
//!
//! Everything goes through the services that pages use, with the clock moved through the past days, so that journals,
//! documents, due days and lights are what they would be. The same seed makes the same demonstration.

mod accounts;
mod answers;
mod applications;
mod chance;
mod people;

use base::Result;
use platform::Platform;
use sea_orm::{ConnectionTrait, Statement};

pub use accounts::{PASSWORD, accounts};
pub use applications::{file, fill_in, fill_in_draft, load_cases};
pub use people::load_foundation;

/// Whether nothing was loaded yet.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(platform: &Platform) -> Result<bool> {
    none(platform, "SELECT 1 FROM body LIMIT 1").await
}

/// Whether there are no cases yet.
///
/// # Errors
/// When the database fails.
pub async fn has_no_cases(platform: &Platform) -> Result<bool> {
    none(platform, "SELECT 1 FROM gov_case LIMIT 1").await
}

async fn none(platform: &Platform, sql: &str) -> Result<bool> {
    let conn = platform.db.read();
    Ok(conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await?.is_none())
}

/// Tells the person who waits what is going on.
fn progress(text: &str) {
    println!("  [演示数据] {text}");
}
