//! Keeps data within what the fonts can draw.

use std::collections::BTreeSet;

use serde_json::Value;
use typst::text::Font;

/// Printers' mark for a character they have no type for (U+3013).
const GETA: char = '〓';

/// `data` with every undrawable character of its strings replaced, and those characters in order.
pub(crate) fn drawable(data: &Value, fonts: &[Font]) -> (Value, Vec<char>) {
    let mut missing = BTreeSet::new();
    let draws = |c: char| {
        fonts
            .iter()
            .any(|font| font.info().coverage.contains(c.into()))
    };
    let mark = if draws(GETA) { GETA } else { '?' };
    let mut clean = |text: &str| {
        let kept = text.chars().filter(|c| !invisible(*c)).map(|c| {
            if c.is_whitespace() || draws(c) {
                return c;
            }
            missing.insert(c);
            mark
        });
        kept.collect()
    };
    let data = map(data, &mut clean);
    (data, missing.into_iter().collect())
}

fn map(value: &Value, clean: &mut impl FnMut(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(values) => values.iter().map(|value| map(value, clean)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), map(value, clean)))
            .collect(),
        plain => plain.clone(),
    }
}

/// Controls, direction overrides (which could make a name read backwards), joiners and variation selectors: nothing
/// to see in print, so they are dropped without a word. Line breaks and tabs stay.
fn invisible(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' => true,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}' => true,
        c => c.is_control(),
    }
}
