//! Looking licences up: by anybody (verification), by their holder, by staff within their scope.

use std::collections::HashMap;

use access::Actor;
use base::{Error, Result};
use chrono::NaiveDate;
use codes::LicenceId;
use db::{Cursor, Page, Tx};
use platform::Platform;
use uuid::Uuid;

use crate::model::{LicenceItem, Standing, watch};
use crate::permissions::MANAGE;
use crate::service::issue::normal;
use crate::store::{self, Licence, NewUse, Order, Unusual, Usage, Wanted};

/// Longest text that can be an identifier or a code.
const LONGEST_QUESTION: usize = 120;

/// What anybody may learn of a licence: never a number of a person (M-DATA-08.06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it is worth today.
    pub standing: Standing,
    /// 电子证照标识
    pub identifier: String,
    /// Name of its type.
    pub type_name: String,
    /// 证照编号
    pub number: String,
    /// Issuing body.
    pub issuer: String,
    /// Holder: a firm's name, a person's name masked.
    pub holder: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none means 长期.
    pub valid_until: Option<NaiveDate>,
    /// When it was taken out of force.
    pub ended_on: Option<NaiveDate>,
    /// Identifier of the version that took its place.
    pub successor: Option<String>,
    /// How far it can be trusted: A from the source, B compared with the original.
    pub trust: String,
    /// Whether it came of a decided case or of approved stock.
    pub from_stock: bool,
}

/// What is wrong with a text that looks like an identifier but is none: a sentence for the field.
pub fn identifier_problem(question: &str) -> Option<String> {
    let question = question.trim();
    if question.is_empty() {
        return Some("请填写证照标识或核验码。".into());
    }
    if question.len() > LONGEST_QUESTION {
        return Some("内容太长，请只填写证照标识或核验码。".into());
    }
    (question.contains('.') || question.contains('．')).then(|| LicenceId::parse(question).err().map(|e| format!("{e}。"))).flatten()
}

/// Verifies by identifier or by the code of the QR; `None` when there is no such licence (查无此证).
///
/// # Errors
/// [`base::Kind::Invalid`] when the identifier's own check fails.
pub async fn verify(platform: &Platform, question: &str) -> Result<Option<Verified>> {
    if let Some(problem) = identifier_problem(question) {
        return Err(Error::field("code", problem));
    }
    let conn = platform.db.read();
    let found = match LicenceId::parse(question) {
        Ok(identifier) => store::by_identifier(conn, identifier.as_str()).await?,
        Err(_) => store::by_code(conn, &normal(question)).await?,
    };
    let Some(licence) = found else { return Ok(None) };
    let successor = match licence.successor_id {
        Some(id) => store::by_id(conn, id).await?.map(|next| next.identifier),
        None => None,
    };
    verified(platform, licence, successor).map(Some)
}

fn verified(platform: &Platform, licence: Licence, successor: Option<String>) -> Result<Verified> {
    let validity = licence.validity()?;
    Ok(Verified {
        standing: licence.standing(platform.today())?,
        issued_on: licence.issued()?,
        valid_from: validity.from,
        valid_until: validity.until,
        ended_on: licence.state_at.map(base::local_date),
        identifier: licence.identifier,
        type_name: licence.type_name,
        number: licence.number,
        issuer: licence.body_name,
        holder: licence.holder_shown,
        successor,
        trust: licence.trust,
        from_stock: licence.import_id.is_some(),
    })
}

/// Most questions answered at once.
pub const MOST_QUESTIONS: usize = 100;

/// Verifies many at once, in the order of the questions; what is no identifier and no code is simply unknown.
///
/// # Errors
/// [`base::Kind::Invalid`] when there are none or too many.
pub async fn verify_all(platform: &Platform, questions: &[String]) -> Result<Vec<Option<Verified>>> {
    if questions.is_empty() || questions.len() > MOST_QUESTIONS {
        return Err(Error::field("questions", format!("一次请查 1 到 {MOST_QUESTIONS} 张证照。")));
    }
    let asked: Vec<String> = questions.iter().map(|q| if q.len() > LONGEST_QUESTION { String::new() } else { normal(q) }).collect();
    let (identifiers, codes): (Vec<String>, Vec<String>) = asked.iter().filter(|q| !q.is_empty()).cloned().partition(|q| q.contains('.'));
    let conn = platform.db.read();
    let found = store::by_questions(conn, &identifiers, &codes).await?;
    let next: Vec<Uuid> = found.iter().filter_map(|licence| licence.successor_id).collect();
    let successors: HashMap<Uuid, String> = store::identifiers(conn, &next).await?.into_iter().collect();
    let answer = |question: &String| {
        let licence = found.iter().find(|licence| licence.identifier == *question || licence.verify_code == *question)?;
        Some(verified(platform, licence.clone(), licence.successor_id.and_then(|id| successors.get(&id).cloned())))
    };
    asked.iter().map(|question| answer(question).transpose()).collect()
}

