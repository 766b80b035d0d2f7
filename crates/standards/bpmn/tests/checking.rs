//! The deployment checks and the counting of approval layers.

mod common;

use bpmn::{Code, Conditions, approval_layers, check, check_for_platform};
use common::{document, flow, read, task};

/// Codes with the elements they are about.
fn found(body: &str) -> Vec<(Code, String)> {
    let process = read(&document(body));
    check(&process, &Conditions)
        .into_iter()
        .chain(check_for_platform(&process))
        .map(|p| (p.code, p.element.unwrap()))
        .collect()
}

fn one(code: Code, element: &str) -> Vec<(Code, String)> {
    vec![(code, element.to_owned())]
}

/// start → m → end
fn straight(middle: &str) -> String {
    format!(
        r#"<startEvent id="s"/>{middle}<endEvent id="e"/>{}{}"#,
        flow("f1", "s", "m", ""),
        flow("f2", "m", "e", "")
    )
}

#[test]
fn starts_and_ends() {
    assert_eq!(found(&straight(&task("m"))), vec![]);
    let two = straight(&task("m")) + r#"<startEvent id="s2"/>"# + &flow("f3", "s2", "m", "");
    assert_eq!(found(&two), one(Code::SeveralStarts, "s2"));
    // Without start or end events a process begins at what nothing leads to and ends where nothing leads on.
    let bare = task("m") + &task("n") + &flow("f", "m", "n", "");
    assert_eq!(found(&bare), vec![]);
    let wheel = found(&(bare + &flow("g", "n", "m", "")));
    assert_eq!(wheel[0], (Code::NoStart, "p".into()));
    let endless = found(&format!(
        r#"<startEvent id="s"/>{}{}{}"#,
        task("m"),
        flow("f", "s", "m", ""),
        flow("g", "m", "m", "")
    ));
    assert!(endless.contains(&(Code::NoWayToEnd, "m".into())));
}

#[test]
fn every_node_lies_between_start_and_end() {
    let island = straight(&task("m")) + &task("x") + &flow("f3", "x", "m", "");
    assert_eq!(found(&island), one(Code::Unreachable, "x"));
    let trap =
        straight(&task("m")) + &task("x") + &flow("f3", "m", "x", "") + &flow("f4", "x", "x", "");
    assert_eq!(found(&trap), one(Code::NoWayToEnd, "x"));
    // Through a boundary event both ways are open.
    let timer = straight(&task("m"))
        + &task("x")
        + r#"<boundaryEvent id="b" attachedToRef="m" t:workdays="5"><timerEventDefinition/></boundaryEvent>"#
        + &flow("f3", "b", "x", "")
        + &flow("f4", "x", "e", "");
    assert_eq!(found(&timer), vec![]);
    // Even when the timer is the only way out.
    let only = timer.replace(&flow("f2", "m", "e", ""), &flow("f2", "m", "m", ""));
    assert_eq!(found(&only), vec![]);
}

