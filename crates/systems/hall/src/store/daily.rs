use base::Result;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::model::figures::Figures;

/// Adds to the figures of a day in a region.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, day: NaiveDate, region: &str, more: Figures) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO hall_daily (day, region, applied, decided, on_time) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (day, region) DO UPDATE SET applied = hall_daily.applied + excluded.applied,
            decided = hall_daily.decided + excluded.decided, on_time = hall_daily.on_time + excluded.on_time",
        [day.to_string().into(), region.into(), more.applied.into(), more.decided.into(), more.on_time.into()],
    ))
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Sums {
    applied: i64,
    decided: i64,
    on_time: i64,
}

/// The figures of a day over a range of regions (see [`crate::model::place::range`]): at most one row per region is read.
///
/// # Errors
/// When the database fails.
pub async fn figures(conn: &impl ConnectionTrait, day: NaiveDate, (from, to): &(String, String)) -> Result<Figures> {
    let sums = Sums::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT CAST(COALESCE(SUM(applied), 0) AS BIGINT) AS applied, CAST(COALESCE(SUM(decided), 0) AS BIGINT) AS decided,
            CAST(COALESCE(SUM(on_time), 0) AS BIGINT) AS on_time
         FROM hall_daily WHERE day = $1 AND region >= $2 AND region < $3",
        [day.to_string().into(), from.as_str().into(), to.as_str().into()],
    ))
    .one(conn)
    .await?;
    Ok(sums.map_or_else(Figures::default, |s| Figures { applied: s.applied, decided: s.decided, on_time: s.on_time }))
}
