//! FEEL (Friendly Enough Expression Language, OMG DMN 1.5 chapter 10) for texts written by strangers.
//!
//! Departments write conditions of processes, rules of tables and computed fields of forms; a government platform runs
//! them next to everybody's data. This crate evaluates them with the library `dsntk` and adds what that lacks:
//!
//! - **nothing leaves**: external functions (Java, PMML) are refused when the text is read;
//! - **nothing runs away**: length, depth, steps, memory, stack and time are bounded ([`engine::bounded`]);
//! - **nothing panics**: whatever the text or the variables are, the answer is a value or a [`FeelError`];
//! - **JSON in, JSON out**, with exact decimals, and dates as `@"2026-11-23"`.
//!
//! ```
//! let expression = feel::Expression::parse("if 注册资本 * 0.1 >= 0.3 then 下次检查 + duration(\"P1M\") else null")?;
//! let variables = serde_json::json!({ "注册资本": 3, "下次检查": "@\"2026-11-23\"" });
//! let answer = expression.evaluate(variables.as_object().unwrap())?;
//! assert_eq!(answer, serde_json::json!("2026-12-23"));
//! # Ok::<(), feel::FeelError>(())
//! ```
//!
//! Null is an answer, not an error: [`Expression::outcome`] tells the reason of a null.
//!
//! `now()` and `today()` read the clock; callers that must be deterministic hand in variables instead and refuse
//! expressions for which [`Expression::reads_clock`] holds.

mod budget;
mod code;
pub mod engine;
mod error;
mod guard;
mod iterate;
mod json;
mod kept;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

pub use budget::{STEPS, TIME};
pub use error::FeelError;
pub use kept::kept;
pub use text::LONGEST;

use code::{Code, Kind};
use dsntk_feel::FeelScope;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use serde_json::{Map, Value as Json};

/// How many sets of multi-word names one expression is kept compiled for.
const KEPT: usize = 32;

/// A text, compiled once for every set of names it met.
///
/// Names of several words ("注册 资本", "a-b") are only known from the variables; they change how the text is read.
#[derive(Debug)]
struct Compiled {
    text: String,
    kind: Kind,
    plain: Arc<Code>,
    others: RwLock<BTreeMap<BTreeSet<String>, Arc<Code>>>,
}

impl Compiled {
    fn parse(text: &str, kind: Kind) -> Result<Self, FeelError> {
        let plain = Arc::new(Code::compile(text, kind, &BTreeSet::new())?);
        Ok(Self { text: text.to_owned(), kind, plain, others: RwLock::default() })
    }

    fn for_variables(&self, variables: &FeelContext) -> Result<Arc<Code>, FeelError> {
        let mut names = BTreeSet::new();
        self.long_names(variables, &mut names, 0);
        if names.is_empty() {
            return Ok(self.plain.clone());
        }
        if let Some(code) = self.others.read().unwrap_or_else(PoisonError::into_inner).get(&names) {
            return Ok(code.clone());
        }
        let code = Arc::new(Code::compile(&self.text, self.kind, &names)?);
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if others.len() >= KEPT {
            others.clear();
        }
        others.insert(names, code.clone());
        Ok(code)
    }

    /// Whether the text can mean a variable of this name: all its words occur.
    fn mentions(&self, name: &str) -> bool {
        name.split([' ', '-', '+', '*', '/', '.', '\'']).all(|part| self.text.contains(part))
    }

    /// The variables the text can mean. Forms ask hundreds of short expressions about all their fields; the others need
    /// not become FEEL values first.
    fn context(&self, variables: &Map<String, Json>) -> Result<FeelContext, FeelError> {
        json::context_from(variables.iter().filter(|(name, _)| self.mentions(name)))
    }

    /// Names that are not single words and might occur in the text.
    fn long_names(&self, context: &FeelContext, names: &mut BTreeSet<String>, depth: usize) {
        for (name, value) in context.iter() {
            let name = name.as_str();
            if self.mentions(name) && !text::is_word(name) {
                names.insert(name.to_owned());
            }
            self.long_names_in(value, names, depth);
        }
    }

    fn long_names_in(&self, value: &Value, names: &mut BTreeSet<String>, depth: usize) {
        match value {
            _ if depth > 8 => {}
            Value::Context(context) => self.long_names(context, names, depth + 1),
            // The items of a list are alike; looking at a few bounds the work.
            Value::List(items) => items.iter().take(8).for_each(|item| self.long_names_in(item, names, depth + 1)),
            _ => {}
        }
    }

