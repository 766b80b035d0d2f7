//! Answers kept for a short while, because the front page is asked for more often than it changes.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use base::Result;
use chrono::{DateTime, Duration, Utc};

/// Most places kept at once. The place comes from a cookie, so the number must not be the visitor's to choose.
const MOST: usize = 2_000;

/// Answers and when they were made, by key.
type Entries<T> = HashMap<String, (DateTime<Utc>, Arc<T>)>;

/// One answer per key, each kept for a fixed time.
#[derive(Debug)]
pub struct Cache<T> {
    keep: Duration,
    entries: Mutex<Entries<T>>,
}

impl<T> Cache<T> {
    /// An empty cache whose answers live `seconds`.
    pub fn new(seconds: i64) -> Self {
        Self { keep: Duration::seconds(seconds), entries: Mutex::default() }
    }

    /// The answer for `key`, made by `load` when there is none or it is too old.
    ///
    /// # Errors
    /// Those of `load`; nothing is kept then.
    pub async fn get(&self, key: &str, now: DateTime<Utc>, load: impl Future<Output = Result<T>>) -> Result<Arc<T>> {
        if let Some(fresh) = self.fresh(key, now) {
            return Ok(fresh);
        }
        let made = Arc::new(load.await?);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(key.to_owned(), (now, made.clone()));
        Ok(made)
    }

    fn fresh(&self, key: &str, now: DateTime<Utc>) -> Option<Arc<T>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|(at, _)| now - *at < self.keep).map(|(_, value)| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_made_once_until_it_is_too_old() {
        let cache = Cache::new(30);
        let at = |seconds| DateTime::UNIX_EPOCH + Duration::seconds(seconds);
        assert_eq!(*cache.get("a", at(0), async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(*cache.get("a", at(29), async { Ok(2) }).await.unwrap(), 1);
        assert_eq!(*cache.get("b", at(29), async { Ok(3) }).await.unwrap(), 3);
        assert_eq!(*cache.get("a", at(30), async { Ok(4) }).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = Cache::new(30);
        let now = DateTime::UNIX_EPOCH;
        assert!(cache.get("a", now, async { Err(base::Error::internal("down")) }).await.is_err());
        assert_eq!(*cache.get("a", now, async { Ok(1) }).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn visitors_cannot_fill_the_memory() {
        let cache = Cache::new(30);
        for n in 0..3 * MOST {
            cache.get(&n.to_string(), DateTime::UNIX_EPOCH, async { Ok(n) }).await.unwrap();
        }
        assert!(cache.entries.lock().unwrap().len() <= MOST);
    }
}
