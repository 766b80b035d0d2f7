//! The limit of a step, in working days of the region's calendar, and the days on which its lights change, as the drawing says:
//! `limit`, `yellow` and `red` on a user task. What comes earlier, the record's limit or the step's, sorts the work list.

use base::{Result, local_date};
use bpmn::Element;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;
use workdays::Light;

use crate::engine::WorkdayCalendar;
use crate::store::{self, TASK_COLUMNS, Task};
use crate::{APPLICANT, Engine};

/// Longest limit of a step, in working days.
const LONGEST: u16 = 250;
/// Working days left when the yellow light comes on, where the drawing does not say.
const YELLOW: u16 = 1;

/// Until when a step is to be done, and when its light changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The last day of the limit, which counts whole.
    pub last_day: NaiveDate,
    /// First day of the yellow light.
    pub yellow_from: NaiveDate,
    /// First day of the red light, if that comes before the limit is over.
    pub red_from: Option<NaiveDate>,
}

impl Limit {
    /// What a drawing says about a step that begins today. None for the applicant's own steps, whose time the notice to them
    /// gives, and where the calendar does not reach: no work stands still for want of a light.
    pub(crate) fn of(element: &Element, permission: &str, today: NaiveDate, calendar: &WorkdayCalendar) -> Option<Self> {
        let days = |name: &str| element.extension(name).and_then(|text| text.trim().parse::<u16>().ok());
        let limit = days("limit").filter(|days| (1..=LONGEST).contains(days) && permission != APPLICANT)?;
        let when_left = |left: u16| if left >= limit { Some(today) } else { calendar(today, limit - left) };
        Some(Self { last_day: calendar(today, limit)?, yellow_from: when_left(days("yellow").unwrap_or(YELLOW))?, red_from: days("red").and_then(when_left) })
    }

    pub(crate) fn stored(at: Option<DateTime<Utc>>, yellow: Option<&str>, red: Option<&str>) -> Option<Self> {
        let day = |text: Option<&str>| text.and_then(|t| t.parse::<NaiveDate>().ok());
        let last_day = local_date(at? - chrono::Duration::seconds(1));
        Some(Self { last_day, yellow_from: day(yellow).unwrap_or(last_day), red_from: day(red) })
    }

    /// The moment it is over.
    pub(crate) fn at(&self) -> DateTime<Utc> {
        journal::start_of_day(self.last_day.succ_opt().unwrap_or(self.last_day))
    }

    /// The light of this day.
    pub fn light(&self, today: NaiveDate) -> Light {
        if self.last_day < today || self.red_from.is_some_and(|from| from <= today) {
            Light::Red
        } else if self.yellow_from <= today {
            Light::Yellow
        } else {
            Light::Green
        }
    }

    /// The same after it has stood still from one day until another: as many working days are left as were.
    fn moved(self, since: NaiveDate, until: NaiveDate, calendar: &WorkdayCalendar) -> Option<Self> {
        let day = |day: NaiveDate| {
            if day < since {
                return Some(day);
            }
            let left = (0..=LONGEST).find(|n| counted(calendar, since, *n).is_some_and(|d| d >= day))?;
            counted(calendar, until, left)
        };
        Some(Self { last_day: day(self.last_day)?, yellow_from: day(self.yellow_from)?, red_from: self.red_from.map(day).unwrap_or_default() })
    }
}

fn counted(calendar: &WorkdayCalendar, from: NaiveDate, days: u16) -> Option<NaiveDate> {
    if days == 0 { Some(from) } else { calendar(from, days) }
}

impl Engine {
    /// Lets the limits of the open steps about a record stand still, e.g. during a special procedure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_limits(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE flow_task SET held_on = $1 WHERE business = $2 AND state IN ('open', 'waiting') AND limit_at IS NOT NULL AND held_on IS NULL";
        tx.later(Write::new(sql, [local_date(now).to_string().into(), business.into()])).await
    }

    /// Lets them run again, with as many working days as were left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_limits(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        let today = local_date(now);
        for task in store::tasks(&**tx, business).await? {
            let Some(since) = task.held_on.as_deref().and_then(|day| day.parse::<NaiveDate>().ok()) else { continue };
            let moved = task.limit().and_then(|limit| limit.moved(since, today, &self.calendar));
            tx.later(Write::new(
                "UPDATE flow_task SET held_on = NULL, limit_at = $1, yellow_from = $2, red_from = $3 WHERE id = $4",
                [
                    moved.map(|l| l.at()).into(),
                    moved.map(|l| l.yellow_from.to_string()).into(),
                    moved.and_then(|l| l.red_from).map(|d| d.to_string()).into(),
                    task.id.into(),
                ],
            ))
            .await?;
        }
        Ok(())
    }
}

