//! The reader: what it refuses, and that nothing brings it down.

mod common;

use std::time::{Duration, Instant};

use bpmn::{Code, Definitions, MAX_BYTES, Problem};
use common::{APPROVAL, PARALLEL, document, flow, task};
use proptest::prelude::*;

fn problems(xml: &str) -> Vec<Problem> {
    Definitions::parse(xml).expect_err("must be refused")
}

fn codes(xml: &str) -> Vec<Code> {
    problems(xml).into_iter().map(|p| p.code).collect()
}

#[test]
fn billion_laughs_and_external_entities_are_refused() {
    let laughs = r#"<!DOCTYPE lolz [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&c;"/></definitions>"#;
    let external = r#"<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&x;"/></definitions>"#;
    let remote = r#"<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd"><definitions/>"#;
    for xml in [laughs, external, remote] {
        assert_eq!(codes(xml), [Code::DtdForbidden]);
    }
    // An entity nobody declared is simply not XML.
    assert_eq!(codes(&document("&x;")), [Code::NotXml]);
}

#[test]
fn sizes_are_bounded_and_hostile_shapes_are_quick() {
    assert_eq!(codes(&" ".repeat(MAX_BYTES + 1)), [Code::TooLarge]);
    let many: String = (0..20_001)
        .map(|i| format!(r#"<endEvent id="e{i}"/>"#))
        .collect();
    assert!(codes(&document(&many)).contains(&Code::TooManyElements));

    let deep = format!("{}{}", "<a>".repeat(600_000), "</a>".repeat(400_000));
    let attributes: String = (0..350_000).map(|i| format!(" a{i}=\"\"")).collect();
    let namespaces: String = (0..250_000).map(|i| format!(" xmlns:a{i}=\"u\"")).collect();
    let nested: String = (0..200_000)
        .map(|i| format!("<a xmlns:a{i}=\"u\">"))
        .collect();
    let ninety: String = (0..90).map(|i| format!(" a{i}=\"\"")).collect();
    for xml in [
        deep,
        format!("<a{}", " ".repeat(MAX_BYTES - 2)),
        "<".repeat(MAX_BYTES),
        document(&format!("<endEvent id=\"e\"{attributes}/>")),
        document(&format!("<endEvent id=\"e\"{namespaces}/>")),
        nested,
        document(&format!("<endEvent{ninety}/>").repeat(6_000)),
    ] {
        let begun = Instant::now();
        let _ = Definitions::parse(&xml);
        let took = begun.elapsed();
        assert!(
            took < Duration::from_secs(5),
            "{} … took {took:?}",
            &xml[..60]
        );
    }
}

#[test]
fn other_documents_are_not_bpmn() {
    for xml in [
        "<definitions/>",
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
    ] {
        assert_eq!(codes(xml), [Code::NotBpmn]);
    }
    let empty = document("").replace("process", "collaboration");
    assert_eq!(codes(&empty), [Code::NotBpmn]);
    assert_eq!(
        problems("<a>\n<b></a>")[0].message,
        "文件不是有效的 XML，第 2 行第 4 列有误"
    );
}

#[test]
fn what_bpmn_does_not_know_is_refused_by_name() {
    for body in [
        r#"<teleportTask id="x"/>"#,
        r#"<globalUserTask id="x"/>"#,
        r#"<startEvent id="x"><moonEventDefinition/></startEvent>"#,
    ] {
        let found = problems(&document(body));
        assert_eq!(
            (found[0].code, found[0].element.as_deref()),
            (Code::Unsupported, Some("x")),
            "{body}"
        );
        assert!(
            found[0].message.starts_with("流程中有不认识的元素“"),
            "{}",
            found[0].message
        );
    }
    let quiet = r#"<userTask id="x"><documentation>说明</documentation><ioSpecification/></userTask>
        <textAnnotation id="n"/><association id="a"/><dataObject id="o"/>"#;
    assert!(Definitions::parse(&document(quiet)).is_ok());
}

#[test]
fn events_carry_only_what_has_a_meaning_there() {
    for (body, code) in [
        (
            r#"<intermediateCatchEvent id="x"><errorEventDefinition/></intermediateCatchEvent>"#,
            Code::EventForbidden,
        ),
        (
            r#"<intermediateThrowEvent id="x"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateThrowEvent>"#,
            Code::EventForbidden,
        ),
        (
            r#"<intermediateThrowEvent id="x"><terminateEventDefinition/></intermediateThrowEvent>"#,
            Code::EventForbidden,
        ),
        (
            r#"<startEvent id="x"><cancelEventDefinition/></startEvent>"#,
            Code::EventForbidden,
        ),
        (
            r#"<subProcess id="s"><startEvent id="x"><messageEventDefinition/></startEvent></subProcess>"#,
            Code::EventForbidden,
        ),
        (
            r#"<subProcess id="s" triggeredByEvent="true"><startEvent id="x"/></subProcess>"#,
            Code::EventMissing,
        ),
        (
            r#"<userTask id="t"/><boundaryEvent id="x" attachedToRef="t"/>"#,
            Code::EventMissing,
        ),
        (
            r#"<userTask id="t"/><boundaryEvent id="x" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>"#,
            Code::EventForbidden,
        ),
        (
            r#"<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>"#,
            Code::CardinalityMissing,
        ),
    ] {
        let found = problems(&document(body));
        assert_eq!(
            (found[0].code, found[0].element.as_deref()),
            (code, Some("x")),
            "{body}"
        );
    }
}

#[test]
fn a_drawing_may_leave_open_what_only_running_needs() {
    let body = format!(
        r#"<startEvent id="s"><timerEventDefinition/></startEvent>{}
           <userTask id="a"><multiInstanceLoopCharacteristics/></userTask>
           <boundaryEvent id="b" attachedToRef="a"><conditionalEventDefinition/></boundaryEvent>
           <callActivity id="c"/>{}{}"#,
        flow("f", "s", "a", ""),
        flow("g", "a", "c", ""),
        flow("h", "b", "c", "")
    );
    let drawing = document(&body).replace(r#"id="p""#, r#"id="p" isExecutable="false""#);
    let definitions = Definitions::parse(&drawing).unwrap();
    let found = bpmn::check_all(&definitions, &bpmn::Conditions);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(!found.iter().any(Problem::is_error));
    let found = codes(&document(&body));
    for code in [
        Code::TimerMissing,
        Code::CardinalityMissing,
        Code::ConditionMissing,
    ] {
        assert!(found.contains(&code), "{found:?}");
    }

    // A condition in another language is a remark; the same text without a language is an error.
    let choice = |language: &str| {
        document(&format!(
            r#"<exclusiveGateway id="g" default="d"/>{}<sequenceFlow id="f" sourceRef="g" targetRef="t">
               <conditionExpression {language}>done ? 1 : 0</conditionExpression></sequenceFlow>{}"#,
            task("t"),
            flow("d", "g", "t", "")
        ))
    };
    let errors = |xml: &str| {
        let definitions = Definitions::parse(xml).unwrap();
        let found = bpmn::check_all(&definitions, &bpmn::Conditions);
        found.iter().filter(|p| p.is_error()).count()
    };
    assert_eq!(errors(&choice("")), 1);
    assert_eq!(errors(&choice(r#"language="FEEL""#)), 1);
    assert_eq!(errors(&choice(r#"language="JavaScript""#)), 0);
}

#[test]
fn graphs_must_be_whole() {
    let dangling = document(&format!("{}{}", task("a"), flow("f", "a", "nowhere", "")));
    let found = problems(&dangling);
    assert_eq!(
        (found[0].code, found[0].element.as_deref()),
        (Code::DanglingReference, Some("f"))
    );
    assert_eq!(codes(&document(&task("a").repeat(2))), [Code::DuplicateId]);
    assert_eq!(codes(&document("<endEvent/>")), [Code::MissingId]);
    let backwards = format!(
        r#"<startEvent id="s"/><endEvent id="e"/>{}"#,
        flow("f", "e", "s", "")
    );
    assert_eq!(
        codes(&document(&backwards)),
        [Code::FlowForbidden, Code::FlowForbidden]
    );
    let default = format!(
        r#"<userTask id="a" default="g"/>{}{}"#,
        task("b"),
        flow("g", "b", "a", "")
    );
    assert_eq!(codes(&document(&default)), [Code::DanglingReference]);
    // Two processes of one file share the space of ids.
    let twice = document(&task("a")).replace(
        "</process>",
        r#"</process><process id="q"><endEvent id="a"/></process>"#,
    );
    assert_eq!(codes(&twice), [Code::DuplicateId]);
}

#[test]
fn timers_state_exactly_one_time() {
    let boundary = |attributes: &str, inside: &str| {
        document(&format!(
            r#"{}<boundaryEvent id="b" {attributes}>{inside}</boundaryEvent>"#,
            task("a")
        ))
    };
    let timer = |inside: &str| {
        let definition = format!("<timerEventDefinition>{inside}</timerEventDefinition>");
        boundary(r#"attachedToRef="a""#, &definition)
    };
    assert_eq!(codes(&timer("")), [Code::TimerMissing]);
    assert_eq!(
        codes(&timer(
            "<timeDuration>P1D</timeDuration><timeDate>2026-01-01T00:00:00Z</timeDate>"
        )),
        [Code::TimerMissing]
    );
    assert_eq!(
        codes(&timer("<timeDuration>五天</timeDuration>")),
        [Code::TimerInvalid]
    );
    assert_eq!(
        codes(
            &timer("<timeDuration>P1D</timeDuration>")
                .replace("\"a\"", "\"z\"")
                .replacen("\"z\"", "\"a\"", 1)
        ),
        [Code::DanglingReference]
    );
    let both = boundary(
        r#"attachedToRef="a" t:workdays="5""#,
        "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
    );
    assert_eq!(codes(&both), [Code::TimerMissing]);
    let fine = boundary(
        r#"attachedToRef="a" cancelActivity="false" t:workdays="5""#,
        "<timerEventDefinition/>",
    );
    assert!(Definitions::parse(&fine).is_ok());
    assert!(Definitions::parse(&timer("<timeCycle>R3/PT10H</timeCycle>")).is_ok());
}

proptest! {
    #[test]
    fn any_text_is_safe(text in "\\PC{0,200}|(<[a-z:]{0,8}[ =\"/>]{0,4}|[a-z&;]{0,3}|</[a-z]*>){0,30}") {
        let _ = Definitions::parse(&text);
        let _ = Definitions::parse(&document(&text));
    }

    /// Cuts, copies and overwrites anywhere in real files: refused or read, and what is read can be checked and started.
    #[test]
    fn mutated_files_are_safe(
        parallel: bool,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..4, "[<>\"/=a-z&]{0,4}"), 1..6),
    ) {
        let mut bytes = if parallel { PARALLEL } else { APPROVAL }.as_bytes().to_vec();
        for (at, length, action, text) in edits {
            let at = at.index(bytes.len());
            let end = (at + length.index(80)).min(bytes.len());
            match action {
                0 => drop(bytes.splice(at..at, text.bytes())),
                1 => drop(bytes.drain(at..end)),
                2 => drop(bytes.splice(at..end, text.bytes())),
                _ => {
                    let copy = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, copy));
                }
            }
        }
        if let Ok(definitions) = Definitions::parse(&String::from_utf8_lossy(&bytes)) {
            for process in &definitions.processes {
                let _ = bpmn::check(process, &bpmn::Conditions);
                let _ = bpmn::approval_layers(process);
                let mut instance = bpmn::Instance::new(process);
                let _ = bpmn::step(process, &mut instance, bpmn::Command::Start { at: None, variables: Default::default() });
            }
        }
    }
}
