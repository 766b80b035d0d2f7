//! Whether answers satisfy the form. Every message is a sentence that says what is wrong and what to do.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use codes::{CitizenId, Uscc};
use serde::Serialize;
use serde_json::Value;

use super::{Answers, Component, ComponentKind, Form, TextType};

/// Longest answer where the form sets no limit: one line, several lines.
const LINE_MAX: usize = 200;
const LINES_MAX: usize = 2000;

/// What is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One page, while filling in.
    Page(usize),
    /// Everything, before submission.
    All,
}

/// Messages by field key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<String, String>);

impl FieldErrors {
    /// True when there is nothing to correct.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields are wrong.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The message for this field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Keys and messages.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, message)| (key.as_str(), message.as_str()))
    }

    /// Adds a message unless the field has one already: people correct one thing at a time.
    pub fn add(&mut self, key: &str, message: String) {
        self.0.entry(key.to_owned()).or_insert(message);
    }
}

impl Form {
    /// Validates normalised answers. Keys the form does not know, and answers to fields that are not shown, are
    /// refused in every scope: nothing outside the published form may be collected (M-ITEM-02.06).
    #[must_use]
    pub fn validate(&self, scope: Scope, answers: &Answers) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let visible = self.visible_keys(answers);
        for key in answers.keys() {
            if self.field(key).is_none() {
                errors.add(key, "表单里没有这一项，请刷新页面后重新填写。".to_owned());
            } else if !visible.contains(key.as_str()) {
                errors.add(key, "当前情形不需要填写这一项，请清空。".to_owned());
            }
        }
        let pages = self.pages();
        let fields: Vec<&Component> = match scope {
            Scope::All => self.fields().collect(),
            Scope::Page(index) => match pages.get(index) {
                Some(page) => page.components.iter().collect(),
                None => {
                    errors.add("page", "没有这一页，请返回重新填写。".to_owned());
                    Vec::new()
                }
            },
        };
        for field in fields
            .into_iter()
            .filter(|field| visible.contains(field.key.as_str()))
        {
            if let Err(message) = check(field, answers.get(&field.key)) {
                errors.add(&field.key, message);
            }
        }
        errors
    }
}

fn check(field: &Component, answer: Option<&Value>) -> Result<(), String> {
    let Some(answer) = answer else {
        return if field.validate.required {
            Err(missing(field))
        } else {
            Ok(())
        };
    };
    match (field.kind, answer) {
        (ComponentKind::Textfield | ComponentKind::Textarea, Value::String(text)) => {
            check_text(field, text)
        }
        (ComponentKind::Number, Value::Number(number)) => check_number(field, number),
        (ComponentKind::Select | ComponentKind::Radio, Value::String(value)) => {
            check_choice(field, value)
        }
        (ComponentKind::Checklist, Value::Array(values)) if values.is_empty() => check(field, None),
        (ComponentKind::Checklist, Value::Array(values)) => values
            .iter()
            .try_for_each(|value| check_choice(field, value.as_str().unwrap_or_default())),
        (ComponentKind::Datetime, Value::String(text)) => check_date(field, text),
        (ComponentKind::Checkbox, Value::Bool(true)) => Ok(()),
        (ComponentKind::Checkbox, Value::Bool(false)) => check(field, None),
        (ComponentKind::Number, _) => {
            Err(format!("{}应为数字，请只填数字，例如120。", field.label))
        }
        _ => Err(format!("{}填写的内容不符合格式，请重新填写。", field.label)),
    }
}

fn missing(field: &Component) -> String {
    let label = &field.label;
    match field.kind {
        ComponentKind::Select | ComponentKind::Radio | ComponentKind::Datetime => {
            format!("请选择{label}。")
        }
        ComponentKind::Checklist => format!("请至少选择一项{label}。"),
        ComponentKind::Checkbox => format!("请阅读并勾选“{label}”。"),
        _ => format!("请填写{label}。"),
    }
}

