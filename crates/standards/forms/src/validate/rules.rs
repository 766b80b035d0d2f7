//! The rules of one answer.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use codes::{CitizenId, Uscc};
use serde_json::Value;

use crate::evaluate::{Context, Node, Options, empty};
use crate::lists::lineage;
use crate::schema::{ComponentKind, Moment};
use crate::{TextKind, pattern, personal};

/// Longest answer where the form sets no limit: one line, several lines.
const LINE_MAX: f64 = 1000.0;
const LINES_MAX: f64 = 10_000.0;
/// Most files of one picker.
const MAX_FILES: usize = 20;

type Check = Result<(), (&'static str, String)>;

/// What the field is called in a sentence.
pub(super) fn called(node: &Node<'_>) -> String {
    if node.label.trim().is_empty() { "这一项".to_owned() } else { node.label.trim().to_owned() }
}

pub(super) fn check(node: &Node<'_>, context: &Context<'_>) -> Check {
    let component = node.component;
    let Some(answer) = &node.value else {
        return if component.validate.required { Err(missing(node)) } else { Ok(()) };
    };
    match (component.kind, answer) {
        (ComponentKind::Textfield | ComponentKind::Textarea, Value::String(text)) => check_text(node, text),
        (ComponentKind::Number, Value::Number(number)) => check_number(node, &number.to_string(), number.as_f64()),
        (ComponentKind::Number, Value::String(text)) if component.number_as_text => check_number(node, text, plain_number(text)),
        (ComponentKind::Number, _) => Err(("type", format!("{}应为数字，请只填数字，例如120。", called(node)))),
        (ComponentKind::Select | ComponentKind::Radio, value) => check_choice(node, value, context),
        (ComponentKind::Checklist | ComponentKind::Taglist, Value::Array(values)) => check_choices(node, values, context),
        (ComponentKind::Datetime, Value::String(text)) => check_moment(node, text, context),
        (ComponentKind::Checkbox, Value::Bool(ticked)) if *ticked || !component.validate.required => Ok(()),
        (ComponentKind::Checkbox, Value::Bool(_)) => Err(missing(node)),
        (ComponentKind::Files, Value::String(one)) => check_files(node, std::slice::from_ref(&Value::String(one.clone()))),
        (ComponentKind::Files, Value::Array(many)) => check_files(node, many),
        _ => Err(("type", format!("{}填写的内容不符合格式，请重新填写。", called(node)))),
    }
}

fn missing(node: &Node<'_>) -> (&'static str, String) {
    let label = called(node);
    let message = match node.component.kind {
        ComponentKind::Select | ComponentKind::Radio | ComponentKind::Datetime => format!("请选择{label}。"),
        ComponentKind::Checklist | ComponentKind::Taglist => format!("请至少选择一项{label}。"),
        ComponentKind::Checkbox => format!("请阅读并勾选“{label}”。"),
        ComponentKind::Files => format!("请上传{label}。"),
        _ => format!("请填写{label}。"),
    };
    ("required", message)
}

fn check_text(node: &Node<'_>, text: &str) -> Check {
    let label = called(node);
    let rules = &node.component.validate;
    let lines = node.component.kind == ComponentKind::Textarea;
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(("characters", format!("{label}含有不能识别的字符，请删去后重新填写。")));
    }
    let length = text.chars().count();
    let house = if lines { LINES_MAX } else { LINE_MAX };
    let max = node.limits.max_length.unwrap_or(house);
    if length as f64 > max {
        return Err(("max_length", format!("{label}最多{max}个字，现在有{length}个字，请删减。")));
    }
    if let Some(min) = node.limits.min_length.filter(|min| (length as f64) < *min) {
        return Err(("min_length", format!("{label}至少{min}个字，现在只有{length}个字，请补充。")));
    }
    match rules.text_kind {
        None => {}
        Some(TextKind::CitizenId) => {
            CitizenId::parse(text).map_err(|error| ("citizen_id", format!("{label}不正确：{error}。")))?;
        }
        Some(TextKind::Uscc) => {
            Uscc::parse(text).map_err(|error| ("uscc", format!("{label}不正确：{error}。")))?;
        }
        Some(TextKind::Phone) if !personal::phone(text) => {
            return Err(("phone", format!("{label}不是有效的电话号码，请填写11位手机号，或带区号的座机号，如0773-1234567。")));
        }
        Some(TextKind::Email) if !personal::email(text) => {
            return Err(("email", format!("{label}不是有效的电子邮箱，请核对，例如 name@example.cn。")));
        }
        Some(TextKind::Phone | TextKind::Email) => {}
    }
    match &rules.pattern {
        Some(wanted) if !pattern::compile(wanted).is_some_and(|wanted| pattern::found(&wanted, text)) => {
            Err(("pattern", format!("{label}的格式不正确，请按说明填写。")))
        }
        _ => Ok(()),
    }
}

