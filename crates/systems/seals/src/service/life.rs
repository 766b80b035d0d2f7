//! 申请、制发、停用、恢复、注销、换发 and who holds a seal.

use access::{Actor, Target};
use base::{Error, FieldError, Result, local_date, new_id};
use chrono::{Datelike, Duration};
use db::{Idempotency, Tx};
use eseal::{Picture, SealTemplate};
use journal::Draft;
use platform::Platform;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::events::SealEvent;
use crate::model::{ACROSS_MM, Act, Face, Purpose, SealKind, State, draw};
use crate::permissions::{APPROVE, MANAGE};
use crate::service::trust;
use crate::store::{self, Made, Seal};

/// Shortest reason that says something.
const SHORTEST_REASON: usize = 5;
/// Longest.
const LONGEST_REASON: usize = 500;
/// Years a seal holds.
const YEARS: i32 = 5;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Application {
    /// The body.
    pub body: Uuid,
    /// [`SealKind`]
    pub kind: String,
    /// What it may be put under.
    pub purposes: Vec<String>,
    /// Whether the platform may put it under documents that acts of cases make.
    pub automatic: bool,
    /// Filing number of the physical seal.
    pub physical_no: String,
    /// Why.
    pub grounds: String,
}

/// Applies for a seal. Somebody else decides. Sent twice it is one application.
///
/// # Errors
/// [`base::Kind::Invalid`] naming the fields; [`base::Kind::Forbidden`] for another body.
pub async fn apply(platform: &Platform, actor: &Actor, application: &Application, nonce: &str) -> Result<Uuid> {
    let tx = platform.db.begin().await?;
    let id = new_id();
    match db::idempotent(&tx, "seals.apply", nonce, &id.to_string(), platform.now()).await? {
        Idempotency::Repeated(first) => return Ok(first.parse()?),
        Idempotency::First => {}
    }
    let seal = write(platform, &tx, actor, id, application, None).await?;
    tx.commit().await?;
    Ok(seal.id)
}

/// Applies for a seal in the place of one that is in force, with changed particulars or a new term (换发、变更).
///
/// # Errors
/// As [`apply`]; [`base::Kind::Refused`] when the old one is not in use.
pub async fn replace(platform: &Platform, actor: &Actor, old: Uuid, application: &Application, nonce: &str) -> Result<Uuid> {
    let tx = platform.db.begin().await?;
    let old = found(store::by_id(&*tx, old).await?)?;
    actor.require(MANAGE, &old.target())?;
    let id = new_id();
    match db::idempotent(&tx, "seals.replace", nonce, &id.to_string(), platform.now()).await? {
        Idempotency::Repeated(first) => return Ok(first.parse()?),
        Idempotency::First => {}
    }
    if old.seal_state()?.after(Act::Replace).is_none() {
        return Err(Error::refused("seals.not_in_force", "这枚印章不在使用状态，不能换发。需要印章的，请重新申请。"));
    }
    let application = Application { body: old.body_id, kind: old.kind.clone(), ..application.clone() };
    let seal = write(platform, &tx, actor, id, &application, Some(old.id)).await?;
    tx.commit().await?;
    Ok(seal.id)
}

async fn write(platform: &Platform, tx: &Tx, actor: &Actor, id: Uuid, application: &Application, replaces: Option<Uuid>) -> Result<Seal> {
    let mut errors = Vec::new();
    let body = organization::body(&**tx, application.body).await?;
    let kind = SealKind::of(&application.kind);
    if body.is_none() {
        errors.push(FieldError::new("body", "请选择用章单位。"));
    }
    if kind.is_none() {
        errors.push(FieldError::new("kind", "请选择印章种类。"));
    }
    let purposes: Vec<Purpose> = Purpose::ALL.into_iter().filter(|purpose| application.purposes.iter().any(|wanted| wanted == purpose.as_str())).collect();
    if let Some(kind) = kind {
        if purposes.is_empty() {
            errors.push(FieldError::new("purposes", "请至少选择一种可以用印的文书。"));
        } else if let Some(wrong) = purposes.iter().find(|purpose| !kind.purposes().contains(purpose)) {
            errors.push(FieldError::new("purposes", format!("{}不能用于{}，请去掉这一项。", kind.name(), wrong.name())));
        }
    }
    let physical_no = application.physical_no.trim();
    if physical_no.chars().count() > 40 || physical_no.chars().any(char::is_control) {
        errors.push(FieldError::new("physical_no", "实物印章备案编号不超过 40 个字。"));
    }
    let grounds = reason(&mut errors, "grounds", &application.grounds, "请写明申请理由，至少 5 个字。");
    let (Some(body), Some(kind), true) = (body, kind, errors.is_empty()) else { return Err(Error::invalid(errors)) };
    actor.require(MANAGE, &Target { region: &body.region, body: Some(body.id), item: None })?;
    let now = platform.now();
    let seal = Seal {
        id,
        number: None,
        kind: kind.as_str().into(),
        name: format!("{}{}", body.name, kind.name()),
        body_id: body.id,
        body_name: body.name,
        region: body.region,
        purposes: serde_json::to_string(&purposes)?,
        automatic: application.automatic,
        physical_no: physical_no.into(),
        grounds: grounds.clone(),
        replaces,
        state: State::Applied.as_str().into(),
        state_reason: grounds,
        state_by: actor.name().into(),
        state_at: now,
        applied_by: actor.id(),
        applied_by_name: actor.name().into(),
        applied_at: now,
        valid_from: None,
        valid_until: None,
        version: 1,
    };
    store::insert(tx, &seal).await?;
    journal::begins(tx, seal.id);
    let data = json!({ "kind": seal.kind, "purposes": purposes, "automatic": seal.automatic, "physical_no": seal.physical_no, "replaces": replaces, "grounds": seal.grounds });
    journal::append(tx, seal.id, actor, now, Draft::new("seals.apply", format!("申请{}", seal.name), data)).await?;
    Ok(seal)
}

