use base::Result;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// Counters per region and day. Several, so that submissions at the same moment do not wait for one row.
const STRIPES: i32 = 16;

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

/// The next serial number of a day in a region: unique, not gapless.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(tx: &Tx, region6: &str, day: NaiveDate) -> Result<u32> {
    let stripe = i32::from(base::new_id().as_bytes()[15]) % STRIPES;
    let row = Last::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO case_serial (region, day, stripe, last) VALUES ($1, $2, $3, 1)
         ON CONFLICT (region, day, stripe) DO UPDATE SET last = case_serial.last + 1 RETURNING last",
        [region6.into(), day.to_string().into(), stripe.into()],
    ))
    .one(&**tx)
    .await?;
    let last = row.map_or(1, |r| r.last);
    Ok(u32::try_from(last * STRIPES + stripe).unwrap_or_default())
}
