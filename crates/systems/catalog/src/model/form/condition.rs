//! When a component is shown: `key = "value"`, the one form of condition the subset knows.

use std::collections::HashSet;

use serde_json::Value;

use super::{Answers, Component, Form};

/// A parsed condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition<'a> {
    /// The field asked.
    pub key: &'a str,
    /// The answer it must have, or, of a checklist, must contain.
    pub value: &'a str,
}

impl<'a> Condition<'a> {
    /// Reads `key = "value"`. The `=` with which FEEL expressions begin in form-js is allowed.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('=').unwrap_or(text);
        let (key, value) = text.split_once('=')?;
        let key = key.trim();
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        let valid = !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !value.contains(['"', '\\']);
        valid.then_some(Self { key, value })
    }

    /// Whether the answers meet it.
    #[must_use]
    pub fn met(&self, answers: &Answers) -> bool {
        match answers.get(self.key) {
            Some(Value::String(text)) => text == self.value,
            Some(Value::Bool(flag)) => self.value == if *flag { "true" } else { "false" },
            Some(Value::Number(number)) => number.to_string() == self.value,
            Some(Value::Array(chosen)) => chosen.iter().any(|one| one.as_str() == Some(self.value)),
            _ => false,
        }
    }
}

impl Form {
    /// Keys of the fields shown for these answers.
    ///
    /// A condition looks back: it may ask only earlier fields ([`Form::problems`]), so one pass decides; a condition
    /// on a field that is itself hidden is not met.
    #[must_use]
    pub fn visible_keys(&self, answers: &Answers) -> HashSet<&str> {
        let mut visible = HashSet::new();
        for group in &self.components {
            if !shown(group, answers, &visible) {
                continue;
            }
            for field in &group.components {
                if field.kind.takes_answer() && shown(field, answers, &visible) {
                    visible.insert(field.key.as_str());
                }
            }
        }
        visible
    }

    /// Positions of the pages that have something to fill in for these answers.
    #[must_use]
    pub fn visible_pages(&self, answers: &Answers) -> Vec<usize> {
        let visible = self.visible_keys(answers);
        self.pages()
            .iter()
            .filter(|page| {
                page.components
                    .iter()
                    .any(|field| visible.contains(field.key.as_str()))
            })
            .map(|page| page.index)
            .collect()
    }
}

fn shown(component: &Component, answers: &Answers, visible: &HashSet<&str>) -> bool {
    match &component.conditional {
        None => true,
        Some(conditional) => Condition::parse(&conditional.show)
            .is_some_and(|condition| visible.contains(condition.key) && condition.met(answers)),
    }
}
