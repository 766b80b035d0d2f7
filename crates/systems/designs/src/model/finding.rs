use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be put right before the design goes to review.
    Error,
    /// Worth a look.
    Advice,
}

/// One thing found by the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Id of the element to look at; none when the whole is meant.
    pub element: Option<String>,
    /// A sentence for the person who draws.
    pub message: String,
}

impl Finding {
    /// Something that must be put right.
    pub fn error(element: Option<&str>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, element: element.map(str::to_owned), message: message.into() }
    }

    /// Something worth a look.
    pub fn advice(element: Option<&str>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Advice, element: element.map(str::to_owned), message: message.into() }
    }
}

/// Those that must be put right.
pub fn errors(found: &[Finding]) -> impl Iterator<Item = &Finding> {
    found.iter().filter(|finding| finding.severity == Severity::Error)
}
