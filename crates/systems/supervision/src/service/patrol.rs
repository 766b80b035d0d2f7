//! The patrol: every ten minutes, what the days alone bring about.

use std::collections::HashSet;

use base::Result;
use flow::Task;
use platform::Platform;
use uuid::Uuid;
use workdays::Light;

use crate::model::{RuleKind, Rules};
use crate::service::follow::{alert, step_overdue};
use crate::store::{self, DateRule, NewAlert};

/// Seconds between two patrols.
pub const PATROL_SECONDS: u64 = 600;
/// Alerts written in one transaction.
const BATCH: usize = 200;

/// Finds what came due, alerts each thing once, and counts the board anew. Reads ranges of indexes only; running it twice,
/// or on two copies at once, changes nothing. Tells how many alerts were new.
///
/// # Errors
/// When the database fails.
pub async fn patrol(platform: &Platform) -> Result<u64> {
    let (today, now) = (platform.today(), platform.now());
    let rules = store::rules(platform.db.read()).await?;
    let mut fresh = 0;
    for date_rule in &DateRule::ALL {
        let Some(rule) = rules.active(date_rule.kind) else { continue };
        loop {
            let found = store::candidates(platform.db.read(), date_rule, today, BATCH as i64).await?;
            let alerts: Vec<_> = found
                .iter()
                .map(|c| alert(rule, c.case_id, c.mark.clone(), format!("{}，期限 {}", rule.name, c.mark)))
                .collect();
            let tx = platform.db.begin().await?;
            fresh += store::insert_alerts(&tx, &alerts, now).await?;
            tx.commit().await?;
            if found.len() < BATCH {
                break;
            }
        }
    }
    fresh += steps(platform, &rules).await?;
    let tx = platform.db.begin().await?;
    store::refresh(&tx, today, now).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Steps whose own light is no longer green (their limits are in the drawings), and alerts about steps that are done.
async fn steps(platform: &Platform, rules: &Rules) -> Result<u64> {
    let (conn, now) = (platform.db.read(), platform.now());
    let mut fresh = 0;
    let mut after = None;
    loop {
        let found = flow::near_limit(conn, platform.today(), after, BATCH as u64).await?;
        after = found.last().map(|task| task.id);
        let alerts: Vec<NewAlert> = found.iter().filter_map(|task| step_alert(platform, task, rules)).collect();
        if !alerts.is_empty() {
            let tx = platform.db.begin().await?;
            fresh += store::insert_alerts(&tx, &alerts, now).await?;
            tx.commit().await?;
        }
        if found.len() < BATCH {
            break;
        }
    }
    let mut after = None;
    loop {
        let alerts = store::step_alerts(conn, after, BATCH).await?;
        after = alerts.last().map(|(id, _)| *id);
        // The mark is the task, and for a red light of its own more behind it.
        let about = |mark: &str| mark.split('/').next().and_then(|id| id.parse::<Uuid>().ok());
        let tasks: Vec<Uuid> = alerts.iter().filter_map(|(_, mark)| about(mark)).collect::<HashSet<_>>().into_iter().collect();
        let open = flow::still_open(conn, &tasks).await?;
        let over: Vec<Uuid> = alerts.iter().filter(|(_, mark)| about(mark).is_none_or(|task| !open.contains(&task))).map(|(id, _)| *id).collect();
        if !over.is_empty() {
            let tx = platform.db.begin().await?;
            store::clear_alerts(&tx, &over, now).await?;
            tx.commit().await?;
        }
        if alerts.len() < BATCH {
            return Ok(fresh);
        }
    }
}

fn step_alert(platform: &Platform, task: &Task, rules: &Rules) -> Option<NewAlert> {
    let (limit, today) = (task.limit()?, platform.today());
    if limit.last_day < today {
        return rules.active(RuleKind::StepOverdue).map(|rule| step_overdue(rule, task, limit.last_day));
    }
    let rule = rules.active(RuleKind::StepNear)?;
    let words = format!("环节“{}”应在 {} 前办结", task.name, limit.last_day);
    Some(match limit.light(today) {
        Light::Red => NewAlert { level: Light::Red.as_str(), ..alert(rule, task.business, format!("{}/red", task.id), words) },
        _ => alert(rule, task.business, task.id.to_string(), words),
    })
}
