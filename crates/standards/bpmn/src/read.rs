//! BPMN 2.0 XML → [`Definitions`]. Either a well-formed graph comes out, or everything that is wrong with the file.

mod limits;
mod xml;

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node, ParsingOptions};

use crate::{
    model::{Definitions, Element, ElementIx, Flow, FlowIx, Kind, Process},
    problem::{Code, Problem},
    timer::{Timer, TimerUnit},
};
use xml::{bpmn_children, bpmn_name, documentation, extension, text};

/// The namespace of BPMN 2.0 models (OMG formal/2011-01-03).
pub const BPMN_NAMESPACE: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of this library's own attributes, usually with the prefix `tongban`.
pub const EXTENSION_NAMESPACE: &str = "https://tongban.cn/bpmn";

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// Most elements and flows of one file.
pub const MAX_ELEMENTS: usize = 20_000;

/// Most XML nodes of one file: every element has a shape, a label and some text in the diagram part.
const MAX_NODES: u32 = 1_000_000;

/// Parts of a process that carry no behaviour here: artifacts, data and lanes.
const IGNORED: [&str; 14] = [
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
    "ioSpecification",
    "conditionExpression",
];

impl Definitions {
    /// Reads a file. DTDs are refused, sizes are bounded, unknown parts of BPMN are reported by name.
    pub fn parse(xml: &str) -> Result<Self, Vec<Problem>> {
        if xml.len() > MAX_BYTES {
            let message = format!("流程文件超过 {} MB", MAX_BYTES / 1024 / 1024);
            return Err(vec![Problem::file(Code::TooLarge, message)]);
        }
        limits::check(xml).map_err(|problem| vec![problem])?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(xml, options)
            .map_err(|error| vec![xml_problem(&error)])?;
        let root = document.root_element();
        let processes: Vec<_> = root
            .children()
            .filter(|n| bpmn_name(*n) == Some("process"))
            .collect();
        if bpmn_name(root) != Some("definitions") || processes.is_empty() {
            return Err(vec![Problem::file(
                Code::NotBpmn,
                "文件不是 BPMN 2.0 流程定义，或其中没有流程",
            )]);
        }
        let mut reader = Reader {
            problems: Vec::new(),
            ids: HashSet::new(),
            count: 0,
        };
        let processes = processes
            .into_iter()
            .map(|node| reader.process(node))
            .collect();
        if reader.problems.is_empty() {
            Ok(Self { processes })
        } else {
            Err(reader.problems)
        }
    }
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

struct Reader {
    problems: Vec<Problem>,
    /// All ids of the file so far.
    ids: HashSet<String>,
    count: usize,
}

impl Reader {
    fn process(&mut self, node: Node<'_, '_>) -> Process {
        let mut process = Process {
            id: self.id(node).unwrap_or_default(),
            name: node.attribute("name").unwrap_or_default().to_owned(),
            documentation: documentation(node),
            extension: extension(node),
            elements: Vec::new(),
            flows: Vec::new(),
            by_id: HashMap::new(),
        };
        // Elements first, then what refers to them: flows may be written before their ends.
        let (mut flows, mut boundaries) = (Vec::new(), Vec::new());
        for (name, child) in bpmn_children(node).filter(|(name, _)| !IGNORED.contains(name)) {
            self.count += 1;
            if self.count > MAX_ELEMENTS {
                self.problems.push(Problem::file(
                    Code::TooManyElements,
                    format!("流程元素超过 {MAX_ELEMENTS} 个"),
                ));
                return process;
            }
            match name {
                "sequenceFlow" => flows.push(child),
                "boundaryEvent" => boundaries.push(child),
                _ => {
                    if let Some(kind) = self.kind(name, child) {
                        self.element(&mut process, child, kind);
                    }
                }
            }
        }
        for child in boundaries {
            self.boundary(&mut process, child);
        }
        let mut flow_ids = HashMap::new();
        for child in flows {
            if let Some(ix) = self.flow(&mut process, child) {
                flow_ids.insert(child.attribute("id").unwrap_or_default(), ix);
            }
        }
        self.defaults(&mut process, node, &flow_ids);
        process
    }

    fn kind(&mut self, name: &str, node: Node<'_, '_>) -> Option<Kind> {
        let (kind, allowed): (_, &[&str]) = match name {
            "startEvent" => (Kind::StartEvent, &["dataOutput", "dataOutputAssociation"]),
            "endEvent" => {
                let terminate = bpmn_children(node).any(|(n, _)| n == "terminateEventDefinition");
                (
                    Kind::EndEvent { terminate },
                    &[
                        "terminateEventDefinition",
                        "dataInput",
                        "dataInputAssociation",
                    ],
                )
            }
            "userTask" => (
                Kind::UserTask,
                &["dataInputAssociation", "dataOutputAssociation", "rendering"],
            ),
            "serviceTask" => (
                Kind::ServiceTask,
                &["dataInputAssociation", "dataOutputAssociation"],
            ),
            "exclusiveGateway" => (Kind::ExclusiveGateway, &[]),
            "parallelGateway" => (Kind::ParallelGateway, &[]),
            other => {
                self.unsupported(node, node, other);
                return None;
            }
        };
        self.only(node, allowed);
        Some(kind)
    }

    /// Reports children that would change the behaviour of an element (event definitions, loops, …).
    fn only(&mut self, node: Node<'_, '_>, allowed: &[&str]) {
        for (name, child) in bpmn_children(node) {
            if !IGNORED.contains(&name) && !allowed.contains(&name) {
                self.unsupported(node, child, name);
            }
        }
    }

