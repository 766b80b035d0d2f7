//! 撤回: the applicant may withdraw until the decision, without giving a reason.

use access::Actor;
use base::Result;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::Act;
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::{LoadedCase, note};

/// Withdraws the application.
///
/// # Errors
/// When it is another's, or decided already.
pub async fn withdraw(platform: &Platform, actor: &Actor, id: Uuid, reason: &str) -> Result<()> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    case.authorise_party(actor)?;
    case.apply(Act::Withdraw)?;
    case.row.closed_at = Some(now);
    let data = json!({ "withdrawal": { "requested_at": base::local_time(now).format("%Y-%m-%dT%H:%M").to_string(), "reason": reason.trim(), "effective_on": platform.today(), "fees": "" } });
    make(platform, &tx, &case, DocumentKind::Withdrawal, data).await?;
    case.finish(platform, &tx, actor, Entry::new("cases.withdraw", "撤回申请", note(&[("reason", reason)])), Some(CaseEventKind::Withdrawn)).await?;
    platform.flow.terminate(&tx, id, "申请人撤回", actor, now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
