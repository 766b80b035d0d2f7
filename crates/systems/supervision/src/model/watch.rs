//! The course of a case as supervision follows it from what `cases` tells. News may come twice and in any order.

use base::{Result, local_date};
use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;
use workdays::{Calendar, Light};

use crate::events::{CaseNews, Happened};
use crate::model::{DayFigures, RuleKind, Rules};

/// Days that decide lights and alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WatchDates {
    /// Last day to accept or to tell what is missing.
    pub accept_due: Option<NaiveDate>,
    /// First day of the yellow light.
    pub yellow_from: Option<NaiveDate>,
    /// Last day of the promise; none while the clock stands still.
    pub promised_due: Option<NaiveDate>,
    /// Last day of the law.
    pub statutory_due: Option<NaiveDate>,
    /// Last day of the special procedure that runs.
    pub special_due: Option<NaiveDate>,
    /// Last day to put a bad rating right.
    pub rectify_due: Option<NaiveDate>,
}

/// A watched case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body that decides.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// The applicant: nobody supervises their own case (R38).
    pub party_id: Uuid,
    /// `online` or `window`.
    pub channel: String,
    /// The last thing that happened.
    pub last: Happened,
    /// When.
    pub last_at: DateTime<Utc>,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Whether something is still to be decided.
    pub open: bool,
    /// Its days.
    pub dates: WatchDates,
}

impl Watch {
    /// A case nothing is known of but this.
    pub fn new(news: &CaseNews) -> Self {
        Self {
            case_id: news.case_id,
            case_no: news.case_no.clone(),
            item_id: news.item_id,
            item_name: news.item_name.clone(),
            body_id: news.body_id,
            body_name: news.body_name.clone(),
            region: news.region.clone(),
            party_id: news.party_id,
            channel: news.channel.clone(),
            last: Happened::Submitted,
            last_at: DateTime::<Utc>::MIN_UTC,
            submitted_at: None,
            accepted_at: None,
            decided_at: None,
            open: true,
            dates: WatchDates::default(),
        }
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: Some(self.item_id) }
    }
}

/// Something a rule found at the moment of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleKind,
    /// What it is about, so that the same thing is found once only.
    pub mark: String,
    /// In words.
    pub description: String,
}

/// What followed from one piece of news.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// What rules found.
    pub findings: Vec<Finding>,
    /// What is to be counted on the day it happened.
    pub counted: DayFigures,
    /// Rules whose alerts are over.
    pub cleared: Vec<RuleKind>,
}

/// The light of an open case; none while no clock runs.
pub fn light(today: NaiveDate, dates: &WatchDates) -> Option<Light> {
    let promised = dates.promised_due?;
    Some(if dates.statutory_due.is_some_and(|due| due < today) {
        Light::Purple
    } else if promised < today {
        Light::Red
    } else if dates.yellow_from.is_some_and(|from| from <= today) {
        Light::Yellow
    } else {
        Light::Green
    })
}

/// The first day on which at most `days` working days, or `percent` of the promise, remain.
///
/// # Errors
/// When the calendar does not reach that far.
pub fn yellow_from(accepted: NaiveDate, due: NaiveDate, days: u32, percent: u32, calendar: &Calendar) -> Result<NaiveDate> {
    let limit = calendar.between(accepted, due)?.max(0);
    let near = (limit * i64::from(percent) / 100).max(i64::from(days));
    let mut first = due;
    while first > accepted {
        let before = first.pred_opt().unwrap_or(first);
        if calendar.between(before, due)? > near {
            break;
        }
        first = before;
    }
    Ok(first)
}

/// Takes a piece of news into the watched case.
///
/// # Errors
/// When the calendar does not reach that far.
pub fn hear(watch: &mut Watch, news: &CaseNews, rules: &Rules, calendar: &Calendar) -> Result<Heard> {
    let mut heard = Heard::default();
    let day = local_date(news.at);
    let newest = (news.at, news.kind) > (watch.last_at, watch.last) || watch.last_at == DateTime::<Utc>::MIN_UTC;
    match news.kind {
        Happened::Submitted if watch.submitted_at.is_none() => {
            watch.submitted_at = Some(news.at);
            heard.counted.submitted = 1;
        }
        Happened::Accepted if watch.accepted_at.is_none() => {
            watch.accepted_at = Some(news.at);
            heard.counted.accepted = 1;
        }
        Happened::Decided if watch.decided_at.is_none() => {
            watch.decided_at = Some(news.at);
            let due = news.promised_due.or(watch.dates.promised_due);
            heard.counted.decided = 1;
            heard.counted.on_time = i64::from(due.is_none_or(|due| day <= due));
        }
        _ => {}
    }
    heard.findings = findings(watch, news, day, rules, calendar)?;
    if newest {
        watch.dates = dates_after(watch, news, day, rules, calendar)?;
        watch.open = !news.kind.ends();
        (watch.last, watch.last_at) = (news.kind, news.at);
    }
    heard.cleared = cleared_by(news.kind);
    Ok(heard)
}

