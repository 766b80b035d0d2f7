use access::Actor;
use base::{Result, new_id};
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// One use of a licence: who looked at it in full or took a copy, and what for (M-DATA-08.10).
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Usage {
    /// When.
    pub at: DateTime<Utc>,
    /// What for.
    pub purpose: String,
    /// Who, by name.
    pub actor_name: String,
}

/// Records a use.
///
/// # Errors
/// When the database fails.
pub async fn log_use(tx: &Tx, licence: Uuid, actor: &Actor, purpose: &str, at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO licence_use (id, licence_id, at, purpose, actor_kind, actor_id, actor_name) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [new_id().into(), licence.into(), at.into(), purpose.into(), actor.kind().into(), actor.id().into(), actor.name().into()],
    ))
    .await?;
    Ok(())
}

/// The latest uses, newest first.
///
/// # Errors
/// When the database fails.
pub async fn uses(conn: &impl ConnectionTrait, licence: Uuid, limit: i64) -> Result<Vec<Usage>> {
    Ok(Usage::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT at, purpose, actor_name FROM licence_use WHERE licence_id = $1 ORDER BY id DESC LIMIT $2",
        [licence.into(), limit.into()],
    ))
    .all(conn)
    .await?)
}
