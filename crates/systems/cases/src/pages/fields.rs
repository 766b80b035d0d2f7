//! Draws a form schema with our components, and reads what comes back.

use catalog::model::form::{Answers, Component, ComponentKind, TextType};
use maud::{Markup, html};
use serde_json::Value;
use web::FormData;
use web::components::{Choice, DateParts, Field, Width, checkbox, checkboxes, date_input, radios, select, text_input, textarea};

/// A field with its answer so far and its error.
pub(crate) fn field(component: &Component, name: &str, answers: &Answers, error: Option<&str>) -> Markup {
    let answer = answers.get(&component.key);
    let text = match answer {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let base = Field::new(name, &component.label)
        .hint(&component.description)
        .required(component.validate.required)
        .error(error)
        .value(&text);
    let base = match component.validate.max_length {
        Some(limit) if component.kind == ComponentKind::Textarea => base.max_length(limit),
        _ => base,
    };
    let chosen = |value: &str| match answer {
        Some(Value::Array(list)) => list.iter().any(|v| v.as_str() == Some(value)),
        Some(Value::String(one)) => one == value,
        _ => false,
    };
    let choices: Vec<Choice> = component.values.iter().map(|c| Choice::new(&c.value, &c.label).chosen(chosen(&c.value))).collect();
    match component.kind {
        ComponentKind::Textarea => textarea(&base),
        ComponentKind::Number => text_input(&base.inputmode("decimal").width(Width::Chars10)),
        ComponentKind::Select => {
            let mut all = vec![Choice::new("", "请选择")];
            all.extend(choices);
            select(&base, &all)
        }
        ComponentKind::Radio => radios(&base, &choices),
        ComponentKind::Checklist => checkboxes(&base, &choices),
        ComponentKind::Checkbox => checkbox(&base, matches!(answer, Some(Value::Bool(true)))),
        ComponentKind::Datetime => date_input(&base, &date_parts(&text)),
        ComponentKind::Text => html! { p class="govuk-body" { (component.text) } },
        ComponentKind::Group | ComponentKind::Unsupported => Markup::default(),
        ComponentKind::Textfield => {
            let base = match component.validate.validation_type {
                Some(TextType::Phone) => base.inputmode("tel").width(Width::Chars20),
                Some(TextType::Email) => base.inputmode("email").width(Width::TwoThirds),
                Some(TextType::CitizenId | TextType::Uscc) => base.width(Width::Chars20),
                None => base.width(Width::TwoThirds),
            };
            text_input(&base)
        }
    }
}

fn date_parts(text: &str) -> DateParts {
    match text.parse::<chrono::NaiveDate>() {
        Ok(date) => date.into(),
        Err(_) => {
            let mut parts = text.split('-').map(str::to_owned);
            DateParts { year: parts.next().unwrap_or_default(), month: parts.next().unwrap_or_default(), day: parts.next().unwrap_or_default() }
        }
    }
}

/// The pairs of a submitted page, with the three boxes of a date put together; `prefix` stands before every key.
pub(crate) fn posted<'a>(components: impl IntoIterator<Item = &'a Component>, data: &FormData, prefix: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut boxes: Vec<String> = Vec::new();
    for component in components {
        if component.kind == ComponentKind::Datetime {
            let key = format!("{prefix}{}", component.key);
            let part = |name: &str| data.text(&format!("{key}_{name}")).to_owned();
            let (year, month, day) = (part("year"), part("month"), part("day"));
            boxes.extend(["year", "month", "day"].map(|name| format!("{key}_{name}")));
            if !(year.is_empty() && month.is_empty() && day.is_empty()) {
                pairs.push((component.key.clone(), format!("{year:0>4}-{month:0>2}-{day:0>2}")));
            }
        }
    }
    for (key, value) in data.pairs() {
        if !boxes.iter().any(|b| b == key)
            && let Some(key) = key.strip_prefix(prefix) {
                pairs.push((key.to_owned(), value.to_owned()));
            }
    }
    pairs
}
