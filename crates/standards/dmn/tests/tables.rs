//! Decision tables: every hit policy, defaults, priorities, and the explanation.

mod common;

use common::{decision, input, model, run, table};
use dmn::Reason;

fn of(policy: &str, outputs: &str, rules: &[&str]) -> dmn::Model {
    model(&format!("{}{}", input("x", "number"), decision("d", &["i_x"], None, &table(policy, &["x"], outputs, rules))))
}

#[test]
fn hit_policies() {
    let ranked = r#"<output><outputValues><text>"高","中","低"</text></outputValues></output>"#;
    for (policy, outputs, rules, x, expected) in [
        (r#"hitPolicy="UNIQUE""#, "<output/>", ["<= 5|1", "> 5|2"].as_slice(), 7, "2"),
        ("", "<output/>", &["<= 5|1", "> 5|2"], 5, "1"),
        (r#"hitPolicy="UNIQUE""#, "<output/>", &["> 1|1", "> 2|2"], 7, "null"),
        (r#"hitPolicy="ANY""#, "<output/>", &["> 1|1", "> 2|1"], 7, "1"),
        (r#"hitPolicy="ANY""#, "<output/>", &["> 1|1", "> 2|2"], 7, "null"),
        (r#"hitPolicy="FIRST""#, "<output/>", &["> 1|1", "> 2|2"], 7, "1"),
        (r#"hitPolicy="PRIORITY""#, ranked, &["> 1|\"低\"", "> 2|\"高\"", "> 3|\"中\""], 7, "\"高\""),
        (r#"hitPolicy="OUTPUT ORDER""#, ranked, &["> 1|\"低\"", "> 2|\"高\"", "> 3|\"中\""], 7, r#"["高","中","低"]"#),
        (r#"hitPolicy="RULE ORDER""#, "<output/>", &["> 1|1", "> 2|2", "> 9|3"], 7, "[1,2]"),
        (r#"hitPolicy="COLLECT""#, "<output/>", &["> 1|1", "> 2|1", "> 9|3"], 7, "[1,1]"),
        (r#"hitPolicy="COLLECT" aggregation="SUM""#, "<output/>", &["> 1|0.1", "> 2|0.2", "> 9|3"], 7, "0.3"),
        (r#"hitPolicy="COLLECT" aggregation="MIN""#, "<output/>", &["> 1|5", "> 2|2"], 7, "2"),
        (r#"hitPolicy="COLLECT" aggregation="MAX""#, "<output/>", &["> 1|5", "> 2|2"], 7, "5"),
        (r#"hitPolicy="COLLECT" aggregation="COUNT""#, "<output/>", &["> 1|5", "> 2|5", "> 9|1"], 7, "2"),
        (r#"hitPolicy="FIRST""#, r#"<output name="a"/><output name="b"/>"#, &["> 1|1|\"甲\""], 7, r#"{"a":1,"b":"甲"}"#),
        (r#"hitPolicy="RULE ORDER""#, r#"<output name="a"/><output name="b"/>"#, &["> 1|1|2", "-|3|4"], 7, r#"[{"a":1,"b":2},{"a":3,"b":4}]"#),
        ("", "<output><defaultOutputEntry><text>\"其他\"</text></defaultOutputEntry></output>", &["> 9|1"], 7, "\"其他\""),
        ("", "<output/>", &["not(1, 2)|\"否\"", "1, 2|\"是\""], 2, "\"是\""),
        ("", "<output/>", &["[1..3), ]8..10]|1", "-|x * 2"], 20, "40"),
        ("", "<output/>", &["? * 2 > 10|1"], 6, "1"),
        ("", "<output/>", &["x + 1 > 10|1", "not(x + 1 > 10)|2"], 6, "2"),
    ] {
        let model = of(policy, outputs, rules);
        assert_eq!(run(&model, "d", &format!(r#"{{"x":{x}}}"#)).json, expected, "{policy} {rules:?}");
    }
}

#[test]
fn a_result_is_explained() {
    let logic = format!(
        r#"<decisionTable hitPolicy="COLLECT"><input label="年龄"><inputExpression><text>x</text></inputExpression></input><output name="结果"/><annotation name="依据"/>
        <rule id="a"><inputEntry><text>{}</text></inputEntry><outputEntry><text>"甲"</text></outputEntry><annotationEntry><text>第三条</text></annotationEntry></rule>
        <rule id="b"><inputEntry><text>60</text></inputEntry><outputEntry><text>"乙"</text></outputEntry></rule>
        <rule id="c"><inputEntry><text>-</text></inputEntry><outputEntry><text>"丙"</text></outputEntry></rule></decisionTable>"#,
        "&lt; 60"
    );
    let model = model(&format!("{}{}", input("x", "number"), decision("d", &["i_x"], None, &logic)));
    let evaluation = run(&model, "d", r#"{"x": 35.50}"#);
    let table = &evaluation.tables[0];
    assert_eq!((table.element.as_str(), table.policy.as_str()), ("d_d", "COLLECT"));
    assert_eq!((table.inputs[0].label.as_str(), table.inputs[0].value.as_str()), ("年龄", "35.50"));
    let matched: Vec<_> = table.matched.iter().map(|hit| (hit.number, hit.id.as_str(), hit.outputs[0].as_str())).collect();
    assert_eq!(matched, [(1, "a", "\"甲\""), (3, "c", "\"丙\"")]);
    assert_eq!(table.matched[0].annotations, [("依据".to_owned(), "第三条".to_owned())]);
    assert_eq!(evaluation.decisions[0].result, r#"["甲","丙"]"#);
}

#[test]
fn missing_input_and_no_rule_differ() {
    let model = of("", "<output/>", &["> 5|1"]);
    assert_eq!(run(&model, "d", "{}").reason, Some(Reason::MissingInput { names: vec!["x".into()] }));
    assert_eq!(run(&model, "d", r#"{"x":1}"#).reason, Some(Reason::NoRule));
    assert_eq!(run(&model, "d", r#"{"x":7}"#).reason, None);
    let twice = of("", "<output/>", &["> 5|1", "> 6|2"]);
    assert!(matches!(run(&twice, "d", r#"{"x":7}"#).reason, Some(Reason::Other { text }) if text.contains("2 条规则")));
}

#[test]
fn input_and_output_values_bind() {
    let inputs = |values: &str| {
        format!(
            r#"<decisionTable hitPolicy="FIRST"><input><inputExpression><text>s</text></inputExpression><inputValues><text>{values}</text></inputValues></input>
            <output><outputValues><text>1, 2</text></outputValues></output>
            <rule><inputEntry><text>"甲"</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
            <rule><inputEntry><text>null</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
            <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>9</text></outputEntry></rule></decisionTable>"#
        )
    };
    let model = model(&format!("{}{}", input("s", "string"), decision("d", &["i_s"], None, &inputs("\"甲\",\"乙\""))));
    assert_eq!(run(&model, "d", r#"{"s":"甲"}"#).json, "1");
    assert_eq!(run(&model, "d", r#"{"s":"乙"}"#).json, "null", "9 is no allowed output");
    assert_eq!(run(&model, "d", r#"{"s":"丙"}"#).json, "2", "丙 is no allowed input, so it is as good as none");
}

#[test]
fn dates_and_durations_in_cells() {
    let rules = ["< date(\"2026-01-01\")|@\"P1Y\"", "[@\"2026-01-01\"..@\"2026-12-31\"]|x + @\"P7D\"", "-|x - @\"2027-01-01\""];
    let logic = table(r#"hitPolicy="FIRST""#, &["x"], "<output/>", &rules);
    let model = model(&format!("{}{}", input("x", "date"), decision("d", &["i_x"], None, &logic)));
    for (x, expected) in [("2025-12-31", "\"P1Y\""), ("2026-11-23", "\"2026-11-30\""), ("2027-01-03", "\"P2D\"")] {
        assert_eq!(run(&model, "d", &format!(r#"{{"x":"@\"{x}\""}}"#)).json, expected);
    }
}
