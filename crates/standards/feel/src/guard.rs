//! The guard: reads the syntax tree before the library may evaluate it.
//!
//! It refuses what is never allowed (external functions) and what is too large, and decides whether an expression can
//! run away at all. A plain one (comparisons, arithmetic, most built-ins, few variables) is left alone and costs nothing.
//! Into any other it weaves calls of our own functions ([`crate::budget`]):
//!
//! - loops are replaced by ours ([`crate::iterate`]), which count every turn;
//! - bodies of functions and conditions of filters count before they run, so recursion is seen in time;
//! - variables read, arguments and results of calls are weighed, so copies cannot grow beyond the budget;
//! - functions that multiply lengths or compare everything with everything pay accordingly.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dsntk_feel::bif::Bif;
use dsntk_feel::closure::Closure;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope, FeelType, FunctionBody, Name};
use dsntk_feel_parser::AstNode;

use crate::FeelError;
use crate::budget::{charge_pattern, charge_searched, charge_square, charge_value, tick};
use crate::iterate::{Loop, Source, Turns};

/// Deepest tree.
const DEPTH: usize = 150;
/// Most nodes.
const NODES: usize = 4_000;
/// Variables a plain expression may read: each is a copy.
const PLAIN_READS: usize = 16;
/// Longest text searched by a regular expression, and longest pattern, replacement or separator, in bytes.
const SEARCHED: usize = 10_000;
const PATTERN: usize = 4_000;

/// Names no FEEL text can spell.
const TICK: &str = "\u{1}tick";
const WEIGH: &str = "\u{1}weigh";
const SQUARE: &str = "\u{1}square";
const SEARCH: &str = "\u{1}search";
const SHORT: &str = "\u{1}short";

/// A tree that may be evaluated, with the functions woven into it.
pub(crate) struct Guarded {
    pub node: AstNode,
    /// Our functions, to be put in scope; `None` for a plain expression.
    pub natives: Option<FeelContext>,
}

/// A FEEL function implemented here. `body` finds its arguments in the scope by the names of `parameters`.
pub fn native(parameters: Vec<(Name, FeelType)>, result: FeelType, body: impl Fn(&FeelScope) -> Value + Send + Sync + 'static) -> Value {
    let body: Evaluator = Box::new(body);
    Value::FunctionDefinition(parameters, FunctionBody::LiteralExpression(Arc::new(body)), false, Closure::default(), FeelContext::default(), result)
}

/// The function with each of its results passed through `check`; any other value as it is.
pub fn checked(function: Value, check: impl Fn(Value) -> Value + Send + Sync + 'static) -> Value {
    match function {
        Value::FunctionDefinition(parameters, body, external, closure, context, result) => {
            let body: Evaluator = Box::new(move |scope| check(body.evaluate(scope)));
            Value::FunctionDefinition(parameters, FunctionBody::LiteralExpression(Arc::new(body)), external, closure, context, result)
        }
        other => other,
    }
}

fn one_argument(weigh: impl Fn(&Value) + Send + Sync + 'static) -> Value {
    let name = Name::from("\u{1}value");
    native(vec![(name.clone(), FeelType::Any)], FeelType::Any, move |scope| {
        let value = scope.get_value(&name).unwrap_or(Value::Null(None));
        weigh(&value);
        value
    })
}

fn natives() -> FeelContext {
    let mut context = FeelContext::default();
    let tick = native(vec![], FeelType::Any, |_| {
        tick();
        Value::Boolean(true)
    });
    context.set_entry(&TICK.into(), tick);
    context.set_entry(&WEIGH.into(), one_argument(charge_value));
    context.set_entry(&SQUARE.into(), one_argument(charge_square));
    context.set_entry(&SEARCH.into(), one_argument(|value| charge_searched(value, SEARCHED)));
    context.set_entry(&SHORT.into(), one_argument(|value| charge_pattern(value, PATTERN)));
    context
}

