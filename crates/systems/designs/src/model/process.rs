//! What this system asks of a process beyond what the engine asks: the rules of approval, and what people compare.

use std::collections::BTreeMap;

use super::compare::Part;
use super::engine::{Drawing, Link, Node, NodeKind};
use super::finding::Finding;

/// More approval layers than 承办人→审查人→审批人 are refused (R06, M-APPR-01.14).
const MAX_LAYERS: usize = 3;

/// Longest limit of a task that makes sense, in working days.
const MAX_LIMIT: u16 = 250;

/// What can be said at the end of a task of a step, as the case system says it, and what people call it.
const OUTCOMES: &[(&str, &[(&str, &str)])] = &[
    ("acceptance", &[("accept", "受理"), ("correct", "一次告知补正"), ("refuse", "不予受理")]),
    ("handling", &[("forward", "报下一环节")]),
    ("examination", &[("forward", "报审批"), ("return", "退回承办")]),
    ("approval", &[("grant", "准予"), ("refuse", "不予"), ("return", "退回审查"), ("return_handling", "退回承办")]),
    ("correction", &[("corrected", "已补正")]),
];

/// Steps whose end decides where the case goes, so that the drawing must tell the answers apart.
const DECIDING: &[&str] = &["acceptance", "approval"];

/// Outcomes the case system may give at a step, with their names.
#[must_use]
pub fn outcomes_of_step(step: &str) -> &'static [(&'static str, &'static str)] {
    OUTCOMES.iter().find(|(known, _)| *known == step).map_or(&[], |(_, outcomes)| outcomes)
}

/// Everything wrong with a drawing.
#[must_use]
pub fn check(xml: &str) -> Vec<Finding> {
    let drawing = match Drawing::read(xml) {
        Ok(drawing) => drawing,
        Err(found) => return found,
    };
    let mut found = drawing.remarks();
    let layers = drawing.layers();
    if layers > MAX_LAYERS {
        found.push(Finding::error(None, format!("流程有 {layers} 个审批层级，最多只能有承办人、审查人、审批人 {MAX_LAYERS} 个层级，请合并或删去多余的审批环节。")));
    }
    if !drawing.nodes.iter().any(|node| matches!(node.kind, NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::Other("规则任务"))) {
        found.push(Finding::error(None, "流程里还没有任何环节：选中“开始”，再点上面的环节模板。"));
    }
    for node in drawing.nodes.iter().filter(|node| node.kind == NodeKind::UserTask) {
        task(&drawing, node, &mut found);
    }
    for node in &drawing.nodes {
        by_itself(node, &mut found);
    }
    found
}

/// Steps that do themselves, but not without being told what.
fn by_itself(node: &Node, found: &mut Vec<Finding>) {
    let (id, label) = (Some(node.id.as_str()), node.label());
    let topic = node.extension("topic").unwrap_or_default();
    let lacks = |name: &str| node.extension(name).is_none();
    match topic {
        "cases.departments" if lacks("departments") && lacks("decision") => {
            found.push(Finding::error(id, format!("“{label}”还没有选由哪些部门联合办理，也没有选决策表。")));
        }
        "cases.notify" if lacks("message") => found.push(Finding::error(id, format!("“{label}”还没有写通知的内容。"))),
        _ => {}
    }
}

fn task(drawing: &Drawing, node: &Node, found: &mut Vec<Finding>) {
    let (id, label) = (Some(node.id.as_str()), node.label());
    if node.name.is_empty() {
        found.push(Finding::advice(id, "有一个任务没有名称，办理人在待办里看到的就是这个名称。"));
    }
    match node.extension("limit") {
        None => found.push(Finding::advice(id, format!("任务“{label}”没有写办理时限。"))),
        Some(limit) if limit.parse::<u16>().is_ok_and(|days| (1..=MAX_LIMIT).contains(&days)) => {}
        Some(_) => found.push(Finding::error(id, format!("任务“{label}”的办理时限要填 1 至 {MAX_LIMIT} 的工作日数。"))),
    }
    let step = node.extension("step").unwrap_or_default();
    if DECIDING.contains(&step) {
        let branches = node.outgoing.iter().filter_map(|flow| drawing.link(flow)).any(|link| {
            drawing.node(&link.target).is_some_and(|next| next.kind == NodeKind::ExclusiveGateway && next.outgoing.len() > 1)
        });
        if !branches {
            let answers: Vec<&str> = outcomes_of_step(step).iter().map(|(_, name)| *name).collect();
            found.push(Finding::error(id, format!("“{label}”后面要画一个判断（排他网关），分清“{}”，否则不同的结论会走同一条路。", answers.join("”“"))));
        }
    }
}

