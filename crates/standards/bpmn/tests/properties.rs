//! Rules that hold for every process and every sequence of commands.

mod common;

use std::collections::BTreeMap;

use bpmn::{
    Cause, Command, Effect, Instance, Kind, Process, Refusal, Status, TokenState, Variables, step,
};
use common::{APPROVAL, PARALLEL, document, flow, read};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Raw material of a command; made into one when the instance is known, so that most commands hit something.
#[derive(Debug, Clone)]
struct Raw {
    kind: u8,
    token: prop::sample::Index,
    element: prop::sample::Index,
    name: prop::sample::Index,
    value: Value,
}

fn raw() -> impl Strategy<Value = Raw> {
    let value = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0_i64..5).prop_map(Value::from),
        prop::sample::select(vec!["accept", "correct", "back", "grant", "refuse", "x"])
            .prop_map(Value::from),
        Just(json!({"workdays": 5})),
        Just(Value::Null),
    ];
    let index = any::<prop::sample::Index>;
    (0_u8..24, index(), index(), index(), value).prop_map(|(kind, token, element, name, value)| {
        Raw {
            kind,
            token,
            element,
            name,
            value,
        }
    })
}

const NAMES: [&str; 7] = [
    "acceptance",
    "examination",
    "decision",
    "correction",
    "again",
    "match",
    "x",
];

fn command(raw: &Raw, process: &Process, instance: &Instance) -> Command {
    let variables: Variables = [(
        NAMES[raw.name.index(NAMES.len())].to_owned(),
        raw.value.clone(),
    )]
    .into_iter()
    .collect();
    let open = &instance.tokens;
    let token = if open.is_empty() || raw.kind == 23 {
        raw.token.index(instance.next_token as usize + 2) as u64
    } else {
        open[raw.token.index(open.len())].id
    };
    let elements: Vec<_> = process.elements().map(|e| e.id.clone()).collect();
    let to = elements
        .get(raw.element.index(elements.len().max(1)))
        .cloned()
        .unwrap_or_default();
    let state = instance.token(token).map(|t| &t.state);
    match (raw.kind, state) {
        (0..12, Some(TokenState::Service)) => Command::ServiceDone { token, variables },
        (0..12, _) => Command::CompleteTask { token, variables },
        (12, _) => Command::ServiceFailed {
            token,
            error: "合成故障".into(),
        },
        (13 | 14, _) => Command::Retry { token },
        (15 | 16, _) => {
            let timer = instance
                .token(token)
                .and_then(|t| t.timers.first().cloned())
                .unwrap_or(to);
            Command::TimerFired { token, timer }
        }
        (17 | 18, _) => Command::MoveToken { token, to },
        (19, _) => Command::MoveAll { to },
        (20, _) => Command::SetVariables { variables },
        (21, _) if raw.token.index(8) == 0 => Command::Terminate {
            reason: "合成撤回".into(),
        },
        (22, _) => Command::Start { variables },
        _ => Command::CompleteTask { token, variables },
    }
}

/// What a host knows if it does nothing but follow effects.
#[derive(Default)]
struct Mirror {
    visits: BTreeMap<u64, String>,
    tasks: BTreeMap<u64, String>,
    services: BTreeMap<u64, String>,
    timers: BTreeMap<(u64, String), ()>,
    incidents: BTreeMap<u64, ()>,
    completed: BTreeMap<String, usize>,
    flows: BTreeMap<String, usize>,
    ended: bool,
}