/// A licence with what is sealed in it opened, for those who may see it.
#[derive(Debug, Clone)]
pub struct LicenceView {
    /// The record.
    pub licence: Licence,
    /// The holder's name in full.
    pub holder_name: String,
    /// Its lines.
    pub items: Vec<LicenceItem>,
    /// What it is worth today.
    pub standing: Standing,
    /// Its latest uses.
    pub uses: Vec<Usage>,
    /// All its versions, oldest first; only itself when there is one.
    pub versions: Vec<Licence>,
    /// What was proposed about it, newest first.
    pub orders: Vec<Order>,
}

async fn view(platform: &Platform, licence: Licence) -> Result<LicenceView> {
    Ok(LicenceView {
        holder_name: platform.vault.open("licence.holder_name", &licence.holder_name)?,
        items: serde_json::from_str(&platform.vault.open("licence.items", &licence.items)?)?,
        standing: licence.standing(platform.today())?,
        uses: store::uses(platform.db.read(), licence.id, 20).await?,
        versions: store::series(platform.db.read(), licence.series_id).await?,
        orders: store::orders_of(platform.db.read(), &licence).await?,
        licence,
    })
}

/// The licences of the party that is signed in, newest first.
///
/// # Errors
/// When nobody is signed in as a party.
pub async fn my_licences(platform: &Platform, actor: &Actor, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    wallet(platform, actor, &Wanted::default(), after, size).await
}

/// Some of the licences of the party that is signed in, newest first.
///
/// # Errors
/// When nobody is signed in as a party.
pub async fn wallet(platform: &Platform, actor: &Actor, wanted: &Wanted, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    store::of_party(platform.db.read(), actor.party()?.party, wanted, after, size).await
}

/// The record of a licence of one's own.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub(crate) async fn own(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Licence> {
    let party = actor.party()?.party;
    let licence = store::by_id(platform.db.read(), id).await?.filter(|l| l.party_id == party);
    licence.ok_or_else(|| Error::not_found("没有找到这张证照，请到“我的证照”里查看。"))
}

/// One licence of the party that is signed in.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's.
pub async fn mine(platform: &Platform, actor: &Actor, id: Uuid) -> Result<LicenceView> {
    view(platform, own(platform, actor, id).await?).await
}

/// One licence for staff who manage licences of its body; the view is recorded as a use.
///
/// # Errors
/// [`base::Kind::Forbidden`] out of scope.
pub async fn view_for_staff(platform: &Platform, actor: &Actor, id: Uuid) -> Result<LicenceView> {
    let licence = in_scope(platform, actor, id).await?;
    let tx = platform.db.begin().await?;
    note_use(platform, &tx, &licence, actor, "工作人员查看").await?;
    tx.commit().await?;
    view(platform, licence).await
}

/// Writes down that somebody used a licence.
pub(crate) async fn note_use(platform: &Platform, tx: &Tx, licence: &Licence, actor: &Actor, purpose: &str) -> Result<()> {
    let at = platform.now();
    let off_hours = watch::off_hours(platform.calendar, at);
    store::log_use(tx, NewUse { licence, actor, name: actor.name(), purpose, showing: None, at, off_hours }).await?;
    Ok(())
}

/// Days looked back for unusual uses.
pub const WATCHED_DAYS: i64 = 30;
/// Rows of the list of unusual uses.
const WATCHED_ROWS: u64 = 200;

/// Days on which a member of staff looked at unusually many licences of the actor's scope, or outside working time.
///
/// # Errors
/// When the actor is not staff.
pub async fn unusual(platform: &Platform, actor: &Actor) -> Result<Vec<Unusual>> {
    actor.staff()?;
    let from = platform.today() - chrono::Duration::days(WATCHED_DAYS);
    store::unusual(platform.db.read(), actor.filter(MANAGE, &store::scope()), &from.to_string(), watch::MANY, WATCHED_ROWS).await
}

/// The record of a licence for staff within their scope.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope.
pub async fn in_scope(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Licence> {
    let licence = store::by_id(platform.db.read(), id).await?.ok_or_else(|| Error::not_found("没有这张证照。"))?;
    actor.require(MANAGE, &licence.target())?;
    Ok(licence)
}

/// Licences within the actor's scope: all, newest first, or those with this number or of the holder with this number.
///
/// # Errors
/// When the actor manages no licences at all.
pub async fn search(platform: &Platform, actor: &Actor, question: &str, after: Option<&Cursor>, size: usize) -> Result<Page<Licence>> {
    actor.staff()?;
    let conn = platform.db.read();
    let visible = || actor.filter(MANAGE, &store::scope());
    let question = normal(question);
    if question.is_empty() {
        return store::scoped(conn, visible(), after, size).await;
    }
    if let Ok(identifier) = LicenceId::parse(&question) {
        let found = store::by_identifier(conn, identifier.as_str()).await?.filter(|l| actor.may(MANAGE, &l.target()));
        return Ok(Page::whole(found.into_iter().collect()));
    }
    let by_number = store::by_number(conn, visible(), &question, size).await?;
    if !by_number.items.is_empty() {
        return Ok(by_number);
    }
    store::of_holder(conn, visible(), platform.vault.index("licence.holder_id", &question), size).await
}
