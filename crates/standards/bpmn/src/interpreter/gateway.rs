//! Gateways that wait.

use std::collections::{BTreeSet, HashSet};

use super::Run;
use crate::{
    command::Refusal,
    condition::Variables,
    instance::{ScopeId, Token, TokenId, TokenState},
    model::{Element, ElementIx, FlowIx, Kind, Process},
};

impl<'p> Run<'p> {
    /// Lets one token go on for one of every incoming flow, once all are there. More than one token by the same flow wait
    /// for the next round, as BPMN says.
    pub(super) fn join(&mut self, id: TokenId, process: &Process, element: &Element) {
        let Some(scope) = self.instance.token(id).map(|t| t.scope) else {
            return;
        };
        let flows: Vec<FlowIx> = element.incoming.clone();
        if let Some(partners) = self.one_of_each(scope, process, element, &flows) {
            self.merge(&partners);
        }
    }

    /// The oldest token that came by each of these flows; `None` when one has none.
    fn one_of_each(
        &self,
        scope: ScopeId,
        process: &Process,
        element: &Element,
        flows: &[FlowIx],
    ) -> Option<Vec<TokenId>> {
        flows
            .iter()
            .map(|flow| {
                let flow = &process[*flow].id;
                self.instance
                    .tokens
                    .iter()
                    .find(|t| {
                        t.scope == scope
                            && t.element == element.id
                            && matches!(&t.state, TokenState::Arrived { flow: f } if f == flow)
                    })
                    .map(|t| t.id)
            })
            .collect()
    }

    /// The first token goes on for all.
    fn merge(&mut self, tokens: &[TokenId]) {
        if let Some((first, others)) = tokens.split_first() {
            for other in others {
                self.absorb(*other);
            }
            self.resolve(*first);
            self.go_on(*first);
        }
    }

    /// Inclusive and complex gateways that need not wait any longer.
    pub(super) fn release_joins(&mut self) -> Result<bool, Refusal> {
        let mut places: BTreeSet<(ScopeId, String)> = BTreeSet::new();
        for token in &self.instance.tokens {
            if matches!(token.state, TokenState::Arrived { .. }) {
                let (process, ix) = self.element_of(token)?;
                if matches!(
                    process[ix].kind,
                    Kind::InclusiveGateway | Kind::ComplexGateway { .. }
                ) {
                    places.insert((token.scope, token.element.clone()));
                }
            }
        }
        for (scope, id) in places {
            let process = self.process_of(scope)?;
            let ix = process.find(&id).ok_or(Refusal::WrongProcess)?;
            let released = match &process[ix].kind {
                Kind::ComplexGateway { activation } => {
                    self.release_complex(scope, process, ix, activation.as_deref())?
                }
                _ => self.release_inclusive(scope, process, ix),
            };
            if released {
                return Ok(true); // one at a time: its tokens may change what others wait for
            }
        }
        Ok(false)
    }

    fn release_inclusive(&mut self, scope: ScopeId, process: &Process, ix: ElementIx) -> bool {
        let (there, missing) = self.arrivals(scope, process, ix);
        if self.more_may_come(scope, process, ix, &there, &missing) {
            return false;
        }
        match self.one_of_each(scope, process, &process[ix], &there) {
            Some(tokens) if !tokens.is_empty() => {
                self.merge(&tokens);
                true
            }
            _ => false,
        }
    }

