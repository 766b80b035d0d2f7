//! Decision tables: checked, tried with sample data, held to the examples their author keeps, compared rule by rule.

use std::collections::BTreeMap;

use dmn::{Model, NoImports, Reason};
use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::compare::Part;
use super::finding::Finding;

/// Most examples of a table.
pub const MAX_EXAMPLES: usize = 200;

/// An input with the result it must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Name of the decision.
    pub decision: String,
    /// Its input.
    pub input: Map<String, Value>,
    /// What must come out.
    pub expected: Value,
}

/// An input the model asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name, as expressions write it.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Its type as drawn, e.g. `number`; may be empty.
    pub kind: String,
    /// The values it can have, where the table says so: those listed for its column, or those its rules speak of.
    pub choices: Vec<String>,
}

impl Input {
    /// A typed value from what somebody chose or typed.
    ///
    /// # Errors
    /// A sentence, when it is not of the type.
    pub fn read(&self, typed: &str) -> Result<Value, String> {
        Ok(match self.kind.as_str() {
            "number" => Value::Number(typed.trim().parse().map_err(|_| format!("“{}”要填数字。", self.label))?),
            "boolean" => Value::Bool(typed == "true"),
            "date" | "time" | "dateTime" => Value::String(format!("@\"{typed}\"")),
            _ => Value::String(typed.to_owned()),
        })
    }
}

/// Puts a value under its name; `applicant.age` stands within `applicant`.
pub fn put(input: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            input.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let entry = input.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(fields) = entry {
                put(fields, inner, value);
            }
        }
    }
}

/// A rule of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id in the file; may be empty.
    pub id: String,
    /// Its cells: conditions, then results.
    pub cells: Vec<String>,
}

/// A table as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Id of the decision it belongs to.
    pub element: String,
    /// Name of the decision.
    pub name: String,
    /// Headings: conditions first.
    pub columns: Vec<String>,
    /// How many of them are conditions.
    pub conditions: usize,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// What a model holds, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Inputs to fill in.
    pub inputs: Vec<Input>,
    /// Names of the decisions, the last one usually the answer.
    pub decisions: Vec<String>,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// The result of one try.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The result.
    pub value: Value,
    /// The result as exact JSON.
    pub json: String,
    /// Why there is none, in words; empty when there is one.
    pub reason: String,
    /// Rules that matched: element of the table and number of the rule, from 1.
    pub hits: Vec<(String, usize)>,
}

/// Everything wrong with a model.
#[must_use]
pub fn check(xml: &str) -> Vec<Finding> {
    let found = match Model::open(xml, &NoImports) {
        Ok((_, problems)) | Err(problems) => problems,
    };
    found.into_iter().map(|problem| Finding::error(Some(&problem.element).filter(|id| !id.is_empty()).map(String::as_str), sentence(problem.message))).collect()
}

fn sentence(text: String) -> String {
    if text.ends_with('。') { text } else { format!("{text}。") }
}

/// What keeps the examples of a model from being a proof: that there are none, or that one does not hold.
#[must_use]
pub fn check_examples(xml: &str, examples: &[Example]) -> Vec<Finding> {
    if examples.is_empty() {
        return vec![Finding::error(None, "还没有样例：请先试运行，把结果正确的情况“存为样例”，提交审核前全部样例都要通过。")];
    }
    let failed = |(n, example): (usize, &Example)| match answer(xml, &example.decision, &example.input) {
        Ok(answer) if same(&answer.value, &example.expected) => None,
        Ok(answer) => Some(Finding::error(None, format!("第 {} 个样例没有通过：应为 {}，实际为 {}。", n + 1, example.expected, answer.json))),
        Err(text) => Some(Finding::error(None, format!("第 {} 个样例没有通过：{text}", n + 1))),
    };
    examples.iter().enumerate().filter_map(failed).collect()
}

/// Whether two results are the same: `1` and `1.0` are one number.
#[must_use]
pub fn same(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other))),
        (a, b) => a == b,
    }
}

/// Evaluates a decision.
///
/// # Errors
/// A sentence, when the model or the input cannot be used.
pub fn answer(xml: &str, decision: &str, input: &Map<String, Value>) -> Result<Answer, String> {
    let (model, _) = Model::open(xml, &NoImports).map_err(|problems| problems.into_iter().map(|p| sentence(p.message)).collect::<String>())?;
    let evaluation = model.evaluate(decision, input).map_err(|error| sentence(error.to_string()))?;
    let reason = match evaluation.reason {
        None => String::new(),
        Some(Reason::MissingInput { names }) => format!("缺少输入：{}。", names.join("、")),
        Some(Reason::NoRule) => "没有规则命中。".to_owned(),
        Some(Reason::Other { text }) => sentence(text),
    };
    let hits = evaluation.tables.iter().flat_map(|table| table.matched.iter().map(|rule| (table.element.clone(), rule.number))).collect();
    Ok(Answer { value: evaluation.value, json: evaluation.json, reason, hits })
}

fn named<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn text(node: Node<'_, '_>) -> String {
    let parts: String = node.descendants().filter(|n| n.is_element() && n.tag_name().name() == "text").filter_map(|n| n.text()).collect();
    parts.trim().to_owned()
}

