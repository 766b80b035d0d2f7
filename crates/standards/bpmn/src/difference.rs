//! What two versions of a file do differently, for showing them side by side.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    model::{
        Behavior, Cardinality, Catch, Definitions, Element, EventDefinition, Flow, Kind, Looping,
        Process, SubProcess, Task,
    },
    timer::{Timer, TimerDue},
};

/// One element, flow, lane or process that is not the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Id of the process.
    pub process: String,
    /// Id of the element, flow or lane; the process's own id when the process itself is meant.
    pub element: String,
    /// What became of it.
    pub change: Change,
}

/// What became of an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is only in the second version.
    Added,
    /// It is only in the first version.
    Removed,
    /// It says something else.
    Changed(Vec<Detail>),
}

/// One thing an element says differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// `type`, `name`, `documentation`, `source`, `target`, `condition`, `default`, `in` (the sub-process), `lane`, `event`,
    /// `loop` and the like; `extension:` and a name for the extension attributes.
    pub what: String,
    /// What the first version says.
    pub before: Option<String>,
    /// What the second version says.
    pub after: Option<String>,
}

/// The differences from `before` to `after`, in the order of the second version, what was removed last. The order of elements
/// in the file and how they are drawn do not count; the order of the flows out of an element does, because conditions are
/// tried in it.
pub fn diff(before: &Definitions, after: &Definitions) -> Vec<Difference> {
    let (old, new) = (facts(before), facts(after));
    let known: BTreeMap<_, _> = old.iter().map(|(key, facts)| (key, facts)).collect();
    let wanted: BTreeMap<_, _> = new.iter().map(|(key, facts)| (key, facts)).collect();
    let difference = |(process, element): &Key, change| Difference {
        process: process.clone(),
        element: element.clone(),
        change,
    };
    let mut found = Vec::new();
    for (key, facts) in &new {
        match known.get(key) {
            None => found.push(difference(key, Change::Added)),
            Some(before) if *before != facts => {
                found.push(difference(key, Change::Changed(details(before, facts))));
            }
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(key, _)| !wanted.contains_key(key));
    found.extend(gone.map(|(key, _)| difference(key, Change::Removed)));
    found
}

/// Process and element.
type Key = (String, String);

/// What an element says, by aspect.
type Facts = BTreeMap<String, String>;

fn details(before: &Facts, after: &Facts) -> Vec<Detail> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| Detail {
            what: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

fn facts(definitions: &Definitions) -> Vec<(Key, Facts)> {
    let mut all = Vec::new();
    for process in &definitions.processes {
        let mut add =
            |id: &str, facts: Facts| all.push(((process.id.clone(), id.to_owned()), facts));
        add(&process.id, of_process(process));
        for lane in &process.lanes {
            let mut facts = Facts::new();
            say(&mut facts, "name", &lane.name);
            extensions(&mut facts, &lane.extension);
            add(&lane.id, facts);
        }
        // A global task is a process of one element with the same id.
        for element in process.elements().filter(|e| e.id != process.id) {
            add(&element.id, of_element(process, element));
        }
        for flow in process.flows() {
            add(&flow.id, of_flow(process, flow));
        }
    }
    all
}

/// Notes something unless there is nothing to say.
fn say(facts: &mut Facts, what: &str, value: &str) {
    if !value.is_empty() {
        facts.insert(what.to_owned(), value.to_owned());
    }
}

fn extensions(facts: &mut Facts, extension: &crate::Extension) {
    for (name, value) in extension {
        facts.insert(format!("extension:{name}"), value.clone());
    }
}

fn of_process(process: &Process) -> Facts {
    let mut facts = match process.elements().next() {
        Some(task) if process.global_task => of_element(process, task),
        _ => Facts::new(),
    };
    say(&mut facts, "name", &process.name);
    say(&mut facts, "documentation", &process.documentation);
    if !process.executable {
        say(&mut facts, "executable", "false");
    }
    extensions(&mut facts, &process.extension);
    facts
}

fn of_flow(process: &Process, flow: &Flow) -> Facts {
    let mut facts = Facts::new();
    let source = &process[flow.source];
    say(&mut facts, "name", &flow.name);
    say(&mut facts, "source", &source.id);
    say(&mut facts, "target", &process[flow.target].id);
    say(
        &mut facts,
        "condition",
        flow.condition.as_deref().unwrap_or_default(),
    );
    let chooses = source.kind == Kind::ExclusiveGateway && source.outgoing.len() > 1;
    if let Some(at) = source
        .outgoing
        .iter()
        .position(|f| process[*f].id == flow.id)
        .filter(|_| chooses)
    {
        say(&mut facts, "order", &(at + 1).to_string());
    }
    extensions(&mut facts, &flow.extension);
    facts
}

fn of_element(process: &Process, element: &Element) -> Facts {
    let mut facts = Facts::new();
    let mut note = |what: &str, value: &str| say(&mut facts, what, value);
    let id = |ix: Option<crate::ElementIx>| ix.map_or("", |ix| process[ix].id.as_str());
    note("type", element.tag);
    note("name", &element.name);
    note("documentation", &element.documentation);
    note("in", id(element.container));
    note("lane", process.lane(element).map_or("", |l| &l.id));
    note(
        "default",
        element.default.map_or("", |f| process[f].id.as_str()),
    );
    note("undone_by", id(element.handler));
    note("data", &element.data.join(", "));
    if element.for_compensation {
        note("for_compensation", "true");
    }
    for (what, quantity) in [
        ("start_quantity", element.start_quantity),
        ("completion_quantity", element.completion_quantity),
    ] {
        if quantity != 1 {
            note(what, &quantity.to_string());
        }
    }
    if let Some(looping) = &element.looping {
        note("loop", &of_looping(looping));
    }
    match &element.kind {
        Kind::StartEvent {
            event,
            interrupting,
        } => {
            note("event", &of_catch(event));
            note("interrupting", if *interrupting { "" } else { "false" });
        }
        Kind::BoundaryEvent {
            attached_to,
            event,
            interrupting,
        } => {
            note("attached_to", &process[*attached_to].id);
            note("event", &of_catch(event));
            note("interrupting", if *interrupting { "" } else { "false" });
        }
        Kind::CatchEvent(event) => note("event", &of_catch(event)),
        Kind::ThrowEvent(results) | Kind::EndEvent(results) => note("event", &of_events(results)),
        Kind::Task(Task::Send {
            message: Some(message),
        }) => note("event", &of_event(message)),
        Kind::Task(Task::Receive {
            message,
            instantiate,
        }) => {
            note("event", &of_event(message));
            note("instantiates", if *instantiate { "true" } else { "" });
        }
        Kind::Task(Task::Script { format, text }) => {
            note("script_format", format);
            note("script", text);
        }
        Kind::ComplexGateway { activation } => {
            note("activation", activation.as_deref().unwrap_or_default())
        }
        Kind::EventBasedGateway {
            instantiate,
            parallel,
        } => {
            note("instantiates", if *instantiate { "true" } else { "" });
            note("parallel", if *parallel { "true" } else { "" });
        }
        Kind::SubProcess(SubProcess::Event) => note("triggered_by_event", "true"),
        Kind::SubProcess(SubProcess::AdHoc(ad_hoc)) => {
            note(
                "ordering",
                if ad_hoc.sequential { "sequential" } else { "" },
            );
            note(
                "completion",
                ad_hoc.completion.as_deref().unwrap_or_default(),
            );
            note(
                "cancel_remaining",
                if ad_hoc.cancel_remaining { "" } else { "false" },
            );
        }
        Kind::CallActivity { called } => note("called", called),
        _ => {}
    }
    extensions(&mut facts, &element.extension);
    facts
}

fn of_catch(event: &Catch) -> String {
    let all = if event.parallel { "all: " } else { "" };
    format!("{all}{}", of_events(&event.triggers))
}

fn of_events(events: &[EventDefinition]) -> String {
    events.iter().map(of_event).collect::<Vec<_>>().join(", ")
}

fn of_event(event: &EventDefinition) -> String {
    match event {
        EventDefinition::Message {
            message,
            correlation,
        } => match correlation {
            Some(key) => format!("message {} ({key})", message.name),
            None => format!("message {}", message.name),
        },
        EventDefinition::Timer(timer) => format!("timer {}", of_timer(timer)),
        EventDefinition::Signal(signal) => format!("signal {}", signal.name),
        EventDefinition::Error(error) => {
            format!("error {}", error.as_ref().map_or("*", |e| &e.code))
        }
        EventDefinition::Escalation(escalation) => {
            format!(
                "escalation {}",
                escalation.as_ref().map_or("*", |e| &e.code)
            )
        }
        EventDefinition::Conditional(condition) => format!("condition {condition}"),
        EventDefinition::Link(name) => format!("link {name}"),
        EventDefinition::Compensation { activity, wait } => {
            let aside = if *wait { "" } else { " (not waiting)" };
            format!("compensation {}{aside}", activity.as_deref().unwrap_or("*"))
        }
        EventDefinition::Cancel => "cancel".to_owned(),
        EventDefinition::Terminate => "terminate".to_owned(),
    }
}

fn of_timer(timer: &Timer) -> String {
    match timer {
        Timer::Expression { text, .. } => format!("= {text}"),
        Timer::Fixed(TimerDue::After(span)) => span.to_string(),
        Timer::Fixed(TimerDue::At(moment)) => moment.to_rfc3339(),
        Timer::Fixed(TimerDue::Workdays(days)) => format!("{days} workdays"),
        Timer::Fixed(TimerDue::Every {
            times,
            first,
            interval,
        }) => {
            let times = times.map(|n| n.to_string()).unwrap_or_default();
            let first = first
                .map(|m| format!("{}/", m.to_rfc3339()))
                .unwrap_or_default();
            format!("R{times}/{first}{interval}")
        }
    }
}

fn of_looping(looping: &Looping) -> String {
    let mut parts: Vec<String> = Vec::new();
    match looping {
        Looping::Standard {
            test_before,
            condition,
            maximum,
        } => {
            parts.push(if *test_before { "while" } else { "again while" }.to_owned());
            parts.extend(condition.clone());
            parts.extend(maximum.map(|most| format!("at most {most}")));
        }
        Looping::Multiple {
            sequential,
            cardinality,
            item,
            output_collection,
            output_item,
            completion,
            behavior,
        } => {
            parts.push(
                if *sequential {
                    "sequential"
                } else {
                    "parallel"
                }
                .to_owned(),
            );
            parts.push(match cardinality {
                Cardinality::Count(count) => format!("{count} times"),
                Cardinality::Each(list) => format!("each of {list}"),
            });
            let named = [
                ("as", item),
                ("into", output_collection),
                ("from", output_item),
                ("until", completion),
            ];
            parts.extend(
                named
                    .iter()
                    .filter_map(|(what, value)| Some(format!("{what} {}", value.as_ref()?))),
            );
            match behavior {
                Behavior::All => {}
                Behavior::None(event) => parts.push(format!("each throws {}", of_event(event))),
                Behavior::One(event) => parts.push(format!("first throws {}", of_event(event))),
                Behavior::Complex(all) => {
                    parts.extend(all.iter().map(|(condition, event)| {
                        format!("{condition} throws {}", of_event(event))
                    }));
                }
            }
        }
    }
    parts.join("; ")
}
