//! A brake against guessing and flooding, in this copy of the program.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base::{Error, Result};
use chrono::{DateTime, Duration, Utc};

/// Keys kept; beyond it, those whose window is over are dropped.
const MOST: usize = 20_000;

#[derive(Clone, Copy)]
struct Count {
    since: DateTime<Utc>,
    n: u32,
}

/// Counts tries per key (an address, an account) within a window of time.
pub struct Brake {
    most: u32,
    window: Duration,
    counts: Mutex<HashMap<Vec<u8>, Count>>,
}

impl Brake {
    /// Lets `most` tries pass per key and window.
    pub fn new(most: u32, window: Duration) -> Self {
        Self { most, window, counts: Mutex::default() }
    }

    /// Counts a try; `false` when there were too many. An unknown key (empty) is not counted.
    pub fn admits(&self, key: &[u8], now: DateTime<Utc>) -> bool {
        if key.is_empty() {
            return true;
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, count| now - count.since < self.window);
        }
        let count = counts.entry(key.to_vec()).or_insert(Count { since: now, n: 0 });
        if now - count.since >= self.window {
            *count = Count { since: now, n: 0 };
        }
        count.n = count.n.saturating_add(1);
        count.n <= self.most
    }

    /// Like [`admits`](Self::admits), as an answer to the caller.
    ///
    /// # Errors
    /// [`base::Kind::TooMany`].
    pub fn check(&self, key: &str, now: DateTime<Utc>) -> Result<()> {
        if self.admits(key.as_bytes(), now) {
            return Ok(());
        }
        Err(Error::too_many(format!("这个网络地址查询的次数太多，请 {} 分钟后再试。", self.window.num_minutes().max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gets_its_tries_back_after_the_window() {
        let (now, window) = (DateTime::from_timestamp(1_800_000_000, 0).unwrap(), Duration::minutes(10));
        let brake = Brake::new(60, window);
        assert!((0..60).all(|_| brake.admits(b"203.0.113.9", now)));
        assert!(!brake.admits(b"203.0.113.9", now));
        assert_eq!(brake.check("203.0.113.9", now).unwrap_err().kind(), base::Kind::TooMany);
        assert!(brake.admits(b"203.0.113.10", now), "another address is not concerned");
        assert!((0..99).all(|_| brake.admits(b"", now)), "who is not known is not counted");
        assert!(brake.admits(b"203.0.113.9", now + window));
    }
}