/// Parts of a node that are evaluated; types, keys and the names of parameters and properties are not.
fn parts(node: &mut AstNode) -> Vec<&mut AstNode> {
    use AstNode as A;
    match node {
        A::Add(a, b) | A::And(a, b) | A::Div(a, b) | A::Eq(a, b) | A::Exp(a, b) | A::Filter(a, b) | A::Ge(a, b) | A::Gt(a, b) | A::In(a, b) => vec![a, b],
        A::Le(a, b) | A::Lt(a, b) | A::Mul(a, b) | A::Nq(a, b) | A::Or(a, b) | A::Out(a, b) | A::Sub(a, b) | A::Range(a, b) => vec![a, b],
        A::Every(a, b) | A::Some(a, b) | A::For(a, b) | A::FunctionInvocation(a, b) => vec![a, b],
        A::Between(a, b, c) | A::If(a, b, c) => vec![a, b, c],
        A::IterationContextInterval(_, a, b) => vec![a, b],
        A::ContextEntry(_, a) | A::NamedParameter(_, a) | A::IterationContextSingle(_, a) | A::QuantifiedContext(_, a) => vec![a],
        A::FunctionDefinition(_, a) | A::FunctionBody(a, _) | A::InstanceOf(a, _) | A::Path(a, _) | A::IntervalStart(a, _) | A::IntervalEnd(a, _) => vec![a],
        A::EvaluatedExpression(a) | A::Neg(a) | A::Satisfies(a) => vec![a],
        A::UnaryEq(a) | A::UnaryGe(a) | A::UnaryGt(a) | A::UnaryLe(a) | A::UnaryLt(a) | A::UnaryNe(a) => vec![a],
        A::CommaList(items) | A::Context(items) | A::ExpressionList(items) | A::IterationContexts(items) | A::List(items) => items.iter_mut().collect(),
        A::NamedParameters(items) | A::NegatedList(items) | A::PositionalParameters(items) | A::QuantifiedContexts(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// What a tree holds.
#[derive(Default)]
pub(crate) struct Facts {
    nodes: usize,
    depth: usize,
    reads: usize,
    external: bool,
    risky: bool,
    /// A costly built-in function is used as a value, so any call may be one of it.
    alias: bool,
    /// Names read.
    pub read: BTreeSet<String>,
    /// Names the tree gives values to itself.
    pub bound: BTreeSet<String>,
}

impl Facts {
    pub fn of(node: &mut AstNode) -> Self {
        let mut facts = Self::default();
        facts.visit(node, 1);
        facts
    }

    fn visit(&mut self, node: &mut AstNode, depth: usize) {
        self.nodes += 1;
        self.depth = self.depth.max(depth);
        match node {
            AstNode::Name(name) => {
                self.reads += 1;
                self.read.insert(name.to_string());
                if name.as_str().parse().is_ok_and(|bif| Price::of(&bif) != Price::Plain) {
                    self.alias = true;
                    self.risky = true;
                }
            }
            // The library finds that a literal is not null, but not that null is no literal; the other way round it says the
            // same of everything else (DMN 1.5, 10.3.2.13: null equals null alone).
            AstNode::Eq(left, right) | AstNode::Nq(left, right) if is_literal(right) && !is_literal(left) => std::mem::swap(left, right),
            AstNode::FunctionBody(_, external) => self.external |= *external,
            AstNode::For(..) | AstNode::Some(..) | AstNode::Every(..) | AstNode::Filter(..) => self.risky = true,
            AstNode::FunctionDefinition(parameters, _) => {
                self.risky = true;
                if let AstNode::FormalParameters(parameters) = &**parameters {
                    for parameter in parameters {
                        if let AstNode::FormalParameter(name, _) = parameter
                            && let AstNode::ParameterName(name) = &**name
                        {
                            self.bound.insert(name.to_string());
                        }
                    }
                }
            }
            AstNode::FunctionInvocation(function, arguments) => {
                if let AstNode::Name(name) = &**function {
                    self.reads += 1;
                    self.read.insert(name.to_string());
                    self.risky |= built_in(function).is_some_and(|bif| Price::of(&bif) != Price::Plain);
                    return self.visit(arguments, depth + 1);
                }
            }
            AstNode::ContextEntry(key, _) => {
                if let AstNode::ContextEntryKey(name) = &**key {
                    self.bound.insert(name.to_string());
                }
            }
            AstNode::IterationContextSingle(name, _) | AstNode::IterationContextInterval(name, _, _) | AstNode::QuantifiedContext(name, _) => {
                if let AstNode::Name(name) = &**name {
                    self.bound.insert(name.to_string());
                }
            }
            _ => {}
        }
        for part in parts(node) {
            self.visit(part, depth + 1);
        }
    }
}

/// What a built-in function costs beyond its arguments.
#[derive(PartialEq, Eq)]
enum Price {
    Plain,
    /// Compares everything with everything.
    Square,
    /// Searches its first argument, multiplies it with the others.
    Text,
    /// Repeats its second argument.
    Separator,
}

impl Price {
    fn of(bif: &Bif) -> Self {
        match bif {
            Bif::DistinctValues | Bif::Union | Bif::Mode | Bif::IndexOf | Bif::Sort | Bif::ListReplace | Bif::Median | Bif::Remove => Self::Square,
            Bif::Replace | Bif::Matches | Bif::Split | Bif::Range => Self::Text,
            Bif::StringJoin => Self::Separator,
            _ => Self::Plain,
        }
    }
}

fn is_literal(node: &AstNode) -> bool {
    matches!(node, AstNode::String(_) | AstNode::Numeric(..) | AstNode::Boolean(_) | AstNode::At(_))
}

fn built_in(function: &AstNode) -> Option<Bif> {
    match function {
        AstNode::Name(name) => name.as_str().parse().ok(),
        _ => None,
    }
}

/// Checks a tree and weaves the guards into it.
///
/// # Errors
/// External functions; trees too deep or too large.
pub(crate) fn guard(mut node: AstNode) -> Result<Guarded, FeelError> {
    let facts = Facts::of(&mut node);
    if facts.external {
        return Err(FeelError::External);
    }
    if facts.depth > DEPTH {
        return Err(FeelError::TooComplex(format!("嵌套超过 {DEPTH} 层")));
    }
    if facts.nodes > NODES {
        return Err(FeelError::TooComplex(format!("超过 {NODES} 个组成部分")));
    }
    if !facts.risky && facts.reads <= PLAIN_READS {
        return Ok(Guarded { node, natives: None });
    }
    let mut weaver = Weaver { natives: natives(), alias: facts.alias };
    weaver.weave(&mut node);
    Ok(Guarded { node, natives: Some(weaver.natives) })
}

struct Weaver {
    natives: FeelContext,
    alias: bool,
}

fn call(function: &str, arguments: Vec<AstNode>) -> AstNode {
    AstNode::FunctionInvocation(Box::new(AstNode::Name(function.into())), Box::new(AstNode::PositionalParameters(arguments)))
}

fn wrap(node: &mut AstNode, function: &str) {
    let inner = std::mem::replace(node, AstNode::Null);
    *node = call(function, vec![inner]);
}

fn count_first(node: &mut AstNode) {
    let inner = std::mem::replace(node, AstNode::Null);
    *node = AstNode::If(Box::new(call(TICK, vec![])), Box::new(inner), Box::new(AstNode::Null));
}

fn is_constant(node: &AstNode) -> bool {
    match node {
        AstNode::Numeric(..) | AstNode::String(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::At(_) => true,
        AstNode::Neg(inner) => is_constant(inner),
        _ => false,
    }
}

impl Weaver {
    fn weave(&mut self, node: &mut AstNode) {
        match node {
            AstNode::Name(_) => wrap(node, WEIGH),
            AstNode::FunctionInvocation(function, arguments) => {
                let unknown = if self.alias { Price::Text } else { Price::Plain };
                let price = built_in(function).map_or(unknown, |bif| Price::of(&bif));
                if !matches!(**function, AstNode::Name(_)) {
                    self.weave(function);
                }
                self.arguments(arguments, &price);
                wrap(node, WEIGH);
            }
            AstNode::FunctionBody(body, _) => {
                self.weave(body);
                wrap(body, WEIGH);
                count_first(body);
            }
            AstNode::Filter(list, condition) => {
                self.weave(list);
                self.weave(condition);
                if !is_constant(condition) {
                    count_first(condition);
                }
            }
            AstNode::For(..) | AstNode::Some(..) | AstNode::Every(..) => self.replace_loop(node),
            _ => {
                for part in parts(node) {
                    self.weave(part);
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &mut AstNode, price: &Price) {
        let (AstNode::PositionalParameters(items) | AstNode::NamedParameters(items)) = arguments else { return };
        for (index, item) in items.iter_mut().enumerate() {
            let (first, value) = match item {
                AstNode::NamedParameter(name, value) => {
                    (matches!(&**name, AstNode::ParameterName(name) if matches!(name.as_str(), "input" | "string" | "list")), &mut **value)
                }
                positional => (index == 0, positional),
            };
            self.weave(value);
            match price {
                Price::Plain if is_constant(value) => {}
                Price::Plain => wrap(value, WEIGH),
                Price::Square => wrap(value, SQUARE),
                Price::Text if first => wrap(value, SEARCH),
                Price::Separator if first => wrap(value, WEIGH),
                Price::Text | Price::Separator => wrap(value, SHORT),
            }
        }
    }

    /// Puts a call of our loop in the place of the library's.
    fn replace_loop(&mut self, node: &mut AstNode) {
        for part in parts(node) {
            self.weave_parts_of_loop(part);
        }
        let facts = Facts::of(node);
        let (turns, contexts, body) = match node {
            AstNode::For(contexts, body) => (Turns::For, contexts, body),
            AstNode::Some(contexts, body) => (Turns::Some, contexts, body),
            AstNode::Every(contexts, body) => (Turns::Every, contexts, body),
            _ => return,
        };
        let (AstNode::IterationContexts(items) | AstNode::QuantifiedContexts(items)) = &**contexts else { return };
        let prepare = dsntk_feel_evaluator::prepare;
        let sources = items
            .iter()
            .filter_map(|item| {
                let (name, source) = match item {
                    AstNode::IterationContextInterval(name, start, end) => (name, Source::Interval(prepare(start), prepare(end))),
                    AstNode::IterationContextSingle(name, values) | AstNode::QuantifiedContext(name, values) => (name, Source::Values(prepare(values))),
                    _ => return None,
                };
                match &**name {
                    AstNode::Name(name) => Some((name.clone(), source)),
                    _ => None,
                }
            })
            .collect();
        let body = match &**body {
            AstNode::Satisfies(condition) => prepare(condition),
            other => prepare(other),
        };
        let ready = Loop { turns, sources, body, partial: facts.read.contains("partial") };
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("\u{1}loop{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.natives.set_entry(&name.as_str().into(), native(vec![], FeelType::Any, move |scope| ready.run(scope)));
        // A function around this loop takes the variables it names along. The branch that is never taken names them.
        let names = facts.read.iter().map(|name| AstNode::Name(name.as_str().into())).collect();
        *node = AstNode::If(Box::new(AstNode::Boolean(true)), Box::new(call(&name, vec![])), Box::new(AstNode::List(names)));
    }

    fn weave_parts_of_loop(&mut self, node: &mut AstNode) {
        match node {
            AstNode::IterationContexts(_) | AstNode::QuantifiedContexts(_) => {
                for context in parts(node) {
                    for part in parts(context) {
                        self.weave(part);
                    }
                }
            }
            other => self.weave(other),
        }
    }
}
