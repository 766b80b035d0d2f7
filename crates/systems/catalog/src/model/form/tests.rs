use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const SHOP: &str = include_str!("../fixtures/valid-form.json");

fn shop() -> Form {
    Form::parse(SHOP).expect("the fixture parses")
}

/// A complete set of right answers, normalised.
fn right() -> Answers {
    shop().normalise(from_pairs([
        ("name", " 测试小店 "),
        ("holder_id", "450302 19900307 0017"),
        ("phone", "１３８００００００００"),
        ("area", "１,２００．５"),
        ("kinds", "hot"),
        ("kinds", "cold"),
        ("start", "2026-05-01"),
        ("delegate", "no"),
        ("promise", "on"),
    ]))
}

fn with(key: &str, value: Value) -> Answers {
    let mut answers = right();
    answers.insert(key.to_owned(), value);
    answers
}

#[track_caller]
fn says(answers: &Answers, key: &str, part: &str) {
    let errors = shop().validate(Scope::All, answers);
    let message = errors
        .get(key)
        .unwrap_or_else(|| panic!("no error for {key}: {errors:?}"));
    assert!(
        message.contains(part) && message.ends_with('。'),
        "{message}"
    );
}

#[test]
fn the_fixture_is_usable_and_right_answers_pass() {
    let form = shop();
    assert_eq!(form.problems(), []);
    assert!(
        form.validate(Scope::All, &right()).is_empty(),
        "{:?}",
        form.validate(Scope::All, &right())
    );
    let pages: Vec<_> = form
        .pages()
        .iter()
        .map(|page| (page.index, page.key, page.title))
        .collect();
    assert_eq!(
        pages,
        [
            (0, "page_shop", "店铺"),
            (1, "page_agent", "代办人"),
            (2, "page_promise", "承诺")
        ]
    );
    let sensitive: Vec<_> = form
        .sensitive_fields()
        .map(|(field, mask)| (field.key.as_str(), mask))
        .collect();
    assert_eq!(
        sensitive,
        [
            ("holder_id", Mask::Id),
            ("phone", Mask::Phone),
            ("agent_name", Mask::Name)
        ]
    );
    assert_eq!(
        form.field("name").and_then(Component::prefill),
        Some(Prefill::PartyName)
    );
}

#[test]
fn answers_are_brought_into_one_shape() {
    let answers = right();
    assert_eq!(answers["name"], json!("测试小店"));
    assert_eq!(answers["holder_id"], json!("450302199003070017"));
    assert_eq!(answers["phone"], json!("13800000000"));
    assert_eq!(answers["area"], json!(1200.5));
    assert_eq!(answers["kinds"], json!(["hot", "cold"]));
    assert_eq!(answers["promise"], json!(true));
    let one = shop().normalise(from_pairs([
        ("kinds", "hot"),
        ("area", "120"),
        ("note", "第１行\r\n第２行，（全角标点不动）"),
        ("name", "  "),
    ]));
    assert_eq!(one["kinds"], json!(["hot"]));
    assert_eq!(one["area"], json!(120));
    assert_eq!(one["note"], json!("第1行\n第2行，（全角标点不动）"));
    assert!(!one.contains_key("name"), "an empty answer is no answer");
}

