//! Text as it was typed becomes values of the schema.

use serde_json::{Number, Value};

use crate::expression::words;
use crate::lists::{CodeLists, lineage};
use crate::schema::{Answers, Choices, Component, ComponentKind, Form, Moment};
use crate::{TextKind, path};

impl Form {
    /// Brings answers as people typed them into typed values: trimmed, full-width digits made plain, identifiers without
    /// spaces and in capitals, numbers as numbers, boxes as true. An emptied answer becomes null, so that no default takes
    /// its place. What does not fit stays as it is for [`Form::validate`] to name, and so do keys the schema does
    /// not know.
    #[must_use]
    pub fn read(&self, typed: &Answers, lists: &dyn CodeLists) -> Answers {
        let mut answers = typed.clone();
        read_level(&self.components, &mut answers, lists);
        answers
    }
}

fn read_level(components: &[Component], answers: &mut Answers, lists: &dyn CodeLists) {
    for component in components {
        match component.kind {
            ComponentKind::Group => read_level(&component.components, answers, lists),
            kind if kind.takes_answer() => {
                if let Some(value) = component.answer(answers) {
                    let value = read_one(component, value.clone(), lists);
                    path::set(answers, &component.binding, value);
                }
            }
            _ => {}
        }
    }
}

fn read_one(component: &Component, value: Value, lists: &dyn CodeLists) -> Value {
    match (component.kind, value) {
        (ComponentKind::List, Value::String(text)) if text.trim().is_empty() => Value::Array(Vec::new()),
        (ComponentKind::List, Value::Array(rows)) => Value::Array(
            rows.into_iter()
                .map(|row| match row {
                    Value::Object(mut row) => {
                        read_level(&component.components, &mut row, lists);
                        Value::Object(row)
                    }
                    other => other,
                })
                .collect(),
        ),
        (ComponentKind::List, other) => other,
        (ComponentKind::Files, Value::String(one)) if !one.trim().is_empty() => Value::Array(vec![Value::String(one.trim().to_owned())]),
        (ComponentKind::Files, Value::Array(many)) => several(component, many),
        (kind, Value::String(one)) if kind.chooses_many() => several(component, vec![Value::String(one)]),
        (kind, Value::Array(many)) if kind.chooses_many() => several(component, many),
        (_, Value::Array(chosen)) if component.cascades() => cascade(component, &chosen, lists),
        // A browser sends a field twice when it stands twice on the page; the last one is what was seen last.
        (_, Value::Array(mut many)) if many.iter().all(Value::is_string) => many.pop().map_or(Value::Null, |last| read_one(component, last, lists)),
        (_, Value::String(text)) if text.trim().is_empty() => if component.kind == ComponentKind::Checkbox { Value::Bool(false) } else { Value::Null },
        (ComponentKind::Checkbox, Value::String(text)) => match text.trim() {
            "yes" | "on" | "true" | "1" => Value::Bool(true),
            "no" | "off" | "false" | "0" => Value::Bool(false),
            _ => Value::String(text),
        },
        (ComponentKind::Number, Value::String(text)) => number(component, &text),
        (ComponentKind::Select | ComponentKind::Radio, Value::String(text)) => choice(component, text.trim()),
        (ComponentKind::Datetime, Value::String(text)) => Value::String(moment(component.subtype, &text)),
        (_, Value::String(text)) => Value::String(plain(&text, component.validate.text_kind)),
        (_, other) => other,
    }
}

fn several(component: &Component, values: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        let value = match value {
            Value::String(text) if component.kind.has_choices() => choice(component, text.trim()),
            Value::String(text) => Value::String(text.trim().to_owned()),
            other => other,
        };
        if !crate::evaluate::empty(&value) && !kept.contains(&value) {
            kept.push(value);
        }
    }
    if kept.is_empty() { Value::Null } else { Value::Array(kept) }
}

/// A browser sends text; the schema may know the choice as a number or as true and false.
fn choice(component: &Component, text: &str) -> Value {
    if let Choices::Listed(list) = &component.choices
        && !list.iter().any(|one| one.value.as_str() == Some(text))
        && let Some(found) = list.iter().find(|one| !one.value.is_string() && one.wire() == text)
    {
        return found.value.clone();
    }
    Value::String(text.to_owned())
}

/// One value per level, topmost first; a level that does not stand below the one before it was chosen under another and
/// counts no more.
fn cascade(component: &Component, chosen: &[Value], lists: &dyn CodeLists) -> Value {
    let list = component.code_list().unwrap_or_default();
    let mut deepest: Option<&str> = None;
    for (level, code) in chosen.iter().map(|value| value.as_str().map(str::trim).unwrap_or_default()).enumerate() {
        if code.is_empty() {
            break;
        }
        let line = lineage(lists, list, component.property("within"), code);
        let below = level == 0 || line.iter().rev().nth(1).is_some_and(|above| Some(above.code.as_str()) == deepest);
        if !below {
            if line.is_empty() && level == 0 {
                deepest = Some(code); // unknown: left for validation to name
            }
            break;
        }
        deepest = Some(code);
    }
    deepest.map_or(Value::Null, |code| Value::String(code.to_owned()))
}

/// A number, however it was typed (`１，２００.５`); text that is none stays text.
fn number(component: &Component, text: &str) -> Value {
    let digits: String = half_width(text).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let decimal = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    if !decimal {
        return Value::String(text.trim().to_owned());
    }
    if component.number_as_text {
        return Value::String(digits);
    }
    if let Ok(whole) = digits.parse::<i64>() {
        return Value::Number(whole.into());
    }
    match digits.parse::<f64>().ok().and_then(Number::from_f64) {
        Some(number) => Value::Number(number),
        None => Value::String(text.trim().to_owned()),
    }
}

/// `2026-5-1` and `2026/5/1` are the same day as `2026-05-01`.
fn moment(kind: Moment, text: &str) -> String {
    let text = half_width(text.trim()).replace('：', ":");
    let (day, time) = match kind {
        Moment::Time => return padded_time(&text),
        Moment::Date => (text.as_str(), None),
        Moment::DateTime => match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time)),
            None => (text.as_str(), None),
        },
    };
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月']).map(|part| part.trim_end_matches('日').trim()).collect();
    let day = match parts.as_slice() {
        [year, month, day] => format!("{year:0>4}-{month:0>2}-{day:0>2}"),
        _ => day.to_owned(),
    };
    match time {
        Some(time) => format!("{day}T{}", padded_time(time.trim())),
        None => day,
    }
}

fn padded_time(text: &str) -> String {
    match text.split_once(':') {
        Some((hour, rest)) if hour.len() == 1 => format!("0{hour}:{rest}"),
        _ => text.to_owned(),
    }
}

fn plain(text: &str, kind: Option<TextKind>) -> String {
    let compact = || half_width(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    match kind {
        Some(TextKind::CitizenId | TextKind::Uscc) => compact().to_ascii_uppercase(),
        Some(TextKind::Phone | TextKind::Email) => compact(),
        // Free text keeps its full-width punctuation; only digits are made plain.
        None => text.trim().replace("\r\n", "\n").chars().map(|c| if ('０'..='９').contains(&c) { narrow(c) } else { c }).collect(),
    }
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

/// What a box shows for a value: the text as typed, or the value in words a reader takes back.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => String::new(),
        other => words(other),
    }
}
