//! Tables and queries.

mod accounts;
mod agents;
mod demonstration;
mod migrations;
mod parties;
mod recovery;
mod sessions;

pub(crate) use accounts::*;
pub(crate) use agents::*;
pub use demonstration::DemonstrationAccount;
pub(crate) use demonstration::{demonstration_accounts, put_demonstration_account};
pub use migrations::migrations;
pub(crate) use parties::*;
pub(crate) use recovery::*;
pub(crate) use sessions::*;

use base::Result;
use db::Tx;
use sea_orm::{ConnectionTrait, Statement, Value};

/// Runs a statement and tells how many rows it touched.
pub(crate) async fn execute(tx: &Tx, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    Ok(tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?.rows_affected())
}
