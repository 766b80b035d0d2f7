use super::*;
use crate::model::{Kind, starter};

fn table() -> String {
    starter(Kind::Decision, "table", "test-table", "办理方式").unwrap()
}

fn input(amount: &str) -> Map<String, Value> {
    Map::from_iter([("金额".to_owned(), serde_json::from_str(amount).unwrap())])
}

fn example(amount: &str, expected: &str) -> Example {
    Example { decision: "办理方式".into(), input: input(amount), expected: expected.into() }
}

#[test]
fn the_rule_that_hits_is_told() {
    let small = answer(&table(), "办理方式", &input("999.99")).unwrap();
    assert_eq!((small.value, small.hits), ("可以即办".into(), vec![("decision".to_owned(), 1)]));
    let large = answer(&table(), "办理方式", &input("1000")).unwrap();
    assert_eq!((large.value, large.hits[0].1), ("人工审批".into(), 2));
    let nothing = answer(&table(), "办理方式", &Map::new()).unwrap();
    assert!(nothing.value.is_null() && !nothing.reason.is_empty(), "{nothing:?}");
    assert!(answer(&table(), "没有", &Map::new()).is_err());
}

#[test]
fn examples_must_be_there_and_hold() {
    assert_eq!(check_examples(&table(), &[]).len(), 1);
    assert!(check_examples(&table(), &[example("1", "可以即办"), example("1000", "人工审批")]).is_empty());
    let wrong = check_examples(&table(), &[example("1", "可以即办"), example("2", "人工审批")]);
    assert!(wrong.len() == 1 && wrong[0].message.contains("第 2 个样例没有通过"), "{wrong:?}");
}

#[test]
fn external_functions_and_hostile_files_are_findings() {
    assert!(check(&table()).is_empty(), "{:?}", check(&table()));
    for text in ["", "<", "<a/>", "{}", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"] {
        assert!(!check(text).is_empty(), "{text}");
        assert!(parts(text).is_err(), "{text}");
        assert!(answer(text, "x", &Map::new()).is_err(), "{text}");
    }
    let broken = table().replace("&lt; 1000", "&lt; (1000");
    assert!(!check(&broken).is_empty());
}

#[test]
fn a_changed_cell_is_a_changed_rule() {
    let after = table().replace("可以即办", "告知承诺");
    let changes = crate::model::compare(&parts(&table()).unwrap(), &parts(&after).unwrap());
    assert_eq!(changes.len(), 1);
    assert!(changes[0].label.contains("第 1 条规则"), "{changes:?}");
}

#[test]
fn the_outline_is_what_people_read() {
    let outline = outline(&table());
    assert_eq!(outline.inputs, [Input { name: "金额".into(), label: "金额".into(), kind: "number".into(), choices: Vec::new() }]);
    assert_eq!(outline.decisions, ["办理方式"]);
    assert_eq!((outline.tables[0].columns.clone(), outline.tables[0].rules.len()), (vec!["金额".to_owned(), "结论".to_owned()], 2));
}

#[test]
fn a_column_asks_for_its_values_even_where_no_input_is_drawn() {
    let listed = table()
        .replace(r#"<inputData id="amount" name="金额"><variable id="amount_variable" name="金额" typeRef="number"/></inputData>"#, "")
        .replace(r#"typeRef="number"><text>金额</text></inputExpression>"#, r#"typeRef="string"><text>applicant.kind</text></inputExpression><inputValues><text>"个人","企业"</text></inputValues>"#);
    let input = outline(&listed).inputs.remove(0);
    assert_eq!((input.name.as_str(), input.label.as_str(), input.choices.as_slice()), ("applicant.kind", "金额", ["个人", "企业"].map(str::to_owned).as_slice()));
    let spoken = listed.replace(r#"<inputValues><text>"个人","企业"</text></inputValues>"#, "").replace("&lt; 1000", "\"个人\"").replace("&gt;= 1000", "not(\"个人\", \"企业\")");
    assert_eq!(outline(&spoken).inputs[0].choices, ["个人", "企业"]);
    let mut given = Map::new();
    put(&mut given, "applicant.kind", "企业".into());
    put(&mut given, "applicant.age", 1.into());
    assert_eq!(serde_json::to_value(&given).unwrap(), serde_json::json!({ "applicant": { "kind": "企业", "age": 1 } }));
}

#[test]
fn a_table_tells_what_it_can_give() {
    assert_eq!(results(&table()), ["可以即办", "人工审批"]);
    assert!(results("").is_empty());
}
