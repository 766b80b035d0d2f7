//! A model ready to be evaluated.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use feel::engine::{FeelContext, FeelScope, Name, Value, bounded, charge_value, context_from, context_from_json, null, reason, tick, to_json, to_value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::explain::{self, DecisionTrace, TableTrace};
use crate::graph::{Content, Graph, Link, build};
use crate::logic::{Field, bind, conform, function};
use crate::problem::{DmnError, Problem, codes};
use crate::source::{Source, read};

/// Most models one model may import, directly or not.
const IMPORTS: usize = 50;

/// Finds imported models.
pub trait Imports {
    /// The XML of a model by its namespace and, where the importing model gives one, its location.
    fn load(&self, namespace: &str, location: Option<&str>) -> Option<String>;
}

/// For models that import nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn load(&self, _: &str, _: Option<&str>) -> Option<String> {
        None
    }
}

/// What a model makes of an input, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// The result. Numbers beyond 15 digits are the nearest double; [`Self::json`] has them exactly.
    pub value: Json,
    /// The result as JSON text with every decimal digit.
    pub json: String,
    /// Why the result is null.
    pub reason: Option<Reason>,
    /// Every decision evaluated on the way, in the order they were.
    pub decisions: Vec<DecisionTrace>,
    /// Every table evaluated on the way, with the rules that matched.
    pub tables: Vec<TableTrace>,
}

/// Why a result is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// These inputs, which the decision needs, were not given.
    MissingInput {
        /// Their names.
        names: Vec<String>,
    },
    /// All inputs were there; no rule of a table matched them.
    NoRule,
    /// What FEEL says.
    Other {
        /// In the library's or our words, for authors.
        text: String,
    },
}

/// An input with the result it must have, kept with the model.
///
/// In XML: an `extensionElements` child of `definitions` holding `example` elements, each with the attribute `decision`
/// and the children `input` and `expected`, both JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Name of the decision, service or business knowledge model.
    pub decision: String,
    /// Its input.
    pub input: Map<String, Json>,
    /// What must come out.
    pub expected: Json,
}

/// A decision model.
#[derive(Clone, Debug)]
pub struct Model {
    name: String,
    namespace: String,
    graph: Arc<Graph>,
    examples: Vec<Example>,
}

