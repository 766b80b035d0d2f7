//! Waiting for events, and what happens when they happen.

use super::Run;
use crate::{
    command::{Cause, Effect, Refusal},
    condition::Variables,
    instance::{
        Awaiting, Incident, IncidentKind, Owner, ScopeId, ScopeKind, Subscription, SubscriptionId,
        TokenId, TokenState,
    },
    model::{Element, ElementIx, EventDefinition, Kind, Process},
    timer::TimerDue,
};

impl<'p> Run<'p> {
    /// The token waits for any of these events.
    pub(super) fn wait_for_events(
        &mut self,
        id: TokenId,
        process: &'p Process,
        events: &[ElementIx],
    ) -> Result<(), Refusal> {
        let scope = self.open(id)?.scope;
        self.set_state(id, TokenState::Event);
        for event in events {
            if !self.subscribe(Owner::Token(id), scope, &process[*event])? {
                return Ok(());
            }
        }
        // The checks report such a drawing.
        let events = events.iter().map(|ix| &process[*ix]);
        if !events.flat_map(Element::triggers).any(|t| t.subscribes()) {
            self.set_state(id, TokenState::Entering);
            let reason = "没有可以等待的事件".to_owned();
            self.raise(
                id,
                Incident {
                    kind: IncidentKind::Deadlock,
                    reason,
                },
            );
        }
        Ok(())
    }

