//! Consistency of elements with each other (standards B3, the lint rules of a province-level quality inspection).

use codes::lists::{Audience, themes_for};

use super::super::codes_of_items::*;
use super::super::item::*;
use super::{Findings, blank, mentions};

/// Links every permit process shows; where two words are usual, either will do.
const PERMIT_LINKS: [&[&str]; 5] = [
    &["受理"],
    &["审核", "审查"],
    &["审批", "决定"],
    &["办结"],
    &["送达"],
];

pub(super) fn check(item: &ItemSpec, out: &mut Findings) {
    limits(item, out);
    steps(item, out);
    results(item, out);
    visits(item, out);
    fees(item, out);
    contact(item, out);
    themes(item, out);
    if item.kind == ItemKind::Permit {
        out.require(
            !item.faq.is_empty(),
            "faq",
            "permit_faq",
            "行政许可事项至少要有一条常见问题，请补充。",
        );
    }
}

fn limits(item: &ItemSpec, out: &mut Findings) {
    for (field, limit) in [("statutory", &item.statutory), ("promised", &item.promised)] {
        out.require(
            (limit.unit == TimeUnit::Instant) == (limit.days == 0),
            field,
            "limit_unit",
            "时限为0日只能是“当场办结”，“当场办结”的天数只能是0，请改为一致。",
        );
    }
    out.require(
        item.promised.within(&item.statutory),
        "promised",
        "promise_longer",
        format!(
            "承诺时限（{}）长于法定时限（{}），请缩短承诺时限。",
            item.promised, item.statutory
        ),
    );
    out.require(
        item.case_type != CaseType::Other,
        "case_type",
        "case_type_other",
        "办件类型只能是即办件或承诺件，请选择。",
    );
    let instant = item.case_type == CaseType::Instant;
    out.require(
        (item.promised.unit == TimeUnit::Instant) == instant,
        "case_type",
        "instant_promise",
        "即办件的承诺时限必须是当场办结，承诺件必须写明天数，请改为一致。",
    );
    out.require(
        (item.process == ProcessKind::Instant) == instant,
        "process",
        "instant_process",
        "即办件应使用“受理即决定”流程，承诺件不得使用，请改为一致。",
    );
}

fn steps(item: &ItemSpec, out: &mut Findings) {
    let total: u32 = item.steps.iter().map(|step| u32::from(step.days)).sum();
    let promised = u32::from(item.promised.days);
    out.require(
        total <= promised,
        "steps",
        "steps_too_long",
        format!("各环节天数合计{total}，超过承诺的{promised}，请调整环节天数。"),
    );
    if item.kind != ItemKind::Permit {
        return;
    }
    for names in PERMIT_LINKS {
        out.require(
            item.steps.iter().any(|step| mentions(&step.name, names)),
            "steps",
            "link_missing",
            format!("行政许可的办理流程缺少“{}”环节，请补充。", names.join("/")),
        );
    }
}

fn results(item: &ItemSpec, out: &mut Findings) {
    for (n, result) in item.results.iter().enumerate() {
        if let Some(expected) = kind_by_name(&result.name)
            && expected != result.kind
        {
            out.error(
                format!("results[{n}].kind"),
                "result_kind",
                format!(
                    "结果“{}”按名称应属于“{expected}”，现在填的是“{}”，请改名称或类型。",
                    result.name, result.kind
                ),
            );
        }
    }
}

/// What the name of a result says about its type: 批复、批文 are approvals, 证、证书、执照 licences (but 凭证 and 证明 prove
/// something else), and nothing follows from other names.
fn kind_by_name(name: &str) -> Option<ResultKind> {
    let name = name.split(['（', '(']).next().unwrap_or(name).trim();
    if mentions(name, &["批复", "批文"]) {
        Some(ResultKind::Approval)
    } else if name.ends_with("凭证") || name.ends_with("公证") {
        None
    } else if name.ends_with('证') || name.ends_with("证书") || name.ends_with("执照") {
        Some(ResultKind::Licence)
    } else {
        None
    }
}

