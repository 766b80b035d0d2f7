//! Conditions on flows: a small subset of FEEL, and the seam for a complete engine.
//!
//! ```text
//! expression  =  and { "or" and }
//! and         =  comparison { "and" comparison }
//! comparison  =  operand [ ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) operand
//!                        | "in" ( "(" expression { "," expression } ")" | operand ) ]
//! operand     =  string | number | "true" | "false" | "null" | path
//!             |  "not" "(" expression ")" | "(" expression ")"
//! path        =  name { "." name }
//! ```
//!
//! As in FEEL, a missing variable is `null`, values of different types are neither equal nor unequal (the comparison is
//! `null`), and `and`, `or`, `not` are three-valued. A flow is taken only when its condition is `true`.
//! ISO dates compare rightly as strings. Integers compare exactly, other numbers as 64-bit floating point.

mod parser;

use std::cmp::Ordering;

use serde_json::{Map, Value};

use parser::{Comparison, Expression};

/// Variables of an instance: what forms and handlers produced.
pub type Variables = Map<String, Value>;

/// An expression that cannot be read; the text is a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("条件表达式{}有误：{message}", if *position == 0 { String::new() } else { format!("第 {position} 个字符处") })]
pub struct ExpressionError {
    /// Character position, from 1; 0 when not known.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

/// The language of conditions and computed timers. The interpreter knows only this trait.
pub trait Expressions {
    /// Whether the text can be evaluated at all; called when a process is deployed.
    fn check(&self, text: &str) -> Result<(), ExpressionError>;

    /// The value of the text with these variables. Must depend on nothing else, or replay would diverge.
    fn evaluate(&self, text: &str, variables: &Variables) -> Result<Value, ExpressionError>;
}

/// The built-in subset described in this module.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions;

impl Expressions for Conditions {
    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        parser::parse(text).map(drop)
    }

    fn evaluate(&self, text: &str, variables: &Variables) -> Result<Value, ExpressionError> {
        parser::parse(text).map(|expression| value(&expression, variables))
    }
}

fn value(expression: &Expression, variables: &Variables) -> Value {
    match expression {
        Expression::Literal(literal) => literal.clone(),
        Expression::Path(names) => {
            let mut names = names.iter();
            let first = names.next().and_then(|name| variables.get(name));
            // `Value::get` is `None` for anything but an object, which makes a wrong path null.
            names
                .fold(first, |inner, name| inner?.get(name))
                .cloned()
                .unwrap_or(Value::Null)
        }
        Expression::And(parts) => junction(parts, variables, false),
        Expression::Or(parts) => junction(parts, variables, true),
        Expression::Not(inner) => match value(inner, variables) {
            Value::Bool(b) => Value::Bool(!b),
            _ => Value::Null,
        },
        Expression::Compare(left, comparison, right) => truth(compare(
            &value(left, variables),
            *comparison,
            &value(right, variables),
        )),
        Expression::AnyOf(needle, list) => {
            let needle = value(needle, variables);
            truth(member(&needle, list.iter().map(|e| value(e, variables))))
        }
        Expression::In(needle, list) => match value(list, variables) {
            Value::Array(list) => truth(member(&value(needle, variables), list)),
            _ => Value::Null,
        },
    }
}

/// Three-valued `and` (`decisive` false) or `or` (`decisive` true): one decisive part settles it, otherwise any part that
/// is not a boolean makes it null.
fn junction(parts: &[Expression], variables: &Variables, decisive: bool) -> Value {
    let mut unknown = false;
    for part in parts {
        match value(part, variables) {
            Value::Bool(b) if b == decisive => return Value::Bool(decisive),
            Value::Bool(_) => {}
            _ => unknown = true,
        }
    }
    truth((!unknown).then_some(!decisive))
}

fn truth(answer: Option<bool>) -> Value {
    answer.map_or(Value::Null, Value::Bool)
}

