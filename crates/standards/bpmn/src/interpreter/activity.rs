//! What activities do when a token comes.

use serde_json::Value;

use super::Run;
use crate::{
    command::{Effect, Refusal},
    condition::Variables,
    instance::{Incident, IncidentKind, ScopeId, ScopeKind, TokenId, TokenState},
    model::{Element, ElementIx, EventDefinition, Kind, Process, SubProcess, Task},
};

impl<'p> Run<'p> {
    /// Waits for as many tokens as the activity needs, then lets one of them begin it.
    pub(super) fn gather(&mut self, id: TokenId, element: &Element) -> Result<(), Refusal> {
        let scope = self.open(id)?.scope;
        let waiting: Vec<TokenId> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.scope == scope && t.element == element.id)
            .filter(|t| matches!(t.state, TokenState::Arrived { .. }))
            .map(|t| t.id)
            .collect();
        if waiting.len() < element.start_quantity as usize {
            return Ok(());
        }
        for other in waiting.into_iter().filter(|w| *w != id) {
            self.absorb(other);
        }
        let (process, ix) = self.element_of(self.open(id)?)?;
        self.begin_activity(id, process, ix)
    }

    pub(super) fn begin_activity(
        &mut self,
        id: TokenId,
        process: &'p Process,
        ix: ElementIx,
    ) -> Result<(), Refusal> {
        let element = &process[ix];
        let token = self.open(id)?;
        let round = self.in_round(token);
        // Events on the border belong to all rounds together.
        if !round && !self.subscribe_boundary(id, process, element)? {
            return Ok(());
        }
        if !round && let Some(looping) = &element.looping {
            return self.begin_loop(id, looping);
        }
        match &element.kind {
            Kind::Task(task) => self.begin_task(id, process, element, task),
            Kind::SubProcess(_) => self.begin_sub_process(id, process, ix),
            Kind::CallActivity { called } => self.begin_call(id, element, called),
            _ => Err(Refusal::WrongProcess),
        }
    }

    fn begin_task(
        &mut self,
        id: TokenId,
        process: &'p Process,
        element: &'p Element,
        task: &'p Task,
    ) -> Result<(), Refusal> {
        let at = self.visit(self.open(id)?);
        match task {
            Task::Abstract | Task::Manual => self.go_on(id),
            Task::User => {
                self.set_state(id, TokenState::Task);
                self.effects.push(Effect::TaskCreated { at });
            }
            Task::Service | Task::Send { message: None } | Task::BusinessRule => {
                self.set_state(id, TokenState::Service);
                self.request_service(id, element)?;
            }
            Task::Send {
                message: Some(message),
            } => return self.throw_and_go_on(id, std::slice::from_ref(message), false),
            Task::Receive { .. } => {
                let ix = process.find(&element.id).ok_or(Refusal::WrongProcess)?;
                return self.wait_for_events(id, process, &[ix]);
            }
            Task::Script { format, text } => self.run_script(id, element, format, text)?,
        }
        Ok(())
    }

    pub(super) fn request_service(
        &mut self,
        id: TokenId,
        element: &Element,
    ) -> Result<(), Refusal> {
        let at = self.visit(self.open(id)?);
        let stated = |name| element.extension(name).unwrap_or_default().to_owned();
        self.effects.push(match &element.kind {
            Kind::Task(Task::BusinessRule) if element.extension("topic").is_none() => {
                Effect::DecisionRequested {
                    at,
                    decision: stated("decision"),
                }
            }
            _ => Effect::ServiceRequested {
                at,
                topic: stated("topic"),
            },
        });
        Ok(())
    }

    fn run_script(
        &mut self,
        id: TokenId,
        element: &Element,
        format: &str,
        text: &str,
    ) -> Result<(), Refusal> {
        let scope = self.open(id)?.scope;
        let feel = format.to_lowercase().contains("feel")
            || (format.is_empty() && self.expressions.check(text).is_ok());
        if self.skip_scripts || text.is_empty() {
            self.go_on(id);
            return Ok(());
        }
        if !feel {
            let at = self.visit(self.open(id)?);
            self.effects.push(Effect::ScriptSkipped {
                at,
                format: format.to_owned(),
            });
            self.go_on(id);
            return Ok(());
        }
        let text = text.strip_prefix('=').unwrap_or(text).trim();
        match (
            self.evaluate(scope, text),
            element.extension("resultVariable"),
        ) {
            (Ok(value), Some(name)) => self.set_variable(scope, name.to_owned(), value),
            (Ok(Value::Object(several)), None) => self.set_variables(scope, several),
            (Ok(_), None) => {}
            (Err(reason), _) => {
                let reason = format!("脚本任务“{}”：{reason}", element.label());
                self.raise(
                    id,
                    Incident {
                        kind: IncidentKind::BadExpression,
                        reason,
                    },
                );
                return Ok(());
            }
        }
        self.go_on(id);
        Ok(())
    }

    fn begin_sub_process(
        &mut self,
        id: TokenId,
        process: &'p Process,
        ix: ElementIx,
    ) -> Result<(), Refusal> {
        let element = &process[ix];
        let kind = ScopeKind::SubProcess {
            element: element.id.clone(),
            pending: Vec::new(),
            closing: false,
        };
        let Some(scope) = self.open_scope(id, process, kind, own_data(element))? else {
            return Ok(());
        };
        self.subscribe_event_sub_processes(scope, process, Some(ix))?;
        if let Kind::SubProcess(SubProcess::AdHoc(ad_hoc)) = &element.kind {
            return self.begin_ad_hoc(scope, process, ix, ad_hoc.sequential);
        }
        for entry in process.entries(Some(ix)) {
            self.place(entry, None, scope)?;
        }
        Ok(())
    }

    fn begin_call(&mut self, id: TokenId, element: &Element, called: &str) -> Result<(), Refusal> {
        let Ok(process) = self.process_by_id(called) else {
            let reason = format!("节点“{}”调用的流程“{called}”不存在", element.label());
            self.raise(
                id,
                Incident {
                    kind: IncidentKind::BadCall,
                    reason,
                },
            );
            return Ok(());
        };
        // The called process sees what the caller sees, keeps what it writes to itself, and hands that back at its end.
        let none = Variables::new();
        let Some(scope) = self.open_scope(id, process, ScopeKind::Process, none)? else {
            return Ok(());
        };
        self.subscribe_event_sub_processes(scope, process, None)?;
        for entry in process.entries(None) {
            self.place(entry, None, scope)?;
        }
        Ok(())
    }

    fn begin_ad_hoc(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        ix: ElementIx,
        sequential: bool,
    ) -> Result<(), Refusal> {
        let mut first: Vec<ElementIx> = process.sources(Some(ix)).collect();
        if sequential && !first.is_empty() {
            let rest = first.split_off(1);
            let rest = rest.into_iter().map(|ix| process[ix].id.clone()).collect();
            if let Some(ScopeKind::SubProcess { pending, .. }) = self.scope_kind_mut(scope) {
                *pending = rest;
            }
        }
        for ix in first {
            self.place(ix, None, scope)?;
        }
        Ok(())
    }

    /// An activity of this scope is done: is the ad-hoc sub-process around it?
    pub(super) fn ad_hoc_done(&mut self, scope: ScopeId, process: &Process) -> bool {
        let Some(ScopeKind::SubProcess {
            element, closing, ..
        }) = self.instance.scope(scope).map(|s| &s.kind)
        else {
            return false;
        };
        let Some(Kind::SubProcess(SubProcess::AdHoc(ad_hoc))) =
            process.element(element).map(|e| &e.kind)
        else {
            return false;
        };
        if *closing {
            return true;
        }
        let condition = ad_hoc.completion.as_ref();
        if !condition.is_some_and(|c| self.is_true(scope, c)) {
            return false;
        }
        if ad_hoc.cancel_remaining {
            self.withdraw_content(scope, &crate::Cause::Enough);
        }
        self.stop_ad_hoc(scope);
        true
    }

    /// A person or handler is done with the token's task.
    pub(super) fn finish(&mut self, id: TokenId, variables: Variables) -> Result<(), Refusal> {
        let (_, element) = self.element(id)?;
        let scope = self.open(id)?.scope;
        let variables = match element.extension("resultVariable") {
            // A decision or handler that answers one thing under a name of the drawing's choice.
            Some(name) if variables.len() == 1 && variables.contains_key("result") => variables
                .into_iter()
                .map(|(_, value)| (name.to_owned(), value))
                .collect(),
            _ => variables,
        };
        self.set_variables(scope, variables);
        self.resolve(id);
        self.go_on(id);
        Ok(())
    }

    /// Lays variables over those a scope sees: each where it is, a new one where the process (or round) keeps its own.
    pub(super) fn set_variables(&mut self, scope: ScopeId, variables: Variables) {
        for (name, value) in variables {
            self.set_variable(scope, name, value);
        }
    }

    pub(super) fn set_variable(&mut self, scope: ScopeId, name: String, value: Value) {
        let mut home = None;
        let mut snapshot = None;
        let mut at = self.instance.scope(scope);
        while let Some(scope) = at {
            let parent = scope.parent.and_then(|p| self.instance.scope(p));
            if scope.variables.contains_key(&name)
                && matches!(
                    parent.map(|p| &p.kind),
                    Some(ScopeKind::Compensation { .. })
                )
            {
                // What undoes sees the past, but works in the present.
                snapshot = Some(scope.id);
                at = parent;
                continue;
            }
            let ends_here = matches!(scope.kind, ScopeKind::Process);
            let keeps = ends_here || matches!(scope.kind, ScopeKind::Iteration { .. });
            if scope.variables.contains_key(&name) {
                home = Some(scope.id);
                break;
            }
            if keeps && home.is_none() {
                home = Some(scope.id);
            }
            at = parent.filter(|_| !ends_here);
        }
        if let Some(scope) = snapshot.and_then(|id| self.scope_mut(id)) {
            scope.variables.insert(name.clone(), value.clone());
        }
        if let Some(scope) = home.and_then(|id| self.scope_mut(id)) {
            scope.variables.insert(name, value);
        }
    }

    /// The message of a send task or throw event, for the host.
    pub(super) fn correlation_value(
        &self,
        scope: ScopeId,
        definition: &EventDefinition,
    ) -> Option<String> {
        let EventDefinition::Message {
            correlation: Some(text),
            ..
        } = definition
        else {
            return None;
        };
        match self.evaluate(scope, text).ok()? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }
}

/// The data of a sub-process, before anything is known of it.
pub(super) fn own_data(element: &Element) -> Variables {
    let names = element.data.iter();
    names.map(|name| (name.clone(), Value::Null)).collect()
}
