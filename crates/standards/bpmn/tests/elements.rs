//! Each element by itself.

mod common;

use bpmn::{
    Cause, Command, Effect, Ending, IncidentKind, Instance, Refusal, Status, TimerDue, TokenState,
    step,
};
use common::{Host, deploy, document, flow, read, task, variables, visit};
use serde_json::json;

fn ended(host: &Host) -> &Ending {
    match &host.instance.status {
        Status::Ended(ending) => ending,
        other => panic!("{other:?}"),
    }
}

fn straight(middle: &str) -> String {
    document(&format!(
        r#"<startEvent id="s"/>{}{middle}{}<endEvent id="e"/>"#,
        flow("f1", "s", "m", ""),
        flow("f2", "m", "e", "")
    ))
}

#[test]
fn user_task_waits_and_completes() {
    let mut host = Host::start(deploy(&straight(&task("m"))), json!({"x": 1}));
    assert_eq!(host.instance.token(2).unwrap().state, TokenState::Task);
    let effects = host.complete("m", json!({"y": 2}));
    assert_eq!(
        effects,
        vec![
            Effect::TaskCompleted { at: visit(2, "m") },
            Effect::ElementCompleted { at: visit(2, "m") },
            Effect::FlowTaken {
                process: "p".into(),
                flow: "f2".into()
            },
            Effect::ElementEntered { at: visit(3, "e") },
            Effect::ElementCompleted { at: visit(3, "e") },
            Effect::InstanceEnded {
                ending: Ending::Completed
            },
        ]
    );
    assert_eq!(
        *host.instance.variables(),
        variables(json!({"x": 1, "y": 2}))
    );
    assert_eq!(ended(&host), &Ending::Completed);
}

#[test]
fn service_task_asks_fails_retries_and_answers() {
    let mut host = Host::start(
        deploy(&straight(
            r#"<serviceTask id="m" t:topic="licences.issue"/>"#,
        )),
        json!({}),
    );
    let token = host.at("m");
    let requested = Effect::ServiceRequested {
        at: visit(token, "m"),
        topic: "licences.issue".into(),
    };
    assert!(host.heard.contains(&requested));
    assert_eq!(
        host.tell(Command::Retry { token }),
        Err(Refusal::NothingToRetry(token))
    );
    assert_eq!(
        host.tell(Command::CompleteTask {
            token,
            variables: variables(json!({}))
        }),
        Err(Refusal::NotWaiting(token))
    );

    host.tell(Command::ServiceFailed {
        token,
        error: "印章服务无应答".into(),
    })
    .unwrap();
    let incidents: Vec<_> = host
        .instance
        .incidents()
        .map(|(t, i)| (t.id, i.kind))
        .collect();
    assert_eq!(incidents, vec![(token, IncidentKind::ServiceFailed)]);
    assert_eq!(host.instance.status, Status::Running);

    let effects = host.tell(Command::Retry { token }).unwrap();
    assert_eq!(
        effects,
        vec![
            Effect::IncidentResolved {
                at: visit(token, "m")
            },
            requested,
        ]
    );
    host.tell(Command::ServiceDone {
        token,
        variables: variables(json!({"licence": "synthetic-1"})),
    })
    .unwrap();
    assert_eq!(host.instance.variables()["licence"], "synthetic-1");
    assert!(host.instance.ended());
}

fn choice(default: &str) -> String {
    document(&format!(
        r#"<startEvent id="s"/>{}<userTask id="t" t:permission="x"/>{}<exclusiveGateway id="g" {default}/>{}{}{}
           <endEvent id="a"/><endEvent id="b"/><endEvent id="c"/>"#,
        flow("f1", "s", "t", ""),
        flow("f2", "t", "g", ""),
        flow("fa", "g", "a", "n < 10"),
        flow("fb", "g", "b", "n < 20"),
        flow(
            "fc",
            "g",
            "c",
            if default.is_empty() { "n < 30" } else { "" }
        ),
    ))
}

