//! What is wrong with a model, or with an evaluation.

use serde::Serialize;

/// Something wrong with a model, told so that its author can find and mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable machine-readable code, see [`codes`].
    pub code: &'static str,
    /// Id, or where there is none the name, of the element.
    pub element: String,
    /// A sentence for the author.
    pub message: String,
    /// Whether the whole model is refused; otherwise the element alone cannot be evaluated, or it is merely doubtful.
    pub fatal: bool,
}

/// The codes of problems.
pub mod codes {
    /// Not XML, not DMN, a document type, or too large.
    pub const XML: &str = "xml";
    /// A reference leads nowhere.
    pub const DANGLING: &str = "dangling-reference";
    /// Elements need each other in a circle.
    pub const CYCLE: &str = "cyclic-requirement";
    /// A function in Java or PMML.
    pub const EXTERNAL: &str = "external-function";
    /// An import that is not found.
    pub const IMPORT: &str = "import";
    /// Two elements have one name or one id.
    pub const DUPLICATE: &str = "duplicate";
    /// A type nobody defines.
    pub const TYPE: &str = "unknown-type";
    /// An expression that does not read.
    pub const EXPRESSION: &str = "expression";
    /// A table that is not well formed.
    pub const TABLE: &str = "table";
    /// Two rules of a unique table that always match together.
    pub const OVERLAP: &str = "overlapping-rules";
    /// A decision or model without logic.
    pub const EMPTY: &str = "empty";
    /// An example that does not hold.
    pub const EXAMPLE: &str = "example";
}

impl Problem {
    pub(crate) fn fatal(code: &'static str, element: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, element: element.into(), message: message.into(), fatal: true }
    }

    pub(crate) fn of(code: &'static str, element: impl Into<String>, message: impl Into<String>) -> Self {
        Self { fatal: false, ..Self::fatal(code, element, message) }
    }
}

/// Why an evaluation has no result. A result that is null is no error, see [`crate::Evaluation::reason`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DmnError {
    /// Nothing in the model has that name.
    #[error("模型中没有名为“{0}”的决策、决策服务或业务知识模型")]
    Unknown(String),
    /// The element, or one it needs, cannot be evaluated.
    #[error("“{}”无法执行：{}", .0.element, .0.message)]
    Broken(Problem),
    /// The input is not of the type the model demands.
    #[error("输入“{name}”不符合要求：{reason}")]
    Input {
        /// Name of the input.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// An expression ran away or the input is no FEEL.
    #[error("{0}")]
    Feel(#[from] feel::FeelError),
}

impl DmnError {
    /// Stable machine-readable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown-decision",
            Self::Broken(problem) => problem.code,
            Self::Input { .. } => "invalid-input",
            Self::Feel(error) => error.code(),
        }
    }
}
