//! Policy of the service system: standards B4, M-ITEM-01.06/.07 and the cross-cutting rules R05, R17, R18, R39, R40,
//! R42, R48, R51.

use super::super::codes_of_items::*;
use super::super::item::*;
use super::{Findings, blank, mentions};

/// Names that leave open what must be handed in (兜底材料).
const CATCH_ALL: &[&str] = &[
    "其他材料",
    "其它材料",
    "有关材料",
    "其他资料",
    "其它资料",
    "有关资料",
    "其他文件",
    "规定的其他",
    "要求的其他",
    "其他有关",
];
/// Names that may be a catch-all in disguise.
const VAGUE: &[&str] = &["相关材料", "相关资料", "相关证明", "等材料", "必要材料"];
/// Phrases that force people to come.
const MUST_COME: &[&str] = &[
    "须到现场",
    "必须到现场",
    "必须到窗口",
    "须到窗口",
    "须本人到场",
    "必须本人到场",
];
/// Subjects for which 告知承诺 is excluded: national security and secrets, public safety, financial prudence, major
/// foreign matters (R48). Whether an item endangers health or ecology cannot be told from its name.
const NO_COMMITMENT: &[&str] = &[
    "危险化学品",
    "易制毒",
    "爆炸",
    "枪支",
    "弹药",
    "烟花爆竹",
    "放射",
    "核材料",
    "涉密",
    "国家秘密",
    "小额贷款",
    "融资担保",
    "境外非政府组织",
];
/// Special procedures without a legal limit may last this long, working days (R05).
const SPECIAL_MAX: u16 = 30;

pub(super) fn check(item: &ItemSpec, out: &mut Findings) {
    admission(item, out);
    special_procedures(item, out);
    attendance(item, out);
    modes(item, out);
    for (n, material) in item.materials.iter().enumerate() {
        material_policy(n, material, out);
    }
}

fn admission(item: &ItemSpec, out: &mut Findings) {
    out.require(
        item.kind.on_application(),
        "kind",
        "ex_officio",
        format!(
            "“{}”不是依申请办理的事项（依职权行使的事项不是服务），不得列入政务服务目录。",
            item.kind
        ),
    );
    out.require(
        !item.secret,
        "secret",
        "secret_item",
        "涉密事项不得进入公开目录，请从公开目录中移除。",
    );
}

fn special_procedures(item: &ItemSpec, out: &mut Findings) {
    for (n, procedure) in item.special_procedures.iter().enumerate() {
        let at = |element: &str| format!("special_procedures[{n}].{element}");
        let name = &procedure.name;
        out.require(
            !blank(name),
            at("name"),
            "missing",
            "特别程序没有名称，请填写。",
        );
        out.require(
            procedure.days > 0,
            at("days"),
            "special_no_limit",
            format!("特别程序“{name}”没有时限，请写明需要几个工作日。"),
        );
        out.require(
            procedure.days <= SPECIAL_MAX || procedure.basis.contains('《'),
            at("days"),
            "special_too_long",
            format!("特别程序“{name}”没有法定时限依据，不得超过{SPECIAL_MAX}个工作日，请缩短或写明依据。"),
        );
        out.advise(
            !blank(&procedure.basis),
            at("basis"),
            "special_no_basis",
            format!("特别程序“{name}”没有写依据，请补充。"),
        );
    }
}

fn attendance(item: &ItemSpec, out: &mut Findings) {
    if item.online_depth == OnlineDepth::Full {
        out.require(
            item.visits == 0,
            "visits",
            "forced_attendance",
            "全程网办的事项不得要求到现场办理，请把到现场次数改为0。",
        );
        let texts = item
            .conditions
            .iter()
            .map(|text| ("conditions", text))
            .chain(item.materials.iter().map(|m| ("materials", &m.notes)));
        for (field, text) in texts {
            out.require(
                !mentions(text, MUST_COME),
                field,
                "forced_attendance",
                format!("全程网办的事项不得变相要求到现场：“{text}”，请改为可以网上完成的要求。"),
            );
        }
        out.require(
            item.materials
                .iter()
                .all(|m| m.form != MaterialForm::Paper || !m.to_hand_in()),
            "materials",
            "paper_in_online",
            "全程网办的事项不得只收纸质材料，请允许提交电子件。",
        );
    }
    out.advise(
        item.channels.contains(&HandlingChannel::Window),
        "channels",
        "no_window",
        "只能网上办理，老年人等不便上网的群众无法办理，请保留窗口办理。",
    );
}

