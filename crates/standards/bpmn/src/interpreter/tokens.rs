//! Finding, changing and removing single tokens, each with the effects that keep the host in step.

use super::Run;
use crate::{
    command::{Cause, Effect, Refusal},
    instance::{Incident, Token, TokenId, TokenState},
    model::ElementIx,
};

impl Run<'_> {
    pub(super) fn open(&self, id: TokenId) -> Result<&Token, Refusal> {
        self.instance.token(id).ok_or({
            if (1..self.instance.next_token).contains(&id) {
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

    pub(super) fn element_of(&self, token: &Token) -> Result<ElementIx, Refusal> {
        self.process
            .find(&token.element)
            .ok_or(Refusal::WrongProcess)
    }

    pub(super) fn token_mut(&mut self, id: TokenId) -> Option<&mut Token> {
        self.instance.tokens.iter_mut().find(|t| t.id == id)
    }

    pub(super) fn set_state(&mut self, id: TokenId, state: TokenState) {
        if let Some(token) = self.token_mut(id) {
            token.state = state;
        }
    }

    fn remove(&mut self, id: TokenId) -> Option<Token> {
        let at = self.instance.tokens.iter().position(|t| t.id == id)?;
        Some(self.instance.tokens.remove(at))
    }

    /// The token's element did its work, and the token is no more.
    pub(super) fn complete(&mut self, id: TokenId) {
        if let Some(Token { element, .. }) = self.remove(id) {
            self.effects
                .push(Effect::ElementCompleted { token: id, element });
        }
    }

    /// The token is taken away, and with it all the host was asked for.
    pub(super) fn withdraw(&mut self, id: TokenId, cause: &Cause) {
        self.resolve(id);
        self.cancel_timers(id);
        let Some(Token { element, state, .. }) = self.remove(id) else {
            return;
        };
        let (token, cause) = (id, cause.clone());
        match state {
            TokenState::Task => {
                self.effects.push(Effect::TaskCancelled {
                    token,
                    element: element.clone(),
                    cause: cause.clone(),
                });
            }
            TokenState::Service => {
                self.effects.push(Effect::ServiceCancelled {
                    token,
                    element: element.clone(),
                    cause: cause.clone(),
                });
            }
            TokenState::Entering | TokenState::Arrived { .. } | TokenState::Leaving => {}
        }
        self.effects.push(Effect::ElementCancelled {
            token,
            element,
            cause,
        });
    }

    pub(super) fn withdraw_all(&mut self, cause: &Cause) {
        for id in self
            .instance
            .tokens
            .iter()
            .map(|t| t.id)
            .collect::<Vec<_>>()
        {
            self.withdraw(id, cause);
        }
    }

    pub(super) fn cancel_timers(&mut self, id: TokenId) {
        let timers = self
            .token_mut(id)
            .map(|t| std::mem::take(&mut t.timers))
            .unwrap_or_default();
        self.effects.extend(
            timers
                .into_iter()
                .map(|timer| Effect::TimerCancelled { token: id, timer }),
        );
    }

    pub(super) fn raise(&mut self, id: TokenId, incident: Incident) {
        if let Some(token) = self.token_mut(id) {
            token.incident = Some(incident.clone());
            let element = token.element.clone();
            self.effects.push(Effect::Incident {
                token: id,
                element,
                incident,
            });
        }
    }

    pub(super) fn resolve(&mut self, id: TokenId) {
        if let Some(token) = self.token_mut(id).filter(|t| t.incident.is_some()) {
            token.incident = None;
            let element = token.element.clone();
            self.effects
                .push(Effect::IncidentResolved { token: id, element });
        }
    }
}
