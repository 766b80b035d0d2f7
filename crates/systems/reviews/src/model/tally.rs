//! Results as counters.

/// Counters of a body, item and period. Cases nobody rated are counted as such, never as good (M-EVAL-01.10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases that ended, so could be rated.
    pub asked: i64,
    /// First ratings with 1 to 5 stars, at index `stars - 1`.
    pub stars: [i64; 5],
    /// Further ratings (追评).
    pub followups: i64,
    /// Ratings found to be mistakes; they count nowhere else.
    pub wrong: i64,
    /// Bad ratings that opened a task.
    pub opened: i64,
    /// Of these, answered …
    pub answered: i64,
    /// … in time.
    pub in_time: i64,
}

impl Tally {
    /// A first rating.
    pub fn first(stars: u8) -> Self {
        let mut tally = Self::default();
        if let Some(slot) = usize::from(stars).checked_sub(1).and_then(|index| tally.stars.get_mut(index)) {
            *slot = 1;
        }
        tally
    }

    /// All first ratings.
    pub fn rated(&self) -> i64 {
        self.stars.iter().sum()
    }

    /// Ratings of three stars and more (好评).
    pub fn good(&self) -> i64 {
        self.stars[2..].iter().sum()
    }

    /// Ratings of two stars and fewer (差评).
    pub fn bad(&self) -> i64 {
        self.stars[..2].iter().sum()
    }

    /// Cases that ended and were not rated.
    pub fn silent(&self) -> i64 {
        (self.asked - self.rated()).max(0)
    }

    /// What undoes this.
    pub fn undone(&self) -> Self {
        Self {
            asked: -self.asked,
            stars: self.stars.map(|n| -n),
            followups: -self.followups,
            wrong: -self.wrong,
            opened: -self.opened,
            answered: -self.answered,
            in_time: -self.in_time,
        }
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            asked: self.asked + other.asked,
            stars: std::array::from_fn(|i| self.stars[i] + other.stars[i]),
            followups: self.followups + other.followups,
            wrong: self.wrong + other.wrong,
            opened: self.opened + other.opened,
            answered: self.answered + other.answered,
            in_time: self.in_time + other.in_time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_not_praise() {
        let tally = Tally { asked: 10, ..Tally::first(5) };
        assert_eq!((tally.rated(), tally.good(), tally.bad(), tally.silent()), (1, 1, 0, 9));
    }

    #[test]
    fn what_is_undone_counts_nothing() {
        let tally = Tally { opened: 1, ..Tally::first(2) };
        assert_eq!(tally.plus(&tally.undone()), Tally::default());
        assert_eq!(Tally::first(0), Tally::default());
    }
}
