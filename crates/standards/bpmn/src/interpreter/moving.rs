//! How tokens enter elements and leave them along flows.

use serde_json::Value;

use super::{Run, Work};
use crate::{
    command::{Effect, Refusal},
    instance::{Ending, Incident, IncidentKind, ScopeId, ScopeKind, TokenId, TokenState},
    model::{Element, EventDefinition, FlowIx, Kind, SubProcess},
};

impl Run<'_> {
    pub(super) fn begin(&mut self, id: TokenId, via: Option<FlowIx>) -> Result<(), Refusal> {
        let Some(token) = self.instance.token(id) else {
            return Ok(());
        };
        let scope = token.scope;
        let (process, ix) = self.element_of(token)?;
        let element = &process[ix];
        let arrived = || TokenState::Arrived {
            flow: via.map(|f| process[f].id.clone()).unwrap_or_default(),
        };
        match &element.kind {
            Kind::Task(_) | Kind::SubProcess(_) | Kind::CallActivity { .. } => {
                if element.start_quantity > 1 && via.is_some() {
                    self.set_state(id, arrived());
                    return self.gather(id, element);
                }
                self.begin_activity(id, process, ix)
            }
            Kind::StartEvent { .. } | Kind::BoundaryEvent { .. } | Kind::ExclusiveGateway => {
                self.go_on(id);
                Ok(())
            }
            Kind::CatchEvent(event) => {
                if event.triggers.is_empty() || element.catches_link() {
                    self.go_on(id);
                    return Ok(());
                }
                self.wait_for_events(id, process, &[ix])
            }
            Kind::EventBasedGateway { .. } => {
                let targets: Vec<_> = element
                    .outgoing
                    .iter()
                    .map(|f| process[*f].target)
                    .collect();
                self.wait_for_events(id, process, &targets)
            }
            Kind::ThrowEvent(results) => {
                if let Some(target) = process.link_target(ix) {
                    self.complete(id);
                    self.place(target, None, scope)?;
                    return Ok(());
                }
                self.throw_and_go_on(id, results, false)
            }
            Kind::EndEvent(results) => self.end_event(id, element, results),
            Kind::ParallelGateway if element.is_join() && via.is_some() => {
                self.set_state(id, arrived());
                self.join(id, process, element);
                Ok(())
            }
            Kind::InclusiveGateway if element.incoming.len() > 1 && via.is_some() => {
                self.set_state(id, arrived());
                Ok(()) // `release_joins` decides when everything else rests
            }
            Kind::ComplexGateway { .. } if element.incoming.len() > 1 && via.is_some() => {
                self.set_state(id, arrived());
                Ok(())
            }
            Kind::ParallelGateway | Kind::InclusiveGateway | Kind::ComplexGateway { .. } => {
                self.go_on(id);
                Ok(())
            }
        }
    }

    /// The token's element has nothing to wait for.
    pub(super) fn go_on(&mut self, id: TokenId) {
        self.set_state(id, TokenState::Leaving);
        self.work.push_back(Work::Leave(id));
    }

    fn end_event(
        &mut self,
        id: TokenId,
        element: &Element,
        results: &[EventDefinition],
    ) -> Result<(), Refusal> {
        let scope = self.open(id)?.scope;
        let ends_the_run = |result: &&EventDefinition| {
            matches!(
                result,
                EventDefinition::Terminate | EventDefinition::Error(_) | EventDefinition::Cancel
            )
        };
        let Some(last) = results.iter().find(ends_the_run) else {
            return self.throw_and_go_on(id, results, true);
        };
        // What else it causes comes first: afterwards its run is no more.
        for result in results.iter().filter(|r| !ends_the_run(r)) {
            self.throw(id, result)?;
            if self.instance.token(id).is_none() {
                return Ok(());
            }
        }
        match last {
            EventDefinition::Terminate => {
                self.complete(id);
                self.terminate(scope, element)
            }
            EventDefinition::Cancel => self.cancel_transaction(id),
            other => {
                let code = match other {
                    EventDefinition::Error(Some(error)) => error.code.clone(),
                    _ => String::new(),
                };
                self.throw_error(id, &code, true)
            }
        }
    }

    /// A terminate end event ends the run it is in; around it work goes on (BPMN 2.0.2, 13.5.6).
    fn terminate(&mut self, scope: ScopeId, element: &Element) -> Result<(), Refusal> {
        let run = self.enclosing_run(scope);
        if self.instance.scope(run).is_none_or(|s| s.parent.is_none()) {
            self.end(Ending::TerminateEvent {
                element: element.id.clone(),
            });
            return Ok(());
        }
        self.clear_scope(run);
        Ok(()) // now without tokens, it completes when the state settles
    }

    pub(super) fn leave(&mut self, id: TokenId) -> Result<(), Refusal> {
        let Some(token) = self.instance.token(id) else {
            return Ok(());
        };
        let scope = token.scope;
        let (process, ix) = self.element_of(token)?;
        let element = &process[ix];
        let round = self.in_round(token);
        let undoing = matches!(
            self.instance.scope(scope).map(|s| &s.kind),
            Some(ScopeKind::Compensation { .. })
        );
        if round || undoing || element.kind == Kind::SubProcess(SubProcess::Event) {
            self.remember(scope, process, element);
            self.complete(id);
            return Ok(());
        }
        match self.branches(scope, process, element) {
            Err(incident) => {
                self.raise(id, incident);
                Ok(())
            }
            Ok(flows) => {
                if element.looping.is_none() {
                    self.remember(scope, process, element);
                }
                self.complete(id);
                if element.is_activity() && self.ad_hoc_done(scope, process) {
                    return Ok(()); // nothing new begins
                }
                self.send_along(process, element, flows, scope)
            }
        }
    }

    pub(super) fn send_along(
        &mut self,
        process: &crate::Process,
        element: &Element,
        flows: Vec<FlowIx>,
        scope: ScopeId,
    ) -> Result<(), Refusal> {
        let copies = if element.is_activity() {
            element.completion_quantity
        } else {
            1
        };
        for flow in flows {
            for _ in 0..copies {
                self.effects.push(Effect::FlowTaken {
                    process: process.id.clone(),
                    flow: process[flow].id.clone(),
                });
                self.place(process[flow].target, Some(flow), scope)?;
            }
        }
        Ok(())
    }

    /// The flows to take: all at a parallel gateway, the first that holds at an exclusive one, every one that holds
    /// elsewhere; the default when none does.
    pub(super) fn branches(
        &self,
        scope: ScopeId,
        process: &crate::Process,
        element: &Element,
    ) -> Result<Vec<FlowIx>, Incident> {
        if matches!(
            element.kind,
            Kind::ParallelGateway | Kind::EventBasedGateway { .. }
        ) {
            return Ok(element.outgoing.clone());
        }
        // A single way out needs no question unless it asks one.
        let exclusive = element.kind == Kind::ExclusiveGateway;
        let mut chosen = Vec::new();
        for flow in element
            .outgoing
            .iter()
            .filter(|f| element.default != Some(**f))
        {
            if self.holds(scope, process, element, *flow)? {
                chosen.push(*flow);
                if exclusive {
                    break;
                }
            }
        }
        if chosen.is_empty() {
            chosen.extend(element.default);
        }
        if chosen.is_empty() && !element.outgoing.is_empty() {
            let reason = format!(
                "节点“{}”的分支条件都不成立，也没有默认分支",
                element.label()
            );
            return Err(Incident {
                kind: IncidentKind::NoBranch,
                reason,
            });
        }
        Ok(chosen)
    }

    fn holds(
        &self,
        scope: ScopeId,
        process: &crate::Process,
        element: &Element,
        flow: FlowIx,
    ) -> Result<bool, Incident> {
        let flow = &process[flow];
        let Some(condition) = &flow.condition else {
            return Ok(true);
        };
        let mut variables = self.instance.visible(scope);
        if matches!(element.kind, Kind::ComplexGateway { .. }) {
            let variables = variables.to_mut();
            variables.insert("waitingForStart".to_owned(), Value::Bool(true));
        }
        self.expressions
            .evaluate(condition, &variables)
            .map_err(|error| error.to_string())
            .map(|value| value == Value::Bool(true))
            .map_err(|reason| Incident {
                kind: IncidentKind::BadCondition,
                reason: format!("分支“{}”：{reason}", flow.id),
            })
    }

    /// The value of an expression with what this scope sees; the reason when it cannot be evaluated.
    pub(super) fn evaluate(&self, scope: ScopeId, text: &str) -> Result<Value, String> {
        self.expressions
            .evaluate(text, &self.instance.visible(scope))
            .map_err(|error| error.to_string())
    }

    /// Whether a condition holds; one that cannot be evaluated does not.
    pub(super) fn is_true(&self, scope: ScopeId, text: &str) -> bool {
        self.evaluate(scope, text) == Ok(Value::Bool(true))
    }
}
