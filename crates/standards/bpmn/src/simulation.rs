//! Running the processes of a file together in memory: for trying a drawing out, for conformance runs and for tests.
//!
//! Here live what a host otherwise brings: time, messages and signals between instances, and handlers, all of which answer
//! at once. People act through [`Simulation::fire`] and [`Simulation::fail`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{
    command::{Command, Effect, Refusal, Visit},
    condition::{Expressions, Variables},
    duration::Duration,
    instance::{Ending, Instance, ScopeKind, Status, SubscriptionId, TokenId, TokenState},
    interpreter::Interpreter,
    model::{Definitions, Element, EventDefinition, Kind, Process, SubProcess},
    timer::TimerDue,
};

/// Most instances of one simulation; only processes that start each other endlessly could need more.
pub const MAX_INSTANCES: usize = 1_000;

/// Most timers, messages and signals that follow from one act.
pub const MAX_DELIVERIES: usize = 10_000;

/// Turns a due time into a moment, counted from the given one.
pub type Moments<'d> = &'d dyn Fn(&TimerDue, DateTime<Utc>) -> Option<DateTime<Utc>>;

/// Calendar time; working days are Monday to Friday.
pub fn plain_moments(due: &TimerDue, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use chrono::{Datelike, Days, Weekday};
    match due {
        TimerDue::After(duration) => duration.after(now),
        TimerDue::At(at) => Some(*at),
        TimerDue::Every {
            first, interval, ..
        } => first.or_else(|| interval.after(now)),
        TimerDue::Workdays(days) => {
            let mut at = now;
            let mut left = *days;
            while left > 0 {
                at = at.checked_add_days(Days::new(1))?;
                if !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
                    left -= 1;
                }
            }
            Some(at)
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// What: `entered`, `completed`, `terminated`, `compensated`, `error` (nobody caught it), `caught`, `escalated`,
    /// `message`, `signal`, `incident`, `skipped` (a script), `ended` (an instance), `ignored` (an act that met nothing),
    /// `limit` (the processes go on endlessly).
    pub event: &'static str,
    /// Number of the instance, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<usize>,
    /// Id of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    /// Id of the element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Local name of its XML element.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub tag: Option<&'static str>,
    /// Name or code of what was thrown; the format of a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record {
    fn of(event: &'static str) -> Self {
        Self {
            event,
            instance: None,
            process: None,
            element: None,
            tag: None,
            name: None,
            reason: None,
        }
    }
}

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

    /// The processes a run of the whole file means: those meant to run (all, when none is) that no other calls.
    pub fn main_processes(definitions: &Definitions) -> Vec<&Process> {
        let called = |id: &str| {
            let calls =
                |e: &Element| matches!(&e.kind, Kind::CallActivity { called } if called == id);
            definitions
                .processes
                .iter()
                .any(|p| p.id != id && p.elements().any(calls))
        };
        let real = || definitions.processes.iter().filter(|p| !p.global_task);
        let executable: Vec<_> = real().filter(|p| p.executable).collect();
        let meant = if executable.is_empty() {
            real().collect()
        } else {
            executable
        };
        let free: Vec<_> = meant.iter().copied().filter(|p| !called(&p.id)).collect();
        if free.is_empty() { meant } else { free }
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

    fn arm_timers(&mut self, process: &'d Process) {
        for element in process.starts() {
            for trigger in element.triggers() {
                let EventDefinition::Timer(timer) = trigger else {
                    continue;
                };
                let due = match timer.due(self.expressions, &Variables::new()) {
                    Ok(due) => due,
                    Err(error) => {
                        self.records.push(Record {
                            process: Some(process.id.clone()),
                            element: Some(element.id.clone()),
                            tag: Some(element.tag),
                            reason: Some(error.to_string()),
                            ..Record::of("incident")
                        });
                        continue;
                    }
                };
                let (left, interval) = match &due {
                    TimerDue::Every {
                        times, interval, ..
                    } => (times.map(|n| n.saturating_sub(1)), Some(*interval)),
                    _ => (Some(0), None),
                };
                let alarm = Alarm::Start {
                    process: process.id.clone(),
                    element: element.id.clone(),
                    left,
                    interval,
                };
                self.set_alarm(&due, alarm);
            }
        }
    }

    fn set_alarm(&mut self, due: &TimerDue, alarm: Alarm) {
        if let Some(at) = (self.moments)(due, self.now) {
            self.next_alarm += 1;
            self.timers.insert((at, self.next_alarm), alarm);
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

    fn take_in(&mut self, ix: usize, effect: Effect) {
        let record = match effect {
            Effect::ElementEntered { at } => self.at(ix, "entered", &at),
            Effect::ElementCompleted { at } => self.at(ix, "completed", &at),
            Effect::ElementCancelled { at, .. } => self.at(ix, "terminated", &at),
            Effect::ServiceRequested { at, .. } | Effect::DecisionRequested { at, .. } => {
                self.post.push_back(Thrown::Answer {
                    instance: ix,
                    token: at.token,
                });
                return;
            }
            Effect::TimerSet {
                subscription, due, ..
            } => {
                self.set_alarm(&due, Alarm::Subscription(ix, subscription));
                return;
            }
            Effect::MessageThrown {
                at,
                name,
                correlation,
                received,
            } => {
                self.post.push_back(Thrown::Message {
                    name: name.clone(),
                    correlation,
                    taken_by: received.then_some(ix),
                    from_outside: false,
                });
                Record {
                    name: Some(name),
                    ..self.at(ix, "message", &at)
                }
            }
            Effect::SignalThrown { at, name } => {
                self.post.push_back(Thrown::Signal {
                    name: name.clone(),
                    heard_by: Some(ix),
                });
                Record {
                    name: Some(name),
                    ..self.at(ix, "signal", &at)
                }
            }
            Effect::ErrorThrown { at, code, caught } => Record {
                name: Some(code),
                ..self.at(ix, if caught { "caught" } else { "error" }, &at)
            },
            Effect::EscalationThrown { at, code, .. } => Record {
                name: Some(code),
                ..self.at(ix, "escalated", &at)
            },
            Effect::Compensated { process, element } => {
                let at = Visit {
                    token: 0,
                    process,
                    element,
                };
                self.at(ix, "compensated", &at)
            }
            Effect::ScriptSkipped { at, format } => Record {
                name: Some(format),
                ..self.at(ix, "skipped", &at)
            },
            Effect::Incident { at, incident } => Record {
                reason: Some(incident.reason),
                ..self.at(ix, "incident", &at)
            },
            Effect::InstanceEnded { ending } => Record {
                instance: Some(ix + 1),
                process: Some(self.instances[ix].process.clone()),
                reason: match ending {
                    Ending::Cancelled { reason } => Some(reason),
                    _ => None,
                },
                ..Record::of("ended")
            },
            _ => return,
        };
        self.records.push(record);
    }

    fn at(&self, ix: usize, event: &'static str, at: &Visit) -> Record {
        let element = self
            .definitions
            .process(&at.process)
            .and_then(|p| p.element(&at.element));
        Record {
            instance: Some(ix + 1),
            process: Some(at.process.clone()),
            element: Some(at.element.clone()),
            tag: element.map(|e| e.tag),
            ..Record::of(event)
        }
    }

    /// Delivers everything thrown, and what is due by now, until all is quiet.
    fn deliver(&mut self) {
        self.deliveries = 0;
        self.deliver_on();
    }

    fn deliver_on(&mut self) {
        loop {
            while let Some(thrown) = self.post.pop_front() {
                self.deliveries += 1;
                if self.deliveries > MAX_DELIVERIES {
                    self.limit();
                    return;
                }
                match thrown {
                    Thrown::Message {
                        name,
                        correlation,
                        taken_by,
                        from_outside,
                    } => self.deliver_message(name, correlation, taken_by, from_outside),
                    Thrown::Signal { name, heard_by } => self.deliver_signal(&name, heard_by),
                    Thrown::Answer { instance, token } => {
                        let waits = self.instances[instance].token(token);
                        if waits.is_some_and(|t| t.state == TokenState::Service) {
                            let variables = Variables::new();
                            self.tell(instance, Command::ServiceDone { token, variables });
                        }
                    }
                }
            }
            if !self.deliver_kept() && !self.ring(self.now) {
                return;
            }
            self.deliveries += 1;
            if self.deliveries > MAX_DELIVERIES {
                return self.limit();
            }
        }
    }

    /// A message goes to one that waits for it in each process of the file; when nobody waits, it begins the processes that
    /// begin by it.
    fn deliver_message(
        &mut self,
        name: String,
        correlation: Option<String>,
        taken_by: Option<usize>,
        from_outside: bool,
    ) {
        let mut reached = taken_by.is_some();
        let taken = taken_by.map(|ix| self.instances[ix].process.clone());
        for process in &self.definitions.processes {
            if taken.as_ref() == Some(&process.id) {
                continue;
            }
            if let Some((ix, subscription)) =
                self.waiting_for(&process.id, &name, correlation.as_deref())
            {
                reached = true;
                let variables = Variables::new();
                self.tell(
                    ix,
                    Command::Trigger {
                        subscription,
                        variables,
                    },
                );
            }
        }
        if reached {
            return;
        }
        let begun = self.begin_by(
            |d| matches!(d, EventDefinition::Message { message, .. } if message.is(&name)),
        );
        if !begun && !from_outside {
            self.kept.push((name, correlation));
        } else if !begun {
            self.records.push(Record {
                name: Some(name),
                ..Record::of("ignored")
            });
        }
    }

    fn waiting_for(
        &self,
        process: &str,
        name: &str,
        correlation: Option<&str>,
    ) -> Option<(usize, SubscriptionId)> {
        self.instances
            .iter()
            .enumerate()
            .filter(|(_, i)| i.process == process)
            .find_map(|(ix, i)| {
                let first = i.awaiting_message(name, correlation).next()?;
                Some((ix, first.id))
            })
    }

    /// A message thrown earlier that somebody waits for now.
    fn deliver_kept(&mut self) -> bool {
        for at in 0..self.kept.len() {
            let (name, correlation) = &self.kept[at];
            let found = self
                .definitions
                .processes
                .iter()
                .find_map(|p| self.waiting_for(&p.id, name, correlation.as_deref()));
            if let Some((ix, subscription)) = found {
                self.kept.remove(at);
                let variables = Variables::new();
                self.tell(
                    ix,
                    Command::Trigger {
                        subscription,
                        variables,
                    },
                );
                return true;
            }
        }
        false
    }

    fn deliver_signal(&mut self, name: &str, heard_by: Option<usize>) {
        for ix in 0..self.instances.len() {
            if Some(ix) != heard_by && !self.instances[ix].ended() {
                let variables = Variables::new();
                let name = name.to_owned();
                self.tell(ix, Command::Signal { name, variables });
            }
        }
        self.begin_by(|d| matches!(d, EventDefinition::Signal(signal) if signal.is(name)));
    }

    /// Begins every process that begins by such an event.
    fn begin_by(&mut self, is_it: impl Fn(&EventDefinition) -> bool) -> bool {
        let mut found = Vec::new();
        let mut partly = false;
        for process in self.definitions.processes.iter().filter(|p| !p.global_task) {
            for element in starting_events(process) {
                let Some(trigger) = element.triggers().iter().position(&is_it) else {
                    continue;
                };
                if element.waits_for_all() {
                    let heard = self.heard.entry(element.id.clone()).or_default();
                    heard.insert(trigger);
                    if heard.len() < element.triggers().len() {
                        partly = true;
                        continue;
                    }
                    self.heard.remove(&element.id);
                }
                found.push((process, element.id.clone()));
            }
        }
        let begun = partly || !found.is_empty();
        for (process, element) in found {
            self.begin(process, Some(element), Variables::new());
        }
        begun
    }

    /// Lets the first timer due by `until` go off.
    fn ring(&mut self, until: DateTime<Utc>) -> bool {
        let Some((&key, _)) = self.timers.first_key_value().filter(|(k, _)| k.0 <= until) else {
            return false;
        };
        let Some(alarm) = self.timers.remove(&key) else {
            return false;
        };
        self.now = self.now.max(key.0);
        match alarm {
            Alarm::Subscription(ix, subscription) => {
                // One that was set again or is no longer wanted is simply not there.
                if self.instances[ix]
                    .subscription(subscription)
                    .is_some_and(|s| !s.happened)
                {
                    let variables = Variables::new();
                    self.tell(
                        ix,
                        Command::Trigger {
                            subscription,
                            variables,
                        },
                    );
                }
            }
            Alarm::Start {
                process,
                element,
                left,
                interval,
            } => {
                if let (Some(interval), true) = (interval, left != Some(0)) {
                    let again = Alarm::Start {
                        process: process.clone(),
                        element: element.clone(),
                        left: left.map(|n| n - 1),
                        interval: Some(interval),
                    };
                    self.set_alarm(&TimerDue::After(interval), again);
                }
                if let Some(process) = self.definitions.process(&process) {
                    self.begin(process, Some(element), Variables::new());
                }
            }
        }
        true
    }

    /// Lets this much time pass.
    pub fn advance(&mut self, duration: Duration) {
        if let Some(until) = duration.after(self.now)
            && self.pass(until, |_| false)
        {
            self.now = until;
        }
    }

    /// Lets time pass until everything has ended or waits for something else than time.
    pub fn run_out(&mut self) {
        self.pass(DateTime::<Utc>::MAX_UTC, Self::ended);
    }

    /// Lets timers go off one after another; `false` when that has no end.
    fn pass(&mut self, until: DateTime<Utc>, enough: impl Fn(&Self) -> bool) -> bool {
        self.deliveries = 0;
        while !enough(self) && self.ring(until) {
            self.deliveries += 1;
            self.deliver_on();
            if self.deliveries > MAX_DELIVERIES {
                self.limit();
                return false;
            }
        }
        true
    }

    /// A message comes from outside.
    pub fn message(&mut self, name: &str, correlation: Option<String>) {
        self.post.push_back(Thrown::Message {
            name: self.name_of(name),
            correlation,
            taken_by: None,
            from_outside: true,
        });
        self.deliver();
    }

    /// A signal is called out.
    pub fn signal(&mut self, name: &str) {
        self.post.push_back(Thrown::Signal {
            name: self.name_of(name),
            heard_by: None,
        });
        self.deliver();
    }

    /// The name behind what may be the id of a message or signal.
    fn name_of(&self, name: &str) -> String {
        let definitions = self
            .definitions
            .processes
            .iter()
            .flat_map(Process::elements);
        definitions
            .flat_map(|e| e.triggers().iter().chain(e.results()))
            .find_map(|d| match d {
                EventDefinition::Message { message: n, .. } | EventDefinition::Signal(n)
                    if n.is(name) =>
                {
                    Some(n.name.clone())
                }
                _ => None,
            })
            .unwrap_or_else(|| name.to_owned())
    }

    /// Somebody does what the element waits for: completes the task, lets the event happen, begins the activity of an ad-hoc
    /// sub-process or the process itself.
    pub fn fire(&mut self, element: &str, variables: Variables) {
        let command = self
            .instances
            .iter()
            .enumerate()
            .find_map(|(ix, instance)| {
                let at = |wanted: TokenState| {
                    let at_it = |t: &&crate::Token| t.element == element && t.state == wanted;
                    instance.tokens.iter().find(at_it).map(|t| t.id)
                };
                if let Some(token) = at(TokenState::Task) {
                    let variables = variables.clone();
                    return Some((ix, Command::CompleteTask { token, variables }));
                }
                let subscription = instance
                    .subscriptions
                    .iter()
                    .find(|s| s.element == element && !s.happened)
                    .map(|s| s.id);
                if let Some(subscription) = subscription {
                    let variables = variables.clone();
                    return Some((
                        ix,
                        Command::Trigger {
                            subscription,
                            variables,
                        },
                    ));
                }
                let scope = self.ad_hoc_with(instance, element)?;
                let element = element.to_owned();
                Some((ix, Command::Begin { scope, element }))
            });
        match command {
            Some((ix, command)) => self.tell(ix, command),
            None => {
                let begins = |p: &&&Process| starting_events(p).any(|e| e.id == element);
                let armed = self.armed.iter().copied();
                let all = armed.chain(&self.definitions.processes);
                let mut all = all.filter(|p| !p.global_task);
                match all.find(|p| begins(&p)) {
                    Some(process) => self.begin(process, Some(element.to_owned()), variables),
                    None => self.ignored(element),
                }
            }
        }
        self.deliver();
    }

    fn ad_hoc_with(&self, instance: &Instance, element: &str) -> Option<u64> {
        instance.scopes.iter().find_map(|scope| {
            let ScopeKind::SubProcess {
                element: container,
                closing: false,
                ..
            } = &scope.kind
            else {
                return None;
            };
            let process = self.definitions.process(&scope.process)?;
            let container = process.find(container)?;
            let ad_hoc = matches!(
                process[container].kind,
                Kind::SubProcess(SubProcess::AdHoc(_))
            );
            let inside = process.element(element)?.container == Some(container);
            (ad_hoc && inside).then_some(scope.id)
        })
    }

    /// Whoever works on the element reports an error.
    pub fn fail(&mut self, element: &str, code: &str) {
        let found = self
            .instances
            .iter()
            .enumerate()
            .find_map(|(ix, instance)| {
                let busy = |t: &&crate::Token| {
                    t.element == element
                        && matches!(
                            t.state,
                            TokenState::Task
                                | TokenState::Service
                                | TokenState::Event
                                | TokenState::Inside { .. }
                        )
                };
                instance.tokens.iter().find(busy).map(|t| (ix, t.id))
            });
        match found {
            Some((ix, token)) => self.tell(
                ix,
                Command::ThrowError {
                    token,
                    code: code.to_owned(),
                    variables: Variables::new(),
                },
            ),
            None => self.ignored(element),
        }
        self.deliver();
    }

    fn ignored(&mut self, element: &str) {
        self.records.push(Record {
            element: Some(element.to_owned()),
            ..Record::of("ignored")
        });
    }

    /// What happened since this was last asked.
    pub fn records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// The instances so far, in the order of their start.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// Whether everything that was started has ended.
    pub fn ended(&self) -> bool {
        let begun = |p: &Process| self.instances.iter().any(|i| i.process == p.id);
        self.instances.iter().all(Instance::ended) && self.armed.iter().all(|p| begun(p))
    }

    /// Ids of the elements something waits at, in the order of arrival.
    pub fn waiting(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for instance in &self.instances {
            let leaves = instance.tokens.iter().filter(|t| match t.state {
                TokenState::Inside { scope } => {
                    let idle = !instance.tokens.iter().any(|t| t.scope == scope);
                    let alone = !instance.scopes.iter().any(|s| s.parent == Some(scope));
                    idle && alone
                }
                _ => true,
            });
            found.extend(leaves.map(|t| t.element.as_str()));
        }
        for process in &self.armed {
            if !self.instances.iter().any(|i| i.process == process.id) {
                found.extend(process.starts().map(|e| e.id.as_str()));
            }
        }
        found
    }

    /// The variables of all instances; where several have the same one, that of the earliest.
    pub fn variables(&self) -> Variables {
        let mut all = Variables::new();
        for instance in self.instances.iter().rev() {
            all.extend(
                instance
                    .variables()
                    .iter()
                    .map(|(n, v): (&String, &Value)| (n.clone(), v.clone())),
            );
        }
        all
    }

    /// Whether an instance ended by an error nobody caught.
    pub fn failed(&self) -> bool {
        self.instances
            .iter()
            .any(|i| matches!(&i.status, Status::Ended(Ending::Error { .. })))
    }
}

/// Events that begin an instance, those after a gateway that begins instances included.
fn starting_events(process: &Process) -> impl Iterator<Item = &Element> {
    process.starts().flat_map(|element| {
        let gateway = element.is_gateway();
        let after = element.outgoing.iter().filter(move |_| gateway);
        let after = after.map(|flow| &process[process[*flow].target]);
        std::iter::once(element).chain(after)
    })
}
