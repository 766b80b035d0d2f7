//! What a form accepts, shows and refuses.

use forms::{Answers, Basic, Code, CodeLists, Context, FieldError, Form, NoLists, Options, add_row, decode, encode, remove_row};
use serde_json::{Value, json};

/// A few regions by their 12-digit codes, and one flat list.
struct Lists;

const REGIONS: [(&str, &str); 6] = [
    ("450300000000", "桂林市"),
    ("450302000000", "秀峰区"),
    ("450302001000", "秀峰街道"),
    ("450303000000", "叠彩区"),
    ("450303001000", "叠彩街道"),
    ("450100000000", "南宁市"),
];

fn region(code: &str) -> Option<Code> {
    let (_, name) = REGIONS.iter().find(|(one, _)| *one == code)?;
    let parent = match code {
        _ if code.ends_with("00000000") => None,
        _ if code.ends_with("000000") => Some(format!("{}00000000", &code[..4])),
        _ => Some(format!("{}000000", &code[..6])),
    };
    Some(Code { code: code.to_owned(), name: (*name).to_owned(), parent })
}

impl CodeLists for Lists {
    fn children(&self, list: &str, parent: Option<&str>) -> Option<Vec<Code>> {
        match list {
            "regions" => Some(REGIONS.iter().filter_map(|(code, _)| region(code)).filter(|code| code.parent.as_deref() == parent).collect()),
            "sex" if parent.is_none() => Some(vec![self.code("sex", "1")?]),
            "sex" => Some(Vec::new()),
            _ => None,
        }
    }

    fn code(&self, list: &str, code: &str) -> Option<Code> {
        match list {
            "regions" => region(code),
            "sex" if code == "1" => Some(Code { code: "1".into(), name: "男".into(), parent: None }),
            _ => None,
        }
    }
}

fn form(components: Value) -> Form {
    Form::from_value(json!({"type": "default", "id": "f", "components": components})).unwrap()
}

fn context() -> Context<'static> {
    Context::new(&Lists, &Basic)
}

fn errors(form: &Form, data: Value) -> Vec<FieldError> {
    form.validate(&data, &context()).err().unwrap_or_default()
}

/// Path and code of every error.
fn codes(form: &Form, data: Value) -> Vec<(String, &'static str)> {
    errors(form, data).into_iter().map(|error| (error.path, error.code)).collect()
}

fn clean(form: &Form, data: Value) -> Value {
    Value::Object(form.validate(&data, &context()).unwrap().into_answers())
}

fn one(component: Value, value: Value) -> Option<&'static str> {
    let mut component = component;
    component["key"] = "x".into();
    component["label"] = "某项".into();
    errors(&form(json!([component])), json!({ "x": value })).first().map(|error| error.code)
}

fn object(value: Value) -> Answers {
    match value {
        Value::Object(members) => members,
        _ => panic!("no object"),
    }
}

#[test]
fn a_form_comes_back_as_it_was_with_all_it_did_not_know() {
    let source = json!({"type": "default", "id": "f", "schemaVersion": 18, "exporter": {"name": "form-js"}, "new": [1, null],
        "components": [{"type": "textfield", "key": "a", "readonly": false, "layout": {"row": "R", "columns": null}, "later": {"x": 1}},
            {"type": "holograph", "key": "b", "validate": {"required": true, "odd": "x"}}]});
    let form = Form::parse(&source.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&form).unwrap(), source);
}

