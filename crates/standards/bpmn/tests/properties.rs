//! Rules that hold for every process and every sequence of commands.

mod common;
mod random;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use bpmn::{
    Awaiting, Command, Conditions, Effect, Instance, Interpreter, Owner, Process, Refusal,
    ScopeKind, Status, Token, TokenState, Variables, Visit, step,
};
use common::{APPROVAL, PARALLEL, read};
use proptest::prelude::*;
use random::{Raw, any_process, command, raw};
use serde_json::json;

/// What a host knows if it does nothing but follow effects.
#[derive(Default)]
struct Mirror {
    visits: BTreeMap<u64, Visit>,
    tasks: BTreeMap<u64, Visit>,
    services: BTreeSet<u64>,
    timers: BTreeSet<u64>,
    awaited: BTreeSet<u64>,
    incidents: BTreeSet<u64>,
    completed: BTreeMap<String, usize>,
    merged: BTreeMap<String, usize>,
    flows: BTreeMap<String, usize>,
    ended: bool,
}

impl Mirror {
    fn follow(&mut self, effect: Effect) {
        assert!(!self.ended, "nothing follows the end");
        match effect {
            Effect::ElementEntered { at } => {
                let latest = self.visits.keys().next_back().copied().unwrap_or(0);
                assert!(at.token > latest, "ids rise");
                self.visits.insert(at.token, at);
            }
            Effect::ElementCompleted { at } => {
                assert_eq!(self.visits.remove(&at.token).as_ref(), Some(&at));
                *self.completed.entry(at.element).or_default() += 1;
            }
            Effect::Merged { at } => {
                assert_eq!(self.visits.remove(&at.token).as_ref(), Some(&at));
                *self.merged.entry(at.element).or_default() += 1;
            }
            Effect::ElementCancelled { at, .. } => {
                assert_eq!(self.visits.remove(&at.token), Some(at))
            }
            Effect::FlowTaken { flow, .. } => *self.flows.entry(flow).or_default() += 1,
            Effect::TaskCreated { at } => assert_eq!(self.tasks.insert(at.token, at), None),
            Effect::TaskCompleted { at } | Effect::TaskCancelled { at, .. } => {
                assert_eq!(self.tasks.remove(&at.token), Some(at))
            }
            Effect::ServiceRequested { at, .. } | Effect::DecisionRequested { at, .. } => {
                self.services.insert(at.token);
            }
            Effect::ServiceCancelled { at, .. } => assert!(self.services.remove(&at.token)),
            Effect::TimerSet { subscription, .. } => assert!(self.timers.insert(subscription)),
            Effect::TimerCancelled { subscription } => assert!(self.timers.remove(&subscription)),
            Effect::MessageAwaited { subscription, .. }
            | Effect::SignalAwaited { subscription, .. } => {
                assert!(self.awaited.insert(subscription))
            }
            Effect::AwaitedNoMore { subscription } => assert!(self.awaited.remove(&subscription)),
            Effect::Incident { at, .. } => {
                self.incidents.insert(at.token);
            }
            Effect::IncidentResolved { at } => assert!(self.incidents.remove(&at.token)),
            Effect::InstanceEnded { .. } => self.ended = true,
            Effect::MessageThrown { .. }
            | Effect::SignalThrown { .. }
            | Effect::ErrorThrown { .. }
            | Effect::EscalationThrown { .. }
            | Effect::Compensated { .. }
            | Effect::ScriptSkipped { .. } => {}
            other => panic!("unknown {other:?}"),
        }
    }

