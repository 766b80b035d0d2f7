//! Activities done more than once.

use serde_json::Value;

use super::{MAX_TOKENS, Run};
use crate::{
    command::{Cause, Refusal},
    condition::Variables,
    instance::{Incident, IncidentKind, LoopState, ScopeId, ScopeKind, TokenId},
    model::{Behavior, Cardinality, EventDefinition, Looping},
};

impl<'p> Run<'p> {
    /// Opens the loop of the token's activity and begins its first round, or all of them.
    pub(super) fn begin_loop(&mut self, id: TokenId, looping: &Looping) -> Result<(), Refusal> {
        let (process, element) = self.element(id)?;
        let around = self.open(id)?.scope;
        let state = match looping {
            Looping::Standard { .. } => LoopState::default(),
            Looping::Multiple { cardinality, .. } => match self.plan(around, cardinality) {
                Ok(state) => state,
                Err(reason) => {
                    let reason = format!("多实例任务“{}”：{reason}", element.label());
                    self.raise(
                        id,
                        Incident {
                            kind: IncidentKind::BadExpression,
                            reason,
                        },
                    );
                    return Ok(());
                }
            },
        };
        let planned = state.planned.unwrap_or(0);
        let kind = ScopeKind::Loop(state);
        let Some(scope) = self.open_scope(id, process, kind, Variables::new())? else {
            return Ok(());
        };
        match looping {
            Looping::Standard { test_before, .. } => {
                if self.another_time(scope, looping, !test_before) {
                    self.begin_round(scope)?;
                }
            }
            Looping::Multiple { sequential, .. } => {
                let at_once = if *sequential { planned.min(1) } else { planned };
                for _ in 0..at_once {
                    self.begin_round(scope)?;
                }
            }
        }
        self.count_rounds(scope, looping);
        Ok(())
    }

    fn plan(&self, around: ScopeId, cardinality: &Cardinality) -> Result<LoopState, String> {
        let (text, value) = match cardinality {
            Cardinality::Count(text) | Cardinality::Each(text) => {
                (text, self.evaluate(around, text)?)
            }
        };
        let too_many = || format!("“{text}”超过 {MAX_TOKENS}");
        match (cardinality, value) {
            (Cardinality::Count(_), Value::Number(number)) => {
                let count = number
                    .as_f64()
                    .filter(|n| n.fract() == 0.0 && *n >= 0.0)
                    .ok_or_else(|| format!("“{text}”不是次数"))?;
                if count > MAX_TOKENS as f64 {
                    return Err(too_many());
                }
                Ok(LoopState {
                    planned: Some(count as u32),
                    ..LoopState::default()
                })
            }
            (Cardinality::Each(_), Value::Array(items)) if items.len() <= MAX_TOKENS => {
                Ok(LoopState {
                    planned: u32::try_from(items.len()).ok(),
                    items,
                    ..LoopState::default()
                })
            }
            (Cardinality::Each(_), Value::Array(_)) => Err(too_many()),
            (Cardinality::Count(_), _) => Err(format!("“{text}”没有得出次数")),
            (Cardinality::Each(_), _) => Err(format!("“{text}”没有得出清单")),
        }
    }

    /// Whether a standard loop goes round again; `first` is for the first time, which may need no question.
    fn another_time(&mut self, scope: ScopeId, looping: &Looping, first: bool) -> bool {
        let Looping::Standard {
            condition, maximum, ..
        } = looping
        else {
            return false;
        };
        let begun = self.loop_state(scope).map_or(0, |s| s.begun);
        if let Some(scope) = self.scope_mut(scope) {
            let counter = "loopCounter".to_owned();
            scope.variables.insert(counter, begun.into());
        }
        let below = maximum.is_none_or(|most| i64::from(begun) < most);
        let holds = match condition {
            _ if first => true,
            Some(condition) => self.is_true(scope, condition),
            None => maximum.is_some(), // with neither it is done once
        };
        below && holds
    }

    fn loop_state(&self, scope: ScopeId) -> Option<&LoopState> {
        match &self.instance.scope(scope)?.kind {
            ScopeKind::Loop(state) => Some(state),
            _ => None,
        }
    }

    fn loop_state_mut(&mut self, scope: ScopeId) -> Option<&mut LoopState> {
        match self.scope_kind_mut(scope)? {
            ScopeKind::Loop(state) => Some(state),
            _ => None,
        }
    }

