//! Decision tables at work: asked by business rule tasks of a process, and for deciding at once (秒批).

use std::sync::Arc;

use async_trait::async_trait;
use base::{Error, Result};
use chrono::Datelike;
use codes::{CitizenId, Ymd};
use db::Tx;
use dmn::Evaluation;
use flow::{ServiceCall, Topic, TopicHandler};
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Map, Value, json};

use crate::events::CaseEventKind;
use crate::model::Act;
use crate::service::acceptance::start_clock;
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::LoadedCase;

/// Topics that ask decision tables.
pub(crate) fn topics(platform: &Platform) -> Vec<(&'static str, Topic)> {
    vec![
        (flow::DECISION_TOPIC, Topic::Local(Arc::new(Evaluate(platform.clone())))),
        ("cases.decide_at_once", Topic::Local(Arc::new(DecideAtOnce(platform.clone())))),
        ("cases.departments", Topic::Local(Arc::new(Departments(platform.clone())))),
    ]
}

/// What a table is told of a case: the answers by their keys, and under `applicant` what is known of the applicant.
fn facts(platform: &Platform, case: &LoadedCase) -> Map<String, Value> {
    let mut facts: Map<String, Value> = case.answers.clone().into_iter().collect();
    let firm = case.applicant.id_type == "uscc";
    let person = (!firm).then(|| CitizenId::parse(&case.applicant.id_number).ok()).flatten();
    let today = platform.today();
    let day = Ymd::new(
        u16::try_from(today.year()).unwrap_or_default(),
        u8::try_from(today.month()).unwrap_or_default(),
        u8::try_from(today.day()).unwrap_or_default(),
    );
    let age = person.as_ref().zip(day).and_then(|(id, day)| id.birth_date().full_years_until(day));
    let region = person.map(|id| id.to_string().chars().take(6).collect::<String>());
    facts.insert(
        "applicant".into(),
        json!({ "kind": if firm { "firm" } else { "person" }, "age": age, "region": region, "agent": case.applicant.agent.is_some() }),
    );
    if let Some(situation) = &case.situation {
        facts.insert("situation".into(), situation.facts());
    }
    facts.insert("today".into(), json!(format!("@\"{today}\"")));
    facts
}

struct Answer {
    evaluation: Evaluation,
    entry: Value,
}

/// Evaluates the table of this key that holds today. The inputs stay in the case; the journal keeps which version answered
/// what, by which rules.
async fn ask(platform: &Platform, tx: &Tx, case: &LoadedCase, key: &str) -> Result<Answer> {
    let table = designs::effective(&**tx, designs::Kind::Decision, key, platform.today()).await?;
    let table = table.ok_or_else(|| Error::refused("cases.no_table", format!("决策表“{key}”今天没有生效的版本，请转人工办理。")))?;
    let model = table.table()?;
    let decision = model.callable().last().map(str::to_owned).ok_or_else(|| Error::internal(format!("decision {key} holds no decision")))?;
    let evaluation = model.evaluate(&decision, &facts(platform, case)).map_err(|e| Error::refused("cases.table", format!("决策表“{}”不能得出结论：{e}", table.name)))?;
    let rules: Vec<Value> = evaluation
        .tables
        .iter()
        .map(|t| json!({ "table": t.element, "rules": t.matched.iter().map(|rule| rule.number).collect::<Vec<_>>() }))
        .collect();
    let entry = json!({ "decision": key, "version": table.number, "digest": table.digest, "result": evaluation.value, "hit": rules });
    Ok(Answer { evaluation, entry })
}

/// Answers a business rule task.
struct Evaluate(Platform);

#[async_trait]
impl TopicHandler for Evaluate {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let key = call.attributes.get("decision").map(String::as_str).unwrap_or_default();
        let case = LoadedCase::load(&self.0, &**tx, call.business).await?;
        let answer = ask(&self.0, tx, &case, key).await?;
        case.record(&self.0, tx, &call.actor, Entry::new("cases.rule", "按决策表判定", answer.entry), None).await?;
        Ok(Map::from_iter([("result".to_owned(), answer.evaluation.value)]))
    }
}

/// Decides at once when the table says `grant` (M-APPR-10: 秒批); anything else leaves the case to people.
struct DecideAtOnce(Platform);

