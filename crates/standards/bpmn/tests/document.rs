//! Files are read, edited and written without losing anything; versions are compared.

mod common;
mod random;

use bpmn::{Change, Definitions, Document, EXTENSION_NAMESPACE, EditError, Name, diff};
use common::{APPROVAL, PARALLEL, document, flow, task};
use proptest::prelude::*;

/// Everything a file may carry that no reader needs.
const RICH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- by hand --><?editor keep="me"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
   xmlns:x='urn:other'
   targetNamespace="urn:t"  id = 'd' >
  <b:collaboration id="c"><b:participant id="pool" processRef="x:p"/></b:collaboration>
  <b:process id="p" x:colour="red">
    <b:extensionElements><x:anything at="1"><![CDATA[<raw> & kept]]></x:anything></b:extensionElements>
    <b:startEvent name='甲 &amp; 乙' id="s"/><!-- between -->
    <b:sequenceFlow id="f" sourceRef="s" targetRef="u"><b:conditionExpression>a &gt; 1</b:conditionExpression></b:sequenceFlow>
    <b:userTask id="u" name="受理"></b:userTask>
    <b:callActivity id="k" calledElement="x:p"/>
  </b:process>
  <di:BPMNDiagram id="dia"><di:BPMNPlane id="pl" bpmnElement="p"><di:BPMNShape id="sh" bpmnElement="s"/></di:BPMNPlane></di:BPMNDiagram>
</b:definitions>
"#;

#[test]
fn what_is_not_edited_stays_byte_for_byte() {
    for xml in [RICH, APPROVAL, PARALLEL, &format!("\u{feff}{RICH}")] {
        let document = Document::parse(xml).unwrap();
        assert_eq!(document.to_xml(), xml);
        assert_eq!(document.definitions(), Definitions::parse(xml));
    }
}

