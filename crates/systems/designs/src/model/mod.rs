//! Rules, as pure functions: no database, no clock, no HTTP.

mod compare;
pub mod course;
pub mod decision;
mod design;
pub(crate) mod engine;
mod finding;
mod form;
pub mod process;
mod starter;
pub mod template;
mod trial;

pub use compare::{Change, Difference, Part, compare};
pub use decision::{Example, MAX_EXAMPLES};
pub use design::{Kind, MAX_BYTES, Stage, Standing, check_effective, check_key, check_name, standing};
pub use finding::{Finding, Severity, errors};
pub use starter::{Starter, starter, starters};
pub use trial::{MAX_MOVES, Mark, MarkState, Move, Trial, Waiting};

/// Everything wrong with the content of a design, worst first.
#[must_use]
pub fn check(kind: Kind, content: &str) -> Vec<Finding> {
    let mut found = match kind {
        Kind::Process => process::check(content),
        Kind::Decision => decision::check(content),
        Kind::Form => form::check(content),
    };
    found.sort_by_key(|finding| finding.severity);
    found
}

/// Everything that keeps a design from review: what [`check`] finds, and examples that are missing or do not hold.
#[must_use]
pub fn check_with_examples(kind: Kind, content: &str, examples: &[Example]) -> Vec<Finding> {
    let mut found = check(kind, content);
    if kind == Kind::Decision && errors(&found).next().is_none() {
        found.extend(decision::check_examples(content, examples));
    }
    found
}

/// The parts of a design that people compare.
///
/// # Errors
/// A sentence, when the content cannot be read.
pub fn parts(kind: Kind, content: &str) -> Result<Vec<Part>, String> {
    match kind {
        Kind::Process => process::parts(content),
        Kind::Decision => decision::parts(content),
        Kind::Form => form::parts(content),
    }
}
