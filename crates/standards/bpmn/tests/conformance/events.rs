//! Start, intermediate, boundary and end events (BPMN 2.0.2, 10.5 and 13.5).

use serde_json::json;

use super::*;

fn catching(event: &str) -> String {
    file(
        &(nodes("startEvent s, endEvent e")
            + &with("intermediateCatchEvent", "c", "", event)
            + &flows("s>c c>e")),
    )
}

#[test]
fn intermediate_events_wait() {
    let mut run = Run::start(&catching(M), json!({}));
    assert_eq!(
        (run.trace().as_str(), run.waiting().as_str()),
        ("+s -s +c", "c")
    );
    assert_eq!(run.message("N", None), "ignored:N");
    assert_eq!(run.message("M", None), "-c +e -e .");
    let mut run = Run::start(&catching(S), json!({}));
    run.trace();
    assert_eq!(run.signal("S"), "-c +e -e .");
    let mut run = Run::start(&catching(HOUR), json!({}));
    run.trace();
    assert_eq!(run.advance("PT1H"), "-c +e -e .");
    let mut run = Run::start(&catching(IF_X), json!({}));
    run.trace();
    assert_eq!(run.fire_with("c", json!({"x": true})), "-c +e -e .");
    runs(&catching(IF_X), json!({"x": true}), "+s -s +c -c +e -e .");
    let date =
        "<timerEventDefinition><timeDate>2026-03-02T10:00:00</timeDate></timerEventDefinition>";
    let mut run = Run::start(&catching(date), json!({}));
    run.trace();
    assert_eq!(run.advance("PT59M"), "");
    assert_eq!(run.advance("PT1M"), "-c +e -e .", "ten o'clock in Beijing");
}

