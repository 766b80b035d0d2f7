//! Boxed expressions compiled, and their evaluation.

use std::collections::BTreeSet;
use std::sync::Arc;

use feel::engine::{Code, FeelContext, FeelScope, FeelType, Kind, Name, Value, charge, charge_value, checked, members, name, native, null, tick};

use crate::graph::Graph;
use crate::problem::{Problem, codes};
use crate::source::{Boxed, Typed, Variable};
use crate::table::Table;

/// A name with the key of its type.
pub(crate) type Field = (Name, Option<String>);

/// Compiled logic.
#[derive(Debug)]
pub(crate) struct Logic {
    kind: Shape,
    type_key: Option<String>,
}

#[derive(Debug)]
enum Shape {
    Literal(Code),
    Table(Table),
    Context(Vec<(Option<Field>, Logic)>),
    Invocation { function: Box<Logic>, arguments: Vec<(Field, Logic)>, call: Code },
    Function { parameters: Vec<Field>, body: Arc<Logic> },
    List(Vec<Logic>),
    Relation { columns: Vec<Field>, rows: Vec<Vec<Logic>> },
    Conditional(Box<[Logic; 3]>),
    Filter { list: Box<Logic>, condition: Box<Logic> },
    Loop { turns: &'static str, variable: Name, list: Box<Logic>, body: Box<Logic> },
}

/// The variable a boxed invocation binds its function to; no FEEL author writes it.
const FUNCTION: &str = "_invoked_";

/// Compiles the logic of one element.
pub(crate) struct Compiler<'a> {
    /// Resolves a type reference to its key.
    pub type_key: &'a dyn Fn(&str) -> Option<String>,
    /// Names in scope.
    pub names: BTreeSet<String>,
    pub problems: &'a mut Vec<Problem>,
    /// Id of the element, for parts without one.
    pub element: String,
}

impl Compiler<'_> {
    fn at(&self, id: &str) -> String {
        if id.is_empty() { self.element.clone() } else { id.to_owned() }
    }

    /// A text as code; `None` after noting why not.
    pub fn code(&mut self, text: &str, kind: Kind, id: &str) -> Option<Code> {
        let occurs = |name: &&String| name.split(|ch: char| !ch.is_alphanumeric()).all(|part| text.contains(part));
        let names = self.names.iter().filter(occurs).cloned().collect();
        match Code::compile(text, kind, &names) {
            Ok(code) => Some(code),
            Err(feel::FeelError::External) => {
                self.problems.push(Problem::fatal(codes::EXTERNAL, self.at(id), "表达式不得调用外部函数"));
                None
            }
            Err(error) => {
                self.problems.push(Problem::of(codes::EXPRESSION, self.at(id), format!("{error}：{}", text.chars().take(200).collect::<String>())));
                None
            }
        }
    }

    pub fn key(&mut self, type_ref: Option<&str>, id: &str) -> Option<String> {
        let type_ref = type_ref?;
        let key = (self.type_key)(type_ref);
        if key.is_none() {
            self.problems.push(Problem::of(codes::TYPE, self.at(id), format!("没有定义数据类型“{type_ref}”")));
        }
        key
    }

    fn field(&mut self, variable: &Variable, id: &str) -> Field {
        (name(&variable.name), self.key(variable.type_ref.as_deref(), id))
    }

    /// Compiles with `names` in scope besides those already there.
    fn within(&mut self, names: impl IntoIterator<Item = String>, typed: &Typed) -> Option<Logic> {
        let before = self.names.clone();
        self.names.extend(names);
        let logic = self.logic(typed);
        self.names = before;
        logic
    }

    /// The logic; `None` after noting why not.
    pub fn logic(&mut self, typed: &Typed) -> Option<Logic> {
        let id = &typed.id;
        let type_key = self.key(typed.type_ref.as_deref(), id);
        let kind = match &typed.boxed {
            Boxed::Literal { text } => Shape::Literal(self.code(text, Kind::Expression, id)?),
            Boxed::Table(table) => Shape::Table(Table::compile(self, table, id)?),
            Boxed::Context(entries) => {
                let before = self.names.clone();
                let mut compiled = Vec::new();
                for (variable, typed) in entries {
                    // A function may call itself, so its own name is in scope already.
                    if let Some(variable) = variable {
                        self.names.insert(variable.name.clone());
                    }
                    let field = variable.as_ref().map(|variable| self.field(variable, id));
                    compiled.push((field, self.logic(typed)));
                }
                self.names = before;
                Shape::Context(compiled.into_iter().map(|(field, logic)| logic.map(|logic| (field, logic))).collect::<Option<_>>()?)
            }
            Boxed::Invocation { function, arguments } => {
                let function = self.logic(function);
                let arguments: Option<Vec<_>> =
                    arguments.iter().map(|(variable, typed)| (self.field(variable, id), self.logic(typed))).map(|(field, logic)| Some((field, logic?))).collect();
                let arguments = arguments?;
                let passed: Vec<String> = arguments.iter().map(|((name, _), _)| format!("{name}: {name}")).collect();
                let before = self.names.clone();
                self.names.extend(arguments.iter().map(|((name, _), _)| String::from(name)));
                let call = self.code(&format!("{FUNCTION}({})", passed.join(", ")), Kind::Expression, id);
                self.names = before;
                Shape::Invocation { function: Box::new(function?), arguments, call: call? }
            }
            Boxed::Function { parameters, body } => {
                let Some(body) = body else {
                    self.problems.push(Problem::of(codes::EMPTY, self.at(id), "函数没有内容"));
                    return None;
                };
                let fields = parameters.iter().map(|parameter| self.field(parameter, id)).collect();
                Shape::Function { parameters: fields, body: Arc::new(self.within(parameters.iter().map(|parameter| parameter.name.clone()), body)?) }
            }
            Boxed::List(items) => Shape::List(self.all(items)?),
            Boxed::Relation { columns, rows } => {
                let columns: Vec<Field> = columns.iter().map(|column| self.field(column, id)).collect();
                if rows.iter().any(|row| row.len() != columns.len()) {
                    self.problems.push(Problem::of(codes::TABLE, self.at(id), "关系表各行的格数与列数不符"));
                    return None;
                }
                Shape::Relation { columns, rows: rows.iter().map(|row| self.all(row)).collect::<Option<_>>()? }
            }
            Boxed::Conditional(condition, yes, no) => {
                let (condition, yes, no) = (self.logic(condition), self.logic(yes), self.logic(no));
                Shape::Conditional(Box::new([condition?, yes?, no?]))
            }
            Boxed::Filter { list, condition } => {
                let (list, condition) = (self.logic(list), self.within(["item".to_owned()], condition));
                Shape::Filter { list: Box::new(list?), condition: Box::new(condition?) }
            }
            Boxed::Loop { turns, variable, list, body } => {
                let list = self.logic(list);
                let body = self.within([variable.clone(), "partial".to_owned()], body);
                Shape::Loop { turns, variable: name(variable), list: Box::new(list?), body: Box::new(body?) }
            }
        };
        Some(Logic { kind, type_key })
    }

    fn all(&mut self, items: &[Typed]) -> Option<Vec<Logic>> {
        let items: Vec<_> = items.iter().map(|item| self.logic(item)).collect();
        items.into_iter().collect()
    }
}

