//! Why a result is what it is: which rules of which tables matched, with the values they saw.

use std::cell::RefCell;

use serde::Serialize;

use crate::problem::DmnError;

/// Reason of the null a table gives when no rule matches.
pub(crate) const NO_RULE: &str = "没有规则命中";

/// A value a table looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputSeen {
    /// Label of the column, or its expression.
    pub label: String,
    /// The value, in FEEL's notation.
    pub value: String,
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleHit {
    /// Place in the table, from 1.
    pub number: usize,
    /// Id of the rule in the model; may be empty.
    pub id: String,
    /// Values of its output columns.
    pub outputs: Vec<String>,
    /// Annotations: name of the column and text.
    pub annotations: Vec<(String, String)>,
}

/// One evaluation of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableTrace {
    /// Id of the decision or business knowledge model the table belongs to.
    pub element: String,
    /// Hit policy, as in the model.
    pub policy: String,
    /// What the columns saw.
    pub inputs: Vec<InputSeen>,
    /// The rules that matched, in the order of the table.
    pub matched: Vec<RuleHit>,
}

/// A decision with its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionTrace {
    /// Id of the decision.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its result as JSON text.
    pub result: String,
}

/// What is noted while evaluating.
#[derive(Default)]
pub(crate) struct Trace {
    pub tables: Vec<TableTrace>,
    pub decisions: Vec<DecisionTrace>,
    pub missing: Vec<String>,
    pub failure: Option<DmnError>,
}

/// Most notes kept of one evaluation: a table in a loop would note every turn.
const KEPT: usize = 1_000;

thread_local! {
    // Functions of the model run inside the expression library, which passes nothing along; an evaluation never
    // leaves its thread, so its notes may live there.
    static TRACE: RefCell<Trace> = RefCell::default();
}

pub(crate) fn table(trace: TableTrace) {
    TRACE.with_borrow_mut(|notes| if notes.tables.len() < KEPT { notes.tables.push(trace) });
}

pub(crate) fn decision(trace: DecisionTrace) {
    TRACE.with_borrow_mut(|notes| if notes.decisions.len() < KEPT { notes.decisions.push(trace) });
}

pub(crate) fn missing(name: &str) {
    TRACE.with_borrow_mut(|notes| if notes.missing.len() < KEPT && !notes.missing.iter().any(|known| known == name) { notes.missing.push(name.to_owned()) });
}

pub(crate) fn failure(error: DmnError) {
    TRACE.with_borrow_mut(|notes| {
        notes.failure.get_or_insert(error);
    });
}

/// Takes the notes and leaves none.
pub(crate) fn take() -> Trace {
    TRACE.take()
}