/// What a model holds; empty when it cannot be read. Read from the file itself: the evaluated model keeps no labels.
#[must_use]
pub fn outline(xml: &str) -> Outline {
    let Ok(document) = Document::parse(xml) else { return Outline::default() };
    let root = document.root_element();
    let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap_or_default().to_owned();
    let decisions: Vec<Node<'_, '_>> = named(root, "decision").collect();
    let made: Vec<&str> = decisions.iter().filter_map(|decision| decision.attribute("name")).collect();
    let columns = decisions.iter().flat_map(|decision| named(*decision, "decisionTable")).flat_map(asked);
    let data = named(root, "inputData").map(|input| {
        let name = named(input, "variable").find_map(|v| v.attribute("name")).or(input.attribute("name")).unwrap_or_default().to_owned();
        let kind = named(input, "variable").find_map(|v| v.attribute("typeRef")).unwrap_or_default().to_owned();
        Input { label: name.clone(), name, kind, choices: Vec::new() }
    });
    let mut inputs: Vec<Input> = Vec::new();
    for input in columns.chain(data) {
        if !input.name.is_empty() && !made.contains(&input.name.as_str()) && !inputs.iter().any(|known| known.name == input.name) {
            inputs.push(input);
        }
    }
    let tables = decisions.iter().flat_map(|decision| named(*decision, "decisionTable").map(|table| one_table(*decision, table)));
    Outline {
        inputs,
        decisions: decisions.iter().map(|decision| attribute(*decision, "name")).collect(),
        tables: tables.collect(),
    }
}

/// The texts the last decision of a model can give, as its rules say them.
#[must_use]
pub fn results(xml: &str) -> Vec<String> {
    let outline = outline(xml);
    let mut found: Vec<String> = Vec::new();
    if let Some(table) = outline.decisions.last().and_then(|name| outline.tables.iter().find(|table| table.name == *name)) {
        for text in table.rules.iter().filter_map(|rule| rule.cells.get(table.conditions)).flat_map(|cell| quoted(cell)) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

/// What the columns of a table ask for: those that look at a value as it is given.
fn asked<'a>(table: Node<'a, '_>) -> impl Iterator<Item = Input> {
    let rules: Vec<Vec<String>> = named(table, "rule").map(|rule| named(rule, "inputEntry").map(text).collect()).collect();
    let plain = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') && !name.starts_with(|c: char| c.is_ascii_digit());
    let inputs: Vec<Input> = named(table, "input")
        .enumerate()
        .filter_map(|(at, column)| {
            let expression = named(column, "inputExpression").next()?;
            let name = text(expression);
            let listed = named(column, "inputValues").map(text).map(|list| literals(&list)).find(|list| !list.is_empty());
            let spoken = || rules.iter().filter_map(|cells| cells.get(at)).flat_map(|cell| quoted(cell)).fold(Vec::new(), |mut all: Vec<String>, one| {
                if !all.contains(&one) {
                    all.push(one);
                }
                all
            });
            plain(&name).then(|| Input {
                label: column.attribute("label").filter(|label| !label.is_empty()).unwrap_or(&name).to_owned(),
                kind: expression.attribute("typeRef").unwrap_or_default().to_owned(),
                choices: listed.unwrap_or_else(spoken),
                name,
            })
        })
        .collect();
    inputs.into_iter()
}

/// The texts in quotation marks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The values of a list such as `"甲","乙"` or `1, 2`.
fn literals(list: &str) -> Vec<String> {
    let texts = quoted(list);
    let numbers = || list.split(',').map(str::trim).filter(|part| part.parse::<f64>().is_ok()).map(str::to_owned).collect();
    if texts.is_empty() { numbers() } else { texts }
}

fn one_table(decision: Node<'_, '_>, table: Node<'_, '_>) -> Table {
    let heading = |node: Node<'_, '_>| {
        let label = node.attribute("label").or(node.attribute("name")).unwrap_or_default();
        if label.is_empty() { text(node) } else { label.to_owned() }
    };
    let conditions: Vec<String> = named(table, "input").map(heading).collect();
    let results: Vec<String> = named(table, "output").map(heading).collect();
    let rules = named(table, "rule").map(|rule| Rule {
        id: rule.attribute("id").unwrap_or_default().to_owned(),
        cells: named(rule, "inputEntry").chain(named(rule, "outputEntry")).map(text).collect(),
    });
    Table {
        element: decision.attribute("id").unwrap_or_default().to_owned(),
        name: decision.attribute("name").unwrap_or_default().to_owned(),
        conditions: conditions.len(),
        columns: conditions.into_iter().chain(results).collect(),
        rules: rules.collect(),
    }
}

/// Tables, rules and inputs as parts to compare.
///
/// # Errors
/// When the file cannot be read.
pub fn parts(xml: &str) -> Result<Vec<Part>, String> {
    let outline = outline(xml);
    if outline == Outline::default() {
        return Err("文件不是决策表。".to_owned());
    }
    let inputs = outline.inputs.iter().map(|input| Part {
        id: format!("input {}", input.name),
        label: format!("输入“{}”", input.name),
        facts: BTreeMap::from([("类型".to_owned(), input.kind.clone())]),
    });
    let rules = outline.tables.iter().flat_map(|table| {
        table.rules.iter().enumerate().map(|(n, rule)| Part {
            id: if rule.id.is_empty() { format!("{} {n}", table.element) } else { rule.id.clone() },
            label: format!("“{}”第 {} 条规则", table.name, n + 1),
            facts: table.columns.iter().cloned().zip(rule.cells.iter().cloned()).collect(),
        })
    });
    Ok(inputs.chain(rules).collect())
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
