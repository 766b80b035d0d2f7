//! Runs within the run: opening them, noticing that they are over, withdrawing them.

use std::collections::HashSet;

use super::Run;
use crate::{
    command::{Cause, Effect, Refusal},
    condition::Variables,
    instance::{
        Ending, Incident, IncidentKind, Owner, ROOT_SCOPE, Scope, ScopeId, ScopeKind, Status,
        TokenId, TokenState,
    },
    model::{Kind, Process, SubProcess},
};

impl<'p> Run<'p> {
    pub(super) fn scope_mut(&mut self, id: ScopeId) -> Option<&mut Scope> {
        let at = self
            .instance
            .scopes
            .binary_search_by_key(&id, |s| s.id)
            .ok()?;
        self.instance.scopes.get_mut(at)
    }

    pub(super) fn scope_kind_mut(&mut self, id: ScopeId) -> Option<&mut ScopeKind> {
        self.scope_mut(id).map(|s| &mut s.kind)
    }

    /// A run that `owner` waits for; `None` (and an incident) when runs are nested too deeply.
    pub(super) fn open_scope(
        &mut self,
        owner: TokenId,
        process: &Process,
        kind: ScopeKind,
        variables: Variables,
    ) -> Result<Option<ScopeId>, Refusal> {
        let parent = self.open(owner)?.scope;
        let depth = std::iter::successors(Some(parent), |s| self.instance.scope(*s)?.parent);
        if depth.take(super::MAX_RUN_DEPTH).count() == super::MAX_RUN_DEPTH {
            let reason = "流程逐层调用过深，可能在调用自身".to_owned();
            self.raise(
                owner,
                Incident {
                    kind: IncidentKind::BadCall,
                    reason,
                },
            );
            return Ok(None);
        }
        let scope = self.add_scope(Some(owner), parent, process, kind, variables)?;
        self.set_state(owner, TokenState::Inside { scope });
        Ok(Some(scope))
    }

    pub(super) fn add_scope(
        &mut self,
        owner: Option<TokenId>,
        parent: ScopeId,
        process: &Process,
        kind: ScopeKind,
        variables: Variables,
    ) -> Result<ScopeId, Refusal> {
        let id = self.next_id()?;
        self.instance.scopes.push(Scope {
            id,
            parent: Some(parent),
            owner,
            process: process.id.clone(),
            kind,
            variables,
            completed: Vec::new(),
            resetting: Vec::new(),
        });
        Ok(id)
    }

    pub(super) fn drop_scope(&mut self, id: ScopeId) -> Option<Scope> {
        self.unsubscribe(Owner::Scope(id));
        let at = self
            .instance
            .scopes
            .binary_search_by_key(&id, |s| s.id)
            .ok()?;
        Some(self.instance.scopes.remove(at))
    }

    /// Completes runs in which nothing is left to do.
    pub(super) fn finish_scopes(&mut self) -> Result<bool, Refusal> {
        let mut busy: HashSet<ScopeId> = self.instance.tokens.iter().map(|t| t.scope).collect();
        busy.extend(self.instance.scopes.iter().filter_map(|s| s.parent));
        let over: Vec<ScopeId> = self
            .instance
            .scopes
            .iter()
            .rev()
            .map(|s| s.id)
            .filter(|id| !busy.contains(id))
            .collect();
        let mut moved = false;
        let next_id = self.instance.next_id;
        for id in over {
            if self.began_again(id, next_id) {
                continue;
            }
            if id == ROOT_SCOPE {
                self.end(Ending::Completed);
                return Ok(true);
            }
            self.spend_steps(1)?;
            moved |= self.finish_scope(id)?;
        }
        Ok(moved)
    }

    /// Whether something in this run is newer than `next_id`.
    fn began_again(&self, id: ScopeId, next_id: u64) -> bool {
        let tokens = self.instance.tokens.iter().rev();
        let scopes = self.instance.scopes.iter().rev();
        let mut new_tokens = tokens.take_while(|t| t.id >= next_id);
        let mut new_scopes = scopes.take_while(|s| s.id >= next_id);
        new_tokens.any(|t| t.scope == id) || new_scopes.any(|s| s.parent == Some(id))
    }

    fn finish_scope(&mut self, id: ScopeId) -> Result<bool, Refusal> {
        let Some(scope) = self.instance.scope(id) else {
            return Ok(false);
        };
        match &scope.kind {
            ScopeKind::Process => {
                let variables = scope.variables.clone();
                self.finish_part(id)?;
                if let Some(owner) = self.owner_after(id) {
                    let around = self.open(owner)?.scope;
                    self.set_variables(around, variables);
                }
                self.close_part(id);
                Ok(true)
            }
            ScopeKind::SubProcess { element, .. } => {
                let process = self.process_by_id(&scope.process)?;
                let ad_hoc = process.element(element).map(|e| &e.kind);
                if let Some(Kind::SubProcess(SubProcess::AdHoc(ad_hoc))) = ad_hoc
                    && let Some(moved) =
                        self.continue_ad_hoc(id, process, ad_hoc.completion.as_deref())?
                {
                    return Ok(moved);
                }
                self.finish_part(id)?;
                self.close_part(id);
                Ok(true)
            }
            ScopeKind::Iteration { number } => {
                let number = *number;
                self.finish_round(id, number)
            }
            ScopeKind::Loop(_) => {
                self.finish_loop(id)?;
                Ok(true)
            }
            ScopeKind::Compensation { .. } => {
                self.continue_compensation(id)?;
                Ok(true)
            }
        }
    }