fn visits(item: &ItemSpec, out: &mut Findings) {
    out.require(
        (item.visits > 0) != blank(&item.visit_reason),
        "visit_reason",
        "visit_reason",
        if item.visits > 0 {
            "需要到现场办理，请写明必须到现场的原因。"
        } else {
            "不需要到现场办理，请删去到现场的原因。"
        },
    );
    out.require(
        item.visits > 0 || item.online() || item.courier,
        "courier",
        "no_way_in",
        "到现场0次又不能网上办理，必须支持邮寄，请改办理形式或到现场次数。",
    );
    out.require(
        (item.online_depth >= OnlineDepth::Receive) == item.online(),
        "online_depth",
        "depth_channel",
        "网办深度Ⅱ级及以上必须提供电脑端或移动端办理，Ⅰ级（仅咨询）不能提供，请改为一致。",
    );
}

fn fees(item: &ItemSpec, out: &mut Findings) {
    for (n, fee) in item.fees.iter().enumerate() {
        for (field, label, text) in [
            ("name", "项目名称", &fee.name),
            ("standard", "标准", &fee.standard),
            ("basis", "依据", &fee.basis),
        ] {
            out.require(
                !blank(text),
                format!("fees[{n}].{field}"),
                "fee_incomplete",
                format!("收费项目缺少{label}；没有依据不得收费，请补充或删去。"),
            );
        }
        out.require(
            fee.reducible != blank(&fee.reduction_basis),
            format!("fees[{n}].reduction_basis"),
            "fee_reduction",
            "允许减免的收费要写减免依据，不允许减免的不写，请改为一致。",
        );
    }
    out.require(
        !(item.fees.is_empty() && item.online_payment),
        "online_payment",
        "payment_without_fee",
        "不收费的事项不能提供网上支付，请关闭网上支付。",
    );
}

fn contact(item: &ItemSpec, out: &mut Findings) {
    for (field, label, number) in [
        ("phone", "咨询电话", &item.phone),
        ("complaint_phone", "监督投诉电话", &item.complaint_phone),
    ] {
        out.require(
            blank(number) || with_area_code(number),
            field,
            "phone_area_code",
            format!("{label}“{number}”没有区号或格式不对，请写成“0773-1234567”。"),
        );
    }
    out.require(
        blank(&item.phone) || item.phone != item.complaint_phone,
        "complaint_phone",
        "same_phone",
        "监督投诉电话不能与咨询电话相同，请填写另一个号码。",
    );
    out.require(
        blank(&item.hours) || mentions(&item.hours, &["工作日", "全天", "24小时", "节假日"]),
        "hours",
        "hours_vague",
        "办理时间要说明是工作日、节假日还是全天（24小时），请补充。",
    );
    out.require(
        blank(&item.place) || mentions(&item.place, &["窗口", "室", "自助区", "服务台"]),
        "place",
        "place_vague",
        "办理地点要精确到窗口或房间号，请补充。",
    );
}

/// `0773-5700012`: area code of 3–4 digits beginning with 0, hyphen, 7–8 digits, perhaps an extension `-12`. Several
/// numbers may be separated by `、`.
fn with_area_code(numbers: &str) -> bool {
    numbers.split('、').all(|number| {
        let mut parts = number.trim().split('-');
        let (Some(area), Some(local)) = (parts.next(), parts.next()) else {
            return false;
        };
        let digits = |text: &str, range: std::ops::RangeInclusive<usize>| {
            range.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        area.starts_with('0')
            && digits(area, 3..=4)
            && digits(local, 7..=8)
            && parts.all(|rest| digits(rest, 1..=6))
    })
}

fn themes(item: &ItemSpec, out: &mut Findings) {
    let sides = [
        (
            "person_themes",
            "自然人",
            item.for_persons(),
            &item.person_themes,
            Audience::Person,
        ),
        (
            "firm_themes",
            "法人",
            item.for_firms(),
            &item.firm_themes,
            Audience::Firm,
        ),
    ];
    for (field, side, served, themes, audience) in sides {
        out.require(
            served != themes.is_empty(),
            field,
            "themes_objects",
            if served {
                format!("服务对象包含{side}，请至少选择一个{side}主题。")
            } else {
                format!("服务对象不包含{side}，请删去{side}主题。")
            },
        );
        for theme in themes {
            out.require(
                known(audience, theme),
                field,
                "theme_unknown",
                format!("“{theme}”不是{side}主题分类中的主题，请从主题表中选择。"),
            );
        }
    }
    for package in &item.one_thing {
        out.advise(
            known(Audience::OneThing, package),
            "one_thing",
            "one_thing_unknown",
            format!("“{package}”不在国家首批“一件事”清单中，如属本地套餐请忽略。"),
        );
    }
}

fn known(audience: Audience, name: &str) -> bool {
    themes_for(audience).any(|theme| theme.name == name)
}
