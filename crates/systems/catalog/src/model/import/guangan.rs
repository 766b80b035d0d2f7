//! The list of Guang'an, Sichuan: composite codes `local item - region - 000 - body - n - 00`.

use codes::{RegionCode, lists::ExerciseLevel};

use super::draft::ItemDraft;
use super::reason::Reason;
use super::{Cells, cells};

/// Columns by which the list is known. `dept_code` is not read: it is often a number internal to that platform.
pub(super) const COLUMNS: &[&str] = &[
    "department",
    "main_item",
    "item_name",
    "item_code",
    "task_type",
    "area_code",
];

pub(super) fn read(row: &Cells<'_>) -> Result<ItemDraft, Vec<Reason>> {
    let mut reasons = Vec::new();
    let (name, body) = (row.get("item_name"), row.get("department"));
    cells::required(name, body, &mut reasons);
    let kind = cells::kind(row.get("task_type"), &mut reasons);
    let code = row.get("item_code");
    let parts = Composite::split(code);
    let body_text = parts.as_ref().map(|parts| parts.body);
    if body_text.is_none() {
        let why = "应为“事项编码-12位区划-3位序号-实施主体编码-1位-2位”".to_owned();
        reasons.push(Reason::Code {
            code: code.to_owned(),
            why,
        });
    }
    let body_code = body_text.and_then(|text| cells::body_code(text, &mut reasons));
    let level = match parts.as_ref().map(|parts| RegionCode::parse(parts.region)) {
        Some(Ok(region)) => Some(ExerciseLevel::of_region(region.level())),
        Some(Err(error)) => {
            reasons.push(Reason::Code {
                code: code.to_owned(),
                why: error.to_string(),
            });
            None
        }
        None => None,
    };
    let (Some(kind), Some(body_code), true) = (kind, body_code, reasons.is_empty()) else {
        return Err(reasons);
    };
    let mut notes = vec!["来源编码不是12位基本编码，请按本地基本目录重新编码。".to_owned()];
    if body_text != Some(body_code.as_str()) {
        notes.push("来源的统一社会信用代码含小写字母，已改为大写。".to_owned());
    }
    let main_item = row.get("main_item");
    Ok(ItemDraft {
        // 未分类 is how that platform writes "no main item".
        main_item: if main_item == "未分类" {
            String::new()
        } else {
            main_item.to_owned()
        },
        level,
        notes,
        ..ItemDraft::new(name, body, body_code, kind, code)
    })
}

/// A composite code taken apart.
struct Composite<'a> {
    region: &'a str,
    body: &'a str,
}

impl<'a> Composite<'a> {
    /// The local item code and the body may contain hyphens themselves, so the code is read from its fixed ends: the two
    /// numbers behind the body, and the 12-digit region with its serial before it.
    fn split(code: &'a str) -> Option<Self> {
        let digits = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
        };
        let (rest, last) = code.rsplit_once('-')?;
        let (rest, kind) = rest.rsplit_once('-')?;
        if !digits(last, 2) || !digits(kind, 1) {
            return None;
        }
        let parts: Vec<&str> = rest.split('-').collect();
        let at = parts.windows(2).position(
            |pair| matches!(pair, [region, serial] if digits(region, 12) && digits(serial, 3)),
        )?;
        let before: usize = parts.iter().take(at + 2).map(|part| part.len() + 1).sum();
        let body = rest.get(before..).filter(|body| !body.is_empty())?;
        Some(Self {
            region: parts.get(at)?,
            body,
        })
    }
}