#[test]
fn exclusive_gateway_takes_the_first_that_holds_or_the_default() {
    for (n, end) in [
        (json!(5), "a"),
        (json!(15), "b"),
        (json!(99), "c"),
        (json!("5"), "c"),
        (json!(null), "c"),
    ] {
        let mut host = Host::start(deploy(&choice(r#"default="fc""#)), json!({}));
        let effects = host.complete("t", json!({"n": n}));
        let entered = |e: &Effect| matches!(e, Effect::ElementEntered { at } if at.element == end);
        assert!(effects.iter().any(entered), "{n}: {effects:#?}");
        assert_eq!(
            effects
                .iter()
                .filter(|e| matches!(e, Effect::FlowTaken { .. }))
                .count(),
            2
        );
    }
}

#[test]
fn no_branch_is_an_incident_that_keeps_the_variables() {
    let mut host = Host::start(deploy(&choice("")), json!({}));
    host.complete("t", json!({"n": 99, "opinion": "同意"}));
    let token = host.at("g");
    assert_eq!(
        host.instance
            .token(token)
            .unwrap()
            .incident
            .as_ref()
            .unwrap()
            .kind,
        IncidentKind::NoBranch
    );
    assert_eq!(host.instance.variables()["opinion"], "同意");

    let again = host.tell(Command::Retry { token }).unwrap();
    assert!(again.iter().any(|e| matches!(e, Effect::Incident { .. })));
    assert_eq!(host.instance.incidents().count(), 1);
    host.tell(Command::SetVariables {
        variables: variables(json!({"n": 1})),
    })
    .unwrap();
    host.tell(Command::Retry { token }).unwrap();
    assert!(host.instance.ended());
}

#[test]
fn a_condition_that_cannot_be_read_is_an_incident() {
    let xml = choice("").replace("n < 10", "n <");
    let mut host = Host::start(read(&xml), json!({"n": 1}));
    host.done("t");
    assert_eq!(
        host.instance.incidents().next().unwrap().1.kind,
        IncidentKind::BadCondition
    );
}

/// start → fork → a, b → join → z → end
fn fork_join() -> String {
    document(&format!(
        r#"<startEvent id="s"/><parallelGateway id="fork"/>{}{}<parallelGateway id="join"/>{}<endEvent id="e"/>{}"#,
        task("a"),
        task("b"),
        task("z"),
        [
            flow("f1", "s", "fork", ""),
            flow("f2", "fork", "a", ""),
            flow("f3", "fork", "b", ""),
            flow("f4", "a", "join", ""),
            flow("f5", "b", "join", ""),
            flow("f6", "join", "z", ""),
            flow("f7", "z", "e", ""),
        ]
        .concat()
    ))
}

#[test]
fn parallel_gateway_forks_and_joins() {
    for (first, second) in [("a", "b"), ("b", "a")] {
        let mut host = Host::start(deploy(&fork_join()), json!({}));
        assert_eq!(host.open(), ["a", "b"]);
        host.done(first);
        assert!(matches!(
            host.instance.token(host.at("join")).unwrap().state,
            TokenState::Arrived { .. }
        ));
        assert_eq!(host.instance.incidents().count(), 0);
        host.done(second);
        assert_eq!(host.open(), ["z"]);
        host.done("z");
        assert!(host.instance.ended());
    }
}

#[test]
fn a_join_nobody_will_reach_is_a_deadlock_incident() {
    // An exclusive choice before a parallel join: a classic mistake that no end-to-end path reveals.
    let xml = fork_join()
        .replace(
            r#"<parallelGateway id="fork"/>"#,
            r#"<exclusiveGateway id="fork" default="f2"/>"#,
        )
        .replace(&flow("f3", "fork", "b", ""), &flow("f3", "fork", "b", "x"));
    let mut host = Host::start(deploy(&xml), json!({}));
    host.done("a");
    let (token, incident) = host.instance.incidents().next().unwrap();
    assert_eq!(incident.kind, IncidentKind::Deadlock);
    let token = token.id;
    assert_eq!(
        host.tell(Command::Retry { token }),
        Err(Refusal::NothingToRetry(token))
    );
    host.tell(Command::MoveToken {
        token,
        to: "z".into(),
    })
    .unwrap();
    assert_eq!(
        (host.open(), host.instance.incidents().count()),
        (vec!["z"], 0)
    );
}

#[test]
fn terminate_end_event_withdraws_the_rest() {
    let xml = fork_join()
        .replace(r#"targetRef="join""#, r#"targetRef="e""#)
        .replace(
            r#"<endEvent id="e"/>"#,
            r#"<endEvent id="e"><terminateEventDefinition id="td"/></endEvent>"#,
        );
    let mut host = Host::start(read(&xml), json!({}));
    let b = host.at("b");
    let effects = host.done("a");
    assert!(effects.contains(&Effect::TaskCancelled {
        at: visit(b, "b"),
        cause: Cause::Ended
    }));
    assert_eq!(
        ended(&host),
        &Ending::TerminateEvent {
            element: "e".into()
        }
    );
    assert!(matches!(effects.last(), Some(Effect::InstanceEnded { .. })));
}

#[test]
fn activities_with_several_flows_take_every_one_that_holds() {
    let xml = document(&format!(
        r#"<startEvent id="s"/>{}<userTask id="m" t:permission="x" default="d"/>{}{}{}<endEvent id="e"/>"#,
        flow("f1", "s", "m", ""),
        flow("x", "m", "e", "x"),
        flow("y", "m", "e", "y"),
        flow("d", "m", "e", ""),
    ));
    for (x, y, taken) in [
        (true, true, vec!["x", "y"]),
        (false, true, vec!["y"]),
        (false, false, vec!["d"]),
    ] {
        let mut host = Host::start(deploy(&xml), json!({}));
        let effects = host.complete("m", json!({"x": x, "y": y}));
        let flows: Vec<_> = effects
            .iter()
            .filter_map(|e| match e {
                Effect::FlowTaken { flow, .. } => Some(flow.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(flows, taken);
        assert!(host.instance.ended());
    }
}

fn timed(timer: &str) -> String {
    let boundary = format!(
        r#"{}<boundaryEvent id="late" attachedToRef="m">{timer}</boundaryEvent>"#,
        task("m")
    );
    straight(&boundary).replace(
        r#"<endEvent id="e"/>"#,
        &format!(
            r#"{}<endEvent id="e"/><endEvent id="closed"/>"#,
            flow("f3", "late", "closed", "")
        ),
    )
}

#[test]
fn timer_is_set_cancelled_or_fired() {
    let xml =
        timed("<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition>");
    let mut host = Host::start(deploy(&xml), json!({}));
    let (token, subscription) = (host.at("m"), host.awaited("late"));
    let due = TimerDue::After("P5D".parse().unwrap());
    assert!(host.heard.contains(&Effect::TimerSet {
        subscription,
        element: "late".into(),
        due
    }));
    let mut other = Host {
        process: host.process.clone(),
        instance: host.instance.clone(),
        heard: vec![],
    };
    let fired = |subscription| Command::Trigger {
        subscription,
        variables: Default::default(),
    };

    let effects = host.done("m");
    assert!(effects.contains(&Effect::TimerCancelled { subscription }));
    assert_eq!(host.tell(fired(subscription)), Err(Refusal::Ended));

    assert_eq!(other.tell(fired(token)), Err(Refusal::NotAwaited(token)));
    let effects = other.tell(fired(subscription)).unwrap();
    let cause = Cause::Event {
        element: "late".into(),
    };
    assert!(effects.contains(&Effect::TaskCancelled {
        at: visit(token, "m"),
        cause
    }));
    assert!(
        !effects
            .iter()
            .any(|e| matches!(e, Effect::TimerCancelled { .. })),
        "it has fired"
    );
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::ElementEntered { at } if at.element == "closed"))
    );
    assert!(other.instance.ended());
}

#[test]
fn a_computed_timer_without_a_time_is_an_incident_to_retry() {
    let xml = timed(r#"<timerEventDefinition t:workdays="=limit"/>"#);
    let mut host = Host::start(deploy(&xml), json!({}));
    let token = host.at("m");
    assert_eq!(
        host.instance.incidents().next().unwrap().1.kind,
        IncidentKind::BadTimer
    );
    assert!(
        !host
            .heard
            .iter()
            .any(|e| matches!(e, Effect::TaskCreated { .. }))
    );
    host.tell(Command::SetVariables {
        variables: variables(json!({"limit": 5})),
    })
    .unwrap();
    let effects = host.tell(Command::Retry { token }).unwrap();
    assert!(effects.contains(&Effect::TaskCreated {
        at: visit(token, "m")
    }));
    assert!(effects.contains(&Effect::TimerSet {
        subscription: host.awaited("late"),
        element: "late".into(),
        due: TimerDue::Workdays(5)
    }));
}

#[test]
fn tokens_are_never_reused() {
    let xml = document(&format!(
        r#"<startEvent id="s"/>{}{}{}{}{}<endEvent id="e"/>"#,
        flow("f1", "s", "a", ""),
        task("a"),
        flow("f2", "a", "b", ""),
        task("b"),
        flow("f3", "b", "e", "")
    ));
    let mut host = Host::start(deploy(&xml), json!({}));
    let token = host.at("a");
    host.done("a");
    let again = Command::CompleteTask {
        token,
        variables: variables(json!({"late": true})),
    };
    assert_eq!(host.tell(again), Err(Refusal::TokenGone(token)));
    assert!(host.instance.variables().is_empty());
    assert_eq!(
        host.tell(Command::Retry { token: 99 }),
        Err(Refusal::TokenUnknown(99))
    );
    assert_eq!(
        host.tell(Command::Retry { token: 0 }),
        Err(Refusal::TokenUnknown(0))
    );
}

#[test]
fn moves_go_to_places_that_need_no_other_token() {
    let mut host = Host::start(deploy(&fork_join()), json!({}));
    let (a, b) = (host.at("a"), host.at("b"));
    let mut to = |to: &str| {
        host.tell(Command::MoveToken {
            token: a,
            to: to.into(),
        })
    };
    assert_eq!(to("nowhere"), Err(Refusal::TargetUnknown("nowhere".into())));
    for element in ["s", "fork", "join"] {
        assert_eq!(to(element), Err(Refusal::TargetForbidden(element.into())));
    }
    assert_eq!(
        to("b"),
        Err(Refusal::TargetShared("b".into())),
        "b is at work"
    );
    let effects = to("a").unwrap();
    assert!(effects.contains(&Effect::TaskCancelled {
        at: visit(a, "a"),
        cause: Cause::Moved { to: "a".into() }
    }));

    host.done("b");
    let a = host.at("a");
    assert_eq!(
        host.tell(Command::MoveToken {
            token: a,
            to: "b".into()
        }),
        Err(Refusal::TargetShared("b".into())),
        "b's flow into the join is taken"
    );
    host.tell(Command::MoveAll { to: "z".into() }).unwrap();
    assert_eq!(host.open(), ["z"]);
    assert_eq!(
        host.tell(Command::Retry { token: b }),
        Err(Refusal::TokenGone(b))
    );
}

#[test]
fn life_has_an_order() {
    let process = deploy(&straight(&task("m")));
    let mut instance = Instance::new(&process);
    let cancel = || Command::Terminate {
        reason: "申请人撤回".into(),
    };
    assert_eq!(
        step(&process, &mut instance, cancel()),
        Err(Refusal::NotStarted)
    );
    let mut host = Host::start(process, json!({}));
    let start = || Command::Start {
        at: None,
        variables: variables(json!({})),
    };
    assert_eq!(host.tell(start()), Err(Refusal::AlreadyStarted));
    host.tell(cancel()).unwrap();
    assert_eq!(
        ended(&host),
        &Ending::Cancelled {
            reason: "申请人撤回".into()
        }
    );
    assert_eq!(host.tell(start()), Err(Refusal::Ended));

    let other = deploy(&straight(&task("m")).replace(r#"process id="p""#, r#"process id="q""#));
    assert_eq!(
        step(&other, &mut Instance::new(&host.process), start()),
        Err(Refusal::WrongProcess)
    );
}

#[test]
fn a_version_without_the_element_is_refused_not_guessed() {
    let mut host = Host::start(deploy(&straight(&task("m"))), json!({}));
    let token = host.at("m");
    host.process = deploy(&straight(&task("m")).replace(r#""m""#, r#""n""#));
    let complete = Command::CompleteTask {
        token,
        variables: variables(json!({})),
    };
    assert_eq!(host.tell(complete), Err(Refusal::WrongProcess));
}

#[test]
fn endless_gateways_and_floods_of_tokens_are_refused() {
    // Neither passes the checks; the interpreter survives them all the same.
    let wheel = document(&format!(
        r#"<startEvent id="s"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/>{}{}{}"#,
        flow("f1", "s", "g", ""),
        flow("f2", "g", "h", ""),
        flow("f3", "h", "g", "")
    ));
    let flood = wheel
        .replace("exclusiveGateway id=\"h\"", "parallelGateway id=\"h\"")
        .replace(
            "</process>",
            &format!("{}</process>", flow("f4", "h", "g", "")),
        );
    for xml in [wheel, flood] {
        let process = read(&xml);
        let mut instance = Instance::new(&process);
        let start = Command::Start {
            at: None,
            variables: variables(json!({"x": 1})),
        };
        assert_eq!(step(&process, &mut instance, start), Err(Refusal::Limit));
        assert_eq!(instance, Instance::new(&process));
    }
}
