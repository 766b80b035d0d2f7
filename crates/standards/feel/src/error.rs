//! What can go wrong.

/// Why a text is no expression, or why its evaluation was ended.
///
/// Expressions that merely have no answer (a missing variable, a division by zero) are not errors in FEEL: they are null,
/// see [`crate::Outcome::reason`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeelError {
    /// The text is not FEEL.
    #[error("表达式写法有误：{0}")]
    Syntax(String),
    /// The text is longer or more deeply nested than any honest expression; says which limit.
    #[error("表达式过于复杂：{0}")]
    TooComplex(String),
    /// The text asks for something this house never does: functions outside of FEEL (Java, PMML).
    #[error("表达式不得调用外部函数")]
    External,
    /// A variable handed in is no FEEL value; says which and why.
    #[error("变量无法使用：{0}")]
    Variable(String),
    /// The evaluation took more steps or memory than allowed.
    #[error("表达式计算量超过上限")]
    Steps,
    /// The evaluation took more time than allowed.
    #[error("表达式计算超时")]
    Time,
    /// Functions called each other, or values were nested, too deeply.
    #[error("表达式嵌套或递归过深")]
    Depth,
    /// The library below failed in a way it should not; nothing of ours is damaged.
    #[error("表达式无法计算")]
    Internal,
}

impl FeelError {
    /// Stable machine-readable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "syntax",
            Self::TooComplex(_) => "too-complex",
            Self::External => "external-function",
            Self::Variable(_) => "variable",
            Self::Steps => "steps",
            Self::Time => "time",
            Self::Depth => "depth",
            Self::Internal => "internal",
        }
    }
}