/// What can be answered at a task: what conditions behind it ask for, and what its step knows; value and name.
#[must_use]
pub fn answers(drawing: &Drawing, node: &Node) -> Vec<(String, String)> {
    let mut known: Vec<(String, String)> = outcomes_of_step(node.extension("step").unwrap_or_default())
        .iter()
        .map(|(value, name)| ((*value).to_owned(), (*name).to_owned()))
        .collect();
    for part in node.extension("outcomes").unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (value, name) = part.split_once('=').unwrap_or((part, part));
        known.push((value.trim().to_owned(), name.trim().to_owned()));
    }
    for link in conditions_behind(drawing, node) {
        for value in asked(link.condition.as_deref().unwrap_or_default(), "outcome") {
            if !known.iter().any(|(other, _)| *other == value) {
                let name = if link.name.is_empty() { value.clone() } else { link.name.clone() };
                known.push((value, name));
            }
        }
    }
    if known.is_empty() {
        known.push(("done".into(), "办结本环节".into()));
    }
    known
}

/// What the table of a rule task may say, as far as conditions behind it ask.
#[must_use]
pub fn results(drawing: &Drawing, node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    for link in conditions_behind(drawing, node) {
        for value in asked(link.condition.as_deref().unwrap_or_default(), "result") {
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

/// Flows with conditions that the next tokens will meet: those out of gateways reached without passing another task.
fn conditions_behind<'d>(drawing: &'d Drawing, node: &'d Node) -> Vec<&'d Link> {
    let mut open: Vec<&Node> = vec![node];
    let mut seen: Vec<&str> = vec![&node.id];
    let mut found = Vec::new();
    while let Some(at) = open.pop() {
        for link in at.outgoing.iter().filter_map(|id| drawing.link(id)) {
            if link.condition.is_some() {
                found.push(link);
            }
            if let Some(next) = drawing.node(&link.target)
                && !matches!(next.kind, NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::Other("规则任务"))
                && !seen.contains(&next.id.as_str())
            {
                seen.push(&next.id);
                open.push(next);
            }
        }
    }
    found
}

/// The texts a condition compares a variable with.
fn asked(condition: &str, variable: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = condition;
    while let Some((_, after)) = rest.split_once(variable) {
        // up to the next mention: `outcome = "a"` and `outcome in ("a", "b")`
        let clause = after.split(variable).next().unwrap_or_default();
        found.extend(clause.split('"').skip(1).step_by(2).map(str::to_owned));
        rest = after;
    }
    found
}

/// The elements and flows of a drawing as parts to compare.
///
/// # Errors
/// When the drawing cannot be read.
pub fn parts(xml: &str) -> Result<Vec<Part>, String> {
    let drawing = Drawing::read(xml).map_err(|found| found.into_iter().map(|f| f.message).collect::<Vec<_>>().join(""))?;
    let nodes = drawing.nodes.iter().map(|node| {
        let mut facts = BTreeMap::from([("类型".to_owned(), node.kind.name().to_owned()), ("名称".to_owned(), node.name.clone())]);
        facts.extend(node.extension.iter().map(|(name, value)| (attribute_name(name).to_owned(), value.clone())));
        if let Some(default) = &node.default {
            facts.insert("默认走向".into(), default.clone());
        }
        Part { id: node.id.clone(), label: format!("{}“{}”", node.kind.name(), node.label()), facts }
    });
    let label = |id: &str| drawing.node(id).map_or_else(|| id.to_owned(), |node| node.label().to_owned());
    let links = drawing.links.iter().map(|link| {
        let mut facts = BTreeMap::from([("名称".to_owned(), link.name.clone()), ("起点".to_owned(), label(&link.source)), ("终点".to_owned(), label(&link.target))]);
        if let Some(condition) = &link.condition {
            facts.insert("条件".into(), condition.clone());
        }
        Part { id: link.id.clone(), label: format!("连线“{}→{}”", label(&link.source), label(&link.target)), facts }
    });
    Ok(nodes.chain(links).collect())
}

/// Chinese name of an extension attribute.
#[must_use]
pub fn attribute_name(name: &str) -> &str {
    match name {
        "permission" => "办理岗位",
        "assignee" => "办理人",
        "step" => "环节",
        "layer" => "审批层级",
        "form" => "表单",
        "limit" => "时限（工作日）",
        "workdays" => "定时（工作日）",
        "notice" => "通知",
        "yellow" => "黄灯（剩余工作日）",
        "red" => "红灯（剩余工作日）",
        "topic" => "自动处理",
        "decision" => "决策表",
        "departments" => "联办部门",
        "message" => "通知内容",
        "special" => "特别程序",
        "days" => "天数（工作日）",
        "method" => "送达方式",
        "outcomes" => "可选的结论",
        other => other,
    }
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
