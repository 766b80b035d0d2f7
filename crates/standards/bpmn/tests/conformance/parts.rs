//! Sub-processes: embedded, event and ad-hoc ones (BPMN 2.0.2, 10.3.5, 13.3.4, 13.3.5, 13.5.4).

use serde_json::json;

use super::*;

#[test]
fn a_sub_process_ends_with_its_last_token() {
    let inside =
        nodes("startEvent i, parallelGateway f, userTask u, userTask v") + &flows("i>f f>u f>v");
    let xml = file(
        &(nodes("startEvent s, task z")
            + &with("subProcess", "a", "", &inside)
            + &flows("s>a a>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a +i -i +f -f +u +v");
    assert_eq!(run.fire("v"), "-v");
    assert_eq!(run.fire("u"), "-u -a +z -z .");
    // Without a start event everything nothing leads to begins.
    let xml = file(
        &(nodes("startEvent s, task z")
            + &with("subProcess", "a", "", &nodes("task u, task v"))
            + &flows("s>a a>z")),
    );
    runs(&xml, json!({}), "+s -s +a +u +v -u -v -a +z -z .");
    let empty = file(&(nodes("startEvent s, subProcess a, task z") + &flows("s>a a>z")));
    runs(&empty, json!({}), "+s -s +a -a +z -z .");
}

#[test]
fn terminate_in_a_sub_process_ends_only_that() {
    let inside = nodes("startEvent i, parallelGateway f, userTask u")
        + &with("endEvent", "t", "", TERMINATE)
        + &flows("i>f f>u f>t");
    let xml = file(
        &(nodes("startEvent s, task z")
            + &with("subProcess", "a", "", &inside)
            + &flows("s>a a>z")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +a +i -i +f -f +u +t -t xu -a +z -z .",
    );
}

#[test]
fn an_error_passes_the_borders_up_to_the_one_that_catches() {
    let inner = nodes("startEvent i") + &with("endEvent", "x", "", E1) + &flows("i>x");
    let middle = nodes("startEvent m")
        + &with("subProcess", "in", "", &inner)
        + &border("wrong", "in", "", E2)
        + &flows("m>in");
    let xml = file(
        &(nodes("startEvent s, task z")
            + &with("subProcess", "out", "", &middle)
            + &border("b", "out", "", E1)
            + &flows("s>out b>z")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +out +m -m +in +i -i +x ^x:E1 -x xin xout +b -b +z -z .",
    );
}

/// A process with one user task and an event sub-process.
fn watched(attributes: &str, event: &str, more: &str) -> String {
    let inside = with("startEvent", "i", attributes, event) + &nodes("userTask v") + &flows("i>v");
    file(
        &(nodes("startEvent s, userTask u, endEvent e")
            + &with("subProcess", "esp", r#"triggeredByEvent="true""#, &inside)
            + &flows("s>u u>e")
            + more),
    )
}

const BESIDE: &str = r#"isInterrupting="false""#;

#[test]
fn event_sub_processes_that_interrupt() {
    let acts: [(&str, fn(&mut Run) -> String); 4] = [
        (M, |r| r.message("M", None)),
        (S, |r| r.signal("S")),
        (HOUR, |r| r.advance("PT1H")),
        (IF_X, |r| r.fire("i")),
    ];
    for (event, act) in acts {
        let mut run = Run::start(&watched("", event, ""), json!({}));
        assert_eq!(run.trace(), "+s -s +u");
        assert_eq!(act(&mut run), "xu +esp +i -i +v");
        assert_eq!(run.signal("S"), "", "no second time");
        assert_eq!(run.fire("v"), "-v -esp .");
    }
    let mut run = Run::start(&watched("", E1, ""), json!({}));
    run.trace();
    assert_eq!(run.fail("u", "E1"), "^u:E1 xu +esp +i -i +v");
    assert_eq!(
        run.fail("v", "E1"),
        "!v:E1 xv xesp .",
        "it does not catch its own errors"
    );
}

#[test]
fn event_sub_processes_that_do_not_interrupt_run_beside_and_many_times() {
    let mut run = Run::start(&watched(BESIDE, M, ""), json!({}));
    run.trace();
    assert_eq!(run.message("M", None), "+esp +i -i +v");
    assert_eq!(run.message("M", None), "+esp +i -i +v");
    assert_eq!(run.fire("u"), "-u +e -e");
    assert_eq!(run.fire("v"), "-v -esp");
    assert_eq!(run.fire("v"), "-v -esp .");
    let mut run = Run::start(&watched(BESIDE, THRICE, ""), json!({}));
    run.trace();
    assert_eq!(run.advance("P1D"), ["+esp +i -i +v"; 3].join(" "));
    let more = with("intermediateThrowEvent", "t", "", U1) + &nodes("userTask w") + &flows("t>w");
    let xml = watched(BESIDE, U1, &more).replace(&flows("u>e"), &flows("u>t"));
    let xml = xml.replace(r#"<endEvent id="e" />"#, "");
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fire("u"), "-u +t ^t:U1 +esp +i -i +v -t +w");
}

#[test]
fn event_sub_processes_are_open_only_while_their_sub_process_is() {
    let inside = nodes("startEvent j, userTask u")
        + &with(
            "subProcess",
            "esp",
            r#"triggeredByEvent="true""#,
            &(with("startEvent", "i", "", S) + &nodes("task v") + &flows("i>v")),
        )
        + &flows("j>u");
    let xml = file(
        &(nodes("startEvent s, userTask z")
            + &with("subProcess", "a", "", &inside)
            + &flows("s>a a>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a +j -j +u");
    assert_eq!(run.signal("S"), "xu +esp +i -i +v -v -esp -a +z");
    assert_eq!(run.signal("S"), "");
}

fn ad_hoc(attributes: &str, completion: &str) -> String {
    let completion = match completion {
        "" => String::new(),
        c => format!("<completionCondition>{c}</completionCondition>"),
    };
    let inside = nodes("userTask u, userTask v, task w") + &flows("u>w") + &completion;
    file(
        &(nodes("startEvent s, task z")
            + &with("adHocSubProcess", "a", attributes, &inside)
            + &flows("s>a a>z")),
    )
}

#[test]
fn ad_hoc_activities_in_any_order() {
    let mut run = Run::start(&ad_hoc("", ""), json!({}));
    assert_eq!(run.trace(), "+s -s +a +u +v");
    assert_eq!(run.fire("v"), "-v");
    assert_eq!(run.fire("u"), "-u +w -w -a +z -z .");
}

#[test]
fn ad_hoc_activities_one_after_another() {
    let mut run = Run::start(&ad_hoc(r#"ordering="Sequential""#, ""), json!({}));
    assert_eq!(run.trace(), "+s -s +a +u");
    assert_eq!(run.fire("u"), "-u +w -w +v");
    assert_eq!(run.fire("v"), "-v -a +z -z .");
}

#[test]
fn an_ad_hoc_condition_withdraws_or_lets_finish() {
    let mut run = Run::start(&ad_hoc("", "x = true"), json!({}));
    run.trace();
    assert_eq!(run.fire_with("u", json!({"x": true})), "-u xv -a +z -z .");
    let mut run = Run::start(
        &ad_hoc(r#"cancelRemainingInstances="false""#, "x = true"),
        json!({}),
    );
    run.trace();
    assert_eq!(run.fire_with("u", json!({"x": true})), "-u");
    assert_eq!(run.fire("v"), "-v -a +z -z .");
    // As long as it does not hold, what is done can be done again.
    let mut run = Run::start(&ad_hoc("", "x = true"), json!({}));
    run.trace();
    assert_eq!(run.fire("u"), "-u +w -w");
    assert_eq!(run.fire("v"), "-v");
    assert_eq!(run.waiting(), "a");
    assert_eq!(run.fire("v"), "+v");
    assert_eq!(run.fire_with("v", json!({"x": true})), "-v -a +z -z .");
}
