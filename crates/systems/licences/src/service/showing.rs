//! Showing a licence by a code: the holder says to whom, what for, how much, until when and how often (M-DATA-08.10).

use access::Actor;
use base::{Error, Result, new_id, random_token};
use bytes::Bytes;
use chrono::{Duration, NaiveDate};
use db::Idempotency;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::model::presentation::{DIGITS, LONGEST_DAYS, MOST_LOOKS, closed, fresh, grouped};
use crate::model::{Closed, Extent, LicenceItem, Standing, watch};
use crate::service::find::own;
use crate::service::paper::{Mark, marked_copy};
use crate::store::{self, Licence, NewUse, Showing};

const INDEX: &str = "licence_showing.code";

/// What the holder allows.
#[derive(Debug, Clone, Default)]
pub struct NewShowing<'a> {
    /// The only body that may use it; none means anybody.
    pub body: Option<Uuid>,
    /// What for.
    pub purpose: &'a str,
    /// How much: code of an [`Extent`].
    pub extent: &'a str,
    /// For how many hours.
    pub hours: i64,
    /// How many looks.
    pub looks: i64,
    /// Of the form.
    pub nonce: &'a str,
}

/// A code with what its holder sees of it.
#[derive(Debug, Clone)]
pub struct ShowingView {
    /// As stored.
    pub row: Showing,
    /// The digits.
    pub code: String,
    /// Why it opens nothing any more.
    pub closed: Option<Closed>,
    /// What it opens.
    pub extent: Extent,
}

/// Makes a code for a licence of one's own.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's, [`base::Kind::Invalid`] naming the fields, [`base::Kind::Conflict`] when the
/// licence is not in force.
pub async fn allow(platform: &Platform, actor: &Actor, licence: Uuid, new: NewShowing<'_>) -> Result<Uuid> {
    let licence = own(platform, actor, licence).await?;
    let now = platform.now();
    let mut problems = Vec::new();
    let mut say = |field: &str, message: String| problems.push(base::FieldError::new(field, message));
    let purpose = new.purpose.trim();
    if purpose.is_empty() || purpose.chars().count() > 60 {
        say("purpose", "请写明用途，最多 60 个字，对方和您都会看到。".into());
    }
    let extent = Extent::from_code(new.extent);
    if extent.is_none() {
        say("extent", "请选择对方可以看到多少。".into());
    }
    if !(1..=LONGEST_DAYS * 24).contains(&new.hours) {
        say("hours", format!("请选择有效时间，最长 {LONGEST_DAYS} 天。"));
    }
    if !(1..=i64::from(MOST_LOOKS)).contains(&new.looks) {
        say("looks", format!("使用次数在 1 到 {MOST_LOOKS} 之间。"));
    }
    let body = match new.body {
        None => None,
        Some(id) => {
            let found = organization::body(platform.db.read(), id).await?;
            if found.is_none() {
                say("body", "没有找到这个单位，请重新选择。".into());
            }
            found
        }
    };
    let (true, Some(extent)) = (problems.is_empty(), extent) else { return Err(Error::invalid(problems)) };
    if licence.standing(platform.today())? != Standing::Valid {
        return Err(Error::conflict("licences.not_in_force", "这张证照现在没有效力，不能出示。"));
    }
    let code = digits()?;
    let row = Showing {
        id: new_id(),
        licence_id: licence.id,
        party_id: licence.party_id,
        code_index: platform.vault.index(INDEX, &code),
        code_sealed: platform.vault.seal(INDEX, &code)?,
        body_id: body.as_ref().map(|body| body.id),
        body_name: body.map(|body| body.name).unwrap_or_default(),
        purpose: purpose.to_owned(),
        extent: extent.code().to_owned(),
        looks: i32::try_from(new.looks).unwrap_or(1),
        looks_left: i32::try_from(new.looks).unwrap_or(1),
        until: now + Duration::hours(new.hours),
        taken_back_at: None,
        created_at: now,
    };
    let tx = platform.db.begin().await?;
    if let Idempotency::Repeated(first) = db::idempotent(&tx, "licences.allow", new.nonce, &row.id.to_string(), now).await? {
        return first.parse().map_err(Error::internal);
    }
    store::insert_showing(&tx, &row).await?;
    let data = json!({ "purpose": row.purpose, "body": row.body_name, "extent": row.extent, "looks": row.looks, "until": row.until });
    journal::append(&tx, licence.id, actor, now, Draft::new("licences.allow", "授权出示证照", data)).await?;
    tx.commit().await?;
    Ok(row.id)
}

fn digits() -> Result<String> {
    let token = random_token()?;
    let number = u128::from_str_radix(token.get(..32).unwrap_or_default(), 16).map_err(Error::internal)?;
    Ok(format!("{:016}", number % 10u128.pow(DIGITS as u32)))
}

/// The code as people type it: digits only, full-width ones too.
fn normal(code: &str) -> String {
    code.chars().filter_map(|c| c.to_digit(10).or_else(|| ('０'..='９').position(|wide| wide == c).and_then(|n| u32::try_from(n).ok()))).map(|d| d.to_string()).take(DIGITS + 1).collect()
}

