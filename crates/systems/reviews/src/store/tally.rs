use base::Result;
use chrono::NaiveDate;
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::Tally;

/// Adds to the counters of a body and item, of the day and of its month, in the transaction of the act that is counted.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, body: (Uuid, &str), item: Uuid, region: &str, day: NaiveDate, tally: &Tally) -> Result<()> {
    let (day, month) = (day.to_string(), day.format("%Y-%m").to_string());
    // Beside every item the body as a whole: the public results read a row per body and day, however many items there are.
    for (grain, item, period) in [("day", item, &day), ("month", item, &month), ("body-day", body.0, &day), ("body-month", body.0, &month)] {
        let values: Vec<Value> = vec![
            body.0.into(),
            item.into(),
            grain.into(),
            period.as_str().into(),
            region.into(),
            body.1.into(),
            tally.asked.into(),
            tally.stars[0].into(),
            tally.stars[1].into(),
            tally.stars[2].into(),
            tally.stars[3].into(),
            tally.stars[4].into(),
            tally.followups.into(),
            tally.wrong.into(),
            tally.opened.into(),
            tally.answered.into(),
            tally.in_time.into(),
        ];
        tx.later(Write::new(
            "INSERT INTO review_tally (body_id, item_id, grain, period, region, body_name, asked, s1, s2, s3, s4, s5, followups, wrong, opened,
                answered, in_time)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT (body_id, item_id, grain, period) DO UPDATE SET
                body_name = excluded.body_name, asked = review_tally.asked + excluded.asked, s1 = review_tally.s1 + excluded.s1,
                s2 = review_tally.s2 + excluded.s2, s3 = review_tally.s3 + excluded.s3, s4 = review_tally.s4 + excluded.s4,
                s5 = review_tally.s5 + excluded.s5, followups = review_tally.followups + excluded.followups,
                wrong = review_tally.wrong + excluded.wrong, opened = review_tally.opened + excluded.opened,
                answered = review_tally.answered + excluded.answered, in_time = review_tally.in_time + excluded.in_time",
            values,
        ))
        .await?;
    }
    Ok(())
}

/// Counters of one body over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyTally {
    /// The body.
    pub body_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its counters.
    pub tally: Tally,
}

#[derive(FromQueryResult)]
struct Row {
    body_id: Uuid,
    name: String,
    asked: i64,
    s1: i64,
    s2: i64,
    s3: i64,
    s4: i64,
    s5: i64,
    followups: i64,
    wrong: i64,
    opened: i64,
    answered: i64,
    in_time: i64,
}

/// Counters by body in a region (significant digits) over periods of a grain (`day` or `month`), `from` and `to` included.
///
/// # Errors
/// When the database fails.
pub async fn by_body(conn: &impl ConnectionTrait, region: &str, grain: &str, from: &str, to: &str) -> Result<Vec<BodyTally>> {
    let sum = |name: &str| format!("CAST(SUM({name}) AS BIGINT) AS {name}");
    let sums: Vec<String> = ["asked", "s1", "s2", "s3", "s4", "s5", "followups", "wrong", "opened", "answered", "in_time"].map(sum).into();
    let sql = format!(
        "SELECT body_id, MAX(body_name) AS name, {} FROM review_tally
         WHERE grain = $1 AND region >= $2 AND region < $3 AND period >= $4 AND period <= $5 GROUP BY body_id",
        sums.join(", ")
    );
    let values = [format!("body-{grain}").into(), region.into(), format!("{region}:").into(), from.into(), to.into()];
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|r| BodyTally {
            body_id: r.body_id,
            name: r.name,
            tally: Tally {
                asked: r.asked,
                stars: [r.s1, r.s2, r.s3, r.s4, r.s5],
                followups: r.followups,
                wrong: r.wrong,
                opened: r.opened,
                answered: r.answered,
                in_time: r.in_time,
            },
        })
        .collect())
}