#[test]
fn attributes_are_read_set_added_and_removed() {
    let mut document = Document::parse(RICH).unwrap();
    let name = Name::plain("name");
    assert_eq!(document.attribute("s", name).as_deref(), Some("甲 & 乙"));
    assert_eq!(document.attribute("k", name), None);
    assert_eq!(
        document.attribute("sh", Name::plain("bpmnElement")),
        None,
        "of the diagram"
    );

    document
        .set_attribute("s", name, Some("<开始> \"'\n&"))
        .unwrap();
    assert_eq!(
        document.attribute("s", name).as_deref(),
        Some("<开始> \"'\n&")
    );
    let expected = RICH.replace("甲 &amp; 乙", "&lt;开始&gt; &quot;&apos;&#10;&amp;");
    assert_eq!(document.to_xml(), expected);

    document.set_attribute("s", name, None).unwrap();
    document.set_attribute("s", name, None).unwrap();
    assert_eq!(document.attribute("s", name), None);
    document.set_attribute("k", name, Some("调用")).unwrap();
    assert!(
        document
            .to_xml()
            .contains(r#"<b:callActivity name="调用" id="k""#)
    );

    // Our own attributes bring their namespace along, once.
    let form = Name::extension("form");
    document.set_attribute("u", form, Some("accept")).unwrap();
    document.set_attribute("k", form, Some("x")).unwrap();
    assert_eq!(document.to_xml().matches(EXTENSION_NAMESPACE).count(), 1);
    let process = document.definitions().unwrap().processes.remove(0);
    assert_eq!(
        process.element("u").unwrap().extension("form"),
        Some("accept")
    );
    let mut own = Document::parse(APPROVAL).unwrap();
    own.set_attribute("accept", form, Some("other")).unwrap();
    assert_eq!(own.to_xml().matches(EXTENSION_NAMESPACE).count(), 1);
}

#[test]
fn children_get_their_text() {
    let mut document = Document::parse(RICH).unwrap();
    let condition = Name::bpmn("conditionExpression");
    assert_eq!(
        document.child_text("f", condition).as_deref(),
        Some("a > 1")
    );
    document
        .set_child_text("f", condition, "a < 2 and b")
        .unwrap();
    assert_eq!(
        document.child_text("f", condition).as_deref(),
        Some("a < 2 and b")
    );
    let documentation = Name::bpmn("documentation");
    for id in ["u", "k", "p"] {
        assert_eq!(document.child_text(id, documentation), None);
        document.set_child_text(id, documentation, "说明").unwrap();
        assert_eq!(
            document.child_text(id, documentation).as_deref(),
            Some("说明")
        );
    }
    assert!(document.to_xml().contains(
        r#"<b:callActivity id="k" calledElement="x:p"><b:documentation>说明</b:documentation></b:callActivity>"#
    ));
    let process = document.definitions().unwrap().processes.remove(0);
    assert_eq!(process.documentation, "说明");
    assert_eq!(
        process.flows().next().unwrap().condition.as_deref(),
        Some("a < 2 and b")
    );
}

#[test]
fn a_process_is_renamed_wherever_it_is_meant() {
    let mut document = Document::parse(RICH).unwrap();
    document.rename_process("p", "许可").unwrap();
    let expected = RICH
        .replace(r#"processRef="x:p""#, r#"processRef="x:许可""#)
        .replace(r#"process id="p""#, r#"process id="许可""#)
        .replace(r#"calledElement="x:p""#, r#"calledElement="x:许可""#)
        .replace(r#"bpmnElement="p""#, r#"bpmnElement="许可""#);
    assert_eq!(document.to_xml(), expected);
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let mut document = Document::parse(RICH).unwrap();
    let name = Name::plain("name");
    let edits: [Result<(), EditError>; 6] = [
        document.set_attribute("nobody", name, Some("x")),
        document.set_attribute("s", Name::plain("a b"), Some("x")),
        document.set_attribute("s", name, Some("\u{0}")),
        document.set_child_text("s", Name::bpmn("x>"), "x"),
        document.rename_process("p", "u"),
        document.rename_process("q", "r"),
    ];
    for edit in edits {
        edit.unwrap_err();
    }
    assert_eq!(document.to_xml(), RICH);
    assert!(Document::parse("<!DOCTYPE d [<!ENTITY x 'y'>]><d/>").is_err());
    assert!(Document::parse("<html/>").is_err());
}

#[test]
fn differences_name_what_changed() {
    let body = |more: &str| {
        let xml = document(&format!(
            r#"<startEvent id="s"/>{}{}{}{more}<endEvent id="e"/>"#,
            flow("f", "s", "a", ""),
            task("a"),
            flow("g", "a", "e", "")
        ));
        Definitions::parse(&xml).unwrap()
    };
    let before = body("");
    assert_eq!(diff(&before, &before), []);
    let after = body(&(task("b") + &flow("h", "a", "b", "x = 1")));
    let found: Vec<_> = diff(&before, &after)
        .into_iter()
        .map(|d| (d.element, d.change))
        .collect();
    assert_eq!(
        found,
        [
            ("b".to_owned(), Change::Added),
            ("h".to_owned(), Change::Added)
        ]
    );
    let back: Vec<_> = diff(&after, &before)
        .into_iter()
        .map(|d| (d.element, d.change))
        .collect();
    assert_eq!(
        back,
        [
            ("b".to_owned(), Change::Removed),
            ("h".to_owned(), Change::Removed)
        ]
    );

    let mut edited = Document::parse(APPROVAL).unwrap();
    edited
        .set_attribute("accept", Name::plain("name"), Some("收件"))
        .unwrap();
    edited
        .set_attribute("accept", Name::extension("permission"), Some("cases.other"))
        .unwrap();
    edited
        .set_child_text("do_correct", Name::bpmn("conditionExpression"), "false")
        .unwrap();
    edited
        .set_attribute("correction_due", Name::extension("workdays"), Some("10"))
        .unwrap();
    let after = edited.definitions().unwrap();
    let json = serde_json::to_value(diff(&Definitions::parse(APPROVAL).unwrap(), &after)).unwrap();
    let change = |element: &str, details: serde_json::Value| serde_json::json!({"process": "approval", "element": element, "change": {"changed": details}});
    assert_eq!(
        json,
        serde_json::json!([
            change(
                "accept",
                serde_json::json!([
                    {"what": "extension:permission", "before": "cases.accept", "after": "cases.other"},
                    {"what": "name", "before": "受理", "after": "收件"},
                ])
            ),
            change(
                "correction_due",
                serde_json::json!([
                    {"what": "event", "before": "timer = correction.workdays", "after": "timer 10 workdays"},
                    {"what": "extension:workdays", "before": "=correction.workdays", "after": "10"},
                ])
            ),
            change(
                "do_correct",
                serde_json::json!([
                    {"what": "condition", "before": "acceptance = \"correct\"", "after": "false"},
                ])
            ),
        ])
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text set is read again, nothing else changes, and setting it back gives the same processes.
    #[test]
    fn edits_change_what_they_are_about(
        xml in random::any_process(),
        pick in any::<prop::sample::Index>(),
        value in "[\\PC\n\t]{0,20}",
    ) {
        let before = Definitions::parse(&xml).unwrap();
        prop_assert!(diff(&before, &before).is_empty());
        let ids: Vec<String> = before.processes[0].elements().map(|e| e.id.clone()).collect();
        let id = &ids[pick.index(ids.len())];
        let mut document = Document::parse(&xml).unwrap();
        prop_assert_eq!(document.to_xml(), &xml);
        let title = Name::extension("title");
        document.set_attribute(id, title, Some(&value)).unwrap();
        prop_assert_eq!(document.attribute(id, title), Some(value.clone()));
        let after = document.definitions().unwrap();
        for difference in diff(&before, &after) {
            prop_assert_eq!(&difference.element, id);
        }
        document.set_child_text(id, Name::bpmn("documentation"), &value).unwrap();
        prop_assert_eq!(document.child_text(id, Name::bpmn("documentation")), Some(value));
        document.set_attribute(id, title, None).unwrap();
        document.set_child_text(id, Name::bpmn("documentation"), "").unwrap();
        prop_assert_eq!(document.definitions().unwrap(), before);
    }

    /// Hostile names and ids are refused or written so that they are read again.
    #[test]
    fn any_name_is_safe(id in "[a-z<>\"'& ]{0,3}", local in "[a-z<>\"'&:= ]{0,4}", value in "\\PC{0,9}") {
        let mut document = Document::parse(RICH).unwrap();
        let name = Name::plain(&local);
        if document.set_attribute(&id, name, Some(&value)).is_ok() {
            let id = if local == "id" { value.trim() } else { &id };
            let read = document.attribute(id, name);
            prop_assert_eq!(read.as_deref(), Some(value.as_str()));
        } else {
            prop_assert_eq!(document.to_xml(), RICH);
        }
        let _ = document.rename_process("p", &value);
        prop_assert!(Document::parse(document.to_xml()).is_ok());
    }
}
