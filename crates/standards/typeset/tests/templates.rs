//! Every template of the systems, set with its sample.

mod common;

use std::time::Instant;

use common::{Shelf, contains, text};
use serde_json::{Value, json};

/// Template and what must be read on it: title, law and the facts only this notice tells.
const NOTICES: &[(&str, &[&str])] = &[
    (
        "receipt",
        &[
            "收件凭证",
            "查询码",
            "K7M4Q2",
            "共5项",
            "2026年3月2日10时05分",
            "不代表申请已经受理",
            "逾期不告知的，自收到申请材料之日起即为受理",
        ],
    ),
    (
        "acceptance",
        &[
            "受理通知书",
            "第三十二条第一款第五项",
            "5个工作日（法定20个工作日）",
            "承诺办结日2026年3月10日",
        ],
    ),
    (
        "correction",
        &[
            "补正材料一次性告知书",
            "第三十二条第一款第四项",
            "需要补正的全部内容",
            "2026年4月3日",
        ],
    ),
    (
        "not_accepted",
        &[
            "不予受理决定书",
            "第三十二条第一款第二项",
            "场所所在地消防救援机构",
            "六十日",
            "六个月",
        ],
    ),
    (
        "not_needed",
        &[
            "不需要取得行政许可告知书",
            "第三十二条第一款第一项",
            "六十日",
            "六个月",
        ],
    ),
    (
        "special_procedure",
        &[
            "特别程序告知书",
            "第四十五条",
            "专家评审",
            "10个工作日",
            "顺延后办结日2026年3月24日",
        ],
    ),
    (
        "special_ended",
        &[
            "特别程序期满告知书",
            "第四十五条",
            "专家评审期限已于2026年3月19日届满",
            "恢复计算日期2026年3月20日",
            "承诺办结日2026年3月24日",
        ],
    ),
    (
        "extension",
        &[
            "延长办理期限告知书",
            "第四十二条第一款",
            "本机关负责人批准",
            "10个工作日",
            "2026年4月15日",
        ],
    ),
    (
        "grant",
        &[
            "准予行政许可决定书",
            "第三十八条第一款",
            "公众有权查阅",
            "2026年3月9日至2031年3月8日",
        ],
    ),
    (
        "refusal",
        &[
            "不予行政许可决定书",
            "第三十八条第二款",
            "理由如下",
            "六十日",
            "桂林市人民政府申请行政复议",
            "六个月",
            "人民法院提起行政诉讼",
        ],
    ),
    (
        "withdrawal",
        &[
            "撤回申请确认书",
            "自2026年3月5日起撤回",
            "不影响你单位再次提出申请",
        ],
    ),
    (
        "delivery",
        &[
            "送达回证",
            "受送达人",
            "送达方式",
            "窗口领取",
            "桂审批准〔2026〕第000168号",
        ],
    ),
];

/// Common fields of every document on a case (standards: names of the documents and their elements).
fn common_fields(data: &Value) -> Vec<&str> {
    [
        "/number",
        "/body/name",
        "/applicant/name",
        "/applicant/id_masked",
        "/item/name",
        "/item/code",
        "/case/number",
        "/body/consult_phone",
        "/body/complaint_phone",
    ]
    .map(|pointer| data.pointer(pointer).and_then(Value::as_str).unwrap())
    .to_vec()
}

#[test]
fn every_notice_tells_what_the_law_asks() {
    let shelf = Shelf::of("cases");
    let listed: Vec<_> = NOTICES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut samples = shelf.samples();
    samples.retain(|name| !listed.contains(name));
    assert!(samples.is_empty(), "samples without a check: {samples:?}");

    for (name, expected) in NOTICES {
        let data = shelf.sample(name);
        let start = Instant::now();
        let pdf = shelf.pdf(name, &data).unwrap();
        eprintln!("{name}: {:?}, {} bytes", start.elapsed(), pdf.bytes.len());
        assert_eq!(pdf.pages, 1, "{name} should stay on one page");
        assert!(pdf.missing.is_empty(), "{name}");
        assert!(
            contains(&pdf.bytes, expected[0]) || *name == "not_needed",
            "{name}: title in the file's metadata"
        );
        let Some(text) = text(&pdf) else { continue };
        for part in common_fields(&data)
            .into_iter()
            .chain(expected.iter().copied())
        {
            let part: String = part.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(text.contains(&part), "{name}: {part} not in {text}");
        }
        assert!(
            name == &"receipt" || !text.contains("K7M4Q2"),
            "{name}: the query code belongs on the receipt only"
        );
    }
}

#[test]
fn other_items_do_not_cite_the_licensing_law() {
    let shelf = Shelf::of("cases");
    for (name, _) in NOTICES.iter().filter(|(name, _)| *name != "not_needed") {
        let mut data = shelf.sample(name);
        data["item"]["kind"] = json!("行政确认");
        data["item"]["basis"] = json!("《示例条例》第九条");
        let Some(text) = text(&shelf.pdf(name, &data).unwrap()) else {
            return;
        };
        assert!(!text.contains("行政许可法"), "{name}: {text}");
    }
}

#[test]
fn a_long_list_runs_on_with_its_head_repeated() {
    let shelf = Shelf::of("cases");
    let mut data = shelf.sample("receipt");
    data["materials"] = (1..=60)
        .map(|n| json!({ "name": format!("材料之{n}"), "copies": 1, "form": "电子件" }))
        .collect();
    let pdf = shelf.pdf("receipt", &data).unwrap();
    assert!(pdf.pages > 1);
    if let Some(text) = text(&pdf) {
        assert!(
            text.contains("材料之60") && text.matches("材料名称").count() >= 2,
            "{text}"
        );
    }
}

/// Only names and dates are needed; everything else may be missing.
#[test]
fn optional_fields_are_optional() {
    let shelf = Shelf::of("cases");
    for (name, _) in NOTICES {
        let mut data = shelf.sample(name);
        for field in ["qr", "number", "demo"] {
            data.as_object_mut().unwrap().remove(field);
        }
        for (part, field) in [
            ("applicant", "agent"),
            ("applicant", "id_masked"),
            ("body", "address"),
            ("limit", "promised"),
        ] {
            data[part][field] = Value::Null;
        }
        shelf
            .pdf(name, &data)
            .unwrap_or_else(|fault| panic!("{name}: {fault}"));
    }
}

#[test]
fn licences_show_holder_issuer_and_code() {
    let shelf = Shelf::of("licences");
    let samples = shelf.samples();
    assert!(samples.len() >= 2);
    for name in samples {
        let data = shelf.sample(&name);
        let pdf = shelf.pdf("licence", &data).unwrap();
        assert_eq!((pdf.pages, pdf.missing.len()), (1, 0), "{name}");
        let Some(text) = text(&pdf) else { continue };
        let fields = [
            "/name",
            "/number",
            "/identifier",
            "/holder/name",
            "/holder/id_masked",
            "/issuer/name",
        ];
        let values = fields.map(|pointer| data.pointer(pointer).and_then(Value::as_str).unwrap());
        let items = data["items"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|item| [&item["key"], &item["value"]]);
        let items: Vec<_> = items.map(|value| value.as_str().unwrap()).collect();
        for part in values
            .into_iter()
            .chain(items)
            .chain(["扫码核验证照", "颁发日期：2026年3月9日"])
        {
            assert!(text.contains(part), "{name}: {part} not in {text}");
        }
        assert!(text.contains(if data["valid_to"].is_null() {
            "长期"
        } else {
            "2031年3月8日"
        }));
    }
}
