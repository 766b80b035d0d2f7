//! Brakes against guessing, in this copy of the program. The lock of an account itself is in the database.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

use crate::model::{LOCK_MINUTES, MAX_FAILURES};

/// Tries from one address within [`WINDOW`]: a whole office behind one address still gets in.
const PER_ADDRESS: u32 = 60;
const WINDOW: Duration = Duration::minutes(10);
/// Entries kept; beyond it, those that are over are dropped.
const MOST: usize = 20_000;

#[derive(Clone, Copy)]
struct Count {
    since: DateTime<Utc>,
    n: u32,
}

#[derive(Default)]
struct Counts(HashMap<Vec<u8>, Count>);

impl Counts {
    fn add(&mut self, key: Vec<u8>, now: DateTime<Utc>, window: Duration) -> u32 {
        if self.0.len() >= MOST {
            self.0.retain(|_, count| now - count.since < window);
        }
        let count = self.0.entry(key).or_insert(Count { since: now, n: 0 });
        if now - count.since >= window {
            *count = Count { since: now, n: 0 };
        }
        count.n += 1;
        count.n
    }
}

static ADDRESSES: LazyLock<Mutex<Counts>> = LazyLock::new(Mutex::default);
static STRANGERS: LazyLock<Mutex<Counts>> = LazyLock::new(Mutex::default);

/// Counts a try from an address; `false` when there were too many. An unknown address is not counted.
pub(super) fn address_may_try(address: &str, now: DateTime<Utc>) -> bool {
    address.is_empty() || ADDRESSES.lock().unwrap_or_else(PoisonError::into_inner).add(address.as_bytes().to_vec(), now, WINDOW) <= PER_ADDRESS
}

/// Counts a try with a login that does not exist and tells whether it is to be answered as a locked account would be:
/// otherwise the lock itself would tell which accounts exist.
pub(super) fn stranger_is_locked(login_index: &[u8], now: DateTime<Utc>) -> bool {
    let tries = STRANGERS.lock().unwrap_or_else(PoisonError::into_inner).add(login_index.to_vec(), now, Duration::minutes(LOCK_MINUTES));
    i64::from(tries) > i64::from(MAX_FAILURES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_tries_back_after_the_window() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert!((0..PER_ADDRESS).all(|_| address_may_try("203.0.113.9", now)));
        assert!(!address_may_try("203.0.113.9", now));
        assert!(address_may_try("203.0.113.10", now), "another address is not concerned");
        assert!(address_may_try("203.0.113.9", now + WINDOW));
    }
}
