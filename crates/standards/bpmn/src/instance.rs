//! The state of one running process: plain data, to be stored by the host as it is.

use serde::{Deserialize, Serialize};

use crate::{condition::Variables, model::Process};

/// Names one visit of one element; given in rising order from 1 and never reused within an instance.
pub type TokenId = u64;

/// Names the (sub-)process run a token belongs to. Joins count only tokens of their own scope.
pub type ScopeId = u64;

/// The scope of the process itself, the only one until sub-processes exist.
pub const ROOT_SCOPE: ScopeId = 0;

/// One run of a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Id of the [`Process`] it was made for.
    pub process: String,
    /// Where its life stands.
    pub status: Status,
    /// What forms and handlers have produced so far.
    pub variables: Variables,
    /// Open tokens by rising id; empty before the start and after the end.
    pub tokens: Vec<Token>,
    /// The id the next token will get.
    pub next_token: TokenId,
}

/// Where the life of an instance stands. Incidents do not change it: they belong to tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not started.
    Created,
    /// Has open tokens.
    Running,
    /// Over; accepts no command.
    Ended(Ending),
}

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every token reached an end.
    Completed,
    /// A terminate end event withdrew the rest.
    TerminateEvent {
        /// Id of the event.
        element: String,
    },
    /// The host ended it, e.g. because the applicant withdrew.
    Cancelled {
        /// The host's reason.
        reason: String,
    },
}

/// A place where the process waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// This visit.
    pub id: TokenId,
    /// The run it belongs to.
    pub scope: ScopeId,
    /// Id of the element it is at.
    pub element: String,
    /// What it waits for.
    pub state: TokenState,
    /// Ids of the boundary timers set for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<String>,
    /// Why it cannot go on by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
}

/// What a token waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenState {
    /// On its way in. Between commands only with an incident.
    Entering,
    /// A person completes the task.
    Task,
    /// The handler of a topic reports.
    Service,
    /// At a parallel join, for the other flows.
    Arrived {
        /// Id of the flow it came by.
        flow: String,
    },
    /// On its way out. Between commands only with an incident.
    Leaving,
}

/// Why a token cannot go on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Machine code.
    pub kind: IncidentKind,
    /// A Chinese sentence for the operator.
    pub reason: String,
}

/// Machine code of an [`Incident`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IncidentKind {
    /// No condition held and there is no default flow.
    NoBranch,
    /// A condition could not be evaluated.
    BadCondition,
    /// A computed timer gave no time.
    BadTimer,
    /// The handler of a service task gave up.
    ServiceFailed,
    /// Only joins are left waiting, so nothing will ever arrive.
    Deadlock,
}

impl Instance {
    /// A run of `process` that has not started.
    pub fn new(process: &Process) -> Self {
        Self {
            process: process.id.clone(),
            status: Status::Created,
            variables: Variables::new(),
            tokens: Vec::new(),
            next_token: 1,
        }
    }

    /// The open token with this id.
    pub fn token(&self, id: TokenId) -> Option<&Token> {
        self.tokens.iter().find(|t| t.id == id)
    }

    /// Whether it is over.
    pub fn ended(&self) -> bool {
        matches!(self.status, Status::Ended(_))
    }

    /// Tokens that need an operator.
    pub fn incidents(&self) -> impl Iterator<Item = (&Token, &Incident)> {
        self.tokens
            .iter()
            .filter_map(|t| t.incident.as_ref().map(|i| (t, i)))
    }
}