/// `None` when the two cannot be compared.
fn compare(left: &Value, comparison: Comparison, right: &Value) -> Option<bool> {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|e| !e),
        Comparison::Less => order(left, right).map(Ordering::is_lt),
        Comparison::LessOrEqual => order(left, right).map(Ordering::is_le),
        Comparison::Greater => order(left, right).map(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(left, right).map(Ordering::is_ge),
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Bool(l), Value::Bool(r)) => Some(l == r),
        (Value::Array(l), Value::Array(r)) => Some(l == r),
        (Value::Object(l), Value::Object(r)) => Some(l == r),
        _ => order(left, right).map(Ordering::is_eq),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(l), Value::String(r)) => Some(l.cmp(r)),
        (Value::Number(l), Value::Number(r)) => match (l.as_i64(), r.as_i64()) {
            (Some(l), Some(r)) => Some(l.cmp(&r)),
            _ => l.as_f64()?.partial_cmp(&r.as_f64()?),
        },
        _ => None,
    }
}

fn member(needle: &Value, list: impl IntoIterator<Item = Value>) -> Option<bool> {
    // A list without the value does not hold it, whatever the types of its members.
    (!needle.is_null()).then(|| {
        list.into_iter()
            .any(|item| equal(needle, &item) == Some(true))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn evaluate(text: &str) -> Value {
        let variables = json!({
            "decision": "accept", "amount": 1200.5, "count": 3, "big": 9_007_199_254_740_993_u64, "yes": true,
            "case": {"kind": "permit", "tags": ["a", "b"]}, "结论": "同意", "none": null,
        });
        Conditions
            .evaluate(text, variables.as_object().unwrap())
            .unwrap()
    }

    #[test]
    fn comparisons_and_logic() {
        for text in [
            r#"decision = "accept""#,
            r#"= decision != "refuse""#,
            "amount > 1200 and amount <= 1200.5",
            "count >= 3 and count < 4 and count = 3.0",
            "not(count = 4)",
            r#"decision in ("correct", "accept")"#,
            r#""b" in case.tags"#,
            "case.kind = \"permit\" or missing.deep.path",
            "missing = null and none = null and decision != null",
            r#"结论 = "同意""#,
            "yes",
            "(yes and (not(false)))",
            "big > 9007199254740992",
            "-1 < 0",
            r#""a\"b" = "a\"b""#,
            "android = null",
        ] {
            assert_eq!(evaluate(text), json!(true), "{text}");
        }
        for text in [
            r#"decision = "refuse""#,
            r#"decision in ("x")"#,
            "none = 1",
            "false and missing",
            "not(yes)",
        ] {
            assert_eq!(evaluate(text), json!(false), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_null() {
        for text in [
            r#"count = "3""#,
            "count < true",
            "missing > 1",
            "not(decision)",
            "missing and true",
            "missing or false",
            r#"missing in ("a")"#,
            r#""a" in decision"#,
        ] {
            assert_eq!(evaluate(text), Value::Null, "{text}");
        }
    }

    #[test]
    fn errors_name_the_place() {
        for (text, position) in [
            ("", 1),
            ("a = ", 5),
            ("a = = b", 5),
            ("a b", 3),
            ("\"open", 1),
            ("not true", 5),
            ("a in ()", 7),
            ("(a", 3),
            ("a.", 3),
            ("a & b", 3),
            ("1 + 2", 3),
            ("1e999", 1),
            ("a < b < c", 7),
            ("结论 同意", 4),
        ] {
            assert_eq!(
                Conditions.check(text).unwrap_err().position,
                position,
                "{text}"
            );
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        assert!(
            Conditions
                .check(&format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)))
                .is_err()
        );
        assert!(
            Conditions
                .check(&format!("{}a{}", "not(".repeat(300), ")".repeat(300)))
                .is_err()
        );
        assert!(Conditions.check(&"a or ".repeat(10_000)).is_err());
        assert!(
            Conditions
                .check(&format!("{}b", "a or ".repeat(300)))
                .is_ok()
        );
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(\\PC|[a-c.()\"=<>!, 0-9-]|and |or |not\\(| in ){0,40}") {
            let variables = json!({"a": 1, "b": "x", "c": {"a": [1]}});
            let evaluated = Conditions.evaluate(&text, variables.as_object().unwrap());
            prop_assert_eq!(evaluated.is_ok(), Conditions.check(&text).is_ok());
        }

        #[test]
        fn not_less_is_greater_or_equal(l: i64, r: i64) {
            let variables = json!({"l": l, "r": r});
            let variables = variables.as_object().unwrap();
            let evaluate = |text| Conditions.evaluate(text, variables).unwrap();
            prop_assert_eq!(evaluate("not(l < r)"), evaluate("l >= r"));
            prop_assert_eq!(evaluate("l = r"), json!(l == r));
        }
    }
}
