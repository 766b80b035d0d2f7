//! Hears of cases and reviews, and keeps the watched cases in step.

use async_trait::async_trait;
use base::{Result, local_date};
use chrono::NaiveDate;
use db::Tx;
use flow::Task;
use jobs::{Handler, Job};
use platform::Platform;
use serde::Deserialize;
use workdays::Light;

use crate::events::{CaseNews, ReviewNews};
use crate::model::{Rule, RuleKind, Rules, hear};
use crate::store::{self, NewAlert};

/// What is heard of cases: everything.
pub const CASE_TOPICS: &[&str] = &["cases.*"];
/// What is heard of reviews: bad ratings.
pub const REVIEW_TOPICS: &[&str] = &["reviews.opened", "reviews.answered", "reviews.closed"];

/// The subscriber to cases.
pub struct FollowCases(pub Platform);

#[derive(Deserialize)]
struct Heard<T> {
    event: T,
}

#[async_trait]
impl Handler for FollowCases {
    async fn run(&self, job: &Job) -> Result<()> {
        let Heard { event } = serde_json::from_value::<Heard<CaseNews>>(job.payload.clone())?;
        let platform = &self.0;
        let rules = store::rules(platform.db.read()).await?;
        let tx = platform.db.begin().await?;
        let mut watch = store::claim(&tx, &event).await?;
        let heard = hear(&mut watch, &event, &rules, platform.calendar)?;
        store::save(&tx, &watch).await?;
        if !heard.counted.is_empty() {
            store::add_day(&tx, (watch.body_id, &watch.body_name), &watch.region, local_date(event.at), &heard.counted).await?;
        }
        let mut found: Vec<NewAlert> = Vec::new();
        for finding in heard.findings {
            if let Some(rule) = rules.active(finding.rule) {
                found.push(alert(rule, event.case_id, finding.mark, finding.description));
            }
        }
        found.extend(slow_steps(platform, &tx, &event, &rules).await?);
        store::insert_alerts(&tx, &found, event.at).await?;
        store::clear(&tx, event.case_id, &heard.cleared, event.at).await?;
        tx.commit().await
    }
}

pub(crate) fn alert(rule: &Rule, case_id: uuid::Uuid, mark: String, description: String) -> NewAlert {
    NewAlert { case_id, rule: rule.kind, mark, level: rule.level.as_str(), description, found_by: "系统".into() }
}

/// The limit its drawing gives a step is over.
pub(crate) fn step_overdue(rule: &Rule, task: &Task, last_day: NaiveDate) -> NewAlert {
    let words = format!("环节“{}”应在 {last_day} 前办结，已超期", task.name);
    NewAlert { level: Light::Red.as_str(), ..alert(rule, task.business, task.id.to_string(), words) }
}

/// Steps of the process that took, or take, longer than the rule allows.
async fn slow_steps(platform: &Platform, tx: &Tx, news: &CaseNews, rules: &Rules) -> Result<Vec<NewAlert>> {
    let Some(rule) = rules.active(RuleKind::StepOverdue) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for task in flow::tasks(&**tx, news.case_id).await? {
        if task.permission == flow::APPLICANT || task.state == "cancelled" {
            continue; // the applicant's own time is not the body's
        }
        let until = local_date(task.done_at.unwrap_or(news.at));
        if let Some(limit) = task.limit() {
            if limit.last_day < until && task.held_on.is_none() {
                found.push(step_overdue(rule, &task, limit.last_day));
            }
            continue; // its drawing says how long it may take
        }
        let days = platform.calendar.between(local_date(task.created_at), until)?;
        if days > i64::from(rule.params.days) {
            found.push(alert(rule, news.case_id, task.id.to_string(), format!("环节“{}”用时 {days} 个工作日，超过 {} 个", task.name, rule.params.days)));
        }
    }
    Ok(found)
}

/// The subscriber to reviews.
pub struct FollowReviews(pub Platform);

#[async_trait]
impl Handler for FollowReviews {
    async fn run(&self, job: &Job) -> Result<()> {
        let Heard { event } = serde_json::from_value::<Heard<ReviewNews>>(job.payload.clone())?;
        let tx = self.0.db.begin().await?;
        let due = if event.kind == "opened" { event.due } else { None };
        store::set_rectify_due(&tx, event.case_id, due).await?;
        if due.is_none() {
            store::clear(&tx, event.case_id, &[RuleKind::ReviewUnrectified], event.at).await?;
        }
        tx.commit().await
    }
}

/// The level of a light as stored, for alerts of people.
pub(crate) fn level(rule: Option<&Rule>) -> &'static str {
    rule.map_or(Light::Yellow, |rule| rule.level).as_str()
}