    fn run(&self, mut variables: FeelContext) -> Result<Value, FeelError> {
        let code = self.for_variables(&variables)?;
        if Arc::ptr_eq(&code, &self.plain) {
            // A variable nobody gave is null, and equal to nothing but null; without an entry the comparison itself were null.
            for name in self.plain.names() {
                let name = engine::name(name);
                if variables.get_entry(&name).is_none() {
                    variables.set_entry(&name, engine::null(format!("没有给出变量“{}”", name.as_str())));
                }
            }
        }
        engine::bounded(|| {
            variables.iter().for_each(|(_, value)| budget::charge_value(value));
            code.run(&FeelScope::from(variables))
        })
    }
}

/// What an evaluation came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The value. Numbers beyond 15 digits are the nearest double here; [`Outcome::json`] has them exactly.
    pub value: Json,
    /// The value as JSON text with every decimal digit.
    pub json: String,
    /// Why the value is null, where FEEL knows it (in English, from the library; for authors, not for citizens).
    pub reason: Option<String>,
}

/// A FEEL expression, read once and evaluated often, by any number of threads.
#[derive(Debug)]
pub struct Expression(Compiled);

impl Expression {
    /// Reads an expression. Variables need not be known yet.
    ///
    /// # Errors
    /// [`FeelError::Syntax`], [`FeelError::TooComplex`], [`FeelError::External`].
    pub fn parse(text: &str) -> Result<Self, FeelError> {
        Compiled::parse(text, Kind::Expression).map(Self)
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The variables it reads, built-in functions and what it binds itself left out. Names of several words appear as
    /// their words, since only variables handed in tell them apart.
    pub fn names(&self) -> &BTreeSet<String> {
        self.0.plain.names()
    }

    /// Whether it asks for the current time.
    pub fn reads_clock(&self) -> bool {
        self.0.plain.reads_clock()
    }

    /// Evaluates to a JSON value. A text `@"…"` among the variables is the FEEL literal.
    ///
    /// # Errors
    /// [`FeelError::Variable`] for a variable that is no FEEL value; [`FeelError::Steps`], [`FeelError::Time`],
    /// [`FeelError::Depth`] for an expression that runs away.
    pub fn evaluate(&self, variables: &Map<String, Json>) -> Result<Json, FeelError> {
        Ok(json::to_value(&self.0.run(self.0.context(variables)?)?))
    }

    /// As [`Self::evaluate`], with the exact text and the reason of a null.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub fn outcome(&self, variables: &Map<String, Json>) -> Result<Outcome, FeelError> {
        Ok(outcome(&self.0.run(self.0.context(variables)?)?))
    }

    /// As [`Self::outcome`], with the variables as JSON text, whose decimals are taken exactly.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub fn outcome_of_json(&self, variables: &str) -> Result<Outcome, FeelError> {
        Ok(outcome(&self.0.run(json::context_from_json(variables)?)?))
    }
}

fn outcome(value: &Value) -> Outcome {
    Outcome { value: json::to_value(value), json: json::to_json(value), reason: engine::reason(value) }
}

/// Unary tests, the cells of decision tables: `> 5`, `"甲","乙"`, `[1..3]`, `not(null)`, `-`, or any condition on `?`.
///
/// ```
/// let tests = feel::UnaryTests::parse("[18..60), > 100")?;
/// assert!(tests.matches(&20.into(), &Default::default())?);
/// assert!(!tests.matches(&60.into(), &Default::default())?);
/// # Ok::<(), feel::FeelError>(())
/// ```
#[derive(Debug)]
pub struct UnaryTests(Compiled);

impl UnaryTests {
    /// Reads unary tests.
    ///
    /// # Errors
    /// As [`Expression::parse`].
    pub fn parse(text: &str) -> Result<Self, FeelError> {
        Compiled::parse(text, Kind::UnaryTests).map(Self)
    }

    /// Whether `input` passes. What cannot be compared does not pass.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn matches(&self, input: &Json, variables: &Map<String, Json>) -> Result<bool, FeelError> {
        let mut context = self.0.context(variables)?;
        context.set_entry(&"?".into(), json::from_value("?", input, 0)?);
        Ok(self.0.run(context)?.is_true())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_nobody_gave_is_null_and_equals_only_null() {
        let none = Map::new();
        for (text, value) in [("a = \"x\"", false), ("not(a = \"x\")", true), ("a = null", true), ("a != \"x\"", true)] {
            assert_eq!(Expression::parse(text).unwrap().evaluate(&none).unwrap(), Json::Bool(value), "{text}");
        }
    }
}
