//! Pairs of an HTML form: `shareholders[1].name=…` becomes nested answers and back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::pages::Page;
use crate::schema::{Answers, Component, ComponentKind, Moment};
use crate::{MAX_ROWS, MAX_TEXT, MAX_VALUES, path, typed};

/// Deepest path.
const MAX_STEPS: usize = 24;

/// Pairs that cannot come from a form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PairsError {
    /// More pairs or text than any form has.
    #[error("填写的内容太多，请精简后重新提交。")]
    TooLarge,
    /// A name that is no path.
    #[error("表单里有无法识别的项，请刷新页面后重新填写。")]
    Name,
    /// Two names that contradict each other.
    #[error("表单里有互相矛盾的项，请刷新页面后重新填写。")]
    Conflict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// `a.b[1].c` as steps.
fn steps(name: &str) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    for (at, part) in name.split('.').enumerate() {
        let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if key.is_empty() || key.contains(']') {
            return None;
        }
        found.push(Step::Key(key.to_owned()));
        while !rest.is_empty() {
            let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
            let index: usize = index.parse().ok().filter(|_| index.bytes().all(|b| b.is_ascii_digit()))?;
            if index >= MAX_ROWS * 5 {
                return None; // rows taken away leave gaps, but not that many
            }
            found.push(Step::Index(index));
            rest = behind;
        }
        if found.len() > MAX_STEPS || at > MAX_STEPS {
            return None;
        }
    }
    Some(found)
}

enum Tree {
    Leaf(Vec<String>),
    Object(BTreeMap<String, Tree>),
    List(BTreeMap<usize, Tree>),
}

/// Collects the pairs of a submitted HTML form as text exactly as typed. A name that comes more than once becomes a list
/// without its empty values; an empty value gives way to anything, so a hidden empty field can say “this was asked”.
/// Rows are counted anew where some were taken away.
///
/// # Errors
/// [`PairsError`]
pub fn decode<K: AsRef<str>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Answers, PairsError> {
    let mut root = Tree::Object(BTreeMap::new());
    let (mut count, mut text) = (0, 0);
    for (name, value) in pairs {
        let (name, value) = (name.as_ref(), value.into());
        count += 1;
        text += name.len() + value.len();
        if count > MAX_VALUES || text > MAX_TEXT {
            return Err(PairsError::TooLarge);
        }
        root.put(&steps(name).ok_or(PairsError::Name)?, value)?;
    }
    match root.value() {
        Value::Object(answers) => Ok(answers),
        _ => Ok(Answers::new()),
    }
}

impl Tree {
    fn put(&mut self, steps: &[Step], value: String) -> Result<(), PairsError> {
        let Some((step, rest)) = steps.split_first() else {
            return match self {
                Self::Leaf(values) => {
                    values.push(value);
                    Ok(())
                }
                _ if value.is_empty() => Ok(()),
                _ => Err(PairsError::Conflict),
            };
        };
        if matches!(self, Self::Leaf(values) if values.iter().all(String::is_empty)) {
            *self = match step {
                Step::Key(_) => Self::Object(BTreeMap::new()),
                Step::Index(_) => Self::List(BTreeMap::new()),
            };
        }
        let next = match (self, step) {
            (Self::Object(members), Step::Key(key)) => members.entry(key.clone()).or_insert_with(|| Self::Leaf(Vec::new())),
            (Self::List(rows), Step::Index(index)) => rows.entry(*index).or_insert_with(|| Self::Leaf(Vec::new())),
            _ => return Err(PairsError::Conflict),
        };
        next.put(rest, value)
    }

