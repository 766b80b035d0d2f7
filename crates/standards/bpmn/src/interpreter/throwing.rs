//! What events cause, and how errors and escalations find who catches them.

use super::Run;
use crate::{
    command::{Cause, Effect, Refusal},
    condition::Variables,
    instance::{Ending, Owner, ScopeId, ScopeKind, TokenId},
    model::{Coded, ElementIx, EventDefinition, Kind, Process, SubProcess},
};

/// What travels outwards until somebody catches it.
#[derive(Clone, Copy)]
enum Thrown<'a> {
    Error(&'a str),
    Escalation(&'a str),
}

impl Thrown<'_> {
    fn is_caught_by(self, definition: &EventDefinition) -> bool {
        let means = |wanted: &Option<Coded>, code: &str| wanted.as_ref().is_none_or(|w| w.is(code));
        match (self, definition) {
            (Self::Error(code), EventDefinition::Error(wanted))
            | (Self::Escalation(code), EventDefinition::Escalation(wanted)) => means(wanted, code),
            _ => false,
        }
    }

    /// Whether the definition names what is thrown, not just anything.
    fn is_named_by(self, definition: &EventDefinition) -> bool {
        self.is_caught_by(definition)
            && matches!(
                definition,
                EventDefinition::Error(Some(_)) | EventDefinition::Escalation(Some(_))
            )
    }
}

impl<'p> Run<'p> {
    /// A throwing event causes everything it states, then its token goes on, if it is still there. `at_end` says that it is
    /// an end event.
    pub(super) fn throw_and_go_on(
        &mut self,
        id: TokenId,
        results: &[EventDefinition],
        at_end: bool,
    ) -> Result<(), Refusal> {
        let waits = |r: &&EventDefinition| matches!(r, EventDefinition::Compensation { .. });
        for (at, result) in results.iter().filter(|r| !waits(r)).enumerate() {
            match result {
                // An end event has done its work before somebody catches its escalation and withdraws everything.
                EventDefinition::Escalation(escalation) if at_end && at + 1 == results.len() => {
                    let code = escalation.as_ref().map_or("", |e| &e.code);
                    return self.escalate(id, code, true);
                }
                _ => self.throw(id, result)?,
            }
            if self.instance.token(id).is_none() {
                return Ok(());
            }
        }
        // Undoing comes last, because it may take long.
        for result in results.iter().filter(waits) {
            if let EventDefinition::Compensation { activity, wait } = result
                && self.compensate(id, activity.as_deref(), *wait)?
            {
                return Ok(()); // it goes on when all is undone
            }
        }
        self.go_on(id);
        Ok(())
    }