#[async_trait]
impl TopicHandler for DecideAtOnce {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let platform = &self.0;
        let key = call.attributes.get("decision").map(String::as_str).unwrap_or_default();
        let mut case = LoadedCase::load(platform, &**tx, call.business).await?;
        let answer = ask(platform, tx, &case, key).await?;
        let granted = answer.evaluation.value == json!("grant");
        let said = |granted: bool| Map::from_iter([("at_once".to_owned(), Value::Bool(granted))]);
        if !granted {
            case.record(platform, tx, &call.actor, Entry::new("cases.rule", "不具备当即决定的条件，转人工办理", answer.entry), None).await?;
            return Ok(said(false));
        }
        let today = platform.today();
        case.apply(Act::Accept)?;
        case.row.accepted_at = Some(call.now);
        start_clock(platform, &mut case, today)?;
        make(platform, tx, &case, DocumentKind::Acceptance, json!({ "acceptance": { "accepted_on": today } })).await?;
        case.record(platform, tx, &call.actor, Entry::new("cases.accept", "条件全部核验通过，自动受理", answer.entry.clone()), Some(CaseEventKind::Accepted)).await?;
        case.apply(Act::Grant)?;
        case.row.decision = Some("grant".into());
        case.row.decided_at = Some(call.now);
        case.row.closed_at = Some(call.now);
        let text = format!("准予{}的“{}”申请。", case.applicant.name, case.row.item_name);
        make(platform, tx, &case, DocumentKind::Grant, json!({ "acceptance": { "accepted_on": today }, "decision": { "text": text } })).await?;
        let entry = Entry::new("cases.decide", "按决策表当即决定：准予", answer.entry);
        case.finish(platform, tx, &call.actor, entry, Some(CaseEventKind::Decided)).await?;
        Ok(said(true))
    }
}

/// The departments of a joint approval, each as `机构名称|证照名称|证照序号|有效年数` (all but the name may be left out): those that
/// stand in the drawing (`tongban:departments`, separated by `;`), or those a table names for this case (`tongban:decision`).
struct Departments(Platform);

#[async_trait]
impl TopicHandler for Departments {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let attribute = |name: &str| call.attributes.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let named = match attribute("decision") {
            Some(key) => {
                let case = LoadedCase::load(&self.0, &**tx, call.business).await?;
                let answer = ask(&self.0, tx, &case, key).await?;
                let named = texts(&answer.evaluation.value);
                case.record(&self.0, tx, &call.actor, Entry::new("cases.rule", "按决策表确定联合办理的部门", answer.entry), None).await?;
                named
            }
            None => attribute("departments").unwrap_or_default().split(';').map(str::to_owned).collect(),
        };
        let mut departments = Vec::new();
        for part in named.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
            let mut fields = part.split('|').map(str::trim);
            let name = fields.next().unwrap_or_default();
            let body = organization::body_by_name(&**tx, name).await?;
            let body = body.ok_or_else(|| Error::refused("cases.department", format!("联合办理的部门“{name}”不在机构目录中，请联系流程设计人员。")))?;
            let years: u8 = fields.clone().nth(2).and_then(|y| y.parse().ok()).unwrap_or(0);
            departments.push(json!({
                "body": body.id, "name": body.name.trim_start_matches("桂林市"), "licence": fields.next().unwrap_or_default(),
                "serial": fields.next().unwrap_or_default(), "years": years,
            }));
        }
        if departments.is_empty() {
            return Err(Error::refused("cases.no_departments", "没有确定由哪些部门联合办理，请联系流程设计人员。"));
        }
        Ok(Map::from_iter([("departments".to_owned(), Value::Array(departments))]))
    }
}

/// The texts a table gave: one, a list, or one in each row.
fn texts(value: &Value) -> Vec<String> {
    let mut found: Vec<String> = match value {
        Value::String(text) => text.split(';').map(str::to_owned).collect(),
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    found.retain(|text| !seen.contains(text) && { seen.push(text.clone()); true });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_two_rules_name_takes_part_once() {
        assert_eq!(texts(&json!(["甲局|许可证", "乙局", "甲局|许可证"])), ["甲局|许可证", "乙局"]);
        assert_eq!(texts(&json!([{ "部门": "甲局" }, { "部门": "乙局;丙局" }])), ["甲局", "乙局", "丙局"]);
        assert!(texts(&json!(null)).is_empty() && texts(&json!([1, true])).is_empty());
    }
}