    /// The looping of the activity a loop scope belongs to.
    fn looping_of(&self, scope: ScopeId) -> Result<(TokenId, &'p Looping), Refusal> {
        let owner = self
            .instance
            .scope(scope)
            .and_then(|s| s.owner)
            .ok_or(Refusal::WrongProcess)?;
        let (_, element) = self.element(owner)?;
        let looping = element.looping.as_ref().ok_or(Refusal::WrongProcess)?;
        Ok((owner, looping))
    }

    pub(super) fn begin_round(&mut self, scope: ScopeId) -> Result<(), Refusal> {
        let (owner, looping) = self.looping_of(scope)?;
        let (process, ix) = self.element_of(self.open(owner)?)?;
        let mut variables = Variables::new();
        let Some(state) = self.loop_state_mut(scope) else {
            return Err(Refusal::WrongProcess);
        };
        state.begun += 1;
        let number = state.begun;
        let item = state.items.get(number as usize - 1).cloned();
        variables.insert("loopCounter".to_owned(), number.into());
        if let Looping::Multiple {
            item: name,
            output_item,
            ..
        } = looping
        {
            if let (Some(name), Some(item)) = (name, item) {
                variables.insert(name.clone(), item);
            }
            // A result named like a variable is the round's own, so that rounds do not overwrite each other's.
            if let Some(name) = output_item
                .as_ref()
                .filter(|n| n.chars().all(|c| c.is_alphanumeric() || c == '_'))
            {
                variables.entry(name.clone()).or_insert(Value::Null);
            }
        }
        let kind = ScopeKind::Iteration { number };
        let round = self.add_scope(None, scope, process, kind, variables)?;
        self.place(ix, None, round)?;
        Ok(())
    }

    /// Keeps the counters of BPMN 2.0.2, table 10.30, where conditions see them; also under the names other engines use.
    fn count_rounds(&mut self, scope: ScopeId, looping: &Looping) {
        let Looping::Multiple {
            output_collection, ..
        } = looping
        else {
            return;
        };
        let active = self
            .instance
            .scopes
            .iter()
            .filter(|s| s.parent == Some(scope))
            .count();
        let Some(scope) = self.scope_mut(scope) else {
            return;
        };
        let ScopeKind::Loop(state) = &scope.kind else {
            return;
        };
        let completed = u64::from(state.completed);
        let counted = |rounds: u32| u64::from(rounds).saturating_sub(u64::from(state.removed));
        let planned = counted(state.planned.unwrap_or(state.begun));
        let over = counted(state.begun).saturating_sub(active as u64);
        let terminated = over.saturating_sub(completed);
        let results: Option<Value> = output_collection
            .as_ref()
            .map(|_| state.results.clone().into());
        for (name, alias, value) in [
            ("numberOfInstances", "nrOfInstances", planned),
            (
                "numberOfActiveInstances",
                "nrOfActiveInstances",
                active as u64,
            ),
            (
                "numberOfCompletedInstances",
                "nrOfCompletedInstances",
                completed,
            ),
            (
                "numberOfTerminatedInstances",
                "nrOfTerminatedInstances",
                terminated,
            ),
        ] {
            scope.variables.insert(name.to_owned(), value.into());
            scope.variables.insert(alias.to_owned(), value.into());
        }
        if let (Some(name), Some(results)) = (output_collection, results) {
            scope.variables.insert(name.clone(), results);
        }
    }

    /// One round is done: keep its result, then begin the next, or withdraw the others when that is enough.
    pub(super) fn finish_round(&mut self, round: ScopeId, number: u32) -> Result<bool, Refusal> {
        let Some(scope) = self.instance.scope(round).and_then(|s| s.parent) else {
            return Ok(false);
        };
        let (owner, looping) = self.looping_of(scope)?;
        let result = match looping {
            Looping::Multiple {
                output_item: Some(text),
                ..
            } => Some(self.evaluate(round, text).unwrap_or(Value::Null)),
            _ => None,
        };
        let done = self
            .drop_scope(round)
            .map(|s| s.completed)
            .unwrap_or_default();
        if let Some(scope) = self.scope_mut(scope) {
            scope.completed.extend(done);
        }
        if let Some(state) = self.loop_state_mut(scope) {
            state.completed += 1;
            if let Some(result) = result {
                let at = number as usize - 1;
                if state.results.len() <= at {
                    state.results.resize(at + 1, Value::Null);
                }
                state.results[at] = result;
            }
        }
        self.count_rounds(scope, looping);
        match looping {
            Looping::Standard { .. } => {
                if self.another_time(scope, looping, false) {
                    self.begin_round(scope)?;
                }
            }
            Looping::Multiple {
                sequential,
                completion,
                behavior,
                ..
            } => {
                self.throw_behavior(owner, scope, behavior)?;
                if self.instance.scope(scope).is_none() {
                    return Ok(true); // what it threw ended it
                }
                if completion.as_ref().is_some_and(|c| self.is_true(scope, c)) {
                    self.withdraw_content(scope, &Cause::Enough);
                    self.count_rounds(scope, looping);
                } else if *sequential
                    && self
                        .loop_state(scope)
                        .is_some_and(|s| s.planned.is_some_and(|p| s.begun < p))
                {
                    self.begin_round(scope)?;
                    self.count_rounds(scope, looping);
                }
            }
        }
        Ok(true)
    }

