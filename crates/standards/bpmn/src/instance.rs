//! The state of one running process: plain data, to be stored by the host as it is.

use std::{borrow::Cow, sync::LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{condition::Variables, duration::Duration, model::Process};

/// Names one visit of one element; given in rising order from 1 and never reused within an instance.
pub type TokenId = u64;

/// Names the (sub-)process run a token belongs to; from the same series as token ids.
pub type ScopeId = u64;

/// Names one event waited for; from the same series as token ids.
pub type SubscriptionId = u64;

/// The scope of the process itself.
pub const ROOT_SCOPE: ScopeId = 0;

/// One run of a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Id of the [`Process`] it was made for.
    pub process: String,
    /// Where its life stands.
    pub status: Status,
    /// The process itself first, then what runs inside it by rising id.
    pub scopes: Vec<Scope>,
    /// Open tokens by rising id; empty before the start and after the end.
    pub tokens: Vec<Token>,
    /// Events waited for, by rising id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscription>,
    /// The id the next token, scope or subscription will get.
    pub next_id: u64,
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
    /// An error nobody caught.
    Error {
        /// Its code.
        code: String,
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
    /// The handler of a topic, or a decision, reports.
    Service,
    /// One of its subscriptions is triggered: at a catching event, receive task or event-based gateway.
    Event,
    /// At a join, for the other flows; or before an activity that needs several tokens.
    Arrived {
        /// Id of the flow it came by; empty when it was put there.
        flow: String,
    },
    /// What it opened is done: a sub-process, called process, loop or compensation.
    Inside {
        /// The run it waits for.
        scope: ScopeId,
    },
    /// On its way out. Between commands only with an incident.
    Leaving,
}

/// A run of a process or of a part of it. Joins count only tokens of their own scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// This run.
    pub id: ScopeId,
    /// The run around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ScopeId>,
    /// The token that waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<TokenId>,
    /// Id of the process whose elements its tokens are at.
    pub process: String,
    /// What it is a run of.
    pub kind: ScopeKind,
    /// Variables of this run alone.
    #[serde(default, skip_serializing_if = "Variables::is_empty")]
    pub variables: Variables,
    /// Activities done in it that can be undone, in the order of their completion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completed: Vec<Compensable>,
    /// Flows that complex gateways which have fired still wait for, by gateway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resetting: Vec<(String, Vec<String>)>,
}

/// What a [`Scope`] is a run of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScopeKind {
    /// A process: the instance's own, or a called one.
    Process,
    /// The content of a sub-process.
    SubProcess {
        /// Its id.
        element: String,
        /// In a sequential ad-hoc sub-process: activities not begun yet.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pending: Vec<String>,
        /// In an ad-hoc sub-process: its condition holds, nothing new begins.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        closing: bool,
    },
    /// All rounds of an activity that is done more than once.
    Loop(LoopState),
    /// One round of such an activity.
    Iteration {
        /// From 1.
        number: u32,
    },
    /// Undoing.
    Compensation {
        /// What is still to be undone, the next one last.
        queue: Vec<Compensable>,
        /// What is being undone.
        current: Option<String>,
        /// The transaction given up when all is undone.
        transaction: Option<ScopeId>,
    },
}

/// How far a looping activity has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct LoopState {
    /// Rounds planned; none for a loop that only knows a condition.
    pub planned: Option<u32>,
    /// What the rounds are for, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Value>,
    /// What the rounds brought, by their number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Value>,
    /// Rounds begun.
    pub begun: u32,
    /// Rounds completed.
    pub completed: u32,
    /// Rounds taken away again by hand (减签): they no longer count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Something that was done and can be undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compensable {
    /// Id of the activity.
    pub element: String,
    /// Id of its process.
    pub process: String,
    /// How it is undone.
    pub by: CompensatedBy,
}

/// How a [`Compensable`] is undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompensatedBy {
    /// By this activity.
    Handler(String),
    /// By the compensation event sub-process inside it, which sees the variables as they were when it was done.
    EventSubProcess {
        /// Id of the event sub-process.
        element: String,
        /// What it saw.
        variables: Variables,
        /// What was done in it.
        completed: Vec<Compensable>,
    },
    /// By undoing what was done in it.
    Parts(Vec<Compensable>),
}

