//! Our own template: what a department that has nothing but a spreadsheet can fill in.

use codes::{BaseCode, ImplementationCode, lists::ExerciseLevel};

use super::draft::ItemDraft;
use super::reason::Reason;
use super::{Cells, cells};

/// The template for download: heading and one example (synthetic). Types, levels and objects by code or name; several
/// values with `、`; limits as `20个工作日`, `30日` or `即办`; materials with `|`. Columns after 服务对象 may be left empty.
pub const TEMPLATE: &str = "\
事项名称,基本编码,事项类型,行使层级,实施主体,实施主体编码,服务对象,主题,法定办结时限,承诺办结时限,到办事现场次数,是否网办,是否快递,是否预约,办理地点,咨询电话,监督投诉电话,申请材料
测试经营许可,000131012001,行政许可,3,测试市测试局,11450300TT0000242D,自然人、企业法人,准营准办,20个工作日,10个工作日,0,是,是,是,测试市政务服务中心1楼1号窗口,0773-5700012,0773-5700912,申请书|场所平面图
";

/// Columns by which the template is known; the others may be missing.
pub(super) const COLUMNS: &[&str] = &[
    "事项名称",
    "基本编码",
    "事项类型",
    "行使层级",
    "实施主体",
    "实施主体编码",
    "服务对象",
];

pub(super) fn read(row: &Cells<'_>) -> Result<ItemDraft, Vec<Reason>> {
    let mut reasons = Vec::new();
    let (name, body) = (row.get("事项名称"), row.get("实施主体"));
    cells::required(name, body, &mut reasons);
    let kind = cells::kind(row.get("事项类型"), &mut reasons);
    let level = level(row.get("行使层级"), &mut reasons);
    let body_code = cells::body_code(row.get("实施主体编码"), &mut reasons);
    let base_text = row.get("基本编码");
    let base = match BaseCode::parse(base_text) {
        Ok(base) => Some(base),
        Err(error) => {
            reasons.push(Reason::Code {
                code: base_text.to_owned(),
                why: error.to_string(),
            });
            None
        }
    };
    if let (Some(kind), Some(base)) = (kind, &base)
        && base.kind() != Some(kind)
    {
        reasons.push(Reason::CodesDisagree {
            one: format!("事项类型{}", kind.code()),
            other: base.to_string(),
        });
    }
    let implementation = match (&body_code, level, &base) {
        (Some(body_code), Some(level), Some(base)) => {
            match ImplementationCode::new(body_code, level, base) {
                Ok(code) => Some(code),
                Err(error) => {
                    reasons.push(Reason::Code {
                        code: base_text.to_owned(),
                        why: error.to_string(),
                    });
                    None
                }
            }
        }
        _ => None,
    };
    let objects = cells::objects(row.get("服务对象"), &mut reasons);
    let statutory = cells::limit("法定办结时限", row.get("法定办结时限"), &mut reasons);
    let promised = cells::limit("承诺办结时限", row.get("承诺办结时限"), &mut reasons);
    let visits = cells::count("到办事现场次数", row.get("到办事现场次数"), &mut reasons);
    let online = cells::yes_no("是否网办", row.get("是否网办"), &mut reasons);
    let courier = cells::yes_no("是否快递", row.get("是否快递"), &mut reasons);
    let booking = cells::yes_no("是否预约", row.get("是否预约"), &mut reasons);

    let (Some(kind), Some(body_code), Some(implementation), true) =
        (kind, body_code, implementation, reasons.is_empty())
    else {
        return Err(reasons);
    };
    Ok(ItemDraft {
        level,
        base_code: base,
        objects,
        themes: cells::words(row.get("主题")).map(str::to_owned).collect(),
        statutory,
        promised,
        visits,
        online,
        courier,
        booking,
        place: row.get("办理地点").to_owned(),
        phone: row.get("咨询电话").to_owned(),
        complaint_phone: row.get("监督投诉电话").to_owned(),
        materials: row
            .get("申请材料")
            .split('|')
            .map(str::trim)
            .filter(|m| !m.is_empty())
            .map(str::to_owned)
            .collect(),
        implementation_code: Some(implementation.clone()),
        ..ItemDraft::new(name, body, body_code, kind, implementation.as_str())
    })
}

fn level(text: &str, reasons: &mut Vec<Reason>) -> Option<ExerciseLevel> {
    let found = ExerciseLevel::from_code(text).or_else(|| {
        ExerciseLevel::ALL
            .iter()
            .copied()
            .find(|l| l.name() == text)
    });
    if found.is_none() {
        reasons.push(Reason::Value {
            element: "行使层级",
            value: text.to_owned(),
        });
    }
    found
}
