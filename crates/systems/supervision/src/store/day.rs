use base::Result;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::model::DayFigures;

/// Adds to the figures of a body and day.
///
/// # Errors
/// When the database fails.
pub async fn add_day(tx: &Tx, body: (Uuid, &str), region: &str, day: NaiveDate, figures: &DayFigures) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO supervision_day (body_id, day, region, body_name, submitted, accepted, decided, on_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (body_id, day, region) DO UPDATE SET
            body_name = excluded.body_name, submitted = supervision_day.submitted + excluded.submitted,
            accepted = supervision_day.accepted + excluded.accepted, decided = supervision_day.decided + excluded.decided,
            on_time = supervision_day.on_time + excluded.on_time",
        [
            body.0.into(),
            day.to_string().into(),
            region.into(),
            body.1.into(),
            figures.submitted.into(),
            figures.accepted.into(),
            figures.decided.into(),
            figures.on_time.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Figures of a body over some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyFigures {
    /// Name of the body.
    pub name: String,
    /// Its figures.
    pub figures: DayFigures,
}

#[derive(FromQueryResult)]
struct Row {
    name: String,
    submitted: i64,
    accepted: i64,
    decided: i64,
    on_time: i64,
}

/// Figures by body in a region (significant digits), `from` and `to` included, most decided first.
///
/// # Errors
/// When the database fails.
pub async fn days(conn: &impl ConnectionTrait, region: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<BodyFigures>> {
    let sql = "SELECT MAX(body_name) AS name, CAST(SUM(submitted) AS BIGINT) AS submitted, CAST(SUM(accepted) AS BIGINT) AS accepted,
                      CAST(SUM(decided) AS BIGINT) AS decided, CAST(SUM(on_time) AS BIGINT) AS on_time
               FROM supervision_day WHERE day >= $1 AND day <= $2 AND region >= $3 AND region < $4 GROUP BY body_id ORDER BY 4 DESC, 1";
    let values = [from.to_string().into(), to.to_string().into(), region.into(), format!("{region}:").into()];
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|r| BodyFigures {
            name: r.name,
            figures: DayFigures { submitted: r.submitted, accepted: r.accepted, decided: r.decided, on_time: r.on_time },
        })
        .collect())
}