    fn value(self) -> Value {
        match self {
            Self::Leaf(mut values) => {
                if values.len() > 1 {
                    values.retain(|value| !value.is_empty());
                }
                match values.len() {
                    0 => Value::String(String::new()),
                    1 => values.pop().map_or(Value::Null, Value::String),
                    _ => Value::Array(values.into_iter().map(Value::String).collect()),
                }
            }
            Self::Object(members) => Value::Object(members.into_iter().map(|(key, tree)| (key, tree.value())).collect()),
            // a row without a single filled box is a row all the same
            Self::List(rows) => Value::Array(
                rows.into_values()
                    .map(|tree| match tree.value() {
                        Value::String(text) if text.is_empty() => Value::Object(Answers::new()),
                        other => other,
                    })
                    .collect(),
            ),
        }
    }
}

/// The pairs from which [`decode`] makes these answers again (as text).
#[must_use]
pub fn encode(answers: &Answers) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (key, value) in answers {
        put_pairs(key, value, &mut pairs);
    }
    pairs
}

fn put_pairs(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            if members.is_empty() {
                pairs.push((name.to_owned(), String::new()));
            }
            for (key, value) in members {
                put_pairs(&format!("{name}.{key}"), value, pairs);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (index, value) in list.iter().enumerate() {
                put_pairs(&format!("{name}[{index}]"), value, pairs);
            }
        }
        Value::Array(list) => pairs.extend(list.iter().map(|value| (name.to_owned(), typed::as_text(value)))),
        other => pairs.push((name.to_owned(), typed::as_text(other))),
    }
}

/// Adds an empty row to the repeating group at this path.
///
/// # Errors
/// [`PairsError`] when there is no such place or no room.
pub fn add_row(answers: &mut Answers, name: &str) -> Result<(), PairsError> {
    let steps = steps(name).ok_or(PairsError::Name)?;
    let place = place(answers, &steps).ok_or(PairsError::Name)?;
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    match place {
        Value::Array(rows) if rows.len() < MAX_ROWS => {
            rows.push(Value::Object(Answers::new()));
            Ok(())
        }
        _ => Err(PairsError::TooLarge),
    }
}

/// Takes away the row at this path, e.g. `shareholders[1]`. A row that is not there any more is no error: the button
/// was pressed twice.
///
/// # Errors
/// [`PairsError::Name`] when the path names no row.
pub fn remove_row(answers: &mut Answers, name: &str) -> Result<(), PairsError> {
    let mut steps = steps(name).ok_or(PairsError::Name)?;
    let Some(Step::Index(index)) = steps.pop() else { return Err(PairsError::Name) };
    if let Some(Value::Array(rows)) = place(answers, &steps)
        && index < rows.len()
    {
        rows.remove(index);
    }
    Ok(())
}

/// The value at a path such as `shareholders[1].name`.
#[must_use]
pub fn lookup<'a>(answers: &'a Answers, name: &str) -> Option<&'a Value> {
    let steps = steps(name)?;
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    rest.iter().try_fold(answers.get(key)?, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(*index),
    })
}

fn place<'a>(answers: &'a mut Answers, steps: &[Step]) -> Option<&'a mut Value> {
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    let mut value = answers.entry(key.clone()).or_insert(Value::Null);
    for step in rest {
        value = match step {
            Step::Key(key) => value.as_object_mut()?.entry(key.clone()).or_insert(Value::Null),
            Step::Index(index) => value.as_array_mut()?.get_mut(*index)?,
        };
    }
    Some(value)
}

impl Page<'_> {
    /// Lays what was posted for this page over the answers typed so far, see [`lay`].
    ///
    /// # Errors
    /// The first key posted that is not on this page.
    pub fn lay(&self, typed: &mut Answers, posted: Answers) -> Result<Vec<String>, String> {
        lay(&self.fields(), typed, posted)
    }
}

