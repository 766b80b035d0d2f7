//! Allowed values bind wherever a type can be written: what does not comply is null there, and nowhere else.

mod common;

use common::{decision, input, literal, model, run};

/// Types to refer to, and an input `x` of any type.
fn with_types(content: &str) -> dmn::Model {
    let types = r#"
        <itemDefinition name="颜色"><typeRef>string</typeRef><allowedValues><text>"红", "绿"</text></allowedValues></itemDefinition>
        <itemDefinition name="同色"><typeRef>颜色</typeRef></itemDefinition>
        <itemDefinition name="方向"><typeRef>颜色</typeRef><allowedValues><text>"左", "右"</text></allowedValues></itemDefinition>
        <itemDefinition name="颜色表" isCollection="true"><typeRef>颜色</typeRef></itemDefinition>
        <itemDefinition name="结构"><itemComponent name="p"><typeRef>颜色</typeRef></itemComponent></itemDefinition>
        <itemDefinition name="关系" isCollection="true"><itemComponent name="p"><typeRef>颜色</typeRef></itemComponent></itemDefinition>
        <itemDefinition name="出色函数"><functionItem outputTypeRef="颜色"><parameters name="a"/></functionItem></itemDefinition>
        <itemDefinition name="入色函数"><functionItem><parameters name="底" typeRef="颜色"/></functionItem></itemDefinition>"#;
    model(&format!(r#"{types}<inputData id="i_x" name="x"><variable name="x"/></inputData>{content}"#))
}

/// What a decision with this logic makes of a colour and of something else.
fn both(logic: &str) -> [String; 2] {
    let model = with_types(&decision("d", &["i_x"], None, logic));
    ["红", "蓝"].map(|x| run(&model, "d", &format!(r#"{{"x": "{x}"}}"#)).json)
}

fn typed(kind: &str, text: &str) -> [String; 2] {
    let model = with_types(&decision("d", &["i_x"], Some(kind), &literal(text)));
    ["红", "蓝"].map(|x| run(&model, "d", &format!(r#"{{"x": "{x}"}}"#)).json)
}

#[test]
fn variables_of_decisions() {
    for (kind, text, good) in [
        ("颜色", "x", r#""红""#),
        ("同色", "x", r#""红""#),
        ("颜色表", "[x, \"绿\"]", r#"["红","绿"]"#),
        ("结构", "{p: x}", r#"{"p":"红"}"#),
        ("关系", "[{p: x}]", r#"[{"p":"红"}]"#),
    ] {
        assert_eq!(typed(kind, text), [good, "null"], "{kind}");
    }
    // A type with allowed values of its own does not inherit those of its base.
    assert_eq!(typed("方向", r#"if x = "红" then "左" else x"#), [r#""左""#, "null"]);
}

#[test]
fn boxed_expressions() {
    let of = |kind: &str, tag: &str, inside: &str| format!(r#"<{tag} typeRef="{kind}">{inside}</{tag}>"#);
    let x = literal("x");
    let text = "<text>x</text>";
    let entry = |kind: &str| format!(r#"<contextEntry><variable name="p" {kind}/>{x}</contextEntry>"#);
    let relation = |kind: &str| format!(r#"<column name="p" {kind}/><row>{x}</row>"#);
    let binding = |kind: &str| format!(r#"{}<binding><parameter name="a" {kind}/>{x}</binding>"#, literal("function(a) a"));
    let kind = r#"typeRef="颜色""#;
    for (logic, expected) in [
        (of("颜色", "literalExpression", text), [r#""红""#, "null"]),
        (of("结构", "context", &entry("")), [r#"{"p":"红"}"#, "null"]),
        (format!("<context>{}</context>", entry(kind)), [r#"{"p":"红"}"#, r#"{"p":null}"#]),
        (of("颜色表", "list", &x), [r#"["红"]"#, "null"]),
        (format!("<list>{}</list>", of("颜色", "literalExpression", text)), [r#"["红"]"#, "[null]"]),
        (of("关系", "relation", &relation("")), [r#"[{"p":"红"}]"#, "null"]),
        (format!("<relation>{}</relation>", relation(kind)), [r#"[{"p":"红"}]"#, r#"[{"p":null}]"#]),
        (format!("<invocation>{}</invocation>", binding(kind)), [r#""红""#, "null"]),
        (of("颜色", "invocation", &binding("")), [r#""红""#, "null"]),
    ] {
        assert_eq!(both(&logic), expected, "{logic}");
    }
}

#[test]
fn tables() {
    let echo = |outputs: &str, cells: &str, kind: &str| format!("<decisionTable {kind}>{outputs}<rule>{cells}</rule></decisionTable>");
    let cell = "<outputEntry><text>x</text></outputEntry>";
    let typed_cell = r#"<outputEntry typeRef="颜色"><text>x</text></outputEntry>"#;
    let two = |first: &str| format!(r#"<output name="a" {first}/><output name="b"/>"#);
    let kind = r#"typeRef="颜色""#;
    let one_of_two = [r#"{"a":"红","b":"红"}"#, r#"{"a":null,"b":"蓝"}"#];
    for (logic, expected) in [
        (echo("<output/>", cell, kind), [r#""红""#, "null"]),
        (echo(&two(""), &format!("{typed_cell}{cell}"), ""), one_of_two),
        (echo(&two(kind), &cell.repeat(2), ""), one_of_two),
        (echo(r#"<output><outputValues><text>"红", "绿"</text></outputValues></output>"#, cell, ""), [r#""红""#, "null"]),
    ] {
        assert_eq!(both(&logic), expected, "{logic}");
    }
    // What is not among the values of an input is read as null.
    let table = r#"<decisionTable><input><inputExpression><text>x</text></inputExpression><inputValues><text>"红", "绿"</text></inputValues></input><output/>
        <rule><inputEntry><text>"红"</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
        <rule><inputEntry><text>null</text></inputEntry><outputEntry><text>2</text></outputEntry></rule></decisionTable>"#;
    assert_eq!(both(table), ["1", "2"]);
}

#[test]
fn functions() {
    let call = |logic: &str| {
        let model = with_types(&format!("{}{}", decision("f", &[], None, logic), decision("d", &["i_x", "d_f"], None, &literal("f(x)"))));
        ["红", "蓝"].map(|x| run(&model, "d", &format!(r#"{{"x": "{x}"}}"#)).json)
    };
    let parameter = |kind: &str| format!(r#"<formalParameter name="a" {kind}/>{}"#, literal("a"));
    for logic in [
        r#"<literalExpression typeRef="出色函数"><text>function(a) a</text></literalExpression>"#.to_owned(),
        format!("<functionDefinition>{}</functionDefinition>", parameter(r#"typeRef="颜色""#)),
        format!(r#"<functionDefinition typeRef="出色函数">{}</functionDefinition>"#, parameter("")),
    ] {
        assert_eq!(call(&logic), [r#""红""#, "null"], "{logic}");
    }
    // A parameter written in FEEL knows the type, not its allowed values.
    assert_eq!(call(&literal("function(a: 颜色) a"))[0], r#""红""#);
    for (variable, logic, formal) in [("", "", r#"typeRef="颜色""#), ("", r#"typeRef="出色函数""#, ""), (r#"typeRef="出色函数""#, "", "")] {
        let knowledge = format!(r#"<businessKnowledgeModel id="k_f" name="f"><variable name="f" {variable}/><encapsulatedLogic {logic}>{}</encapsulatedLogic></businessKnowledgeModel>"#, parameter(formal));
        let model = with_types(&format!("{knowledge}{}", decision("d", &["i_x", "k_f"], None, &literal("f(x)"))));
        let results = ["红", "蓝"].map(|x| run(&model, "d", &format!(r#"{{"x": "{x}"}}"#)).json);
        assert_eq!(results, [r#""红""#, "null"], "{knowledge}");
    }
}

#[test]
fn services() {
    let echo = decision("回声", &["i_x"], None, &literal("x"));
    let base = decision("底", &[], None, &literal("\"不会用到\""));
    let echo_base = decision("底声", &["d_底"], None, &literal("底"));
    let model = with_types(&format!(
        r##"{echo}{base}{echo_base}
        <decisionService id="s_a" name="出"><variable name="出" typeRef="出色函数"/><outputDecision href="#d_回声"/><inputData href="#i_x"/></decisionService>
        <decisionService id="s_b" name="入"><variable name="入" typeRef="入色函数"/><outputDecision href="#d_底声"/><inputDecision href="#d_底"/></decisionService>"##
    ));
    assert_eq!(run(&model, "出", r#"{"x": "红"}"#).json, r#""红""#);
    assert_eq!(run(&model, "出", r#"{"x": "蓝"}"#).json, "null");
    assert_eq!(run(&model, "入", r#"{"底": "绿"}"#).json, r#""绿""#);
    let refused = model.evaluate_json("入", r#"{"底": "蓝"}"#);
    assert!(refused.is_err() || refused.is_ok_and(|e| e.json == "null"), "what comes from outside is refused");
    // Inputs of a type are refused from outside.
    let model = with_types(&format!("{}{}", input("c", "颜色"), decision("d", &["i_c"], None, &literal("c"))));
    assert_eq!(model.evaluate_json("d", r#"{"c": "蓝"}"#).unwrap_err().code(), "invalid-input");
}
