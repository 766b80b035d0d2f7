use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Numbers this copy of the program reserved and did not use yet, by what they are for. They are lost when it stops: what
/// takes its numbers from here has unique ones, not gapless ones.
#[derive(Debug, Clone, Default)]
pub struct Numbers(Arc<Mutex<HashMap<String, Vec<u32>>>>);

/// Most purposes kept; numbers of past days are forgotten with the rest when there are more.
const MOST: usize = 1000;

impl Numbers {
    /// One of the reserved numbers.
    pub fn take(&self, purpose: &str) -> Option<u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(purpose)?.pop()
    }

    /// Keeps reserved numbers.
    pub fn put(&self, purpose: &str, numbers: impl IntoIterator<Item = u32>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(purpose) {
            all.clear();
        }
        all.entry(purpose.to_owned()).or_default().extend(numbers);
    }
}