/// The value as its type wants it, or null with the reason.
pub(crate) fn conform(graph: &Graph, value: Value, key: Option<&str>) -> Value {
    graph.types.conform(value, key).unwrap_or_else(null)
}

/// As [`conform`]; where the type is that of a function, what the function gives back will conform too.
pub(crate) fn bind(graph: &Arc<Graph>, value: Value, key: Option<&str>) -> Value {
    let value = conform(graph, value, key);
    match key.and_then(|key| graph.types.result_of(key)) {
        Some(result) => {
            let (graph, result) = (graph.clone(), result.to_owned());
            checked(value, move |value| conform(&graph, value, Some(&result)))
        }
        None => value,
    }
}

/// A function value whose body sees its parameters and what `around` puts in scope, not the caller's variables.
pub(crate) fn function(parameters: Vec<Field>, graph: &Arc<Graph>, result: Option<String>, body: impl Fn(&FeelScope) -> Value + Send + Sync + 'static, around: impl Fn() -> FeelContext + Send + Sync + 'static) -> Value {
    let names = parameters.iter().map(|(name, _)| (name.clone(), FeelType::Any)).collect();
    let graph = graph.clone();
    native(names, FeelType::Any, move |caller| {
        tick();
        let mut context = around();
        for (name, key) in &parameters {
            let value = caller.get_value(name).unwrap_or(Value::Null(None));
            match graph.types.conform(value, key.as_deref()) {
                Ok(value) => context.set_entry(name, value),
                Err(reason) => return null(format!("参数“{name}”{reason}")),
            }
        }
        let value = body(&FeelScope::from(context));
        charge_value(&value);
        conform(&graph, value, result.as_deref())
    })
}

