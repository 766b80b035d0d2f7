use base::Result;
use chrono::NaiveDate;
use db::Db;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// Counters per region and day. Several, so that copies of the program do not wait for one row.
const STRIPES: u32 = 16;
/// Numbers reserved at once, in a transaction of their own: submissions do not wait for each other's commit.
const BLOCK: u32 = 16;

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

/// A serial number of a day in a region: unique, not gapless.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(db: &Db, region6: &str, day: NaiveDate) -> Result<u32> {
    let purpose = format!("case {region6} {day}");
    if let Some(number) = db.numbers().take(&purpose) {
        return Ok(number);
    }
    let stripe = u32::from(base::new_id().as_bytes()[15]) % STRIPES;
    let tx = db.begin().await?;
    let row = Last::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO case_serial (region, day, stripe, last) VALUES ($1, $2, $3, $4)
         ON CONFLICT (region, day, stripe) DO UPDATE SET last = case_serial.last + $4 RETURNING last",
        [region6.into(), day.to_string().into(), i32::try_from(stripe).unwrap_or_default().into(), i32::try_from(BLOCK).unwrap_or(1).into()],
    ))
    .one(&*tx)
    .await?;
    tx.commit().await?;
    let last = row.and_then(|r| u32::try_from(r.last).ok()).unwrap_or(BLOCK);
    let serial = |counted: u32| counted * STRIPES + stripe;
    // Handed out from the end, so the smallest first.
    db.numbers().put(&purpose, (last - BLOCK + 2..=last).rev().map(serial));
    Ok(serial(last - BLOCK + 1))
}
