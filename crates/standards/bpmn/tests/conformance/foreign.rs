//! Files of other modellers: their notations, and what they leave out.

use serde_json::json;

use super::{Run, file, files, flows, nodes, runs, with};

#[test]
fn conditions_in_the_notation_of_java() {
    let xml = file(
        &(nodes("startEvent s, exclusiveGateway g, task a, task b, task c")
            + &flows(
                "s>g g>a?${state=='ok'&&level>5} g>b?#{!(state=='ok')&&level===1} g>c?${!small||state.equals('no')}",
            )),
    );
    for (variables, way) in [
        (json!({"state": "ok", "level": 6, "small": true}), "a"),
        (json!({"state": "no", "level": 1, "small": true}), "b"),
        (json!({"state": "no", "level": 2, "small": true}), "c"),
        (json!({"state": "ok", "level": 2, "small": false}), "c"),
    ] {
        let expected = format!("+s -s +g -g +{way} -{way} .");
        runs(&xml, variables, &expected);
    }
}

#[test]
fn times_in_braces() {
    let timer = "<timerEventDefinition><timeDuration>${wait}</timeDuration></timerEventDefinition>";
    let xml = file(
        &(nodes("startEvent s") + &with("intermediateCatchEvent", "c", "", timer) + &flows("s>c")),
    );
    let mut run = Run::start(&xml, json!({"wait": "PT2H"}));
    assert_eq!(run.trace(), "+s -s +c");
    assert_eq!(run.advance("PT1H"), "");
    assert_eq!(run.advance("PT1H"), "-c .");
}

#[test]
fn flows_need_no_id() {
    let flow = r#"<sequenceFlow sourceRef="s" targetRef="a"/>"#;
    let xml = file(&(nodes("startEvent s, task a") + flow + flow));
    runs(&xml, json!({}), "+s -s +a +a -a -a .");
    let definitions = bpmn::Definitions::parse(&xml).unwrap();
    let ids: Vec<&str> = definitions.processes[0]
        .flows()
        .map(|f| f.id.as_str())
        .collect();
    assert_eq!(ids, ["s-a", "s-a-2"]);
}

#[test]
fn what_others_say_in_their_own_attributes() {
    let items = |inside: &str, attributes: &str| {
        let looping = with("multiInstanceLoopCharacteristics", "l", attributes, inside);
        nodes("startEvent s") + &with("userTask", "a", "", &looping) + &flows("s>a")
    };
    let inside = r#"<extensionElements><z:loopCharacteristics xmlns:z="urn:z" inputCollection="= who" inputElement="person"/></extensionElements>"#;
    let attributes = r#"xmlns:k="urn:k" k:collection="${who}" k:elementVariable="person""#;
    for body in [items(inside, ""), items("", attributes)] {
        let mut run = Run::start(&file(&body), json!({"who": ["甲", "乙"]}));
        assert_eq!(run.trace(), "+s -s +a +a");
    }

    let script = r#"<extensionElements><z:script xmlns:z="urn:z" expression="= n = 2" resultVariable="two"/></extensionElements>"#;
    let call = r#"<extensionElements><z:calledElement xmlns:z="urn:z" processId="q"/></extensionElements>"#;
    let main = nodes("startEvent s")
        + &with("scriptTask", "x", "", script)
        + &with("callActivity", "y", "", call)
        + &flows("s>x x>y");
    let mut run = Run::start(
        &files(&[("p", &main), ("q", &nodes("task b"))]),
        json!({"n": 2}),
    );
    assert_eq!(run.trace(), "+s -s +x -x +y +b -b -y .");
    assert_eq!(run.variable("two"), json!(true));
}

/// A second start event is not begun by itself; somebody may begin with it.
#[test]
fn more_than_one_start() {
    let xml = file(&(nodes("startEvent s, task a, startEvent t, task b") + &flows("s>a t>b")));
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a -a .");
    assert_eq!(run.fire("t"), "+t -t +b -b .");
}