    fn owner_after(&self, id: ScopeId) -> Option<TokenId> {
        self.instance.scope(id).and_then(|s| s.owner)
    }

    /// The content of a sub-process or called process is done: it can be undone from now on.
    fn finish_part(&mut self, id: ScopeId) -> Result<(), Refusal> {
        let Some(owner) = self.owner_after(id) else {
            return Ok(());
        };
        let around = self.open(owner)?.scope;
        let (process, element) = self.element(owner)?;
        if let Some(done) = self.compensable_part(id, process, element)
            && let Some(around) = self.scope_mut(around)
        {
            around.completed.push(done);
        }
        Ok(())
    }

    pub(super) fn close_part(&mut self, id: ScopeId) {
        if let Some(owner) = self.drop_scope(id).and_then(|s| s.owner) {
            self.go_on(owner);
        }
    }

    /// An ad-hoc sub-process in which nothing runs: `Some` when it is not over (and whether something began).
    fn continue_ad_hoc(
        &mut self,
        id: ScopeId,
        process: &'p Process,
        completion: Option<&str>,
    ) -> Result<Option<bool>, Refusal> {
        let Some(ScopeKind::SubProcess {
            pending, closing, ..
        }) = self.scope_kind_mut(id)
        else {
            return Ok(None);
        };
        if *closing {
            return Ok(None);
        }
        if !pending.is_empty() {
            let next = pending.remove(0);
            let ix = process.find(&next).ok_or(Refusal::WrongProcess)?;
            self.place(ix, None, id)?;
            return Ok(Some(true));
        }
        // Nothing left that begins by itself; without its condition it waits for people to begin something again.
        Ok(match completion {
            Some(condition) if !self.is_true(id, condition) => Some(false),
            _ => None,
        })
    }

    /// The innermost run of a process or sub-process around (or at) a scope: what a terminate event ends.
    pub(super) fn enclosing_run(&self, scope: ScopeId) -> ScopeId {
        let mut at = scope;
        while let Some(scope) = self.instance.scope(at) {
            match (&scope.kind, scope.parent) {
                (ScopeKind::Process | ScopeKind::SubProcess { .. }, _) | (_, None) => break,
                (_, Some(parent)) => at = parent,
            }
        }
        at
    }

    /// Withdraws everything in a run, which then completes.
    pub(super) fn clear_scope(&mut self, id: ScopeId) {
        self.withdraw_content(id, &Cause::Ended);
        self.unsubscribe(Owner::Scope(id));
        if let Some(scope) = self.scope_mut(id) {
            scope.completed.clear(); // ended "without compensation"
            if let ScopeKind::SubProcess {
                pending, closing, ..
            } = &mut scope.kind
            {
                pending.clear();
                *closing = true;
            }
        }
    }

    pub(super) fn withdraw_content(&mut self, id: ScopeId, cause: &Cause) {
        let tokens: Vec<TokenId> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.scope == id)
            .map(|t| t.id)
            .collect();
        for token in tokens {
            self.withdraw(token, cause);
        }
        let inner: Vec<ScopeId> = self
            .instance
            .scopes
            .iter()
            .filter(|s| s.parent == Some(id))
            .map(|s| s.id)
            .collect();
        for scope in inner {
            self.withdraw_scope(scope, cause);
        }
    }

    pub(super) fn withdraw_scope(&mut self, id: ScopeId, cause: &Cause) {
        self.withdraw_content(id, cause);
        self.drop_scope(id);
    }

    pub(super) fn end(&mut self, ending: Ending) {
        self.work.clear();
        self.withdraw_content(ROOT_SCOPE, &Cause::Ended);
        self.unsubscribe(Owner::Scope(ROOT_SCOPE));
        self.instance.status = Status::Ended(ending.clone());
        self.effects.push(Effect::InstanceEnded { ending });
    }

    /// Once all tokens wait: are only joins left, so that nothing will ever arrive?
    pub(super) fn name_deadlocks(&mut self) {
        let tokens = &self.instance.tokens;
        let mut leaves = tokens
            .iter()
            .filter(|t| !matches!(t.state, TokenState::Inside { .. }))
            .peekable();
        let busy: HashSet<ScopeId> = tokens
            .iter()
            .map(|t| t.scope)
            .chain(self.instance.scopes.iter().filter_map(|s| s.parent))
            .collect();
        let stuck = leaves.peek().is_some()
            && leaves.all(|t| matches!(t.state, TokenState::Arrived { .. }))
            && self.instance.subscriptions.is_empty()
            && self.instance.scopes.iter().all(|s| busy.contains(&s.id));
        let arrived: Vec<TokenId> = tokens
            .iter()
            .filter(|t| matches!(t.state, TokenState::Arrived { .. }))
            .filter(|t| t.incident.is_some() != stuck)
            .map(|t| t.id)
            .collect();
        for id in arrived {
            if stuck {
                let reason = "汇聚节点等待的其他分支已不会到达".to_owned();
                self.raise(
                    id,
                    Incident {
                        kind: IncidentKind::Deadlock,
                        reason,
                    },
                );
            } else {
                self.resolve(id);
            }
        }
    }
}
