//! BPMN 2.0 XML → [`Definitions`]. Either well-formed graphs come out, or everything that is wrong with the file.

mod activities;
mod correlations;
mod elements;
mod events;
mod flows;
mod foreign;
mod lanes;
mod limits;
mod root;
mod xml;

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node, ParsingOptions};

use crate::{
    model::{Definitions, ElementIx, Index, Kind, Process},
    problem::{Code, Problem},
};
use root::Root;
pub(crate) use xml::bpmn_name;
use xml::{bpmn_children, documentation, extension, flag};

/// The namespace of BPMN 2.0 models (OMG formal/2011-01-03).
pub const BPMN_NAMESPACE: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of this library's own attributes, usually with the prefix `tongban`.
pub const EXTENSION_NAMESPACE: &str = "https://tongban.cn/bpmn";

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// Most elements and flows of one file.
pub const MAX_ELEMENTS: usize = 20_000;

/// Deepest sub-processes.
pub const MAX_DEPTH: usize = 32;

/// Most XML nodes of one file: every element has a shape, a label and some text in the diagram part.
const MAX_NODES: u32 = 1_000_000;

/// Children of a process or sub-process that are no nodes or flows: artifacts, data, lanes and what is read elsewhere.
const BESIDE_THE_FLOW: [&str; 27] = [
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "laneSet",
    "association",
    "textAnnotation",
    "group",
    "property",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataStore",
    "ioSpecification",
    "ioBinding",
    "dataInputAssociation",
    "dataOutputAssociation",
    "auditing",
    "monitoring",
    "supportedInterfaceRef",
    "performer",
    "potentialOwner",
    "humanPerformer",
    "resourceRole",
    "correlationSubscription",
    "supports",
    "completionCondition",
];

/// Parts of an activity that say how often it is done.
const LOOPS: [&str; 2] = [
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
];

impl Definitions {
    /// Reads a file. DTDs are refused, sizes are bounded, flow elements BPMN does not know are reported by name.
    ///
    /// # Errors
    /// Everything that keeps the file from being a well-formed graph.
    pub fn parse(xml: &str) -> Result<Self, Vec<Problem>> {
        let document = xml_document(xml).map_err(|problem| vec![problem])?;
        let root = document.root_element();
        let mut reader = Reader {
            root: Root::read(root),
            problems: Vec::new(),
            remarks: Vec::new(),
            ids: HashSet::new(),
            count: 0,
            drawing: false,
        };
        let mut processes = Vec::new();
        for (name, node) in bpmn_children(root) {
            reader.drawing = false;
            match name {
                "process" => processes.push(reader.process(node)),
                "globalTask"
                | "globalUserTask"
                | "globalManualTask"
                | "globalScriptTask"
                | "globalBusinessRuleTask" => processes.extend(reader.global_task(name, node)),
                _ => {}
            }
        }
        if processes.is_empty() && reader.problems.is_empty() {
            reader
                .problems
                .push(Problem::file(Code::NotBpmn, "文件中没有流程"));
        }
        if reader.problems.is_empty() {
            Ok(Self {
                processes,
                remarks: reader.remarks,
            })
        } else {
            Err(reader.problems)
        }
    }
}

/// The XML of a file, if it is within the limits and a BPMN `definitions` document.
pub(crate) fn xml_document(xml: &str) -> Result<Document<'_>, Problem> {
    if xml.len() > MAX_BYTES {
        let message = format!("流程文件超过 {} MB", MAX_BYTES / 1024 / 1024);
        return Err(Problem::file(Code::TooLarge, message));
    }
    limits::check(xml)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(xml, options).map_err(|error| xml_problem(&error))?;
    if bpmn_name(document.root_element()) != Some("definitions") {
        return Err(Problem::file(Code::NotBpmn, "文件不是 BPMN 2.0 流程定义"));
    }
    Ok(document)
}

fn xml_problem(error: &roxmltree::Error) -> Problem {
    match error {
        roxmltree::Error::DtdDetected => {
            Problem::file(Code::DtdForbidden, "流程文件不得包含 DTD 或实体定义")
        }
        roxmltree::Error::NodesLimitReached => {
            Problem::file(Code::TooManyElements, "流程文件的 XML 节点过多")
        }
        _ => {
            let place = error.pos();
            Problem::file(
                Code::NotXml,
                format!(
                    "文件不是有效的 XML，第 {} 行第 {} 列有误",
                    place.row, place.col
                ),
            )
        }
    }
}

