//! Gateways that wait.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Run;
use crate::{
    command::Refusal,
    condition::Variables,
    instance::{ScopeId, TokenId, TokenState},
    model::{Element, ElementIx, FlowIx, Kind, Process},
};

/// Tokens that have arrived at one gateway in one run, oldest first, by the id of their flow.
type Arrivals<'i> = HashMap<&'i str, Vec<TokenId>>;

impl<'p> Run<'p> {
    /// Lets one token go on for one of every incoming flow, once all are there. More than one token by the same flow wait
    /// for the next round, as BPMN says.
    pub(super) fn join(&mut self, id: TokenId, process: &Process, element: &Element) {
        let Some(scope) = self.instance.token(id).map(|t| t.scope) else {
            return;
        };
        let arrived = self.arrived_at(scope, &element.id);
        let first_by = |flow: &FlowIx| arrived.get(process[*flow].id.as_str())?.first().copied();
        let partners: Option<Vec<TokenId>> = element.incoming.iter().map(first_by).collect();
        if let Some(partners) = partners {
            self.merge(&partners);
        }
    }

    fn arrived_at(&self, scope: ScopeId, element: &str) -> Arrivals<'_> {
        let mut arrived: Arrivals<'_> = HashMap::new();
        for token in &self.instance.tokens {
            if token.scope == scope
                && token.element == element
                && let TokenState::Arrived { flow } = &token.state
            {
                arrived.entry(flow).or_default().push(token.id);
            }
        }
        arrived
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

    /// Inclusive and complex gateways that need not wait any longer. At most one in each run at a time: its tokens may
    /// change what the others wait for.
    pub(super) fn release_joins(&mut self) -> Result<bool, Refusal> {
        // Where tokens wait, and where the other tokens of those runs are.
        let mut places: BTreeMap<ScopeId, BTreeSet<ElementIx>> = BTreeMap::new();
        for token in &self.instance.tokens {
            if matches!(token.state, TokenState::Arrived { .. }) {
                let (process, ix) = self.element_of(token)?;
                if matches!(
                    process[ix].kind,
                    Kind::InclusiveGateway | Kind::ComplexGateway { .. }
                ) {
                    places.entry(token.scope).or_default().insert(ix);
                }
            }
        }
        if places.is_empty() {
            return Ok(false);
        }
        let mut occupied: HashMap<ScopeId, BTreeSet<ElementIx>> = HashMap::new();
        for token in self
            .instance
            .tokens
            .iter()
            .filter(|t| places.contains_key(&t.scope))
        {
            let (_, ix) = self.element_of(token)?;
            occupied.entry(token.scope).or_default().insert(ix);
        }
        let mut moved = false;
        for (scope, gateways) in places {
            let process = self.process_of(scope)?;
            let occupied = occupied.remove(&scope).unwrap_or_default();
            for ix in gateways {
                let released = match &process[ix].kind {
                    Kind::ComplexGateway { activation } => {
                        self.release_complex(scope, process, ix, activation.as_deref(), &occupied)?
                    }
                    _ => self.release_inclusive(scope, process, ix, &occupied),
                };
                if released {
                    moved = true;
                    break;
                }
            }
        }
        Ok(moved)
    }

    fn release_inclusive(
        &mut self,
        scope: ScopeId,
        process: &Process,
        ix: ElementIx,
        occupied: &BTreeSet<ElementIx>,
    ) -> bool {
        let arrived = self.arrived_at(scope, &process[ix].id);
        let (there, missing) = divide(process, &process[ix].incoming, &arrived);
        let tokens = first_of_each(process, &there, &arrived);
        if tokens.is_empty() || more_may_come(process, ix, &there, &missing, occupied) {
            return false;
        }
        self.merge(&tokens);
        true
    }

