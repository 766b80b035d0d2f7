//! One node of the graph.

use super::{Catch, ElementIx, EventDefinition, Extension, FlowIx, Looping};

/// One node of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Id in the file, unique in it.
    pub id: String,
    /// Name shown to people; empty when not given.
    pub name: String,
    /// Local name of its XML element, e.g. `userTask`, `adHocSubProcess`.
    pub tag: &'static str,
    /// What it does.
    pub kind: Kind,
    /// The sub-process it is drawn in; `None` for the process itself.
    pub container: Option<ElementIx>,
    /// Flows that end here, in document order.
    pub incoming: Vec<FlowIx>,
    /// Flows that begin here, in document order: the order in which conditions are tried.
    pub outgoing: Vec<FlowIx>,
    /// The flow taken when no condition holds.
    pub default: Option<FlowIx>,
    /// Boundary events attached to this activity.
    pub boundary: Vec<ElementIx>,
    /// How often it is done; `None` is once.
    pub looping: Option<Looping>,
    /// Done only to undo another activity.
    pub for_compensation: bool,
    /// The activity that undoes it, on a compensation boundary event.
    pub handler: Option<ElementIx>,
    /// Tokens that must arrive before it starts.
    pub start_quantity: u32,
    /// Tokens it sends along each outgoing flow.
    pub completion_quantity: u32,
    pub(crate) lane: Option<usize>,
    /// Names of the data drawn in a sub-process: each of its runs keeps its own (BPMN 2.0.2, 10.4.1).
    pub data: Vec<String>,
    /// Extension attributes and properties, those of its lane included.
    pub extension: Extension,
    /// Free text of the author; empty when not given.
    pub documentation: String,
}

/// What an element does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Where a process or sub-process begins.
    StartEvent {
        /// What triggers it.
        event: Catch,
        /// In an event sub-process: whether it withdraws the work around it.
        interrupting: bool,
    },
    /// Waits for something.
    CatchEvent(Catch),
    /// Causes something and goes on.
    ThrowEvent(Vec<EventDefinition>),
    /// Causes something and ends its token.
    EndEvent(Vec<EventDefinition>),
    /// On the border of an activity.
    BoundaryEvent {
        /// The activity.
        attached_to: ElementIx,
        /// What triggers it.
        event: Catch,
        /// Whether it withdraws the activity.
        interrupting: bool,
    },
    /// One piece of work.
    Task(Task),
    /// One branch out of several.
    ExclusiveGateway,
    /// All branches; waits for all incoming flows.
    ParallelGateway,
    /// Every branch whose condition holds; waits for all that may still come.
    InclusiveGateway,
    /// Waits until a condition over the arrivals holds.
    ComplexGateway {
        /// The condition; the variable `activationCount` counts the tokens that wait.
        activation: Option<String>,
    },
    /// The branch whose event happens first.
    EventBasedGateway {
        /// Begins an instance.
        instantiate: bool,
        /// When it begins one: all events must happen, whichever comes first.
        parallel: bool,
    },
    /// Work drawn in detail.
    SubProcess(SubProcess),
    /// Another process, or a global task.
    CallActivity {
        /// Its id, without a namespace prefix.
        called: String,
    },
}

/// Kinds of [`Kind::Task`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// No kind given: passes at once.
    Abstract,
    /// Done by people outside the system: passes at once.
    Manual,
    /// Work for a person.
    User,
    /// Work for a handler found by its topic.
    Service,
    /// Sends a message.
    Send {
        /// Which; a handler found by its topic when not given.
        message: Option<EventDefinition>,
    },
    /// Waits for a message.
    Receive {
        /// Which.
        message: EventDefinition,
        /// Begins an instance.
        instantiate: bool,
    },
    /// Evaluates its text.
    Script {
        /// `scriptFormat`; empty when not given.
        format: String,
        /// The text.
        text: String,
    },
    /// Asks a decision.
    BusinessRule,
}

