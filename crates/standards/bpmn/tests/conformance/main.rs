//! What BPMN 2.0.2 (clauses 10 and 13) says that has to happen, in which order: small drawings and their traces.
//!
//! A trace is written in short: `+a` entered, `-a` completed, `xa` terminated, `~a` undone, `!a:E` an error nobody caught,
//! `^a:E` one somebody caught, `^a:U` an escalation, `@a:M` a message, `*a:S` a signal, `#a` an incident, `.` an instance ended.

mod activities;
mod between;
mod events;
mod foreign;
mod gateways;
mod loops;
mod parts;
mod undoing;

use bpmn::{
    Conditions, Definitions, Process, Variables,
    simulation::{Record, Simulation},
};
use serde_json::Value;

/// A file with one process `p`, and messages, signals, errors and escalations to refer to.
pub fn file(body: &str) -> String {
    files(&[("p", body)])
}

/// A file with several processes.
pub fn files(processes: &[(&str, &str)]) -> String {
    let mut text = String::from(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:t="https://tongban.cn/bpmn">
        <message id="m1" name="M"/><message id="m2" name="N"/><message id="mk" name="K" t:correlationKey="key"/>
        <signal id="s1" name="S"/><signal id="s2" name="T"/>
        <error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/><escalation id="u1" escalationCode="U1"/>
        <signalEventDefinition id="defS" signalRef="s1"/>"#,
    );
    for (id, body) in processes {
        text += &format!(r#"<process id="{id}">{body}</process>"#);
    }
    text + "</definitions>"
}

/// Elements without anything inside: `tag id, tag id attribute="…"`.
pub fn nodes(list: &str) -> String {
    list.split(',')
        .map(|node| {
            let (tag, rest) = node.trim().split_once(' ').unwrap();
            let (id, more) = rest.split_once(' ').unwrap_or((rest, ""));
            format!(r#"<{tag} id="{id}" {more}/>"#)
        })
        .collect()
}

/// Flows `a>b`, with a condition `a>b?x=1` (without blanks); the id is `a_b`.
pub fn flows(list: &str) -> String {
    list.split_whitespace()
        .map(|flow| {
            let (ends, condition) = flow.split_once('?').unwrap_or((flow, ""));
            let (from, to) = ends.split_once('>').unwrap();
            let condition = match condition {
                "" => String::new(),
                c => format!("<conditionExpression><![CDATA[{c}]]></conditionExpression>"),
            };
            format!(r#"<sequenceFlow id="{from}_{to}" sourceRef="{from}" targetRef="{to}">{condition}</sequenceFlow>"#)
        })
        .collect()
}

/// An element with something inside.
pub fn with(tag: &str, id: &str, attributes: &str, inside: &str) -> String {
    format!(r#"<{tag} id="{id}" {attributes}>{inside}</{tag}>"#)
}

/// A boundary event.
pub fn border(id: &str, on: &str, attributes: &str, event: &str) -> String {
    with(
        "boundaryEvent",
        id,
        &format!(r#"attachedToRef="{on}" {attributes}"#),
        event,
    )
}

pub const ASIDE: &str = r#"cancelActivity="false""#;
pub const M: &str = r#"<messageEventDefinition messageRef="m1"/>"#;
pub const N: &str = r#"<messageEventDefinition messageRef="m2"/>"#;
pub const S: &str = r#"<signalEventDefinition signalRef="s1"/>"#;
pub const T: &str = r#"<signalEventDefinition signalRef="s2"/>"#;
pub const E1: &str = r#"<errorEventDefinition errorRef="e1"/>"#;
pub const E2: &str = r#"<errorEventDefinition errorRef="e2"/>"#;
pub const ANY_ERROR: &str = "<errorEventDefinition/>";
pub const U1: &str = r#"<escalationEventDefinition escalationRef="u1"/>"#;
pub const HOUR: &str =
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
pub const THRICE: &str =
    "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>";
pub const IF_X: &str =
    "<conditionalEventDefinition><condition>x = true</condition></conditionalEventDefinition>";
pub const TERMINATE: &str = "<terminateEventDefinition/>";
pub const UNDO: &str = "<compensateEventDefinition/>";
pub const CANCEL: &str = "<cancelEventDefinition/>";

/// A running file.
pub struct Run {
    definitions: &'static Definitions,
    simulation: Simulation<'static>,
}

impl Run {
    /// Reads a file that has to pass the checks; nothing runs yet.
    pub fn load(xml: &str) -> Self {
        let definitions = Definitions::parse(xml).unwrap_or_else(|p| panic!("{p:#?}"));
        let definitions: &'static Definitions = Box::leak(Box::new(definitions));
        let problems = bpmn::check_all(definitions, &Conditions);
        assert!(
            !problems.iter().any(bpmn::Problem::is_error),
            "{problems:#?}"
        );
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let simulation = Simulation::new(definitions, &Conditions, &bpmn::TimerDue::moment, now);
        Self {
            definitions,
            simulation,
        }
    }

    /// Starts what the file means to run.
    pub fn start(xml: &str, variables: Value) -> Self {
        let mut run = Self::load(xml);
        let main: Vec<&Process> = run.definitions.main_processes();
        run.simulation.start(&main, &object(variables));
        run
    }

    pub fn fire(&mut self, element: &str) -> String {
        self.fire_with(element, serde_json::json!({}))
    }

    pub fn fire_with(&mut self, element: &str, variables: Value) -> String {
        self.simulation.fire(element, object(variables));
        self.trace()
    }

    pub fn fail(&mut self, element: &str, code: &str) -> String {
        self.simulation.fail(element, code);
        self.trace()
    }

    pub fn message(&mut self, name: &str, key: Option<&str>) -> String {
        self.simulation.message(name, key.map(str::to_owned));
        self.trace()
    }

    pub fn signal(&mut self, name: &str) -> String {
        self.simulation.signal(name);
        self.trace()
    }

    pub fn advance(&mut self, duration: &str) -> String {
        self.simulation.advance(duration.parse().unwrap());
        self.trace()
    }

    /// What happened since this was last asked.
    pub fn trace(&mut self) -> String {
        let records = self.simulation.records();
        records.iter().map(short).collect::<Vec<_>>().join(" ")
    }

    pub fn waiting(&self) -> String {
        self.simulation.waiting().join(" ")
    }

    pub fn variable(&self, name: &str) -> Value {
        self.simulation
            .variables()
            .get(name)
            .cloned()
            .unwrap_or_default()
    }

    pub fn ended(&self) -> bool {
        self.simulation.ended()
    }
}

fn object(value: Value) -> Variables {
    value.as_object().unwrap().clone()
}

fn short(record: &Record) -> String {
    let sign = match record.event {
        "entered" => "+",
        "completed" => "-",
        "terminated" => "x",
        "compensated" => "~",
        "error" => "!",
        "caught" | "escalated" => "^",
        "message" => "@",
        "signal" => "*",
        "incident" => "#",
        "ended" => return ".".to_owned(),
        other => other,
    };
    let element = record.element.as_deref().unwrap_or_default();
    match &record.name {
        Some(name) => format!("{sign}{element}:{name}"),
        None => format!("{sign}{element}"),
    }
}

/// Runs a file that needs nobody and compares the trace.
#[track_caller]
pub fn runs(xml: &str, variables: Value, expected: &str) {
    let mut run = Run::start(xml, variables);
    assert_eq!(run.trace(), expected);
    assert!(run.ended(), "waits at {}", run.waiting());
}
