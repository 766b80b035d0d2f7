//! A calendar date as it stands inside a code: year, month, day, nothing more.

use std::fmt;

/// A real date of the Gregorian calendar. Ordered by time; `Display` is `YYYY-MM-DD`.
///
/// The crate has its own three-number date so that it needs no date library; convert at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ymd {
    year: u16,
    month: u8,
    day: u8,
}

impl Ymd {
    /// First day of 1970; only a fallback that checked values never reach.
    pub(crate) const EPOCH: Self = Self {
        year: 1970,
        month: 1,
        day: 1,
    };

    /// The date, or `None` when it does not exist (30 February) or its year is not 1–9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let real = (1..=9999).contains(&year) && (1..=days).contains(&day);
        real.then_some(Self { year, month, day })
    }

    /// Reads eight digits `YYYYMMDD`.
    pub(crate) fn from_digits(text: &str) -> Option<Self> {
        if !crate::text::is_digits(text, 8) {
            return None;
        }
        let number = |from, to| crate::text::part(text, from, to);
        Self::new(
            number(0, 4).parse().ok()?,
            number(4, 6).parse().ok()?,
            number(6, 8).parse().ok()?,
        )
    }

    /// Eight digits `YYYYMMDD`.
    pub(crate) fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Year, 1–9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month, 1–12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1–31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Full years from this date to `today` (周岁); `None` when this date is later than `today`.
    ///
    /// The birthday itself already counts. Where a rule counts from the day after it, ask with yesterday's date.
    pub fn full_years_until(self, today: Self) -> Option<u16> {
        if self > today {
            return None;
        }
        let birthday_passed = (today.month, today.day) >= (self.month, self.day);
        Some(today.year - self.year - u16::from(!birthday_passed))
    }
}

impl fmt::Display for Ymd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates() {
        assert!(Ymd::new(2024, 2, 29).is_some());
        assert!(Ymd::new(2000, 2, 29).is_some());
        for (y, m, d) in [
            (1900, 2, 29),
            (2023, 2, 29),
            (2023, 2, 30),
            (2023, 4, 31),
            (2023, 13, 1),
            (2023, 1, 0),
            (0, 1, 1),
        ] {
            assert!(Ymd::new(y, m, d).is_none(), "{y}-{m}-{d}");
        }
    }

    #[test]
    fn full_years() {
        let born = Ymd::new(2004, 2, 29).unwrap();
        let on = |y, m, d| born.full_years_until(Ymd::new(y, m, d).unwrap());
        assert_eq!(on(2022, 2, 28), Some(17));
        assert_eq!(on(2022, 3, 1), Some(18));
        assert_eq!(on(2004, 2, 29), Some(0));
        assert_eq!(on(2004, 2, 28), None);
    }
}
