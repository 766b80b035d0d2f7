//! Plausible answers to any form: synthetic, and valid by the form's own rules.

use catalog::model::form::{Component, ComponentKind, Form, TextType};

use super::accounts::{CITIZENS, citizen_number, credit_code};

/// What somebody would type into a page of the form, field by field, given what is filled in already.
pub(crate) fn page(form: &Form, index: usize, known: &catalog::model::form::Answers) -> Vec<(String, String)> {
    let pages = form.pages();
    let Some(page) = pages.get(index) else { return Vec::new() };
    let mut pairs = Vec::new();
    for field in page.components.iter().filter(|c| c.kind.takes_answer()) {
        match known.get(&field.key) {
            Some(value) if value.is_string() && !field.kind.has_choices() => pairs.push((field.key.clone(), value.as_str().unwrap_or_default().to_owned())),
            _ => pairs.push((field.key.clone(), one(field))),
        }
    }
    pairs
}

fn one(field: &Component) -> String {
    let rules = &field.validate;
    match field.kind {
        ComponentKind::Select | ComponentKind::Radio | ComponentKind::Checklist => field.values.first().map(|c| c.value.clone()).unwrap_or_default(),
        ComponentKind::Checkbox => "true".into(),
        ComponentKind::Datetime => "2026-01-15".into(),
        ComponentKind::Number => {
            let least = rules.min.unwrap_or(1.0).max(1.0);
            let most = rules.max.unwrap_or(1_000_000.0);
            format!("{}", (least.ceil() + 20.0).min(most.floor()).max(least.ceil()))
        }
        _ => text(field),
    }
}

fn text(field: &Component) -> String {
    let rules = &field.validate;
    match rules.validation_type {
        Some(TextType::Phone) => return "19900000099".into(),
        Some(TextType::Email) => return "demo@example.invalid".into(),
        Some(TextType::CitizenId) => return citizen_number(CITIZENS[0].1),
        Some(TextType::Uscc) => return credit_code(super::accounts::FIRMS[0].1),
        None => {}
    }
    let mut text = if field.label.contains("地址") || field.label.contains("场所") { "桂林市秀峰区示例路1号".to_owned() } else { format!("演示{}", field.label.chars().take(12).collect::<String>()) };
    while text.chars().count() < rules.min_length.unwrap_or(0) {
        text.push_str("（演示内容）");
    }
    text.chars().take(rules.max_length.unwrap_or(usize::MAX)).collect()
}
