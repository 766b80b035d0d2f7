//! A process as drawn: a graph of elements and flows, well-formed by construction (only the reader makes one).

use std::{
    collections::{BTreeMap, HashMap},
    ops::Index,
};

use crate::timer::Timer;

/// Names and values of the extension namespace on one element, e.g. `permission` → `cases.examine`.
pub type Extension = BTreeMap<String, String>;

/// Position of an element in its [`Process`]. Meaningless in another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementIx(pub(crate) usize);

/// Position of a flow in its [`Process`]. Meaningless in another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowIx(pub(crate) usize);

/// One BPMN file.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// Its processes in document order; at least one.
    pub processes: Vec<Process>,
}

impl Definitions {
    /// The process with this id.
    pub fn process(&self, id: &str) -> Option<&Process> {
        self.processes.iter().find(|p| p.id == id)
    }
}

/// One process.
#[derive(Debug, Clone)]
pub struct Process {
    /// Id in the file.
    pub id: String,
    /// Name shown to people; empty when not given.
    pub name: String,
    /// Free text of the author; empty when not given.
    pub documentation: String,
    /// Extension attributes of the process itself.
    pub extension: Extension,
    pub(crate) elements: Vec<Element>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) by_id: HashMap<String, ElementIx>,
}

/// One node of the graph.
#[derive(Debug, Clone)]
pub struct Element {
    /// Id in the file, unique in it.
    pub id: String,
    /// Name shown to people; empty when not given.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// Flows that end here, in document order.
    pub incoming: Vec<FlowIx>,
    /// Flows that begin here, in document order: the order in which conditions are tried.
    pub outgoing: Vec<FlowIx>,
    /// The flow taken when no condition holds.
    pub default: Option<FlowIx>,
    /// Boundary events attached to this activity.
    pub boundary: Vec<ElementIx>,
    /// Extension attributes and properties.
    pub extension: Extension,
    /// Free text of the author; empty when not given.
    pub documentation: String,
}

/// What an element does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Start event without a trigger.
    StartEvent,
    /// End event; `terminate` withdraws all other tokens of the process.
    EndEvent {
        /// Whether it carries a terminate event definition.
        terminate: bool,
    },
    /// Work for a person.
    UserTask,
    /// Work for a handler found by its topic.
    ServiceTask,
    /// One branch out of several.
    ExclusiveGateway,
    /// All branches; waits for all incoming flows.
    ParallelGateway,
    /// Interrupting timer on the border of an activity.
    BoundaryTimer {
        /// The activity.
        attached_to: ElementIx,
        /// When it fires.
        timer: Timer,
    },
}

/// A sequence flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Id in the file, unique in it.
    pub id: String,
    /// Name shown to people, e.g. on the button that chooses it; empty when not given.
    pub name: String,
    /// Where it begins.
    pub source: ElementIx,
    /// Where it ends.
    pub target: ElementIx,
    /// Condition text, without a leading `=`.
    pub condition: Option<String>,
    /// Extension attributes and properties.
    pub extension: Extension,
}

impl Process {
    /// All elements in document order.
    pub fn elements(&self) -> impl ExactSizeIterator<Item = &Element> {
        self.elements.iter()
    }

    /// All flows in document order.
    pub fn flows(&self) -> impl ExactSizeIterator<Item = &Flow> {
        self.flows.iter()
    }

    /// Position of the element with this id.
    pub fn find(&self, id: &str) -> Option<ElementIx> {
        self.by_id.get(id).copied()
    }

    /// The element with this id.
    pub fn element(&self, id: &str) -> Option<&Element> {
        self.find(id).map(|ix| &self[ix])
    }

    /// Positions of all elements.
    pub(crate) fn indices(&self) -> impl Iterator<Item = ElementIx> + use<> {
        (0..self.elements.len()).map(ElementIx)
    }

    /// Elements a token may be at next: ends of outgoing flows, and boundary events, which fire out of their activity.
    pub(crate) fn successors(&self, ix: ElementIx) -> impl Iterator<Item = ElementIx> + '_ {
        let element = &self[ix];
        element
            .outgoing
            .iter()
            .map(|f| self[*f].target)
            .chain(element.boundary.iter().copied())
    }
}

impl Index<ElementIx> for Process {
    type Output = Element;

    fn index(&self, ix: ElementIx) -> &Element {
        &self.elements[ix.0]
    }
}

impl Index<FlowIx> for Process {
    type Output = Flow;

    fn index(&self, ix: FlowIx) -> &Flow {
        &self.flows[ix.0]
    }
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

    /// An activity: a token rests here until the host reports.
    pub fn is_activity(&self) -> bool {
        matches!(self.kind, Kind::UserTask | Kind::ServiceTask)
    }

    /// A non-blank extension value.
    pub fn extension(&self, name: &str) -> Option<&str> {
        self.extension
            .get(name)
            .map(|v| v.trim())
            .filter(|v| !v.is_empty())
    }
}