#[test]
fn text_is_measured_in_characters_and_matched_like_in_javascript() {
    let text = |validate: Value| json!({"type": "textfield", "validate": validate});
    assert_eq!(one(text(json!({"required": true})), json!("  ")), Some("required"));
    assert_eq!(one(text(json!({"required": true})), json!(5)), Some("type"));
    assert_eq!(one(text(json!({"minLength": 3})), json!("桂林")), Some("min_length"));
    assert_eq!(one(text(json!({"maxLength": 3})), json!("桂林市区")), Some("max_length"));
    assert_eq!(one(text(json!({"maxLength": "3"})), json!("桂林市")), None);
    assert_eq!(one(text(json!({"pattern": "^\\d{3}$"})), json!("12a")), Some("pattern"));
    assert_eq!(one(text(json!({"pattern": "\\d{3}"})), json!("ab123c")), None, "found anywhere, like RegExp.test");
    assert_eq!(one(text(json!({"pattern": "^\\d+$"})), json!("１２")), Some("pattern"), "only ASCII digits in JavaScript");
    assert_eq!(one(text(json!({"pattern": "^(?=.*[A-Z])(?!.*x)[\\w\\/]+$"})), json!("aB/c")), None, "look-around");
    assert_eq!(one(text(json!({"pattern": "^[\\u4e00-\\u9fa5]+$"})), json!("漓江")), None);
    assert_eq!(one(text(json!({"pattern": "^(a+)+$"})), json!(format!("{}b", "a".repeat(200)))), Some("pattern"), "ends in time");
    assert_eq!(one(text(json!({"pattern": "^(a|a)*(?=b)\\1c$"})), json!("a".repeat(5000).chars().take(900).collect::<String>())), Some("pattern"));
    assert_eq!(one(text(json!({"validationType": "email"})), json!("name@example.cn")), None);
    assert_eq!(one(text(json!({"validationType": "email"})), json!("name@example")), Some("email"));
    assert_eq!(one(text(json!({"validationType": "phone"})), json!("0773-1234567")), None);
    assert_eq!(one(text(json!({"validationType": "phone"})), json!("+4915112345678")), None);
    assert_eq!(one(text(json!({"validationType": "phone"})), json!("1234")), Some("phone"));
    assert_eq!(one(text(json!({"validationType": "citizenId"})), json!("110101199003078515")), None);
    assert_eq!(one(text(json!({"validationType": "citizenId"})), json!("110101199003078516")), Some("citizen_id"));
    assert_eq!(one(text(json!({"validationType": "uscc"})), json!("91450300000000000X")), Some("uscc"));
    assert_eq!(one(text(json!({})), json!("a\u{0}b")), Some("characters"));
    assert_eq!(one(json!({"type": "textarea"}), json!("a\nb")), None);
}