/// Lays what was posted for some fields over the answers typed so far, and says which fields came. Answers that were not
/// shown stay: nothing typed is lost.
///
/// # Errors
/// The first key posted that belongs to none of them.
pub fn lay(fields: &[&Component], typed: &mut Answers, posted: Answers) -> Result<Vec<String>, String> {
    let mut posted = posted;
    let mut came = Vec::new();
    for field in fields.iter().filter(|field| field.kind.takes_answer()) {
        join_dates(field, &mut posted);
        if let Some(value) = field.answer(&posted).cloned() {
            if let Some(key) = strange_in_rows(field, &value) {
                return Err(key);
            }
            path::remove(&mut posted, &field.binding);
            path::set(typed, &field.binding, value);
            came.push(field.path());
        }
    }
    // objects emptied by taking their members out are nothing strange
    let strange = |value: &Value| !matches!(value, Value::Object(members) if members.is_empty());
    match posted.iter().find(|(_, value)| strange(value)) {
        Some((key, _)) => Err(key.clone()),
        None => Ok(came),
    }
}

/// The first key in rows of a repeating group that its row does not have.
fn strange_in_rows(component: &Component, value: &Value) -> Option<String> {
    if component.kind != ComponentKind::List {
        return None;
    }
    let fields = component.fields();
    value.as_array()?.iter().filter_map(Value::as_object).find_map(|row| {
        let mut rest = row.clone();
        for field in fields.iter().filter(|field| field.kind.has_value()) {
            if let Some(key) = field.answer(row).and_then(|value| strange_in_rows(field, value)) {
                return Some(key);
            }
            path::remove(&mut rest, &field.binding);
        }
        rest.into_iter().find(|(_, value)| !matches!(value, Value::Object(members) if members.is_empty())).map(|(key, _)| key)
    })
}

/// Whether a path such as `rows[2].parts` is a repeating group among these fields, or within one of them.
#[must_use]
pub fn is_list(fields: &[&Component], name: &str) -> bool {
    let Some(steps) = steps(name) else { return false };
    let keys: Vec<&str> = steps.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).collect();
    among(fields, &keys)
}

fn among(fields: &[&Component], keys: &[&str]) -> bool {
    fields.iter().filter(|field| field.kind == ComponentKind::List).any(|list| {
        let own = list.binding.len();
        let begins = keys.get(..own).is_some_and(|first| first.iter().zip(&list.binding).all(|(key, wanted)| key == wanted));
        begins && (keys.len() == own || among(&list.fields(), keys.get(own..).unwrap_or_default()))
    })
}

/// Dates are asked in boxes of their own: `{key}_year`, `{key}_month`, `{key}_day`, and `{key}_time`. They are put together
/// as typed, `2026-5-`, for the reader to understand or the validation to name.
fn join_dates(component: &Component, answers: &mut Answers) {
    match component.kind {
        ComponentKind::List => {
            let Some(Value::Array(rows)) = component.answer(answers) else { return };
            let mut rows = rows.clone();
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                component.fields().into_iter().for_each(|field| join_dates(field, row));
            }
            path::set(answers, &component.binding, Value::Array(rows));
        }
        ComponentKind::Datetime if component.subtype != Moment::Time => join_date(component, answers),
        _ => {}
    }
}

fn join_date(component: &Component, answers: &mut Answers) {
    let mut part = |name: &str| {
        let mut binding = component.binding.clone();
        if let Some(last) = binding.last_mut() {
            last.push_str(name);
        }
        let text = path::get(answers, &binding).and_then(Value::as_str).map(|text| text.trim().to_owned());
        path::remove(answers, &binding);
        text
    };
    let (year, month, day, time) = (part("_year"), part("_month"), part("_day"), part("_time"));
    if year.is_none() && month.is_none() && day.is_none() && time.is_none() {
        return;
    }
    let [year, month, day, time] = [year, month, day, time].map(Option::unwrap_or_default);
    let date = if year.is_empty() && month.is_empty() && day.is_empty() { String::new() } else { format!("{year}-{month}-{day}") };
    let whole = if time.is_empty() { date } else { format!("{date}T{time}") };
    path::set(answers, &component.binding, Value::String(whole));
}
