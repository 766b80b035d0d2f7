//! A calendar of working days, made from the days that differ from "Monday to Friday work".

use chrono::{Datelike, NaiveDate, Weekday};
use std::{collections::BTreeMap, sync::LazyLock};

const EMBEDDED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../data/calendar/guangxi.csv"
));

/// Longest calendar accepted, so that a slip in a date cannot fill the memory.
const LONGEST: usize = 200 * 366;

/// Which days are worked, between a first and a last covered day.
///
/// Counts are made once, so a question costs a look-up, however far apart its days are.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    first: NaiveDate,
    last: NaiveDate,
    /// For each covered day the number of working days from the first covered day up to and including it.
    counts: Vec<u32>,
    /// Every working day in order.
    workdays: Vec<NaiveDate>,
    special: BTreeMap<NaiveDate, SpecialDay>,
    provisional_from: Option<NaiveDate>,
}

/// A day that a notice made different from its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// Worked although a weekend day (调休上班), or free although a weekday.
    pub works: bool,
    /// The holiday that causes it, `春节`.
    pub occasion: String,
    /// How sure.
    pub certainty: Certainty,
}

/// How sure a special day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// A published notice names the day.
    Notice,
    /// It follows from the rule; the notice was not seen.
    Rule,
    /// A guess until the notice is out.
    Provisional,
}

/// A day outside the covered ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("日期超出工作日历范围（{first}至{last}），请先更新工作日历")]
pub struct OutOfRange {
    /// First covered day.
    pub first: NaiveDate,
    /// Last covered day.
    pub last: NaiveDate,
}

/// Why a calendar file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A row is not `calendar,date,kind,occasion,certainty` with known words and a real date.
    #[error("工作日历第{line}行无法识别，应为“日历,日期,类别,节日,依据”，请改正")]
    Row {
        /// 1-based line number.
        line: usize,
    },
    /// No `first` and `last` row, or in the wrong order, or too far apart.
    #[error("工作日历缺少有效的起止日期（first、last），请补充")]
    Range,
}

