//! What events wait for or cause.

use crate::timer::Timer;

/// Something the file defines once and events refer to: a message or a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Id in the file; empty when the event names nothing the file defines.
    pub id: String,
    /// Its name, by which other processes and the world outside know it.
    pub name: String,
}

impl Named {
    /// Whether people or other files mean this one by `name`.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || (!self.id.is_empty() && self.id == name)
    }
}

/// An error or escalation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// Id in the file.
    pub id: String,
    /// `errorCode` or `escalationCode`; the name or id when the author gave none.
    pub code: String,
    /// Name shown to people.
    pub name: String,
}

impl Coded {
    /// Whether `code` means this one.
    pub fn is(&self, code: &str) -> bool {
        self.code == code || self.id == code || (!self.name.is_empty() && self.name == code)
    }
}

/// What an event is about. Which of these may be caught or thrown where, the reader knows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventDefinition {
    /// A message from or to one receiver.
    Message {
        /// Which.
        message: Named,
        /// Expression for the value that tells apart instances waiting for the same message.
        correlation: Option<String>,
    },
    /// A moment or a span of time.
    Timer(Timer),
    /// A call to everybody who listens.
    Signal(Named),
    /// A failure the process knows; `None` catches all.
    Error(Option<Coded>),
    /// Something a higher level should know of; `None` catches all.
    Escalation(Option<Coded>),
    /// An expression becomes true.
    Conditional(String),
    /// Another place of the same drawing.
    Link(String),
    /// Undoing what was done.
    Compensation {
        /// Only this activity.
        activity: Option<String>,
        /// Whether the thrower goes on only when all is undone.
        wait: bool,
    },
    /// Giving up a transaction.
    Cancel,
    /// Ending everything at once.
    Terminate,
}

impl EventDefinition {
    /// The name of a link.
    pub(crate) fn link(&self) -> Option<&str> {
        match self {
            Self::Link(name) => Some(name),
            _ => None,
        }
    }

    /// Whether a token waits for it with a subscription. The others are found when they happen.
    pub(crate) fn subscribes(&self) -> bool {
        matches!(
            self,
            Self::Message { .. } | Self::Timer(_) | Self::Signal(_) | Self::Conditional(_)
        )
    }
}

/// The triggers of a catching event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catch {
    /// Its triggers; none at a none start event.
    pub triggers: Vec<EventDefinition>,
    /// Whether all of them must have happened (`parallelMultiple`), not just one.
    pub parallel: bool,
}