    fn release_complex(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        ix: ElementIx,
        activation: Option<&str>,
        occupied: &BTreeSet<ElementIx>,
    ) -> Result<bool, Refusal> {
        let Some(condition) = activation else {
            return Ok(self.release_inclusive(scope, process, ix, occupied));
        };
        let element = &process[ix];
        let arrived = self.arrived_at(scope, &element.id);
        let resetting = self.instance.scope(scope).and_then(|s| {
            let fired = s.resetting.iter().find(|(id, _)| *id == element.id);
            fired.map(|(_, flows)| flows)
        });
        let Some(waited_for) = resetting else {
            let count = arrived.values().map(Vec::len).sum();
            if !self.holds_at_gateway(scope, condition, count, true) {
                return Ok(false);
            }
            let (there, missing) = divide(process, &element.incoming, &arrived);
            let tokens = first_of_each(process, &there, &arrived);
            let missing: Vec<String> = missing.iter().map(|f| process[*f].id.clone()).collect();
            if let Some(scope) = self.scope_mut(scope).filter(|_| !missing.is_empty()) {
                scope.resetting.push((element.id.clone(), missing));
            }
            self.merge(&tokens);
            return Ok(true);
        };
        // It has fired and waits for what else comes, as long as anything can come; then it begins anew.
        let wanted = |f: &&FlowIx| waited_for.contains(&process[**f].id);
        let waited_for: Vec<FlowIx> = element.incoming.iter().filter(wanted).copied().collect();
        let (there, missing) = divide(process, &waited_for, &arrived);
        if more_may_come(process, ix, &there, &missing, occupied) {
            return Ok(false);
        }
        let late = first_of_each(process, &there, &arrived);
        self.reset(scope, process, element, &late)?;
        Ok(true)
    }

    /// What came late goes on only by flows whose condition says so, knowing that `waitingForStart` is false
    /// (BPMN 2.0.2, 13.4.5); it is no fault when none does.
    fn reset(
        &mut self,
        scope: ScopeId,
        process: &'p Process,
        element: &Element,
        late: &[TokenId],
    ) -> Result<(), Refusal> {
        if let Some(scope) = self.scope_mut(scope) {
            scope.resetting.retain(|(id, _)| *id != element.id);
        }
        let Some((first, others)) = late.split_first() else {
            return Ok(());
        };
        let holds = |f: &&FlowIx| {
            let condition = process[**f].condition.as_ref();
            condition.is_some_and(|c| self.holds_at_gateway(scope, c, late.len(), false))
        };
        let flows: Vec<FlowIx> = element.outgoing.iter().filter(holds).copied().collect();
        for other in others {
            self.absorb(*other);
        }
        if flows.is_empty() {
            self.absorb(*first);
            return Ok(());
        }
        self.complete(*first);
        self.send_along(process, element, flows, scope)
    }

    /// A condition that may ask for the state of its complex gateway.
    fn holds_at_gateway(&self, scope: ScopeId, condition: &str, count: usize, start: bool) -> bool {
        let mut variables: Variables = self.instance.visible(scope).into_owned();
        variables.insert("activationCount".to_owned(), count.into());
        variables.insert("waitingForStart".to_owned(), start.into());
        self.expressions.evaluate(condition, &variables) == Ok(serde_json::Value::Bool(true))
    }
}

/// Flows by which a token has arrived, and those by which none has.
fn divide(
    process: &Process,
    flows: &[FlowIx],
    arrived: &Arrivals<'_>,
) -> (Vec<FlowIx>, Vec<FlowIx>) {
    let came = |f: &FlowIx| arrived.contains_key(process[*f].id.as_str());
    flows.iter().partition(|f| came(f))
}

fn first_of_each(process: &Process, flows: &[FlowIx], arrived: &Arrivals<'_>) -> Vec<TokenId> {
    flows
        .iter()
        .filter_map(|f| arrived.get(process[*f].id.as_str())?.first().copied())
        .collect()
}

/// Whether a token elsewhere can still come by a missing flow, unless it could as well come by one that is there
/// (BPMN 2.0.2, 13.4.3). `occupied` are the places of all tokens of the run.
fn more_may_come(
    process: &Process,
    gateway: ElementIx,
    there: &[FlowIx],
    missing: &[FlowIx],
    occupied: &BTreeSet<ElementIx>,
) -> bool {
    if missing.is_empty() {
        return false;
    }
    let to_missing = leading_to(process, gateway, missing);
    let to_there = leading_to(process, gateway, there);
    occupied
        .iter()
        .any(|ix| *ix != gateway && to_missing.contains(ix) && !to_there.contains(ix))
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
            open.extend(process.link_sources(ix));
        }
    }
    seen
}