fn view(platform: &Platform, row: Showing) -> Result<ShowingView> {
    let code = platform.vault.open(INDEX, &row.code_sealed)?;
    let closed = closed(platform.now(), row.until, row.looks_left, row.taken_back_at.is_some());
    let extent = extent_of(&row)?;
    Ok(ShowingView { code, closed, extent, row })
}

fn extent_of(row: &Showing) -> Result<Extent> {
    Extent::from_code(&row.extent).ok_or_else(|| Error::internal(format!("extent {}", row.extent)))
}

/// The codes of a licence of one's own, newest first.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn showings(platform: &Platform, actor: &Actor, licence: Uuid) -> Result<Vec<ShowingView>> {
    let licence = own(platform, actor, licence).await?;
    store::showings_of(platform.db.read(), licence.id).await?.into_iter().map(|row| view(platform, row)).collect()
}

/// One code of one's own, with its licence.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn my_showing(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(ShowingView, Licence)> {
    let party = actor.party()?.party;
    let row = store::showing(platform.db.read(), id).await?.filter(|row| row.party_id == party);
    let row = row.ok_or_else(|| Error::not_found("没有找到这个出示码。"))?;
    let licence = own(platform, actor, row.licence_id).await?;
    Ok((view(platform, row)?, licence))
}

/// Takes a code back; it opens nothing from then on.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn take_back(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Uuid> {
    let (showing, licence) = my_showing(platform, actor, id).await?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    if store::take_back(&tx, showing.row.id, now).await? {
        let data = json!({ "purpose": showing.row.purpose, "body": showing.row.body_name });
        journal::append(&tx, licence.id, actor, now, Draft::new("licences.take_back", "收回出示码", data)).await?;
    }
    tx.commit().await?;
    Ok(licence.id)
}

/// What stands before a look: to whom and what for, nothing of the holder.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The code, as it was typed.
    pub code: String,
    /// Name of the type.
    pub type_name: String,
    /// The only body that may look; empty means anybody.
    pub body_name: String,
    /// What for.
    pub purpose: String,
    /// What it opens.
    pub extent: Extent,
}

/// What a code offers to whoever asks, without using a look up.
///
/// # Errors
/// [`base::Kind::NotFound`] for an unknown code, [`base::Kind::Refused`] when it opens nothing for this actor.
pub async fn offered(platform: &Platform, actor: &Actor, code: &str) -> Result<Offered> {
    let (row, licence) = found(platform, actor, code).await?;
    let extent = extent_of(&row)?;
    Ok(Offered { code: normal(code), type_name: licence.type_name, body_name: row.body_name, purpose: row.purpose, extent })
}

/// A code that opens something for this actor, and its licence.
async fn found(platform: &Platform, actor: &Actor, code: &str) -> Result<(Showing, Licence)> {
    let unknown = || Error::not_found("没有这个出示码。请核对 16 位数字，或者请持证人重新出示。");
    let code = normal(code);
    if code.len() != DIGITS {
        return Err(unknown());
    }
    let conn = platform.db.read();
    let row = store::showing_by_code(conn, platform.vault.index(INDEX, &code)).await?.ok_or_else(unknown)?;
    let shut = closed(platform.now(), row.until, row.looks_left, row.taken_back_at.is_some());
    if let Some(shut) = shut.or_else(|| elsewhere(actor, &row)) {
        return Err(Error::refused(shut.code(), shut.sentence()));
    }
    let licence = store::by_id(conn, row.licence_id).await?.ok_or_else(unknown)?;
    Ok((row, licence))
}

fn elsewhere(actor: &Actor, row: &Showing) -> Option<Closed> {
    let body = row.body_id?;
    let own = matches!(actor, Actor::Staff(staff) if staff.body == body);
    (!own).then_some(Closed::ElsewhereBody)
}

/// What a look shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Identifier of the look, by which its copy is fetched.
    pub look: Uuid,
    /// What it opens.
    pub extent: Extent,
    /// The record.
    pub licence: Licence,
    /// What it is worth today.
    pub standing: Standing,
    /// The holder: in full, or masked when only facts are shown.
    pub holder: String,
    /// Its lines; none when only facts are shown.
    pub items: Vec<LicenceItem>,
    /// What the holder allowed it for.
    pub purpose: String,
    /// Looks that are left.
    pub looks_left: i32,
}