fn check_text(field: &Component, text: &str) -> Result<(), String> {
    let (label, rules) = (&field.label, &field.validate);
    if text.trim().is_empty() {
        return check(field, None);
    }
    let lines = field.kind == ComponentKind::Textarea;
    if text
        .chars()
        .any(|c| c.is_control() && !(lines && c == '\n'))
    {
        return Err(format!("{label}含有不能识别的字符，请删去后重新填写。"));
    }
    let length = text.chars().count();
    let max = rules
        .max_length
        .unwrap_or(if lines { LINES_MAX } else { LINE_MAX });
    if length > max {
        return Err(format!(
            "{label}最多{max}个字，现在有{length}个字，请删减。"
        ));
    }
    if let Some(min) = rules.min_length.filter(|min| length < *min) {
        return Err(format!(
            "{label}至少{min}个字，现在只有{length}个字，请补充。"
        ));
    }
    match rules.validation_type {
        None => Ok(()),
        Some(TextType::CitizenId) => CitizenId::parse(text)
            .map(drop)
            .map_err(|error| format!("{label}不正确：{error}。")),
        Some(TextType::Uscc) => Uscc::parse(text)
            .map(drop)
            .map_err(|error| format!("{label}不正确：{error}。")),
        Some(TextType::Phone) if !phone(text) => Err(format!(
            "{label}不是有效的电话号码，请填写11位手机号，或带区号的座机号，如0773-1234567。"
        )),
        Some(TextType::Email) if !email(text) => Err(format!(
            "{label}不是有效的电子邮箱，请核对，例如 name@example.cn。"
        )),
        Some(TextType::Phone | TextType::Email) => Ok(()),
    }
}

fn check_number(field: &Component, number: &serde_json::Number) -> Result<(), String> {
    let (label, rules) = (&field.label, &field.validate);
    let value = number.as_f64().unwrap_or(f64::NAN);
    if let Some(min) = rules.min.filter(|min| value.is_nan() || value < *min) {
        return Err(format!("{label}不能小于{min}，请核对。"));
    }
    if let Some(max) = rules.max.filter(|max| value.is_nan() || value > *max) {
        return Err(format!("{label}不能大于{max}，请核对。"));
    }
    let decimals = number
        .to_string()
        .split_once('.')
        .map_or(0, |(_, tail)| tail.trim_end_matches('0').len());
    match field.decimal_digits {
        Some(0) if decimals > 0 => Err(format!("{label}应为整数，请核对。")),
        Some(digits) if decimals > usize::from(digits) => {
            Err(format!("{label}最多{digits}位小数，请核对。"))
        }
        _ => Ok(()),
    }
}

fn check_choice(field: &Component, value: &str) -> Result<(), String> {
    if field.values.iter().any(|choice| choice.value == value) {
        Ok(())
    } else {
        Err(format!(
            "{}只能从列出的选项中选择，请重新选择。",
            field.label
        ))
    }
}

fn check_date(field: &Component, text: &str) -> Result<(), String> {
    let real = text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    if real {
        Ok(())
    } else {
        Err(format!(
            "{}不是有效的日期，请按“2026-05-01”的格式填写。",
            field.label
        ))
    }
}

/// A mobile number, or a landline with area code and perhaps an extension.
fn phone(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if digits(text) && text.len() == 11 && text.starts_with('1') {
        return text.as_bytes().get(1).is_some_and(|second| *second >= b'3');
    }
    let mut parts = text.split('-');
    let (Some(area), Some(local)) = (parts.next(), parts.next()) else {
        return false;
    };
    let extension = parts
        .next()
        .is_none_or(|part| digits(part) && part.len() <= 6);
    digits(area)
        && area.starts_with('0')
        && (3..=4).contains(&area.len())
        && digits(local)
        && (7..=8).contains(&local.len())
        && extension
        && parts.next().is_none()
}

/// One `@`, something before it, a dotted host after it. Whether the mailbox exists only a message can tell.
fn email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let host_ok = host.contains('.')
        && host.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    !local.is_empty() && host_ok && text.is_ascii() && !text.contains(|c: char| c.is_whitespace())
}

impl Component {
    /// The answer as people read it: labels of choices instead of values, 是 for a ticked box.
    #[must_use]
    pub fn display(&self, answer: &Value) -> String {
        let label = |value: &str| {
            let choice = self.values.iter().find(|choice| choice.value == value);
            choice.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
        };
        match answer {
            Value::String(text) if self.kind.has_choices() => label(text),
            Value::String(text) => text.clone(),
            Value::Array(list) => list
                .iter()
                .filter_map(Value::as_str)
                .map(label)
                .collect::<Vec<_>>()
                .join("、"),
            Value::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Object(_) => String::new(),
        }
    }

    /// The answer as people read it who need not know it all: sensitive parts replaced by `*`.
    #[must_use]
    pub fn display_masked(&self, answer: &Value) -> String {
        let shown = self.display(answer);
        self.mask().map_or(shown.clone(), |mask| mask.apply(&shown))
    }
}