impl Model {
    /// Reads a model for publishing: nothing may be wrong with it.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn parse(xml: &str, imports: &dyn Imports) -> Result<Self, Vec<Problem>> {
        let (model, problems) = Self::open(xml, imports)?;
        if problems.is_empty() { Ok(model) } else { Err(problems) }
    }

    /// Reads a model for evaluation: an element with a problem is refused when it is evaluated, the others work.
    ///
    /// # Errors
    /// When the model as a whole is refused: no DMN, dangling references, cycles, external functions.
    pub fn open(xml: &str, imports: &dyn Imports) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let mut problems = Vec::new();
        let (source, found) = read(xml).map_err(|problem| vec![problem])?;
        problems.extend(found);
        let mut sources = vec![source];
        let mut next = 0;
        while next < sources.len() {
            for import in sources[next].imports.clone() {
                if sources.iter().any(|source| source.namespace == import.namespace) {
                    continue;
                }
                if sources.len() > IMPORTS {
                    return Err(vec![Problem::fatal(codes::IMPORT, "definitions", format!("导入的模型超过 {IMPORTS} 个"))]);
                }
                match imports.load(&import.namespace, import.location.as_deref()).map(|xml| read(&xml)) {
                    Some(Ok((source, found))) if source.namespace == import.namespace => {
                        problems.extend(found);
                        sources.push(source);
                    }
                    Some(Ok(_)) | None => problems.push(Problem::fatal(codes::IMPORT, &import.namespace, format!("找不到导入的模型“{}”", import.namespace))),
                    Some(Err(problem)) => return Err(vec![problem]),
                }
            }
            next += 1;
        }
        let graph = build(&sources, &mut problems);
        let examples = examples(&sources[0], &mut problems);
        if problems.iter().any(|problem| problem.fatal) {
            return Err(problems);
        }
        let Source { name, namespace, .. } = sources.swap_remove(0);
        Ok((Self { name, namespace, graph: Arc::new(graph), examples }, problems))
    }

    /// The name of the model.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Names of what can be evaluated: decisions, services, business knowledge models.
    pub fn callable(&self) -> impl Iterator<Item = &str> {
        self.graph.elements.iter().filter(|element| !matches!(element.content, Content::Input)).map(|element| element.name.as_str())
    }

    /// The examples kept with the model.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Evaluates a decision, decision service or business knowledge model by name (or id); parameters of the latter two
    /// are taken from `input` by name.
    ///
    /// # Errors
    /// See [`DmnError`]. A null result is no error; [`Evaluation::reason`] says why.
    pub fn evaluate(&self, name: &str, input: &Map<String, Json>) -> Result<Evaluation, DmnError> {
        self.run(name, context_from(input)?)
    }

    /// As [`Self::evaluate`] with the input as JSON text, whose decimals are taken exactly.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub fn evaluate_json(&self, name: &str, input: &str) -> Result<Evaluation, DmnError> {
        self.run(name, context_from_json(input)?)
    }

    fn run(&self, name: &str, input: FeelContext) -> Result<Evaluation, DmnError> {
        let spelled: String = feel::engine::name(name).into();
        let index = *self.graph.callable.get(name).or_else(|| self.graph.callable.get(&spelled)).ok_or_else(|| DmnError::Unknown(name.to_owned()))?;
        explain::take();
        let outcome = bounded(|| {
            input.iter().for_each(|(_, value)| charge_value(value));
            Run { graph: &self.graph, input: &input, done: RefCell::default() }.callable(index)
        });
        let notes = explain::take();
        let value = outcome?;
        if let Some(failure) = notes.failure {
            return Err(failure);
        }
        let reason = match &value {
            Value::Null(_) if !notes.missing.is_empty() => Some(Reason::MissingInput { names: notes.missing }),
            Value::Null(Some(text)) if text == explain::NO_RULE => Some(Reason::NoRule),
            other => reason(other).map(|text| Reason::Other { text }),
        };
        Ok(Evaluation { value: to_value(&value), json: to_json(&value), reason, decisions: notes.decisions, tables: notes.tables })
    }

    /// Runs the examples of the model and further ones.
    ///
    /// # Errors
    /// Every example that does not hold, with what came out instead.
    pub fn run_examples(&self, further: &[Example]) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for (index, example) in self.examples.iter().chain(further).enumerate() {
            let wrong = |message: String| Problem::of(codes::EXAMPLE, &example.decision, format!("第 {} 个样例：{message}", index + 1));
            match self.evaluate(&example.decision, &example.input) {
                Err(error) => problems.push(wrong(error.to_string())),
                Ok(evaluation) if !same(&evaluation.value, &example.expected) => {
                    problems.push(wrong(format!("应为 {}，实际为 {}", example.expected, evaluation.json)));
                }
                Ok(_) => {}
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Equal as FEEL sees it: `1` and `1.0` are one number, a literal `@"…"` is what it denotes.
fn same(actual: &Json, expected: &Json) -> bool {
    match (actual, expected) {
        (Json::Number(left), Json::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right)),
        (Json::Object(left), Json::Object(right)) => left.len() == right.len() && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other))),
        (Json::String(left), Json::String(right)) => left == right || right.strip_prefix("@\"").and_then(|rest| rest.strip_suffix('"')) == Some(left),
        (left, right) => left == right,
    }
}