    /// Incoming flows by which a token has arrived, and those by which none has.
    fn arrivals(
        &self,
        scope: ScopeId,
        process: &Process,
        ix: ElementIx,
    ) -> (Vec<FlowIx>, Vec<FlowIx>) {
        let element = &process[ix];
        let came: HashSet<&str> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.scope == scope && t.element == element.id)
            .filter_map(|t| match &t.state {
                TokenState::Arrived { flow } => Some(flow.as_str()),
                _ => None,
            })
            .collect();
        element
            .incoming
            .iter()
            .partition(|f| came.contains(process[**f].id.as_str()))
    }

    /// Whether a token elsewhere can still come by a missing flow, unless it could as well come by one that is there
    /// (BPMN 2.0.2, 13.4.3).
    fn more_may_come(
        &self,
        scope: ScopeId,
        process: &Process,
        gateway: ElementIx,
        there: &[FlowIx],
        missing: &[FlowIx],
    ) -> bool {
        if missing.is_empty() {
            return false;
        }
        let to_missing = leading_to(process, gateway, missing);
        let to_there = leading_to(process, gateway, there);
        let elsewhere = |t: &&Token| t.scope == scope && t.element != process[gateway].id;
        self.instance
            .tokens
            .iter()
            .filter(elsewhere)
            .filter_map(|t| process.find(&t.element))
            .any(|ix| to_missing.contains(&ix) && !to_there.contains(&ix))
    }

    fn release_complex(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        ix: ElementIx,
        activation: Option<&str>,
    ) -> Result<bool, Refusal> {
        let element = &process[ix];
        let waited_for = self
            .instance
            .scope(scope)
            .and_then(|s| {
                s.resetting
                    .iter()
                    .find(|(gateway, _)| *gateway == element.id)
            })
            .map(|(_, flows)| flows.clone());
        let (there, missing) = self.arrivals(scope, process, ix);
        let Some(waited_for) = waited_for else {
            let Some(condition) = activation else {
                return Ok(self.release_inclusive(scope, process, ix));
            };
            if !self.activated(scope, condition, there.len()) {
                return Ok(false);
            }
            let Some(tokens) = self.one_of_each(scope, process, element, &there) else {
                return Ok(false);
            };
            let missing: Vec<String> = missing.iter().map(|f| process[*f].id.clone()).collect();
            if let Some(scope) = self.scope_mut(scope).filter(|_| !missing.is_empty()) {
                scope.resetting.push((element.id.clone(), missing));
            }
            self.merge(&tokens);
            return Ok(true);
        };
        // It has fired and takes in what comes late, until nothing more can come; then it waits anew.
        let late = |flows: &[FlowIx]| -> Vec<FlowIx> {
            let wanted = |f: &&FlowIx| waited_for.contains(&process[**f].id);
            flows.iter().filter(wanted).copied().collect()
        };
        let (there, missing) = (late(&there), late(&missing));
        if self.more_may_come(scope, process, ix, &there, &missing) {
            return Ok(false);
        }
        for token in self
            .one_of_each(scope, process, element, &there)
            .unwrap_or_default()
        {
            self.absorb(token);
        }
        if let Some(scope) = self.scope_mut(scope) {
            scope
                .resetting
                .retain(|(gateway, _)| *gateway != element.id);
        }
        Ok(true)
    }

    fn activated(&self, scope: ScopeId, condition: &str, count: usize) -> bool {
        let mut variables: Variables = self.instance.visible(scope).into_owned();
        variables.insert("activationCount".to_owned(), count.into());
        self.expressions.evaluate(condition, &variables) == Ok(serde_json::Value::Bool(true))
    }
}

/// Elements from which a token can come to the gateway by one of these flows without passing the gateway itself.
fn leading_to(process: &Process, gateway: ElementIx, flows: &[FlowIx]) -> HashSet<ElementIx> {
    let mut open: Vec<ElementIx> = flows.iter().map(|f| process[*f].source).collect();
    let mut seen = HashSet::new();
    while let Some(ix) = open.pop() {
        if ix == gateway || !seen.insert(ix) {
            continue;
        }
        let element = &process[ix];
        open.extend(element.incoming.iter().map(|f| process[*f].source));
        if let Kind::BoundaryEvent { attached_to, .. } = &element.kind {
            open.push(*attached_to);
        }
        if element.catches_link() {
            open.extend(
                process
                    .children(element.container)
                    .filter(|other| process.link_target(*other) == Some(ix)),
            );
        }
    }
    seen
}