/// Kinds of [`Kind::SubProcess`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubProcess {
    /// Part of the flow.
    Embedded,
    /// Part of the flow that can be cancelled as a whole.
    Transaction,
    /// Begins by its start event while the work around it is open.
    Event,
    /// Activities in an order people choose.
    AdHoc(AdHoc),
}

/// How the activities of an ad-hoc sub-process are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdHoc {
    /// One at a time.
    pub sequential: bool,
    /// Holds when the sub-process is done; without one it is done when its activities are.
    pub completion: Option<String>,
    /// Whether what still runs is withdrawn then.
    pub cancel_remaining: bool,
}

impl Element {
    /// Name if there is one, otherwise the id: for sentences.
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            &self.id
        } else {
            &self.name
        }
    }

    /// A parallel gateway that waits for several flows.
    pub fn is_join(&self) -> bool {
        self.kind == Kind::ParallelGateway && self.incoming.len() > 1
    }

    /// Tasks, sub-processes and call activities.
    pub fn is_activity(&self) -> bool {
        matches!(
            self.kind,
            Kind::Task(_) | Kind::SubProcess(_) | Kind::CallActivity { .. }
        )
    }

    /// Work for a person.
    pub fn is_user_task(&self) -> bool {
        self.kind == Kind::Task(Task::User)
    }

    /// A gateway of any kind.
    pub fn is_gateway(&self) -> bool {
        matches!(
            self.kind,
            Kind::ExclusiveGateway
                | Kind::ParallelGateway
                | Kind::InclusiveGateway
                | Kind::ComplexGateway { .. }
                | Kind::EventBasedGateway { .. }
        )
    }

    /// Begins an instance of its process (or, in a sub-process, is where it begins).
    pub fn instantiates(&self) -> bool {
        match &self.kind {
            Kind::StartEvent { .. } => true,
            Kind::Task(Task::Receive { instantiate, .. })
            | Kind::EventBasedGateway { instantiate, .. } => {
                *instantiate && self.incoming.is_empty()
            }
            _ => false,
        }
    }

    /// The triggers of a catching event or receive task.
    pub fn triggers(&self) -> &[EventDefinition] {
        match &self.kind {
            Kind::StartEvent { event, .. }
            | Kind::CatchEvent(event)
            | Kind::BoundaryEvent { event, .. } => &event.triggers,
            Kind::Task(Task::Receive { message, .. }) => std::slice::from_ref(message),
            _ => &[],
        }
    }

    /// What a throwing or end event causes.
    pub fn results(&self) -> &[EventDefinition] {
        match &self.kind {
            Kind::ThrowEvent(results) | Kind::EndEvent(results) => results,
            Kind::Task(Task::Send {
                message: Some(message),
            }) => std::slice::from_ref(message),
            _ => &[],
        }
    }

    /// Whether all triggers must have happened.
    pub(crate) fn waits_for_all(&self) -> bool {
        match &self.kind {
            Kind::StartEvent { event, .. }
            | Kind::CatchEvent(event)
            | Kind::BoundaryEvent { event, .. } => event.parallel && event.triggers.len() > 1,
            _ => false,
        }
    }

    pub(crate) fn catches_link(&self) -> bool {
        matches!(&self.kind, Kind::CatchEvent(event) if event.triggers.iter().any(|t| t.link().is_some()))
    }

    /// A boundary event that marks its activity as one that can be undone.
    pub(crate) fn is_compensation_boundary(&self) -> bool {
        matches!(&self.kind, Kind::BoundaryEvent { event, .. }
            if event.triggers.iter().any(|t| matches!(t, EventDefinition::Compensation { .. })))
    }

    /// A non-blank extension value.
    pub fn extension(&self, name: &str) -> Option<&str> {
        self.extension
            .get(name)
            .map(|v| v.trim())
            .filter(|v| !v.is_empty())
    }
}
