//! A text compiled for a known set of names. For engines that keep their own scopes (DMN); others use [`crate::Expression`].

use std::collections::BTreeSet;

use dsntk_feel::bif::Bif;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope};
use dsntk_feel_parser::AstNode;

use crate::FeelError;
use crate::budget::{charge_value, roomy, tick};
use crate::guard::{Facts, guard};
use crate::text::Words;

/// What a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An expression, evaluated to its value.
    Expression,
    /// Unary tests of a decision table, evaluated to whether the value in scope as `?` passes.
    UnaryTests,
    /// A comma separated list of expressions, evaluated to the list of their values; `-` is null.
    Values,
}

/// A compiled text.
pub struct Code {
    evaluator: Evaluator,
    natives: Option<FeelContext>,
    names: BTreeSet<String>,
    clock: bool,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Code").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Code {
    /// Compiles `text`. Of `names` only those matter that are not a single word; any single word is understood anyway.
    ///
    /// # Errors
    /// See [`FeelError`].
    pub fn compile(text: &str, kind: Kind, names: &BTreeSet<String>) -> Result<Self, FeelError> {
        let words = Words::of(text)?;
        roomy(|| {
            let known = || names.iter().map(String::as_str);
            let mut node = match parse(text, kind, words.names(text).chain(known())) {
                Ok(node) => node,
                // Words that only occur inside longer, undeclared names led astray: let the library take the longest names.
                Err(first) => parse(text, kind, known()).map_err(|_| first)?,
            };
            let facts = Facts::of(&mut node);
            let free = |name: &String| !facts.bound.contains(name) && name.parse::<Bif>().is_err() && !matches!(name.as_str(), "?" | "item" | "partial");
            let names = facts.read.iter().filter(|name| free(name)).cloned().collect();
            let clock = ["now", "today"].iter().any(|name| facts.read.contains(*name));
            let guarded = guard(node)?;
            Ok(Self { evaluator: dsntk_feel_evaluator::prepare(&guarded.node), natives: guarded.natives, names, clock })
        })?
    }

    /// The variables the text reads and does not bind itself.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Whether the text asks for the current time.
    pub fn reads_clock(&self) -> bool {
        self.clock
    }

    /// Evaluates in `scope`. To be called within [`crate::engine::bounded`]; what exceeds the budget unwinds to there.
    pub fn run(&self, scope: &FeelScope) -> Value {
        let Some(natives) = &self.natives else { return (self.evaluator)(scope) };
        tick();
        scope.push(natives.clone());
        let value = (self.evaluator)(scope);
        scope.pop();
        charge_value(&value);
        value
    }
}

fn parse<'a>(text: &str, kind: Kind, names: impl Iterator<Item = &'a str>) -> Result<AstNode, FeelError> {
    let mut known = FeelContext::default();
    for name in names {
        known.set_null(name.into());
    }
    let scope = FeelScope::from(known);
    let syntax = |error: dsntk_common::DsntkError| FeelError::Syntax(error.to_string());
    match kind {
        Kind::Expression => dsntk_feel_parser::parse_expression(&scope, text, false).map_err(syntax),
        Kind::UnaryTests => dsntk_feel_parser::parse_unary_tests(&scope, text, false).map(as_condition).map_err(syntax),
        Kind::Values => dsntk_feel_parser::parse_unary_tests(&scope, text, false).map_err(syntax).map(|node| match node {
            AstNode::ExpressionList(items) => AstNode::List(items),
            AstNode::Irrelevant => AstNode::Null,
            other => AstNode::List(vec![other]),
        }),
    }
}

fn question() -> Box<AstNode> {
    Box::new(AstNode::Name("?".into()))
}

/// Unary tests as a condition on `?`. The library compares every test with the value; tests that speak of `?` themselves
/// hold when they are true.
fn as_condition(tests: AstNode) -> AstNode {
    let (items, negated) = match tests {
        AstNode::ExpressionList(items) => (items, false),
        AstNode::NegatedList(items) => (items, true),
        other => return AstNode::In(question(), Box::new(other)),
    };
    let speaks = |node: &mut AstNode| Facts::of(node).read.contains("?");
    let (mut own, mut plain) = (Vec::new(), Vec::new());
    for mut item in items {
        if speaks(&mut item) { own.push(item) } else { plain.push(item) }
    }
    let compared = |items: Vec<AstNode>| AstNode::In(question(), Box::new(if negated { AstNode::NegatedList(items) } else { AstNode::ExpressionList(items) }));
    if own.is_empty() {
        return compared(plain);
    }
    let mut conditions: Vec<AstNode> = own;
    if !plain.is_empty() {
        conditions.push(AstNode::In(question(), Box::new(AstNode::ExpressionList(plain))));
    }
    let any = conditions.into_iter().reduce(|left, right| AstNode::Or(Box::new(left), Box::new(right))).unwrap_or(AstNode::Boolean(false));
    let (yes, no) = (Box::new(AstNode::Boolean(!negated)), Box::new(AstNode::Boolean(negated)));
    AstNode::If(Box::new(any), yes, no)
}
