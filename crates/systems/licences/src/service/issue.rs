//! Issuing a licence, in the transaction of the decision (制证与决定同步, M-DATA-08.04), and the versions that follow it.

use access::Actor;
use base::{Error, Result, local_date, new_id, random_code};
use catalog::model::Effect;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use codes::{LicenceId, Uscc, mask};
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::LicenceEvent;
use crate::model::{Act, LicenceItem, LicenceState, TypeSpec, Validity};
use crate::service::paper;
use crate::store::{self, Licence, Turned, TypeRow};

/// Characters of the code in the QR: about a hundred bits, not to be guessed.
const VERIFY_CODE_LENGTH: usize = 20;

/// What to issue, to whom, by whom.
#[derive(Debug, Clone)]
pub struct IssueOrder {
    /// The granted case; it gives at most one licence of each type.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item.
    pub item_id: Uuid,
    /// Three-digit serial of the licence type within its body.
    pub type_serial: String,
    /// Name of the type.
    pub type_name: String,
    /// Years it holds; 0 means no end.
    pub valid_years: u8,
    /// Issuing body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its credit code.
    pub body_uscc: String,
    /// 12-digit region.
    pub region: String,
    /// The holder's party.
    pub party_id: Uuid,
    /// The holder's name.
    pub holder_name: String,
    /// `111` citizen ID, `uscc` …
    pub holder_id_type: String,
    /// The holder's number.
    pub holder_id_number: String,
    /// Lines of the licence.
    pub items: Vec<LicenceItem>,
    /// What it does to the one the holder has already …
    pub effect: Effect,
    /// … and which one, by its number, when the application says so.
    pub replaces: Option<String>,
}

/// Issues a licence of a case. Asked again for the same case and type it gives the licence that is there.
///
/// # Errors
/// [`base::Kind::Refused`] when the body's credit code or the type's serial is wrong, or there is nothing to renew.
pub async fn issue(platform: &Platform, tx: &Tx, actor: &Actor, order: &IssueOrder, now: DateTime<Utc>) -> Result<Licence> {
    // The issuing body defines its own types, so its credit code stands first in the type too.
    let issuer = Uscc::parse(&order.body_uscc).map_err(|e| wrong(e.to_string()))?;
    let type_code = format!("{issuer}{}", order.type_serial);
    if let Some(issued) = store::by_case(&**tx, order.case_id, &type_code).await? {
        return Ok(issued);
    }
    let version = store::in_force(&**tx, &type_code).await?;
    let spec = match &version {
        Some(version) => version.spec()?,
        None => TypeSpec::plain(&order.type_name, order.valid_years),
    };
    let today = local_date(now);
    let holder = HolderOf { party: order.party_id, name: &order.holder_name, id_type: &order.holder_id_type, id_number: &order.holder_id_number };
    let old = match order.effect {
        Effect::New => None,
        effect => Some(replaced(tx, order, &type_code, effect).await?),
    };
    let (identifier, number) = match &old {
        Some(old) => (next_version(old)?, old.number.clone()),
        None => fresh_numbers(tx, &spec, &type_code, &issuer, &order.type_serial, &order.region, today).await?,
    };
    let licence = Licence {
        type_code,
        type_name: order.type_name.clone(),
        case_id: Some(order.case_id),
        case_no: Some(order.case_no.clone()),
        item_id: order.item_id,
        body_id: order.body_id,
        body_name: order.body_name.clone(),
        region: order.region.clone(),
        trust: spec.trust.code().to_owned(),
        type_version: version.as_ref().map_or(0, |version| version.number),
        ..blank(platform, &identifier, number, &holder, &spec.arrange(order.items.clone()), today, spec.validity.from(today), now)?
    };
    let licence = match &old {
        Some(old) => following(tx, old, licence, act_of(order.effect), "办件准予许可，换发新版本", actor.name(), now).await?,
        None => licence,
    };
    let row = TypeRow {
        code: licence.type_code.clone(),
        name: order.type_name.clone(),
        body_id: order.body_id,
        body_name: order.body_name.clone(),
        region: order.region.clone(),
        valid_years: i32::from(order.valid_years),
        in_force: 0,
        working: 0,
    };
    store::ensure_type(tx, &row).await?;
    store::insert(tx, &licence).await?;
    journal::begins(tx, licence.id);
    let data = json!({
        "identifier": licence.identifier, "type": licence.type_name, "number": licence.number, "cause": licence.cause,
        "holder": licence.holder_shown, "holder_id": mask::citizen_id(&order.holder_id_number), "valid_until": licence.valid_until,
    });
    for chain in [order.case_id, licence.id] {
        journal::append(tx, chain, actor, now, Draft::new("licences.issue", format!("制发电子证照《{}》", licence.type_name), data.clone())).await?;
    }
    let kind = old.as_ref().map_or("issued", |_| told_as(act_of(order.effect)));
    jobs::emit(tx, &told(kind, &licence, now), now).await?;
    paper_soon(tx, &licence, now).await?;
    Ok(licence)
}

fn wrong(what: String) -> Error {
    Error::refused("licences.identifier", format!("不能制发证照：{what}。请联系管理员核对机构和事项的证照类型。"))
}

fn act_of(effect: Effect) -> Act {
    match effect {
        Effect::Renew => Act::Renew,
        Effect::Reissue => Act::Reissue,
        Effect::New | Effect::Change => Act::Change,
    }
}

/// Kind of the event that tells of an act.
pub(crate) fn told_as(act: Act) -> &'static str {
    match act {
        Act::Change => "changed",
        Act::Renew => "renewed",
        Act::Reissue => "reissued",
        Act::Suspend => "suspended",
        Act::Resume => "resumed",
        Act::Revoke => "revoked",
        Act::Cancel => "cancelled",
    }
}