#[test]
fn numbers_dates_and_choices() {
    let number = |extra: Value| {
        let mut component = extra;
        component["type"] = "number".into();
        component
    };
    assert_eq!(one(number(json!({"validate": {"min": 1, "max": 10}})), json!(0)), Some("min"));
    assert_eq!(one(number(json!({"validate": {"min": 1, "max": 10}})), json!(10.5)), Some("max"));
    assert_eq!(one(number(json!({})), json!("12")), Some("type"));
    assert_eq!(one(number(json!({"decimalDigits": 0})), json!(1.5)), Some("integer"));
    assert_eq!(one(number(json!({"decimalDigits": 2})), json!(1.123)), Some("decimals"));
    assert_eq!(one(number(json!({"decimalDigits": 2})), json!(1.5e-7)), Some("decimals"));
    assert_eq!(one(number(json!({"serializeToString": true})), json!("12345678901234567890.5")), None);
    assert_eq!(one(number(json!({"serializeToString": true})), json!("inf")), Some("type"));
    let moment = |subtype: &str, value: &str| one(json!({"type": "datetime", "subtype": subtype}), json!(value));
    assert_eq!(moment("date", "2026-02-29"), Some("date"));
    assert_eq!(moment("date", "2028-02-29"), None);
    assert_eq!(moment("time", "24:00"), Some("time"));
    assert_eq!(moment("time", "09:30+08:00"), None);
    assert_eq!(moment("datetime", "2026-05-01T09:30"), None);
    assert_eq!(moment("datetime", "2026-05-01T09:30Z"), None);
    assert_eq!(moment("datetime", "2026-05-01T09:30:00.000+08:00"), None);
    assert_eq!(moment("datetime", "2026-05-01"), Some("date"));
    let values = json!([{"label": "甲", "value": "a"}, {"label": "乙", "value": 2}, {"label": "丙", "value": true}]);
    for kind in ["select", "radio"] {
        assert_eq!(one(json!({"type": kind, "values": values}), json!(2.0)), None);
        assert_eq!(one(json!({"type": kind, "values": values}), json!("2")), Some("option"));
        assert_eq!(one(json!({"type": kind, "values": values}), json!(["a"])), Some("option"));
    }
    for kind in ["checklist", "taglist"] {
        assert_eq!(one(json!({"type": kind, "values": values}), json!(["a", true])), None);
        assert_eq!(one(json!({"type": kind, "values": values}), json!(["a", "z"])), Some("option"));
        assert_eq!(one(json!({"type": kind, "values": values}), json!(["a", "a"])), Some("option"));
        assert_eq!(one(json!({"type": kind, "values": values, "validate": {"required": true}}), json!([])), Some("required"));
        assert_eq!(one(json!({"type": kind, "values": values}), json!("a")), Some("type"));
    }
    assert_eq!(one(json!({"type": "checkbox", "validate": {"required": true}}), json!(false)), Some("required"));
    assert_eq!(one(json!({"type": "checkbox"}), json!("yes")), Some("type"));
    assert_eq!(one(json!({"type": "filepicker", "validate": {"required": true}}), json!([])), Some("required"));
    assert_eq!(one(json!({"type": "filepicker"}), json!(["a", "b"])), Some("option"));
}

#[test]
fn a_past_date_is_refused_where_the_form_says_so() {
    let form = form(json!([{"type": "datetime", "subtype": "date", "key": "d", "label": "日期", "disallowPassedDates": true}]));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    assert!(form.validate(&json!({"d": "2026-11-24"}), &context().on(today)).is_ok());
    assert_eq!(form.validate(&json!({"d": "2026-11-23"}), &context().on(today)).unwrap_err()[0].code, "past_date");
}

fn company() -> Form {
    form(json!([
        {"type": "dynamiclist", "path": "shareholders", "label": "股东", "defaultRepetitions": 1, "properties": {"maxRows": "3", "rowLabel": "股东"}, "components": [
            {"type": "textfield", "key": "name", "label": "姓名", "validate": {"required": true}},
            {"type": "number", "key": "amount", "label": "出资额", "validate": {"required": true, "min": 1}},
            {"type": "radio", "key": "way", "label": "方式", "values": [{"label": "货币", "value": "cash"}, {"label": "实物", "value": "kind"}]},
            {"type": "textfield", "key": "thing", "label": "实物名称", "validate": {"required": true}, "conditional": {"hide": "=way != \"kind\" or way = null"}},
            {"type": "expression", "key": "share", "expression": "=amount / total * 100"}
        ]},
        {"type": "expression", "key": "total", "expression": "=sum(shareholders.amount)"},
        {"type": "textfield", "key": "reason", "label": "说明", "validate": {"required": true}, "conditional": {"hide": "=total = null or total <= 100"}}
    ]))
}