impl Logic {
    /// The value in `scope`. Runs within a bounded evaluation.
    pub fn evaluate(&self, graph: &Arc<Graph>, scope: &FeelScope) -> Value {
        tick();
        let value = match &self.kind {
            Shape::Literal(code) => code.run(scope),
            Shape::Table(table) => table.evaluate(graph, scope),
            Shape::Context(entries) => context(entries, graph, scope),
            Shape::Invocation { function, arguments, call } => {
                let function = function.evaluate(graph, scope);
                let mut variables = FeelContext::default();
                let mut weight = 0;
                for ((name, key), logic) in arguments {
                    let value = conform(graph, logic.evaluate(graph, scope), key.as_deref());
                    charge_value(&value);
                    weight += weight_of(&value);
                    variables.set_entry(name, value);
                }
                if matches!(function, Value::BuiltInFunction(_)) {
                    // Some built-in functions multiply the lengths of their arguments.
                    charge(weight * weight);
                }
                variables.set_entry(&FUNCTION.into(), function);
                within(scope, variables, || call.run(scope))
            }
            Shape::Function { parameters, body } => {
                let (graph, body) = (graph.clone(), body.clone());
                let mut around = FeelContext::default();
                for layer in scope.contexts() {
                    layer.iter().for_each(|(name, value)| {
                        charge_value(value);
                        around.set_entry(name, value.clone());
                    });
                }
                let inner = graph.clone();
                function(parameters.clone(), &graph, None, move |scope| body.evaluate(&inner, scope), move || around.clone())
            }
            Shape::List(items) => Value::List(items.iter().map(|item| item.evaluate(graph, scope)).collect()),
            Shape::Relation { columns, rows } => Value::List(
                rows.iter()
                    .map(|row| {
                        let mut entries = FeelContext::default();
                        for ((name, key), cell) in columns.iter().zip(row) {
                            entries.set_entry(name, conform(graph, cell.evaluate(graph, scope), key.as_deref()));
                        }
                        Value::Context(entries)
                    })
                    .collect(),
            ),
            Shape::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                match condition.evaluate(graph, scope) {
                    Value::Boolean(true) => yes.evaluate(graph, scope),
                    Value::Boolean(false) | Value::Null(_) => no.evaluate(graph, scope),
                    _ => null("条件的结果须为真或假"),
                }
            }
            Shape::Filter { list, condition } => filter(list.evaluate(graph, scope), condition, graph, scope),
            Shape::Loop { turns, variable, list, body } => turn(turns, variable, list.evaluate(graph, scope), body, graph, scope),
        };
        charge_value(&value);
        bind(graph, value, self.type_key.as_deref())
    }
}

fn weight_of(value: &Value) -> u64 {
    match value {
        Value::String(text) => 1 + text.len() as u64 / 16,
        Value::List(items) => items.iter().map(weight_of).sum(),
        _ => 1,
    }
}

/// Evaluates with `variables` on top of the scope.
pub(crate) fn within<T>(scope: &FeelScope, variables: FeelContext, work: impl FnOnce() -> T) -> T {
    scope.push(variables);
    let result = work();
    scope.pop();
    result
}

fn context(entries: &[(Option<Field>, Logic)], graph: &Arc<Graph>, scope: &FeelScope) -> Value {
    scope.push(FeelContext::default());
    let mut outcome = None;
    for (field, logic) in entries {
        let value = logic.evaluate(graph, scope);
        match field {
            // Modellers give the variable of a function the type of its result.
            Some((name, _)) if matches!(value, Value::FunctionDefinition(..) | Value::BuiltInFunction(_)) => scope.set_value(name, value),
            Some((name, key)) => scope.set_value(name, conform(graph, value, key.as_deref())),
            // The entry without a name is the result.
            None => outcome = Some(value),
        }
    }
    let entries = scope.pop().unwrap_or_default();
    outcome.unwrap_or(Value::Context(entries))
}

fn filter(list: Value, condition: &Logic, graph: &Arc<Graph>, scope: &FeelScope) -> Value {
    let items = match list {
        Value::List(items) => items,
        null @ Value::Null(_) => return null,
        single => vec![single],
    };
    let mut kept = Vec::new();
    for item in &items {
        let mut variables = match item {
            Value::Context(entries) => entries.clone(),
            _ => FeelContext::default(),
        };
        if !variables.contains_entry(&"item".into()) {
            variables.set_entry(&"item".into(), item.clone());
        }
        match within(scope, variables, || condition.evaluate(graph, scope)) {
            Value::Boolean(true) => kept.push(item.clone()),
            Value::Boolean(false) | Value::Null(_) => {}
            Value::Number(index) => {
                let place = i64::try_from(index).ok().and_then(|index| if index > 0 { usize::try_from(index).ok() } else { usize::try_from(items.len() as i64 + index + 1).ok() });
                return place.and_then(|place| items.get(place.checked_sub(1)?)).cloned().unwrap_or_else(|| null("序号超出列表范围"));
            }
            _ => return null("筛选条件的结果须为真或假，或为序号"),
        }
    }
    Value::List(kept)
}

fn turn(turns: &str, variable: &Name, list: Value, body: &Logic, graph: &Arc<Graph>, scope: &FeelScope) -> Value {
    let items = match list {
        null @ Value::Null(_) => return null,
        list => match members(list) {
            Ok(items) => items,
            Err(reason) => return null(reason),
        },
    };
    let mut results = Vec::new();
    for item in items {
        tick();
        let mut variables = FeelContext::default();
        variables.set_entry(variable, item);
        if turns == "for" {
            let so_far = Value::List(results.clone());
            charge_value(&so_far);
            variables.set_entry(&"partial".into(), so_far);
        }
        let value = within(scope, variables, || body.evaluate(graph, scope));
        match (turns, value) {
            ("for", value) => results.push(value),
            ("some", Value::Boolean(true)) => return Value::Boolean(true),
            ("every", Value::Boolean(false)) => return Value::Boolean(false),
            (_, Value::Boolean(_)) => {}
            _ => return null("条件的结果须为真或假"),
        }
    }
    match turns {
        "for" => Value::List(results),
        turns => Value::Boolean(turns == "every"),
    }
}
