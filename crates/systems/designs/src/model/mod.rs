//! Rules, as pure functions: no database, no clock, no HTTP.

mod compare;
mod design;
pub(crate) mod engine;
mod finding;
pub mod process;
mod starter;
mod trial;

pub use compare::{Change, Difference, Part, compare};
pub use design::{Kind, MAX_BYTES, Stage, Standing, check_effective, check_key, check_name, standing};
pub use finding::{Finding, Severity, errors};
pub use starter::{Starter, starter, starters};
pub use trial::{MAX_MOVES, Mark, MarkState, Move, Trial, Waiting};

/// Everything wrong with the content of a design, worst first.
#[must_use]
pub fn check(kind: Kind, content: &str) -> Vec<Finding> {
    let mut found = match kind {
        Kind::Process => process::check(content),
        Kind::Decision | Kind::Form => Vec::new(),
    };
    found.sort_by_key(|finding| finding.severity);
    found
}

/// The parts of a design that people compare.
///
/// # Errors
/// A sentence, when the content cannot be read.
pub fn parts(kind: Kind, content: &str) -> Result<Vec<Part>, String> {
    match kind {
        Kind::Process => process::parts(content),
        Kind::Decision | Kind::Form => Ok(Vec::new()),
    }
}