    /// Listens for the events on the border of an activity. `false` when an incident keeps it from beginning.
    pub(super) fn subscribe_boundary(
        &mut self,
        id: TokenId,
        process: &'p Process,
        element: &Element,
    ) -> Result<bool, Refusal> {
        let scope = self.open(id)?.scope;
        for event in &element.boundary {
            if !self.subscribe(Owner::Token(id), scope, &process[*event])? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Listens for what begins the event sub-processes of a run.
    pub(super) fn subscribe_event_sub_processes(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        container: Option<ElementIx>,
    ) -> Result<(), Refusal> {
        let starts: Vec<ElementIx> = process
            .event_sub_processes(container)
            .map(|(_, start)| start)
            .collect();
        for start in starts {
            self.subscribe(Owner::Scope(scope), scope, &process[start])?;
        }
        Ok(())
    }

    /// Listens for all triggers of an event. `false` when an incident was raised instead.
    fn subscribe(
        &mut self,
        owner: Owner,
        scope: ScopeId,
        event: &Element,
    ) -> Result<bool, Refusal> {
        for (trigger, definition) in event.triggers().iter().enumerate() {
            if !definition.subscribes() {
                continue;
            }
            if self.instance.subscriptions.len() >= super::MAX_TOKENS {
                return Err(Refusal::Limit);
            }
            if let Err(reason) = self.listen(owner, scope, event, trigger, definition) {
                let reason = format!("“{}”的定时无法设置：{reason}", event.label());
                let Owner::Token(id) = owner else {
                    return Err(Refusal::BadTimer(event.label().to_owned()));
                };
                self.unsubscribe(owner);
                self.set_state(id, TokenState::Entering);
                self.raise(
                    id,
                    Incident {
                        kind: IncidentKind::BadTimer,
                        reason,
                    },
                );
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn listen(
        &mut self,
        owner: Owner,
        scope: ScopeId,
        event: &Element,
        trigger: usize,
        definition: &EventDefinition,
    ) -> Result<(), String> {
        let id = self.next_id().map_err(|e| e.to_string())?;
        let element = event.id.clone();
        let (awaiting, effect) = match definition {
            EventDefinition::Message { message, .. } => {
                let name = message.name.clone();
                let correlation = self.correlation_value(scope, definition);
                (
                    Awaiting::Message {
                        name: name.clone(),
                        correlation: correlation.clone(),
                    },
                    Some(Effect::MessageAwaited {
                        subscription: id,
                        element: element.clone(),
                        name,
                        correlation,
                    }),
                )
            }
            EventDefinition::Signal(signal) => {
                let name = signal.name.clone();
                (
                    Awaiting::Signal { name: name.clone() },
                    Some(Effect::SignalAwaited {
                        subscription: id,
                        element: element.clone(),
                        name,
                    }),
                )
            }
            EventDefinition::Timer(timer) => {
                let due = timer
                    .due(self.expressions, &self.instance.visible(scope))
                    .map_err(|e| e.to_string())?;
                let (again, interval, due) = match due {
                    TimerDue::Every {
                        times,
                        first,
                        interval,
                    } => (
                        times.map(|n| n.saturating_sub(1)),
                        Some(interval),
                        first.map_or(TimerDue::After(interval), TimerDue::At),
                    ),
                    once => (Some(0), None, once),
                };
                (
                    Awaiting::Timer { again, interval },
                    Some(Effect::TimerSet {
                        subscription: id,
                        element: element.clone(),
                        due,
                    }),
                )
            }
            EventDefinition::Conditional(_) => (Awaiting::Condition { held: false }, None),
            _ => return Ok(()),
        };
        self.effects.extend(effect);
        self.instance.subscriptions.push(Subscription {
            id,
            owner,
            element,
            trigger,
            awaiting,
            happened: false,
        });
        Ok(())
    }

    /// Nothing is waited for on behalf of `owner` any more.
    pub(super) fn unsubscribe(&mut self, owner: Owner) {
        let effects = &mut self.effects;
        self.instance.subscriptions.retain(|s| {
            if s.owner == owner {
                effects.extend(forgotten(s));
            }
            s.owner != owner
        });
    }

    /// What a subscription waits for happened.
    pub(super) fn trigger(
        &mut self,
        id: SubscriptionId,
        variables: Variables,
    ) -> Result<(), Refusal> {
        let subscription = self
            .instance
            .subscription(id)
            .filter(|s| !s.happened)
            .cloned()
            .ok_or(Refusal::NotAwaited(id))?;
        let (scope, process) = match subscription.owner {
            Owner::Token(token) => {
                let token = self.open(token)?;
                (token.scope, self.process_of(token.scope)?)
            }
            Owner::Scope(scope) => (scope, self.process_of(scope)?),
        };
        let ix = process
            .find(&subscription.element)
            .ok_or(Refusal::WrongProcess)?;
        let event = &process[ix];
        self.set_variables(scope, variables);
        self.spend(&subscription);
        if event.waits_for_all() && !self.all_happened(&subscription, event) {
            return Ok(());
        }
        match (&event.kind, subscription.owner) {
            (Kind::BoundaryEvent { interrupting, .. }, Owner::Token(host)) => {
                if *interrupting {
                    self.withdraw(
                        host,
                        &Cause::Event {
                            element: event.id.clone(),
                        },
                    );
                } else {
                    self.listen_again(subscription.owner, event);
                }
                self.place_happened(ix, scope)?;
            }
            (Kind::StartEvent { interrupting, .. }, Owner::Scope(scope)) => {
                if !interrupting {
                    self.listen_again(subscription.owner, event);
                }
                self.begin_event_sub_process(scope, process, ix)?;
            }
            (_, Owner::Token(waiting)) => {
                let here = self.open(waiting)?.element == event.id;
                self.unsubscribe(Owner::Token(waiting));
                if here {
                    self.go_on(waiting);
                } else {
                    // at an event-based gateway, which has chosen
                    self.complete(waiting);
                    self.take_flow_to(process, ix);
                    self.place_happened(ix, scope)?;
                }
            }
            (_, Owner::Scope(_)) => return Err(Refusal::WrongProcess),
        }
        Ok(())
    }

    /// History: the flow from an event-based gateway to the event that happened.
    fn take_flow_to(&mut self, process: &Process, event: ElementIx) {
        let from_gateway = process[event].incoming.iter().find(|f| {
            matches!(
                process[process[**f].source].kind,
                Kind::EventBasedGateway { .. }
            )
        });
        if let Some(flow) = from_gateway {
            self.effects.push(Effect::FlowTaken {
                process: process.id.clone(),
                flow: process[*flow].id.clone(),
            });
        }
    }

    /// A timer that has gone off is over or is set once more; of the others it is only noted that they happened.
    fn spend(&mut self, subscription: &Subscription) {
        let Some(kept) = self.subscription_mut(subscription.id) else {
            return;
        };
        kept.happened = true;
        if let Awaiting::Timer {
            again,
            interval: Some(interval),
        } = &mut kept.awaiting
            && *again != Some(0)
        {
            *again = again.map(|n| n - 1);
            let set = Effect::TimerSet {
                subscription: subscription.id,
                element: subscription.element.clone(),
                due: TimerDue::After(*interval),
            };
            kept.happened = false;
            self.effects.push(set);
        }
    }

    fn subscription_mut(&mut self, id: SubscriptionId) -> Option<&mut Subscription> {
        let all = &mut self.instance.subscriptions;
        let at = all.binary_search_by_key(&id, |s| s.id).ok()?;
        all.get_mut(at)
    }

    fn all_happened(&self, subscription: &Subscription, event: &Element) -> bool {
        let mine = |s: &&Subscription| {
            s.owner == subscription.owner && s.element == event.id && s.id != subscription.id
        };
        self.instance
            .subscriptions
            .iter()
            .filter(mine)
            .all(|s| s.happened)
    }

    /// An event that does not interrupt may happen again; a timer that has gone off for the last time may not.
    fn listen_again(&mut self, owner: Owner, event: &Element) {
        let mine = |s: &Subscription| s.owner == owner && s.element == event.id;
        let mut spent = false;
        for s in self.instance.subscriptions.iter_mut().filter(|s| mine(s)) {
            match s.awaiting {
                Awaiting::Timer { .. } => spent |= s.happened,
                _ => s.happened = false,
            }
        }
        // One that needs all its triggers cannot happen again without this one.
        let over = event.waits_for_all() && spent;
        let effects = &mut self.effects;
        self.instance.subscriptions.retain(|s| {
            let gone = mine(s) && (over || s.happened);
            if gone {
                effects.extend(forgotten(s));
            }
            !gone
        });
    }

    /// Begins an event sub-process of a run by its start event.
    pub(super) fn begin_event_sub_process(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        start: ElementIx,
    ) -> Result<(), Refusal> {
        let Kind::StartEvent { interrupting, .. } = &process[start].kind else {
            return Err(Refusal::WrongProcess);
        };
        let sub_process = process[start].container.ok_or(Refusal::WrongProcess)?;
        if *interrupting {
            let cause = Cause::Event {
                element: process[start].id.clone(),
            };
            self.withdraw_content(scope, &cause);
            self.unsubscribe(Owner::Scope(scope));
            self.stop_ad_hoc(scope);
        }
        self.begin_by_start(scope, process, sub_process, start)
            .map(drop)
    }

    /// Puts a token at an event sub-process whose start event has happened.
    pub(super) fn begin_by_start(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        sub_process: ElementIx,
        start: ElementIx,
    ) -> Result<Option<ScopeId>, Refusal> {
        let token = self.put(sub_process, scope)?;
        let kind = ScopeKind::SubProcess {
            element: process[sub_process].id.clone(),
            pending: Vec::new(),
            closing: false,
        };
        let data = super::activity::own_data(&process[sub_process]);
        let Some(inner) = self.open_scope(token, process, kind, data)? else {
            return Ok(None);
        };
        self.subscribe_event_sub_processes(inner, process, Some(sub_process))?;
        self.place_happened(start, inner)?;
        Ok(Some(inner))
    }

    pub(super) fn stop_ad_hoc(&mut self, scope: ScopeId) {
        if let Some(ScopeKind::SubProcess {
            pending, closing, ..
        }) = self.scope_kind_mut(scope)
        {
            pending.clear();
            *closing = true;
        }
    }

    /// Everybody here who waits for the signal hears it.
    pub(super) fn hear_signal(&mut self, name: &str, variables: &Variables) -> Result<(), Refusal> {
        let waiting: Vec<SubscriptionId> = self
            .instance
            .subscriptions
            .iter()
            .filter(|s| matches!(&s.awaiting, Awaiting::Signal { name: n } if n == name))
            .map(|s| s.id)
            .collect();
        for id in waiting {
            // An earlier one may have withdrawn it.
            if self.instance.subscription(id).is_some_and(|s| !s.happened) {
                self.trigger(id, variables.clone())?;
            }
        }
        Ok(())
    }

    /// Conditional events whose condition has become true.
    pub(super) fn check_conditions(&mut self) -> Result<bool, Refusal> {
        let waiting: Vec<SubscriptionId> = self
            .instance
            .subscriptions
            .iter()
            .filter(|s| matches!(s.awaiting, Awaiting::Condition { .. }))
            .map(|s| s.id)
            .collect();
        let mut moved = false;
        for id in waiting {
            let Some(subscription) = self.instance.subscription(id) else {
                continue;
            };
            let (Awaiting::Condition { held }, happened) =
                (&subscription.awaiting, subscription.happened)
            else {
                continue;
            };
            let held = *held;
            let scope = match subscription.owner {
                Owner::Token(token) => self.open(token)?.scope,
                Owner::Scope(scope) => scope,
            };
            let trigger = subscription.trigger;
            let process = self.process_of(scope)?;
            let event = process
                .element(&subscription.element)
                .ok_or(Refusal::WrongProcess)?;
            let Some(EventDefinition::Conditional(condition)) = event.triggers().get(trigger)
            else {
                continue;
            };
            let holds = self.is_true(scope, condition);
            if let Some(s) = self.subscription_mut(id) {
                s.awaiting = Awaiting::Condition { held: holds };
            }
            if holds && !held && !happened {
                self.trigger(id, Variables::new())?;
                moved = true;
            }
        }
        Ok(moved)
    }
}

/// What the host need not watch any longer.
fn forgotten(subscription: &Subscription) -> Option<Effect> {
    let id = subscription.id;
    match subscription.awaiting {
        // One that went off is not set any more.
        Awaiting::Timer { .. } if subscription.happened => None,
        Awaiting::Timer { .. } => Some(Effect::TimerCancelled { subscription: id }),
        Awaiting::Message { .. } | Awaiting::Signal { .. } => {
            Some(Effect::AwaitedNoMore { subscription: id })
        }
        Awaiting::Condition { .. } => None,
    }
}
