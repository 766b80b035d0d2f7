//! A realistic approval: acceptance, corrections, three layers with send-back, issue of a licence.

mod common;

use bpmn::{Command, Effect, TimerDue};
use common::{APPROVAL, Host, PARALLEL, deploy, variables};
use serde_json::json;

fn submitted() -> Host {
    Host::start(deploy(APPROVAL), json!({"correction": {"workdays": 5}}))
}

fn ended_at(host: &Host) -> &str {
    assert!(host.instance.ended());
    let last = host.heard.iter().rev().find_map(|e| match e {
        Effect::ElementCompleted { at } => Some(at.element.as_str()),
        _ => None,
    });
    last.unwrap()
}

#[test]
fn extensions_names_and_layers_are_read() {
    let process = deploy(APPROVAL);
    assert_eq!(
        (process.name.as_str(), process.extension["version"].as_str()),
        ("行政许可（一般程序）", "1")
    );
    assert!(process.documentation.contains("逐级可退回"));
    let accept = process.element("accept").unwrap();
    assert_eq!(accept.extension("permission"), Some("cases.accept"));
    assert_eq!(accept.extension("form"), Some("accept"));
    assert_eq!(accept.extension("title"), Some("受理审查"));
    assert_eq!(
        process.element("issue").unwrap().extension("topic"),
        Some("licences.issue")
    );
    assert_eq!(bpmn::approval_layers(&process), 3);
}

#[test]
fn granted_after_corrections_and_send_backs() {
    let mut host = submitted();
    let effects = host.complete("accept", json!({"acceptance": "correct"}));
    let subscription = host.awaited("correction_due");
    assert!(effects.contains(&Effect::TimerSet {
        subscription,
        element: "correction_due".to_owned(),
        due: TimerDue::Workdays(5)
    }));
    let effects = host.done("correct");
    assert!(effects.contains(&Effect::TimerCancelled { subscription }));

    host.complete("accept", json!({"acceptance": "accept"}));
    host.done("handle");
    host.complete("examine", json!({"examination": "back"}));
    assert_eq!(host.open(), ["handle"]);
    host.done("handle");
    host.complete("examine", json!({"examination": "agree"}));
    host.complete("approve", json!({"decision": "back"}));
    assert_eq!(host.open(), ["examine"]);
    host.done("examine");
    host.complete("approve", json!({"decision": "grant"}));
    let token = host.at("issue");
    host.tell(Command::ServiceDone {
        token,
        variables: variables(json!({})),
    })
    .unwrap();
    assert_eq!(ended_at(&host), "granted");
}

#[test]
fn the_other_ends() {
    let mut host = submitted();
    host.complete("accept", json!({"acceptance": "refuse"}));
    assert_eq!(ended_at(&host), "not_accepted");

    let mut host = submitted();
    host.complete("accept", json!({"acceptance": "correct"}));
    host.trigger("correction_due");
    assert_eq!(ended_at(&host), "closed");

    let mut host = submitted();
    host.complete("accept", json!({"acceptance": "accept"}));
    host.done("handle");
    host.done("examine");
    host.complete("approve", json!({"decision": "refuse"}));
    assert_eq!(ended_at(&host), "refused");
}

#[test]
fn sent_back_by_the_host_to_an_earlier_desk() {
    let mut host = submitted();
    host.complete("accept", json!({"acceptance": "accept"}));
    host.done("handle");
    let token = host.at("examine");
    host.tell(Command::MoveToken {
        token,
        to: "accept".into(),
    })
    .unwrap();
    assert_eq!(host.open(), ["accept"]);
}

#[test]
fn departments_in_parallel() {
    let mut host = Host::start(deploy(PARALLEL), json!({}));
    host.done("prepare");
    assert_eq!(host.open(), ["a", "b", "c"]);
    host.complete("a", json!({"again": true}));
    host.complete("a", json!({"again": false}));
    let subscription = host.awaited("b_too_late");
    let effects = host.trigger("b_late");
    assert!(effects.contains(&Effect::TimerCancelled { subscription }));
    host.done("b2");
    let token = host.at("c");
    host.tell(Command::ServiceDone {
        token,
        variables: variables(json!({"match": true})),
    })
    .unwrap();
    assert_eq!(host.open(), ["conclude"]);
    host.done("conclude");
    assert_eq!(ended_at(&host), "end");

    let mut host = Host::start(deploy(PARALLEL), json!({}));
    host.done("prepare");
    let token = host.at("c");
    let effects = host
        .tell(Command::ServiceDone {
            token,
            variables: variables(json!({"match": false})),
        })
        .unwrap();
    assert_eq!(
        effects
            .iter()
            .filter(|e| matches!(e, Effect::TaskCancelled { .. }))
            .count(),
        2
    );
    assert!(host.instance.ended());
}
