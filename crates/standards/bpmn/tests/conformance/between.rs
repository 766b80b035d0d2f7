//! Calls, messages and signals between processes, and data (BPMN 2.0.2, 9, 10.3.6, 10.4).

use serde_json::json;

use super::*;

#[test]
fn a_call_runs_the_called_process_and_takes_over_what_it_found() {
    let caller =
        nodes(r#"startEvent s, callActivity c calledElement="q", task z"#) + &flows("s>c c>z");
    let called = nodes("startEvent i")
        + &with(
            "scriptTask",
            "k",
            r#"scriptFormat="feel" t:resultVariable="found""#,
            "<script>given</script>",
        )
        + &flows("i>k");
    let xml = files(&[("p", &caller), ("q", &called)]);
    let mut run = Run::start(&xml, json!({"given": 7}));
    assert_eq!(
        run.trace(),
        "+s -s +c +i -i +k -k -c +z -z .",
        "the called process does not start by itself"
    );
    assert_eq!(run.variable("found"), json!(7));
}

#[test]
fn errors_and_escalations_leave_a_called_process() {
    let called = |event: &str| {
        nodes("startEvent i, parallelGateway f, userTask w")
            + &with("endEvent", "x", "", event)
            + &flows("i>f f>w f>x")
    };
    let caller = |attributes: &str, event: &str| {
        nodes(r#"startEvent s, callActivity c calledElement="q", task z"#)
            + &border("b", "c", attributes, event)
            + &flows("s>c b>z")
    };
    let error = files(&[("p", &caller("", E1)), ("q", &called(E1))]);
    runs(
        &error,
        json!({}),
        "+s -s +c +i -i +f -f +w +x ^x:E1 -x xw xc +b -b +z -z .",
    );
    let escalation = files(&[("p", &caller(ASIDE, U1)), ("q", &called(U1))]);
    let mut run = Run::start(&escalation, json!({}));
    assert_eq!(
        run.trace(),
        "+s -s +c +i -i +f -f +w +x ^x:U1 -x +b -b +z -z"
    );
    assert_eq!(run.fire("w"), "-w -c .");
    let terminate = files(&[("p", &caller("", E1)), ("q", &called(TERMINATE))]);
    runs(
        &terminate,
        json!({}),
        "+s -s +c +i -i +f -f +w +x -x xw -c .",
    );
}

#[test]
fn global_tasks_are_called_like_processes() {
    let caller =
        nodes(r#"startEvent s, callActivity c calledElement="g", task z"#) + &flows("s>c c>z");
    let xml = files(&[("p", &caller)]).replace(
        "</definitions>",
        r#"<globalUserTask id="g"/></definitions>"#,
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +c +g");
    assert_eq!(run.fire("g"), "-g -c +z -z .");
}

#[test]
fn a_process_that_calls_itself_endlessly_is_refused_or_stopped() {
    let endless = nodes(r#"startEvent s, callActivity c calledElement="p""#) + &flows("s>c");
    let definitions = Definitions::parse(&files(&[("p", &endless)])).unwrap();
    let problems = bpmn::check_all(&definitions, &Conditions);
    assert!(
        problems
            .iter()
            .any(|p| p.code == bpmn::Code::EndlessCall && p.is_error())
    );
    // With a way around it passes, and the depth is bounded.
    let maybe = nodes(
        r#"startEvent s, exclusiveGateway g default="g_c", callActivity c calledElement="p", endEvent e"#,
    ) + &flows("s>g g>c g>e?x=1 c>e");
    let mut run = Run::start(&files(&[("p", &maybe)]), json!({}));
    assert!(run.trace().ends_with("+g -g +c #c"));
    runs(
        &files(&[("p", &maybe)]),
        json!({"x": 1}),
        "+s -s +g -g +e -e .",
    );
}

#[test]
fn messages_go_to_the_process_that_waits_or_begin_one() {
    let sender = nodes(r#"startEvent s, sendTask t messageRef="m1""#)
        + &with("intermediateCatchEvent", "back", "", N)
        + &flows("s>t t>back");
    let answerer = with("startEvent", "i", "", M) + &with("endEvent", "o", "", N) + &flows("i>o");
    let mut run = Run::start(&files(&[("p", &sender), ("q", &answerer)]), json!({}));
    assert_eq!(
        run.trace(),
        "+s -s +t @t:M -t +back +i -i +o @o:N -o . -back ."
    );
    assert!(run.ended());
}

#[test]
fn a_message_flow_is_enough() {
    let sender = nodes("startEvent s")
        + &with(
            "intermediateThrowEvent",
            "t",
            "",
            "<messageEventDefinition/>",
        )
        + &flows("s>t");
    let receiver =
        with("startEvent", "i", "", "<messageEventDefinition/>") + &nodes("task a") + &flows("i>a");
    let pools = r#"<collaboration id="co"><participant id="pa" processRef="p"/><participant id="pb" processRef="q"/><messageFlow id="mf" sourceRef="t" targetRef="i"/></collaboration>"#;
    let xml = files(&[("p", &sender), ("q", &receiver)])
        .replace("</definitions>", &format!("{pools}</definitions>"));
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +t @t:mf -t . +i -i +a -a .");
}

#[test]
fn a_message_thrown_too_early_is_kept() {
    let sender = nodes(r#"startEvent s, sendTask t messageRef="m1""#) + &flows("s>t");
    let receiver = nodes("startEvent i, userTask u")
        + &with("intermediateCatchEvent", "c", "", M)
        + &flows("i>u u>c");
    let mut run = Run::start(&files(&[("p", &sender), ("q", &receiver)]), json!({}));
    assert_eq!(run.trace(), "+s -s +t @t:M -t . +i -i +u");
    assert_eq!(run.fire("u"), "-u +c -c .");
}

#[test]
fn correlation_finds_the_right_instance() {
    let key = r#"<messageEventDefinition messageRef="mk"/>"#;
    let waiting =
        nodes("startEvent i") + &with("intermediateCatchEvent", "c", "", key) + &flows("i>c");
    let other = waiting
        .replace("\"i", "\"i2")
        .replace("\"c", "\"c2")
        .replace("c\"", "c2\"")
        .replace("c22", "c2");
    let xml = files(&[("p", &waiting), ("q", &other)]);
    let mut run = Run::load(&xml);
    let (p, q) = (
        run.definitions.process("p").unwrap(),
        run.definitions.process("q").unwrap(),
    );
    run.simulation.start(&[p], &object(json!({"key": "A"})));
    run.simulation.start(&[q], &object(json!({"key": "B"})));
    run.trace();
    assert_eq!(run.message("K", Some("B")), "-c2 .");
    assert_eq!(run.message("K", Some("B")), "ignored:K");
    assert_eq!(run.message("K", Some("A")), "-c .");
}

/// Orders and their answers belong together by their number, as the standard draws it: a property read out of the message
/// on one side and out of the data of the process on the other.
#[test]
fn correlation_subscriptions_find_the_right_instance() {
    let sender = nodes(r#"startEvent s, sendTask t messageRef="m1""#) + &flows("s>t");
    let subscription = r#"<correlationSubscription id="cs" correlationKeyRef="ck"><correlationPropertyBinding id="cb" correlationPropertyRef="cp"><dataPath>mine</dataPath></correlationPropertyBinding></correlationSubscription>"#;
    let receiver = subscription.to_owned()
        + &nodes("startEvent i")
        + &with("intermediateCatchEvent", "c", "", M)
        + &flows("i>c");
    let property = r#"<correlationProperty id="cp" name="number"><correlationPropertyRetrievalExpression messageRef="m1"><messagePath>number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"#;
    let xml = files(&[("p", &sender), ("q", &receiver)]);
    let xml = xml.replace("</definitions>", &format!("{property}</definitions>"));
    let mut run = Run::load(&xml);
    let (p, q) = (
        run.definitions.process("p").unwrap(),
        run.definitions.process("q").unwrap(),
    );
    for mine in ["A", "B"] {
        let variables = json!({ "mine": mine });
        run.simulation.start(&[q], &object(variables));
    }
    run.trace();
    run.simulation.start(&[p], &object(json!({"number": "B"})));
    assert_eq!(run.trace(), "+s -s +t @t:M -t . -c .");
    let ended = run.simulation.instances().iter().map(bpmn::Instance::ended);
    assert_eq!(ended.collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(run.message("M", Some("C")), "ignored:M");
    assert_eq!(run.message("M", Some("A")), "-c .");
}

#[test]
fn signals_reach_every_process() {
    let one = nodes("startEvent s, userTask u")
        + &with("intermediateThrowEvent", "t", "", S)
        + &flows("s>u u>t");
    let two = nodes("startEvent i") + &with("intermediateCatchEvent", "c", "", S) + &flows("i>c");
    let three = with("startEvent", "j", "", S) + &nodes("task a") + &flows("j>a");
    let mut run = Run::start(
        &files(&[("p", &one), ("q", &two), ("r", &three)]),
        json!({}),
    );
    assert_eq!(run.trace(), "+s -s +u +i -i +c");
    assert_eq!(run.fire("u"), "-u +t *t:S -t . -c . +j -j +a -a .");
    assert!(run.ended());
}

#[test]
fn endless_exchanges_are_stopped() {
    let ping = with("startEvent", "a", "", M) + &with("endEvent", "b", "", N) + &flows("a>b");
    let pong = with("startEvent", "c", "", N) + &with("endEvent", "d", "", M) + &flows("c>d");
    let mut run = Run::start(&files(&[("p", &ping), ("q", &pong)]), json!({}));
    assert!(run.message("M", None).ends_with("limit"));
    let wheel = nodes("startEvent s, task a, task b, endEvent e, exclusiveGateway g")
        + &flows("s>a a>b b>g g>a?true g>e?false");
    let mut run = Run::start(&file(&wheel), json!({}));
    assert_eq!(run.trace(), "limit");
}

#[test]
fn data_of_a_sub_process_is_its_own() {
    let set = |id: &str, name: &str, value: &str| {
        with(
            "scriptTask",
            id,
            &format!(r#"scriptFormat="feel" t:resultVariable="{name}""#),
            &format!("<script>{value}</script>"),
        )
    };
    let inside = r#"<dataObject id="do" name="own"/>"#.to_owned()
        + &nodes("startEvent i")
        + &set("k", "own", "1")
        + &set("l", "shared", "own")
        + &flows("i>k k>l");
    let xml =
        file(&(nodes("startEvent s") + &with("subProcess", "a", "", &inside) + &flows("s>a")));
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a +i -i +k -k +l -l -a .");
    assert_eq!(
        (run.variable("own"), run.variable("shared")),
        (json!(null), json!(1))
    );
}