fn reason(errors: &mut Vec<FieldError>, field: &str, text: &str, missing: &str) -> String {
    let text = text.trim();
    let length = text.chars().count();
    if length < SHORTEST_REASON {
        errors.push(FieldError::new(field, missing));
    } else if length > LONGEST_REASON {
        errors.push(FieldError::new(field, format!("内容不超过 {LONGEST_REASON} 个字，请精简。")));
    }
    text.to_owned()
}

fn found(seal: Option<Seal>) -> Result<Seal> {
    seal.ok_or_else(|| Error::not_found("没有这枚印章。"))
}

/// Approves an application and makes the seal: key, certificate, picture, the maker's signature; in force at once. The seal
/// it replaces ends in the same moment.
///
/// # Errors
/// [`base::Kind::Forbidden`] without the permission or for one's own application; [`base::Kind::Conflict`] when the body has
/// a seal of this kind already.
pub async fn make(platform: &Platform, actor: &Actor, id: Uuid, version: i64, remark: &str, nonce: &str) -> Result<()> {
    // Made before the transaction: the first seal of an installation founds its trust.
    let trust = trust::trust(platform).await?;
    let tx = platform.db.begin().await?;
    let (seal, first) = begin(platform, &tx, actor, id, version, Act::Make, nonce).await?;
    if !first {
        return Ok(());
    }
    let kind = seal.seal_kind()?;
    let now = platform.now();
    if let Some(old) = seal.replaces {
        let old = found(store::by_id(&*tx, old).await?)?;
        end(platform, &tx, &trust, actor, &old, Act::Replace, "已由新印章接替").await?;
    }
    let serial = store::next_serial(&tx, seal.region.get(..6).unwrap_or(&seal.region)).await?;
    let number = format!("{}{}{serial:06}", seal.region.get(..6).unwrap_or(&seal.region), kind.digits());
    let day = local_date(now);
    let until = journal::start_of_day(day.with_year(day.year() + YEARS).unwrap_or(day + Duration::days(365 * i64::from(YEARS)))) - Duration::seconds(1);
    let certificate = trust::issue_signer(platform, &tx, &trust, seal.id, &seal.name, &seal.body_name, until).await?;
    let picture = draw(&Face { body: &seal.body_name, line: kind.line(), number: &number }, &platform.fonts)?;
    let made = SealTemplate {
        id: number.clone(),
        vendor: "Tongban".into(),
        kind: 1,
        name: seal.name.clone(),
        users: vec![certificate],
        created: now.into(),
        valid_from: now.into(),
        valid_until: until.into(),
        picture: Picture { format: "PNG".into(), data: picture.clone(), width_mm: ACROSS_MM, height_mm: ACROSS_MM },
    }
    .make(&trust.maker.certificate, &*trust.maker.signer)?;
    let reason = if remark.trim().is_empty() { "同意制发" } else { remark.trim() };
    store::set_state(&tx, &seal, State::InForce, reason, actor.name(), now).await?;
    store::set_term(&tx, seal.id, &number, now, until).await?;
    store::put_made(&tx, seal.id, &Made { esl: made.to_der().to_vec(), picture }).await?;
    note(platform, &tx, actor, &seal, Act::Make, json!({ "number": number, "until": until, "remark": reason })).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Everything else that can be done to a seal: not to make it, suspend, resume, revoke.
///
/// # Errors
/// [`base::Kind::Invalid`] without a reason, [`base::Kind::Forbidden`] without the permission, [`base::Kind::Conflict`] when
/// it is in another state.
pub async fn act(platform: &Platform, actor: &Actor, id: Uuid, version: i64, act: Act, why: &str, nonce: &str) -> Result<()> {
    if matches!(act, Act::Make | Act::Replace) {
        return Err(Error::field("act", "请选择要办理的事项。"));
    }
    let mut errors = Vec::new();
    let why = reason(&mut errors, "reason", why, "请写明理由，至少 5 个字。");
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    let trust = trust::trust(platform).await?;
    let tx = platform.db.begin().await?;
    let (seal, first) = begin(platform, &tx, actor, id, version, act, nonce).await?;
    if !first {
        return Ok(());
    }
    end(platform, &tx, &trust, actor, &seal, act, &why).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Loads, authorises and checks that the act can be done; whether it is the first time.
async fn begin(platform: &Platform, tx: &Tx, actor: &Actor, id: Uuid, version: i64, act: Act, nonce: &str) -> Result<(Seal, bool)> {
    let seal = found(store::by_id(&**tx, id).await?)?;
    // The body itself may stop its seal and start it again; everything else is for the authority.
    let permission = if matches!(act, Act::Suspend | Act::Resume) && actor.may(MANAGE, &seal.target()) { MANAGE } else { APPROVE };
    actor.require(permission, &seal.target())?;
    if act == Act::Make && seal.applied_by.is_some() && seal.applied_by == actor.id() {
        return Err(Error::forbidden("自己申请的印章，要由另一位印章主管人员审批和制作。"));
    }
    if db::idempotent(tx, "seals.act", nonce, &id.to_string(), platform.now()).await? != Idempotency::First {
        return Ok((seal, false));
    }
    if seal.version != version {
        return Err(db::changed());
    }
    if seal.seal_state()?.after(act).is_none() {
        return Err(Error::conflict("seals.state", format!("这枚印章现在是“{}”，不能{}。请刷新页面查看最新情况。", seal.standing(platform.now())?.name(), act.name())));
    }
    Ok((seal, true))
}

async fn end(platform: &Platform, tx: &Tx, trust: &trust::Trust, actor: &Actor, seal: &Seal, act: Act, why: &str) -> Result<()> {
    let state = seal.seal_state()?.after(act).ok_or_else(db::changed)?;
    store::set_state(tx, seal, state, why, actor.name(), platform.now()).await?;
    if matches!(state, State::Revoked | State::Replaced) {
        trust::revoke(platform, tx, trust, seal.id).await?;
    }
    note(platform, tx, actor, seal, act, json!({ "number": seal.number, "reason": why })).await
}

async fn note(platform: &Platform, tx: &Tx, actor: &Actor, seal: &Seal, act: Act, data: Value) -> Result<()> {
    let now = platform.now();
    journal::append(tx, seal.id, actor, now, Draft::new("seals.act", format!("{}{}", act.name(), seal.name), data)).await?;
    let event = SealEvent { act: act.code().into(), seal_id: seal.id, body_id: seal.body_id, region: seal.region.clone(), at: now };
    jobs::emit(tx, &event, now).await
}

/// Lets an officer (by work number) or whoever holds a post of the body use a seal by hand.
///
/// # Errors
/// [`base::Kind::Invalid`] when there is no such officer in the body, [`base::Kind::Forbidden`] without the permission.
pub async fn hold(platform: &Platform, actor: &Actor, id: Uuid, work_no: &str, post: &str) -> Result<()> {
    let tx = platform.db.begin().await?;
    let seal = found(store::by_id(&*tx, id).await?)?;
    actor.require(MANAGE, &seal.target())?;
    let (work_no, post) = (work_no.trim(), post.trim());
    let (staff, holder) = match (work_no, post) {
        ("", "") => return Err(Error::field("work_no", "请填写用印人的工号，或者填写岗位名称。")),
        ("", post) if post.chars().count() > 40 => return Err(Error::field("post", "岗位名称不超过 40 个字。")),
        ("", post) => (None, format!("岗位：{post}")),
        (work_no, _) => {
            let staff = organization::staff_by_work_no(&*tx, work_no).await?;
            let staff = match staff {
                Some(staff) => organization::staff_actor(&*tx, staff).await?,
                None => None,
            };
            let staff = staff.filter(|staff| staff.body == seal.body_id).ok_or_else(|| Error::field("work_no", "用章单位没有这个工号的在职人员，请核对。"))?;
            (Some(staff.staff), format!("{}（{work_no}）", staff.name))
        }
    };
    let now = platform.now();
    store::add_holder(&tx, seal.id, staff, &holder, actor.name(), now).await?;
    journal::append(&tx, seal.id, actor, now, Draft::new("seals.hold", format!("授权用印：{holder}"), json!({ "staff": staff, "holder": holder }))).await?;
    tx.commit().await
}

/// Takes a seal out of somebody's hands.
///
/// # Errors
/// [`base::Kind::Forbidden`] without the permission, [`base::Kind::Conflict`] when it was taken back before.
pub async fn end_holder(platform: &Platform, actor: &Actor, id: Uuid, holder: Uuid) -> Result<()> {
    let tx = platform.db.begin().await?;
    let seal = found(store::by_id(&*tx, id).await?)?;
    actor.require(MANAGE, &seal.target())?;
    let now = platform.now();
    store::end_holder(&tx, seal.id, holder, actor.name(), now).await?;
    journal::append(&tx, seal.id, actor, now, Draft::new("seals.unhold", "收回用印授权", json!({ "holder": holder }))).await?;
    tx.commit().await
}
