//! FEEL values from JSON and back.
//!
//! A JSON text of the form `@"2026-11-23"` is the FEEL literal: a date, time, date and time, or duration.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, Name, ToFeelString};
use dsntk_feel_temporal::{FeelDate, FeelDateTime, FeelDaysAndTimeDuration, FeelTime, FeelYearsAndMonthsDuration};
use serde_json::value::RawValue;

use crate::FeelError;
use crate::budget::VALUE_DEPTH;

/// Reads variables from JSON text, keeping every decimal digit (up to FEEL's 34).
///
/// # Errors
/// When the text is not a JSON object, or a value in it is no FEEL value.
pub fn context_from_json(text: &str) -> Result<FeelContext, FeelError> {
    let fields: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(text).map_err(|error| FeelError::Variable(format!("输入不是 JSON 对象（{error}）")))?;
    fields.into_iter().map(|(key, raw)| Ok((Name::from(key.as_str()), from_raw(&key, &raw, 1)?))).collect::<Result<Vec<_>, _>>().map(context)
}

/// Reads variables from a JSON object. Numbers are taken at their shortest decimal form: `0.1` is exactly one tenth.
///
/// # Errors
/// When a value in it is no FEEL value.
pub fn context_from<'a>(fields: impl IntoIterator<Item = (&'a String, &'a serde_json::Value)>) -> Result<FeelContext, FeelError> {
    fields.into_iter().map(|(key, value)| Ok((Name::from(key.as_str()), from_value(key, value, 1)?))).collect::<Result<Vec<_>, _>>().map(context)
}

fn context(entries: Vec<(Name, Value)>) -> FeelContext {
    let mut context = FeelContext::default();
    for (name, value) in entries {
        context.set_entry(&name, value);
    }
    context
}

fn from_raw(key: &str, raw: &RawValue, depth: usize) -> Result<Value, FeelError> {
    if depth > VALUE_DEPTH {
        return Err(FeelError::Variable(format!("“{key}”嵌套过深")));
    }
    let text = raw.get();
    let broken = |error: serde_json::Error| FeelError::Variable(format!("“{key}”：{error}"));
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).map_err(broken)?;
            let entries = fields.into_iter().map(|(key, raw)| Ok((Name::from(key.as_str()), from_raw(&key, &raw, depth + 1)?)));
            Value::Context(context(entries.collect::<Result<_, FeelError>>()?))
        }
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(text).map_err(broken)?;
            Value::List(items.iter().map(|raw| from_raw(key, raw, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => text_value(key, &serde_json::from_str::<String>(text).map_err(broken)?)?,
        Some(b't') => Value::Boolean(true),
        Some(b'f') => Value::Boolean(false),
        Some(b'n') => Value::Null(None),
        _ => number(key, text)?,
    })
}

/// One value from JSON.
///
/// # Errors
/// When it is no FEEL value; `key` names it in the message.
pub fn from_value(key: &str, value: &serde_json::Value, depth: usize) -> Result<Value, FeelError> {
    if depth > VALUE_DEPTH {
        return Err(FeelError::Variable(format!("“{key}”嵌套过深")));
    }
    Ok(match value {
        serde_json::Value::Null => Value::Null(None),
        serde_json::Value::Bool(flag) => Value::Boolean(*flag),
        serde_json::Value::Number(digits) => number(key, &digits.to_string())?,
        serde_json::Value::String(text) => text_value(key, text)?,
        serde_json::Value::Array(items) => Value::List(items.iter().map(|item| from_value(key, item, depth + 1)).collect::<Result<_, _>>()?),
        serde_json::Value::Object(fields) => {
            let entries = fields.iter().map(|(key, value)| Ok((Name::from(key.as_str()), from_value(key, value, depth + 1)?)));
            Value::Context(context(entries.collect::<Result<_, FeelError>>()?))
        }
    })
}

fn number(key: &str, digits: &str) -> Result<Value, FeelError> {
    // Longer texts than any decimal of 34 digits needs are refused before the library sees them.
    let parsed = if digits.len() <= 400 { digits.parse::<FeelNumber>().ok() } else { None };
    parsed.map(Value::Number).ok_or_else(|| FeelError::Variable(format!("“{key}”的数值超出范围")))
}

fn text_value(key: &str, text: &str) -> Result<Value, FeelError> {
    match text.strip_prefix("@\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(literal) => at_literal(literal).ok_or_else(|| FeelError::Variable(format!("“{key}”的“{text}”不是日期、时间或时长"))),
        None => Ok(Value::String(text.to_owned())),
    }
}

/// The value of `@"…"`.
pub fn at_literal(literal: &str) -> Option<Value> {
    if literal.len() > 100 {
        return None;
    }
    if let Ok(date) = literal.parse::<FeelDate>() {
        return Some(Value::Date(date));
    }
    if let Ok(moment) = FeelDateTime::try_from(literal) {
        return Some(Value::DateTime(moment));
    }
    if let Ok(time) = literal.parse::<FeelTime>() {
        return Some(Value::Time(time));
    }
    if let Ok(months) = FeelYearsAndMonthsDuration::try_from(literal) {
        return Some(Value::YearsAndMonthsDuration(months));
    }
    FeelDaysAndTimeDuration::try_from(literal).ok().map(Value::DaysAndTimeDuration)
}

/// Whether a number is neither infinite nor undefined; the library cannot print those.
#[expect(clippy::eq_op, reason = "only a finite number minus itself is zero")]
fn finite(number: FeelNumber) -> bool {
    (number - number).is_zero()
}

/// The value as JSON text with every decimal digit. Dates, times, durations and ranges are texts, functions are null.
pub fn to_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Boolean(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) if finite(*number) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "{number}");
        }
        Value::List(items) | Value::ExpressionList(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Context(context) => {
            out.push('{');
            for (index, (name, value)) in context.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(name.as_str()));
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
        other => match as_text(other) {
            Some(text) => out.push_str(&quoted(&text)),
            None => out.push_str("null"),
        },
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn as_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::DaysAndTimeDuration(_) | Value::YearsAndMonthsDuration(_) => value.to_string(),
        Value::Range(..) => value.to_feel_string(),
        _ => return None,
    })
}

/// The value as [`serde_json::Value`]. Integers of 64 bits and decimals of up to 15 digits are exact; longer decimals are
/// the nearest double, because that type holds no more: use [`to_json`] where every digit matters.
pub fn to_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Boolean(flag) => (*flag).into(),
        Value::Number(number) if finite(*number) => {
            let whole = if number.is_integer() { i64::try_from(*number).ok().filter(|whole| FeelNumber::from(*whole) == *number) } else { None };
            match whole {
                Some(whole) => whole.into(),
                None => number.to_string().parse::<f64>().map_or(serde_json::Value::Null, Into::into),
            }
        }
        Value::List(items) | Value::ExpressionList(items) => items.iter().map(to_value).collect(),
        Value::Context(context) => {
            serde_json::Value::Object(context.iter().map(|(name, value)| (name.as_str().to_owned(), to_value(value))).collect())
        }
        other => as_text(other).map_or(serde_json::Value::Null, Into::into),
    }
}