    /// The mirror equals the instance: no effect is missing, none too many.
    fn agrees(&self, process: &Process, instance: &Instance) {
        let visit = |t: &Token| {
            let scope = instance.scope(t.scope).unwrap();
            let at = Visit {
                token: t.id,
                process: scope.process.clone(),
                element: t.element.clone(),
            };
            (t.id, at)
        };
        // The token of all rounds together is no visit of its own.
        let is_visit = |t: &&Token| {
            process.element(&t.element).unwrap().looping.is_none() || instance.round(t).is_some()
        };
        let open = instance.tokens.iter().filter(is_visit).map(visit);
        assert_eq!(self.visits, open.collect());
        let at_work = |state: TokenState| instance.tokens.iter().filter(move |t| t.state == state);
        assert_eq!(self.tasks, at_work(TokenState::Task).map(visit).collect());
        assert_eq!(
            self.services,
            at_work(TokenState::Service).map(|t| t.id).collect()
        );
        let mut timers = BTreeSet::new();
        let mut awaited = BTreeSet::new();
        for s in &instance.subscriptions {
            match s.awaiting {
                Awaiting::Timer { .. } if !s.happened => drop(timers.insert(s.id)),
                Awaiting::Message { .. } | Awaiting::Signal { .. } => drop(awaited.insert(s.id)),
                _ => {}
            }
        }
        assert_eq!(self.timers, timers);
        assert_eq!(self.awaited, awaited);
        let incidents = instance.incidents().map(|(t, _)| t.id).collect();
        assert_eq!(self.incidents, incidents);
        assert_eq!(self.ended, instance.ended());
    }
}

/// What is true of every state between two commands.
fn whole(process: &Process, instance: &Instance) {
    assert_eq!(
        instance.status == Status::Running,
        !instance.tokens.is_empty()
    );
    let rising = |ids: Vec<u64>| ids.windows(2).all(|w| w[0] < w[1]);
    assert!(rising(instance.tokens.iter().map(|t| t.id).collect()));
    assert!(rising(instance.scopes.iter().map(|s| s.id).collect()));
    assert!(rising(
        instance.subscriptions.iter().map(|s| s.id).collect()
    ));
    for token in &instance.tokens {
        assert!(
            instance.scope(token.scope).is_some(),
            "{token:?} is nowhere"
        );
        let waits = match &token.state {
            TokenState::Task | TokenState::Service | TokenState::Arrived { .. } => true,
            TokenState::Event => instance
                .subscriptions
                .iter()
                .any(|s| s.owner == Owner::Token(token.id)),
            TokenState::Inside { scope } => {
                instance.scope(*scope).and_then(|s| s.owner) == Some(token.id)
            }
            _ => false,
        };
        assert!(
            waits || token.incident.is_some(),
            "{token:?} waits for nothing"
        );
    }
    for scope in instance.scopes.iter().skip(1) {
        let parent = scope.parent.expect("only the first has no parent");
        assert!(
            instance.scope(parent).is_some(),
            "{scope:?} is in a run that is gone"
        );
        if let Some(owner) = scope.owner {
            let state = &instance.token(owner).expect("its owner waits").state;
            assert_eq!(state, &TokenState::Inside { scope: scope.id });
        }
        let busy = instance.tokens.iter().any(|t| t.scope == scope.id)
            || instance.scopes.iter().any(|s| s.parent == Some(scope.id));
        let ad_hoc = matches!(&scope.kind, ScopeKind::SubProcess { element, .. }
            if process.element(element).unwrap().tag == "adHocSubProcess");
        assert!(busy || ad_hoc, "{scope:?} is over");
    }
    for s in &instance.subscriptions {
        match s.owner {
            Owner::Token(id) => assert!(instance.token(id).is_some()),
            Owner::Scope(id) => assert!(instance.scope(id).is_some()),
        }
    }
}

