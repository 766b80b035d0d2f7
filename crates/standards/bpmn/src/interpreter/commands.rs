//! What each command changes before the tokens move.

use super::{Run, Work};
use crate::{
    command::{Cause, Command, Refusal},
    condition::Variables,
    instance::{
        Ending, Incident, IncidentKind, Owner, ROOT_SCOPE, ScopeId, ScopeKind, Status, Token,
        TokenId, TokenState,
    },
    model::{ElementIx, Kind, Process, SubProcess},
};

impl Run<'_> {
    pub(super) fn apply(&mut self, command: Command) -> Result<(), Refusal> {
        match (&self.instance.status, &command) {
            (Status::Ended(_), _) => return Err(Refusal::Ended),
            (Status::Created, Command::Start { .. }) => {}
            (Status::Created, _) => return Err(Refusal::NotStarted),
            (Status::Running, Command::Start { .. }) => return Err(Refusal::AlreadyStarted),
            (Status::Running, _) => {}
        }
        match command {
            Command::Start { at, variables } => self.start(at.as_deref(), variables),
            Command::CompleteTask { token, variables } => {
                let at = self.visit(self.waiting(token, &TokenState::Task)?);
                self.effects.push(crate::Effect::TaskCompleted { at });
                self.finish(token, variables)
            }
            Command::ServiceDone { token, variables } => {
                self.waiting(token, &TokenState::Service)?;
                self.finish(token, variables)
            }
            Command::ServiceFailed { token, error } => {
                self.waiting(token, &TokenState::Service)?;
                self.raise(
                    token,
                    Incident {
                        kind: IncidentKind::ServiceFailed,
                        reason: error,
                    },
                );
                Ok(())
            }
            Command::ThrowError {
                token,
                code,
                variables,
            } => {
                let scope = self.at_work(token)?.scope;
                self.set_variables(scope, variables);
                self.throw_error(token, &code, false)
            }
            Command::Escalate { token, code } => {
                self.at_work(token)?;
                self.escalate(token, &code, false)
            }
            Command::Trigger {
                subscription,
                variables,
            } => self.trigger(subscription, variables),
            Command::Signal { name, variables } => self.hear_signal(&name, &variables),
            Command::Begin { scope, element } => self.begin_in_ad_hoc(scope, &element),
            Command::Retry { token } => self.retry(token),
            Command::MoveToken { token, to } => self.move_token(token, to),
            Command::MoveAll { to } => {
                let target = self.move_target(self.process, &to)?;
                if self.process[target].container.is_some() {
                    return Err(Refusal::TargetForbidden(to));
                }
                self.withdraw_content(ROOT_SCOPE, &Cause::Moved { to });
                self.place(target, None, ROOT_SCOPE).map(drop)
            }
            Command::AddInstance { scope, item } => self.add_instance(scope, item),
            Command::RemoveInstance { token } => self.remove_instance(token),
            Command::SetVariables { variables } => {
                self.set_variables(ROOT_SCOPE, variables);
                Ok(())
            }
            Command::Terminate { reason } => {
                self.end(Ending::Cancelled { reason });
                Ok(())
            }
        }
    }

    fn start(&mut self, at: Option<&str>, variables: Variables) -> Result<(), Refusal> {
        let process = self.process;
        self.instance.status = Status::Running;
        self.set_variables(ROOT_SCOPE, variables);
        self.subscribe_event_sub_processes(ROOT_SCOPE, process, None)?;
        let Some(id) = at else {
            let entries = process.entries(None);
            if entries.is_empty() {
                return Err(Refusal::NoStart);
            }
            for entry in entries {
                self.place(entry, None, ROOT_SCOPE)?;
            }
            return Ok(());
        };
        let happened = process.find(id).ok_or(Refusal::NoStart)?;
        // The event itself begins the instance, or the gateway before it does.
        let gateway = process[happened]
            .incoming
            .iter()
            .map(|f| process[*f].source)
            .find(|ix| process[*ix].instantiates());
        match gateway.map(|ix| (&process[ix], &process[ix].kind)) {
            Some((gateway, Kind::EventBasedGateway { parallel, .. })) => {
                self.place_happened(happened, ROOT_SCOPE)?;
                if *parallel {
                    let others = gateway.outgoing.iter().map(|f| process[*f].target);
                    for other in others.filter(|o| *o != happened) {
                        self.place(other, None, ROOT_SCOPE)?;
                    }
                }
                Ok(())
            }
            _ if process[happened].instantiates() && process[happened].container.is_none() => {
                self.place_happened(happened, ROOT_SCOPE).map(drop)
            }
            _ => Err(Refusal::NoStart),
        }
    }

    /// A token whose activity is under way.
    fn at_work(&self, id: TokenId) -> Result<&Token, Refusal> {
        let token = self.open(id)?;
        let (process, ix) = self.element_of(token)?;
        match token.state {
            TokenState::Task
            | TokenState::Service
            | TokenState::Event
            | TokenState::Inside { .. }
                if process[ix].is_activity() =>
            {
                Ok(token)
            }
            _ => Err(Refusal::NotWaiting(id)),
        }
    }

    fn begin_in_ad_hoc(&mut self, scope: ScopeId, element: &str) -> Result<(), Refusal> {
        let process = self.process_of(scope)?;
        let unknown = || Refusal::TargetUnknown(element.to_owned());
        let forbidden = || Refusal::TargetForbidden(element.to_owned());
        let ix = process.find(element).ok_or_else(unknown)?;
        let Some(ScopeKind::SubProcess {
            element: container,
            closing,
            ..
        }) = self.instance.scope(scope).map(|s| &s.kind)
        else {
            return Err(forbidden());
        };
        let container = process.find(container);
        let ad_hoc = container.map(|c| &process[c].kind);
        let Some(Kind::SubProcess(SubProcess::AdHoc(ad_hoc))) = ad_hoc else {
            return Err(forbidden());
        };
        let busy = self.instance.tokens.iter().any(|t| t.scope == scope);
        if process[ix].container != container
            || !process[ix].is_activity()
            || !process[ix].incoming.is_empty()
            || *closing
            || (ad_hoc.sequential && busy)
        {
            return Err(forbidden());
        }
        if let Some(ScopeKind::SubProcess { pending, .. }) = self.scope_kind_mut(scope) {
            pending.retain(|p| p != element);
        }
        self.place(ix, None, scope).map(drop)
    }

    fn retry(&mut self, id: TokenId) -> Result<(), Refusal> {
        let token = self.open(id)?;
        let failed = token.incident.is_some();
        let state = token.state.clone();
        let (_, element) = self.element(id)?;
        self.resolve(id);
        match state {
            TokenState::Entering if failed => {
                // Its border may be watched already; what happens there is watched anew.
                self.unsubscribe(Owner::Token(id));
                self.work.push_back(Work::Begin(id, None));
            }
            TokenState::Leaving if failed => self.work.push_back(Work::Leave(id)),
            TokenState::Service if failed => self.request_service(id, element)?,
            _ => return Err(Refusal::NothingToRetry(id)),
        }
        Ok(())
    }

    fn move_token(&mut self, id: TokenId, to: String) -> Result<(), Refusal> {
        let token = self.open(id)?;
        let process = self.process_of(token.scope)?;
        let target = self.move_target(process, &to)?;
        // The token of the run the target is drawn in: the token itself, or the one that opened the part it is in.
        let mut moved = token;
        loop {
            let scope = self
                .instance
                .scope(moved.scope)
                .ok_or(Refusal::WrongProcess)?;
            let container = match &scope.kind {
                ScopeKind::Process => Some(None),
                ScopeKind::SubProcess { element, .. } => process.find(element).map(Some),
                _ => None,
            };
            if container == Some(process[target].container) && scope.process == process.id {
                break;
            }
            let owner = match scope.owner {
                Some(owner) => Some(owner),
                None => scope
                    .parent
                    .and_then(|p| self.instance.scope(p))
                    .and_then(|s| s.owner),
            };
            moved = owner
                .and_then(|o| self.instance.token(o))
                .ok_or_else(|| Refusal::TargetForbidden(to.clone()))?;
        }
        let (moved, scope) = (moved.id, moved.scope);
        if self.shared(process, scope, target, moved) {
            return Err(Refusal::TargetShared(to));
        }
        self.withdraw(moved, &Cause::Moved { to });
        self.place(target, None, scope).map(drop)
    }

    /// Where a token may be put by hand: a place whose work needs no other token and no trigger.
    fn move_target(&self, process: &Process, to: &str) -> Result<ElementIx, Refusal> {
        let target = process
            .find(to)
            .ok_or_else(|| Refusal::TargetUnknown(to.to_owned()))?;
        match &process[target].kind {
            Kind::SubProcess(SubProcess::Event) => Err(Refusal::TargetForbidden(to.to_owned())),
            Kind::Task(_)
            | Kind::SubProcess(_)
            | Kind::CallActivity { .. }
            | Kind::ExclusiveGateway
            | Kind::EndEvent(_)
                if !process[target].for_compensation =>
            {
                Ok(target)
            }
            _ => Err(Refusal::TargetForbidden(to.to_owned())),
        }
    }

    /// Whether a token at `target` could come to where another token of the run already is without a join between: then
    /// the move would run that token's branch twice.
    fn shared(&self, process: &Process, scope: ScopeId, target: ElementIx, moved: TokenId) -> bool {
        let is_event_sub_process = |t: &Token| {
            process
                .element(&t.element)
                .is_some_and(|e| e.kind == Kind::SubProcess(SubProcess::Event))
        };
        let others: Vec<&Token> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.scope == scope && t.id != moved && !is_event_sub_process(t))
            .collect();
        if others.is_empty() {
            return false;
        }
        let arrived_by = |flow: &str| {
            others
                .iter()
                .any(|t| matches!(&t.state, TokenState::Arrived { flow: f } if f == flow))
        };
        let stands_at = |id: &str| {
            others
                .iter()
                .any(|t| t.element == id && !matches!(t.state, TokenState::Arrived { .. }))
        };
        let joins = |ix: ElementIx| {
            let element = &process[ix];
            element.incoming.len() > 1
                && matches!(
                    element.kind,
                    Kind::ParallelGateway | Kind::InclusiveGateway | Kind::ComplexGateway { .. }
                )
        };
        let mut seen = vec![false; process.elements().len()];
        let mut open = vec![target];
        while let Some(ix) = open.pop() {
            let element = &process[ix];
            if std::mem::replace(&mut seen[ix.0], true) {
                continue;
            }
            if stands_at(&element.id) {
                return true;
            }
            if joins(ix) {
                continue;
            }
            if element.outgoing.iter().any(|f| arrived_by(&process[*f].id)) {
                return true;
            }
            open.extend(process.successors(ix));
        }
        false
    }
}
