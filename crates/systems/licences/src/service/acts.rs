//! What a body does to a licence: one proposes it with reasons, another decides (变更 延续 补发 暂扣 恢复 撤销 注销).

use access::Actor;
use base::{Error, Result, local_date, new_id};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Idempotency, Page, Tx};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{Act, LicenceItem, LicenceState, Standing, TypeSpec, Validity};
use crate::permissions::{APPROVE, MANAGE};
use crate::service::issue::{HolderOf, blank, following, next_version, told, told_as, paper_soon};
use crate::store::{self, Licence, Order, Turned};

/// Shortest reason that says something.
const SHORTEST_REASON: usize = 5;

/// What is proposed.
#[derive(Debug, Clone, Default)]
pub struct Proposal<'a> {
    /// Why; the holder can read it.
    pub reason: &'a str,
    /// What the lines say from then on (变更).
    pub items: Option<Vec<LicenceItem>>,
    /// Last day of the new version (延续); by the rule of the type when it is not said.
    pub until: Option<NaiveDate>,
    /// Version of the licence that was seen.
    pub version: i64,
    /// Of the form, so that the same form sent twice is one proposal.
    pub nonce: &'a str,
}

/// Proposes an act.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope or for one's own licence, [`base::Kind::Invalid`] without a reason,
/// [`base::Kind::Conflict`] when the act does not fit or another waits for its decision.
pub async fn propose(platform: &Platform, actor: &Actor, id: Uuid, act: Act, proposal: Proposal<'_>) -> Result<Uuid> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let licence = store::by_id(&*tx, id).await?.ok_or_else(|| Error::not_found("没有这张证照。"))?;
    actor.require(MANAGE, &licence.target())?;
    not_own(actor, &licence)?;
    let reason = proposal.reason.trim();
    if reason.chars().count() < SHORTEST_REASON {
        return Err(Error::field("reason", format!("请写明{}的理由和依据，持证人会看到。", act.name())));
    }
    let order_id = new_id();
    if let Idempotency::Repeated(first) = db::idempotent(&tx, "licences.propose", proposal.nonce, &order_id.to_string(), now).await? {
        return first.parse().map_err(Error::internal);
    }
    let standing = licence.standing(local_date(now))?;
    if !act.fits(standing) {
        let message = format!("这张证照{}，不能{}。请刷新页面查看最新情况。", standing.verdict(), act.name());
        return Err(Error::conflict("licences.act_does_not_fit", message));
    }
    if proposal.version != licence.version {
        return Err(Error::conflict("licences.changed_meanwhile", "这张证照刚刚有了变化，请刷新页面后重新操作。"));
    }
    let spec = spec_of(&tx, &licence).await?;
    let until = match act {
        Act::Renew => renewed(&spec, &licence, proposal.until, local_date(now))?.until.map(|day| day.to_string()),
        _ => licence.valid_until.clone(),
    };
    let content = match (act, proposal.items) {
        (Act::Change, Some(items)) => Some(platform.vault.seal("licence_order.content", &serde_json::to_string(&spec.arrange(items))?)?),
        (Act::Change, None) => return Err(Error::field("items", "请填写变更后的内容。")),
        _ => None,
    };
    let staff = actor.staff()?;
    let order = Order {
        id: order_id,
        licence_id: id,
        body_id: licence.body_id,
        region: licence.region.clone(),
        item_id: licence.item_id,
        title: format!("{} {}", licence.type_name, licence.number),
        act: act.as_str().to_owned(),
        reason: reason.to_owned(),
        content,
        valid_until: until,
        licence_version: licence.version,
        state: "open".to_owned(),
        proposer_id: staff.staff,
        proposer_name: staff.name.clone(),
        proposed_at: now,
        decider_name: String::new(),
        decided_at: None,
        note: String::new(),
    };
    store::insert_order(&tx, &order).await?;
    let data = json!({ "order": order.id, "act": order.act, "reason": reason });
    journal::append(&tx, id, actor, now, Draft::new("licences.propose", format!("提请{}电子证照《{}》", act.name(), licence.type_name), data)).await?;
    tx.commit().await?;
    Ok(order_id)
}