    fn throw_behavior(
        &mut self,
        owner: TokenId,
        scope: ScopeId,
        behavior: &Behavior,
    ) -> Result<(), Refusal> {
        let first = self.loop_state(scope).is_some_and(|s| s.completed == 1);
        let thrown: Vec<EventDefinition> = match behavior {
            Behavior::All => Vec::new(),
            Behavior::None(event) => vec![(**event).clone()],
            Behavior::One(event) if first => vec![(**event).clone()],
            Behavior::One(_) => Vec::new(),
            Behavior::Complex(all) => all
                .iter()
                .filter(|(condition, _)| self.is_true(scope, condition))
                .map(|(_, event)| event.clone())
                .collect(),
        };
        for event in thrown {
            self.throw(owner, &event)?;
        }
        Ok(())
    }

    /// All rounds are done.
    pub(super) fn finish_loop(&mut self, scope: ScopeId) -> Result<(), Refusal> {
        let (owner, looping) = self.looping_of(scope)?;
        let output = match looping {
            Looping::Multiple {
                output_collection: Some(name),
                ..
            } => Some(name.clone()),
            _ => None,
        };
        let around = self.open(owner)?.scope;
        let Some(done) = self.drop_scope(scope) else {
            return Ok(());
        };
        if let (Some(name), ScopeKind::Loop(state)) = (output, done.kind) {
            self.set_variable(around, name, state.results.into());
        }
        if let Some(around) = self.scope_mut(around) {
            around.completed.extend(done.completed);
        }
        self.go_on(owner);
        Ok(())
    }

    /// One round more (加签).
    pub(super) fn add_instance(&mut self, scope: ScopeId, item: Value) -> Result<(), Refusal> {
        let (_, looping) = self
            .loop_state(scope)
            .ok_or(Refusal::NotAdjustable)
            .and_then(|_| self.looping_of(scope))?;
        let Looping::Multiple { sequential, .. } = looping else {
            return Err(Refusal::NotAdjustable);
        };
        let Some(state) = self.loop_state_mut(scope) else {
            return Err(Refusal::NotAdjustable);
        };
        let planned = state.planned.unwrap_or(state.begun).saturating_add(1);
        if planned as usize > MAX_TOKENS {
            return Err(Refusal::Limit);
        }
        // Rounds that only have a number keep their place among those with an item.
        state.items.resize(planned as usize - 1, Value::Null);
        state.items.push(item);
        state.planned = Some(planned);
        if !sequential {
            self.begin_round(scope)?;
        }
        self.count_rounds(scope, looping);
        Ok(())
    }

    /// One round less (减签). The last one cannot go: the activity would end without anybody having done it.
    pub(super) fn remove_instance(&mut self, id: TokenId) -> Result<(), Refusal> {
        let token = self.open(id)?;
        let round = token.scope;
        let loop_scope = self
            .instance
            .round(token)
            .and_then(|_| self.instance.scope(round)?.parent)
            .ok_or(Refusal::NotAdjustable)?;
        let (_, looping) = self.looping_of(loop_scope)?;
        let Looping::Multiple { sequential, .. } = looping else {
            return Err(Refusal::NotAdjustable);
        };
        let state = self.loop_state(loop_scope).ok_or(Refusal::NotAdjustable)?;
        let planned = state.planned.unwrap_or(state.begun);
        if planned.saturating_sub(state.removed) <= 1 {
            return Err(Refusal::NotAdjustable);
        }
        let more = *sequential && state.begun < planned;
        self.withdraw_scope(round, &Cause::Enough);
        if let Some(state) = self.loop_state_mut(loop_scope) {
            // The round keeps its number, so that results stay where they belong; it only no longer counts.
            state.removed += 1;
        }
        if more {
            self.begin_round(loop_scope)?;
        }
        self.count_rounds(loop_scope, looping);
        // What remains may be enough already.
        if let Looping::Multiple {
            completion: Some(completion),
            ..
        } = looping
            && self.is_true(loop_scope, completion)
        {
            self.withdraw_content(loop_scope, &Cause::Enough);
        }
        Ok(())
    }
}
