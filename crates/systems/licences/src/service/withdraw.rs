//! 撤销、注销.

use access::Actor;
use base::{Error, Result};
use db::Idempotency;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{LicenceState, Withdrawal};
use crate::permissions::MANAGE;
use crate::service::issue::told;
use crate::store;

/// Shortest reason that says something.
const SHORTEST_REASON: usize = 5;

/// Takes a licence out of force, with a reason that its holder can read. `nonce` makes the same form sent twice one act.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope, [`base::Kind::Invalid`] without a reason, [`base::Kind::Conflict`] when it is out
/// of force already or changed meanwhile.
pub async fn withdraw(platform: &Platform, actor: &Actor, id: Uuid, version: i64, how: Withdrawal, reason: &str, nonce: &str) -> Result<()> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let licence = store::by_id(&*tx, id).await?.ok_or_else(|| Error::not_found("没有这张证照。"))?;
    actor.require(MANAGE, &licence.target())?;
    let staff = actor.staff()?;
    if staff.own_party == Some(licence.party_id) {
        return Err(Error::forbidden("这是您本人的证照，按照回避规定请由其他工作人员处理。"));
    }
    if reason.chars().count() < SHORTEST_REASON {
        return Err(Error::field("reason", format!("请写明{}的理由和依据，持证人会看到。", how.name())));
    }
    if db::idempotent(&tx, "licences.withdraw", nonce, &id.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    if licence.state != LicenceState::Valid.as_str() {
        return Err(Error::conflict("licences.not_in_force", "这张证照已经撤销或注销，不能再次操作。请刷新页面查看最新情况。"));
    }
    store::withdraw(&tx, id, version, how.state(), reason, &staff.name, now).await?;
    let data = json!({ "identifier": licence.identifier, "reason": reason });
    for chain in [Some(id), licence.case_id].into_iter().flatten() {
        let label = format!("{}电子证照《{}》", how.name(), licence.type_name);
        journal::append(&tx, chain, actor, now, Draft::new("licences.withdraw", label, data.clone())).await?;
    }
    jobs::emit(&tx, &told(how.state().as_str(), &licence, now), now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}