fn examples(source: &Source, problems: &mut Vec<Problem>) -> Vec<Example> {
    let mut examples = Vec::new();
    for example in &source.examples {
        match (serde_json::from_str(&example.input), serde_json::from_str(&example.expected)) {
            (Ok(input), Ok(expected)) => examples.push(Example { decision: example.decision.clone(), input, expected }),
            (Err(error), _) | (_, Err(error)) => problems.push(Problem::of(codes::EXAMPLE, &example.decision, format!("样例不是 JSON：{error}"))),
        }
    }
    examples
}

/// One evaluation: the input, and what is already known.
struct Run<'a> {
    graph: &'a Arc<Graph>,
    input: &'a FeelContext,
    done: RefCell<BTreeMap<usize, Value>>,
}

/// What is not there is null (a model may be drawn before its logic is written); what is wrong is an error.
fn broken(problem: &Problem) -> Value {
    if problem.code != codes::EMPTY {
        explain::failure(DmnError::Broken(problem.clone()));
    }
    null(&problem.message)
}

impl Run<'_> {
    /// The result of what was asked for by name.
    fn callable(&self, index: usize) -> Value {
        match &self.graph.elements[index].content {
            Content::Service { inputs, input_decisions, outputs, parameters } => {
                let stated = |name: &Name| parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, key)| key.as_str());
                for (element, decision) in inputs.iter().map(|input| (*input, false)).chain(input_decisions.iter().map(|decision| (*decision, true))) {
                    let (name, key) = &self.graph.elements[element].variable;
                    if let Some(key) = stated(name).map(Some).or_else(|| decision.then_some(key.as_deref())) {
                        let value = self.given(name, key);
                        self.done.borrow_mut().insert(element, value);
                    }
                }
                self.outputs(index, outputs)
            }
            Content::Knowledge { parameters, body, knowledge } => {
                let mut context = self.functions(index, knowledge);
                context.set_entry(&self.graph.elements[index].variable.0, function_of(self.graph, index));
                for (name, key) in parameters {
                    context.set_entry(name, self.given(name, key.as_deref()));
                }
                let value = body.as_ref().map_or_else(broken, |body| body.evaluate(self.graph, &FeelScope::from(context)));
                conform(self.graph, value, self.graph.elements[index].variable.1.as_deref())
            }
            _ => self.value(index, None),
        }
    }

    fn outputs(&self, service: usize, outputs: &[usize]) -> Value {
        let value = match outputs {
            [single] => self.value(*single, None),
            several => {
                let mut entries = FeelContext::default();
                for output in several {
                    entries.set_entry(&self.graph.elements[*output].variable.0, self.value(*output, None));
                }
                Value::Context(entries)
            }
        };
        match &self.graph.elements[service].variable.1 {
            Some(key) => conform(self.graph, value, Some(key)),
            None => value,
        }
    }

    /// A value of the input, checked.
    fn given(&self, name: &Name, key: Option<&str>) -> Value {
        self.given_through(name, key, None)
    }

    /// An imported input may also be given inside the name of its import.
    fn given_through(&self, name: &Name, key: Option<&str>, prefix: Option<&Name>) -> Value {
        let nested = prefix.and_then(|prefix| match self.input.get_entry(prefix) {
            Some(Value::Context(entries)) => entries.get_entry(name),
            _ => None,
        });
        match nested.or_else(|| self.input.get_entry(name)) {
            None => {
                explain::missing(name.as_str());
                null(format!("缺少输入“{name}”"))
            }
            Some(value) => self.graph.types.admit(value.clone(), key).unwrap_or_else(|reason| {
                explain::failure(DmnError::Input { name: name.to_string(), reason: reason.clone() });
                null(reason)
            }),
        }
    }

    /// The value of an element, computed once.
    fn value(&self, index: usize, prefix: Option<&Name>) -> Value {
        tick();
        if let Some(value) = self.done.borrow().get(&index) {
            charge_value(value);
            return value.clone();
        }
        let element = &self.graph.elements[index];
        let (name, key) = &element.variable;
        let value = match &element.content {
            Content::Input => self.given_through(name, key.as_deref(), prefix),
            Content::Decision { logic, requires, knowledge } => {
                let mut context = self.functions(index, knowledge);
                if requires.is_empty() && !self.declares_inputs(element.model) {
                    // A table drawn by itself, in a model that declares no inputs, sees what it is given.
                    for (name, value) in self.input.iter() {
                        context.set_entry(name, value.clone());
                    }
                }
                for link in requires {
                    place(&mut context, link, &self.graph.elements[link.element].variable.0, self.value(link.element, link.prefix.as_ref().or(prefix)));
                }
                let value = logic.as_ref().map_or_else(broken, |logic| logic.evaluate(self.graph, &FeelScope::from(context)));
                let value = bind(self.graph, value, key.as_deref());
                charge_value(&value);
                explain::decision(DecisionTrace { id: element.id.clone(), name: element.name.clone(), result: to_json(&value) });
                value
            }
            Content::Knowledge { .. } | Content::Service { .. } => function_of(self.graph, index),
        };
        self.done.borrow_mut().insert(index, value.clone());
        value
    }

    fn declares_inputs(&self, model: usize) -> bool {
        self.graph.elements.iter().any(|element| element.model == model && matches!(element.content, Content::Input))
    }

    fn functions(&self, index: usize, links: &[Link]) -> FeelContext {
        functions(self.graph, index, links)
    }
}

