//! Finding, changing and removing single tokens, each with the effects that keep the host in step.

use super::{MAX_TOKENS, Run, Work};
use crate::{
    command::{Cause, Effect, Refusal, Visit},
    instance::{Incident, Owner, ScopeId, ScopeKind, Token, TokenId, TokenState},
    model::{Element, ElementIx, FlowIx, Process},
};

impl<'p> Run<'p> {
    /// The next id of the common series.
    pub(super) fn next_id(&mut self) -> Result<u64, Refusal> {
        let id = self.instance.next_id;
        self.instance.next_id = id.checked_add(1).ok_or(Refusal::Limit)?;
        Ok(id)
    }

    pub(super) fn open(&self, id: TokenId) -> Result<&Token, Refusal> {
        self.instance.token(id).ok_or({
            if (1..self.instance.next_id).contains(&id) {
                Refusal::TokenGone(id)
            } else {
                Refusal::TokenUnknown(id)
            }
        })
    }

    pub(super) fn waiting(&self, id: TokenId, state: &TokenState) -> Result<&Token, Refusal> {
        self.open(id).and_then(|token| {
            if token.state == *state {
                Ok(token)
            } else {
                Err(Refusal::NotWaiting(id))
            }
        })
    }

    /// The process whose elements tokens of this scope are at.
    pub(super) fn process_of(&self, scope: ScopeId) -> Result<&'p Process, Refusal> {
        let scope = self.instance.scope(scope).ok_or(Refusal::WrongProcess)?;
        self.process_by_id(&scope.process)
    }

    pub(super) fn process_by_id(&self, id: &str) -> Result<&'p Process, Refusal> {
        if id == self.process.id {
            return Ok(self.process);
        }
        self.processes.process(id).ok_or(Refusal::WrongProcess)
    }

    /// The element a token is at, with its process.
    pub(super) fn element_of(&self, token: &Token) -> Result<(&'p Process, ElementIx), Refusal> {
        let process = self.process_of(token.scope)?;
        let ix = process.find(&token.element).ok_or(Refusal::WrongProcess)?;
        Ok((process, ix))
    }

    pub(super) fn element(&self, id: TokenId) -> Result<(&'p Process, &'p Element), Refusal> {
        let (process, ix) = self.element_of(self.open(id)?)?;
        Ok((process, &process[ix]))
    }

    pub(super) fn visit(&self, token: &Token) -> Visit {
        let process = self.instance.scope(token.scope);
        Visit {
            token: token.id,
            process: process.map(|s| s.process.clone()).unwrap_or_default(),
            element: token.element.clone(),
        }
    }

    pub(super) fn token_mut(&mut self, id: TokenId) -> Option<&mut Token> {
        let at = self
            .instance
            .tokens
            .binary_search_by_key(&id, |t| t.id)
            .ok()?;
        self.instance.tokens.get_mut(at)
    }

    pub(super) fn set_state(&mut self, id: TokenId, state: TokenState) {
        if let Some(token) = self.token_mut(id) {
            token.state = state;
        }
    }

    /// A new token before an element.
    pub(super) fn place(
        &mut self,
        ix: ElementIx,
        via: Option<FlowIx>,
        scope: ScopeId,
    ) -> Result<TokenId, Refusal> {
        let id = self.put(ix, scope)?;
        self.work.push_back(Work::Begin(id, via));
        Ok(id)
    }

    /// A new token at an event that has happened.
    pub(super) fn place_happened(
        &mut self,
        ix: ElementIx,
        scope: ScopeId,
    ) -> Result<TokenId, Refusal> {
        let id = self.put(ix, scope)?;
        self.set_state(id, TokenState::Leaving);
        self.work.push_back(Work::Leave(id));
        Ok(id)
    }

    /// A new token at an element, for the caller to move.
    pub(super) fn put(&mut self, ix: ElementIx, scope: ScopeId) -> Result<TokenId, Refusal> {
        if self.instance.tokens.len() >= MAX_TOKENS {
            return Err(Refusal::Limit);
        }
        let id = self.next_id()?;
        let element = &self.process_of(scope)?[ix];
        let token = Token {
            id,
            scope,
            element: element.id.clone(),
            state: TokenState::Entering,
            incident: None,
        };
        // An activity done several times is told of once for each round, not once more for all of them.
        if !self.is_whole_loop(&token, element) {
            let at = self.visit(&token);
            self.effects.push(Effect::ElementEntered { at });
        }
        self.instance.tokens.push(token);
        Ok(id)
    }

    /// Whether the token stands for all rounds of a looping activity.
    pub(super) fn is_whole_loop(&self, token: &Token, element: &Element) -> bool {
        element.looping.is_some() && !self.in_round(token)
    }

    /// Whether the token stands for one round of a looping activity.
    pub(super) fn in_round(&self, token: &Token) -> bool {
        matches!(
            self.instance.scope(token.scope).map(|s| &s.kind),
            Some(ScopeKind::Iteration { .. })
        )
    }

    fn remove(&mut self, id: TokenId) -> Option<Token> {
        let at = self
            .instance
            .tokens
            .binary_search_by_key(&id, |t| t.id)
            .ok()?;
        Some(self.instance.tokens.remove(at))
    }

    /// The token's element did its work, and the token is no more.
    pub(super) fn complete(&mut self, id: TokenId) {
        self.resolve(id);
        self.unsubscribe(Owner::Token(id));
        if let Some(token) = self.remove(id) {
            let whole = self
                .element_of(&token)
                .is_ok_and(|(process, ix)| self.is_whole_loop(&token, &process[ix]));
            if !whole {
                let at = self.visit(&token);
                self.effects.push(Effect::ElementCompleted { at });
            }
        }
    }

    /// The token went into another one at a join.
    pub(super) fn absorb(&mut self, id: TokenId) {
        self.resolve(id);
        if let Some(token) = self.remove(id) {
            let at = self.visit(&token);
            self.effects.push(Effect::Merged { at });
        }
    }

    /// The token is taken away, and with it all it opened and all the host was asked for.
    pub(super) fn withdraw(&mut self, id: TokenId, cause: &Cause) {
        self.resolve(id);
        self.unsubscribe(Owner::Token(id));
        if let Some(&TokenState::Inside { scope }) = self.instance.token(id).map(|t| &t.state) {
            self.withdraw_scope(scope, cause);
        }
        let Some(token) = self.remove(id) else {
            return;
        };
        let at = self.visit(&token);
        let whole = self
            .element_of(&token)
            .is_ok_and(|(process, ix)| self.is_whole_loop(&token, &process[ix]));
        let cause = cause.clone();
        match token.state {
            TokenState::Task => self.effects.push(Effect::TaskCancelled {
                at: at.clone(),
                cause: cause.clone(),
            }),
            TokenState::Service => self.effects.push(Effect::ServiceCancelled {
                at: at.clone(),
                cause: cause.clone(),
            }),
            _ => {}
        }
        if !whole {
            self.effects.push(Effect::ElementCancelled { at, cause });
        }
    }

    pub(super) fn raise(&mut self, id: TokenId, incident: Incident) {
        let Some(token) = self.token_mut(id) else {
            return;
        };
        token.incident = Some(incident.clone());
        if let Some(at) = self.instance.token(id).map(|t| self.visit(t)) {
            self.effects.push(Effect::Incident { at, incident });
        }
    }

    pub(super) fn resolve(&mut self, id: TokenId) {
        let Some(token) = self.token_mut(id).filter(|t| t.incident.is_some()) else {
            return;
        };
        token.incident = None;
        if let Some(at) = self.instance.token(id).map(|t| self.visit(t)) {
            self.effects.push(Effect::IncidentResolved { at });
        }
    }
}
