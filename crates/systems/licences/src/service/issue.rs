//! Issuing a licence, in the transaction of the decision (制证与决定同步, M-DATA-08.04).

use access::Actor;
use base::{Error, Result, local_date, new_id, random_code};
use chrono::{DateTime, Datelike, Utc};
use codes::{LicenceId, Uscc, mask};
use db::Tx;
use jobs::NewJob;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::LicenceEvent;
use crate::model::{LicenceItem, LicenceState, Validity};
use crate::service::pdf::PDF_JOB;
use crate::store::{self, Licence};

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
}

/// Issues a licence of a case. Asked again for the same case and type it gives the licence that is there.
///
/// # Errors
/// [`base::Kind::Refused`] when the body's credit code or the type's serial is wrong.
pub async fn issue(platform: &Platform, tx: &Tx, actor: &Actor, order: &IssueOrder, now: DateTime<Utc>) -> Result<Licence> {
    // The issuing body defines its own types, so its credit code stands first in the type too.
    let issuer = Uscc::parse(&order.body_uscc).map_err(|e| wrong(e.to_string()))?;
    let type_code = format!("{issuer}{}", order.type_serial);
    if let Some(issued) = store::by_case(&**tx, order.case_id, &type_code).await? {
        return Ok(issued);
    }
    let licence = build(platform, tx, order, &issuer, type_code, now).await?;
    store::ensure_type(tx, &licence.type_code, &order.type_name, order.body_id, order.valid_years).await?;
    store::insert(tx, &licence).await?;
    journal::begins(tx, licence.id);
    let data = json!({
        "identifier": licence.identifier, "type": licence.type_name, "number": licence.number,
        "holder": licence.holder_shown, "holder_id": mask::citizen_id(&order.holder_id_number), "valid_until": licence.valid_until,
    });
    for chain in [order.case_id, licence.id] {
        journal::append(tx, chain, actor, now, Draft::new("licences.issue", format!("制发电子证照《{}》", licence.type_name), data.clone())).await?;
    }
    jobs::emit(tx, &told("issued", &licence, now), now).await?;
    jobs::enqueue(tx, NewJob::now(PDF_JOB, json!({ "licence": licence.id }), now).keyed(licence.id.to_string()), now).await?;
    Ok(licence)
}

fn wrong(what: String) -> Error {
    Error::refused("licences.identifier", format!("不能制发证照：{what}。请联系管理员核对机构和事项的证照类型。"))
}

async fn build(platform: &Platform, tx: &Tx, order: &IssueOrder, issuer: &Uscc, type_code: String, now: DateTime<Utc>) -> Result<Licence> {
    let today = local_date(now);
    let serial = store::next_serial(tx, &format!("{type_code}-{}", today.year())).await?;
    let identifier = LicenceId::new(&type_code, issuer, &format!("{}{serial:06}", today.format("%Y%m%d")), 1).map_err(|e| wrong(e.to_string()))?;
    let validity = Validity::years(today, order.valid_years);
    let is_firm = order.holder_id_type == "uscc";
    let vault = &platform.vault;
    let shown = |open: &str, masked: String| if is_firm { open.to_owned() } else { masked };
    Ok(Licence {
        id: new_id(),
        identifier: identifier.to_string(),
        number: format!("{}{}{}{serial:06}", order.region.get(..6).unwrap_or(&order.region), order.type_serial, today.year()),
        type_code,
        type_name: order.type_name.clone(),
        case_id: Some(order.case_id),
        case_no: Some(order.case_no.clone()),
        item_id: order.item_id,
        body_id: order.body_id,
        body_name: order.body_name.clone(),
        region: order.region.clone(),
        party_id: order.party_id,
        holder_is_firm: is_firm,
        holder_name: vault.seal("licence.holder_name", &order.holder_name)?,
        holder_shown: shown(&order.holder_name, mask::name(&order.holder_name)),
        holder_id_type: order.holder_id_type.clone(),
        holder_id: vault.seal("licence.holder_id", &order.holder_id_number)?,
        holder_id_index: vault.index("licence.holder_id", &normal(&order.holder_id_number)),
        holder_id_shown: shown(&order.holder_id_number, mask::citizen_id(&order.holder_id_number)),
        items: vault.seal("licence.items", &serde_json::to_string(&order.items)?)?,
        issued_on: today.to_string(),
        valid_from: validity.from.to_string(),
        valid_until: validity.until.map(|day| day.to_string()),
        state: LicenceState::Valid.as_str().to_owned(),
        state_reason: None,
        state_at: None,
        state_by: None,
        version: 1,
        verify_code: random_code(VERIFY_CODE_LENGTH)?,
        file_id: None,
        created_at: now,
    })
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
        at,
    }
}
