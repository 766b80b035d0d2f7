//! What only people can find: materials asked for outside the list, wrong fees.

use access::Actor;
use base::{Error, Result, new_id};
use db::Idempotency;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::RuleKind;
use crate::permissions::NOTICE;
use crate::service::follow::level;
use crate::service::look::not_own;
use crate::store::{self, NewAlert};

/// Records what a supervisor found on a case. `nonce` makes the same form sent twice one finding.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope and in one's own case, [`base::Kind::Invalid`] without words.
pub async fn record(platform: &Platform, actor: &Actor, case: Uuid, rule: &str, description: &str, nonce: &str) -> Result<()> {
    let now = platform.now();
    let rules = store::rules(platform.db.read()).await?;
    let tx = platform.db.begin().await?;
    let watch = store::watch(&*tx, case).await?.ok_or_else(|| Error::not_found("没有找到这个办件。"))?;
    actor.require(NOTICE, &watch.target())?;
    not_own(actor, watch.party_id)?;
    let kind = RuleKind::from_code(rule).filter(|kind| kind.is_manual()).ok_or_else(|| Error::field("rule", "请选择发现的问题。"))?;
    if description.chars().count() < 5 {
        return Err(Error::field("description", "请写清楚发现的情况，至少五个字。"));
    }
    if db::idempotent(&tx, "supervision.record", nonce, &case.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    let rule = rules.active(kind);
    let alert = NewAlert {
        case_id: case,
        rule: kind,
        mark: new_id().to_string(),
        level: level(rule),
        description: description.to_owned(),
        found_by: actor.name().to_owned(),
    };
    store::insert_alerts(&tx, &[alert], now).await?;
    let label = format!("监察发现：{}", rule.map_or("问题", |rule| rule.name.as_str()));
    journal::append(&tx, case, actor, now, Draft::new("supervision.record", label, json!({ "rule": kind.code(), "description": description }))).await?;
    tx.commit().await
}
