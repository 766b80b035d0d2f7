//! Transactions and compensation (BPMN 2.0.2, 10.7 and 13.5.5).

use serde_json::json;

use super::*;

/// A task with the task that undoes it.
fn undoable(id: &str) -> String {
    nodes(&format!(
        r#"task {id}, task un{id} isForCompensation="true""#
    )) + &border(&format!("b{id}"), id, "", UNDO)
        + &format!(
            r#"<association id="as{id}" associationDirection="One" sourceRef="b{id}" targetRef="un{id}"/>"#
        )
}

#[test]
fn what_was_done_is_undone_backwards() {
    let xml = file(
        &(nodes("startEvent s, task z")
            + &undoable("a")
            + &undoable("b")
            + &with("intermediateThrowEvent", "t", "", UNDO)
            + &flows("s>a a>b b>t t>z")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +a -a +b -b +t +unb -unb ~b +una -una ~a -t +z -z .",
    );
    let one = xml.replace(
        "<compensateEventDefinition/></intermediate",
        r#"<compensateEventDefinition activityRef="a"/></intermediate"#,
    );
    runs(
        &one,
        json!({}),
        "+s -s +a -a +b -b +t +una -una ~a -t +z -z .",
    );
    let aside = xml.replace(
        "<compensateEventDefinition/></intermediate",
        r#"<compensateEventDefinition waitForCompletion="false"/></intermediate"#,
    );
    runs(
        &aside,
        json!({}),
        "+s -s +a -a +b -b +t -t +z -z +unb -unb ~b +una -una ~a .",
    );
}

#[test]
fn only_what_was_done_is_undone_and_only_once() {
    let xml = file(
        &(nodes("startEvent s, task z")
            + &undoable("a")
            + &undoable("never")
            + &with("intermediateThrowEvent", "t", "", UNDO)
            + &with("intermediateThrowEvent", "t2", "", UNDO)
            + &flows("s>a a>t t>t2 t2>z t2>never?false")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +a -a +t +una -una ~a -t +t2 -t2 +z -z .",
    );
}

#[test]
fn a_finished_sub_process_is_undone_as_a_whole() {
    let inside = nodes("startEvent i") + &undoable("a") + &undoable("b") + &flows("i>a a>b");
    let xml = file(
        &(nodes("startEvent s")
            + &with("subProcess", "p1", "", &inside)
            + &with("endEvent", "t", "", UNDO)
            + &flows("s>p1 p1>t")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +p1 +i -i +a -a +b -b -p1 +t +unb -unb ~b +una -una ~a -t .",
    );
}

#[test]
fn a_compensation_event_sub_process_sees_the_past() {
    let handler = with("startEvent", "h", "", UNDO)
        + &with(
            "scriptTask",
            "k",
            r#"scriptFormat="feel" t:resultVariable="seen""#,
            "<script>x</script>",
        )
        + &flows("h>k");
    let inside = nodes("startEvent i")
        + &with(
            "scriptTask",
            "a",
            r#"scriptFormat="feel" t:resultVariable="x""#,
            "<script>1</script>",
        )
        + &with("subProcess", "esp", r#"triggeredByEvent="true""#, &handler)
        + &flows("i>a");
    let xml = file(
        &(nodes("startEvent s")
            + &with("subProcess", "p1", "", &inside)
            + &with(
                "scriptTask",
                "b",
                r#"scriptFormat="feel" t:resultVariable="x""#,
                "<script>2</script>",
            )
            + &with("endEvent", "t", "", UNDO)
            + &flows("s>p1 p1>b b>t")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(
        run.trace(),
        "+s -s +p1 +i -i +a -a -p1 +b -b +t +esp +h -h +k -k -esp ~p1 -t ."
    );
    assert_eq!(
        (run.variable("x"), run.variable("seen")),
        (json!(2), json!(1))
    );
}

#[test]
fn every_instance_is_undone() {
    let looping = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>";
    let xml = file(
        &(nodes("startEvent s")
            + &undoable("a").replace(r#"<task id="a" />"#, &with("task", "a", "", looping))
            + &with("endEvent", "t", "", UNDO)
            + &flows("s>a a>t")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +a +a -a -a +t +una -una ~a +una -una ~a -t .",
    );
}

fn transaction(end: &str) -> String {
    let inside = nodes("startEvent i, parallelGateway f, userTask u")
        + &undoable("a")
        + &with("endEvent", "x", "", end)
        + &flows("i>a a>f f>u f>x");
    file(
        &(nodes("startEvent s, task fine, task cancelled, task failed")
            + &with("transaction", "tx", "", &inside)
            + &border("c", "tx", "", CANCEL)
            + &border("h", "tx", "", E1)
            + &flows("s>tx tx>fine c>cancelled h>failed")),
    )
}

#[test]
fn transactions_succeed_cancel_or_fail() {
    runs(
        &transaction(CANCEL),
        json!({}),
        "+s -s +tx +i -i +a -a +f -f +u +x -x xu +una -una ~a xtx +c -c +cancelled -cancelled .",
    );
    runs(
        &transaction(E1),
        json!({}),
        "+s -s +tx +i -i +a -a +f -f +u +x ^x:E1 -x xu xtx +h -h +failed -failed .",
    );
    let mut run = Run::start(&transaction(""), json!({}));
    assert_eq!(run.trace(), "+s -s +tx +i -i +a -a +f -f +u +x -x");
    assert_eq!(run.fire("u"), "-u -tx +fine -fine .");
}

#[test]
fn a_successful_transaction_can_still_be_undone() {
    let inside = nodes("startEvent i") + &undoable("a") + &flows("i>a");
    let xml = file(
        &(nodes("startEvent s")
            + &with("transaction", "tx", "", &inside)
            + &with("endEvent", "t", "", UNDO)
            + &flows("s>tx tx>t")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +tx +i -i +a -a -tx +t +una -una ~a -t .",
    );
}

#[test]
fn an_error_handler_undoes_what_its_own_sub_process_did() {
    let handler =
        with("startEvent", "h", "", E1) + &with("endEvent", "t", "", UNDO) + &flows("h>t");
    let inside = nodes("startEvent i")
        + &undoable("a")
        + &with("endEvent", "x", "", E1)
        + &with("subProcess", "esp", r#"triggeredByEvent="true""#, &handler)
        + &flows("i>a a>x");
    let xml = file(
        &(nodes("startEvent s, task z")
            + &with("subProcess", "p1", "", &inside)
            + &flows("s>p1 p1>z")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +p1 +i -i +a -a +x ^x:E1 -x +esp +h -h +t +una -una ~a -t -esp -p1 +z -z .",
    );
}
