use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::execute;

/// Puts a new set of recovery codes in the place of the old one; only their blind indexes are kept.
pub(crate) async fn replace_codes(tx: &Tx, account: Uuid, indexes: Vec<Vec<u8>>) -> Result<()> {
    execute(tx, "DELETE FROM recovery_code WHERE account_id = $1", [account.into()]).await?;
    for index in indexes {
        execute(tx, "INSERT INTO recovery_code (account_id, code_index) VALUES ($1, $2)", [account.into(), index.into()]).await?;
    }
    Ok(())
}

/// Spends a code; `false` when it is none of the account's, or was used before.
pub(crate) async fn spend_code(tx: &Tx, account: Uuid, index: Vec<u8>, now: DateTime<Utc>) -> Result<bool> {
    let sql = "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_index = $3 AND used_at IS NULL";
    Ok(execute(tx, sql, [now.into(), account.into(), index.into()]).await? == 1)
}

/// How many codes are left.
pub(crate) async fn codes_left(conn: &impl ConnectionTrait, account: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM recovery_code WHERE account_id = $1 AND used_at IS NULL";
    let row = conn.query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, [account.into()])).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0))
}
