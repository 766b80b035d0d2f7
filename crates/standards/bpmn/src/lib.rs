//! BPMN 2.0 processes for long-running human work: a reader, deployment checks and a pure interpreter.
//!
//! # Goals
//!
//! An approval lives for weeks, survives restarts and new releases, and must be explainable step by step afterwards.
//! So this library performs nothing. It answers one question, always the same way:
//!
//! ```text
//! state + command  →  new state + effects
//! ```
//!
//! The state ([`Instance`]) is plain data the host stores beside its own tables; a [`Command`] is a fact the host brings
//! (a task was completed, a timer fired); an [`Effect`] is what the host has to write or do in the same transaction.
//! There is no clock, no I/O, no thread and no randomness inside: two hosts that replay the same commands hold equal
//! states. Time enters only as the command [`Command::TimerFired`]; the host computes when, from [`TimerDue`].
//!
//! # What is understood
//!
//! None start event, end event (none, terminate), user task, service task, sequence flows with conditions and a default,
//! exclusive gateway, parallel gateway, interrupting timer boundary event. Everything else of BPMN is *refused by name*
//! when the file is read, never skipped in silence: a process that deploys is a process that runs as drawn.
//!
//! What BPMN leaves to the tool is said in attributes or `extensionElements` of the namespace [`EXTENSION_NAMESPACE`]:
//! `tongban:permission`, `tongban:assignee`, `tongban:form`, `tongban:layer` on user tasks, `tongban:topic` on service
//! tasks, `tongban:workdays` on timers. All of them reach the host as [`Element::extension`].
//!
//! # Choices
//!
//! - *Read, then check.* [`Definitions::parse`] yields only well-formed graphs (unique ids, no dangling flow, timers
//!   understood); [`check`] judges whether such a graph makes sense. The interpreter therefore needs no validation code,
//!   and still never panics on an unchecked process: it refuses or raises an [`Incident`].
//! - *A token id names one visit of one element and is never reused.* A second click on "complete" meets
//!   [`Refusal::TokenGone`] and cannot complete the next task by accident.
//! - *Incidents belong to a token*, not to the instance: one failed branch does not stop its siblings, and the variables
//!   of the command that led there are kept. [`Command::Retry`] and [`Command::MoveToken`] resolve them.
//! - *Expressions are a seam* ([`Expressions`]). The built-in [`Conditions`] are a small subset of FEEL without
//!   arithmetic or functions; a complete FEEL engine is one `impl` away.
//! - *Room to grow*: elements, token states, commands and effects are enums, and tokens carry a scope, so sub-processes
//!   and multi-instance activities add variants and scopes.
//!
//! Alternatives weighed: an event-sourced engine (replaying years of history to open one task), a generic state machine
//! (no parallel work, no drawing the department can read), an engine as a separate server (a second database that cannot
//! share the transaction of the case).
//!
//! # Smallest example
//!
//! ```
//! use bpmn::{Command, Definitions, Effect, Instance, step};
//!
//! let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
//!                           xmlns:tongban="https://tongban.cn/bpmn">
//!   <process id="p">
//!     <startEvent id="start"/>
//!     <sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
//!     <userTask id="accept" name="受理" tongban:permission="cases.accept"/>
//!     <sequenceFlow id="f2" sourceRef="accept" targetRef="end"/>
//!     <endEvent id="end"/>
//!   </process>
//! </definitions>"#;
//!
//! let definitions = Definitions::parse(xml).unwrap();
//! let process = definitions.process("p").unwrap();
//! assert!(bpmn::check(process, &bpmn::Conditions).is_empty());
//!
//! let mut instance = Instance::new(process);
//! let effects = step(process, &mut instance, Command::Start { at: None, variables: Default::default() }).unwrap();
//! let task = effects.iter().find_map(|e| match e {
//!     Effect::TaskCreated { at } => Some(at.token),
//!     _ => None,
//! }).unwrap();
//!
//! step(process, &mut instance, Command::CompleteTask { token: task, variables: Default::default() }).unwrap();
//! assert!(instance.ended());
//! ```

mod check;
mod command;
mod condition;
mod difference;
mod document;
mod duration;
mod instance;
mod interpreter;
mod model;
mod problem;
mod read;
pub mod simulation;
mod timer;

pub use check::{approval_layers, check, check_all, check_for_platform};
pub use command::{Cause, Command, Effect, Refusal, Visit};
pub use condition::{Conditions, ExpressionError, Expressions, Variables};
pub use difference::{Change, Detail, Difference, diff};
pub use document::{Document, EditError, Name};
pub use duration::{Duration, DurationError};
pub use instance::{
    Awaiting, Compensable, CompensatedBy, Ending, Incident, IncidentKind, Instance, LoopState,
    Owner, ROOT_SCOPE, Scope, ScopeId, ScopeKind, Status, Subscription, SubscriptionId, Token,
    TokenId, TokenState,
};
pub use interpreter::{Interpreter, MAX_RUN_DEPTH, MAX_STEPS, MAX_TOKENS, step};
pub use model::{
    AdHoc, Behavior, Cardinality, Catch, Coded, Definitions, Element, ElementIx, EventDefinition,
    Extension, Flow, FlowIx, Kind, Lane, Looping, Named, Process, Processes, SubProcess, Task,
};
pub use problem::{Code, Problem, Severity};
pub use read::{BPMN_NAMESPACE, EXTENSION_NAMESPACE, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS};
pub use timer::{Timer, TimerDue, TimerError, TimerUnit};