struct Reader<'a, 'i> {
    root: Root<'a, 'i>,
    problems: Vec<Problem>,
    remarks: Vec<Problem>,
    /// All ids of the file so far.
    ids: HashSet<String>,
    count: usize,
    /// The process at hand is a drawing that is not meant to run: it may leave open what only running needs.
    drawing: bool,
}

/// What is read after all elements are known, because it refers to them.
#[derive(Default)]
struct Later<'a, 'i> {
    flows: Vec<Node<'a, 'i>>,
    boundaries: Vec<(Node<'a, 'i>, Option<ElementIx>)>,
    associations: Vec<Node<'a, 'i>>,
    defaults: Vec<(ElementIx, &'a str)>,
    lanes: Vec<(usize, Vec<String>)>,
}

impl<'a, 'i> Reader<'a, 'i> {
    fn process(&mut self, node: Node<'a, 'i>) -> Process {
        let mut process = self.shell(node);
        self.root.correlations.enter(node);
        process.executable = node.attribute("isExecutable").is_none_or(flag);
        self.drawing = !process.executable;
        let mut later = Later::default();
        self.container(&mut process, node, None, 0, &mut later);
        for (child, container) in std::mem::take(&mut later.boundaries) {
            self.boundary(&mut process, child, container);
        }
        self.flows(&mut process, &later);
        flows::compensation_handlers(&mut process, &later.associations);
        lanes::spread(&mut process, &later.lanes);
        process.index = Index::of(&process.elements);
        process
    }

    /// A process without content.
    fn shell(&mut self, node: Node<'_, '_>) -> Process {
        Process {
            id: self.id(node).unwrap_or_default(),
            name: node.attribute("name").unwrap_or_default().to_owned(),
            documentation: documentation(node),
            executable: true,
            global_task: false,
            extension: extension(node),
            lanes: Vec::new(),
            elements: Vec::new(),
            flows: Vec::new(),
            by_id: HashMap::new(),
            index: Index::default(),
        }
    }

    fn global_task(&mut self, name: &str, node: Node<'a, 'i>) -> Option<Process> {
        let mut process = self.shell(node);
        process.global_task = true;
        let (tag, task) = self.task(
            match name {
                "globalTask" => "task",
                "globalUserTask" => "userTask",
                "globalManualTask" => "manualTask",
                "globalScriptTask" => "scriptTask",
                _ => "businessRuleTask",
            },
            node,
        )?;
        let id = process.id.clone();
        self.ids.remove(&id); // process and task are one thing with one id
        self.element(&mut process, node, tag, Kind::Task(task), None)?;
        process.index = Index::of(&process.elements);
        Some(process)
    }

    /// Something an executable process has to say. In a mere drawing it may be open: then this is `true`, and only a remark.
    fn left_open(&mut self, code: Code, id: &str, message: &str) -> bool {
        let problem = Problem::at(code, id, message);
        if self.drawing {
            self.remarks.push(problem.into_warning());
        } else {
            self.problems.push(problem);
        }
        self.drawing
    }

    fn unsupported(&mut self, node: Node<'_, '_>, what: &str) {
        let id = node.attribute("id").unwrap_or_default();
        self.problems.push(Problem::at(
            Code::Unsupported,
            id,
            format!("流程中有不认识的元素“{what}”"),
        ));
    }

    fn id(&mut self, node: Node<'_, '_>) -> Option<String> {
        let Some(id) = node
            .attribute("id")
            .map(str::trim)
            .filter(|id| !id.is_empty())
        else {
            let name = node.tag_name().name();
            self.problems.push(Problem::file(
                Code::MissingId,
                format!("有一个“{name}”没有编号（id）"),
            ));
            return None;
        };
        if !self.ids.insert(id.to_owned()) {
            self.problems.push(Problem::at(
                Code::DuplicateId,
                id,
                format!("编号“{id}”重复"),
            ));
            return None;
        }
        Some(id.to_owned())
    }
}
