//! A process as drawn: a graph of elements and flows, well-formed by construction (only the reader makes one).

mod element;
mod event;
mod looping;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Index,
};

pub use element::{AdHoc, Element, Kind, SubProcess, Task};
pub use event::{Catch, Coded, EventDefinition, Named};
pub use looping::{Behavior, Cardinality, Looping};

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
    /// Its processes in document order, then its global tasks, each as a process of one element; at least one.
    pub processes: Vec<Process>,
    /// What was read but has no effect here, for the author to know.
    pub remarks: Vec<crate::Problem>,
}

impl Definitions {
    /// The process with this id.
    pub fn process(&self, id: &str) -> Option<&Process> {
        self.processes.iter().find(|p| p.id == id)
    }
}

/// Where the interpreter finds the processes that call activities name.
pub trait Processes {
    /// The process with this id.
    fn process(&self, id: &str) -> Option<&Process>;
}

impl Processes for Definitions {
    fn process(&self, id: &str) -> Option<&Process> {
        Definitions::process(self, id)
    }
}

/// A process by itself: it calls nothing but itself.
impl Processes for Process {
    fn process(&self, id: &str) -> Option<&Process> {
        (self.id == id).then_some(self)
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
    /// `false` when the author says that the drawing is not meant to run.
    pub executable: bool,
    /// A callable task standing alone (`globalUserTask` …): its only element is that task.
    pub global_task: bool,
    /// Extension attributes of the process itself.
    pub extension: Extension,
    /// Lanes in document order, inner after outer.
    pub lanes: Vec<Lane>,
    pub(crate) elements: Vec<Element>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) by_id: HashMap<String, ElementIx>,
}

/// A lane: who does what is drawn in it.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Id in the file.
    pub id: String,
    /// Name shown to people, usually of a post.
    pub name: String,
    /// Extension attributes; elements in the lane have them too unless they say otherwise.
    pub extension: Extension,
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
    /// All elements in document order, those of sub-processes after the sub-process.
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

    /// The lane an element is drawn in, the innermost one.
    pub fn lane(&self, element: &Element) -> Option<&Lane> {
        element.lane.and_then(|ix| self.lanes.get(ix))
    }

    /// Events that begin an instance: start events of the process, and receive tasks and event-based gateways drawn to do so.
    pub fn starts(&self) -> impl Iterator<Item = &Element> {
        self.children(None)
            .map(|ix| &self[ix])
            .filter(|e| e.instantiates())
    }

    /// Positions of all elements.
    pub(crate) fn indices(&self) -> impl Iterator<Item = ElementIx> + use<> {
        (0..self.elements.len()).map(ElementIx)
    }

    /// Elements drawn directly in a sub-process, or (`None`) in the process itself.
    pub(crate) fn children(
        &self,
        container: Option<ElementIx>,
    ) -> impl Iterator<Item = ElementIx> + '_ {
        self.indices()
            .filter(move |ix| self[*ix].container == container)
    }

    /// Event sub-processes of a container, each with its start event.
    pub(crate) fn event_sub_processes(
        &self,
        container: Option<ElementIx>,
    ) -> impl Iterator<Item = (ElementIx, ElementIx)> + '_ {
        self.children(container)
            .filter(|ix| self[*ix].kind == Kind::SubProcess(SubProcess::Event))
            .filter_map(|ix| {
                let start = self
                    .children(Some(ix))
                    .find(|c| matches!(self[*c].kind, Kind::StartEvent { .. }))?;
                Some((ix, start))
            })
    }

    /// Elements where a container begins when nothing triggered it: its none start event, or without any start event
    /// everything nothing leads to (BPMN 2.0.2, 10.5.2 and 13.3.4).
    pub(crate) fn entries(&self, container: Option<ElementIx>) -> Vec<ElementIx> {
        let is_start = |ix: &ElementIx| matches!(self[*ix].kind, Kind::StartEvent { .. });
        let none = self.children(container).find(
            |ix| matches!(&self[*ix].kind, Kind::StartEvent { event, .. } if event.triggers.is_empty()),
        );
        if let Some(start) = none {
            return vec![start];
        }
        if self.children(container).any(|ix| is_start(&ix)) {
            return Vec::new();
        }
        self.sources(container).collect()
    }

    /// Elements no flow leads to and that need no trigger of their own.
    pub(crate) fn sources(
        &self,
        container: Option<ElementIx>,
    ) -> impl Iterator<Item = ElementIx> + '_ {
        self.children(container).filter(|ix| {
            let element = &self[*ix];
            element.incoming.is_empty()
                && !element.for_compensation
                && !element.instantiates()
                && !matches!(
                    element.kind,
                    Kind::BoundaryEvent { .. }
                        | Kind::StartEvent { .. }
                        | Kind::SubProcess(SubProcess::Event)
                )
                && !element.catches_link()
        })
    }

    /// Elements a token may be at next: ends of outgoing flows, boundary events, which fire out of their activity, and the
    /// other end of a link.
    pub(crate) fn successors(&self, ix: ElementIx) -> impl Iterator<Item = ElementIx> + '_ {
        let element = &self[ix];
        element
            .outgoing
            .iter()
            .map(|f| self[*f].target)
            .chain(element.boundary.iter().copied())
            .chain(self.link_target(ix))
    }

    /// The catching link event of a throwing one.
    pub(crate) fn link_target(&self, ix: ElementIx) -> Option<ElementIx> {
        let element = &self[ix];
        let Kind::ThrowEvent(results) = &element.kind else {
            return None;
        };
        let name = results.iter().find_map(EventDefinition::link)?;
        self.children(element.container).find(|other| {
            matches!(&self[*other].kind, Kind::CatchEvent(event)
                if event.triggers.iter().filter_map(EventDefinition::link).any(|n| n == name))
        })
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
