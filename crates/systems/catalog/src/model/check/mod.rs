//! What stands between a list and its publication.
//!
//! Three families of rules, each a file: the mandatory elements (`elements`, standards B2), the consistency of elements
//! with each other (`consistency`, B3) and the policy of the service system (`policy`, B4 and the cross-cutting rules
//! R05, R17, R39, R40, R48, R51). Every finding says what is wrong and what to do.

mod consistency;
mod elements;
mod policy;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::item::ItemSpec;

/// Whether a finding stops publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The item cannot be published.
    Error,
    /// The item can be published; the editor should look again.
    Warning,
}

/// One finding about one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The element, as a path: `promised`, `materials[2].basis`.
    pub field: String,
    /// Stable machine code of the rule.
    pub code: &'static str,
    /// Whether it stops publication.
    pub severity: Severity,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
}

/// Everything wrong with the list, errors first, otherwise in the order of the elements.
#[must_use]
pub fn problems(item: &ItemSpec) -> Vec<Problem> {
    let mut findings = Findings::default();
    elements::check(item, &mut findings);
    consistency::check(item, &mut findings);
    policy::check(item, &mut findings);
    findings.0.sort_by_key(|problem| problem.severity);
    findings.0
}

/// True when nothing stops publication.
#[must_use]
pub fn publishable(item: &ItemSpec) -> bool {
    problems(item)
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}

/// Collects findings; keeps the rules short.
#[derive(Default)]
struct Findings(Vec<Problem>);

impl Findings {
    fn error(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.add(field.into(), code, Severity::Error, message.into());
    }

    fn warning(
        &mut self,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.add(field.into(), code, Severity::Warning, message.into());
    }

    /// Records an error when the condition does not hold.
    fn require(
        &mut self,
        holds: bool,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        if !holds {
            self.error(field, code, message);
        }
    }

    /// Records a warning when the condition does not hold.
    fn advise(
        &mut self,
        holds: bool,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        if !holds {
            self.warning(field, code, message);
        }
    }

    fn add(&mut self, field: String, code: &'static str, severity: Severity, message: String) {
        self.0.push(Problem {
            field,
            code,
            severity,
            message,
        });
    }
}

/// True when the text holds any of the words.
fn mentions(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// True for text without anything to read in it.
fn blank(text: &str) -> bool {
    text.trim().is_empty()
}
