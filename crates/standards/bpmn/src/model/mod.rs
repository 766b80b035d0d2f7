//! A process as drawn: a graph of elements and flows, well-formed by construction (only the reader makes one).

mod element;
mod event;
mod looping;

use std::collections::{BTreeMap, HashMap};

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
#[derive(Debug, Clone, PartialEq)]
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

    /// The processes a run of the whole file means: those meant to run (all, when none is) that no other calls.
    pub fn main_processes(&self) -> Vec<&Process> {
        let called = |id: &str| {
            let calls = |e: &Element| matches!(&e.kind, Kind::CallActivity { called } if called == id);
            self.processes.iter().any(|p| p.id != id && p.elements().any(calls))
        };
        let real = || self.processes.iter().filter(|p| !p.global_task);
        let executable: Vec<_> = real().filter(|p| p.executable).collect();
        let meant = if executable.is_empty() { real().collect() } else { executable };
        let free: Vec<_> = meant.iter().copied().filter(|p| !called(&p.id)).collect();
        if free.is_empty() { meant } else { free }
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
#[derive(Debug, Clone, PartialEq)]
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
    pub(crate) index: Index,
}

/// What the graph is asked for again and again, found once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Index {
    /// Elements drawn directly in the process (`None`) and in each sub-process, in document order.
    children: HashMap<Option<ElementIx>, Vec<ElementIx>>,
    /// The catching end of each throwing link event.
    links: HashMap<ElementIx, ElementIx>,
}

impl Index {
    pub(crate) fn of(elements: &[Element]) -> Self {
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        let mut catching = HashMap::new();
        for (at, element) in elements.iter().enumerate() {
            let ix = ElementIx(at);
            children.entry(element.container).or_default().push(ix);
            for name in element.triggers().iter().filter_map(EventDefinition::link) {
                catching.entry((element.container, name)).or_insert(ix);
            }
        }
        let target = |element: &Element| match &element.kind {
            Kind::ThrowEvent(results) => {
                let name = results.iter().find_map(EventDefinition::link)?;
                catching.get(&(element.container, name)).copied()
            }
            _ => None,
        };
        let links = elements.iter().enumerate();
        let links = links.filter_map(|(at, element)| Some((ElementIx(at), target(element)?)));
        let links = links.collect();
        Self { children, links }
    }
}

/// A lane: who does what is drawn in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Id in the file.
    pub id: String,
    /// Name shown to people, usually of a post.
    pub name: String,
    /// Extension attributes; elements in the lane have them too unless they say otherwise.
    pub extension: Extension,
}

/// A sequence flow.
#[derive(Debug, Clone, PartialEq)]
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
    /// The language its author names for the condition, when that is not FEEL.
    pub language: Option<String>,
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
        let inside = self.index.children.get(&container);
        inside.into_iter().flatten().copied()
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
        self.index.links.get(&ix).copied()
    }

    /// The throwing link events of a catching one.
    pub(crate) fn link_sources(&self, ix: ElementIx) -> impl Iterator<Item = ElementIx> + '_ {
        let links = self.index.links.iter();
        links
            .filter(move |(_, target)| **target == ix)
            .map(|(source, _)| *source)
    }
}

impl std::ops::Index<ElementIx> for Process {
    type Output = Element;

    fn index(&self, ix: ElementIx) -> &Element {
        &self.elements[ix.0]
    }
}

impl std::ops::Index<FlowIx> for Process {
    type Output = Flow;

    fn index(&self, ix: FlowIx) -> &Flow {
        &self.flows[ix.0]
    }
}
