//! Answers as the browser sends them, and as they are kept.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::{Component, ComponentKind, Form, TextType};

/// Answers by key: text, number, true/false, or a list of chosen values.
pub type Answers = BTreeMap<String, Value>;

/// Collects the pairs of a submitted HTML form; a key that comes more than once becomes a list.
pub fn from_pairs<K: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Answers {
    let mut answers = Answers::new();
    for (key, value) in pairs {
        let value = Value::String(value.into());
        match answers.entry(key.into()) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(value);
            }
            std::collections::btree_map::Entry::Occupied(mut slot) => match slot.get_mut() {
                Value::Array(list) => list.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }
    answers
}

impl Form {
    /// Brings answers into the shape in which they are kept: trimmed, full-width digits made plain, identifiers
    /// without spaces and in capitals, numbers as numbers, boxes as true; empty answers and answers to fields that are
    /// not shown are dropped. Values that do not fit stay as they are for [`Form::validate`] to name, and so do
    /// keys the schema does not know.
    #[must_use]
    pub fn normalise(&self, answers: Answers) -> Answers {
        let mut kept: Answers = answers
            .into_iter()
            .filter_map(|(key, value)| {
                let value = match self.field(&key) {
                    Some(field) => normalise_one(field, value),
                    None => value,
                };
                (!empty(&value)).then_some((key, value))
            })
            .collect();
        let visible = self.visible_keys(&kept);
        let hidden: Vec<&str> = self
            .fields()
            .map(|f| f.key.as_str())
            .filter(|key| !visible.contains(key))
            .collect();
        for key in hidden {
            kept.remove(key);
        }
        kept
    }
}

fn empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn normalise_one(field: &Component, value: Value) -> Value {
    match (field.kind, value) {
        (ComponentKind::Checklist, Value::String(one)) => list(vec![Value::String(one)]),
        (ComponentKind::Checklist, Value::Array(many)) => list(many),
        // A browser sends a field twice when it stands twice on the page; the last one is what the citizen saw last.
        (_, Value::Array(mut many)) => many
            .pop()
            .map_or(Value::Null, |last| normalise_one(field, last)),
        (ComponentKind::Checkbox, Value::String(text)) => match text.trim() {
            "yes" | "on" | "true" | "1" => Value::Bool(true),
            "" | "no" | "off" | "false" | "0" => Value::Bool(false),
            _ => Value::String(text),
        },
        (ComponentKind::Number, Value::String(text)) => number(&text),
        (_, Value::String(text)) => Value::String(plain(&text, field.validate.validation_type)),
        (_, other) => other,
    }
}

fn list(values: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        let value = match value {
            Value::String(text) => Value::String(text.trim().to_owned()),
            other => other,
        };
        if !empty(&value) && !kept.contains(&value) {
            kept.push(value);
        }
    }
    Value::Array(kept)
}

/// A number, however it was typed (`１，２００.５`); text that is none stays text.
fn number(text: &str) -> Value {
    let digits: String = half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ',')
        .collect();
    if let Ok(whole) = digits.parse::<i64>() {
        return Value::Number(whole.into());
    }
    match digits.parse::<f64>().ok().and_then(Number::from_f64) {
        Some(number) => Value::Number(number),
        None => Value::String(text.trim().to_owned()),
    }
}

fn plain(text: &str, text_type: Option<TextType>) -> String {
    match text_type {
        Some(TextType::CitizenId | TextType::Uscc) => compact(text).to_ascii_uppercase(),
        Some(TextType::Phone | TextType::Email) => compact(text),
        // Free text keeps its full-width punctuation; only digits are made plain.
        None => text
            .trim()
            .replace("\r\n", "\n")
            .chars()
            .map(|c| {
                if ('０'..='９').contains(&c) {
                    narrow(c)
                } else {
                    c
                }
            })
            .collect(),
    }
}

fn compact(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn half_width(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// The ASCII twin of a full-width character.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}
