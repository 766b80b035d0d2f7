//! Mandatory elements of an implementation list (standards B2).

use std::collections::HashSet;

use super::super::codes_of_items::*;
use super::super::item::*;
use super::{Findings, blank};

/// Longest 事项名称, GB/T 39046-2020 table 4 (an..200).
const NAME_MAX: usize = 200;

pub(super) fn check(item: &ItemSpec, out: &mut Findings) {
    identity(item, out);
    texts(item, out);
    lists(item, out);
    materials(item, out);
    parts(item, out);
}

fn identity(item: &ItemSpec, out: &mut Findings) {
    out.require(
        item.name.chars().count() <= NAME_MAX,
        "name",
        "name_too_long",
        format!("事项名称超过{NAME_MAX}个字，请缩短。"),
    );
    match codes::BaseCode::parse(&item.base_code) {
        Err(_) => out.error(
            "base_code",
            "base_code_invalid",
            format!("基本编码“{}”不符合规则：应为12位（2位区划层级、2位事项类型、2位部门、3位主项、3位子项）。请按基本目录填写。", item.base_code),
        ),
        Ok(_) if item.base_code.get(2..4) != Some(item.kind.code()) => out.error(
            "base_code",
            "base_code_kind",
            format!("基本编码第3、4位应与事项类型“{}”的代码{}一致，请核对类型或编码。", item.kind, item.kind.code()),
        ),
        Ok(code) if code.is_parent() => out.error(
            "base_code",
            "base_code_parent",
            "以00Y结尾的编码是含有子项的主项，不能直接实施，请填写具体子项的编码。",
        ),
        Ok(_) => {}
    }
}

fn texts(item: &ItemSpec, out: &mut Findings) {
    let mandatory = [
        ("name", "事项名称", &item.name),
        ("summary", "一句话说明", &item.summary),
        ("place", "办理地点", &item.place),
        ("hours", "办理时间", &item.hours),
        ("phone", "咨询电话", &item.phone),
        ("complaint_phone", "监督投诉电话", &item.complaint_phone),
        ("form", "申请表单", &item.form),
    ];
    for (field, label, text) in mandatory {
        out.require(
            !blank(text),
            field,
            "missing",
            format!("缺少{label}，请填写。"),
        );
    }
    out.advise(
        !item.keywords.is_empty(),
        "keywords",
        "keywords_missing",
        "没有搜索关键词，群众不容易搜到，请补充常用说法。",
    );
}

fn lists(item: &ItemSpec, out: &mut Findings) {
    let mandatory = [
        ("objects", "服务对象", item.objects.is_empty()),
        ("channels", "办理形式", item.channels.is_empty()),
        ("conditions", "受理条件", item.conditions.is_empty()),
        ("results", "审批结果", item.results.is_empty()),
        ("steps", "办理流程", item.steps.is_empty()),
    ];
    for (field, label, missing) in mandatory {
        out.require(
            !missing,
            field,
            "missing",
            format!("缺少{label}，请至少填写一项。"),
        );
    }
    out.require(
        !item.basis.is_empty(),
        "basis",
        "no_legal_basis",
        "没有设定依据，不得发布。请写明法律法规名称和条款。",
    );
    out.advise(
        !item.materials.is_empty(),
        "materials",
        "no_materials",
        "没有申请材料。如果确实免于提交任何材料请忽略，否则请补充。",
    );
    for (field, doubled) in [
        ("objects", doubled(&item.objects)),
        ("channels", doubled(&item.channels)),
    ] {
        out.require(
            !doubled,
            field,
            "doubled",
            "同一个值填写了两次，请删去重复的。",
        );
    }
}

fn doubled<T: std::hash::Hash + Eq>(values: &[T]) -> bool {
    values.iter().collect::<HashSet<_>>().len() < values.len()
}

fn materials(item: &ItemSpec, out: &mut Findings) {
    let mut names = HashSet::new();
    for (n, material) in item.materials.iter().enumerate() {
        let at = |element: &str| format!("materials[{n}].{element}");
        let name = &material.name;
        out.require(
            !blank(name),
            at("name"),
            "missing",
            format!("第{}份材料没有名称，请填写。", n + 1),
        );
        out.require(
            names.insert(name.trim()),
            at("name"),
            "doubled",
            format!("材料“{name}”列了两次，请合并。"),
        );
        out.require(
            material.form != MaterialForm::Paper || material.copies > 0,
            at("copies"),
            "copies_missing",
            format!("纸质材料“{name}”没有写份数，请填写。"),
        );
        out.require(
            (material.necessity == Necessity::Conditional) != blank(&material.when),
            at("when"),
            "situation",
            match material.necessity {
                Necessity::Conditional => {
                    format!("材料“{name}”只在特定情形需要，请写明是什么情形。")
                }
                _ => format!("材料“{name}”写了适用情形，但必要性不是“特定情形必要”，请改为一致。"),
            },
        );
        out.advise(
            !blank(&material.notes),
            at("notes"),
            "notes_missing",
            format!("材料“{name}”没有填报须知，请告诉申请人怎样准备。"),
        );
        out.advise(
            !blank(&material.criteria),
            at("criteria"),
            "criteria_missing",
            format!("材料“{name}”没有受理标准，请写明窗口按什么判断是否合格。"),
        );
    }
}

fn parts(item: &ItemSpec, out: &mut Findings) {
    for (n, basis) in item.basis.iter().enumerate() {
        out.require(
            !blank(&basis.law),
            format!("basis[{n}].law"),
            "missing",
            "设定依据没有写法律法规名称，请填写。",
        );
        out.advise(
            !blank(&basis.gist),
            format!("basis[{n}].gist"),
            "gist_missing",
            "设定依据没有写内容要点，请用自己的话概括。",
        );
    }
    for (n, result) in item.results.iter().enumerate() {
        out.require(
            !blank(&result.name),
            format!("results[{n}].name"),
            "missing",
            "审批结果没有名称，请填写。",
        );
        out.require(
            result.kind != ResultKind::Licence || !blank(&result.licence_type),
            format!("results[{n}].licence_type"),
            "licence_type_missing",
            format!(
                "结果“{}”是证照，请填写证照类型代码，否则无法制发电子证照。",
                result.name
            ),
        );
    }
    for (n, step) in item.steps.iter().enumerate() {
        out.require(
            !blank(&step.name),
            format!("steps[{n}].name"),
            "missing",
            "办理环节没有名称，请填写。",
        );
    }
    for (n, faq) in item.faq.iter().enumerate() {
        out.require(
            !blank(&faq.q) && !blank(&faq.a),
            format!("faq[{n}]"),
            "missing",
            "常见问题缺少问题或答案，请补全或删去。",
        );
    }
}
