//! What licences need to know of a granted case, and what they tell back.

use std::sync::Arc;

use base::{Error, Result};
use catalog::ItemVersion;
use forms::Answers;
use db::Tx;
use platform::Platform;
use uuid::Uuid;

use crate::model::{ResultRef, State};
use crate::service::loaded::LoadedCase;
use crate::store;

/// Everything a result is made from.
#[derive(Debug, Clone)]
pub struct IssueBasis {
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub case_no: String,
    /// The item with its results.
    pub item_version: Arc<ItemVersion>,
    /// The deciding body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its credit code.
    pub body_uscc: String,
    /// Its region.
    pub region: String,
    /// The holder.
    pub party_id: Uuid,
    /// The holder's name.
    pub holder_name: String,
    /// Kind of number.
    pub holder_id_type: String,
    /// The holder's number.
    pub holder_id_number: String,
    /// The holder's address.
    pub holder_address: String,
    /// The answers of the application.
    pub answers: Answers,
}

/// Reads what a result is made from, in the transaction of the decision.
///
/// # Errors
/// [`base::Kind::Refused`] when the case was not granted: nothing is issued without a decision (M-DATA-08.10).
pub async fn issue_basis(platform: &Platform, tx: &Tx, case_id: Uuid) -> Result<IssueBasis> {
    let case = match LoadedCase::lent(tx, case_id) {
        Some(case) => {
            case.clone().lend(tx);
            case
        }
        None => LoadedCase::load(platform, &**tx, case_id).await?,
    };
    if !matches!(case.state, State::Granted | State::Delivered) {
        return Err(Error::refused("cases.not_granted", "没有准予决定，不能制发证照。"));
    }
    let body = organization::body(&**tx, case.row.body_id).await?.ok_or_else(|| Error::internal("the deciding body is gone"))?;
    Ok(IssueBasis {
        case_id,
        case_no: case.row.case_no.clone(),
        item_version: case.item.clone(),
        body_id: body.id,
        body_name: body.name,
        body_uscc: body.uscc,
        region: case.row.region.clone(),
        party_id: case.row.party_id,
        holder_name: case.applicant.name.clone(),
        holder_id_type: case.applicant.id_type.clone(),
        holder_id_number: case.applicant.id_number.clone(),
        holder_address: case.applicant.address.clone(),
        answers: case.answers.clone(),
    })
}

/// Remembers what was issued.
///
/// # Errors
/// When the case changed meanwhile.
pub async fn record_result(tx: &Tx, case_id: Uuid, result: &ResultRef) -> Result<()> {
    if let Some(mut case) = LoadedCase::lent(tx, case_id) {
        case.row.result = Some(serde_json::to_string(result)?);
        case.lend(tx);
        return Ok(()); // whoever lent it stores it
    }
    let mut row = store::case(&**tx, case_id).await?.ok_or_else(|| Error::internal("the case is gone"))?;
    row.result = Some(serde_json::to_string(result)?);
    store::save(tx, &mut row).await
}

/// Remembers a further licence of a joint approval: the first is the case's result, and its title says how many there are.
///
/// # Errors
/// When the case changed meanwhile.
pub async fn record_further_result(tx: &Tx, case_id: Uuid, result: &ResultRef) -> Result<()> {
    let lent = LoadedCase::lent(tx, case_id);
    let row = match &lent {
        Some(case) => case.row.clone(),
        None => store::case(&**tx, case_id).await?.ok_or_else(|| Error::internal("the case is gone"))?,
    };
    let before: Option<ResultRef> = row.result.as_deref().map(serde_json::from_str).transpose()?;
    let result = match before {
        None => result.clone(),
        Some(first) => {
            let (name, count) = first.title.split_once(" 等 ").map_or((first.title.as_str(), 1), |(name, rest)| {
                (name, rest.trim_end_matches(" 本证照").parse::<u32>().unwrap_or(1))
            });
            ResultRef { title: format!("{name} 等 {} 本证照", count + 1), ..first }
        }
    };
    if let Some(case) = lent {
        case.lend(tx);
    }
    record_result(tx, case_id, &result).await
}
