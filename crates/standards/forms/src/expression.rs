//! The seam to FEEL.
//!
//! This crate knows only [`Expressions`]; a complete engine implements it. [`Basic`] is a small subset of FEEL for
//! tests and tools that want no engine.

mod basic;
mod parser;

use serde_json::Value;

pub use basic::Basic;

/// Longest expression read.
pub const MAX_EXPRESSION: usize = 10_000;

/// An expression that cannot be read or evaluated; the text is a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("表达式有误：{0}")]
pub struct ExpressionError(
    /// What is wrong, and where.
    pub String,
);

/// The language of conditions, computed values and choices. Implementations are bounded in time, memory and depth and
/// do no I/O; an expression comes from a schema that anybody may have drawn.
pub trait Expressions: Send + Sync {
    /// The value of the text with these variables. A missing variable is null.
    ///
    /// # Errors
    /// When the text cannot be read or ran away.
    fn evaluate(&self, text: &str, scope: &Value) -> Result<Value, ExpressionError>;

    /// Whether the text can be evaluated at all.
    ///
    /// # Errors
    /// Says what is wrong with it.
    fn check(&self, text: &str) -> Result<(), ExpressionError>;
}

/// The expression in a member that holds FEEL: without the `=` by which form-js marks it.
pub(crate) fn feel(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('=').unwrap_or(text).trim()
}

/// Whether a member that may hold FEEL does.
pub(crate) fn is_feel(text: &str) -> bool {
    text.trim_start().starts_with('=')
}

/// A text with its FEEL parts evaluated: the whole text if it begins with `=`, otherwise every `{{…}}` in it. What cannot
/// be evaluated is left out.
pub(crate) fn fill(text: &str, expressions: &dyn Expressions, scope: &Value) -> String {
    if is_feel(text) {
        return expressions.evaluate(feel(text), scope).map(|value| words(&value)).unwrap_or_default();
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, behind)) = after.split_once("}}") else { break };
        filled.push_str(before);
        // `#if` and `#loop` of form-js are not known here
        if !inside.trim_start().starts_with(['#', '/']) {
            filled.push_str(&expressions.evaluate(feel(inside), scope).map(|value| words(&value)).unwrap_or_default());
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// The expressions within a text as [`fill`] sees them.
pub(crate) fn parts(text: &str) -> Vec<&str> {
    if is_feel(text) {
        return vec![feel(text)];
    }
    text.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(inside, _)| feel(inside)).filter(|part| !part.starts_with(['#', '/'])).collect()
}

/// A value as plain words.
pub(crate) fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join("、"),
        Value::Object(_) => String::new(),
    }
}

/// Names an expression may refer to: every identifier outside strings that is no call. Only used to order and to find
/// circles, so a name too many does no harm but a false alarm and is avoided by asking for exact keys.
pub(crate) fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            rest = &rest[1..];
            loop {
                let Some(at) = rest.find(['"', '\\']) else { return found };
                let escaped = rest[at..].starts_with('\\');
                rest = &rest[at + 1..];
                if !escaped {
                    break;
                }
                rest = rest.char_indices().nth(1).map_or("", |(next, _)| &rest[next..]);
            }
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            if !behind.trim_start().starts_with('(') {
                found.push(name);
            }
            rest = behind;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}