impl Mirror {
    fn follow(&mut self, effect: Effect, instance: &Instance) {
        assert!(!self.ended, "nothing follows the end");
        match effect {
            Effect::ElementEntered { token, element } => {
                assert_eq!(self.visits.insert(token, element), None)
            }
            Effect::ElementCompleted { token, element } => {
                assert_eq!(self.visits.remove(&token).as_ref(), Some(&element));
                *self.completed.entry(element).or_default() += 1;
            }
            Effect::ElementCancelled {
                token,
                element,
                cause,
            } => {
                assert_eq!(self.visits.remove(&token), Some(element));
                if cause == Cause::Ended {
                    assert!(instance.ended());
                }
            }
            Effect::FlowTaken { flow } => *self.flows.entry(flow).or_default() += 1,
            Effect::TaskCreated { token, element } => {
                assert_eq!(self.tasks.insert(token, element), None)
            }
            Effect::TaskCompleted { token, element }
            | Effect::TaskCancelled { token, element, .. } => {
                assert_eq!(self.tasks.remove(&token), Some(element));
            }
            Effect::ServiceRequested { token, element, .. } => {
                drop(self.services.insert(token, element))
            }
            Effect::ServiceCancelled { token, .. } => {
                assert!(self.services.remove(&token).is_some())
            }
            Effect::TimerSet { token, timer, .. } => {
                assert_eq!(self.timers.insert((token, timer), ()), None)
            }
            Effect::TimerCancelled { token, timer } => {
                assert!(self.timers.remove(&(token, timer)).is_some())
            }
            Effect::Incident { token, .. } => drop(self.incidents.insert(token, ())),
            Effect::IncidentResolved { token, .. } => {
                assert!(self.incidents.remove(&token).is_some())
            }
            Effect::InstanceEnded { .. } => self.ended = true,
            other => panic!("unknown {other:?}"),
        }
    }

    /// The mirror equals the instance: no effect is missing, none too many.
    fn agrees(&self, instance: &Instance) {
        let open = |state: fn(&TokenState) -> bool| {
            instance
                .tokens
                .iter()
                .filter(move |t| state(&t.state))
                .map(|t| (t.id, t.element.clone()))
                .collect::<BTreeMap<_, _>>()
        };
        assert_eq!(self.visits, open(|_| true));
        assert_eq!(self.tasks, open(|s| *s == TokenState::Task));
        assert_eq!(self.services, open(|s| *s == TokenState::Service));
        let timers = instance
            .tokens
            .iter()
            .flat_map(|t| t.timers.iter().map(|timer| ((t.id, timer.clone()), ())));
        assert_eq!(self.timers, timers.collect());
        assert_eq!(
            self.incidents,
            instance.incidents().map(|(t, _)| (t.id, ())).collect()
        );
        assert_eq!(self.ended, instance.ended());
    }
}

/// Runs the commands and asserts every rule after each.
fn run(process: &Process, commands: &[Raw]) {
    let mut instance = Instance::new(process);
    let mut mirror = Mirror::default();
    let start = Raw {
        kind: 22,
        ..commands[0].clone()
    };
    for raw in std::iter::once(&start).chain(commands) {
        let command = command(raw, process, &instance);
        let before = instance.clone();

        // Stored and loaded, the same command gives the same state and effects.
        let mut loaded: Instance =
            serde_json::from_str(&serde_json::to_string(&instance).unwrap()).unwrap();
        let result = step(process, &mut instance, command.clone());
        assert_eq!(result, step(process, &mut loaded, command.clone()));
        assert_eq!(instance, loaded);

        match result {
            Err(refusal) => {
                assert_eq!(instance, before, "a refusal changes nothing");
                assert_eq!(before.ended(), refusal == Refusal::Ended);
            }
            Ok(effects) => {
                assert!(!before.ended(), "after the end every command is refused");
                for effect in effects {
                    // What the host reports as done or fired is done for the host, too.
                    mirror.follow(effect, &instance);
                }
                if let Command::ServiceDone { token, .. } = &command {
                    mirror.services.remove(token);
                }
                if let Command::TimerFired { token, timer } = &command {
                    mirror.timers.remove(&(*token, timer.clone()));
                }
            }
        }
        mirror.agrees(&instance);
        assert_eq!(
            instance.status == Status::Running,
            !instance.tokens.is_empty()
        );
        for token in &instance.tokens {
            let settled = !matches!(token.state, TokenState::Entering | TokenState::Leaving);
            assert!(
                settled || token.incident.is_some(),
                "{token:?} waits for nothing"
            );
        }
    }
    // A join consumes one token of each incoming flow for every one it lets go.
    for join in process.elements().filter(|e| e.is_join()) {
        let consumed = mirror.completed.get(&join.id).copied().unwrap_or(0);
        assert_eq!(consumed % join.incoming.len(), 0, "{}", join.id);
        for flow in &join.outgoing {
            let let_go = mirror.flows.get(&process[*flow].id).copied().unwrap_or(0);
            assert_eq!(let_go * join.incoming.len(), consumed, "{}", join.id);
        }
    }
}

