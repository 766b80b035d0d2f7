//! The process topic `licences.issue`: from a granted case to its result.

use async_trait::async_trait;
use base::{Error, Result};
use cases::model::ResultRef;
use catalog::model::ResultKind;
use db::Tx;
use flow::{ServiceCall, TopicHandler};
use platform::Platform;
use serde_json::{Map, Value, json};

use crate::model::items_of;
use crate::service::issue::{IssueOrder, issue};

/// Issues the result of a granted case: a licence where the item gives one, else a reference to the written decision.
pub struct IssueTopic(pub Platform);

#[async_trait]
impl TopicHandler for IssueTopic {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let basis = cases::service::issue_basis(&self.0, tx, call.business).await?;
        let spec = &basis.item_version.spec;
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
