//! BPMN 2.0 processes for long-running human work: reader, deployment checks, a pure interpreter, and files that are edited
//! without loss.
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
//! (a task was completed, a timer is due, a message came); an [`Effect`] is what the host has to write or do in the same
//! transaction. There is no clock, no I/O, no thread and no randomness inside: two hosts that replay the same commands hold
//! equal states. Time enters only as [`Command::Trigger`]; the host computes when, from [`TimerDue`].
//!
//! # What is understood
//!
//! Everything BPMN 2.0.2 says about executing processes (clauses 10 and 13):
//!
//! - start, intermediate, boundary (interrupting or not) and end events: none, message, timer, signal, error, escalation,
//!   conditional, link, compensation, cancel, terminate, multiple and parallel multiple;
//! - tasks: abstract, manual, user, service, send, receive, script (FEEL; others are passed over and said so), business rule;
//! - gateways: exclusive, parallel, inclusive, complex with reset, event-based, also those that begin instances;
//! - sub-processes: embedded, transaction, event (interrupting or not) and ad-hoc; call activities and global tasks;
//! - standard loops, multi-instance activities with completion condition and thrown events, quantities of tokens;
//! - compensation in reverse order, with the data as it was; lanes, data objects and properties as variables;
//! - messages between instances, told apart by `correlationSubscription` or by an expression on the message (see below).
//!
//! Not executed: choreographies and conversations. A flow element BPMN does not know is *refused by name*, never skipped in
//! silence. Conditions in the notation of Java (`${a == 'x' && !b}`) and what other modellers say in attributes of their own
//! about loops, calls, scripts and subscriptions are understood where they mean the same.
//!
//! # Extensions
//!
//! What BPMN leaves to the tool is said in attributes of the namespace [`EXTENSION_NAMESPACE`], or within
//! `extensionElements` as `<tongban:name>value</tongban:name>` or `<tongban:property name="…" value="…"/>`. All of them reach
//! the host as [`Element::extension`]; elements take over those of their lane. These have a meaning here:
//!
//! | Name | On | Meaning |
//! |---|---|---|
//! | `permission`, `assignee` | user task, lane | who does it; `potentialOwner`, `humanPerformer` and `performer` count as `assignee` |
//! | `layer` | user task | an approval layer, counted by [`approval_layers`] |
//! | `topic` | service, send, business rule task | which handler of the host answers |
//! | `decision` | business rule task | which decision answers |
//! | `resultVariable` | script, service, business rule task | the variable for a single result |
//! | `workdays` | timer event or its definition | working days instead of a time |
//! | `correlationKey` | message, message event, send and receive task | expression that tells instances apart |
//! | `collection`, `item` | multi-instance | the list, and the variable for its entry |
//! | `outputCollection`, `outputItem` | multi-instance | the list of results, and what is the result of one |
//! | `cardinality`, `completion` | multi-instance | as `loopCardinality` and `completionCondition` |
//!
//! # Choices
//!
//! - *Read, then check.* [`Definitions::parse`] yields only well-formed graphs (unique ids, no dangling flow, timers
//!   understood); [`check_all`] judges whether such a graph makes sense, and [`check_for_platform`] whether somebody does the
//!   work. The interpreter therefore needs no validation code, and still never panics on an unchecked process: it refuses or
//!   raises an [`Incident`].
//! - *A token id names one visit of one element and is never reused.* A second click on "complete" meets
//!   [`Refusal::TokenGone`] and cannot complete the next task by accident.
//! - *Scopes.* Everything that runs inside something else (sub-process, called process, loop, round, compensation) is a
//!   [`Scope`] with variables of its own; tokens count only within their scope. That one idea carries all nesting.
//! - *Waiting is a [`Subscription`]*, whoever waits: a catching event, a border, an event gateway, an event sub-process.
//! - *Incidents belong to a token*, not to the instance: one failed branch does not stop its siblings, and the variables
//!   of the command that led there are kept. [`Command::Retry`] and [`Command::MoveToken`] resolve them.
//! - *Everything is bounded*: [`MAX_BYTES`], [`MAX_ELEMENTS`], [`MAX_DEPTH`], [`MAX_STEPS`], [`MAX_TOKENS`],
//!   [`MAX_RUN_DEPTH`]. What goes beyond is refused and changes nothing.
//! - *Expressions are a seam* ([`Expressions`]). The built-in [`Conditions`] are a small subset of FEEL without
//!   arithmetic or functions; a complete FEEL engine is one `impl` away.
//! - *Files keep their text.* A [`Document`] edits characters, not a tree, so nothing a designer wrote is lost; [`diff`]
//!   compares two versions.
//! - *Several processes together* run in memory in a [`simulation`], for trying out and for conformance runs.
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
