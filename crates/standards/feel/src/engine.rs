//! For engines that evaluate many texts in scopes of their own, like DMN: the values of the library below and our guards.
//!
//! Everything here must run within [`bounded`].

use dsntk_common::Jsonify as _;

pub use dsntk_feel::context::FeelContext;
pub use dsntk_feel::values::Value;
pub use dsntk_feel::{FeelNumber, FeelScope, FeelType, Name};
pub use dsntk_feel_evaluator::{evaluate_equals, evaluate_max, evaluate_min, evaluate_sum};

pub use crate::budget::{bounded, charge, charge_value, tick};
pub use crate::code::{Code, Kind};
pub use crate::guard::{checked, native};
pub use crate::iterate::members;
pub use crate::json::{at_literal, context_from, context_from_json, from_value, to_json, to_value};

/// Null with a reason.
pub fn null(reason: impl Into<String>) -> Value {
    Value::Null(Some(reason.into()))
}

/// A name as the library writes it (spaces collapsed, none around operators): two spellings of one name become equal.
pub fn name(text: &str) -> Name {
    let mut parts = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['.', '/', '-', '\'', '+', '*']) {
            parts.extend([&rest[..at], &rest[at..=at]]);
            rest = &rest[at + 1..];
        }
        parts.push(rest);
    }
    parts.retain(|part| !part.is_empty());
    Name::new(&parts)
}

/// The reason of a null.
pub fn reason(value: &Value) -> Option<String> {
    match value {
        Value::Null(reason) => reason.clone(),
        _ => None,
    }
}

/// A short text of a value for people, as in explanations.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null(_) => "null".to_owned(),
        Value::String(text) => format!("\"{text}\""),
        Value::Number(number) => number.jsonify(),
        other => to_json(other),
    }
}
