use std::collections::BTreeSet;

use access::{Actor, Staff, Target};
use base::{Error, Result, new_id};
use chrono::NaiveDate;
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::{DEPUTY_KINDS, Span, check_deputy};
use crate::permissions::MANAGE;
use crate::store::{self, Arrangement, DeputyRow};

/// Arrangements shown at once; older ones are in the journal of the body.
const SHOWN: u64 = 100;
/// Whoever heads a body arranges for its staff.
const HEAD: &str = "cases.head";

/// A deputy to name.
#[derive(Debug, Clone)]
pub struct NewDeputy {
    /// Who is away.
    pub principal: Uuid,
    /// Who stands in.
    pub deputy: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Permissions handed on.
    pub kinds: BTreeSet<String>,
    /// Why.
    pub reason: String,
}

/// What the page of deputies shows.
#[derive(Debug, Clone)]
pub struct Deputies {
    /// Arrangements the actor may see, the latest first.
    pub rows: Vec<DeputyRow>,
    /// Whether the actor arranges for colleagues too.
    pub arranges: bool,
    /// People of the body: identifier and name.
    pub people: Vec<(Uuid, String)>,
    /// What can be handed on: permission and name.
    pub kinds: Vec<(&'static str, &'static str)>,
}

fn heads(staff: &Staff, body: Uuid) -> bool {
    let target = Target { region: &staff.region, body: Some(body), item: None };
    staff.body == body && staff.grants.iter().any(|g| (g.permission == HEAD || g.permission == MANAGE.name) && g.scope.covers(&target))
}

/// The arrangements of one's body: all for its head, otherwise one's own.
///
/// # Errors
/// When the actor is no member of staff.
pub async fn deputies(platform: &Platform, actor: &Actor) -> Result<Deputies> {
    let staff = actor.staff()?;
    let conn = platform.db.read();
    let arranges = heads(staff, staff.body);
    let own = |kind: &&(&str, &str)| arranges || staff.grants.iter().any(|g| g.permission == kind.0);
    Ok(Deputies {
        rows: store::deputies_of_body(conn, staff.body, (!arranges).then_some(staff.staff), SHOWN).await?,
        arranges,
        people: store::staff_of_body(conn, staff.body).await?.into_iter().map(|s| (s.id, s.name)).collect(),
        kinds: DEPUTY_KINDS.iter().filter(own).copied().collect(),
    })
}

/// Names a deputy for oneself, or, as the head of the body, for a colleague.
///
/// # Errors
/// When a field is wrong, both are not of one body, or the rules refuse it; see [`check_deputy`].
pub async fn name_deputy(platform: &Platform, tx: &Tx, actor: &Actor, new: &NewDeputy) -> Result<Uuid> {
    let me = actor.staff()?;
    let gone = |field: &str| Error::field(field, "请选择本单位的在岗人员。");
    let principal = store::staff(&**tx, new.principal).await?.filter(|s| s.left_on.is_none()).ok_or_else(|| gone("principal"))?;
    if principal.id != me.staff && !heads(me, principal.body_id) {
        return Err(Error::forbidden("只能为自己安排代理人；为同事安排请由单位负责人办理。"));
    }
    let deputy = store::staff(&**tx, new.deputy).await?.filter(|s| s.left_on.is_none() && s.body_id == principal.body_id);
    let deputy = deputy.ok_or_else(|| gone("deputy"))?;
    let permissions = |staff: Option<Staff>| staff.map(|s| s.grants.into_iter().map(|g| g.permission).collect::<Vec<_>>()).unwrap_or_default();
    let has = permissions(store::staff_actor(&**tx, principal.id).await?);
    let today = platform.today();
    let others: Vec<Span> = store::touching(&**tx, principal.id, deputy.id, today).await?.iter().filter_map(DeputyRow::span).collect();
    let mut deputy_has = permissions(store::staff_actor(&**tx, deputy.id).await?);
    let span = Span { principal: principal.id, deputy: deputy.id, from: new.from, to: new.to, kinds: new.kinds.clone() };
    // What the deputy does for others at the same time counts too.
    deputy_has.extend(others.iter().filter(|o| o.deputy == deputy.id && o.meets(&span)).flat_map(|o| o.kinds.iter().cloned()));
    check_deputy(&span, today, &others, &has, &deputy_has)?;
    let reason = new.reason.trim();
    if reason.chars().count() > 100 {
        return Err(Error::field("reason", "最多 100 个字，请精简。"));
    }
    let (id, now) = (new_id(), platform.now());
    let new = Arrangement { id, body: principal.body_id, span: &span, reason, named_by: actor.name(), named_at: now };
    store::insert_deputy(tx, &new, (principal.version, deputy.version)).await?;
    let data = json!({ "principal": principal.id, "deputy": deputy.id, "from": span.from, "to": span.to, "kinds": span.kinds, "reason": reason });
    let label = format!("{} 外出期间由 {} 代理", principal.name, deputy.name);
    journal::append(tx, principal.body_id, actor, now, Draft::new("organization.name_deputy", label, data)).await?;
    Ok(id)
}

/// Ends an arrangement before its time; the principal, the deputy and the head of the body may.
///
/// # Errors
/// When the actor may not, or it has ended.
pub async fn end_deputy(platform: &Platform, tx: &Tx, actor: &Actor, id: Uuid) -> Result<()> {
    let me = actor.staff()?;
    let missing = || Error::not_found("没有找到这项代理安排，请回到“外出代理”查看。");
    let row = store::deputy(&**tx, id).await?.ok_or_else(missing)?;
    if row.principal_id != me.staff && row.deputy_id != me.staff && !heads(me, row.body_id) {
        return Err(missing());
    }
    let today = platform.today();
    if !row.stands(today) {
        return Err(Error::conflict("organization.deputy_over", "这项代理已经结束。"));
    }
    store::end_deputy(tx, id, today, actor.name()).await?;
    let data = json!({ "principal": row.principal_id, "deputy": row.deputy_id, "to": today });
    let label = format!("结束 {} 由 {} 代理", row.principal_name, row.deputy_name);
    journal::append(tx, row.body_id, actor, platform.now(), Draft::new("organization.end_deputy", label, data)).await?;
    Ok(())
}
