//! Migrations: portable SQL texts with a few type names in braces.
//!
//! | in the text | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{uuid}` | `BLOB` | `uuid` |
//! | `{time}` | `TEXT` (RFC 3339, UTC) | `timestamptz` |
//! | `{bytes}` | `BLOB` | `bytea` |
//! | `{json}` | `TEXT` | `jsonb` |
//! | `{serial}` | `INTEGER PRIMARY KEY AUTOINCREMENT` | `BIGSERIAL PRIMARY KEY` |

use base::Result;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::{Db, Engine, Tx};

/// One step of the schema. The previous release must survive it (expand first, contract a release later).
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique within its system; sorts in the order of application, e.g. `0001_cases`.
    pub name: &'static str,
    /// Portable SQL, statements separated by `;`.
    pub sql: &'static str,
}

/// The migrations of one system, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct SystemMigrations {
    /// Name of the system.
    pub system: &'static str,
    /// Its steps.
    pub migrations: &'static [Migration],
}

#[derive(FromQueryResult)]
struct Applied {
    system: String,
    name: String,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    system TEXT NOT NULL, name TEXT NOT NULL, applied_at {time} NOT NULL, PRIMARY KEY (system, name))";

fn portable(sql: &str, engine: Engine) -> String {
    let types: [(&str, &str, &str); 5] = [
        ("{uuid}", "BLOB", "uuid"),
        ("{time}", "TEXT", "timestamptz"),
        ("{bytes}", "BLOB", "bytea"),
        ("{json}", "TEXT", "jsonb"),
        ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY"),
    ];
    types.iter().fold(sql.to_owned(), |text, (name, sqlite, postgres)| {
        text.replace(name, if engine == Engine::Sqlite { sqlite } else { postgres })
    })
}

/// Only one copy of the program at a time; on PostgreSQL even `CREATE TABLE IF NOT EXISTS` fails when two run it together.
/// SQLite has one writer anyway.
async fn lock(tx: &Tx) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(20260001)").await?;
    }
    Ok(())
}

async fn applied(db: &Db) -> Result<Vec<(String, String)>> {
    db.begin().await?.commit().await?; // opens the file, so that a fresh database is created at once
    let tx = db.begin().await?;
    lock(&tx).await?;
    tx.execute_unprepared(&portable(TABLE, db.engine())).await?;
    let rows = Applied::find_by_statement(Statement::from_string(tx.get_database_backend(), "SELECT system, name FROM schema_migration"))
        .all(&*tx)
        .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|r| (r.system, r.name)).collect())
}

/// Names (`system/name`) of the migrations that were not applied yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn pending(db: &Db, systems: &[SystemMigrations]) -> Result<Vec<String>> {
    let done = applied(db).await?;
    Ok(systems
        .iter()
        .flat_map(|s| s.migrations.iter().map(move |m| (s.system, m.name)))
        .filter(|(system, name)| !done.iter().any(|(s, n)| s == system && n == name))
        .map(|(system, name)| format!("{system}/{name}"))
        .collect())
}

/// Applies what is missing, in the order given, and returns the names applied.
/// Copies of the program that start together wait for each other.
///
/// # Errors
/// When a statement fails; that migration is rolled back whole.
pub async fn run(db: &Db, systems: &[SystemMigrations]) -> Result<Vec<String>> {
    applied(db).await?;
    let mut names = Vec::new();
    for system in systems {
        for migration in system.migrations {
            let tx = db.begin().await?;
            lock(&tx).await?;
            let backend = tx.get_database_backend();
            let known = tx
                .query_one_raw(Statement::from_sql_and_values(
                    backend,
                    "SELECT name FROM schema_migration WHERE system = $1 AND name = $2",
                    [system.system.into(), migration.name.into()],
                ))
                .await?;
            if known.is_some() {
                continue;
            }
            tx.execute_unprepared(&portable(migration.sql, db.engine())).await?;
            tx.execute_raw(Statement::from_sql_and_values(
                backend,
                "INSERT INTO schema_migration (system, name, applied_at) VALUES ($1, $2, CURRENT_TIMESTAMP)",
                [system.system.into(), migration.name.into()],
            ))
            .await?;
            tx.commit().await?;
            names.push(format!("{}/{}", system.system, migration.name));
        }
    }
    Ok(names)
}
