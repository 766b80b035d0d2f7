//! Evaluates a small subset of FEEL.

use serde_json::{Number, Value};

use super::parser::{Expression, Operator, parse};
use super::{ExpressionError, Expressions};

/// A small subset of FEEL: literals, lists, names and members, `or and not`, comparisons and `in`, `+ - * /`,
/// `if then else`, and the functions `not`, `count`, `sum`, `min`, `max`, `list contains`, `contains`, `starts with`,
/// `ends with`, `string length`, `string`, `number`, `decimal`, `is defined`.
///
/// Like FEEL it is three-valued, and a member of a list is the list of the members. Numbers are floating point rounded
/// to 12 places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Basic;

impl Expressions for Basic {
    fn evaluate(&self, text: &str, scope: &Value) -> Result<Value, ExpressionError> {
        value(&parse(text)?, scope)
    }

    fn check(&self, text: &str) -> Result<(), ExpressionError> {
        // Functions are looked up on evaluation; with nothing in scope every branch but those of `if` is met.
        known(&parse(text)?)
    }
}

const FUNCTIONS: [&str; 14] = [
    "not", "count", "sum", "min", "max", "list contains", "contains", "starts with", "ends with", "string length", "string", "number", "decimal", "is defined",
];

fn known(expression: &Expression) -> Result<(), ExpressionError> {
    match expression {
        Expression::Literal(_) | Expression::Name(_) => Ok(()),
        Expression::List(list) => list.iter().try_for_each(known),
        Expression::Member(inner, _) | Expression::Negate(inner) => known(inner),
        Expression::Call(name, _) if !FUNCTIONS.contains(&name.as_str()) => Err(ExpressionError(format!("没有“{name}”这个函数。"))),
        Expression::Call(_, arguments) => arguments.iter().try_for_each(known),
        Expression::Binary(_, left, right) => known(left).and_then(|()| known(right)),
        Expression::If(condition, yes, no) => known(condition).and_then(|()| known(yes)).and_then(|()| known(no)),
    }
}

fn value(expression: &Expression, scope: &Value) -> Result<Value, ExpressionError> {
    Ok(match expression {
        Expression::Literal(literal) => literal.clone(),
        Expression::List(list) => Value::Array(list.iter().map(|item| value(item, scope)).collect::<Result<_, _>>()?),
        Expression::Name(name) => scope.get(name).cloned().unwrap_or_default(),
        Expression::Member(inner, name) => member(&value(inner, scope)?, name),
        Expression::Negate(inner) => number(&value(inner, scope)?).map_or(Value::Null, |n| of(-n)),
        Expression::If(condition, yes, no) => {
            let chosen = if value(condition, scope)? == Value::Bool(true) { yes } else { no };
            value(chosen, scope)?
        }
        Expression::Call(name, arguments) => {
            let arguments: Vec<Value> = arguments.iter().map(|argument| value(argument, scope)).collect::<Result<_, _>>()?;
            call(name, &arguments)?
        }
        Expression::Binary(operator, left, right) => binary(*operator, &value(left, scope)?, &value(right, scope)?),
    })
}

fn member(value: &Value, name: &str) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.iter().map(|item| member(item, name)).collect()),
        other => other.get(name).cloned().unwrap_or_default(),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

