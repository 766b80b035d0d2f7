//! Places in answers.

use serde_json::{Map, Value};

/// The value at a path of keys.
pub(crate) fn get<'a>(object: &'a Map<String, Value>, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(object.get(first)?, |value, key| value.get(key))
}

/// Puts a value at a path, making the objects on the way; what is no object there gives way.
pub(crate) fn set(object: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value);
        return;
    }
    let inner = object.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        set(inner, rest, value);
    }
}

/// Takes a value away.
pub(crate) fn remove(object: &mut Map<String, Value>, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        object.remove(first);
    } else if let Some(Value::Object(inner)) = object.get_mut(first) {
        remove(inner, rest);
    }
}