/// Puts a value where FEEL sees it: under its name, or inside the import it comes from.
fn place(context: &mut FeelContext, link: &Link, name: &Name, value: Value) {
    match &link.prefix {
        None => context.set_entry(name, value),
        Some(prefix) => context.create_entries(&[prefix.clone(), name.clone()], value),
    }
}

/// What an element sees besides its inputs: the functions it needs, and types to ask for.
fn functions(graph: &Arc<Graph>, index: usize, links: &[Link]) -> FeelContext {
    let mut context = graph.type_values[graph.elements[index].model].clone();
    for link in links {
        place(&mut context, link, &graph.elements[link.element].variable.0, function_of(graph, link.element));
    }
    context
}

/// A business knowledge model or decision service as a FEEL function.
fn function_of(graph: &Arc<Graph>, index: usize) -> Value {
    let element = &graph.elements[index];
    let result = element.variable.1.clone();
    let inner = graph.clone();
    match &element.content {
        Content::Knowledge { parameters, .. } => {
            let outer = graph.clone();
            let around = move || match &outer.elements[index].content {
                Content::Knowledge { knowledge, .. } => {
                    let mut context = functions(&outer, index, knowledge);
                    context.set_entry(&outer.elements[index].variable.0, function_of(&outer, index));
                    context
                }
                _ => FeelContext::default(),
            };
            let body = move |scope: &FeelScope| match &inner.elements[index].content {
                Content::Knowledge { body, .. } => body.as_ref().map_or_else(broken, |body| body.evaluate(&inner, scope)),
                _ => Value::Null(None),
            };
            function(parameters.clone(), graph, result, body, around)
        }
        Content::Service { inputs, input_decisions, parameters: stated, .. } => {
            let typed = |(name, key): &Field| (name.clone(), stated.iter().find(|(parameter, _)| parameter == name).map(|(_, key)| key.clone()).or_else(|| key.clone()));
            let parameters: Vec<_> = inputs.iter().chain(input_decisions).map(|index| typed(&graph.elements[*index].variable)).collect();
            let names: Vec<Name> = parameters.iter().map(|(name, _)| name.clone()).collect();
            let body = move |scope: &FeelScope| {
                let mut input = FeelContext::default();
                for name in &names {
                    input.set_entry(name, scope.get_value(name).unwrap_or(Value::Null(None)));
                }
                Run { graph: &inner, input: &input, done: RefCell::default() }.callable(index)
            };
            function(parameters, graph, result, body, FeelContext::default)
        }
        _ => Value::Null(None),
    }
}