/// Looks at a licence by its code and uses one look up. `who` is the name a visitor gives; staff have one.
///
/// # Errors
/// [`base::Kind::NotFound`] for an unknown code, [`base::Kind::Refused`] when it opens nothing for this actor,
/// [`base::Kind::Invalid`] when a visitor does not say who they are.
pub async fn look(platform: &Platform, actor: &Actor, code: &str, who: &str, nonce: &str) -> Result<Shown> {
    let name = looker(actor, who)?;
    let now = platform.now();
    // The same form sent again, or the page loaded again, is the same look.
    if let Some(first) = db::repeated(platform.db.read(), "licences.look", nonce).await? {
        return again(platform, actor, first.parse().map_err(Error::internal)?, code).await;
    }
    let (row, licence) = found(platform, actor, code).await?;
    let tx = platform.db.begin().await?;
    if !store::take_look(&tx, row.id, now).await? {
        return Err(Error::refused(Closed::UsedUp.code(), Closed::UsedUp.sentence()));
    }
    let purpose = format!("凭出示码查看（{}）", row.purpose);
    let off_hours = watch::off_hours(platform.calendar, now);
    let used = NewUse { licence: &licence, actor, name: &name, purpose: &purpose, showing: Some(row.id), at: now, off_hours };
    let look = store::log_use(&tx, used).await?;
    db::claim_later(&tx, "licences.look", nonce, &look.to_string(), now).await?;
    let data = json!({ "by": name, "purpose": row.purpose, "extent": row.extent });
    journal::append(&tx, licence.id, actor, now, Draft::new("licences.look", "凭出示码查看证照", data)).await?;
    tx.commit().await?;
    shown(platform, look, &row, licence, row.looks_left - 1)
}

fn looker(actor: &Actor, who: &str) -> Result<String> {
    match actor {
        Actor::Staff(staff) => Ok(format!("{} {}", staff.body_name, staff.name)),
        _ => {
            let who = who.trim();
            if who.chars().count() < 2 || who.chars().count() > 40 {
                return Err(Error::field("who", "请写明您的单位和姓名（2 到 40 个字），持证人会看到。"));
            }
            Ok(format!("{who}（自述）"))
        }
    }
}

async fn again(platform: &Platform, actor: &Actor, look: Uuid, code: &str) -> Result<Shown> {
    let (row, licence, _) = looked(platform, actor, look, code).await?;
    let left = row.looks_left;
    shown(platform, look, &row, licence, left)
}

/// A look that is still fresh, by the code it was made with.
async fn looked(platform: &Platform, actor: &Actor, look: Uuid, code: &str) -> Result<(Showing, Licence, store::Look)> {
    let gone = || Error::not_found("这次查看已经结束，请持证人重新出示。");
    let conn = platform.db.read();
    let used = store::look(conn, look).await?.ok_or_else(gone)?;
    let row = store::showing_by_code(conn, platform.vault.index(INDEX, &normal(code))).await?.ok_or_else(gone)?;
    if used.showing_id != Some(row.id) || !fresh(platform.now(), used.at) {
        return Err(gone());
    }
    let shut = row.taken_back_at.map(|_| Closed::TakenBack).or_else(|| elsewhere(actor, &row));
    if let Some(shut) = shut {
        return Err(Error::refused(shut.code(), shut.sentence()));
    }
    let licence = store::by_id(conn, used.licence_id).await?.ok_or_else(gone)?;
    Ok((row, licence, used))
}

fn shown(platform: &Platform, look: Uuid, row: &Showing, licence: Licence, looks_left: i32) -> Result<Shown> {
    let extent = extent_of(row)?;
    let vault = &platform.vault;
    let (holder, items) = match extent {
        Extent::Facts => (licence.holder_shown.clone(), Vec::new()),
        Extent::Full | Extent::Copy => {
            (vault.open("licence.holder_name", &licence.holder_name)?, serde_json::from_str(&vault.open("licence.items", &licence.items)?)?)
        }
    };
    Ok(Shown { look, extent, standing: licence.standing(platform.today())?, holder, items, purpose: row.purpose.clone(), looks_left, licence })
}

/// The copy that belongs to a look, with the use written across it.
///
/// # Errors
/// [`base::Kind::NotFound`] when the look is over, [`base::Kind::Refused`] when the holder allowed no copy.
pub async fn copy(platform: &Platform, actor: &Actor, look: Uuid, code: &str) -> Result<(Licence, Bytes)> {
    let (row, licence, used) = looked(platform, actor, look, code).await?;
    if extent_of(&row)? != Extent::Copy {
        return Err(Error::refused("licences.no_copy", "持证人没有允许下载副本。"));
    }
    let now = platform.now();
    let code = normal(code);
    let tail = code.get(code.len().saturating_sub(4)..).unwrap_or_default();
    let today: NaiveDate = platform.today();
    let mark = Mark { purpose: &row.purpose, user: &used.actor_name, day: &today.to_string(), code: &format!("…{tail}") };
    let bytes = marked_copy(platform, &licence, &mark).await?;
    let purpose = format!("下载带水印的副本（{}）", row.purpose);
    let off_hours = watch::off_hours(platform.calendar, now);
    let tx = platform.db.begin().await?;
    store::log_use(&tx, NewUse { licence: &licence, actor, name: &used.actor_name, purpose: &purpose, showing: Some(row.id), at: now, off_hours }).await?;
    journal::append(&tx, licence.id, actor, now, Draft::new("licences.copy", "下载带水印的证照副本", json!({ "by": used.actor_name, "purpose": row.purpose }))).await?;
    tx.commit().await?;
    Ok((licence, bytes))
}

/// The digits in groups, for people.
pub fn readable(code: &str) -> String {
    grouped(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_people_type_them() {
        assert_eq!(normal("1234 5678-９０１２ 3456"), "1234567890123456");
        assert_eq!(digits().unwrap().len(), DIGITS);
    }
}