/// Runs the commands and asserts every rule after each.
fn run(process: &Process, commands: &[Raw]) {
    let mut instance = Instance::new(process);
    let mut mirror = Mirror::default();
    let start = commands[0].start();
    for raw in std::iter::once(&start).chain(commands) {
        let command = command(raw, process, &instance);
        let before = instance.clone();

        // Stored and loaded, the same command gives the same state and effects.
        let mut loaded: Instance =
            serde_json::from_str(&serde_json::to_string(&instance).unwrap()).unwrap();
        let begun = Instant::now();
        let result = step(process, &mut instance, command.clone());
        let took = begun.elapsed();
        assert!(
            took < Duration::from_secs(20),
            "{command:?} took {took:?}: {:?}",
            result.map(|e| e.len())
        );
        assert_eq!(result, step(process, &mut loaded, command.clone()));
        assert_eq!(instance, loaded);

        match result {
            Err(refusal) => {
                assert_eq!(instance, before, "a refusal changes nothing");
                assert_eq!(before.ended(), refusal == Refusal::Ended);
            }
            Ok(effects) => {
                assert!(!before.ended(), "after the end every command is refused");
                // What the host reports as done or fired is done for the host, too.
                match &command {
                    Command::ServiceDone { token, .. } => drop(mirror.services.remove(token)),
                    Command::Trigger { subscription, .. } => {
                        mirror.timers.remove(subscription);
                    }
                    _ => {}
                }
                for effect in effects {
                    mirror.follow(effect);
                }
            }
        }
        assert!(instance.next_id >= before.next_id);
        for token in &instance.tokens {
            assert!(token.id >= before.next_id || before.token(token.id).is_some());
        }
        mirror.agrees(process, &instance);
        whole(process, &instance);
    }
    // A parallel join consumes one token of each incoming flow for every one it lets go.
    for join in process.elements().filter(|e| e.is_join()) {
        let count =
            |map: &BTreeMap<String, usize>, id: &String| map.get(id).copied().unwrap_or_default();
        let (let_go, merged) = (
            count(&mirror.completed, &join.id),
            count(&mirror.merged, &join.id),
        );
        let others = join.incoming.len() - 1;
        assert_eq!(merged % others, 0, "{}", join.id);
        assert!(merged >= let_go * others, "{}", join.id);
        for flow in &join.outgoing {
            assert_eq!(count(&mirror.flows, &process[*flow].id), let_go);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn approval_obeys_the_rules(commands in prop::collection::vec(raw(), 1..60)) {
        run(&read(APPROVAL), &commands);
    }

    #[test]
    fn parallel_work_obeys_the_rules(commands in prop::collection::vec(raw(), 1..60)) {
        run(&read(PARALLEL), &commands);
    }

    #[test]
    fn any_graph_obeys_the_rules(xml in any_process(), commands in prop::collection::vec(raw(), 1..25)) {
        let process = read(&xml);
        let _ = bpmn::check(&process, &Conditions);
        let layers = bpmn::approval_layers(&process);
        prop_assert!(layers <= process.elements().filter(|e| e.is_user_task()).count());
        run(&process, &commands);
    }

    /// Two hosts that hear the same commands hold equal states, and asking whether an error would be caught changes nothing.
    #[test]
    fn errors_are_caught_exactly_when_said(xml in any_process(), commands in prop::collection::vec(raw(), 1..10)) {
        let process = read(&xml);
        let mut instance = Instance::new(&process);
        let start = commands[0].start();
        for raw in std::iter::once(&start).chain(&commands) {
            let command = command(raw, &process, &instance);
            let _ = step(&process, &mut instance, command);
        }
        for token in instance.tokens.clone() {
            let caught = Interpreter::new(&process, &process, &Conditions).catches(&instance, token.id, "E1");
            let mut copy = instance.clone();
            let throw = Command::ThrowError { token: token.id, code: "E1".into(), variables: Variables::new() };
            if let Ok(effects) = step(&process, &mut copy, throw) {
                let first = effects.iter().find_map(|e| match e {
                    Effect::ErrorThrown { caught, .. } => Some(*caught),
                    _ => None,
                });
                prop_assert_eq!(first, Some(caught));
            }
        }
    }

    /// Without moves by hand, three departments that all agree always meet at the conclusion, in whatever order.
    #[test]
    fn parallel_branches_meet_in_any_order(picks in prop::collection::vec(any::<prop::sample::Index>(), 200)) {
        let process = read(PARALLEL);
        let mut instance = Instance::new(&process);
        let agreed: Variables = [("match".to_owned(), json!(true))].into_iter().collect();
        step(&process, &mut instance, Command::Start { at: None, variables: agreed }).unwrap();
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
