//! Boxed expressions, graphs, services, knowledge models, types and imports.

mod common;

use common::{NAMESPACE, decision, document, input, knowledge, literal, model, run, table};
use dmn::{DmnError, Imports, Model, Reason};

fn alone(logic: &str) -> String {
    run(&model(&decision("d", &[], None, logic)), "d", "{}").json
}

fn context(entries: &[(&str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(name, logic)| {
            let variable = if name.is_empty() { String::new() } else { format!(r#"<variable name="{name}"/>"#) };
            format!("<contextEntry>{variable}{logic}</contextEntry>")
        })
        .collect();
    format!("<context>{entries}</context>")
}

#[test]
fn boxed_expressions() {
    let list = format!("<list>{}{}{}</list>", literal("1"), literal("2"), literal("1 + 2"));
    for (logic, expected) in [
        (literal("0.1 + 0.2"), "0.3"),
        (list.clone(), "[1,2,3]"),
        (context(&[("甲", &literal("2")), ("乙 丙", &literal("甲 * 3")), ("丁", &literal("乙 丙 + 甲"))]), r#"{"丁":8,"乙 丙":6,"甲":2}"#),
        (context(&[("a", &literal("2")), ("", &literal("a + 40"))]), "42"),
        (
            context(&[("inner", &context(&[("a", &literal("1")), ("b", &literal("a + 1"))])), ("c", &literal("inner.b + 1"))]),
            r#"{"c":3,"inner":{"a":1,"b":2}}"#,
        ),
        (
            format!(r#"<relation><column name="名称"/><column name="数"/><row>{}{}</row><row>{}{}</row></relation>"#, literal("\"甲\""), literal("1"), literal("\"乙\""), literal("1 + 1")),
            r#"[{"名称":"甲","数":1},{"名称":"乙","数":2}]"#,
        ),
        (format!("<conditional><if>{}</if><then>{}</then><else>{}</else></conditional>", literal("1 > 2"), literal("\"是\""), literal("\"否\"")), "\"否\""),
        (format!("<filter><in>{list}</in><match>{}</match></filter>", literal("item >= 2")), "[2,3]"),
        (format!("<filter><in>{list}</in><match>{}</match></filter>", literal("-1")), "3"),
        (format!("<filter><in>{}</in><match>{}</match></filter>", literal("[{a: 1}, {a: 2}]"), literal("a = 2")), r#"[{"a":2}]"#),
        (format!(r#"<for iteratorVariable="n"><in>{list}</in><return>{}</return></for>"#, literal("n * n")), "[1,4,9]"),
        (format!(r#"<for iteratorVariable="n"><in>{}</in><return>{}</return></for>"#, literal("[1..3]"), literal("n + count(partial)")), "[1,3,5]"),
        (format!(r#"<some iteratorVariable="n"><in>{list}</in><satisfies>{}</satisfies></some>"#, literal("n > 2")), "true"),
        (format!(r#"<every iteratorVariable="n"><in>{list}</in><satisfies>{}</satisfies></every>"#, literal("n > 2")), "false"),
        (
            context(&[
                ("k", &literal("10")),
                ("f", &format!(r#"<functionDefinition><formalParameter name="x"/><formalParameter name="y"/>{}</functionDefinition>"#, literal("x - y + k"))),
                ("", &literal("f(5, 2) + f(y: 1, x: 2)")),
            ]),
            "24",
        ),
        (
            context(&[
                ("fact", &format!(r#"<functionDefinition><formalParameter name="n"/>{}</functionDefinition>"#, literal("if n <= 1 then 1 else n * fact(n - 1)"))),
                ("", &literal("fact(5)")),
            ]),
            "null", // a boxed function sees what was there when it was made, not itself
        ),
        (
            format!(r#"<invocation>{}<binding><parameter name="list"/>{list}</binding></invocation>"#, literal("sum")),
            "6",
        ),
    ] {
        assert_eq!(alone(&logic), expected, "{logic}");
    }
}

#[test]
fn decisions_feed_decisions() {
    let model = model(&format!(
        "{}{}{}{}",
        input("年收入", "number"),
        decision("月收入", &["i_年收入"], Some("number"), &literal("decimal(年收入 / 12, 2)")),
        decision("档次", &["d_月收入"], Some("string"), &table(r#"hitPolicy="FIRST""#, &["月收入"], "<output/>", &["< 3000|\"低\"", "-|\"高\""])),
        decision("汇总", &["d_月收入", "d_档次", "i_年收入"], None, &literal("{收入: 月收入, 档: 档次, 年: 年收入}")),
    ));
    let evaluation = run(&model, "汇总", r#"{"年收入": 36000.06}"#);
    assert_eq!(evaluation.json, r#"{"年":36000.06,"收入":3000.00,"档":"高"}"#);
    let order: Vec<_> = evaluation.decisions.iter().map(|decision| decision.name.as_str()).collect();
    assert_eq!(order, ["月收入", "档次", "汇总"], "each is evaluated once");
    assert_eq!(evaluation.tables.len(), 1);
}

#[test]
fn knowledge_models_are_functions() {
    let area = knowledge("面积", &[("长", "number"), ("宽", "number")], Some("number"), &literal("长 * 宽"));
    let bind = |name: &str, text: &str| format!(r#"<binding><parameter name="{name}"/>{}</binding>"#, literal(text));
    let invocation = format!("<invocation>{}{}{}</invocation>", literal("面积"), bind("长", "边 + 1"), bind("宽", "边"));
    let loops = knowledge("阶乘", &[("n", "number")], Some("number"), &literal("if n <= 1 then 1 else n * 阶乘(n - 1)"));
    let model = model(&format!(
        "{}{area}{loops}{}{}{}{}",
        input("边", "number"),
        decision("a", &["i_边", "k_面积"], Some("number"), &literal("面积(边, 2) + 面积(宽: 1, 长: 边)")),
        decision("b", &["i_边", "k_面积"], Some("number"), &invocation),
        decision("c", &["k_阶乘"], Some("number"), &literal("阶乘(20)")),
        decision("e", &["k_面积"], Some("number"), &literal("面积(\"长\", 2)")),
    ));
    assert_eq!(run(&model, "a", r#"{"边": 3}"#).json, "9");
    assert_eq!(run(&model, "b", r#"{"边": 3}"#).json, "12");
    assert_eq!(run(&model, "c", "{}").json, "2432902008176640000");
    assert_eq!(run(&model, "e", "{}").json, "null", "an argument of the wrong type");
    assert_eq!(run(&model, "面积", r#"{"长": 2.5, "宽": 4}"#).json, "10", "by name, parameters from the input");
}

#[test]
fn decision_services() {
    let service = r##"<decisionService id="s_" name="服务"><outputDecision href="#d_合计"/><encapsulatedDecision href="#d_中间"/><inputDecision href="#d_基数"/><inputData href="#i_x"/></decisionService>
        <decisionService id="s2" name="两个"><outputDecision href="#d_合计"/><outputDecision href="#d_中间"/><inputDecision href="#d_基数"/><inputData href="#i_x"/></decisionService>"##;
    let model = model(&format!(
        "{}{}{}{}{service}{}",
        input("x", "number"),
        decision("基数", &[], Some("number"), &literal("100")),
        decision("中间", &["d_基数", "i_x"], Some("number"), &literal("基数 + x")),
        decision("合计", &["d_中间"], Some("number"), &literal("中间 * 2")),
        decision("调用", &["s_"], Some("number"), &literal("服务(1, 5) + 服务(基数: 0, x: 1)")),
    ));
    assert_eq!(run(&model, "合计", r#"{"x": 1}"#).json, "202");
    assert_eq!(run(&model, "服务", r#"{"x": 1, "基数": 7}"#).json, "16");
    assert_eq!(run(&model, "两个", r#"{"x": 1, "基数": 7}"#).json, r#"{"中间":8,"合计":16}"#);
    assert_eq!(run(&model, "调用", "{}").json, "14");
}

const TYPES: &str = r#"
    <itemDefinition name="性别"><typeRef>string</typeRef><allowedValues><text>"男","女"</text></allowedValues></itemDefinition>
    <itemDefinition name="分数组" isCollection="true"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></itemDefinition>
    <itemDefinition name="人"><itemComponent name="姓名"><typeRef>string</typeRef></itemComponent><itemComponent name="出生 日期"><typeRef>date</typeRef></itemComponent>
      <itemComponent name="性别"><typeRef>性别</typeRef></itemComponent></itemDefinition>
    <itemDefinition name="人们" isCollection="true"><typeRef>人</typeRef></itemDefinition>
    <itemDefinition name="至多两个" isCollection="true"><typeRef>string</typeRef><typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>"#;

#[test]
fn types_bind_inputs() {
    let model = model(&format!(
        "{TYPES}{}{}{}{}{}{}{}",
        input("申请人", "人"),
        input("成绩", "分数组"),
        input("标签", "至多两个"),
        decision("年份", &["i_申请人"], Some("number"), &literal("申请人.出生 日期.year")),
        decision("总分", &["i_成绩"], Some("number"), &literal("sum(成绩)")),
        decision("标签数", &["i_标签"], Some("number"), &literal("count(标签)")),
        decision("错类型", &[], Some("number"), &literal("\"文本\"")),
    ));
    assert_eq!(run(&model, "年份", r#"{"申请人": {"姓名": "某甲", "出生 日期": "@\"1990-05-01\"", "性别": "女"}}"#).json, "1990");
    assert_eq!(run(&model, "总分", r#"{"成绩": [60, 99.5]}"#).json, "159.5");
    assert_eq!(run(&model, "总分", r#"{"成绩": 60}"#).json, "60", "one value is a list of one");
    assert_eq!(run(&model, "标签数", r#"{"标签": ["a", "b"]}"#).json, "2");
    assert!(matches!(run(&model, "错类型", "{}").reason, Some(Reason::Other { .. })));
    for (name, input) in [
        ("年份", r#"{"申请人": {"姓名": 5}}"#),
        ("年份", r#"{"申请人": {"性别": "未知"}}"#),
        ("年份", r#"{"申请人": "某甲"}"#),
        ("年份", r#"{"申请人": {"出生 日期": "1990-05-01"}}"#),
        ("总分", r#"{"成绩": [101]}"#),
        ("总分", r#"{"成绩": ["六十"]}"#),
        ("标签数", r#"{"标签": ["a", "b", "c"]}"#),
    ] {
        let error = model.evaluate_json(name, input).expect_err(input);
        assert!(matches!(&error, DmnError::Input { .. }), "{input}: {error}");
        assert_eq!(error.code(), "invalid-input");
    }
    assert!(matches!(model.evaluate_json("没有", "{}"), Err(DmnError::Unknown(_))));
}

struct One;

impl Imports for One {
    fn load(&self, namespace: &str, location: Option<&str>) -> Option<String> {
        assert_eq!(location, Some("公共.dmn"));
        (namespace == "urn:tongban:common").then(|| {
            format!("{TYPES}{}{}{}", input("x", "number"), decision("倍", &["i_x"], Some("number"), &literal("x * 2")), knowledge("加一", &[("n", "number")], None, &literal("n + 1")))
        }).map(|content| document(&content).replace(NAMESPACE, "urn:tongban:common"))
    }
}

#[test]
fn imports_are_seen_by_name() {
    let content = r##"<import name="公共" namespace="urn:tongban:common" locationURI="公共.dmn" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
        <inputData id="p" name="p"><variable name="p" typeRef="公共.性别"/></inputData>
        <decision id="d" name="d"><variable name="d"/><informationRequirement><requiredDecision href="urn:tongban:common#d_倍"/></informationRequirement>
        <informationRequirement><requiredInput href="#p"/></informationRequirement>
        <knowledgeRequirement><requiredKnowledge href="urn:tongban:common#k_加一"/></knowledgeRequirement>
        <literalExpression><text>if p = "男" then 公共.加一(公共.倍) else 公共.倍</text></literalExpression></decision>"##;
    let model = Model::parse(&document(content), &One).unwrap();
    assert_eq!(run(&model, "d", r#"{"p": "男", "x": 5}"#).json, "11");
    assert_eq!(run(&model, "d", r#"{"p": "女", "公共": {"x": 6}}"#).json, "12");
    assert_eq!(run(&model, "公共.倍", r#"{"x": 5}"#).json, "10");
    assert!(model.evaluate_json("d", r#"{"p": "其他", "x": 1}"#).is_err());
}

#[test]
fn examples_hold_the_model() {
    let extension = |expected: &str| {
        format!(r#"<extensionElements><examples xmlns="urn:tongban:dmn"><example decision="倍"><input>{{"x": 2}}</input><expected>{expected}</expected></example></examples></extensionElements>"#)
    };
    let content = |expected: &str| format!("{}{}{}", extension(expected), input("x", "number"), decision("倍", &["i_x"], None, &literal("x * 2")));
    let good = model(&content("4.0"));
    assert_eq!(good.examples().len(), 1);
    assert_eq!(good.run_examples(&[]), Ok(()));
    let problems = model(&content("5")).run_examples(good.examples()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("应为 5，实际为 4"), "{problems:?}");
}

#[test]
fn types_can_be_asked_for() {
    let model = model(&format!(
        "{TYPES}{}{}{}",
        decision("a", &[], None, &literal("[1, 2] instance of 分数组")),
        decision("b", &[], None, &literal("\"x\" instance of 分数组")),
        decision("c", &[], None, &literal("{姓名: \"某甲\", \"出生 日期\": @\"1990-05-01\", 性别: \"女\"} instance of 人")),
    ));
    assert_eq!(["a", "b", "c"].map(|name| run(&model, name, "{}").json), ["true", "false", "true"]);
}

#[test]
fn a_decision_drawn_by_itself_sees_what_it_is_given() {
    let drawn = decision("d", &[], None, &literal("a + 1"));
    assert_eq!(run(&model(&drawn), "d", r#"{"a": 2}"#).json, "3");
    // With declared inputs only those it requires are seen.
    assert_eq!(run(&model(&format!("{}{drawn}", input("a", "number"))), "d", r#"{"a": 2}"#).json, "null");
}
