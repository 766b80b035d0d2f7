//! Decision tables: which rules match, and what the hit policy makes of them.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use feel::engine::{Code, FeelContext, FeelNumber, FeelScope, Kind, Name, Value, charge_value, evaluate_equals, evaluate_max, evaluate_min, evaluate_sum, name, null, shown, tick};

use crate::explain::{self, InputSeen, RuleHit, TableTrace};
use crate::graph::Graph;
use crate::logic::{Compiler, conform, within};
use crate::problem::{Problem, codes};
use crate::source::TableSource;

/// Most rules of a table.
const RULES: usize = 5_000;

/// How the matching rules become a result (DMN 1.5, 8.2.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Unique,
    Any,
    Priority,
    First,
    RuleOrder,
    OutputOrder,
    Collect,
    Sum,
    Min,
    Max,
    Count,
}

impl Policy {
    fn of(policy: &str, aggregation: Option<&str>) -> Result<Self, String> {
        Ok(match (policy, aggregation) {
            ("COLLECT", Some("SUM")) => Self::Sum,
            ("COLLECT", Some("MIN")) => Self::Min,
            ("COLLECT", Some("MAX")) => Self::Max,
            ("COLLECT", Some("COUNT")) => Self::Count,
            ("COLLECT", Some(other)) => return Err(format!("没有“{other}”这种汇总方式")),
            ("COLLECT", None) => Self::Collect,
            (_, Some(_)) => return Err("只有收集（COLLECT）的决策表可以汇总".into()),
            ("UNIQUE", None) => Self::Unique,
            ("ANY", None) => Self::Any,
            ("PRIORITY", None) => Self::Priority,
            ("FIRST", None) => Self::First,
            ("RULE ORDER", None) => Self::RuleOrder,
            ("OUTPUT ORDER", None) => Self::OutputOrder,
            (other, None) => return Err(format!("没有“{other}”这种命中方式")),
        })
    }
}

#[derive(Debug)]
struct Input {
    label: String,
    expression: Code,
    type_key: Option<String>,
    allowed: Option<Code>,
}

#[derive(Debug)]
struct Output {
    name: Name,
    type_key: Option<String>,
    allowed: Option<Code>,
    /// The allowed values in their order of priority.
    order: Option<Code>,
    default: Option<Code>,
}

#[derive(Debug)]
struct Rule {
    id: String,
    /// `None` where anything passes.
    tests: Vec<Option<Code>>,
    outputs: Vec<(Code, Option<String>)>,
    annotations: Vec<(String, String)>,
}

/// A compiled table.
#[derive(Debug)]
pub(crate) struct Table {
    policy: Policy,
    policy_name: String,
    element: String,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    rules: Vec<Rule>,
}