/// The open steps whose light is no longer green, in the order of their identifiers after `after`; for whoever watches limits.
///
/// # Errors
/// When the database fails.
pub async fn near_limit(conn: &impl ConnectionTrait, today: NaiveDate, after: Option<Uuid>, size: u64) -> Result<Vec<Task>> {
    let sql = format!(
        "SELECT {TASK_COLUMNS} FROM flow_task WHERE state = 'open' AND yellow_from <= $1 AND held_on IS NULL AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3"
    );
    let values = [today.to_string().into(), after.into(), i64::try_from(size).unwrap_or(i64::MAX).into()];
    Ok(Task::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{Datelike, Days, Weekday};

    use super::*;

    fn weekdays() -> WorkdayCalendar {
        Arc::new(|from, days| {
            let mut day = from;
            for _ in 0..days {
                day = day.checked_add_days(Days::new(1))?;
                while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                    day = day.checked_add_days(Days::new(1))?;
                }
            }
            Some(day)
        })
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn limit(attributes: &str, permission: &str, today: &str) -> Option<Limit> {
        let xml = format!(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" id="d" targetNamespace="t"><process id="p">
               <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><userTask id="t" {attributes}/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"#
        );
        let definitions = bpmn::Definitions::parse(&xml).unwrap();
        Limit::of(definitions.processes[0].element("t").unwrap(), permission, day(today), &weekdays())
    }

    #[test]
    fn working_days_and_lights_as_drawn() {
        let limit_of = |attributes| limit(attributes, "a.work", "2026-11-24"); // a Tuesday
        let five = limit_of(r#"tongban:limit="5" tongban:yellow="3" tongban:red="1""#).unwrap();
        assert_eq!(five, Limit { last_day: day("2026-12-01"), yellow_from: day("2026-11-26"), red_from: Some(day("2026-11-30")) });
        let lights = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-28", "2026-11-30", "2026-12-02"].map(|d| five.light(day(d)));
        assert_eq!(lights, [Light::Green, Light::Green, Light::Yellow, Light::Yellow, Light::Red, Light::Red]);
        let plain = limit_of(r#"tongban:limit="2""#).unwrap();
        assert_eq!((plain.last_day, plain.yellow_from, plain.red_from), (day("2026-11-26"), day("2026-11-25"), None));
        assert_eq!(plain.light(day("2026-11-26")), Light::Yellow, "the last day still counts");
        assert_eq!(limit_of(r#"tongban:limit="1" tongban:yellow="9""#).unwrap().yellow_from, day("2026-11-24"), "yellow from the beginning");
        for nothing in ["", r#"tongban:limit="0""#, r#"tongban:limit="x""#, r#"tongban:limit="9999""#] {
            assert_eq!(limit_of(nothing), None, "{nothing}");
        }
        assert_eq!(limit(r#"tongban:limit="5""#, APPLICANT, "2026-11-24"), None, "the applicant's time is in the notice");
    }

    #[test]
    fn what_stood_still_is_given_back() {
        let five = limit(r#"tongban:limit="5" tongban:yellow="3" tongban:red="1""#, "a.work", "2026-11-24").unwrap();
        // Stopped on Friday with two working days left until Tuesday; runs on ten days later, on a Monday.
        let moved = five.moved(day("2026-11-27"), day("2026-12-07"), &weekdays()).unwrap();
        assert_eq!(moved, Limit { last_day: day("2026-12-09"), yellow_from: day("2026-11-26"), red_from: Some(day("2026-12-08")) });
        assert_eq!(five.moved(day("2026-11-27"), day("2026-11-27"), &weekdays()), Some(five), "no time passed");
        assert_eq!(five.moved(day("2026-12-03"), day("2027-01-04"), &weekdays()), Some(five), "over before");
        assert_eq!(Limit::stored(Some(five.at()), Some("2026-11-26"), Some("2026-11-30")), Some(five));
    }
}