#[test]
fn every_wrong_answer_is_named() {
    says(
        &{
            let mut a = right();
            a.remove("name");
            a
        },
        "name",
        "请填写经营者名称",
    );
    says(
        &{
            let mut a = right();
            a.remove("kinds");
            a
        },
        "kinds",
        "至少选择一项",
    );
    says(
        &{
            let mut a = right();
            a.remove("promise");
            a
        },
        "promise",
        "勾选",
    );
    says(
        &{
            let mut a = right();
            a.remove("delegate");
            a
        },
        "delegate",
        "请选择",
    );
    says(&with("name", json!("店")), "name", "至少2个字");
    says(&with("name", json!("店".repeat(21))), "name", "最多20个字");
    says(&with("name", json!("店\u{0}铺")), "name", "不能识别的字符");
    says(
        &with("holder_id", json!("450302199003070018")),
        "holder_id",
        "校验不通过",
    );
    says(&with("phone", json!("5700012")), "phone", "电话");
    says(&with("phone", json!("12800000000")), "phone", "电话");
    says(&with("email", json!("a@b")), "email", "邮箱");
    says(&with("uscc", json!("91350100M000100Y44")), "uscc", "不正确");
    says(&with("area", json!("很大")), "area", "应为数字");
    says(&with("area", json!(0)), "area", "不能小于1");
    says(&with("area", json!(100001)), "area", "不能大于100000");
    says(&with("area", json!(1.55)), "area", "1位小数");
    says(&with("kinds", json!(["hot", "raw"])), "kinds", "列出的选项");
    says(&with("delegate", json!("maybe")), "delegate", "列出的选项");
    says(&with("start", json!("2026-02-30")), "start", "日期");
    says(&with("start", json!("2026-2-3")), "start", "日期");
    says(&with("name", json!({"a": 1})), "name", "格式");
    says(
        &with("note", json!("长".repeat(2001))),
        "note",
        "最多2000个字",
    );
}

#[test]
fn good_variants_pass() {
    for (key, value) in [
        ("phone", json!("0773-5700012")),
        ("phone", json!("010-12345678-801")),
        ("email", json!("zhang.san@example.cn")),
        ("uscc", json!("91350100M000100Y43")),
        ("area", json!(1)),
    ] {
        assert!(
            shop()
                .validate(Scope::All, &with(key, value.clone()))
                .is_empty(),
            "{key} {value}"
        );
    }
}

#[test]
fn what_the_form_does_not_ask_is_refused() {
    says(&with("salary", json!("1")), "salary", "没有这一项");
    says(
        &with("agent_name", json!("李四")),
        "agent_name",
        "不需要填写",
    );
    assert!(
        !shop()
            .validate(Scope::Page(0), &with("salary", json!("1")))
            .is_empty(),
        "on every page"
    );
}