impl Table {
    pub fn compile(compiler: &mut Compiler<'_>, source: &TableSource, id: &str) -> Option<Self> {
        let element = compiler.element.clone();
        let place = if id.is_empty() { element.clone() } else { id.to_owned() };
        let before = compiler.problems.len();
        let policy = match Policy::of(&source.policy, source.aggregation.as_deref()) {
            Ok(policy) => policy,
            Err(reason) => {
                compiler.problems.push(Problem::of(codes::TABLE, place, reason));
                return None;
            }
        };
        let mut complain = |message: String| compiler.problems.push(Problem::of(codes::TABLE, place.clone(), message));
        if source.outputs.is_empty() {
            complain("决策表没有输出列".into());
        }
        if source.rules.len() > RULES {
            complain(format!("规则超过 {RULES} 条"));
        }
        if source.outputs.len() > 1 && source.outputs.iter().any(|output| output.name.is_none()) {
            complain("有多个输出列时，每列须有名称".into());
        }
        if matches!(policy, Policy::Sum | Policy::Min | Policy::Max) && source.outputs.len() > 1 {
            complain("汇总的决策表只能有一个输出列".into());
        }
        if matches!(policy, Policy::Priority | Policy::OutputOrder) && source.outputs.iter().all(|output| output.allowed.is_none()) {
            complain("按优先级命中的决策表须列出输出列的允许值".into());
        }
        for (index, rule) in source.rules.iter().enumerate() {
            if rule.tests.len() != source.inputs.len() || rule.outputs.len() != source.outputs.len() {
                complain(format!("第 {} 条规则的格数与列数不符", index + 1));
            }
        }
        if compiler.problems.len() > before {
            return None;
        }
        overlaps(compiler, source, policy, &place);
        let inputs = source.inputs.iter().map(|input| {
            let text = if input.text.is_empty() { "null" } else { &input.text };
            Some(Input {
                label: input.label.clone(),
                expression: compiler.code(text, Kind::Expression, id)?,
                type_key: compiler.key(input.type_ref.as_deref(), id),
                allowed: input.allowed.as_deref().map(|text| compiler.code(text, Kind::UnaryTests, id)).map_or(Some(None), |code| code.map(Some))?,
            })
        });
        let inputs: Vec<_> = inputs.collect();
        let outputs: Vec<_> = source
            .outputs
            .iter()
            .map(|output| {
                let mut optional = |text: Option<&str>, kind| text.map(|text| compiler.code(text, kind, id)).map_or(Some(None), |code| code.map(Some));
                Some(Output {
                    allowed: optional(output.allowed.as_deref(), Kind::UnaryTests)?,
                    order: optional(output.allowed.as_deref(), Kind::Values)?,
                    default: optional(output.default.as_deref(), Kind::Expression)?,
                    name: name(output.name.as_deref().unwrap_or_default()),
                    type_key: compiler.key(output.type_ref.as_deref(), id),
                })
            })
            .collect();
        let rules: Vec<_> = source
            .rules
            .iter()
            .map(|rule| {
                let place = if rule.id.is_empty() { id } else { &rule.id };
                let tests: Vec<_> =
                    rule.tests.iter().map(|text| if matches!(text.as_str(), "" | "-") { Some(None) } else { compiler.code(text, Kind::UnaryTests, place).map(Some) }).collect();
                let outputs: Vec<_> = rule
                    .outputs
                    .iter()
                    .map(|(text, type_ref)| Some((compiler.code(if matches!(text.as_str(), "" | "-") { "null" } else { text }, Kind::Expression, place)?, compiler.key(type_ref.as_deref(), place))))
                    .collect();
                let annotations = source.annotations.iter().cloned().chain(std::iter::repeat(String::new())).zip(rule.annotations.iter().cloned()).collect();
                Some(Rule { id: rule.id.clone(), tests: tests.into_iter().collect::<Option<_>>()?, outputs: outputs.into_iter().collect::<Option<_>>()?, annotations })
            })
            .collect();
        Some(Self {
            policy,
            policy_name: match &source.aggregation {
                Some(aggregation) => format!("{} {aggregation}", source.policy),
                None => source.policy.clone(),
            },
            element,
            inputs: inputs.into_iter().collect::<Option<_>>()?,
            outputs: outputs.into_iter().collect::<Option<_>>()?,
            rules: rules.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The result, noting in the trace why.
    pub fn evaluate(&self, graph: &Arc<Graph>, scope: &FeelScope) -> Value {
        let mut matching = vec![true; self.rules.len()];
        let mut seen = Vec::new();
        for (column, input) in self.inputs.iter().enumerate() {
            let value = conform(graph, input.expression.run(scope), input.type_key.as_deref());
            charge_value(&value);
            seen.push(InputSeen { label: input.label.clone(), value: shown(&value) });
            let mut variables = FeelContext::default();
            variables.set_entry(&"?".into(), value);
            let complies = input.allowed.as_ref().is_none_or(|allowed| within(scope, variables.clone(), || allowed.run(scope)).is_true());
            if !complies {
                variables.set_entry(&"?".into(), null("输入不在允许值之内"));
            }
            within(scope, variables, || {
                for (rule, open) in self.rules.iter().zip(&mut matching) {
                    if let (true, Some(test)) = (*open, rule.tests.get(column).and_then(Option::as_ref)) {
                        tick();
                        *open = test.run(scope).is_true();
                    }
                }
            });
        }
        let mut hits: Vec<(usize, Vec<Value>)> = Vec::new();
        for (index, rule) in self.rules.iter().enumerate().filter(|(index, _)| matching[*index]) {
            hits.push((index, rule.outputs.iter().zip(&self.outputs).map(|((code, key), output)| output.check(conform(graph, code.run(scope), key.as_deref()), graph, scope)).collect()));
        }
        let matched = hits
            .iter()
            .map(|(index, outputs)| RuleHit {
                number: index + 1,
                id: self.rules[*index].id.clone(),
                outputs: outputs.iter().map(shown).collect(),
                annotations: self.rules[*index].annotations.clone(),
            })
            .collect();
        explain::table(TableTrace { element: self.element.clone(), policy: self.policy_name.clone(), inputs: seen, matched });
        if hits.is_empty() {
            return self.otherwise(scope);
        }
        if matches!(self.policy, Policy::Priority | Policy::OutputOrder) {
            let orders: Vec<Vec<Value>> = self.outputs.iter().map(|output| output.ranking(scope)).collect();
            hits.sort_by(|(_, left), (_, right)| by_priority(&orders, left, right));
        }
        let single = |outputs: &[Value]| match outputs {
            [value] => value.clone(),
            values => {
                let mut entries = FeelContext::default();
                self.outputs.iter().zip(values).for_each(|(output, value)| entries.set_entry(&output.name, value.clone()));
                Value::Context(entries)
            }
        };
        let first_column = || hits.iter().filter_map(|(_, outputs)| outputs.first().cloned()).collect::<Vec<_>>();
        match self.policy {
            Policy::Unique if hits.len() > 1 => null(format!("唯一命中的决策表有 {} 条规则同时命中", hits.len())),
            Policy::Any if hits.iter().any(|(_, outputs)| !evaluate_equals(&single(outputs), &single(&hits[0].1))) => null("同时命中的规则结果不同"),
            Policy::Unique | Policy::Any | Policy::First | Policy::Priority => single(&hits[0].1),
            Policy::RuleOrder | Policy::OutputOrder | Policy::Collect => Value::List(hits.iter().map(|(_, outputs)| single(outputs)).collect()),
            Policy::Sum => evaluate_sum(first_column()),
            Policy::Min => evaluate_min(first_column()),
            Policy::Max => evaluate_max(first_column()),
            Policy::Count => Value::Number(FeelNumber::from(hits.len())),
        }
    }

    /// What no rule leads to.
    fn otherwise(&self, scope: &FeelScope) -> Value {
        if self.outputs.iter().all(|output| output.default.is_none()) {
            return null(explain::NO_RULE);
        }
        let mut values: Vec<(Name, Value)> =
            self.outputs.iter().map(|output| (output.name.clone(), output.default.as_ref().map_or(Value::Null(None), |code| code.run(scope)))).collect();
        if values.len() == 1 {
            return values.pop().map_or(Value::Null(None), |(_, value)| value);
        }
        let mut entries = FeelContext::default();
        values.iter().for_each(|(name, value)| entries.set_entry(name, value.clone()));
        Value::Context(entries)
    }
}

impl Output {
    fn check(&self, value: Value, graph: &Graph, scope: &FeelScope) -> Value {
        let value = conform(graph, value, self.type_key.as_deref());
        let Some(allowed) = &self.allowed else { return value };
        let mut variables = FeelContext::default();
        variables.set_entry(&"?".into(), value.clone());
        if within(scope, variables, || allowed.run(scope)).is_true() { value } else { null("输出不在允许值之内") }
    }

    fn ranking(&self, scope: &FeelScope) -> Vec<Value> {
        match self.order.as_ref().map(|order| order.run(scope)) {
            Some(Value::List(values)) => values,
            _ => Vec::new(),
        }
    }
}

fn by_priority(orders: &[Vec<Value>], left: &[Value], right: &[Value]) -> Ordering {
    for (order, (left, right)) in orders.iter().zip(left.iter().zip(right)) {
        let rank = |value: &Value| order.iter().position(|listed| evaluate_equals(listed, value)).unwrap_or(usize::MAX);
        match rank(left).cmp(&rank(right)) {
            Ordering::Equal => {}
            other => return other,
        }
    }
    Ordering::Equal
}

/// Rules of a unique table with the very same conditions can never be told apart.
fn overlaps(compiler: &mut Compiler<'_>, source: &TableSource, policy: Policy, place: &str) {
    if policy != Policy::Unique {
        return;
    }
    let mut known = BTreeSet::new();
    for (index, rule) in source.rules.iter().enumerate() {
        let tests: Vec<String> = rule.tests.iter().map(|text| text.split_whitespace().collect()).collect();
        if !known.insert(tests) {
            compiler.problems.push(Problem::of(codes::OVERLAP, place, format!("唯一命中的决策表中，第 {} 条规则与前面的规则条件相同", index + 1)));
        }
    }
}