#[test]
fn work_has_a_performer_or_a_topic() {
    assert_eq!(
        found(&straight(r#"<userTask id="m"/>"#)),
        one(Code::PerformerMissing, "m")
    );
    assert_eq!(
        found(&straight(r#"<userTask id="m" t:permission=" "/>"#)),
        one(Code::PerformerMissing, "m")
    );
    assert_eq!(
        found(&straight(r#"<userTask id="m" t:assignee="applicant"/>"#)),
        vec![]
    );
    assert_eq!(
        found(&straight(r#"<serviceTask id="m"/>"#)),
        one(Code::TopicMissing, "m")
    );
    // Another namespace with the same name does not count.
    assert_eq!(
        found(&straight(r#"<serviceTask id="m" topic="x"/>"#)),
        one(Code::TopicMissing, "m")
    );
}

#[test]
fn branches_have_conditions() {
    let choice = |default: &str, condition: &str| {
        straight(&format!(r#"<exclusiveGateway id="m" {default}/>"#))
            + &task("x")
            + &flow("f3", "m", "x", condition)
            + &flow("f4", "x", "e", "")
    };
    assert_eq!(found(&choice(r#"default="f2""#, "a = 1")), vec![]);
    assert_eq!(
        found(&choice("", "a = 1")),
        one(Code::ConditionMissing, "m")
    );
    assert_eq!(found(&choice("", "")).len(), 2);
    assert_eq!(
        found(&choice(r#"default="f2""#, "a = = 1")),
        one(Code::ConditionInvalid, "f3")
    );
    let conditional_default = found(&choice(r#"default="f3""#, "a = 1"));
    assert_eq!(
        conditional_default,
        vec![
            (Code::ConditionMissing, "m".into()),
            (Code::ConditionOnDefault, "f3".into())
        ]
    );
}

#[test]
fn computed_timers_must_parse() {
    let timer = straight(&task("m"))
        + r#"<boundaryEvent id="b" attachedToRef="m" t:workdays="=("><timerEventDefinition/></boundaryEvent>"#
        + &flow("f3", "b", "e", "");
    assert_eq!(found(&timer), one(Code::ConditionInvalid, "b"));
}

#[test]
fn gateways_alone_must_not_turn_in_circles() {
    let turning = |between: &str, to: &str, from: &str| {
        straight(r#"<exclusiveGateway id="m" default="f2"/><exclusiveGateway id="g"/>"#)
            + between
            + &flow("f3", "m", to, "again")
            + &flow("f4", from, "m", "")
            + if between.is_empty() {
                ""
            } else {
                r#"<sequenceFlow id="f5" sourceRef="x" targetRef="g"/>"#
            }
    };
    assert_eq!(
        found(&turning("", "g", "g")),
        vec![
            (Code::EndlessLoop, "m".into()),
            (Code::EndlessLoop, "g".into())
        ]
    );
    assert_eq!(
        found(&turning(&task("x"), "x", "g")),
        vec![],
        "a task lets people change something"
    );
}

/// Tasks given as id with `!` for a layer, flows as `from>to`.
fn layers(tasks: &str, flows: &str) -> usize {
    let mut body = r#"<startEvent id="s"/><endEvent id="e"/><parallelGateway id="fork"/><parallelGateway id="join"/>"#.to_owned();
    for id in tasks.split_whitespace() {
        let layer = if id.ends_with('!') {
            r#"t:layer="x""#
        } else {
            ""
        };
        body += &format!(r#"<userTask id="{}" {layer}/>"#, id.trim_end_matches('!'));
    }
    for (i, ends) in flows.split_whitespace().enumerate() {
        let (from, to) = ends.split_once('>').unwrap();
        body += &flow(&format!("f{i}"), from, to, "");
    }
    approval_layers(&read(&document(&body)))
}

#[test]
fn layers_are_counted_along_one_path() {
    assert_eq!(layers("a", "s>a a>e"), 0);
    assert_eq!(layers("a! b! c!", "s>a a>b b>c c>e"), 3);
    assert_eq!(
        layers("a! b! c!", "s>a a>b b>c c>e b>a c>a c>b"),
        3,
        "sending back adds nothing"
    );
    assert_eq!(layers("a! x b! c! d!", "s>a a>x x>b b>c c>d d>e"), 4);
    assert_eq!(
        layers("a! b! c!", "s>a a>b a>c b>e c>e"),
        2,
        "alternatives do not add up"
    );
    assert_eq!(
        layers(
            "a! b! c! d!",
            "s>a a>fork fork>b fork>c b>join c>join join>d d>e"
        ),
        3,
        "nor do parallel branches"
    );
    assert_eq!(
        layers("a! b! c!", "s>a a>b b>e s>c c>e"),
        2,
        "the longest path, not the last"
    );
    assert_eq!(layers("a! b!", "s>a a>e b>e"), 1, "unreachable");
    // A hub everything returns to lets one case pass them all.
    assert_eq!(
        layers("h a! b! c! d!", "s>h h>a h>b h>c h>d a>h b>h c>h d>h h>e"),
        4
    );
}

#[test]
fn tangled_layers_end_in_the_upper_bound() {
    let tasks: Vec<String> = (0..40).map(|i| format!("n{i}!")).collect();
    let mut flows = String::from("s>n0 n0>e ");
    for i in 0..40 {
        for j in 0..40 {
            flows += &format!("n{i}>n{j} ");
        }
    }
    assert_eq!(layers(&tasks.join(" "), &flows), 40);
}