impl Calendar {
    /// The national calendar, embedded.
    pub fn national() -> &'static Self {
        // That the embedded file is readable is proved by a test; an empty calendar would refuse every question.
        static NATIONAL: LazyLock<Calendar> =
            LazyLock::new(|| Calendar::from_csv(EMBEDDED, &["national"]).unwrap_or_default());
        &NATIONAL
    }

    /// The calendar of Guangxi, embedded: the national one with the days of 壮族三月三 laid over it.
    pub fn guangxi() -> &'static Self {
        static GUANGXI: LazyLock<Calendar> = LazyLock::new(|| {
            Calendar::from_csv(EMBEDDED, &["national", "guangxi"]).unwrap_or_default()
        });
        &GUANGXI
    }

    /// Reads `calendar,date,kind,occasion,certainty` rows below a heading. Rows of the named `layers` count; a later layer
    /// overrides an earlier one, as a regional notice does with the national one.
    ///
    /// Kinds: `first` and `last` covered day, `provisional` (everything from this day on), `free`, `work`.
    pub fn from_csv(csv: &str, layers: &[&str]) -> Result<Self, CalendarError> {
        let mut rows = Vec::new();
        for (index, line) in csv
            .lines()
            .enumerate()
            .skip(1)
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let row = Row::parse(line).ok_or(CalendarError::Row { line: index + 1 })?;
            if let Some(layer) = layers.iter().position(|&name| name == row.calendar) {
                rows.push((layer, row));
            }
        }
        rows.sort_by_key(|&(layer, _)| layer); // stable: the order inside a layer stays

        let (mut first, mut last, mut provisional_from) = (None, None, None);
        let mut special = BTreeMap::new();
        for (_, row) in rows {
            match row.kind {
                Kind::First => first = Some(row.date),
                Kind::Last => last = Some(row.date),
                Kind::Provisional => provisional_from = Some(row.date),
                Kind::Special(day) => {
                    special.insert(row.date, day);
                }
            }
        }
        let (Some(first), Some(last)) = (first, last) else {
            return Err(CalendarError::Range);
        };
        let length =
            usize::try_from((last - first).num_days() + 1).map_err(|_| CalendarError::Range)?;
        if !(1..=LONGEST).contains(&length) {
            return Err(CalendarError::Range);
        }
        let mut calendar = Self {
            first,
            last,
            counts: Vec::with_capacity(length),
            workdays: Vec::new(),
            special,
            provisional_from,
        };
        let mut count = 0;
        for date in first.iter_days().take(length) {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            if calendar
                .special
                .get(&date)
                .map_or(!weekend, |day| day.works)
            {
                count += 1;
                calendar.workdays.push(date);
            }
            calendar.counts.push(count);
        }
        Ok(calendar)
    }

    /// First and last covered day.
    pub fn range(&self) -> (NaiveDate, NaiveDate) {
        (self.first, self.last)
    }

    /// Is the day covered?
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.count(date).is_ok()
    }

    /// Is the day worked?
    pub fn is_workday(&self, date: NaiveDate) -> Result<bool, OutOfRange> {
        self.count(date)?;
        Ok(self.workdays.binary_search(&date).is_ok())
    }

    /// May a notice still change this day?
    pub fn is_provisional(&self, date: NaiveDate) -> bool {
        self.provisional_from.is_some_and(|from| date >= from)
            || self
                .special(date)
                .is_some_and(|day| day.certainty == Certainty::Provisional)
    }

    /// Why the day differs from its weekday, if it does.
    pub fn special(&self, date: NaiveDate) -> Option<&SpecialDay> {
        self.special.get(&date)
    }

    /// The `days`-th working day after `date`; the day of the event itself is not counted. Zero days give `date` back.
    pub fn add(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, OutOfRange> {
        let before = self.count(date)?;
        let Some(further) = days.checked_sub(1) else {
            return Ok(date);
        };
        let index = usize::try_from(u64::from(before) + u64::from(further))
            .map_err(|_| self.out_of_range())?;
        self.workdays
            .get(index)
            .copied()
            .ok_or_else(|| self.out_of_range())
    }

    /// Working days after `from` up to and including `to`; negative when `to` is earlier.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Result<i64, OutOfRange> {
        Ok(i64::from(self.count(to)?) - i64::from(self.count(from)?))
    }

    /// The first working day after `date`.
    pub fn next(&self, date: NaiveDate) -> Result<NaiveDate, OutOfRange> {
        self.add(date, 1)
    }

    /// `date` itself when it is worked, else the first working day after it (民法典 203).
    pub fn on_or_after(&self, date: NaiveDate) -> Result<NaiveDate, OutOfRange> {
        if self.is_workday(date)? {
            Ok(date)
        } else {
            self.next(date)
        }
    }

    /// The error that names the covered days.
    pub(crate) fn out_of_range(&self) -> OutOfRange {
        OutOfRange {
            first: self.first,
            last: self.last,
        }
    }

    /// Working days from the first covered day up to and including `date`.
    fn count(&self, date: NaiveDate) -> Result<u32, OutOfRange> {
        usize::try_from((date - self.first).num_days())
            .ok()
            .and_then(|index| self.counts.get(index).copied())
            .ok_or_else(|| self.out_of_range())
    }
}

enum Kind {
    First,
    Last,
    Provisional,
    Special(SpecialDay),
}