    /// Causes one thing on behalf of a token.
    pub(super) fn throw(&mut self, id: TokenId, result: &EventDefinition) -> Result<(), Refusal> {
        let token = self.open(id)?;
        let (scope, at) = (token.scope, self.visit(token));
        match result {
            EventDefinition::Message { message, .. } => {
                let correlation = self.correlation_value(scope, result);
                let name = message.name.clone();
                let receiver = self
                    .instance
                    .awaiting_message(&name, correlation.as_deref())
                    .next()
                    .map(|s| s.id);
                self.effects.push(Effect::MessageThrown {
                    at,
                    name,
                    correlation,
                    received: receiver.is_some(),
                });
                if let Some(receiver) = receiver {
                    self.trigger(receiver, Variables::new())?;
                }
            }
            EventDefinition::Signal(signal) => {
                let name = signal.name.clone();
                self.effects.push(Effect::SignalThrown {
                    at,
                    name: name.clone(),
                });
                self.hear_signal(&name, &Variables::new())?;
            }
            EventDefinition::Escalation(escalation) => {
                let code = escalation.as_ref().map_or("", |e| &e.code).to_owned();
                self.escalate(id, &code, false)?;
            }
            EventDefinition::Error(error) => {
                let code = error.as_ref().map_or("", |e| &e.code).to_owned();
                self.throw_error(id, &code, false)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// An error goes outwards to the first that catches it; what it passes is withdrawn. Nobody: the instance ends.
    /// `at_end` says that the token is at an error end event, which has done its work with that.
    pub(super) fn throw_error(
        &mut self,
        id: TokenId,
        code: &str,
        at_end: bool,
    ) -> Result<(), Refusal> {
        let at = self.visit(self.open(id)?);
        let catcher = self.catcher(id, Thrown::Error(code))?;
        self.effects.push(Effect::ErrorThrown {
            at,
            code: code.to_owned(),
            caught: catcher.is_some(),
        });
        if at_end {
            self.complete(id);
        }
        if let Some((owner, event)) = catcher {
            return self.catch(owner, event);
        }
        self.end(Ending::Error {
            code: code.to_owned(),
        });
        Ok(())
    }

    /// An escalation goes outwards to the first that catches it. Nobody: the work goes on all the same.
    /// `at_end` as for errors.
    pub(super) fn escalate(
        &mut self,
        id: TokenId,
        code: &str,
        at_end: bool,
    ) -> Result<(), Refusal> {
        let at = self.visit(self.open(id)?);
        let catcher = self.catcher(id, Thrown::Escalation(code))?;
        self.effects.push(Effect::EscalationThrown {
            at,
            code: code.to_owned(),
            caught: catcher.is_some(),
        });
        if at_end {
            self.complete(id);
        }
        match catcher {
            Some((owner, event)) => self.catch(owner, event),
            None => Ok(()),
        }
    }

    /// Whether an error of this code, thrown by the token's task, would be caught.
    pub(super) fn catcher_of_error(&self, id: TokenId, code: &str) -> bool {
        self.catcher(id, Thrown::Error(code))
            .is_ok_and(|c| c.is_some())
    }

    /// The innermost event that catches: on the border of an activity around the token, or the start of an event
    /// sub-process of a run around it. An event that names what is thrown is preferred to one that catches all.
    fn catcher(
        &self,
        id: TokenId,
        thrown: Thrown<'_>,
    ) -> Result<Option<(Owner, ElementIx)>, Refusal> {
        let mut at = Some(id);
        while let Some(id) = at {
            let token = self.open(id)?;
            let (process, ix) = self.element_of(token)?;
            let element = &process[ix];
            if !self.in_round(token)
                && let Some(event) = best(process, element.boundary.iter().copied(), thrown)
            {
                return Ok(Some((Owner::Token(id), event)));
            }
            let scope = self
                .instance
                .scope(token.scope)
                .ok_or(Refusal::WrongProcess)?;
            // An event sub-process does not catch what itself or its siblings throw.
            if element.kind != Kind::SubProcess(SubProcess::Event) {
                let container = match &scope.kind {
                    ScopeKind::Process => Some(None),
                    ScopeKind::SubProcess { element, .. } => process.find(element).map(Some),
                    _ => None,
                };
                if let Some(container) = container {
                    let starts = process
                        .event_sub_processes(container)
                        .map(|(_, start)| start);
                    if let Some(event) = best(process, starts, thrown) {
                        return Ok(Some((Owner::Scope(token.scope), event)));
                    }
                }
            }
            at = self.owner_around(token.scope);
        }
        Ok(None)
    }

    /// The token around a scope that waits for it, or for the loop or undoing it is part of.
    fn owner_around(&self, scope: ScopeId) -> Option<TokenId> {
        let mut at = self.instance.scope(scope);
        while let Some(scope) = at {
            if let Some(owner) = scope.owner.filter(|o| self.instance.token(*o).is_some()) {
                return Some(owner);
            }
            at = scope.parent.and_then(|p| self.instance.scope(p));
        }
        None
    }

    fn catch(&mut self, owner: Owner, event: ElementIx) -> Result<(), Refusal> {
        match owner {
            Owner::Token(host) => {
                let token = self.open(host)?;
                let scope = token.scope;
                let process = self.process_of(scope)?;
                if let Kind::BoundaryEvent {
                    interrupting: true, ..
                } = &process[event].kind
                {
                    let cause = Cause::Event {
                        element: process[event].id.clone(),
                    };
                    self.withdraw(host, &cause);
                }
                self.place_happened(event, scope)?;
                Ok(())
            }
            Owner::Scope(scope) => {
                let process = self.process_of(scope)?;
                self.begin_event_sub_process(scope, process, event)
            }
        }
    }

    /// Gives up the transaction around a cancel end event: its work is withdrawn, what was done is undone, and it is left by
    /// its cancel boundary event.
    pub(super) fn cancel_transaction(&mut self, id: TokenId) -> Result<(), Refusal> {
        let mut at = Some(self.open(id)?.scope);
        while let Some(scope_id) = at {
            let scope = self.instance.scope(scope_id).ok_or(Refusal::WrongProcess)?;
            let process = self.process_by_id(&scope.process)?;
            let is_transaction = matches!(&scope.kind, ScopeKind::SubProcess { element, .. }
                if process.element(element).is_some_and(|e| e.kind == Kind::SubProcess(SubProcess::Transaction)));
            if is_transaction {
                self.complete(id);
                self.withdraw_content(scope_id, &Cause::Ended);
                self.unsubscribe(Owner::Scope(scope_id));
                return self.undo_transaction(scope_id);
            }
            at = scope.parent;
        }
        self.go_on(id); // the checks report a cancel event outside a transaction
        Ok(())
    }

    /// All of a cancelled transaction is undone: it is left.
    pub(super) fn leave_cancelled(&mut self, transaction: ScopeId) -> Result<(), Refusal> {
        let Some(owner) = self.instance.scope(transaction).and_then(|s| s.owner) else {
            return Ok(());
        };
        let host = self.owner_outside_round(owner)?;
        let (process, element) = self.element(host)?;
        let scope = self.open(host)?.scope;
        let event = element
            .boundary
            .iter()
            .copied()
            .find(|ix| process[*ix].triggers().contains(&EventDefinition::Cancel));
        let cause = Cause::Event {
            element: event.map_or(&element.id, |ix| &process[ix].id).clone(),
        };
        self.withdraw(host, &cause);
        if let Some(event) = event {
            self.place_happened(event, scope)?;
        }
        Ok(())
    }

    /// For the token of one round: the token of all rounds, which carries the border.
    fn owner_outside_round(&self, id: TokenId) -> Result<TokenId, Refusal> {
        let token = self.open(id)?;
        if !self.in_round(token) {
            return Ok(id);
        }
        self.owner_around(token.scope).ok_or(Refusal::WrongProcess)
    }
}

fn best(
    process: &Process,
    events: impl Iterator<Item = ElementIx>,
    thrown: Thrown<'_>,
) -> Option<ElementIx> {
    let mut any = None;
    for ix in events {
        let triggers = process[ix].triggers();
        if triggers.iter().any(|d| thrown.is_named_by(d)) {
            return Some(ix);
        }
        if any.is_none() && triggers.iter().any(|d| thrown.is_caught_by(d)) {
            any = Some(ix);
        }
    }
    any
}
