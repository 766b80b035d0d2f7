//! Brakes against guessing, in this copy of the program. The lock of an account itself is in the database.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use web::Brake;

use crate::model::{LOCK_MINUTES, MAX_FAILURES};

/// Tries from one address within ten minutes: a whole office behind one address still gets in.
const PER_ADDRESS: u32 = 60;

static ADDRESSES: LazyLock<Brake> = LazyLock::new(|| Brake::new(PER_ADDRESS, Duration::minutes(10)));
static STRANGERS: LazyLock<Brake> = LazyLock::new(|| Brake::new(u32::try_from(MAX_FAILURES).unwrap_or_default(), Duration::minutes(LOCK_MINUTES)));

/// Counts a try from an address; `false` when there were too many. An unknown address is not counted.
pub(super) fn address_may_try(address: &str, now: DateTime<Utc>) -> bool {
    ADDRESSES.admits(address.as_bytes(), now)
}

/// Counts a try with a login that does not exist and tells whether it is to be answered as a locked account would be:
/// otherwise the lock itself would tell which accounts exist.
pub(super) fn stranger_is_locked(login_index: &[u8], now: DateTime<Utc>) -> bool {
    !STRANGERS.admits(login_index, now)
}