#[test]
fn rows_are_validated_one_by_one_and_computed_values_are_computed_here() {
    let form = company();
    assert_eq!(form.check(&Lists, &Basic), []);
    assert_eq!(codes(&form, json!({})), [("shareholders[0].name".to_owned(), "required"), ("shareholders[0].amount".to_owned(), "required")]);
    let data = json!({"shareholders": [{"name": "甲", "amount": 30}, {"name": "", "amount": 0, "way": "kind"}]});
    let found = errors(&form, data);
    let paths: Vec<_> = found.iter().map(|error| (error.path.as_str(), error.code)).collect();
    assert_eq!(paths, [("shareholders[1].name", "required"), ("shareholders[1].amount", "min"), ("shareholders[1].thing", "required")]);
    assert_eq!(found[0].message, "第2项股东：请填写姓名。");
    // a total from the browser is thrown away; so is what a hidden field says
    let data = json!({"shareholders": [{"name": "甲", "amount": 30, "thing": "房", "share": 1}, {"name": "乙", "amount": 10}], "total": 1e9, "reason": "x"});
    assert_eq!(clean(&form, data), json!({"shareholders": [{"name": "甲", "amount": 30, "share": 75}, {"name": "乙", "amount": 10, "share": 25}], "total": 40}));
    let many: Vec<_> = (0..4).map(|n| json!({"name": n.to_string(), "amount": 1})).collect();
    assert_eq!(codes(&form, json!({"shareholders": many})), [("shareholders".to_owned(), "max_rows")]);
    assert_eq!(codes(&form, json!({"shareholders": "x"})), [("shareholders".to_owned(), "type")]);
    assert_eq!(codes(&form, json!({"shareholders": [{"name": "甲", "amount": 200}]})), [("reason".to_owned(), "required")]);
}

