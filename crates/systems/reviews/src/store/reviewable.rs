use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::events::CaseNews;

/// What is known of a case that is or will be open to rating.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Reviewable {
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body rated.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// Who may rate.
    pub party_id: Uuid,
    /// From when on.
    pub ended_at: Option<DateTime<Utc>>,
}

/// One case.
///
/// # Errors
/// When the database fails.
pub async fn reviewable(conn: &impl ConnectionTrait, case: Uuid) -> Result<Option<Reviewable>> {
    Ok(Reviewable::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT case_id, case_no, item_id, item_name, body_id, body_name, region, party_id, ended_at FROM reviewable WHERE case_id = $1",
        [case.into()],
    ))
    .one(conn)
    .await?)
}

/// Remembers a case. News may come in any order and twice.
///
/// # Errors
/// When the database fails.
pub async fn known(tx: &Tx, news: &CaseNews) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO reviewable (case_id, case_no, item_id, item_name, body_id, body_name, region, party_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id) DO NOTHING",
        [
            news.case_id.into(),
            news.case_no.clone().into(),
            news.item_id.into(),
            news.item_name.clone().into(),
            news.body_id.into(),
            news.body_name.clone().into(),
            news.region.clone().into(),
            news.party_id.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Opens a case to rating; tells whether it was not open before.
///
/// # Errors
/// When the database fails.
pub async fn ended(tx: &Tx, case: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE reviewable SET ended_at = $1 WHERE case_id = $2 AND ended_at IS NULL",
            [at.into(), case.into()],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}
