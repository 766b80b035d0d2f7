//! Reading of single cells. Each reader collects its reason instead of stopping, so a row tells everything at once.

use codes::Uscc;

use super::super::codes_of_items::*;
use super::super::item::TimeLimit;
use super::reason::Reason;

/// Name and body that every row must have.
pub(super) fn required(name: &str, body: &str, reasons: &mut Vec<Reason>) {
    if name.is_empty() {
        reasons.push(Reason::NoName);
    }
    if body.is_empty() {
        reasons.push(Reason::NoBody);
    }
}

/// Credit code of the body.
pub(super) fn body_code(code: &str, reasons: &mut Vec<Reason>) -> Option<Uscc> {
    match Uscc::parse(code) {
        Ok(uscc) => Some(uscc),
        Err(error) => {
            reasons.push(Reason::BodyCode {
                code: code.to_owned(),
                why: error.to_string(),
            });
            None
        }
    }
}

/// Item type by its code in GB/T 39046, one or two digits, or by its name. Types exercised ex officio are refused.
pub(super) fn kind(text: &str, reasons: &mut Vec<Reason>) -> Option<ItemKind> {
    let padded = format!("{text:0>2}");
    let found = ItemKind::from_code(&padded)
        .or_else(|| {
            ItemKind::ALL
                .iter()
                .copied()
                .find(|kind| kind.name() == text)
        })
        // Short names in use for the two longer ones of the list.
        .or(match text {
            "公共服务" => Some(ItemKind::PublicService),
            "其他行政权力" => Some(ItemKind::OtherPower),
            _ => None,
        });
    match found {
        Some(kind) if kind.on_application() => Some(kind),
        Some(kind) => {
            reasons.push(Reason::ExOfficio { kind: kind.name() });
            None
        }
        None => {
            reasons.push(Reason::Kind {
                code: text.to_owned(),
            });
            None
        }
    }
}

/// Words separated by `|`, `、`, `;` or `,`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['|', '、', ';', '；', ',', '，'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// 服务对象 by codes or names. 非法人企业 is not in the list of the standard and counts as 其他组织.
pub(super) fn objects(text: &str, reasons: &mut Vec<Reason>) -> Vec<ServiceObject> {
    let mut objects = Vec::new();
    for word in words(text) {
        let found = ServiceObject::from_code(word)
            .or_else(|| {
                ServiceObject::ALL
                    .iter()
                    .copied()
                    .find(|object| object.name() == word)
            })
            .or((word == "非法人企业").then_some(ServiceObject::OtherOrganisation));
        match found {
            Some(object) if objects.contains(&object) => {}
            Some(object) => objects.push(object),
            None => reasons.push(Reason::Value {
                element: "服务对象",
                value: word.to_owned(),
            }),
        }
    }
    objects.sort_unstable();
    objects
}

/// A time limit: `30(工作日)`, `60(自然日)`, `20个工作日`, `15天`, `即办`. Empty says nothing.
pub(super) fn limit(
    element: &'static str,
    text: &str,
    reasons: &mut Vec<Reason>,
) -> Option<TimeLimit> {
    if text.is_empty() {
        return None;
    }
    let limit = |days, unit| {
        Some(TimeLimit {
            days,
            unit,
            note: String::new(),
        })
    };
    if ["即办", "当场", "当场办结", "0"].contains(&text) {
        return limit(0, TimeUnit::Instant);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim_matches(['(', ')', '（', '）', '个', ' ']) {
        "工作日" => Some(TimeUnit::Workday),
        "自然日" | "日" | "天" => Some(TimeUnit::Day),
        _ => None,
    };
    match (number.parse(), unit) {
        (Ok(days), Some(unit)) if days > 0 => limit(days, unit),
        _ => {
            reasons.push(Reason::Value {
                element,
                value: text.to_owned(),
            });
            None
        }
    }
}

/// A small number; empty says nothing.
pub(super) fn count(element: &'static str, text: &str, reasons: &mut Vec<Reason>) -> Option<u8> {
    if text.is_empty() {
        return None;
    }
    let number = text.parse().ok();
    if number.is_none() {
        reasons.push(Reason::Value {
            element,
            value: text.to_owned(),
        });
    }
    number
}

/// 是/否 in the spellings met; empty says nothing.
pub(super) fn yes_no(element: &'static str, text: &str, reasons: &mut Vec<Reason>) -> Option<bool> {
    match text {
        "" => None,
        "是" | "1" | "支持" => Some(true),
        "否" | "0" | "不支持" => Some(false),
        other => {
            reasons.push(Reason::Value {
                element,
                value: other.to_owned(),
            });
            None
        }
    }
}
