//! The interpreter: carries out commands. Pure: the same state and command always give the same state and effects.
//!
//! A step applies its command, then makes moves until every token waits: `work` holds moves in the order they arose, and
//! when it is empty `settle` looks for what only the whole state can tell (runs that are over, joins that need not wait
//! any longer, conditions that have become true).

mod activity;
mod commands;
mod compensation;
mod events;
mod gateway;
mod looping;
mod moving;
mod scope;
mod throwing;
mod token;

use std::collections::VecDeque;

use crate::{
    command::{Command, Effect, Refusal},
    condition::{Conditions, Expressions},
    instance::{Instance, TokenId},
    model::{FlowIx, Process, Processes},
};

/// Most moves one command may cause; only a loop in which nothing waits could need more. Moves among very many tokens count
/// for more than one, as they cost more, so that every command is carried out or refused within a second or so.
pub const MAX_STEPS: usize = 250_000;

/// Most open tokens of one instance; only a loop around a fork could need more.
pub const MAX_TOKENS: usize = 5_000;

/// Deepest runs within runs; only a process that calls itself endlessly could need more.
pub const MAX_RUN_DEPTH: usize = 64;

/// A process with the processes it calls and the expression language its conditions are written in.
pub struct Interpreter<'p> {
    process: &'p Process,
    processes: &'p dyn Processes,
    expressions: &'p dyn Expressions,
    skip_scripts: bool,
}

/// Carries out one command of a process that calls no other, with the built-in [`Conditions`]. See [`Interpreter::step`].
///
/// # Errors
/// As [`Interpreter::step`].
pub fn step(
    process: &Process,
    instance: &mut Instance,
    command: Command,
) -> Result<Vec<Effect>, Refusal> {
    Interpreter::new(process, process, &Conditions).step(instance, command)
}

impl<'p> Interpreter<'p> {
    /// An interpreter for instances of `process`, which may call any of `processes`.
    pub fn new(
        process: &'p Process,
        processes: &'p dyn Processes,
        expressions: &'p dyn Expressions,
    ) -> Self {
        Self {
            process,
            processes,
            expressions,
            skip_scripts: false,
        }
    }

    /// Counts every script task as done without evaluating it.
    #[must_use]
    pub fn skipping_scripts(mut self, skip: bool) -> Self {
        self.skip_scripts = skip;
        self
    }

    /// Whether an error of this code, raised by the task of this token, would be caught. A host that gets one nobody
    /// catches may prefer to raise an incident.
    pub fn catches(&self, instance: &Instance, token: TokenId, code: &str) -> bool {
        self.run(instance).catcher_of_error(token, code)
    }

    fn run(&self, instance: &Instance) -> Run<'p> {
        Run {
            process: self.process,
            processes: self.processes,
            expressions: self.expressions,
            skip_scripts: self.skip_scripts,
            instance: instance.clone(),
            effects: Vec::new(),
            work: VecDeque::new(),
            left: MAX_STEPS,
        }
    }

    /// Carries out one command and moves tokens until all of them wait. On a refusal `instance` is unchanged.
    ///
    /// # Errors
    /// Why the command cannot be carried out.
    pub fn step(&self, instance: &mut Instance, command: Command) -> Result<Vec<Effect>, Refusal> {
        if instance.process != self.process.id {
            return Err(Refusal::WrongProcess);
        }
        let mut run = self.run(instance);
        run.apply(command)?;
        run.settle()?;
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
    processes: &'p dyn Processes,
    expressions: &'p dyn Expressions,
    skip_scripts: bool,
    instance: Instance,
    effects: Vec<Effect>,
    work: VecDeque<Work>,
    /// Moves this step may still make.
    left: usize,
}

impl Run<'_> {
    fn spend_steps(&mut self, cost: usize) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(cost).ok_or(Refusal::Limit)?;
        Ok(())
    }

    /// Makes moves until nothing more happens by itself.
    fn settle(&mut self) -> Result<(), Refusal> {
        loop {
            while let Some(work) = self.work.pop_front() {
                self.spend_steps(1 + self.instance.tokens.len() / 200)?;
                match work {
                    Work::Begin(token, via) => self.begin(token, via)?,
                    Work::Leave(token) => self.leave(token)?,
                }
            }
            if self.instance.ended() {
                return Ok(());
            }
            let size = self.instance.tokens.len() + self.instance.scopes.len();
            self.spend_steps(1 + size / 20)?;
            let moved =
                self.finish_scopes()? || self.release_joins()? || self.check_conditions()?;
            if !moved && self.work.is_empty() {
                self.name_deadlocks();
                return Ok(());
            }
        }
    }
}
