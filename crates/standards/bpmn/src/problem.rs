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
    /// A part of BPMN this version does not run.
    Unsupported,
    /// An element that needs an id has none.
    MissingId,
    /// Two elements share one id.
    DuplicateId,
    /// A flow, default or boundary event refers to an element that is not in the process.
    DanglingReference,
    /// A flow enters a start or boundary event, or leaves an end event.
    FlowForbidden,
    /// A timer states no time, or more than one.
    TimerMissing,
    /// A timer's time is not understood.
    TimerInvalid,
    /// The process has no start event.
    NoStart,
    /// The process has more than one start event.
    SeveralStarts,
    /// The process has no end event.
    NoEnd,
    /// No path from the start leads to the element.
    Unreachable,
    /// No path from the element leads to an end event.
    NoWayToEnd,
    /// A branch of an exclusive gateway is neither conditional nor the default.
    ConditionMissing,
    /// A default flow carries a condition, which would never be looked at.
    ConditionOnDefault,
    /// An expression does not parse.
    ConditionInvalid,
    /// Gateways form a cycle without any task: a token would turn for ever.
    EndlessLoop,
    /// A service task names no topic.
    TopicMissing,
    /// A user task names neither permission nor assignee, so nobody could do it.
    PerformerMissing,
}

/// One thing to put right before the process can be deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
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
            code,
            element: None,
            message: message.into(),
        }
    }

    pub(crate) fn at(code: Code, element: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            element: Some(element.to_owned()),
            message: message.into(),
        }
    }
}
