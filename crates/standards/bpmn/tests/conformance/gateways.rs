//! Gateways and flows (BPMN 2.0.2, 13.3.1 and 13.4).

use serde_json::json;

use super::*;

#[test]
fn tasks_take_every_flow_that_holds_and_the_default_when_none_does() {
    let xml = file(
        &(nodes(r#"startEvent s, task a default="a_d", task b, task c, task d, task u"#)
            + &flows("s>a a>b?x=1 a>c?y=1 a>d a>u?z=1")),
    );
    runs(&xml, json!({"x": 1, "y": 1}), "+s -s +a -a +b +c -b -c .");
    runs(&xml, json!({}), "+s -s +a -a +d -d .");
}

#[test]
fn exclusive_takes_the_first_that_holds() {
    let xml = file(
        &(nodes(r#"startEvent s, exclusiveGateway g default="g_c", task a, task b, task c"#)
            + &flows("s>g g>a?x<10 g>b?x<20 g>c")),
    );
    runs(&xml, json!({"x": 5}), "+s -s +g -g +a -a .");
    runs(&xml, json!({"x": 15}), "+s -s +g -g +b -b .");
    runs(&xml, json!({"x": 25}), "+s -s +g -g +c -c .");
}

#[test]
fn parallel_forks_and_joins_and_exclusive_merges_let_each_through() {
    let fork = |join: &str| {
        file(
            &(nodes(&format!(
                "startEvent s, parallelGateway f, task a, task b, {join} j, task z"
            )) + &flows("s>f f>a f>b a>j b>j j>z")),
        )
    };
    runs(
        &fork("parallelGateway"),
        json!({}),
        "+s -s +f -f +a +b -a +j -b +j -j +z -z .",
    );
    runs(
        &fork("exclusiveGateway"),
        json!({}),
        "+s -s +f -f +a +b -a +j -b +j -j +z -j +z -z -z .",
    );
    // Without a gateway every token does the activity.
    runs(
        &fork("task"),
        json!({}),
        "+s -s +f -f +a +b -a +j -b +j -j +z -j +z -z -z .",
    );
}

#[test]
fn a_parallel_join_takes_one_token_of_each_flow() {
    // `a` comes twice by the same flow, `b` once: the second `a` waits in vain.
    let xml = file(
        &(nodes(
            "startEvent s, parallelGateway f, exclusiveGateway m, task a, task b, parallelGateway j, task z",
        ) + &flows("s>f f>b f>m")
            + r#"<sequenceFlow id="again" sourceRef="f" targetRef="m"/>"#
            + &flows("m>a a>j b>j j>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.waiting(), "j");
    assert!(!run.ended());
}

fn inclusive() -> String {
    file(
        &(nodes(
            r#"startEvent s, inclusiveGateway f default="f_c", userTask a, userTask b, task c, inclusiveGateway j, task z"#,
        ) + &flows("s>f f>a?x=1 f>b?y=1 f>c a>j b>j c>j j>z")),
    )
}

#[test]
fn an_inclusive_join_waits_for_all_that_were_taken() {
    let mut run = Run::start(&inclusive(), json!({"x": 1, "y": 1}));
    assert_eq!(run.trace(), "+s -s +f -f +a +b");
    assert_eq!(run.fire("b"), "-b +j");
    assert_eq!(run.fire("a"), "-a +j -j +z -z .");
    let mut run = Run::start(&inclusive(), json!({"y": 1}));
    assert_eq!(run.trace(), "+s -s +f -f +b");
    assert_eq!(run.fire("b"), "-b +j -j +z -z .");
    runs(&inclusive(), json!({}), "+s -s +f -f +c -c +j -j +z -z .");
}

#[test]
fn an_inclusive_join_does_not_wait_for_a_branch_that_left() {
    // `a` may end elsewhere; then nothing can come any more.
    let xml = file(
        &(nodes(
            r#"startEvent s, parallelGateway f, userTask a, exclusiveGateway g default="g_j", task b, inclusiveGateway j, endEvent e, task z"#,
        ) + &flows("s>f f>a f>b a>g g>e?x=1 g>j b>j j>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +f -f +a +b -b +j");
    assert_eq!(
        run.fire_with("a", json!({"x": 1})),
        "-a +g -g +e -e -j +z -z ."
    );
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a +g -g +j -j +z -z .");
}

#[test]
fn an_inclusive_join_in_a_loop_does_not_wait_for_itself() {
    let xml = file(
        &(nodes(
            r#"startEvent s, inclusiveGateway j, userTask a, exclusiveGateway g default="g_z", task z"#,
        ) + &flows("s>j j>a a>g g>j?again=true g>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +j -j +a");
    assert_eq!(
        run.fire_with("a", json!({"again": true})),
        "-a +g -g +j -j +a"
    );
    assert_eq!(
        run.fire_with("a", json!({"again": false})),
        "-a +g -g +z -z ."
    );
}

#[test]
fn nested_inclusive_splits_join_from_inside_out() {
    let xml = file(
        &(nodes(
            "startEvent s, inclusiveGateway f, inclusiveGateway g, userTask a, userTask b, userTask c, inclusiveGateway h, inclusiveGateway j, task z",
        ) + &flows("s>f f>g f>c g>a g>b a>h b>h h>j c>j j>z")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +f -f +g +c -g +a +b");
    assert_eq!(run.fire("c"), "-c +j");
    assert_eq!(run.fire("a"), "-a +h");
    assert_eq!(run.fire("b"), "-b +h -h +j -j +z -z .");
}

fn complex(condition: &str) -> String {
    let gateway = with(
        "complexGateway",
        "g",
        "",
        &format!("<activationCondition><![CDATA[{condition}]]></activationCondition>"),
    );
    file(
        &(nodes(
            "startEvent s, parallelGateway f, userTask a, userTask b, userTask c, task z, task late",
        ) + &gateway
            + &flows(
                "s>f f>a f>b f>c a>g b>g c>g g>z?waitingForStart g>late?not(waitingForStart)",
            )),
    )
}

#[test]
fn a_complex_gateway_fires_once_then_takes_in_what_is_late_and_starts_anew() {
    let mut run = Run::start(&complex("activationCount >= 2"), json!({}));
    assert_eq!(run.trace(), "+s -s +f -f +a +b +c");
    assert_eq!(run.fire("a"), "-a +g");
    assert_eq!(run.fire("c"), "-c +g -g +z -z");
    assert_eq!(run.fire("b"), "-b +g -g +late -late .");
}

#[test]
fn what_is_late_at_a_complex_gateway_goes_no_unconditional_way() {
    let xml = complex("activationCount >= 1").replace("waitingForStart", "true");
    let xml = xml.replace("<![CDATA[not(true)]]>", "<![CDATA[false]]>");
    let xml = xml.replace(
        "<conditionExpression><![CDATA[true]]></conditionExpression>",
        "",
    );
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fire("a"), "-a +g -g +z -z");
    assert_eq!(run.fire("b"), "-b +g");
    assert_eq!(run.fire("c"), "-c +g .");
}

fn choice(attributes: &str, start: &str) -> String {
    file(
        &(nodes(start)
            + &with("eventBasedGateway", "g", attributes, "")
            + &with("intermediateCatchEvent", "m", "", M)
            + &with("intermediateCatchEvent", "t", "", HOUR)
            + &nodes(r#"receiveTask r messageRef="m2", task a, task b, task c"#)
            + &flows("g>m g>t g>r m>a t>b r>c")
            + &if start.contains("startEvent") {
                flows("s>g")
            } else {
                String::new()
            }),
    )
}

#[test]
fn the_first_event_after_an_event_gateway_wins() {
    let mut run = Run::start(&choice("", "startEvent s"), json!({}));
    assert_eq!(run.trace(), "+s -s +g");
    assert_eq!(run.message("M", None), "-g +m -m +a -a .");
    let mut run = Run::start(&choice("", "startEvent s"), json!({}));
    run.trace();
    assert_eq!(run.message("N", None), "-g +r -r +c -c .");
    let mut run = Run::start(&choice("", "startEvent s"), json!({}));
    run.trace();
    assert_eq!(run.advance("PT59M"), "");
    assert_eq!(run.advance("PT1M"), "-g +t -t +b -b .");
    assert_eq!(
        run.message("M", None),
        "ignored:M",
        "nobody waits any longer"
    );
}

#[test]
fn event_gateways_begin_instances() {
    let without_timer = |xml: String| xml.replace(HOUR, S);
    let mut run = Run::start(
        &without_timer(choice(r#"instantiate="true""#, "task x").replace(r#"<task id="x" />"#, "")),
        json!({}),
    );
    assert_eq!(run.trace(), "");
    assert_eq!(run.message("M", None), "+m -m +a -a .");
    assert_eq!(run.signal("S"), "+t -t +b -b .", "another instance");
    let parallel = r#"instantiate="true" eventGatewayType="Parallel""#;
    let mut run = Run::start(
        &without_timer(choice(parallel, "task x").replace(r#"<task id="x" />"#, "")),
        json!({}),
    );
    assert_eq!(run.message("N", None), "+r +m +t -r +c -c");
    assert_eq!(run.message("M", None), "-m +a -a");
    assert_eq!(
        run.signal("S"),
        "-t +b -b . +t +m +r -t +b -b",
        "a signal also begins the next instance"
    );
}