fn modes(item: &ItemSpec, out: &mut Findings) {
    let deferrable = item
        .materials
        .iter()
        .any(|m| m.necessity == Necessity::Deferrable);
    out.require(
        item.tolerant == deferrable,
        "tolerant",
        "tolerant_list",
        if item.tolerant {
            "支持容缺受理，但没有标明哪些材料可以后补，请至少标明一份。"
        } else {
            "有材料标为“可容缺后补”，但事项不支持容缺受理，请改为一致。"
        },
    );
    out.require(
        !item.tolerant
            || item
                .materials
                .iter()
                .any(|m| m.necessity == Necessity::Required),
        "tolerant",
        "tolerant_main",
        "容缺受理只能缺次要材料，请标明必须先提交的主要材料。",
    );
    out.require(
        !(item.commitment && mentions(&item.name, NO_COMMITMENT)),
        "commitment",
        "commitment_excluded",
        "涉及国家安全、公共安全、金融审慎监管等的事项不适用告知承诺，请关闭。",
    );
}

fn material_policy(n: usize, material: &Material, out: &mut Findings) {
    let at = |element: &str| format!("materials[{n}].{element}");
    let name = &material.name;
    if mentions(name, CATCH_ALL) {
        out.error(
            at("name"),
            "catch_all",
            format!("“{name}”是兜底性材料，群众不知道要交什么，请逐一写明材料名称。"),
        );
    } else if mentions(name, VAGUE) {
        out.warning(
            at("name"),
            "vague_material",
            format!("“{name}”说得不具体，请尽量写明材料名称。"),
        );
    }
    if material.source == MaterialSource::Government {
        out.require(
            !blank(&material.source_note) || !material.to_hand_in(),
            at("source_note"),
            "government_source",
            format!(
                "“{name}”由政府部门核发，请写明由哪个部门核发、从哪里调取；能调取的一律免于提交。"
            ),
        );
        out.advise(
            !material.to_hand_in(),
            at("exempt"),
            "government_exempt",
            format!("“{name}”由政府部门核发，原则上免于提交，请尽量改为系统调取。"),
        );
    }
    if material.to_hand_in() && mentions(name, &["证明", "盖章"]) {
        out.require(
            !blank(&material.basis),
            at("basis"),
            "proof_without_law",
            format!(
                "要求提交“{name}”没有法律法规依据。没有依据的证明和盖章一律取消，请写明依据或删去。"
            ),
        );
    }
    if name.contains("培训") && mentions(name, &["证", "合格", "结业", "记录"]) {
        let designated = mentions(
            &format!("{name}{}{}", material.notes, material.criteria),
            &["指定"],
        );
        if designated || blank(&material.basis) {
            out.error(
                at("name"),
                "designated_training",
                format!("不得把“{name}”作为办证条件：政府指定培训已与证照申领脱钩，请删去。"),
            );
        } else {
            out.warning(
                at("name"),
                "training_material",
                format!("请确认“{name}”不是政府指定的培训。"),
            );
        }
    }
    if material.source == MaterialSource::Other
        && mentions(
            name,
            &[
                "评估报告",
                "检测报告",
                "验资报告",
                "论证报告",
                "评价报告",
                "鉴定",
            ],
        )
    {
        out.advise(
            !blank(&material.basis),
            at("basis"),
            "intermediary_report",
            format!("“{name}”由中介机构出具，请写明依据并确认已列入中介服务清单。"),
        );
    }
}
