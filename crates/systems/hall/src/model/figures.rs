//! The figures of a day, counted from what `cases` tells (M-PORT-01.35).

use base::local_date;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// Applied, decided and decided on time, on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Applications received.
    pub applied: i64,
    /// Cases decided.
    pub decided: i64,
    /// Of those, decided not later than promised.
    pub on_time: i64,
}

/// What the hall reads of a case event.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseNews {
    /// The case.
    pub case_id: Uuid,
    /// 12-digit region of the body that handles it.
    pub region: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Last day of the promise.
    #[serde(default)]
    pub promised_due: Option<NaiveDate>,
}

/// What an event adds, and to which day; nothing for events that are not counted. A decision without a promised day
/// breaks no promise.
pub fn counted(topic: &str, news: &CaseNews) -> Option<(NaiveDate, Figures)> {
    let day = local_date(news.at);
    let figures = match topic {
        "cases.submitted" => Figures { applied: 1, ..Figures::default() },
        "cases.decided" => Figures { applied: 0, decided: 1, on_time: i64::from(news.promised_due.is_none_or(|due| day <= due)) },
        _ => return None,
    };
    Some((day, figures))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(at: &str, due: Option<&str>) -> CaseNews {
        let json = serde_json::json!({ "case_id": Uuid::nil(), "region": "450300000000", "at": at, "promised_due": due, "case_no": "more is ignored" });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn days_are_those_of_china() {
        let (day, figures) = counted("cases.submitted", &news("2026-11-24T16:30:00Z", None)).unwrap();
        assert_eq!(day.to_string(), "2026-11-25");
        assert_eq!(figures, Figures { applied: 1, decided: 0, on_time: 0 });
    }

    #[test]
    fn the_promised_day_itself_is_still_on_time() {
        let on_time = |at, due| counted("cases.decided", &news(at, due)).unwrap().1.on_time;
        assert_eq!(on_time("2026-11-25T15:59:59Z", Some("2026-11-25")), 1);
        assert_eq!(on_time("2026-11-25T16:00:00Z", Some("2026-11-25")), 0);
        assert_eq!(on_time("2026-11-25T16:00:00Z", None), 1);
    }

    #[test]
    fn other_events_count_nothing() {
        for topic in ["cases.accepted", "cases.withdrawn", "cases.delivered", ""] {
            assert!(counted(topic, &news("2026-11-25T00:00:00Z", None)).is_none());
        }
    }
}