/// A random graph, sensible or not: element kinds, and flows with or without a condition or default.
fn any_process() -> impl Strategy<Value = Process> {
    let flows = prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
            0_u8..4,
        ),
        2..20,
    );
    (prop::collection::vec(0_u8..7, 2..9), flows).prop_map(|(kinds, flows)| {
        let mut body = r#"<startEvent id="n0"/>"#.to_owned();
        let n = kinds.len() + 1;
        let mut default_of: BTreeMap<usize, usize> = BTreeMap::new();
        let mut drawn = String::new();
        let is_end = |i: usize| i > 0 && kinds[i - 1] == 5;
        let chain = (0..n - 1).map(|i| (i, i + 1, 0)); // most nodes are reached
        let extra = flows.iter().map(|(from, to, mark)| (from.index(n), 1 + to.index(n - 1), *mark));
        for (f, (from, to, mark)) in chain.chain(extra).enumerate().filter(|(_, (from, ..))| !is_end(*from)) {
            drawn += &flow(&format!("f{f}"), &format!("n{from}"), &format!("n{to}"), match mark {
                1 => "x = true",
                2 => "x > 2",
                _ => "",
            });
            if mark == 3 {
                default_of.insert(from, f);
            }
        }
        for (i, kind) in kinds.iter().enumerate().map(|(i, kind)| (i + 1, kind)) {
            let default = default_of.get(&i).map(|f| format!(r#" default="f{f}""#)).unwrap_or_default();
            body += &match kind {
                0 | 1 => format!(r#"<userTask id="n{i}" t:permission="p"{default}/>"#),
                2 => format!(
                    r#"<serviceTask id="n{i}" t:topic="t"{default}/><boundaryEvent id="b{i}" attachedToRef="n{i}" t:workdays="1"><timerEventDefinition/></boundaryEvent>{}"#,
                    flow(&format!("bf{i}"), &format!("b{i}"), "n1", "")
                ),
                3 => format!(r#"<exclusiveGateway id="n{i}"{default}/>"#),
                4 => format!(r#"<parallelGateway id="n{i}"/>"#),
                5 => format!(r#"<endEvent id="n{i}"/>"#),
                _ => format!(r#"<parallelGateway id="n{i}"/>"#),
            };
        }
        read(&document(&(body + &drawn)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn approval_obeys_the_rules(commands in prop::collection::vec(raw(), 1..60)) {
        run(&read(APPROVAL), &commands);
    }

    #[test]
    fn parallel_work_obeys_the_rules(commands in prop::collection::vec(raw(), 1..60)) {
        run(&read(PARALLEL), &commands);
    }

    #[test]
    fn any_graph_obeys_the_rules(process in any_process(), commands in prop::collection::vec(raw(), 1..25)) {
        let _ = bpmn::check(&process, &bpmn::Conditions);
        let layers = bpmn::approval_layers(&process);
        prop_assert!(layers <= process.elements().filter(|e| e.kind == Kind::UserTask).count());
        run(&process, &commands);
    }

    /// Without moves by hand, three departments that all agree always meet at the conclusion, in whatever order.
    #[test]
    fn parallel_branches_meet_in_any_order(picks in prop::collection::vec(any::<prop::sample::Index>(), 200)) {
        let process = read(PARALLEL);
        let mut instance = Instance::new(&process);
        let agreed: Variables = [("match".to_owned(), json!(true))].into_iter().collect();
        step(&process, &mut instance, Command::Start { variables: agreed }).unwrap();
        let variables = Variables::new();
        let mut concluded = 0;
        for pick in picks {
            let waiting: Vec<_> = instance.tokens.iter()
                .filter(|t| matches!(t.state, TokenState::Task | TokenState::Service)).cloned().collect();
            let Some(token) = waiting.get(pick.index(waiting.len().max(1))) else { break };
            if token.element == "conclude" {
                concluded += 1;
                prop_assert_eq!(instance.tokens.len(), 1);
            }
            let (token, variables) = (token.id, variables.clone());
            let command = match instance.token(token).unwrap().state {
                TokenState::Service => Command::ServiceDone { token, variables },
                _ => Command::CompleteTask { token, variables },
            };
            step(&process, &mut instance, command).unwrap();
        }
        prop_assert!(instance.ended());
        prop_assert_eq!(concluded, 1);
    }
}