    fn unsupported(&mut self, node: Node<'_, '_>, at: Node<'_, '_>, what: &str) {
        let id = node
            .attribute("id")
            .or_else(|| at.attribute("id"))
            .unwrap_or_default();
        self.problems.push(Problem::at(
            Code::Unsupported,
            id,
            format!("暂不支持流程元素“{what}”"),
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

    fn element(
        &mut self,
        process: &mut Process,
        node: Node<'_, '_>,
        kind: Kind,
    ) -> Option<ElementIx> {
        let id = self.id(node)?;
        let ix = ElementIx(process.elements.len());
        process.by_id.insert(id.clone(), ix);
        process.elements.push(Element {
            id,
            name: node.attribute("name").unwrap_or_default().trim().to_owned(),
            kind,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            boundary: Vec::new(),
            extension: extension(node),
            documentation: documentation(node),
        });
        Some(ix)
    }

    fn boundary(&mut self, process: &mut Process, node: Node<'_, '_>) {
        self.only(node, &["timerEventDefinition"]);
        let id = node.attribute("id").unwrap_or_default();
        if node
            .attribute("cancelActivity")
            .map(str::trim)
            .is_some_and(|v| v == "false" || v == "0")
        {
            let message = "暂不支持不中断任务的边界事件（cancelActivity=\"false\"）";
            self.problems
                .push(Problem::at(Code::Unsupported, id, message));
        }
        let timer = self.timer(node, id);
        let attached_to = node
            .attribute("attachedToRef")
            .and_then(|r| process.find(r.trim()));
        let Some(attached_to) = attached_to.filter(|ix| process[*ix].is_activity()) else {
            let message = "边界事件没有附着在流程内的任务上";
            self.problems
                .push(Problem::at(Code::DanglingReference, id, message));
            return;
        };
        let Some(timer) = timer else { return };
        if let Some(ix) = self.element(process, node, Kind::BoundaryTimer { attached_to, timer }) {
            process.elements[attached_to.0].boundary.push(ix);
        }
    }

    /// The one time a boundary event states.
    fn timer(&mut self, event: Node<'_, '_>, id: &str) -> Option<Timer> {
        let mut stated: Vec<(TimerUnit, String)> = Vec::new();
        for (_, definition) in
            bpmn_children(event).filter(|(name, _)| *name == "timerEventDefinition")
        {
            for (name, child) in bpmn_children(definition) {
                match name {
                    "timeDuration" => stated.push((TimerUnit::Duration, text(child))),
                    "timeDate" => stated.push((TimerUnit::Date, text(child))),
                    _ if IGNORED.contains(&name) => {}
                    _ => self.unsupported(event, child, name),
                }
            }
            stated.extend(
                extension(definition)
                    .remove("workdays")
                    .map(|days| (TimerUnit::Workdays, days)),
            );
        }
        stated.extend(
            extension(event)
                .remove("workdays")
                .map(|days| (TimerUnit::Workdays, days)),
        );
        let [(unit, text)] = stated.as_slice() else {
            let message = "定时事件须写明一个时间：时长、日期或工作日天数，且只能写一个";
            self.problems
                .push(Problem::at(Code::TimerMissing, id, message));
            return None;
        };
        let timer = Timer::parse(*unit, text);
        timer
            .map_err(|e| {
                self.problems
                    .push(Problem::at(Code::TimerInvalid, id, e.to_string()))
            })
            .ok()
    }

    fn flow(&mut self, process: &mut Process, node: Node<'_, '_>) -> Option<FlowIx> {
        let id = self.id(node)?;
        let end = |attribute| {
            node.attribute(attribute)
                .and_then(|r| process.find(r.trim()))
        };
        let (Some(source), Some(target)) = (end("sourceRef"), end("targetRef")) else {
            self.problems.push(Problem::at(
                Code::DanglingReference,
                &id,
                format!("连线“{id}”的一端没有连到流程内的节点"),
            ));
            return None;
        };
        if matches!(process[source].kind, Kind::EndEvent { .. }) {
            self.problems.push(Problem::at(
                Code::FlowForbidden,
                &id,
                "结束节点不能有流出的连线",
            ));
        }
        if matches!(
            process[target].kind,
            Kind::StartEvent | Kind::BoundaryTimer { .. }
        ) {
            self.problems.push(Problem::at(
                Code::FlowForbidden,
                &id,
                "开始节点和边界事件不能有流入的连线",
            ));
        }
        let condition = bpmn_children(node)
            .find(|(name, _)| *name == "conditionExpression")
            .map(|(_, n)| text(n));
        let ix = FlowIx(process.flows.len());
        process.elements[source.0].outgoing.push(ix);
        process.elements[target.0].incoming.push(ix);
        process.flows.push(Flow {
            id,
            name: node.attribute("name").unwrap_or_default().trim().to_owned(),
            source,
            target,
            condition: condition.filter(|c| !c.is_empty()),
            extension: extension(node),
        });
        Some(ix)
    }

    fn defaults(
        &mut self,
        process: &mut Process,
        node: Node<'_, '_>,
        flow_ids: &HashMap<&str, FlowIx>,
    ) {
        for (_, child) in bpmn_children(node) {
            let Some(default) = child
                .attribute("default")
                .map(str::trim)
                .filter(|d| !d.is_empty())
            else {
                continue;
            };
            let id = child.attribute("id").unwrap_or_default().trim();
            let Some(ix) = process.find(id) else { continue };
            let flow = flow_ids
                .get(default)
                .copied()
                .filter(|f| process[*f].source == ix);
            if flow.is_none() {
                let message = format!("默认连线“{default}”不是从该节点流出的连线");
                self.problems
                    .push(Problem::at(Code::DanglingReference, id, message));
            }
            process.elements[ix.0].default = flow;
        }
    }
}