fn of(number: f64) -> Value {
    let rounded = (number * 1e12).round() / 1e12;
    let number = if rounded.is_finite() { rounded } else { number };
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Value::Number((number as i64).into());
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    use Operator as O;
    let truth = |value: &Value| value.as_bool();
    match operator {
        O::Or => match (truth(left), truth(right)) {
            (Some(true), _) | (_, Some(true)) => Value::Bool(true),
            (Some(false), Some(false)) => Value::Bool(false),
            _ => Value::Null,
        },
        O::And => match (truth(left), truth(right)) {
            (Some(false), _) | (_, Some(false)) => Value::Bool(false),
            (Some(true), Some(true)) => Value::Bool(true),
            _ => Value::Null,
        },
        O::Equal => equal(left, right).map_or(Value::Null, Value::Bool),
        O::Unequal => equal(left, right).map_or(Value::Null, |same| Value::Bool(!same)),
        O::In => Value::Bool(match right {
            Value::Array(list) => list.iter().any(|item| equal(left, item) == Some(true)),
            other => equal(left, other) == Some(true),
        }),
        O::Less | O::LessEqual | O::Greater | O::GreaterEqual => {
            let order = match (left, right) {
                (Value::Number(_), Value::Number(_)) => number(left).partial_cmp(&number(right)),
                (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
                _ => None,
            };
            order.map_or(Value::Null, |order| {
                Value::Bool(match operator {
                    O::Less => order.is_lt(),
                    O::LessEqual => order.is_le(),
                    O::Greater => order.is_gt(),
                    _ => order.is_ge(),
                })
            })
        }
        O::Add | O::Subtract | O::Multiply | O::Divide => match (left, right) {
            (Value::String(left), Value::String(right)) if operator == O::Add => Value::String(format!("{left}{right}")),
            _ => match (number(left), number(right)) {
                (Some(left), Some(right)) => match operator {
                    O::Add => of(left + right),
                    O::Subtract => of(left - right),
                    O::Multiply => of(left * right),
                    _ if right == 0.0 => Value::Null,
                    _ => of(left / right),
                },
                _ => Value::Null,
            },
        },
    }
}

/// Values of different types are neither equal nor unequal; null equals null only.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => Some(number(left) == number(right)),
        (Value::Null, _) | (_, Value::Null) => Some(left.is_null() && right.is_null()),
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => Some(left == right),
        _ => None,
    }
}

fn call(name: &str, arguments: &[Value]) -> Result<Value, ExpressionError> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let second = arguments.get(1).unwrap_or(&Value::Null);
    // `sum(a, b)` and `sum([a, b])` are the same in FEEL
    let list: &[Value] = match arguments {
        [Value::Array(list)] => list,
        other => other,
    };
    let numbers = || list.iter().map(number).collect::<Option<Vec<f64>>>().filter(|numbers| !numbers.is_empty());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts = |test: fn(&str, &str) -> bool| match (text(first), text(second)) {
        (Some(whole), Some(part)) => Value::Bool(test(&whole, &part)),
        _ => Value::Null,
    };
    Ok(match name {
        "not" => first.as_bool().map_or(Value::Null, |flag| Value::Bool(!flag)),
        "count" => Value::Number(list.len().into()),
        "sum" => numbers().map_or(Value::Null, |numbers| of(numbers.iter().sum())),
        "min" => numbers().map_or(Value::Null, |numbers| of(numbers.into_iter().fold(f64::INFINITY, f64::min))),
        "max" => numbers().map_or(Value::Null, |numbers| of(numbers.into_iter().fold(f64::NEG_INFINITY, f64::max))),
        "list contains" => match first {
            Value::Array(list) => Value::Bool(list.iter().any(|item| equal(item, second) == Some(true))),
            _ => Value::Null,
        },
        "contains" => texts(|whole, part| whole.contains(part)),
        "starts with" => texts(|whole, part| whole.starts_with(part)),
        "ends with" => texts(|whole, part| whole.ends_with(part)),
        "string length" => text(first).map_or(Value::Null, |text| Value::Number(text.chars().count().into())),
        "string" => match first {
            Value::Null => Value::Null,
            Value::String(text) => Value::String(text.clone()),
            other => Value::String(other.to_string()),
        },
        "number" => text(first).and_then(|text| text.parse().ok()).map_or(Value::Null, of),
        "decimal" => match (number(first), number(second)) {
            (Some(number), places) => {
                let scale = 10f64.powi(places.unwrap_or(0.0).clamp(-12.0, 12.0) as i32);
                of((number * scale).round() / scale)
            }
            _ => Value::Null,
        },
        "is defined" => Value::Bool(!first.is_null()),
        _ => return Err(ExpressionError(format!("没有“{name}”这个函数。"))),
    })
}
