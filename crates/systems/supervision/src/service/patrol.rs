//! The patrol: every ten minutes, what the days alone bring about.

use base::Result;
use platform::Platform;

use crate::store::{self, DateRule};

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
                .map(|c| super::follow::alert(rule, c.case_id, c.mark.clone(), format!("{}，期限 {}", rule.name, c.mark)))
                .collect();
            let tx = platform.db.begin().await?;
            fresh += store::insert_alerts(&tx, &alerts, now).await?;
            tx.commit().await?;
            if found.len() < BATCH {
                break;
            }
        }
    }
    let tx = platform.db.begin().await?;
    store::refresh(&tx, today, now).await?;
    tx.commit().await?;
    Ok(fresh)
}
