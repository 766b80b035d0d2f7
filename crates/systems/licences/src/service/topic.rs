//! The process topic `licences.issue`: from a granted case to its result.

use async_trait::async_trait;
use base::{Error, Result};
use cases::model::ResultRef;
use cases::service::IssueBasis;
use catalog::model::{Effect, ResultKind};
use db::Tx;
use flow::{ServiceCall, TopicHandler};
use platform::Platform;
use serde_json::{Map, Value, json};

use crate::model::items_of;
use crate::service::issue::{IssueOrder, issue};

/// Key of the answer that says which licence is changed, renewed or issued again, by its number.
const REPLACES: &str = "licence_number";

/// Issues the result of a granted case: a licence where the item gives one, else a reference to the written decision.
pub struct IssueTopic(pub Platform);

#[async_trait]
impl TopicHandler for IssueTopic {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let basis = cases::service::issue_basis(&self.0, tx, call.business).await?;
        let spec = &basis.item_version.spec;
        // A joint approval issues for each department in turn; the drawing says under which name the department is known.
        let part = call.attributes.get("part").and_then(|name| call.variables.get(name));
        if let Some(part) = part {
            let licence = issue(&self.0, tx, &call.actor, &self.order_of_part(tx, &basis, part).await?, call.now).await?;
            let result = ResultRef { kind: "licence".into(), id: licence.id, title: licence.type_name, number: licence.number };
            cases::service::record_further_result(tx, call.business, &result).await?;
            return Ok(Map::new());
        }
        let result = match spec.results.iter().find(|result| result.kind == ResultKind::Licence) {
            Some(result) => {
                let order = IssueOrder {
                    case_id: basis.case_id,
                    case_no: basis.case_no.clone(),
                    item_id: basis.item_version.item_id,
                    type_serial: result.licence_type.clone(),
                    type_name: result.name.clone(),
                    valid_years: result.valid_years,
                    body_id: basis.body_id,
                    body_name: basis.body_name.clone(),
                    body_uscc: basis.body_uscc.clone(),
                    region: basis.region.clone(),
                    party_id: basis.party_id,
                    holder_name: basis.holder_name.clone(),
                    holder_id_type: basis.holder_id_type.clone(),
                    holder_id_number: basis.holder_id_number.clone(),
                    items: items_of(&basis.item_version.form, &basis.answers),
                    effect: result.effect,
                    replaces: basis.answers.get(REPLACES).and_then(Value::as_str).map(str::to_owned).filter(|number| !number.is_empty()),
                };
                let licence = issue(&self.0, tx, &call.actor, &order, call.now).await?;
                ResultRef { kind: "licence".into(), id: licence.id, title: licence.type_name, number: licence.number }
            }
            None => {
                // The written decision was made in this transaction, just before the process came here.
                let decision = cases::store::documents(&**tx, call.business).await?.into_iter().rev().find(|document| document.kind == "grant");
                let decision = decision.ok_or_else(|| Error::internal("a granted case without its written decision"))?;
                let title = spec.results.first().map_or(decision.title, |result| result.name.clone());
                ResultRef { kind: "document".into(), id: decision.id, title, number: decision.number }
            }
        };
        cases::service::record_result(tx, call.business, &result).await?;
        Ok(Map::from_iter([("result".to_owned(), json!({ "kind": result.kind, "id": result.id, "number": result.number }))]))
    }
}

impl IssueTopic {
    /// What a department of a joint approval issues: its own licence, under its own name.
    async fn order_of_part(&self, tx: &Tx, basis: &IssueBasis, part: &Value) -> Result<IssueOrder> {
        let text = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let unknown = || Error::internal(format!("a part of case {} without body", basis.case_no));
        let body = text("body").parse().map_err(|_| unknown())?;
        let body = organization::body(&**tx, body).await?.ok_or_else(unknown)?;
        Ok(IssueOrder {
            case_id: basis.case_id,
            case_no: basis.case_no.clone(),
            item_id: basis.item_version.item_id,
            type_serial: text("serial"),
            type_name: text("licence"),
            valid_years: part.get("years").and_then(Value::as_u64).and_then(|y| u8::try_from(y).ok()).unwrap_or(0),
            body_id: body.id,
            body_name: body.name,
            body_uscc: body.uscc,
            region: basis.region.clone(),
            party_id: basis.party_id,
            holder_name: basis.holder_name.clone(),
            holder_id_type: basis.holder_id_type.clone(),
            holder_id_number: basis.holder_id_number.clone(),
            items: items_of(&basis.item_version.form, &basis.answers),
            effect: Effect::New,
            replaces: None,
        })
    }
}
