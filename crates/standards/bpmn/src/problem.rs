//! Why a process file cannot be deployed.

use serde::Serialize;

/// Machine code of a [`Problem`]; stable, written in `snake_case` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// The file is larger than [`MAX_BYTES`](crate::MAX_BYTES).
    TooLarge,
    /// The file holds more than [`MAX_ELEMENTS`](crate::MAX_ELEMENTS) elements and flows.
    TooManyElements,
    /// The file carries a DTD; entities are an attack, never a need.
    DtdForbidden,
    /// The file is not well-formed XML.
    NotXml,
    /// The XML is not a BPMN 2.0 `definitions` document with a process.
    NotBpmn,
    /// A flow element BPMN does not know.
    Unsupported,
    /// An element that needs an id has none.
    MissingId,
    /// Two elements share one id.
    DuplicateId,
    /// A flow, default or boundary event refers to an element that is not in the process.
    DanglingReference,
    /// A flow enters a start or boundary event, or leaves an end event.
    FlowForbidden,
    /// An event states nothing it waits for.
    EventMissing,
    /// An event carries a definition that has no meaning there.
    EventForbidden,
    /// A multi-instance activity states neither how many nor for which list.
    CardinalityMissing,
    /// A timer states no time, or more than one.
    TimerMissing,
    /// A timer's time is not understood.
    TimerInvalid,
    /// Nothing in the process or sub-process can begin.
    NoStart,
    /// The process has more than one start event without a trigger.
    SeveralStarts,
    /// No path from the start leads to the element.
    Unreachable,
    /// No path from the element leads to an end.
    NoWayToEnd,
    /// A link leads nowhere, or to several places.
    LinkInvalid,
    /// An event-based gateway leads to something that is no waiting event.
    EventGatewayInvalid,
    /// A compensation boundary event has no activity that undoes, or what should be undone is not in reach.
    CompensationInvalid,
    /// A call activity names no process.
    CallMissing,
    /// The called process is not in the file.
    CallUnknown,
    /// A process calls itself, at once or through others, with no way around the call.
    EndlessCall,
    /// A branch of an exclusive gateway is neither conditional nor the default.
    ConditionMissing,
    /// A default flow carries a condition, which would never be looked at.
    ConditionOnDefault,
    /// An expression does not parse.
    ConditionInvalid,
    /// Elements form a cycle in which nothing waits: a token would turn for ever.
    EndlessLoop,
    /// A service task names no topic.
    TopicMissing,
    /// A user task names neither permission nor assignee, so nobody could do it.
    PerformerMissing,
    /// A business rule task names no decision.
    DecisionMissing,
    /// More approval layers than allowed (see [`approval_layers`](crate::approval_layers)).
    TooManyLayers,
}

/// Whether a problem keeps a process from running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot run.
    Error,
    /// It can run, but hardly as meant, or only where the missing part is brought from outside.
    Warning,
}

/// One thing to put right before the process can be deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether it keeps the process from running.
    pub severity: Severity,
    /// Machine code.
    pub code: Code,
    /// Id of the element or flow to look at; `None` when the file as a whole is meant.
    pub element: Option<String>,
    /// A Chinese sentence for the person drawing the process.
    pub message: String,
}

impl Problem {
    pub(crate) fn file(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            element: None,
            message: message.into(),
        }
    }

    /// A problem of one element or flow.
    pub fn at(code: Code, element: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            element: Some(element.to_owned()),
            message: message.into(),
        }
    }

    pub(crate) fn warning(code: Code, element: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::at(code, element, message)
        }
    }

    /// The same, as something to know only.
    #[must_use]
    pub fn into_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// Whether it keeps the process from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