/// The licence of the holder that the granted one takes the place of.
async fn replaced(tx: &Tx, order: &IssueOrder, type_code: &str, effect: Effect) -> Result<Licence> {
    let held = store::replaceable(&**tx, order.party_id, type_code).await?;
    let wanted = order.replaces.as_deref().map(normal);
    let found = held.into_iter().find(|licence| wanted.as_ref().is_none_or(|number| normal(&licence.number) == *number));
    found.ok_or_else(|| {
        let name = &order.type_name;
        let act = effect.name();
        Error::refused("licences.nothing_to_replace", format!("持证主体没有可以{act}的《{name}》（原证照不存在、已失去效力，或者编号不符），不能办理{act}。"))
    })
}

/// The identifier of the next version: the same serial, one version on.
pub(crate) fn next_version(old: &Licence) -> Result<LicenceId> {
    let id = LicenceId::parse(&old.identifier).map_err(|e| wrong(e.to_string()))?;
    let issuer = id.issuer().map_err(|e| wrong(e.to_string()))?;
    LicenceId::new(id.type_code(), &issuer, id.serial(), id.version() + 1).map_err(|e| wrong(e.to_string()))
}

/// Identifier and number of a new licence.
async fn fresh_numbers(tx: &Tx, spec: &TypeSpec, type_code: &str, issuer: &Uscc, type_serial: &str, region: &str, today: NaiveDate) -> Result<(LicenceId, String)> {
    let serial = store::next_serial(tx, &format!("{type_code}-{}", today.year())).await?;
    let identifier = LicenceId::new(type_code, issuer, &format!("{}{serial:06}", today.format("%Y%m%d")), 1).map_err(|e| wrong(e.to_string()))?;
    let number = format!("{}{}{type_serial}{}{serial:06}", spec.layout.prefix, region.get(..6).unwrap_or(region), today.year());
    Ok((identifier, number))
}

/// Who holds a licence.
pub(crate) struct HolderOf<'a> {
    pub party: Uuid,
    pub name: &'a str,
    pub id_type: &'a str,
    pub id_number: &'a str,
}

/// A new licence with everything that does not depend on where it comes from.
#[allow(clippy::too_many_arguments, reason = "the parts of a licence")]
pub(crate) fn blank(
    platform: &Platform,
    identifier: &LicenceId,
    number: String,
    holder: &HolderOf<'_>,
    items: &[LicenceItem],
    issued_on: NaiveDate,
    validity: Validity,
    now: DateTime<Utc>,
) -> Result<Licence> {
    let is_firm = holder.id_type == "uscc";
    let vault = &platform.vault;
    let shown = |open: &str, masked: String| if is_firm { open.to_owned() } else { masked };
    let id = new_id();
    Ok(Licence {
        id,
        identifier: identifier.to_string(),
        type_code: identifier.type_code().to_owned(),
        type_name: String::new(),
        number,
        case_id: None,
        case_no: None,
        item_id: Uuid::nil(),
        body_id: Uuid::nil(),
        body_name: String::new(),
        region: String::new(),
        party_id: holder.party,
        holder_is_firm: is_firm,
        holder_name: vault.seal("licence.holder_name", holder.name)?,
        holder_shown: shown(holder.name, mask::name(holder.name)),
        holder_id_type: holder.id_type.to_owned(),
        holder_id: vault.seal("licence.holder_id", holder.id_number)?,
        holder_id_index: vault.index("licence.holder_id", &normal(holder.id_number)),
        holder_id_shown: shown(holder.id_number, mask::citizen_id(holder.id_number)),
        items: vault.seal("licence.items", &serde_json::to_string(items)?)?,
        issued_on: issued_on.to_string(),
        valid_from: validity.from.to_string(),
        valid_until: validity.until.map(|day| day.to_string()),
        state: LicenceState::Valid.as_str().to_owned(),
        state_reason: None,
        state_at: None,
        state_by: None,
        version: 1,
        verify_code: random_code(VERIFY_CODE_LENGTH)?,
        series_id: id,
        cause: "new".to_owned(),
        predecessor_id: None,
        successor_id: None,
        trust: "A".to_owned(),
        type_version: 0,
        import_id: None,
        created_at: now,
    })
}

/// Links a new version to the one it takes the place of, which from now on says so to whoever verifies it.
pub(crate) async fn following(tx: &Tx, old: &Licence, new: Licence, act: Act, reason: &str, by: &str, now: DateTime<Utc>) -> Result<Licence> {
    let turned = Turned { state: LicenceState::Changed, reason, by, at: now, successor: Some(new.id) };
    store::turn(tx, old, old.version, turned).await?;
    Ok(Licence { series_id: old.series_id, predecessor_id: Some(old.id), cause: act.as_str().to_owned(), ..new })
}

/// Puts the paper of a licence into the queue, so that its holder need not wait.
pub(crate) async fn paper_soon(tx: &Tx, licence: &Licence, now: DateTime<Utc>) -> Result<()> {
    jobs::enqueue(tx, paper::job(licence.id, now), now).await
}

/// A number as it is indexed: capitals, no spaces.
pub(crate) fn normal(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

pub(crate) fn told(kind: &str, licence: &Licence, at: DateTime<Utc>) -> LicenceEvent {
    LicenceEvent {
        kind: kind.to_owned(),
        licence_id: licence.id,
        identifier: licence.identifier.clone(),
        type_name: licence.type_name.clone(),
        case_id: licence.case_id,
        party_id: licence.party_id,
        body_id: licence.body_id,
        region: licence.region.clone(),
        valid_until: licence.valid_until.clone(),
        at,
    }
}
