//! Tasks of every kind (BPMN 2.0.2, 10.3 and 13.3).

use serde_json::json;

use super::*;

#[test]
fn tasks_that_need_nobody_pass_at_once() {
    let xml = file(
        &(nodes(
            "startEvent s, task a, manualTask b, serviceTask c, sendTask d, businessRuleTask e, scriptTask f",
        ) + &flows("s>a a>b b>c c>d d>e e>f")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +a -a +b -b +c -c +d @d:d -d +e -e +f -f .",
    );
}

#[test]
fn user_and_receive_tasks_wait() {
    let xml = file(
        &(nodes(r#"startEvent s, userTask a, receiveTask b messageRef="m1""#) + &flows("s>a a>b")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(
        (run.trace().as_str(), run.waiting().as_str()),
        ("+s -s +a", "a")
    );
    assert_eq!(run.message("M", None), "ignored:M", "not yet");
    assert_eq!(run.fire("a"), "-a +b");
    assert_eq!(run.fire("a"), "ignoreda", "not twice");
    assert_eq!(run.message("M", None), "-b .");
}

#[test]
fn a_receive_task_may_begin_the_process() {
    let xml = file(
        &(nodes(r#"receiveTask r messageRef="m1" instantiate="true", task a"#) + &flows("r>a")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!((run.trace().as_str(), run.waiting().as_str()), ("", "r"));
    assert_eq!(run.message("M", None), "+r -r +a -a .");
    assert!(run.ended());
}

#[test]
fn scripts_in_feel_compute_and_others_are_passed_over() {
    let script = |id: &str, format: &str, text: &str, more: &str| {
        with(
            "scriptTask",
            id,
            &format!(r#"scriptFormat="{format}" {more}"#),
            &with("script", &format!("{id}s"), "", text),
        )
    };
    let xml = file(
        &(nodes("startEvent s")
            + &script("a", "feel", "x = 1", r#"t:resultVariable="one""#)
            + &script("b", "javascript", "while(true){}", "")
            + &flows("s>a a>b")),
    );
    let mut run = Run::start(&xml, json!({"x": 1}));
    assert_eq!(run.trace(), "+s -s +a -a +b skippedb:javascript -b .");
    assert_eq!(run.variable("one"), json!(true));
}

#[test]
fn quantities_of_tokens() {
    // `a` sends two tokens along its flow, `b` needs two to begin.
    let xml = file(
        &(nodes(
            r#"startEvent s, task a completionQuantity="2", task b startQuantity="2", task c"#,
        ) + &flows("s>a a>b b>c")),
    );
    runs(&xml, json!({}), "+s -s +a -a +b +b -b +c -c .");
    let xml = xml.replace(r#"startQuantity="2""#, "");
    runs(&xml, json!({}), "+s -s +a -a +b +b -b +c -b +c -c -c .");
}

#[test]
fn processes_without_start_or_end_events() {
    let xml = file(&(nodes("task a, task b, userTask c") + &flows("a>b")));
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+a +c -a +b -b");
    assert_eq!(run.fire("c"), "-c .");
}

#[test]
fn lanes_say_who_does_it() {
    let xml = file(
        &(r#"<laneSet id="l"><lane id="window" name="窗口" t:permission="cases.accept"><flowNodeRef>a</flowNodeRef></lane></laneSet>"#.to_owned()
            + &nodes("startEvent s, userTask a, endEvent e")
            + &flows("s>a a>e")),
    );
    let definitions = Definitions::parse(&xml).unwrap();
    let process = definitions.process("p").unwrap();
    let task = process.element("a").unwrap();
    assert_eq!(task.extension("permission"), Some("cases.accept"));
    assert_eq!(process.lane(task).map(|l| l.name.as_str()), Some("窗口"));
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a");
}