#[test]
fn conditions_show_and_hide() {
    let form = shop();
    assert_eq!(form.visible_pages(&right()), [0, 2]);
    let mut answers = with("delegate", json!("yes"));
    assert_eq!(form.visible_pages(&answers), [0, 1, 2]);
    assert_eq!(
        form.validate(Scope::All, &answers).get("agent_name"),
        Some("请填写代办人姓名。")
    );
    answers.insert("agent_name".into(), json!("李四"));
    assert!(form.validate(Scope::All, &answers).is_empty());
    answers.insert("delegate".into(), json!("no"));
    assert!(
        !form.normalise(answers).contains_key("agent_name"),
        "a changed mind leaves no hidden answer"
    );
    assert_eq!(
        Condition::parse("=a_1 = \"x y\""),
        Some(Condition {
            key: "a_1",
            value: "x y"
        })
    );
    for bad in [
        "",
        "a",
        "a = x",
        "a == \"x\"",
        "a = \"x\" and b = \"y\"",
        "= \"x\"",
        "a b = \"x\"",
    ] {
        assert_eq!(Condition::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_page_answers_for_itself() {
    let form = shop();
    let errors = form.validate(Scope::Page(2), &Answers::new());
    assert_eq!(
        errors.iter().map(|(key, _)| key).collect::<Vec<_>>(),
        ["promise"]
    );
    assert!(
        form.validate(Scope::Page(9), &Answers::new())
            .get("page")
            .is_some()
    );
}

#[test]
fn answers_are_shown_in_words_and_masked() {
    let form = shop();
    let show = |key: &str| {
        form.field(key)
            .expect("field")
            .display_masked(&right()[key])
    };
    assert_eq!(show("kinds"), "热食类、冷食类");
    assert_eq!(show("promise"), "是");
    assert_eq!(show("holder_id"), "4503**********0017");
    assert_eq!(show("phone"), "138****0000");
    assert_eq!(Mask::Name.apply("张三丰"), "张*丰");
    assert_eq!(
        Mask::Address.apply("桂林市临桂区西城中路69号"),
        "桂林市临桂区****"
    );
}

/// Each change to the usable form makes one finding on the named component.
#[test]
fn unusable_forms_are_named() {
    let cases = [
        (r#""id": "shop""#, r#""id": "Shop/..""#, "Shop/.."),
        (r#""type": "textarea""#, r#""type": "filepicker""#, "note"),
        (r#""key": "note""#, r#""key": "name""#, "name"),
        (r#""key": "note""#, r#""key": "备注""#, "备注"),
        (r#""label": "备注""#, r#""label": """#, "note"),
        (
            r#"delegate = \"yes\""#,
            r#"delegate = \"perhaps\""#,
            "page_agent",
        ),
        (r#"delegate = \"yes\""#, r#"later = \"yes\""#, "page_agent"),
        (r#"delegate = \"yes\""#, "always", "page_agent"),
        (r#""subtype": "date""#, r#""subtype": "time""#, "start"),
        (r#""mask": "phone""#, r#""mask": "all""#, "phone"),
        (
            r#""prefill": "party.name""#,
            r#""prefill": "party.secret""#,
            "name",
        ),
        (
            r#""min": 1, "max": 100000"#,
            r#""min": 9, "max": 8"#,
            "area",
        ),
        (r#""value": "cold""#, r#""value": "hot""#, "kinds"),
        (
            r#""validationType": "phone""#,
            r#""validationType": "phone", "min": 1"#,
            "phone",
        ),
    ];
    for (from, to, key) in cases {
        assert!(SHOP.contains(from), "{from}");
        let form = Form::parse(&SHOP.replacen(from, to, 1)).expect("still JSON");
        let found = form.problems();
        assert!(
            found
                .iter()
                .any(|p| p.key == key && p.message.ends_with('。')),
            "{to}: {found:?}"
        );
    }
    let flat = r#"{"id":"x","type":"default","title":"x","components":[{"type":"textfield","key":"a","label":"a"}]}"#;
    assert!(!Form::parse(flat).expect("JSON").problems().is_empty());
    let error = Form::parse("{").expect_err("not JSON").to_string();
    assert!(error.contains("第1行"), "{error}");
    assert!(
        Form::parse(&SHOP.replacen("\"required\"", "\"pattern\"", 1)).is_err(),
        "rules we would ignore are refused"
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        "\\PC{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(Value::Array)
    })
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let keys = [
        "name",
        "holder_id",
        "phone",
        "email",
        "uscc",
        "area",
        "kinds",
        "start",
        "note",
        "delegate",
        "agent_name",
        "promise",
        "zzz",
    ];
    proptest::collection::btree_map(
        proptest::sample::select(keys.to_vec()).prop_map(str::to_owned),
        any_value(),
        0..10,
    )
}

proptest! {
    /// Whatever is sent, nothing panics, normalising twice is normalising once, and no page accepts what the whole refuses.
    #[test]
    fn any_input_is_survived(answers in any_answers()) {
        let form = shop();
        let once = form.normalise(answers);
        prop_assert_eq!(form.normalise(once.clone()), once.clone());
        let all = form.validate(Scope::All, &once);
        for page in form.pages() {
            for (key, message) in form.validate(Scope::Page(page.index), &once).iter() {
                prop_assert_eq!(all.get(key), Some(message));
            }
        }
        for (key, value) in &once {
            if let Some(field) = form.field(key) {
                let _ = field.display_masked(value);
            }
        }
    }

    /// No mask shows a text whole.
    #[test]
    fn masks_hide_something(text in "\\w{2,30}") {
        for mask in Mask::ALL {
            prop_assert!(mask.apply(&text).contains('*'));
        }
    }
}
