//! Loops and multi-instance activities (BPMN 2.0.2, 10.3.8 and 13.3.6 to 13.3.7).

use serde_json::json;

use super::*;

fn standard(attributes: &str, condition: &str) -> String {
    let condition = match condition {
        "" => String::new(),
        c => format!("<loopCondition><![CDATA[{c}]]></loopCondition>"),
    };
    let looping = format!(
        "<standardLoopCharacteristics {attributes}>{condition}</standardLoopCharacteristics>"
    );
    file(
        &(nodes("startEvent s, endEvent e")
            + &with("userTask", "a", "", &looping)
            + &flows("s>a a>e")),
    )
}

#[test]
fn standard_loops() {
    let mut run = Run::start(&standard("", "again = true"), json!({"again": false}));
    assert_eq!(run.trace(), "+s -s +a", "tested after the first time only");
    assert_eq!(run.fire_with("a", json!({"again": true})), "-a +a");
    assert_eq!(run.fire_with("a", json!({"again": false})), "-a +e -e .");

    let mut run = Run::start(
        &standard(r#"testBefore="true""#, "again = true"),
        json!({"again": false}),
    );
    assert_eq!(run.trace(), "+s -s +e -e .", "tested before: not once");

    let mut run = Run::start(&standard(r#"loopMaximum="2""#, "true"), json!({}));
    assert_eq!(run.trace(), "+s -s +a");
    assert_eq!(run.fire("a"), "-a +a");
    assert_eq!(run.fire("a"), "-a +e -e .");

    for none in ["0", "-1"] {
        let xml = standard(
            &format!(r#"testBefore="true" loopMaximum="{none}""#),
            "true",
        );
        runs(&xml, json!({}), "+s -s +e -e .");
    }
    let mut run = Run::start(&standard("", "loopCounter < 3"), json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a +a");
    assert_eq!(run.fire("a"), "-a +a");
    assert_eq!(run.fire("a"), "-a +e -e .");
}

fn multiple(task: &str, attributes: &str, inside: &str, more: &str) -> String {
    let looping = format!(
        "<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"
    );
    file(
        &(nodes("startEvent s, endEvent e")
            + &with(task, "a", "", &looping)
            + &flows("s>a a>e")
            + more),
    )
}

const THREE: &str = "<loopCardinality>3</loopCardinality>";

#[test]
fn instances_at_once_and_one_after_another() {
    runs(
        &multiple("task", "", THREE, ""),
        json!({}),
        "+s -s +a +a +a -a -a -a +e -e .",
    );
    let sequential = multiple("task", r#"isSequential="true""#, THREE, "");
    runs(&sequential, json!({}), "+s -s +a -a +a -a +a -a +e -e .");
    let none = multiple("task", "", "<loopCardinality>0</loopCardinality>", "");
    runs(&none, json!({}), "+s -s +e -e .");
    let computed = multiple("task", "", "<loopCardinality>n</loopCardinality>", "");
    runs(&computed, json!({"n": 2}), "+s -s +a +a -a -a +e -e .");
    let mut run = Run::start(&computed, json!({"n": "many"}));
    assert_eq!(run.trace(), "+s -s #a");
}

#[test]
fn one_for_each_entry_and_results_in_their_order() {
    let data = r#"<loopDataInputRef>who</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef>
        <inputDataItem id="i1" name="person"/><outputDataItem id="o1" name="answer"/>"#;
    let mut run = Run::start(
        &multiple("userTask", "", data, ""),
        json!({"who": ["甲", "乙"]}),
    );
    assert_eq!(run.trace(), "+s -s +a +a");
    assert_eq!(run.fire_with("a", json!({"answer": 1})), "-a");
    assert_eq!(run.fire_with("a", json!({"answer": 2})), "-a +e -e .");
    assert_eq!(run.variable("answers"), json!([1, 2]));
    assert_eq!(
        run.variable("person"),
        json!(null),
        "entries stay in their rounds"
    );
}

#[test]
fn a_completion_condition_withdraws_the_others() {
    let enough = THREE.to_owned()
        + "<completionCondition>numberOfCompletedInstances &gt;= 2</completionCondition>";
    let mut run = Run::start(&multiple("userTask", "", &enough, ""), json!({}));
    assert_eq!(run.trace(), "+s -s +a +a +a");
    assert_eq!(run.fire("a"), "-a");
    assert_eq!(run.fire("a"), "-a xa +e -e .");
    let mut run = Run::start(
        &multiple("userTask", r#"isSequential="true""#, &enough, ""),
        json!({}),
    );
    assert_eq!(run.trace(), "+s -s +a");
    assert_eq!(run.fire("a"), "-a +a");
    assert_eq!(run.fire("a"), "-a +e -e .");
}

#[test]
fn behaviors_throw_what_the_border_catches() {
    let border = border("b", "a", ASIDE, S) + &nodes("task z") + &flows("b>z");
    let each = multiple(
        "userTask",
        r#"behavior="None" noneBehaviorEventRef="defS""#,
        THREE,
        &border,
    );
    let mut run = Run::start(&each, json!({}));
    assert_eq!(run.trace(), "+s -s +a +a +a");
    assert_eq!(run.fire("a"), "-a *a:S +b -b +z -z");
    assert_eq!(run.fire("a"), "-a *a:S +b -b +z -z");
    let first = multiple(
        "userTask",
        r#"behavior="One" oneBehaviorEventRef="defS""#,
        THREE,
        &border,
    );
    let mut run = Run::start(&first, json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a *a:S +b -b +z -z");
    assert_eq!(run.fire("a"), "-a");
    let complex = THREE.to_owned()
        + r#"<complexBehaviorDefinition id="c1"><condition>numberOfCompletedInstances = 2</condition><event id="ev"><signalEventDefinition signalRef="s1"/></event></complexBehaviorDefinition>"#;
    let complex = multiple("userTask", r#"behavior="Complex""#, &complex, &border);
    let mut run = Run::start(&complex, json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a");
    assert_eq!(run.fire("a"), "-a *a:S +b -b +z -z");
    assert_eq!(run.fire("a"), "-a +e -e .");
}

#[test]
fn an_error_in_one_instance_withdraws_all() {
    let border = border("b", "a", "", E1) + &nodes("task z") + &flows("b>z");
    let mut run = Run::start(&multiple("userTask", "", THREE, &border), json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a");
    assert_eq!(run.fail("a", "E1"), "^a:E1 xa xa +b -b +z -z .");
}

#[test]
fn sub_processes_many_times_over() {
    let inside = nodes("startEvent i, userTask u, endEvent o") + &flows("i>u u>o");
    let looping =
        format!("<multiInstanceLoopCharacteristics>{THREE}</multiInstanceLoopCharacteristics>");
    let xml = file(
        &(nodes("startEvent s, endEvent e")
            + &with("subProcess", "a", "", &(looping + &inside))
            + &flows("s>a a>e")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a +a +a +i +i +i -i +u -i +u -i +u");
    assert_eq!(run.fire("u"), "-u +o -o -a");
    assert_eq!(run.fire("u"), "-u +o -o -a");
    assert_eq!(run.fire("u"), "-u +o -o -a +e -e .");
}

#[test]
fn a_terminate_event_ends_its_own_instance_only() {
    let inside = nodes("startEvent i, parallelGateway f, userTask u, userTask v")
        + &with("endEvent", "o", "", TERMINATE)
        + &flows("i>f f>u f>v u>o");
    let looping = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>";
    let xml = file(
        &(nodes("startEvent s, endEvent e")
            + &with("subProcess", "a", "", &(looping.to_owned() + &inside))
            + &flows("s>a a>e")),
    );
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fire("u"), "-u +o -o xv -a");
    assert_eq!(run.fire("u"), "-u +o -o xv -a +e -e .");
}
