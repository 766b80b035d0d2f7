use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// Remembers that a case ended. News may come in any order and twice.
///
/// # Errors
/// When the database fails.
pub async fn ended(tx: &Tx, case: Uuid, party: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO hall_rating (case_id, party_id, ended_at) VALUES ($1, $2, $3)
         ON CONFLICT (case_id) DO UPDATE SET party_id = excluded.party_id, ended_at = COALESCE(hall_rating.ended_at, excluded.ended_at)",
        [case.into(), party.into(), at.into()],
    ))
    .await?;
    Ok(())
}

/// Remembers that a case was rated.
///
/// # Errors
/// When the database fails.
pub async fn rated(tx: &Tx, case: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO hall_rating (case_id, rated_at) VALUES ($1, $2) ON CONFLICT (case_id) DO UPDATE SET rated_at = excluded.rated_at",
        [case.into(), at.into()],
    ))
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Waiting {
    case_id: Uuid,
}

/// Cases of a party that ended since a moment and were not rated, newest first, at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn to_rate(conn: &impl ConnectionTrait, party: Uuid, since: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let rows = Waiting::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT case_id FROM hall_rating WHERE party_id = $1 AND ended_at >= $2 AND rated_at IS NULL ORDER BY ended_at DESC LIMIT 100",
        [party.into(), since.into()],
    ))
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.case_id).collect())
}