/// A decimal number and nothing else; `inf` and `nan` are none.
fn plain_number(text: &str) -> Option<f64> {
    let plain = text.len() <= 100 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

fn check_number(node: &Node<'_>, written: &str, number: Option<f64>) -> Check {
    let label = called(node);
    let Some(value) = number.filter(|number| number.is_finite()) else {
        return Err(("type", format!("{label}应为数字，请只填数字，例如120。")));
    };
    if let Some(min) = node.limits.min.filter(|min| value < *min) {
        return Err(("min", format!("{label}不能小于{min}，请核对。")));
    }
    if let Some(max) = node.limits.max.filter(|max| value > *max) {
        return Err(("max", format!("{label}不能大于{max}，请核对。")));
    }
    let decimals = decimals(written);
    match node.component.decimal_digits {
        Some(0) if decimals > 0 => Err(("integer", format!("{label}应为整数，请核对。"))),
        Some(digits) if decimals > i64::from(digits) => Err(("decimals", format!("{label}最多{digits}位小数，请核对。"))),
        _ => Ok(()),
    }
}

/// Decimals of a number as it is written, also with an exponent.
fn decimals(written: &str) -> i64 {
    let (digits, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let tail = digits.split_once('.').map_or(0, |(_, tail)| tail.trim_end_matches('0').len());
    i64::try_from(tail).unwrap_or(i64::MAX).saturating_sub(exponent.parse().unwrap_or(0)).max(0)
}

fn check_choices(node: &Node<'_>, values: &[Value], context: &Context<'_>) -> Check {
    if values.iter().enumerate().any(|(at, value)| values.iter().take(at).any(|before| before == value)) {
        return Err(("option", format!("{}有重复的选择，请重新选择。", called(node))));
    }
    values.iter().try_for_each(|value| check_choice(node, value, context))
}

fn check_choice(node: &Node<'_>, value: &Value, context: &Context<'_>) -> Check {
    let component = node.component;
    let refused = || ("option", format!("{}只能从列出的选项中选择，请重新选择。", called(node)));
    if let Some(list) = component.code_list() {
        let code = value.as_str().ok_or_else(refused)?;
        if !component.cascades() {
            let listed = match &node.options {
                Options::Listed(choices) => choices.iter().any(|choice| choice.value == *value),
                _ => false,
            };
            return if listed { Ok(()) } else { Err(refused()) };
        }
        let line = lineage(context.lists, list, component.property("within"), code);
        if line.is_empty() || line.len() > component.levels().len() {
            return Err(refused());
        }
        let deeper = context.lists.children(list, Some(code)).is_some_and(|children| !children.is_empty());
        return match component.levels().get(line.len()) {
            Some(next) if deeper => Err(("incomplete", format!("{}还要选择{next}。", called(node)))),
            _ => Ok(()),
        };
    }
    let same = |choice: &Value| choice == value || choice.is_number() && choice.as_f64() == value.as_f64();
    match &node.options {
        Options::Listed(choices) if choices.iter().any(|choice| same(&choice.value)) => Ok(()),
        _ => Err(refused()),
    }
}

fn check_files(node: &Node<'_>, files: &[Value]) -> Check {
    let most = if node.component.multiple { MAX_FILES } else { 1 };
    if files.len() > most {
        return Err(("option", format!("{}最多{most}个文件，请删减。", called(node))));
    }
    let named = |file: &Value| file.as_str().is_some_and(|name| !name.is_empty() && name.len() <= 200 && !name.chars().any(char::is_control));
    if files.iter().all(named) { Ok(()) } else { Err(("type", format!("{}不是有效的文件，请重新上传。", called(node)))) }
}

fn check_moment(node: &Node<'_>, text: &str, context: &Context<'_>) -> Check {
    let label = called(node);
    let day = match node.component.subtype {
        Moment::Date => Some(date(text).ok_or_else(|| ("date", format!("{label}不是有效的日期，请按“2026-05-01”的格式填写。")))?),
        Moment::Time => {
            if !time(text) {
                return Err(("time", format!("{label}不是有效的时间，请按“09:30”的格式填写。")));
            }
            None
        }
        Moment::DateTime => Some(moment(text).ok_or_else(|| ("date", format!("{label}不是有效的日期和时间，请按“2026-05-01T09:30”的格式填写。")))?),
    };
    match (day, context.today) {
        (Some(day), Some(today)) if node.component.no_past_dates && day < today => Err(("past_date", format!("{label}不能早于今天，请重新选择。"))),
        _ => Ok(()),
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    if text.len() == 10 { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None }
}

/// `09:30`, perhaps with seconds, perhaps with `Z` or an offset: form-js writes all of them.
fn time(text: &str) -> bool {
    if empty(&Value::String(text.to_owned())) || !text.is_ascii() {
        return false;
    }
    let clock = match text.find(['Z', '+', '-']) {
        Some(at) => {
            let (clock, zone) = text.split_at(at);
            if !offset(zone) {
                return false;
            }
            clock
        }
        None => text,
    };
    matches!(clock.len(), 5 | 8) && (NaiveTime::parse_from_str(clock, "%H:%M").is_ok() || NaiveTime::parse_from_str(clock, "%H:%M:%S").is_ok())
}

fn offset(zone: &str) -> bool {
    zone == "Z" || zone.get(1..).is_some_and(|clock| clock.len() == 5 && NaiveTime::parse_from_str(clock, "%H:%M").is_ok())
}

fn moment(text: &str) -> Option<NaiveDate> {
    if !text.is_ascii() {
        return None;
    }
    for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(text, format) {
            return Some(moment.date());
        }
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.date_naive());
    }
    // without seconds, which RFC 3339 wants
    let (day, clock) = text.split_once('T')?;
    if time(clock) { date(day) } else { None }
}
