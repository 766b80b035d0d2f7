//! Undoing what was done.

use super::Run;
use crate::{
    command::{Effect, Refusal},
    condition::Variables,
    instance::{Compensable, CompensatedBy, ScopeId, ScopeKind, TokenId, TokenState},
    model::{Element, EventDefinition, Kind, Process, SubProcess},
};

impl<'p> Run<'p> {
    /// A task is done: if the drawing says how to undo it, it can be undone from now on.
    pub(super) fn remember(&mut self, scope: ScopeId, process: &Process, element: &Element) {
        if !matches!(element.kind, Kind::Task(_)) {
            return; // sub-processes and calls are remembered when their content is done
        }
        if let Some(handler) = handler(process, element) {
            let done = Compensable {
                element: element.id.clone(),
                process: process.id.clone(),
                by: CompensatedBy::Handler(handler),
            };
            if let Some(scope) = self.scope_mut(scope) {
                scope.completed.push(done);
            }
        }
    }

    /// How the sub-process or call whose content is done in `inner` can be undone.
    pub(super) fn compensable_part(
        &self,
        inner: ScopeId,
        process: &Process,
        element: &Element,
    ) -> Option<Compensable> {
        let scope = self.instance.scope(inner)?;
        let container = process.find(&element.id)?;
        let event_sub_process = process
            .event_sub_processes(Some(container))
            .find(|(_, start)| is_compensation_start(&process[*start]))
            .map(|(ix, _)| process[ix].id.clone());
        let by = if element.kind == Kind::SubProcess(SubProcess::Event) {
            return None;
        } else if let Some(handler) = handler(process, element) {
            CompensatedBy::Handler(handler)
        } else if let Some(event_sub_process) = event_sub_process {
            CompensatedBy::EventSubProcess {
                element: event_sub_process,
                variables: self.instance.visible(inner).into_owned(),
                completed: scope.completed.clone(),
            }
        } else if scope.completed.is_empty() {
            return None;
        } else {
            CompensatedBy::Parts(scope.completed.clone())
        };
        Some(Compensable {
            element: element.id.clone(),
            process: process.id.clone(),
            by,
        })
    }

    /// Begins to undo what was done in the run of the throwing event, or one activity of a run around it. `true` when the
    /// thrower has to wait.
    pub(super) fn compensate(
        &mut self,
        id: TokenId,
        activity: Option<&str>,
        wait: bool,
    ) -> Result<bool, Refusal> {
        let mut at = Some(self.open(id)?.scope);
        while let Some(scope_id) = at {
            let Some(scope) = self.scope_mut(scope_id) else {
                break;
            };
            let parent = scope.parent;
            let queue: Vec<Compensable> = match activity {
                None => std::mem::take(&mut scope.completed),
                Some(activity) => {
                    let (wanted, others) = std::mem::take(&mut scope.completed)
                        .into_iter()
                        .partition(|c| c.element == activity);
                    scope.completed = others;
                    wanted
                }
            };
            if !queue.is_empty() {
                let owner = wait.then_some(id);
                let undoing = self.begin_undoing(scope_id, owner, queue, None)?;
                if wait {
                    self.set_state(id, TokenState::Inside { scope: undoing });
                }
                return Ok(wait);
            }
            // In an event sub-process what is to be undone was done around it.
            let kind = self.instance.scope(scope_id).map(|s| &s.kind);
            let process = self.process_of(scope_id)?;
            let outwards = match kind {
                Some(ScopeKind::SubProcess { element, .. }) => {
                    activity.is_some()
                        || process
                            .element(element)
                            .is_some_and(|e| e.kind == Kind::SubProcess(SubProcess::Event))
                }
                Some(ScopeKind::Process) => false,
                _ => true,
            };
            at = parent.filter(|_| outwards);
        }
        Ok(false)
    }

    pub(super) fn undo_transaction(&mut self, transaction: ScopeId) -> Result<(), Refusal> {
        let queue = self
            .scope_mut(transaction)
            .map(|s| std::mem::take(&mut s.completed))
            .unwrap_or_default();
        self.begin_undoing(transaction, None, queue, Some(transaction))
            .map(drop)
    }

    fn begin_undoing(
        &mut self,
        scope: ScopeId,
        owner: Option<TokenId>,
        queue: Vec<Compensable>,
        transaction: Option<ScopeId>,
    ) -> Result<ScopeId, Refusal> {
        let process = self.process_of(scope)?;
        let kind = ScopeKind::Compensation {
            queue,
            current: None,
            transaction,
        };
        // Without content it is found to be over when the state settles, and takes up its first piece then.
        self.add_scope(owner, scope, process, kind, Variables::new())
    }

    /// Undoes the next piece, the latest done first (BPMN 2.0.2, 13.5.5); or all is undone.
    pub(super) fn continue_compensation(&mut self, id: ScopeId) -> Result<(), Refusal> {
        let process = self.instance.scope(id).map(|s| s.process.clone());
        let Some(ScopeKind::Compensation {
            queue,
            current,
            transaction,
        }) = self.scope_kind_mut(id)
        else {
            return Ok(());
        };
        let transaction = *transaction;
        let undone = current.take();
        let next = queue.pop();
        if let (Some(element), Some(process)) = (undone, process) {
            self.effects.push(Effect::Compensated { process, element });
        }
        let Some(next) = next else {
            let owner = self.drop_scope(id).and_then(|s| s.owner);
            if let Some(transaction) = transaction {
                return self.leave_cancelled(transaction);
            }
            if let Some(owner) = owner {
                self.go_on(owner);
            }
            return Ok(());
        };
        let process = self.process_by_id(&next.process)?;
        if let Some(scope) = self.scope_mut(id) {
            scope.process = process.id.clone(); // of a called process
        }
        match next.by {
            CompensatedBy::Parts(parts) => {
                if let Some(ScopeKind::Compensation { queue, .. }) = self.scope_kind_mut(id) {
                    queue.extend(parts);
                }
                self.note_undoing(id, None);
            }
            CompensatedBy::Handler(handler) => {
                let ix = process.find(&handler).ok_or(Refusal::WrongProcess)?;
                self.note_undoing(id, Some(next.element));
                self.place(ix, None, id)?;
            }
            CompensatedBy::EventSubProcess {
                element,
                variables,
                completed,
            } => {
                let sub_process = process.find(&element).ok_or(Refusal::WrongProcess)?;
                let start = process
                    .children(Some(sub_process))
                    .find(|ix| is_compensation_start(&process[*ix]))
                    .ok_or(Refusal::WrongProcess)?;
                self.note_undoing(id, Some(next.element));
                if let Some(inner) = self.begin_by_start(id, process, sub_process, start)?
                    && let Some(inner) = self.scope_mut(inner)
                {
                    inner.variables.extend(variables);
                    inner.completed = completed;
                }
            }
        }
        Ok(())
    }

    fn note_undoing(&mut self, id: ScopeId, element: Option<String>) {
        if let Some(ScopeKind::Compensation { current, .. }) = self.scope_kind_mut(id) {
            *current = element;
        }
    }
}

/// The activity that undoes another one.
fn handler(process: &Process, element: &Element) -> Option<String> {
    element
        .boundary
        .iter()
        .map(|ix| &process[*ix])
        .filter(|e| e.is_compensation_boundary())
        .find_map(|e| e.handler)
        .map(|ix| process[ix].id.clone())
}

fn is_compensation_start(element: &Element) -> bool {
    matches!(element.kind, Kind::StartEvent { .. })
        && element
            .triggers()
            .iter()
            .any(|t| matches!(t, EventDefinition::Compensation { .. }))
}
