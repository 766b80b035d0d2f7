//! The language of conditions, scripts and computed times in processes: FEEL.

use bpmn::{ExpressionError, Expressions, Variables};
use serde_json::Value;

/// FEEL for the interpreter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Feel;

impl Expressions for Feel {
    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        bpmn::Conditions.check(text)
    }

    fn evaluate(&self, text: &str, variables: &Variables) -> Result<Value, ExpressionError> {
        bpmn::Conditions.evaluate(text, variables)
    }
}
