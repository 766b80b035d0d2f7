//! The Guangdong list: 31- and 33-character codes, own item types.

use codes::{BaseCode, HandlingCode, ImplementationCode};

use super::super::codes_of_items::ItemKind;
use super::draft::ItemDraft;
use super::reason::Reason;
use super::{Cells, cells};

/// Columns by which the list is known.
pub(super) const COLUMNS: &[&str] = &[
    "task_code31",
    "task_handle_item33",
    "catalog_code12",
    "task_type",
    "task_name",
    "dept_name",
    "on_site_times",
];

pub(super) fn read(row: &Cells<'_>) -> Result<ItemDraft, Vec<Reason>> {
    let mut reasons = Vec::new();
    let (name, body) = (row.get("task_name"), row.get("dept_name"));
    cells::required(name, body, &mut reasons);
    let (kind, kind_note) = kind(row.get("task_type"), &mut reasons);
    let codes = Codes::read(row, &mut reasons);
    let body_code = match &codes.implementation {
        Some(code) => cells::body_code(code.body_text(), &mut reasons),
        None => None,
    };
    let objects = cells::objects(row.get("service_objects"), &mut reasons);
    let statutory = cells::limit("法定办结时限", row.get("statutory_limit"), &mut reasons);
    let promised = cells::limit("承诺办结时限", row.get("promised_limit"), &mut reasons);
    let visits = cells::count("到办事现场次数", row.get("on_site_times"), &mut reasons);
    let online = cells::yes_no("是否网办", row.get("online"), &mut reasons);
    let courier = cells::yes_no("是否快递", row.get("courier"), &mut reasons);
    let booking = cells::yes_no("是否预约", row.get("booking"), &mut reasons);

    let (Some(kind), Some(body_code), true) = (kind, body_code, reasons.is_empty()) else {
        return Err(reasons);
    };
    let published = [row.get("task_handle_item33"), row.get("task_code31")]
        .into_iter()
        .find(|code| !code.is_empty());
    Ok(ItemDraft {
        main_item: row.get("catalog_name").to_owned(),
        level: codes.implementation.as_ref().map(ImplementationCode::level),
        base_code: codes.base,
        implementation_code: codes.implementation,
        handling_code: codes.handling,
        objects,
        themes: cells::words(row.get("themes")).map(str::to_owned).collect(),
        statutory,
        promised,
        visits,
        online,
        courier,
        booking,
        place: row
            .get("location")
            .trim_start_matches("办理地点：")
            .to_owned(),
        phone: row.get("consult_phone").to_owned(),
        complaint_phone: row.get("complaint_phone").to_owned(),
        materials: row
            .get("materials")
            .split('|')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        notes: kind_note.into_iter().collect(),
        ..ItemDraft::new(name, body, body_code, kind, published.unwrap_or_default())
    })
}

/// Guangdong writes 20 for other powers and 21 for public services where GB/T 39046 has 10 and 20 (standards A4).
fn kind(text: &str, reasons: &mut Vec<Reason>) -> (Option<ItemKind>, Option<String>) {
    let mapped = match text {
        "20" => ItemKind::OtherPower,
        "21" => ItemKind::PublicService,
        other => return (cells::kind(other, reasons), None),
    };
    let note = format!(
        "来源类型代码{text}已按国家标准记为{}（{}）。",
        mapped.code(),
        mapped.name()
    );
    (Some(mapped), Some(note))
}

struct Codes {
    base: Option<BaseCode>,
    implementation: Option<ImplementationCode>,
    handling: Option<HandlingCode>,
}

impl Codes {
    /// The three codes contain each other; where they do not, the row is wrong.
    fn read(row: &Cells<'_>, reasons: &mut Vec<Reason>) -> Self {
        let (base_text, handling_text) = (row.get("catalog_code12"), row.get("task_handle_item33"));
        let base = parsed(base_text, BaseCode::parse(base_text), reasons);
        let text = row.get("task_code31");
        let implementation = parsed(text, ImplementationCode::parse(text), reasons);
        let handling = match handling_text {
            "" => None,
            text => parsed(text, HandlingCode::parse(text), reasons),
        };
        if let (Some(base), Some(code)) = (&base, &implementation)
            && code.base() != *base
        {
            reasons.push(Reason::CodesDisagree {
                one: base.to_string(),
                other: code.to_string(),
            });
        }
        if let (Some(code), Some(handling)) = (&implementation, &handling)
            && handling.implementation() != *code
        {
            reasons.push(Reason::CodesDisagree {
                one: code.to_string(),
                other: handling.to_string(),
            });
        }
        Self {
            base,
            implementation,
            handling,
        }
    }
}

fn parsed<T, E: ToString>(
    text: &str,
    result: Result<T, E>,
    reasons: &mut Vec<Reason>,
) -> Option<T> {
    match result {
        Ok(code) => Some(code),
        Err(error) => {
            reasons.push(Reason::Code {
                code: text.to_owned(),
                why: error.to_string(),
            });
            None
        }
    }
}
