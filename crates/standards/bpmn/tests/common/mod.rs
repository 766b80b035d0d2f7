//! Shared by the tests: small processes in few words, and a host that remembers what it heard.
#![allow(dead_code)] // each test file uses its part

use bpmn::{
    Command, Conditions, Definitions, Effect, Instance, Process, Refusal, SubscriptionId, TokenId,
    Variables, Visit, step,
};
use serde_json::{Value, json};

pub const APPROVAL: &str = include_str!("../processes/approval.bpmn");
pub const PARALLEL: &str = include_str!("../processes/parallel.bpmn");

/// A file with one process `p` around `body`.
pub fn document(body: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:t="https://tongban.cn/bpmn"><process id="p">{body}</process></definitions>"#
    )
}

/// A flow, with a condition unless it is empty.
pub fn flow(id: &str, source: &str, target: &str, condition: &str) -> String {
    let condition = if condition.is_empty() {
        String::new()
    } else {
        format!("<conditionExpression><![CDATA[{condition}]]></conditionExpression>")
    };
    format!(
        r#"<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>"#
    )
}

pub fn task(id: &str) -> String {
    format!(r#"<userTask id="{id}" t:permission="cases.handle"/>"#)
}

pub fn read(xml: &str) -> Process {
    let mut definitions = Definitions::parse(xml).unwrap_or_else(|p| panic!("{p:#?}"));
    definitions.processes.remove(0)
}

/// Reads a process that must also pass the checks.
pub fn deploy(xml: &str) -> Process {
    let process = read(xml);
    assert_eq!(bpmn::check(&process, &Conditions), vec![]);
    assert_eq!(bpmn::check_for_platform(&process), vec![]);
    process
}

pub fn variables(value: Value) -> Variables {
    value.as_object().unwrap().clone()
}

/// A visit in the process `p`.
pub fn visit(token: TokenId, element: &str) -> Visit {
    Visit {
        token,
        process: "p".to_owned(),
        element: element.to_owned(),
    }
}

/// A process instance with all effects so far.
pub struct Host {
    pub process: Process,
    pub instance: Instance,
    pub heard: Vec<Effect>,
}

impl Host {
    pub fn start(process: Process, value: Value) -> Self {
        let instance = Instance::new(&process);
        let mut host = Self {
            process,
            instance,
            heard: Vec::new(),
        };
        host.tell(Command::Start {
            at: None,
            variables: variables(value),
        })
        .unwrap();
        host
    }

    pub fn tell(&mut self, command: Command) -> Result<Vec<Effect>, Refusal> {
        let effects = step(&self.process, &mut self.instance, command)?;
        self.heard.extend(effects.clone());
        Ok(effects)
    }

    /// The only open token at this element.
    pub fn at(&self, element: &str) -> TokenId {
        let tokens: Vec<_> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.element == element)
            .collect();
        assert_eq!(tokens.len(), 1, "at {element}: {:#?}", self.instance);
        tokens[0].id
    }

    pub fn complete(&mut self, element: &str, value: Value) -> Vec<Effect> {
        let token = self.at(element);
        self.tell(Command::CompleteTask {
            token,
            variables: variables(value),
        })
        .unwrap()
    }

    pub fn done(&mut self, element: &str) -> Vec<Effect> {
        self.complete(element, json!({}))
    }

    /// Where the only open token at this element is.
    pub fn visit(&self, element: &str) -> Visit {
        visit(self.at(element), element)
    }

    /// The only subscription of this event.
    pub fn awaited(&self, element: &str) -> SubscriptionId {
        let all: Vec<_> = self
            .instance
            .subscriptions
            .iter()
            .filter(|s| s.element == element)
            .collect();
        assert_eq!(all.len(), 1, "for {element}: {:#?}", self.instance);
        all[0].id
    }

    /// The event happens.
    pub fn trigger(&mut self, event: &str) -> Vec<Effect> {
        let subscription = self.awaited(event);
        self.tell(Command::Trigger {
            subscription,
            variables: Variables::new(),
        })
        .unwrap()
    }

    /// Elements with an open token, in order of arrival.
    pub fn open(&self) -> Vec<&str> {
        self.instance
            .tokens
            .iter()
            .map(|t| t.element.as_str())
            .collect()
    }
}