fn findings(watch: &Watch, news: &CaseNews, day: NaiveDate, rules: &Rules, calendar: &Calendar) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let mut find = |rule: RuleKind, description: String| {
        if rules.active(rule).is_some() {
            found.push(Finding { rule, mark: day.to_string(), description });
        }
    };
    match news.kind {
        Happened::CorrectionRequested => {
            let days = rules.params(RuleKind::LateCorrection).days;
            if let Some(submitted) = watch.submitted_at
                && calendar.between(local_date(submitted), day)? > i64::from(days)
            {
                find(RuleKind::LateCorrection, format!("收件后超过 {days} 个工作日才告知补正"));
            }
        }
        Happened::Extended => {
            let most = rules.params(RuleKind::Extension).days;
            if let (Some(old), Some(new)) = (watch.dates.promised_due, news.promised_due) {
                if day > old {
                    find(RuleKind::Extension, "承诺期限已过才办理延期".into());
                } else if calendar.between(old, new)? > i64::from(most) {
                    find(RuleKind::Extension, format!("延期超过 {most} 个工作日"));
                }
            }
        }
        Happened::Decided => {
            let minutes = rules.params(RuleKind::LateEntry).minutes;
            let due = news.promised_due.or(watch.dates.promised_due);
            if let Some(submitted) = watch.submitted_at
                && watch.channel == "window"
                && due.is_some_and(|due| due > local_date(submitted))
                && (news.at - submitted).num_minutes() < i64::from(minutes)
            {
                find(RuleKind::LateEntry, format!("窗口登记后 {minutes} 分钟内即作出决定，疑似线下办完再补录"));
            }
        }
        _ => {}
    }
    Ok(found)
}

fn dates_after(watch: &Watch, news: &CaseNews, day: NaiveDate, rules: &Rules, calendar: &Calendar) -> Result<WatchDates> {
    let rectify_due = watch.dates.rectify_due;
    let none = WatchDates { rectify_due, ..WatchDates::default() };
    let acceptance = rules.params(RuleKind::AcceptOverdue).days;
    Ok(match news.kind {
        Happened::Submitted | Happened::Corrected => WatchDates { accept_due: Some(calendar.add(day, acceptance)?), ..none },
        Happened::Accepted | Happened::Resumed | Happened::Extended => {
            let near = rules.params(RuleKind::PromiseNear);
            let accepted = watch.accepted_at.map_or(day, local_date);
            let yellow = news.promised_due.map(|due| yellow_from(accepted, due, near.days, near.percent, calendar)).transpose()?;
            WatchDates { promised_due: news.promised_due, statutory_due: news.statutory_due, yellow_from: yellow, ..none }
        }
        Happened::Suspended => {
            let days = rules.params(RuleKind::SpecialOverlong).days;
            WatchDates { special_due: day.checked_add_days(Days::new(days.into())), ..none }
        }
        // Whoever decided keeps the days it was judged by.
        Happened::Decided | Happened::Delivered => WatchDates { accept_due: None, special_due: None, ..watch.dates },
        Happened::CorrectionRequested | Happened::NotAccepted | Happened::Withdrawn | Happened::Closed => none,
    })
}

fn cleared_by(kind: Happened) -> Vec<RuleKind> {
    use RuleKind::*;
    match kind {
        Happened::CorrectionRequested => vec![AcceptOverdue],
        Happened::Accepted => vec![AcceptOverdue],
        Happened::Resumed => vec![SpecialOverlong],
        Happened::Extended | Happened::Suspended => vec![PromiseNear, PromiseOver],
        kind if kind.ends() => vec![AcceptOverdue, PromiseNear, PromiseOver, StatutoryOver, SpecialOverlong],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests;