#[test]
fn nothing_outside_the_schema_is_taken() {
    let form = form(json!([
        {"type": "group", "key": "g", "path": "person", "components": [{"type": "textfield", "key": "name", "label": "姓名"}]},
        {"type": "textfield", "key": "home.town", "label": "家乡"},
        {"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "a", "label": "甲"}]}
    ]));
    assert_eq!(clean(&form, json!({"person": {"name": "某"}, "home": {"town": "桂林"}, "rows": [{"a": "1"}]})), json!({"person": {"name": "某"}, "home": {"town": "桂林"}, "rows": [{"a": "1"}]}));
    let data = json!({"role": "admin", "person": {"name": "某", "age": 3}, "home": 5, "rows": [{"a": "1", "b": 2}, 7]});
    assert_eq!(codes(&form, data), [("home", "type"), ("person.age", "unknown"), ("role", "unknown"), ("rows[0].b", "unknown"), ("rows[1]", "type")].map(|(path, code)| (path.to_owned(), code)));
    assert_eq!(codes(&form, json!([1])), [(String::new(), "type")]);
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    assert_eq!(codes(&form, json!({ "rows": deep })), [(String::new(), "too_deep")]);
    assert_eq!(codes(&form, json!({"rows": vec![json!({}); 6000]})), [(String::new(), "too_large")]);
}

#[test]
fn read_only_answers_are_never_taken_from_the_browser() {
    let form = form(json!([
        {"type": "textfield", "key": "id", "label": "号码", "readonly": true},
        {"type": "textfield", "key": "note", "label": "意见", "validate": {"required": true}, "properties": {"hiddenAt": "apply", "readonlyFor": "clerk"}},
        {"type": "textfield", "key": "off", "label": "停用", "disabled": "=step = \"apply\""}
    ]));
    let known = object(json!({"id": "1", "note": "旧"}));
    let data = json!({"id": "9", "note": "新", "off": "x"});
    let kept = |context: Context<'_>| Value::Object(form.validate(&data, &context).unwrap().into_answers());
    assert_eq!(kept(context().at("apply").knowing(&known)), json!({"id": "1"}));
    assert_eq!(kept(context().at("review").knowing(&known)), json!({"id": "1", "note": "新", "off": "x"}));
    assert_eq!(kept(context().at("review").for_post("clerk").knowing(&known)), json!({"id": "1", "note": "旧", "off": "x"}));
    assert_eq!(kept(context().at("review")), json!({"id": "9", "note": "新", "off": "x"}), "nothing known before: the data are the known");
}

#[test]
fn regions_are_chosen_level_by_level() {
    let form = form(json!([{"type": "select", "key": "place", "label": "地区", "validate": {"required": true},
        "properties": {"codeList": "regions", "levels": "市,县（市、区）,乡镇（街道）"}}]));
    assert_eq!(form.check(&Lists, &Basic), []);
    let read = |names: &[&str]| {
        let typed = decode(names.iter().map(|code| ("place", *code))).unwrap();
        form.read(&typed, &Lists).get("place").cloned()
    };
    assert_eq!(read(&["450300000000", ""]), Some(json!("450300000000")));
    assert_eq!(read(&["450300000000", "450302000000", "450302001000"]), Some(json!("450302001000")));
    assert_eq!(read(&["450300000000", "450303000000", "450302001000"]), Some(json!("450303000000")), "a street of another district counts no more");
    assert_eq!(read(&["450100000000", "450302000000"]), Some(json!("450100000000")));
    assert_eq!(errors(&form, json!({"place": "450302000000"}))[0].message, "地区还要选择乡镇（街道）。");
    assert_eq!(codes(&form, json!({"place": "459999000000"})), [("place".to_owned(), "option")]);
    assert_eq!(clean(&form, json!({"place": "450302001000"})), json!({"place": "450302001000"}));
    assert_eq!(form.fields()[0].display(&json!("450302001000"), &Lists), "桂林市秀峰区秀峰街道");
    let answers = object(json!({"place": "450302000000"}));
    let view = form.evaluate(&answers, &context());
    let Options::Levels(levels) = &view.node("place").unwrap().options else { panic!("levels") };
    assert_eq!(levels.iter().map(|(name, codes, chosen)| (name.as_str(), codes.len(), chosen.as_deref())).collect::<Vec<_>>(), [
        ("市", 2, Some("450300000000")),
        ("县（市、区）", 2, Some("450302000000")),
        ("乡镇（街道）", 1, None)
    ]);
}

#[test]
fn choices_come_from_lists_data_and_expressions() {
    let form = form(json!([
        {"type": "select", "key": "sex", "label": "性别", "properties": {"codeList": "sex"}},
        {"type": "dynamiclist", "path": "people", "defaultRepetitions": 0, "components": [{"type": "textfield", "key": "name", "label": "姓名"}]},
        {"type": "select", "key": "head", "label": "负责人", "valuesExpression": "=people.name"},
        {"type": "select", "key": "deputy", "label": "副职", "valuesKey": "names"},
        {"type": "table", "label": "名单", "dataSource": "=people", "columns": [{"key": "name", "label": "姓名"}]}
    ]));
    let data = json!({"sex": "1", "people": [{"name": "甲"}, {"name": "乙"}], "head": "乙"});
    assert_eq!(clean(&form, data.clone()), data);
    assert_eq!(codes(&form, json!({"sex": "3", "people": [{"name": "甲"}], "head": "丙"})), [("sex".to_owned(), "option"), ("head".to_owned(), "option")]);
    let answers = object(data);
    let view = form.evaluate(&answers, &context());
    let table = view.nodes.last().unwrap().table.clone().unwrap();
    assert_eq!((table.columns, table.rows), (vec!["姓名".to_owned()], vec![vec!["甲".to_owned()], vec!["乙".to_owned()]]));
}

#[test]
fn texts_hold_values_and_defaults_give_way() {
    let form = form(json!([
        {"type": "text", "text": "您好，{{name}}，共 {{1 + 2}} 份"},
        {"type": "textfield", "key": "name", "label": "=\"姓\" + \"名\"", "defaultValue": "某"},
        {"type": "textfield", "key": "again", "label": "再填一次", "properties": {"sameAs": "name"}}
    ]));
    let view = form.evaluate(&Answers::new(), &context());
    assert_eq!(view.nodes[0].text, "您好，某，共 3 份");
    assert_eq!(view.nodes[1].label, "姓名");
    assert_eq!(codes(&form, json!({"name": "甲", "again": "乙"})), [("again".to_owned(), "same_as")]);
    let emptied = form.read(&object(json!({"name": " ", "again": ""})), &NoLists);
    assert_eq!(clean(&form, Value::Object(emptied)), json!({}), "emptied on purpose is not the default");
}

#[test]
fn pages_are_groups_and_breaks() {
    let field = |key: &str| json!({"type": "textfield", "key": key, "label": key});
    let form = form(json!([field("a"), {"type": "group", "key": "g", "label": "乙页", "properties": {"page": "true"}, "conditional": {"hide": "=a = \"x\""}, "components": [field("b")]},
        field("c"), {"type": "separator", "id": "s", "properties": {"page": "丁页"}}, field("d")]));
    let pages = form.pages();
    let titles: Vec<_> = pages.iter().map(|page| (page.title, page.fields().iter().map(|field| field.key.as_str()).collect::<Vec<_>>())).collect();
    assert_eq!(titles, [("", vec!["a"]), ("乙页", vec!["b"]), ("", vec!["c"]), ("丁页", vec!["d"])]);
    let answers = object(json!({"a": "x"}));
    assert_eq!(form.visible_pages(&form.evaluate(&answers, &context())), [0, 2, 3]);
    let plain = super_plain();
    assert_eq!(plain.pages().len(), 1, "a form without marks is one page");
}

fn super_plain() -> Form {
    form(json!([{"type": "group", "label": "组", "components": [{"type": "textfield", "key": "a", "label": "甲"}]}, {"type": "button", "label": "提交", "action": "submit"}]))
}

#[test]
fn what_is_posted_is_kept_as_typed_and_read_as_meant() {
    let form = form(json!([
        {"type": "dynamiclist", "path": "rows", "label": "行", "components": [
            {"type": "textfield", "key": "name", "label": "姓名"},
            {"type": "datetime", "subtype": "date", "key": "born", "label": "生日"},
            {"type": "number", "key": "n", "label": "数"}]},
        {"type": "checklist", "key": "many", "label": "多选", "values": [{"label": "一", "value": "1"}, {"label": "二", "value": "2"}]},
        {"type": "checkbox", "key": "yes", "label": "承诺"}
    ]));
    let pairs = [
        ("rows", ""), ("rows[0]", ""), ("rows[0].name", "  甲 "), ("rows[0].born_year", "1990"), ("rows[0].born_month", "3"), ("rows[0].born_day", "7"),
        ("rows[0].n", "１，２００"), ("rows[5]", ""), ("rows[5].n", "三"), ("many", ""), ("many", "2"), ("yes", ""), ("yes", "yes"),
    ];
    let mut typed = object(json!({"many": "1"}));
    let page = form.pages()[0];
    page.lay(&mut typed, decode(pairs).unwrap()).unwrap();
    assert_eq!(Value::Object(typed.clone()), json!({"rows": [{"name": "  甲 ", "born": "1990-3-7", "n": "１，２００"}, {"n": "三"}], "many": "2", "yes": "yes"}));
    let read = form.read(&typed, &NoLists);
    assert_eq!(Value::Object(read), json!({"rows": [{"name": "甲", "born": "1990-03-07", "n": 1200}, {"n": "三"}], "many": ["2"], "yes": true}));
    add_row(&mut typed, "rows").unwrap();
    remove_row(&mut typed, "rows[1]").unwrap();
    remove_row(&mut typed, "rows[9]").unwrap();
    assert_eq!(typed["rows"], json!([{"name": "  甲 ", "born": "1990-3-7", "n": "１，２００"}, {}]));
    assert!(add_row(&mut typed, "rows[0].name[7]").is_err());
    page.lay(&mut typed, decode([("rows", ""), ("many", "")]).unwrap()).unwrap();
    assert_eq!(form.read(&typed, &NoLists)["rows"], json!([]));
    assert_eq!(page.lay(&mut typed, decode([("strange", "1")]).unwrap()), Err("strange".to_owned()));
    for hostile in ["a[99999999999999999999]", "a[-1]", "a[1", "a]", "", "a..b", "[0]", "a[+1]", "a[5000]"] {
        assert!(decode([(hostile, "1")]).is_err(), "{hostile}");
    }
    assert!(decode([("a.b", "1"), ("a", "2")]).is_err());
    assert!(decode((0..6000).map(|_| ("a", "1"))).is_err());
    assert!(decode([("a.".repeat(100) + "b", "1")]).is_err());
}

#[test]
fn typed_answers_travel_as_pairs_and_back() {
    let answers = object(json!({"a": "1", "rows": [{"x": "甲", "inner": [{"y": "乙"}]}, {"x": ""}], "p": {"q": "r"}, "many": ["1", "2"]}));
    assert_eq!(decode(encode(&answers)).unwrap(), answers);
}

#[test]
fn every_fault_of_a_schema_names_its_component() {
    let form = form(json!([
        {"type": "textfield", "key": "a", "label": "甲", "validate": {"pattern": "("}},
        {"type": "textfield", "key": "a", "label": "乙", "conditional": {"hide": "=1 +"}},
        {"type": "select", "key": "s", "label": "选"},
        {"type": "select", "key": "r", "label": "选", "properties": {"codeList": "planets"}},
        {"type": "expression", "key": "x", "expression": "=y + 1"},
        {"type": "expression", "key": "y", "expression": "=x + \"x\""},
        {"type": "expression", "key": "z", "expression": "=\"x y z\""},
        {"type": "group", "key": "p", "label": "页", "properties": {"page": "true"}, "components": [{"type": "separator"}]},
        {"type": "number", "key": "n", "label": 7, "validate": {"min": 5, "max": 1}},
        {"type": "textfield", "key": "_token", "label": "键"},
        {"type": "wormhole", "key": "w"},
        {"type": "dynamiclist", "path": "rows", "label": "行", "components": [{"type": "textfield", "key": "a", "label": "甲"}]}
    ]));
    let found: Vec<_> = form.check(&Lists, &Basic).into_iter().filter(|p| p.blocking).map(|p| (p.component, p.code)).collect();
    let wanted = [
        ("n", "member_type"), ("a", "pattern"), ("a", "duplicate_key"), ("a", "expression"), ("s", "no_values"), ("r", "code_list"), ("n", "limits"), ("_token", "key"),
        ("w", "unknown_type"), ("x", "cycle"), ("y", "cycle"), ("p", "empty_page"),
    ];
    assert_eq!(found, wanted.map(|(component, code)| (component.to_owned(), code)));
    for text in ["", "[]", "{}", "{\"components\": 1}", "{\"components\": [}"] {
        assert!(Form::parse(text).is_err(), "{text}");
    }
    let mut deep = json!({"type": "textfield", "key": "a"});
    for _ in 0..30 {
        deep = json!({"type": "group", "components": [deep]});
    }
    assert!(Form::from_value(json!({"type": "default", "components": [deep]})).is_err());
}

#[test]
fn personal_data_are_masked_where_they_stand() {
    let form = form(json!([{"type": "dynamiclist", "path": "people", "label": "人员", "components": [
        {"type": "textfield", "key": "name", "label": "姓名", "properties": {"mask": "name"}},
        {"type": "textfield", "key": "tel", "label": "电话", "properties": {"mask": "phone"}}]}]));
    let answer = json!([{"name": "王小明", "tel": "13800000000"}]);
    assert_eq!(form.fields()[0].display(&answer, &NoLists), "1. 姓名：王小明；电话：13800000000");
    assert!(!form.fields()[0].display_masked(&answer, &NoLists).contains("13800000000"));
}

#[test]
fn html_is_only_its_words() {
    assert_eq!(forms::plain_text("<p onclick=x>一<b>二</b></p><script>alert(1)</script><style>p{}</style>三 &lt;i&gt; <img src=x"), "一二\n三 <i>");
}
