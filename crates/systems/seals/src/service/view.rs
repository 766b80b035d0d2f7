//! Looking seals up.

use access::Actor;
use base::{Error, Result};
use db::{Cursor, Page};
use gm::x509::Certificate;
use platform::Platform;
use sea_orm::sea_query::Condition;
use uuid::Uuid;

use crate::model::{Standing, State};
use crate::permissions::{APPROVE, MANAGE};
use crate::service::trust;
use crate::store::{self, Holder, Paper, Seal, Usage};

/// A seal with everything about it.
pub struct SealView {
    /// The record.
    pub seal: Seal,
    /// What it is worth now.
    pub standing: Standing,
    /// Its certificate, once made.
    pub certificate: Option<Certificate>,
    /// Who holds it or held it.
    pub holders: Vec<Holder>,
    /// Its latest uses.
    pub uses: Page<Usage>,
}

fn visible(actor: &Actor) -> Condition {
    Condition::any().add(actor.filter(MANAGE, &store::scope())).add(actor.filter(APPROVE, &store::scope()))
}

/// A seal for whoever manages seals of its body or approves them.
pub(crate) async fn in_scope(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Seal> {
    let seal = store::by_id(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有这枚印章。"))?;
    if !actor.may(MANAGE, &seal.target()) {
        actor.require(APPROVE, &seal.target())?;
    }
    Ok(seal)
}

/// The seals of the actor's scope, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(platform: &Platform, actor: &Actor, state: Option<State>, body_name: &str, after: Option<&Cursor>, size: usize) -> Result<Page<Seal>> {
    actor.staff()?;
    store::search(platform.db.read(), visible(actor), state, body_name.trim(), after, size).await
}

/// One seal.
///
/// # Errors
/// [`base::Kind::NotFound`], [`base::Kind::Forbidden`] out of scope.
pub async fn view(platform: &Platform, actor: &Actor, id: Uuid) -> Result<SealView> {
    let seal = in_scope(platform, actor, id).await?;
    let conn = platform.db.read();
    Ok(SealView {
        standing: seal.standing(platform.now())?,
        certificate: trust::certificate(platform, id).await?,
        holders: store::holders(conn, id).await?,
        uses: store::uses(conn, id, None, 10).await?,
        seal,
    })
}

/// Everything a seal was used for, newest first.
///
/// # Errors
/// As [`view`].
pub async fn uses(platform: &Platform, actor: &Actor, id: Uuid, after: Option<&Cursor>, size: usize) -> Result<(Seal, Page<Usage>)> {
    let seal = in_scope(platform, actor, id).await?;
    let uses = store::uses(platform.db.read(), id, after, size).await?;
    Ok((seal, uses))
}

/// A seal's picture, for those who may see the seal.
///
/// # Errors
/// As [`view`]; [`base::Kind::NotFound`] when it was not made.
pub async fn picture(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Vec<u8>> {
    let seal = store::by_id(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有这枚印章。"))?;
    if !may_use(platform, actor, &seal).await? {
        in_scope(platform, actor, id).await?;
    }
    Ok(store::made(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("这枚印章还没有制作。"))?.picture)
}

/// Whether the actor holds a seal: named, or through a post of its body.
///
/// # Errors
/// When the database fails.
pub async fn may_use(platform: &Platform, actor: &Actor, seal: &Seal) -> Result<bool> {
    let Actor::Staff(staff) = actor else { return Ok(false) };
    if staff.body != seal.body_id {
        return Ok(false);
    }
    let holders = store::holders(platform.db.read(), seal.id).await?;
    Ok(holders.iter().filter(|holder| holder.ended_at.is_none()).any(|holder| match holder.staff_id {
        Some(id) => id == staff.staff,
        None => holder.holder.strip_prefix("岗位：").is_some_and(|post| staff.posts.iter().any(|held| held == post)),
    }))
}

/// Documents of the actor's scope that went out without a seal, newest first.
///
/// # Errors
/// When the database fails.
pub async fn unsealed_papers(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<Paper>> {
    actor.staff()?;
    store::unsealed(platform.db.read(), visible(actor), after, size).await
}

/// The seals of the actor's body that the actor holds.
///
/// # Errors
/// When the database fails.
pub async fn held(platform: &Platform, actor: &Actor) -> Result<Vec<Seal>> {
    let staff = actor.staff()?;
    store::held(platform.db.read(), staff.body, staff.staff, &staff.posts).await
}

/// One of them.
///
/// # Errors
/// [`base::Kind::NotFound`] for a seal the actor does not hold.
pub async fn held_one(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Seal> {
    let seal = held(platform, actor).await?.into_iter().find(|seal| seal.id == id);
    seal.ok_or_else(|| Error::not_found("您没有可以使用的这枚印章。需要用印的，请联系本单位印章管理员授权。"))
}

/// A document with its seal, as anybody may see it: whose, which, when; nothing of what it says.
///
/// # Errors
/// When the database fails.
pub async fn paper_for_anybody(platform: &Platform, id: Uuid) -> Result<Option<(Paper, Option<Seal>)>> {
    let conn = platform.db.read();
    let Some(paper) = store::paper(conn, id).await? else { return Ok(None) };
    let seal = match paper.seal_id {
        Some(seal) => store::by_id(conn, seal).await?,
        None => None,
    };
    Ok(Some((paper, seal)))
}
