//! Figures of a day.

/// What happened on a day (or on several, summed).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// Applications that came.
    pub submitted: i64,
    /// Cases accepted.
    pub accepted: i64,
    /// Cases decided.
    pub decided: i64,
    /// Of these, decided within the promise.
    pub on_time: i64,
}

impl DayFigures {
    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            submitted: self.submitted + other.submitted,
            accepted: self.accepted + other.accepted,
            decided: self.decided + other.decided,
            on_time: self.on_time + other.on_time,
        }
    }

    /// Whether there is nothing to count.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