/// Nobody decides about their own licence (R38).
fn not_own(actor: &Actor, licence: &Licence) -> Result<()> {
    if actor.staff()?.own_party == Some(licence.party_id) {
        return Err(Error::forbidden("这是您本人的证照，按照回避规定请由其他工作人员处理。"));
    }
    Ok(())
}

/// What the type of a licence says now; for types nobody described, what the licence itself shows.
async fn spec_of(tx: &Tx, licence: &Licence) -> Result<TypeSpec> {
    if let Some(version) = store::in_force(&**tx, &licence.type_code).await? {
        return version.spec();
    }
    let years = store::licence_type(&**tx, &licence.type_code).await?.and_then(|row| u8::try_from(row.valid_years).ok()).unwrap_or(0);
    Ok(TypeSpec::plain(&licence.type_name, years))
}

/// The days of a renewed licence: it goes on the day after the old one ends, or today if that has passed.
fn renewed(spec: &TypeSpec, licence: &Licence, until: Option<NaiveDate>, today: NaiveDate) -> Result<Validity> {
    let old = licence.validity()?;
    let Some(end) = old.until else {
        return Err(Error::conflict("licences.long_term", "这张证照长期有效，不需要延续。"));
    };
    let next = end.succ_opt().unwrap_or(end).max(today);
    let by_rule = spec.validity.from(next);
    let until = until.or(by_rule.until);
    if until.is_some_and(|until| until <= end) {
        return Err(Error::field("until", format!("延续后的有效期要晚于现在的 {end}。")));
    }
    // What is in force today stays so without a gap: the new version counts from today.
    Ok(Validity { from: today, until })
}

/// Carries a proposal out, or gives it back.
///
/// # Errors
/// [`base::Kind::Forbidden`] to whoever proposed it, [`base::Kind::Conflict`] when it was decided or the licence changed.
pub async fn decide(platform: &Platform, actor: &Actor, order_id: Uuid, approve: bool, note: &str) -> Result<Uuid> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let missing = || Error::not_found("没有这项待审核的处理。");
    let order = store::order(&*tx, order_id).await?.ok_or_else(missing)?;
    actor.require(APPROVE, &order.target())?;
    let staff = actor.staff()?;
    if staff.staff == order.proposer_id {
        return Err(Error::forbidden("这项处理由您提请，不能由您自己审核，请交给另一位审核人员。"));
    }
    let licence = store::by_id(&*tx, order.licence_id).await?.ok_or_else(missing)?;
    not_own(actor, &licence)?;
    let note = note.trim();
    if !approve && note.chars().count() < SHORTEST_REASON {
        return Err(Error::field("note", "请写明不同意的理由。"));
    }
    let state = if approve { "done" } else { "rejected" };
    store::decide_order(&tx, order_id, state, &staff.name, note, now).await?;
    let act = order.act()?;
    let data = json!({ "order": order.id, "act": order.act, "reason": order.reason, "note": note });
    if !approve {
        journal::append(&tx, licence.id, actor, now, Draft::new("licences.reject", format!("不同意{}", act.name()), data)).await?;
        tx.commit().await?;
        return Ok(licence.id);
    }
    let result = carry_out(platform, &tx, actor, &order, &licence, act, now).await?;
    for chain in [Some(licence.id), licence.case_id].into_iter().flatten() {
        journal::append(&tx, chain, actor, now, Draft::new("licences.act", format!("{}电子证照《{}》", act.name(), licence.type_name), data.clone())).await?;
    }
    jobs::emit(&tx, &told(told_as(act), &result, now), now).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(result.id)
}

