//! Telling holders in time that a licence ends.

use base::Result;
use chrono::Duration;
use platform::Platform;

use crate::service::issue::told;
use crate::store;

/// Days before the end at which a holder is told: 行政许可法 50 wants a renewal asked for thirty days before it.
pub const DAYS_BEFORE: i64 = 60;
/// Licences per transaction.
const BATCH: usize = 200;

/// Tells of every licence that ends within [`DAYS_BEFORE`], once.
///
/// # Errors
/// When the database fails.
pub async fn remind(platform: Platform) -> Result<()> {
    let today = platform.today();
    loop {
        let now = platform.now();
        let tx = platform.db.begin().await?;
        let ending = store::remind(&tx, today, today + Duration::days(DAYS_BEFORE), BATCH as i64, now).await?;
        for licence in &ending {
            jobs::emit(&tx, &told("expiring", licence, now), now).await?;
        }
        tx.commit().await?;
        if ending.len() < BATCH {
            platform.wake.notify();
            return Ok(());
        }
    }
}