struct Row<'a> {
    calendar: &'a str,
    date: NaiveDate,
    kind: Kind,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [calendar, date, kind, occasion, certainty] = cells[..] else {
            return None;
        };
        let special = |works| {
            let certainty = match certainty {
                "notice" => Certainty::Notice,
                "rule" => Certainty::Rule,
                "provisional" => Certainty::Provisional,
                _ => return None,
            };
            Some(Kind::Special(SpecialDay {
                works,
                occasion: occasion.to_owned(),
                certainty,
            }))
        };
        let kind = match kind {
            "first" => Kind::First,
            "last" => Kind::Last,
            "provisional" => Kind::Provisional,
            "free" => special(false)?,
            "work" => special(true)?,
            _ => return None,
        };
        Some(Self {
            calendar,
            date: date.parse().ok()?,
            kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const SMALL: &str = "calendar,date,kind,occasion,certainty\n\
        local,2024-01-03,work,own day,rule\n\
        all,2024-01-01,first,,\n\
        all,2024-01-10,last,,\n\
        all,2024-01-03,free,feast,notice\n\
        all,2024-01-06,work,feast,provisional\n\
        all,2024-01-08,provisional,,\n";

    #[test]
    fn reading_a_small_calendar() {
        let cal = Calendar::from_csv(SMALL, &["all"]).unwrap();
        let works: Vec<bool> = cal
            .first
            .iter_days()
            .take(10)
            .map(|d| cal.is_workday(d).unwrap())
            .collect();
        assert_eq!(
            works,
            [true, true, false, true, true, true, false, true, true, true]
        );
        assert_eq!(
            cal.special(day("2024-01-03")).map(|d| d.occasion.as_str()),
            Some("feast")
        );
        assert!(cal.is_provisional(day("2024-01-06")) && cal.is_provisional(day("2024-01-09")));
        assert!(!cal.is_provisional(day("2024-01-03")) && !cal.is_provisional(day("2024-01-07")));
        assert_eq!(cal.add(day("2024-01-02"), 0), Ok(day("2024-01-02")));
        assert_eq!(cal.next(day("2024-01-02")), Ok(day("2024-01-04")));
        assert_eq!(cal.on_or_after(day("2024-01-07")), Ok(day("2024-01-08")));
        assert_eq!(cal.between(day("2024-01-02"), day("2024-01-06")), Ok(3));
        assert_eq!(cal.between(day("2024-01-06"), day("2024-01-02")), Ok(-3));
    }

    #[test]
    fn a_later_layer_overrides_wherever_it_stands_in_the_file() {
        let cal = Calendar::from_csv(SMALL, &["all", "local"]).unwrap();
        assert_eq!(cal.is_workday(day("2024-01-03")), Ok(true));
    }

    #[test]
    fn outside_is_an_error_that_names_the_covered_days() {
        let cal = Calendar::from_csv(SMALL, &["all"]).unwrap();
        let error = OutOfRange {
            first: day("2024-01-01"),
            last: day("2024-01-10"),
        };
        assert_eq!(cal.is_workday(day("2023-12-31")), Err(error));
        assert_eq!(cal.add(day("2024-01-09"), 2), Err(error));
        assert_eq!(cal.add(day("2024-01-09"), u32::MAX), Err(error));
        assert_eq!(cal.between(day("2024-01-09"), NaiveDate::MAX), Err(error));
        assert!(error.to_string().contains("2024-01-01至2024-01-10"));
        assert!(!Calendar::default().covers(day("2024-01-01")));
    }

    #[test]
    fn files_that_cannot_be_read() {
        let read = |csv: &str| Calendar::from_csv(csv, &["all"]).map(|_| ());
        assert_eq!(read(""), Err(CalendarError::Range));
        assert_eq!(
            read("h\nall,2024-01-01,first,,\nall,2023-01-01,last,,"),
            Err(CalendarError::Range)
        );
        assert_eq!(
            read("h\nall,0001-01-01,first,,\nall,9999-01-01,last,,"),
            Err(CalendarError::Range)
        );
        for row in [
            "all,2024-01-01,first",
            "all,2024-02-30,first,,",
            "all,2024-01-01,maybe,,",
            "all,2024-01-01,free,x,",
        ] {
            assert_eq!(
                read(&format!("h\n\n{row}")),
                Err(CalendarError::Row { line: 3 }),
                "{row}"
            );
        }
    }
}