async fn carry_out(platform: &Platform, tx: &Tx, actor: &Actor, order: &Order, licence: &Licence, act: Act, now: DateTime<Utc>) -> Result<Licence> {
    let today = local_date(now);
    if order.licence_version != licence.version || !act.fits(licence.standing(today)?) {
        return Err(Error::conflict("licences.changed_meanwhile", "提请以后这张证照有了变化，请退回后重新提请。"));
    }
    let by = format!("{}、{}", order.proposer_name, actor.name());
    let state = match act {
        Act::Suspend => LicenceState::Suspended,
        Act::Resume => LicenceState::Valid,
        Act::Revoke => LicenceState::Revoked,
        Act::Cancel => LicenceState::Cancelled,
        Act::Change | Act::Renew | Act::Reissue => {
            let new = successor(platform, tx, order, licence, act, now).await?;
            let new = following(tx, licence, new, act, &order.reason, &by, now).await?;
            store::insert(tx, &new).await?;
            journal::begins(tx, new.id);
            let data = json!({ "identifier": new.identifier, "number": new.number, "cause": new.cause, "holder": new.holder_shown, "valid_until": new.valid_until });
            journal::append(tx, new.id, actor, now, Draft::new("licences.issue", format!("{}，制发电子证照《{}》", act.name(), new.type_name), data)).await?;
            paper_soon(tx, &new, now).await?;
            return Ok(new);
        }
    };
    store::turn(tx, licence, licence.version, Turned { state, reason: &order.reason, by: &by, at: now, successor: None }).await?;
    Ok(licence.clone())
}

/// The next version of a licence.
async fn successor(platform: &Platform, tx: &Tx, order: &Order, old: &Licence, act: Act, now: DateTime<Utc>) -> Result<Licence> {
    let vault = &platform.vault;
    let today = local_date(now);
    let name = vault.open("licence.holder_name", &old.holder_name)?;
    let number = vault.open("licence.holder_id", &old.holder_id)?;
    let items = match &order.content {
        Some(content) => vault.open("licence_order.content", content)?,
        None => vault.open("licence.items", &old.items)?,
    };
    let items: Vec<LicenceItem> = serde_json::from_str(&items)?;
    let until = order.valid_until.as_deref().map(|day| day.parse::<NaiveDate>().map_err(Error::internal)).transpose()?;
    let validity = match act {
        Act::Renew => Validity { from: today, until },
        _ => Validity { until, ..old.validity()? },
    };
    let holder = HolderOf { party: old.party_id, name: &name, id_type: &old.holder_id_type, id_number: &number };
    let version = store::in_force(&**tx, &old.type_code).await?;
    Ok(Licence {
        type_name: old.type_name.clone(),
        item_id: old.item_id,
        body_id: old.body_id,
        body_name: old.body_name.clone(),
        region: old.region.clone(),
        trust: old.trust.clone(),
        type_version: version.map_or(0, |version| version.number),
        ..blank(platform, &next_version(old)?, old.number.clone(), &holder, &items, today, validity, now)?
    })
}

/// A proposal with the licence it is about.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// As stored.
    pub order: Order,
    /// The licence.
    pub licence: Licence,
    /// What the licence is worth today.
    pub standing: Standing,
    /// Its lines now.
    pub items: Vec<LicenceItem>,
    /// Its lines afterwards, when they are to change.
    pub content: Option<Vec<LicenceItem>>,
}

/// A proposal for staff within their scope.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn order_view(platform: &Platform, actor: &Actor, id: Uuid) -> Result<OrderView> {
    let conn = platform.db.read();
    let missing = || Error::not_found("没有这项待审核的处理。");
    let order = store::order(conn, id).await?.ok_or_else(missing)?;
    actor.require(MANAGE, &order.target())?;
    let licence = store::by_id(conn, order.licence_id).await?.ok_or_else(missing)?;
    let vault = &platform.vault;
    let content = order.content.as_deref().map(|content| vault.open("licence_order.content", content)).transpose()?;
    Ok(OrderView {
        standing: licence.standing(platform.today())?,
        items: serde_json::from_str(&vault.open("licence.items", &licence.items)?)?,
        content: content.map(|text| serde_json::from_str(&text)).transpose()?,
        licence,
        order,
    })
}

/// Open proposals within the actor's scope, oldest first.
///
/// # Errors
/// When the actor is not staff.
pub async fn open_orders(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<Order>> {
    actor.staff()?;
    store::open_orders(platform.db.read(), actor.filter(MANAGE, &store::order_scope()), after, size).await
}
