//! The interpreter: carries out commands. Pure: the same state and command always give the same state and effects.

mod moves;
mod tokens;

use std::collections::VecDeque;

use crate::{
    command::{Cause, Command, Effect, Refusal},
    condition::{Conditions, Expressions, Variables},
    instance::{
        Ending, Incident, IncidentKind, Instance, ROOT_SCOPE, Status, Token, TokenId, TokenState,
    },
    model::{ElementIx, FlowIx, Kind, Process},
};

/// Most steps one command may cause; only gateways without tasks between them could need more.
pub const MAX_STEPS: usize = 10_000;

/// Most open tokens of one instance; only a loop around a fork could need more.
pub const MAX_TOKENS: usize = 1_000;

/// A process with the expression language its conditions are written in.
pub struct Interpreter<'p> {
    process: &'p Process,
    expressions: &'p dyn Expressions,
}

/// Carries out one command with the built-in [`Conditions`]. See [`Interpreter::step`].
pub fn step(
    process: &Process,
    instance: &mut Instance,
    command: Command,
) -> Result<Vec<Effect>, Refusal> {
    Interpreter::new(process, &Conditions).step(instance, command)
}

impl<'p> Interpreter<'p> {
    /// An interpreter for `process`.
    pub fn new(process: &'p Process, expressions: &'p dyn Expressions) -> Self {
        Self {
            process,
            expressions,
        }
    }

    /// Carries out one command and moves tokens until all of them wait. On a refusal `instance` is unchanged.
    pub fn step(&self, instance: &mut Instance, command: Command) -> Result<Vec<Effect>, Refusal> {
        let mut run = Run {
            process: self.process,
            expressions: self.expressions,
            instance: instance.clone(),
            effects: Vec::new(),
            work: VecDeque::new(),
        };
        run.apply(command)?;
        run.drain()?;
        run.settle();
        *instance = run.instance;
        Ok(run.effects)
    }
}

/// A move still to be made.
enum Work {
    /// The token stands before its element, having come by this flow.
    Begin(TokenId, Option<FlowIx>),
    /// The token's element did its work.
    Leave(TokenId),
}

/// One step in the making; thrown away on a refusal.
struct Run<'p> {
    process: &'p Process,
    expressions: &'p dyn Expressions,
    instance: Instance,
    effects: Vec<Effect>,
    work: VecDeque<Work>,
}

impl Run<'_> {
    fn apply(&mut self, command: Command) -> Result<(), Refusal> {
        if self.instance.process != self.process.id {
            return Err(Refusal::WrongProcess);
        }
        match (&self.instance.status, &command) {
            (Status::Ended(_), _) => return Err(Refusal::Ended),
            (Status::Created, Command::Start { .. }) => {}
            (Status::Created, _) => return Err(Refusal::NotStarted),
            (Status::Running, Command::Start { .. }) => return Err(Refusal::AlreadyStarted),
            (Status::Running, _) => {}
        }
        match command {
            Command::Start { variables } => self.start(variables),
            Command::CompleteTask { token, variables } => {
                let element = self.waiting(token, &TokenState::Task)?.element.clone();
                self.effects.push(Effect::TaskCompleted { token, element });
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
            Command::Retry { token } => self.retry(token),
            Command::TimerFired { token, timer } => self.fire(token, timer),
            Command::MoveToken { token, to } => {
                let scope = self.open(token)?.scope;
                let target = self.move_target(&to)?;
                if self.shared(target, token) {
                    return Err(Refusal::TargetShared(to));
                }
                self.withdraw(token, &Cause::Moved { to });
                self.place(target, None, scope)
            }
            Command::MoveAll { to } => {
                let target = self.move_target(&to)?;
                self.withdraw_all(&Cause::Moved { to });
                self.place(target, None, ROOT_SCOPE)
            }
            Command::SetVariables { variables } => {
                self.instance.variables.extend(variables);
                Ok(())
            }
            Command::Terminate { reason } => {
                self.end(Ending::Cancelled { reason });
                Ok(())
            }
        }
    }

    fn start(&mut self, variables: Variables) -> Result<(), Refusal> {
        let mut starts = self
            .process
            .indices()
            .filter(|ix| self.process[*ix].kind == Kind::StartEvent);
        let (Some(start), None) = (starts.next(), starts.next()) else {
            return Err(Refusal::NoSingleStart);
        };
        self.instance.status = Status::Running;
        self.instance.variables.extend(variables);
        self.place(start, None, ROOT_SCOPE)
    }

    /// An activity is done: its timers fall, its token leaves.
    fn finish(&mut self, id: TokenId, variables: Variables) -> Result<(), Refusal> {
        self.instance.variables.extend(variables);
        self.resolve(id);
        self.cancel_timers(id);
        self.set_state(id, TokenState::Leaving);
        self.work.push_back(Work::Leave(id));
        Ok(())
    }

    fn retry(&mut self, id: TokenId) -> Result<(), Refusal> {
        let token = self.open(id)?;
        let (state, ix, failed) = (
            token.state.clone(),
            self.element_of(token)?,
            token.incident.is_some(),
        );
        match state {
            TokenState::Entering if failed => self.work.push_back(Work::Begin(id, None)),
            TokenState::Leaving if failed => self.work.push_back(Work::Leave(id)),
            TokenState::Service if failed => self.request_service(id, &self.process[ix]),
            _ => return Err(Refusal::NothingToRetry(id)),
        }
        self.resolve(id);
        Ok(())
    }

    fn fire(&mut self, id: TokenId, timer: String) -> Result<(), Refusal> {
        let token = self.open(id)?;
        if !token.timers.contains(&timer) {
            return Err(Refusal::TimerNotSet(timer));
        }
        let scope = token.scope;
        let event = self.process.find(&timer).ok_or(Refusal::WrongProcess)?;
        if let Some(token) = self.token_mut(id) {
            token.timers.retain(|t| *t != timer); // it has fired, so there is nothing to cancel
        }
        self.withdraw(id, &Cause::Timer { element: timer });
        self.place(event, None, scope)
    }

    /// Where a token may be put by hand: a place whose work needs no other token and no trigger.
    fn move_target(&self, to: &str) -> Result<ElementIx, Refusal> {
        let target = self
            .process
            .find(to)
            .ok_or_else(|| Refusal::TargetUnknown(to.to_owned()))?;
        match self.process[target].kind {
            Kind::UserTask | Kind::ServiceTask | Kind::ExclusiveGateway | Kind::EndEvent { .. } => {
                Ok(target)
            }
            _ => Err(Refusal::TargetForbidden(to.to_owned())),
        }
    }

    /// Whether a token at `target` could come to where another token already is without a join between: then the move
    /// would run that token's branch twice.
    fn shared(&self, target: ElementIx, moved: TokenId) -> bool {
        let others: Vec<&Token> = self
            .instance
            .tokens
            .iter()
            .filter(|t| t.id != moved)
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
        let mut seen = vec![false; self.process.elements().len()];
        let mut open = vec![target];
        while let Some(ix) = open.pop() {
            let element = &self.process[ix];
            if std::mem::replace(&mut seen[ix.0], true) {
                continue;
            }
            if stands_at(&element.id) {
                return true;
            }
            if element.is_join() {
                continue;
            }
            if element
                .outgoing
                .iter()
                .any(|f| arrived_by(&self.process[*f].id))
            {
                return true;
            }
            open.extend(self.process.successors(ix));
        }
        false
    }
}
