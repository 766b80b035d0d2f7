//! The language of forms: FEEL (crate `feel`), read once and kept.

use ::feel::{FeelError, kept};
use forms::{ExpressionError, Expressions};
use serde_json::{Map, Value};

/// FEEL for forms.
#[derive(Debug, Clone, Copy, Default)]
pub struct Feel;

fn told(error: &FeelError) -> ExpressionError {
    ExpressionError(error.to_string())
}

impl Expressions for Feel {
    fn evaluate(&self, text: &str, scope: &Value) -> Result<Value, ExpressionError> {
        let nothing = Map::new();
        let variables = scope.as_object().unwrap_or(&nothing);
        kept(text).and_then(|expression| expression.evaluate(variables)).map_err(|error| told(&error))
    }

    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        kept(text).map(drop).map_err(|error| told(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::{Context, Form, StandardLists};
    use serde_json::json;

    #[test]
    fn forms_are_computed_with_the_whole_of_feel() {
        let form = Form::from_value(json!({"type": "default", "components": [
            {"type": "dynamiclist", "path": "rows", "label": "行", "components": [
                {"type": "textfield", "key": "kind", "label": "种类"},
                {"type": "number", "key": "amount", "label": "数"},
                {"type": "textfield", "key": "why", "label": "原因", "validate": {"required": true}, "conditional": {"hide": "=not(kind = \"x\")"}},
                {"type": "expression", "key": "share", "label": "比例", "expression": "=decimal(amount / sum(parent.rows.amount) * 100, 2)"}]},
            {"type": "checklist", "key": "ways", "label": "方式", "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]},
            {"type": "number", "key": "count", "label": "台数", "validate": {"required": true}, "conditional": {"hide": "=ways = null or not(list contains(ways, \"b\"))"}},
            {"type": "expression", "key": "total", "expression": "=sum(rows[amount > 1].amount) + 0.1 + 0.2"},
            {"type": "textfield", "key": "late", "label": "说明", "conditional": {"hide": "=for x in 1..10000000 return x"}}
        ]}))
        .unwrap();
        let context = Context::new(&StandardLists, &Feel);
        assert_eq!(form.check(context.lists, context.expressions), []);
        let clean = form.validate(&json!({"rows": [{"kind": "y", "amount": 1, "why": "hidden"}, {"amount": 2}]}), &context).unwrap();
        assert_eq!(json!(clean.answers()), json!({"rows": [{"kind": "y", "amount": 1, "share": 33.33}, {"amount": 2, "share": 66.67}], "total": 2.3}));
        let errors = form.validate(&json!({"rows": [{"kind": "x", "amount": 1}], "ways": ["b"]}), &context).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), ["rows[0].why", "count"]);
    }

    #[test]
    fn nothing_leaves_and_nothing_is_misread() {
        for text in ["function(x) external {java: {class: \"a\", method signature: \"b\"}}", "1 +", ""] {
            assert!(Feel.check(text).is_err(), "{text}");
        }
        assert_eq!(Feel.evaluate("nothing = null", &Value::Null), Ok(Value::Bool(true)));
    }
}
