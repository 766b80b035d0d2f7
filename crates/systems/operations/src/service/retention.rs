//! Rows that are over and only take room.

use base::Result;
use chrono::{DateTime, Duration, Utc};
use platform::{Platform, Retention};

/// Rows of one transaction: small, so that nobody waits for SQLite's writer.
const BATCH: u32 = 500;
/// Transactions of one run and table; the next run goes on.
const BATCHES: u32 = 200;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Events of the outbox.
    pub events: u64,
    /// Idempotency keys.
    pub keys: u64,
}

/// Removes events and idempotency keys past their age. Jobs that are done remove themselves; those given up wait for an operator.
///
/// # Errors
/// When the database fails.
pub async fn forget(platform: &Platform) -> Result<Forgotten> {
    let Retention { events_days, keys_days } = platform.settings().retention;
    let before = |days: u16| -> DateTime<Utc> { platform.now() - Duration::days(i64::from(days)) };
    let (events, keys) = (before(events_days), before(keys_days.max(Retention::LEAST_KEYS_DAYS)));
    let gone = Forgotten {
        events: in_batches(|| jobs::forget_events(&platform.db, events, BATCH)).await?,
        keys: in_batches(|| db::forget_keys(&platform.db, keys, BATCH)).await?,
    };
    if gone != Forgotten::default() {
        tracing::info!(events = gone.events, keys = gone.keys, "operations: rows past their age were removed");
    }
    Ok(gone)
}

async fn in_batches<F: Future<Output = Result<u64>>>(mut one: impl FnMut() -> F) -> Result<u64> {
    let mut all = 0;
    for _ in 0..BATCHES {
        let removed = one().await?;
        all += removed;
        if removed < u64::from(BATCH) {
            break;
        }
    }
    Ok(all)
}