/// An event waited for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// This wait.
    pub id: SubscriptionId,
    /// Who waits.
    pub owner: Owner,
    /// Id of the event or receive task.
    pub element: String,
    /// Position among its triggers.
    pub trigger: usize,
    /// What for.
    pub awaiting: Awaiting,
    /// For an event that needs all its triggers: this one has happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub happened: bool,
}

/// Who waits for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The token at the event, or at the activity whose border it is on.
    Token(TokenId),
    /// The run whose event sub-process it begins.
    Scope(ScopeId),
}

/// What a [`Subscription`] waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Awaiting {
    /// A message.
    Message {
        /// Its name.
        name: String,
        /// The value that tells it from others of the same name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<String>,
    },
    /// A signal.
    Signal {
        /// Its name.
        name: String,
    },
    /// A time the host watches.
    Timer {
        /// How often it comes again after this time; `None` for ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<u32>,
        /// The time between.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interval: Option<Duration>,
    },
    /// An expression that becomes true.
    Condition {
        /// Whether it held when last looked at.
        held: bool,
    },
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
    /// A script, collection or number could not be evaluated.
    BadExpression,
    /// The handler of a service task gave up.
    ServiceFailed,
    /// The called process is not there, or calls itself too deeply.
    BadCall,
    /// Only joins are left waiting, so nothing will ever arrive.
    Deadlock,
}

impl Instance {
    /// A run of `process` that has not started.
    pub fn new(process: &Process) -> Self {
        let root = Scope {
            id: ROOT_SCOPE,
            parent: None,
            owner: None,
            process: process.id.clone(),
            kind: ScopeKind::Process,
            variables: Variables::new(),
            completed: Vec::new(),
            resetting: Vec::new(),
        };
        Self {
            process: process.id.clone(),
            status: Status::Created,
            scopes: vec![root],
            tokens: Vec::new(),
            subscriptions: Vec::new(),
            next_id: 1,
        }
    }

    /// What forms and handlers have produced so far: the variables of the process itself.
    pub fn variables(&self) -> &Variables {
        static NONE: LazyLock<Variables> = LazyLock::new(Variables::new);
        self.scopes.first().map_or(&*NONE, |root| &root.variables)
    }

    /// The open token with this id.
    pub fn token(&self, id: TokenId) -> Option<&Token> {
        self.tokens
            .binary_search_by_key(&id, |t| t.id)
            .ok()
            .and_then(|at| self.tokens.get(at))
    }

    /// The scope with this id.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes
            .binary_search_by_key(&id, |s| s.id)
            .ok()
            .and_then(|at| self.scopes.get(at))
    }

    /// The subscription with this id.
    pub fn subscription(&self, id: SubscriptionId) -> Option<&Subscription> {
        self.subscriptions
            .binary_search_by_key(&id, |s| s.id)
            .ok()
            .and_then(|at| self.subscriptions.get(at))
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

    /// All variables an expression in this scope sees: its own over those around it.
    pub fn visible(&self, scope: ScopeId) -> Cow<'_, Variables> {
        let mut chain = Vec::new();
        let mut at = self.scope(scope);
        while let Some(scope) = at {
            chain.push(&scope.variables);
            at = scope.parent.and_then(|p| self.scope(p));
        }
        match chain.as_slice() {
            [only] => Cow::Borrowed(only),
            _ => {
                let mut all = Variables::new();
                for variables in chain.into_iter().rev() {
                    all.extend(variables.iter().map(|(n, v)| (n.clone(), v.clone())));
                }
                Cow::Owned(all)
            }
        }
    }

    /// The round a token's activity is in, from 1, when it is done more than once.
    pub fn round(&self, token: &Token) -> Option<u32> {
        match self.scope(token.scope)?.kind {
            ScopeKind::Iteration { number } => Some(number),
            _ => None,
        }
    }

    /// Waits for this message. With a correlation only those that named the same value, or none.
    pub fn awaiting_message<'a>(
        &'a self,
        name: &'a str,
        correlation: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Subscription> {
        self.subscriptions
            .iter()
            .filter(move |s| match &s.awaiting {
                Awaiting::Message {
                    name: n,
                    correlation: wanted,
                } => {
                    n == name
                        && !s.happened
                        && match (wanted.as_deref(), correlation) {
                            (Some(wanted), Some(given)) => wanted == given,
                            _ => true,
                        }
                }
                _ => false,
            })
    }
}
