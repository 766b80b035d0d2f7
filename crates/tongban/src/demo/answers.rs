//! Plausible answers to any form: synthetic, and valid by the form's own rules.

use forms::{Answers, Choices, CodeLists, Component, ComponentKind, Form, Moment, StandardLists, TextKind};

use super::accounts::{CITIZENS, citizen_number, credit_code};

/// What somebody would type into a page of the form, given what is filled in already. Parts that turn out to be hidden are
/// filled in as well; the server drops them.
pub(crate) fn page(form: &Form, index: usize, known: &Answers) -> Answers {
    let pages = form.pages();
    let Some(page) = pages.get(index) else { return Answers::new() };
    let mut pairs = Vec::new();
    for field in page.fields() {
        match field.answer(known).and_then(|value| value.as_str()) {
            Some(text) if !field.kind.has_choices() => pairs.push((field.path(), text.to_owned())),
            _ => one(field, &field.path(), &mut pairs),
        }
    }
    forms::decode(pairs).unwrap_or_default()
}

/// The whole form filled in.
pub fn filled(form: &Form) -> Answers {
    let known = (0..form.pages().len()).fold(Answers::new(), |mut known, index| {
        known.extend(page(form, index, &known));
        known
    });
    form.read(&known, &StandardLists)
}

fn one(field: &Component, name: &str, pairs: &mut Vec<(String, String)>) {
    let mut push = |value: String| pairs.push((name.to_owned(), value));
    match field.kind {
        ComponentKind::List => {
            let rows = field.property("minRows").and_then(|least| least.parse().ok()).unwrap_or(1);
            for row in 0..rows {
                for part in field.fields() {
                    one(part, &format!("{name}[{row}].{}", part.path()), pairs);
                }
            }
        }
        ComponentKind::Expression | ComponentKind::Files => {}
        _ if field.cascades() => levels(field).into_iter().for_each(push),
        kind if kind.has_choices() => push(first_choice(field)),
        ComponentKind::Checkbox => push("yes".into()),
        ComponentKind::Datetime => push(
            match field.subtype {
                Moment::Date => "2026-12-15",
                Moment::Time => "09:30",
                Moment::DateTime => "2026-12-15T09:30",
            }
            .into(),
        ),
        ComponentKind::Number => {
            let least = field.validate.fixed_min().unwrap_or(1.0).max(1.0);
            let most = field.validate.fixed_max().unwrap_or(1_000_000.0);
            push(format!("{}", (least.ceil() + 20.0).min(most.floor()).max(least.ceil())));
        }
        _ => push(text(field)),
    }
}

fn first_choice(field: &Component) -> String {
    match (field.code_list(), &field.choices) {
        (Some(list), _) => StandardLists.children(list, None).and_then(|codes| Some(codes.first()?.code.clone())).unwrap_or_default(),
        // Nobody acts for the applicant: what is asked about an agent stays unasked.
        (None, Choices::Listed(list)) if field.path() == "delegate" => list.last().map(forms::Choice::wire).unwrap_or_default(),
        (None, Choices::Listed(list)) => list.first().map(forms::Choice::wire).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The first code of every level.
fn levels(field: &Component) -> Vec<String> {
    let list = field.code_list().unwrap_or_default();
    let mut chosen: Vec<String> = Vec::new();
    for _ in field.levels() {
        let parent = chosen.last().map(String::as_str).or(field.property("within"));
        match StandardLists.children(list, parent).and_then(|codes| Some(codes.first()?.code.clone())) {
            Some(code) => chosen.push(code),
            None => break,
        }
    }
    chosen
}

fn text(field: &Component) -> String {
    let rules = &field.validate;
    match rules.text_kind {
        Some(TextKind::Phone) => return "19900000099".into(),
        Some(TextKind::Email) => return "demo@example.invalid".into(),
        Some(TextKind::CitizenId) => return citizen_number(CITIZENS[0].1),
        Some(TextKind::Uscc) => return credit_code(super::accounts::FIRMS[0].1),
        None => {}
    }
    let mut text = if field.label.contains("地址") || field.label.contains("场所") { "桂林市秀峰区示例路1号".to_owned() } else { format!("演示{}", field.label.chars().take(12).collect::<String>()) };
    while text.chars().count() < rules.fixed_min_length().unwrap_or(0) {
        text.push_str("（演示内容）");
    }
    text.chars().take(rules.fixed_max_length().unwrap_or(usize::MAX)).collect()
}
