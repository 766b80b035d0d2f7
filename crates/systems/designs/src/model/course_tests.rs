use flow::Happened;

use super::*;

const PROCESS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" id="d" targetNamespace="t"><process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="accept"/>
  <userTask id="accept" name="受理"/><sequenceFlow id="f2" sourceRef="accept" targetRef="g"/>
  <exclusiveGateway id="g" default="f4"/>
  <sequenceFlow id="f3" sourceRef="g" targetRef="fix"><conditionExpression>outcome = "correct"</conditionExpression></sequenceFlow>
  <userTask id="fix" name="补正" tongban:permission="applicant"/><sequenceFlow id="f5" sourceRef="fix" targetRef="accept"/>
  <sequenceFlow id="f4" sourceRef="g" targetRef="sub"/>
  <subProcess id="sub"><startEvent id="s2"/><sequenceFlow id="i1" sourceRef="s2" targetRef="look"/><userTask id="look" name="勘查"/>
    <sequenceFlow id="i2" sourceRef="look" targetRef="e2"/><endEvent id="e2"/></subProcess>
  <sequenceFlow id="f6" sourceRef="sub" targetRef="decide"/>
  <userTask id="decide" name="审批"/><sequenceFlow id="f7" sourceRef="decide" targetRef="h"/>
  <exclusiveGateway id="h" default="f9"/>
  <sequenceFlow id="f8" sourceRef="h" targetRef="accept"><conditionExpression>outcome = "return"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f9" sourceRef="h" targetRef="e"/><endEvent id="e"/></process></definitions>"#;

fn names(at: &[&str]) -> Vec<String> {
    ahead(&Drawing::read(PROCESS).unwrap(), at).into_iter().map(|step| step.name).collect()
}

#[test]
fn what_is_to_come_leaves_out_ways_back_and_the_applicants_exceptions() {
    assert_eq!(names(&["s"]), ["受理", "勘查", "审批"]);
    assert_eq!(names(&["accept"]), ["勘查", "审批"]);
    assert_eq!(names(&["fix"]), Vec::<String>::new(), "whoever corrects goes back; the list says so by the present step");
    assert_eq!(names(&["look"]), ["审批"], "out of the sub-process");
    assert_eq!(names(&["decide"]), Vec::<String>::new(), "sending back is no step to come");
    assert_eq!(names(&[]), Vec::<String>::new());
}

fn step(at: &str, who: &str, happened: &[(Event, &str)]) -> Step {
    let happened = happened.iter().map(|(event, element)| Happened { event: *event, process: "p".into(), element: (*element).into(), token: None });
    Step { at: at.parse().unwrap(), who: who.into(), happened: happened.collect() }
}

#[test]
fn the_last_thing_that_happened_is_shown_and_where_it_waits_wins() {
    let steps = [
        step("2026-11-24T02:00:00Z", "甲", &[(Event::Entered, "s"), (Event::Completed, "s"), (Event::Taken, "f1"), (Event::Entered, "accept")]),
        step("2026-11-24T03:00:00Z", "甲", &[(Event::Completed, "accept"), (Event::Taken, "f2"), (Event::Incident, "sub")]),
        step("2026-11-24T04:00:00Z", "乙", &[(Event::Moved, "decide"), (Event::Entered, "accept")]),
    ];
    let marks = marks("p", &steps, &[("accept", false)], &[]);
    let state = |id: &str| marks.iter().find(|m| m.element == id).map(|m| m.state);
    assert_eq!(state("accept"), Some(MarkState::Waiting));
    assert_eq!((state("s"), state("f1"), state("sub"), state("decide")), (Some(MarkState::Done), Some(MarkState::Done), Some(MarkState::Stuck), Some(MarkState::Cancelled)));
    assert!(!marks.iter().find(|m| m.element == "s").unwrap().at.is_empty());
    assert_eq!(super::marks("other", &steps, &[], &[]), Vec::new(), "what a called process does is not on this drawing");
}