#[test]
fn several_triggers_any_or_all() {
    let both = M.to_owned() + S;
    let mut run = Run::start(&catching(&both), json!({}));
    run.trace();
    assert_eq!(run.signal("S"), "-c +e -e .");
    let all = catching(&both).replace(r#"Event id="c""#, r#"Event id="c" parallelMultiple="true""#);
    let mut run = Run::start(&all, json!({}));
    run.trace();
    assert_eq!(run.signal("S"), "");
    assert_eq!(run.signal("S"), "");
    assert_eq!(run.message("M", None), "-c +e -e .");
}

#[test]
fn start_events_wait_for_their_trigger() {
    let starting = |event: &str| {
        file(&(with("startEvent", "s", "", event) + &nodes("task a") + &flows("s>a")))
    };
    let mut run = Run::start(&starting(M), json!({}));
    assert_eq!((run.trace().as_str(), run.waiting().as_str()), ("", "s"));
    assert_eq!(run.message("M", None), "+s -s +a -a .");
    assert_eq!(
        run.message("M", None),
        "+s -s +a -a .",
        "every message begins one"
    );
    let mut run = Run::start(&starting(S), json!({}));
    assert_eq!(run.signal("S"), "+s -s +a -a .");
    let mut run = Run::start(&starting(HOUR), json!({}));
    assert_eq!(run.advance("PT1H"), "+s -s +a -a .");
    let mut run = Run::start(&starting(THRICE), json!({}));
    assert_eq!(run.advance("P1D"), ["+s -s +a -a ."; 3].join(" "));
    runs(&starting(IF_X), json!({"x": true}), "+s -s +a -a .");
    let all = starting(&(M.to_owned() + S))
        .replace("<startEvent", r#"<startEvent parallelMultiple="true""#);
    let mut run = Run::start(&all, json!({}));
    assert_eq!(run.message("M", None), "");
    assert_eq!(run.signal("S"), "+s -s +a -a .");
    let mut run = Run::start(&starting(&(M.to_owned() + S)), json!({}));
    assert_eq!(run.signal("S"), "+s -s +a -a .");
}

#[test]
fn several_start_events_each_begin_an_instance() {
    let xml = file(
        &(nodes("startEvent s, task a") + &with("startEvent", "m", "", M) + &flows("s>a m>a")),
    );
    let mut run = Run::start(&xml, json!({}));
    assert_eq!(run.trace(), "+s -s +a -a .");
    assert_eq!(run.message("M", None), "+m -m +a -a .");
    assert_eq!(run.fire("m"), "+m -m +a -a .");
}

fn bordered(attributes: &str, event: &str) -> String {
    file(
        &(nodes("startEvent s, userTask a, endEvent e, userTask z")
            + &border("b", "a", attributes, event)
            + &flows("s>a a>e b>z")),
    )
}

#[test]
fn boundary_events_withdraw_the_activity() {
    let acts: [(&str, fn(&mut Run) -> String); 4] = [
        (M, |r| r.message("M", None)),
        (S, |r| r.signal("S")),
        (HOUR, |r| r.advance("PT1H")),
        (IF_X, |r| r.fire("b")),
    ];
    for (event, act) in acts {
        let mut run = Run::start(&bordered("", event), json!({}));
        assert_eq!(run.trace(), "+s -s +a");
        assert_eq!(act(&mut run), "xa +b -b +z");
        assert_eq!(run.waiting(), "z");
        let mut run = Run::start(&bordered("", event), json!({}));
        run.trace();
        assert_eq!(run.fire("a"), "-a +e -e .", "too late for the event");
    }
}

#[test]
fn boundary_events_that_do_not_withdraw_happen_again_and_again() {
    let mut run = Run::start(&bordered(ASIDE, M), json!({}));
    run.trace();
    assert_eq!(run.message("M", None), "+b -b +z");
    assert_eq!(run.message("M", None), "+b -b +z");
    assert_eq!(run.fire("a"), "-a +e -e");
    assert_eq!(
        (run.message("M", None).as_str(), run.waiting().as_str()),
        ("ignored:M", "z z")
    );
    let mut run = Run::start(&bordered(ASIDE, HOUR), json!({}));
    run.trace();
    assert_eq!(
        run.advance("P1D"),
        "+b -b +z",
        "a span of time is over once"
    );
    let mut run = Run::start(&bordered(ASIDE, THRICE), json!({}));
    run.trace();
    assert_eq!(run.advance("PT2H"), "+b -b +z +b -b +z");
    assert_eq!(run.advance("P1D"), "+b -b +z");
    let mut run = Run::start(&bordered(ASIDE, IF_X), json!({}));
    run.trace();
    assert_eq!(run.fire("b"), "+b -b +z");
    let all = bordered(
        &format!(r#"{ASIDE} parallelMultiple="true""#),
        &(M.to_owned() + S),
    );
    let mut run = Run::start(&all, json!({}));
    run.trace();
    for _ in 0..2 {
        assert_eq!(run.message("M", None), "");
        assert_eq!(run.signal("S"), "+b -b +z");
    }
}

#[test]
fn errors_find_the_border_that_names_them() {
    let xml = bordered("", E1).replace(
        "</process>",
        &(border("any", "a", "", ANY_ERROR) + "</process>"),
    );
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fail("a", "E1"), "^a:E1 xa +b -b +z");
    let mut run = Run::start(&xml, json!({}));
    run.trace();
    assert_eq!(run.fail("a", "other"), "^a:other xa +any -any .");
    let mut run = Run::start(&bordered("", E1), json!({}));
    run.trace();
    assert_eq!(
        run.fail("a", "E2"),
        "!a:E2 xa .",
        "nobody: the instance ends"
    );
    assert!(run.ended());
}

#[test]
fn escalations_go_outwards_and_the_thrower_goes_on() {
    let inside = nodes("startEvent i, task u")
        + &with("intermediateThrowEvent", "t", "", U1)
        + &flows("i>t t>u");
    let part = |attributes: &str| {
        file(
            &(nodes("startEvent s, task z")
                + &with("subProcess", "a", "", &inside)
                + &border("b", "a", attributes, U1)
                + &flows("s>a b>z")),
        )
    };
    runs(
        &part(ASIDE),
        json!({}),
        "+s -s +a +i -i +t ^t:U1 +b -b +z -t +u -z -u -a .",
    );
    runs(
        &part(""),
        json!({}),
        "+s -s +a +i -i +t ^t:U1 xt xa +b -b +z -z .",
    );
    runs(&file(&inside), json!({}), "+i -i +t ^t:U1 -t +u -u .");
}

#[test]
fn end_events_cause_and_end() {
    let ending = |event: &str| {
        file(
            &(nodes("startEvent s, parallelGateway f, userTask u")
                + &with("endEvent", "e", "", event)
                + &flows("s>f f>u f>e")),
        )
    };
    let mut run = Run::start(&ending(M), json!({}));
    assert_eq!(run.trace(), "+s -s +f -f +u +e @e:M -e");
    let mut run = Run::start(&ending(S), json!({}));
    assert_eq!(run.trace(), "+s -s +f -f +u +e *e:S -e");
    assert_eq!(run.fire("u"), "-u .");
    runs(&ending(TERMINATE), json!({}), "+s -s +f -f +u +e -e xu .");
    runs(&ending(E1), json!({}), "+s -s +f -f +u +e !e:E1 -e xu .");
    // Several at once: what else it causes comes before the end.
    runs(
        &ending(&(TERMINATE.to_owned() + M)),
        json!({}),
        "+s -s +f -f +u +e @e:M -e xu .",
    );
}

#[test]
fn links_are_one_line_with_a_gap() {
    let link = r#"<linkEventDefinition name="L"/>"#;
    let xml = file(
        &(nodes("startEvent s, task a")
            + &with("intermediateThrowEvent", "t", "", link)
            + &with("intermediateCatchEvent", "c", "", link)
            + &flows("s>t c>a")),
    );
    runs(&xml, json!({}), "+s -s +t -t +c -c +a -a .");
}

#[test]
fn everybody_hears_a_signal_the_thrower_too() {
    let xml = file(
        &(nodes("startEvent s, parallelGateway f")
            + &with("intermediateThrowEvent", "t", "", S)
            + &with("intermediateCatchEvent", "c", "", S)
            + &with("intermediateCatchEvent", "d", "", S)
            + &nodes("task w")
            + &flows("s>f f>c f>d f>w w>t")),
    );
    runs(
        &xml,
        json!({}),
        "+s -s +f -f +c +d +w -w +t *t:S -c -d -t .",
    );
}
