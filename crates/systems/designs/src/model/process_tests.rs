use super::*;
use crate::model::finding::errors;
use crate::model::{Kind, starter};

pub(in crate::model) fn approval() -> String {
    starter(Kind::Process, "approval", "test-approval", "测试审批").unwrap()
}

fn messages(xml: &str) -> Vec<String> {
    errors(&check(xml)).map(|f| f.message.clone()).collect()
}

#[test]
fn a_fourth_layer_and_a_bad_limit_are_found_at_their_element() {
    let xml = approval();
    let fourth = xml.replace(r#"tongban:step="correction""#, r#"tongban:step="correction" tongban:layer="second""#);
    assert!(messages(&fourth).iter().any(|m| m.contains("4 个审批层级")), "{:?}", messages(&fourth));
    for wrong in ["0", "-1", "三", "99999", "1.5"] {
        let found = check(&xml.replace(r#"tongban:limit="3""#, &format!(r#"tongban:limit="{wrong}""#)));
        let at: Vec<_> = errors(&found).filter_map(|f| f.element.as_deref()).collect();
        assert_eq!(at, ["examination"], "{wrong}");
    }
    let missing = check(&xml.replace(r#" tongban:limit="3""#, ""));
    assert_eq!(errors(&missing).count(), 0, "a missing limit is an advice");
    assert!(missing.iter().any(|f| f.element.as_deref() == Some("examination")));
}

#[test]
fn answers_that_decide_must_be_told_apart() {
    let straight = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn"><process id="p">
        <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
        <userTask id="t" name="受理" tongban:permission="cases.accept" tongban:step="acceptance" tongban:limit="5"/>
        <sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"#;
    let found = messages(straight);
    assert!(found.len() == 1 && found[0].contains("“受理”“一次告知补正”“不予受理”"), "{found:?}");
    assert!(messages(&straight.replace(r#" tongban:step="acceptance""#, "")).is_empty());
}

#[test]
fn answers_come_from_the_step_and_from_the_conditions_behind() {
    let xml = approval().replace(r#"outcome = "return_handling""#, r#"outcome in ("return_handling", "再议")"#);
    let drawing = Drawing::read(&xml).unwrap();
    let of = |id: &str| answers(&drawing, drawing.node(id).unwrap()).into_iter().map(|(value, _)| value).collect::<Vec<_>>();
    assert_eq!(of("acceptance"), ["accept", "correct", "refuse"]);
    assert_eq!(of("approval"), ["grant", "refuse", "return", "return_handling", "再议"]);
    assert_eq!(asked(r#"amount > 1 and outcome = "a" or outcome != "b""#, "outcome"), ["a", "b"]);
    assert!(asked("amount > 1", "outcome").is_empty());
}

#[test]
fn hostile_files_are_findings() {
    for text in ["", "<", "{}", "<a/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", &"<a>".repeat(10_000)] {
        assert!(errors(&check(text)).count() > 0, "{}", &text[..text.len().min(20)]);
        assert!(parts(text).is_err());
    }
}

#[test]
fn a_changed_limit_and_an_added_task_are_told() {
    let before = approval();
    let after = before.replace(r#"tongban:limit="3""#, r#"tongban:limit="4""#).replace("name=\"承办\"", "name=\"初审\"");
    let changes = crate::model::compare(&parts(&before).unwrap(), &parts(&after).unwrap());
    let ids: Vec<_> = changes.iter().map(|c| c.id.as_str()).collect();
    assert!(ids.contains(&"examination") && ids.contains(&"handling"), "{ids:?}");
    let examined = changes.iter().find(|c| c.id == "examination").unwrap();
    assert_eq!(examined.difference, crate::model::Difference::Changed { facts: vec![("时限（工作日）".into(), "3".into(), "4".into())] });
}
