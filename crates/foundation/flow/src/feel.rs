//! The language of conditions, scripts and computed times in processes: FEEL (crate `feel`), read once and kept.

use std::time::{Duration, Instant};

use bpmn::{ExpressionError, Expressions, Variables};
use ::feel::{FeelError, kept};
use serde_json::Value;

/// FEEL for the interpreter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Feel;

fn told(error: &FeelError) -> ExpressionError {
    ExpressionError { position: 0, message: error.to_string() }
}

impl Expressions for Feel {
    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        kept(text).map(drop).map_err(|e| told(&e))
    }

    fn evaluate(&self, text: &str, variables: &Variables) -> Result<Value, ExpressionError> {
        kept(text).and_then(|expression| expression.evaluate(variables)).map_err(|e| told(&e))
    }
}

/// [`Feel`] for work that must come to an end. One expression is bounded by itself, but a loop may ask thousands of them:
/// after this moment none is evaluated any more, and what needs one becomes an incident.
#[derive(Debug, Clone, Copy)]
pub struct FeelUntil(Instant);

impl FeelUntil {
    /// From now on for so long.
    pub fn within(patience: Duration) -> Self {
        Self(Instant::now() + patience)
    }
}

impl Expressions for FeelUntil {
    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        Feel.check(text)
    }

    fn evaluate(&self, text: &str, variables: &Variables) -> Result<Value, ExpressionError> {
        if Instant::now() > self.0 {
            return Err(told(&FeelError::Time));
        }
        Feel.evaluate(text, variables)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_scripts_and_errors() {
        let variables = json!({ "outcome": "refuse", "opinions": ["agree", "refuse"], "金额": 3, "天数": 2 });
        let variables = variables.as_object().unwrap();
        for (text, value) in [
            (r#"outcome = "refuse" or list contains(opinions, "refuse")"#, json!(true)),
            (r#"count(opinions[item = "agree"]) / count(opinions) >= 0.5"#, json!(true)),
            ("金额 * 天数", json!(6)),
            ("some o in opinions satisfies o = \"x\"", json!(false)),
            ("没有 = null", json!(true)),
            ("not(没有 = \"x\")", json!(true)),
        ] {
            assert_eq!(Feel.evaluate(text, variables).unwrap(), value, "{text}");
        }
        assert!(Feel.check("a = (").is_err());
        assert!(FeelUntil::within(Duration::from_secs(60)).evaluate("1", variables).is_ok());
        assert!(FeelUntil::within(Duration::ZERO).evaluate("1", variables).is_err(), "patience is over");
        assert!(Feel.check("function(x) external {java: {class: \"a\", method signature: \"b\"}}").is_err());
    }
}
