//! The database: SQLite (WAL) or PostgreSQL, chosen by the URL at run time, one SQL for both.
//!
//! * [`Db`] is the handle. [`Db::read`] gives a pooled connection for queries; [`Db::begin`] starts the one
//!   transaction of a use case. On SQLite there is one writer and many readers; transactions that wait for
//!   their turn together share one commit, so that a slow disk is waited for once.
//! * [`Migration`]s are portable SQL texts, listed per system, applied in order, each in a transaction.
//! * [`Vault`] seals personal data (SM4-GCM) and makes blind indexes (HMAC-SM3) to search it by.
//! * [`Tx::later`] puts a write off until somebody reads or commits; what was put off travels to the engine in one go.
//! * [`idempotent`] makes the same request sent twice one act.
//! * [`Cursor`] is the position of keyset paging: no `OFFSET`, no `COUNT`; [`Turn`] reads it in both directions.

mod batch;
pub mod bulk;
mod connect;
mod idempotency;
mod migrate;
mod numbers;
mod page;
mod tx;
mod vault;
mod writer;

pub use batch::Write;
pub use connect::{Db, Engine};
pub use idempotency::{First, Idempotency, claim_later, first, forget_keys, idempotent, repeated};
pub use migrate::{Migration, SystemMigrations, pending, run as migrate};
pub use numbers::Numbers;
pub use page::{Cursor, Page, Turn};
pub use tx::{Tx, Work};
pub use vault::Vault;

use base::{Error, Result};
use sea_orm::{DbErr, SqlErr};

/// Rows an optimistic update touched: exactly one, or somebody else changed the record meanwhile.
///
/// # Errors
/// [`base::Kind::Conflict`] when the row was not there in the expected version.
pub fn expect_one(rows_affected: u64) -> Result<()> {
    if rows_affected == 1 { Ok(()) } else { Err(changed()) }
}

/// Somebody else changed the record meanwhile.
pub fn changed() -> Error {
    Error::conflict("record.changed", "这条记录刚刚被其他人更新，请刷新页面查看最新情况后再操作。")
}

/// Whether a statement failed because a unique key exists already.
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Migrations of this room: idempotency keys.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "db",
        migrations: &[Migration {
            name: "0001_idempotency",
            sql: "CREATE TABLE idempotency_key (
                    scope TEXT NOT NULL,
                    key TEXT NOT NULL,
                    result TEXT NOT NULL,
                    created_at {time} NOT NULL,
                    PRIMARY KEY (scope, key)
                  );
                  CREATE INDEX idempotency_key_age ON idempotency_key (created_at);",
        }],
    }
}
