//! Running the processes of a file together in memory: for trying a drawing out, for conformance runs and for tests.
//!
//! Here live what a host otherwise brings: time, messages and signals between instances, and handlers, all of which answer
//! at once. People act through [`Simulation::fire`] and [`Simulation::fail`].

mod acts;
mod post;
mod record;
mod standing;
mod time;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use record::Record;

use crate::{
    command::{Command, Refusal},
    condition::{Expressions, Variables},
    duration::Duration,
    instance::{Instance, SubscriptionId, TokenId},
    interpreter::Interpreter,
    model::{Definitions, Element, EventDefinition, Process},
    timer::TimerDue,
};

/// Most instances of one simulation; only processes that start each other endlessly could need more.
pub const MAX_INSTANCES: usize = 1_000;

/// Most timers, messages and signals that follow from one act.
pub const MAX_DELIVERIES: usize = 10_000;

/// Turns a due time into a moment, counted from the given one.
pub type Moments<'d> = &'d dyn Fn(&TimerDue, DateTime<Utc>) -> Option<DateTime<Utc>>;

/// Processes running together.
pub struct Simulation<'d> {
    definitions: &'d Definitions,
    expressions: &'d dyn Expressions,
    moments: Moments<'d>,
    skip_scripts: bool,
    now: DateTime<Utc>,
    instances: Vec<Instance>,
    /// What falls due when; the number keeps the order of equal moments.
    timers: BTreeMap<(DateTime<Utc>, u64), Alarm>,
    next_alarm: u64,
    /// Processes that begin when an event happens.
    armed: Vec<&'d Process>,
    /// Still to be delivered.
    post: VecDeque<Thrown>,
    /// Messages thrown before anybody waited for them.
    kept: Vec<(String, Option<String>)>,
    /// Triggers that have happened of start events that need all of theirs.
    heard: BTreeMap<String, BTreeSet<usize>>,
    records: Vec<Record>,
    deliveries: usize,
}

#[derive(Debug, Clone)]
enum Alarm {
    Subscription(usize, SubscriptionId),
    Start {
        process: String,
        element: String,
        left: Option<u32>,
        interval: Option<Duration>,
    },
}

enum Thrown {
    Message {
        name: String,
        correlation: Option<String>,
        /// The instance that threw it, when it took it itself.
        taken_by: Option<usize>,
        from_outside: bool,
    },
    Signal {
        name: String,
        /// The instance that threw it has heard it.
        heard_by: Option<usize>,
    },
    Answer {
        instance: usize,
        token: TokenId,
    },
}

impl<'d> Simulation<'d> {
    /// Nothing runs yet; it is `now`.
    pub fn new(
        definitions: &'d Definitions,
        expressions: &'d dyn Expressions,
        moments: Moments<'d>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            definitions,
            expressions,
            moments,
            skip_scripts: false,
            now,
            instances: Vec::new(),
            timers: BTreeMap::new(),
            next_alarm: 0,
            armed: Vec::new(),
            post: VecDeque::new(),
            kept: Vec::new(),
            heard: BTreeMap::new(),
            records: Vec::new(),
            deliveries: 0,
        }
    }

    /// Counts every script task as done without evaluating it.
    #[must_use]
    pub fn skipping_scripts(mut self, skip: bool) -> Self {
        self.skip_scripts = skip;
        self
    }

    /// Starts these processes, each with the same variables. One that cannot begin by itself waits for its event.
    pub fn start(&mut self, processes: &[&'d Process], variables: &Variables) {
        for process in processes {
            if process.entries(None).is_empty() {
                self.armed.push(process);
                self.arm_timers(process);
                self.begin_if(process, variables);
            } else {
                self.begin(process, None, variables.clone());
            }
        }
        self.deliver();
    }

    /// Begins a process by the first condition that holds from the start.
    fn begin_if(&mut self, process: &'d Process, variables: &Variables) {
        let yes = |condition: &str| {
            let value = self.expressions.evaluate(condition, variables);
            value == Ok(Value::Bool(true))
        };
        let holds = |e: &&Element| {
            e.triggers()
                .iter()
                .any(|d| matches!(d, EventDefinition::Conditional(c) if yes(c)))
        };
        if let Some(at) = process.starts().find(holds).map(|e| e.id.clone()) {
            self.begin(process, Some(at), variables.clone());
        }
    }

    fn begin(&mut self, process: &'d Process, at: Option<String>, variables: Variables) {
        if self.instances.len() >= MAX_INSTANCES {
            return self.limit();
        }
        self.instances.push(Instance::new(process));
        self.tell(self.instances.len() - 1, Command::Start { at, variables });
    }

    fn limit(&mut self) {
        self.post.clear();
        self.records.push(Record {
            reason: Some(Refusal::Limit.to_string()),
            ..Record::of("limit")
        });
    }

    /// Sends a command and takes in what follows.
    fn tell(&mut self, ix: usize, command: Command) {
        let Some(process) = self
            .instances
            .get(ix)
            .and_then(|i| self.definitions.process(&i.process))
        else {
            return;
        };
        let interpreter = Interpreter::new(process, self.definitions, self.expressions)
            .skipping_scripts(self.skip_scripts);
        match interpreter.step(&mut self.instances[ix], command) {
            Ok(effects) => {
                for effect in effects {
                    self.take_in(ix, effect);
                }
            }
            Err(refusal) => {
                if refusal == Refusal::Limit {
                    self.deliveries += MAX_DELIVERIES / 10; // it took long
                }
                self.records.push(Record {
                    instance: Some(ix + 1),
                    process: Some(process.id.clone()),
                    reason: Some(refusal.to_string()),
                    ..Record::of(if refusal == Refusal::Limit {
                        "limit"
                    } else {
                        "ignored"
                    })
                });
            }
        }
    }

    /// What happened since this was last asked.
    pub fn records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }
}
