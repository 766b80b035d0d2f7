//! What a database remembers of its installation: which key its personal data is sealed with, and how far the demonstration
//! was loaded.

use base::{Error, Result};
use db::{Db, Migration, SystemMigrations};
use platform::Platform;
use sea_orm::{ConnectionTrait, Statement};

/// Fact: fingerprint of the key file.
const KEY: &str = "key";

/// The table of facts.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "installation",
        migrations: &[Migration { name: "0001_installation", sql: "CREATE TABLE installation (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);" }],
    }
}

/// A fact, if it is known.
///
/// # Errors
/// When the database cannot be read.
pub async fn fact(db: &Db, name: &str) -> Result<Option<String>> {
    let conn = db.read();
    let found = conn
        .query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), "SELECT value FROM installation WHERE name = $1", [name.into()]))
        .await?;
    Ok(found.map(|row| row.try_get("", "value")).transpose()?)
}

/// Notes a fact unless it is known already; whether it was new.
///
/// # Errors
/// When the database fails.
pub async fn note(platform: &Platform, name: &str, value: &str) -> Result<bool> {
    write(platform, "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, value).await
}

/// Changes a fact.
///
/// # Errors
/// When the database fails.
pub async fn change(platform: &Platform, name: &str, value: &str) -> Result<bool> {
    write(platform, "UPDATE installation SET value = $2 WHERE name = $1", name, value).await
}

async fn write(platform: &Platform, sql: &str, name: &str, value: &str) -> Result<bool> {
    let tx = platform.db.begin().await?;
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into(), value.into()])).await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Ties the database to the key in use, or refuses another one: with it, what is stored could not be read, and the same
/// person's number would no longer be found and would make a second party (R32).
///
/// # Errors
/// When the database is tied to another key.
pub async fn claim_key(platform: &Platform) -> Result<()> {
    note(platform, KEY, &fingerprint(platform)).await?;
    if key_fits(platform).await? {
        return Ok(());
    }
    Err(Error::internal("the key file is not the one this database was filled with; put the right one back from its backup, or from another copy of the program"))
}

/// Whether the key in use is the one the database is tied to; true for a database that is not tied yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn key_fits(platform: &Platform) -> Result<bool> {
    Ok(fact(&platform.db, KEY).await?.is_none_or(|known| known == fingerprint(platform)))
}

/// Tells keys apart and says nothing else about them (HMAC-SM3 under a derived key).
fn fingerprint(platform: &Platform) -> String {
    platform.vault.keys().token("installation", b"key").iter().map(|byte| format!("{byte:02x}")).collect()
}
