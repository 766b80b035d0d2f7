//! The elements of a process and of what it contains.

use roxmltree::Node;

use super::{
    BESIDE_THE_FLOW, LOOPS, Later, MAX_DEPTH, MAX_ELEMENTS, Reader, foreign,
    xml::{self, bpmn_children, documentation, expression, extension, flag, local, quantity},
};
use crate::{
    Extension,
    model::{Element, ElementIx, EventDefinition, Kind, Process, SubProcess},
    problem::{Code, Problem},
};

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn container(
        &mut self,
        process: &mut Process,
        node: Node<'a, 'i>,
        container: Option<ElementIx>,
        depth: usize,
        later: &mut Later<'a, 'i>,
    ) {
        if depth > MAX_DEPTH {
            let id = node.attribute("id").unwrap_or_default();
            let message = format!("子流程嵌套超过 {MAX_DEPTH} 层");
            return self
                .problems
                .push(Problem::at(Code::TooManyElements, id, message));
        }
        for (name, child) in bpmn_children(node) {
            match name {
                "laneSet" => {
                    let outer = Extension::new();
                    self.lane_set(process, child, later, &outer, 0);
                }
                "association" => later.associations.push(child),
                _ if BESIDE_THE_FLOW.contains(&name) || LOOPS.contains(&name) => {}
                // of an ad-hoc or transaction sub-process, read with it
                "method" => {}
                _ => {
                    self.count += 1;
                    if self.count > MAX_ELEMENTS {
                        let message = format!("流程元素超过 {MAX_ELEMENTS} 个");
                        return self
                            .problems
                            .push(Problem::file(Code::TooManyElements, message));
                    }
                    match name {
                        "sequenceFlow" => later.flows.push(child),
                        "boundaryEvent" => later.boundaries.push((child, container)),
                        _ => self.node(process, name, child, container, depth, later),
                    }
                }
            }
        }
    }

    fn node(
        &mut self,
        process: &mut Process,
        name: &str,
        node: Node<'a, 'i>,
        container: Option<ElementIx>,
        depth: usize,
        later: &mut Later<'a, 'i>,
    ) {
        let Some((tag, kind)) = self.kind(name, node, container.map(|c| &process[c].kind)) else {
            return;
        };
        let inside = matches!(kind, Kind::SubProcess(_));
        let Some(ix) = self.element(process, node, tag, kind, container) else {
            return;
        };
        if let Some(default) = node
            .attribute("default")
            .map(str::trim)
            .filter(|d| !d.is_empty())
        {
            later.defaults.push((ix, default));
        }
        if inside {
            self.container(process, node, Some(ix), depth + 1, later);
        }
    }

    fn kind(
        &mut self,
        name: &str,
        node: Node<'a, 'i>,
        container: Option<&Kind>,
    ) -> Option<(&'static str, Kind)> {
        let gateway = |tag, kind| Some((tag, kind));
        match name {
            "startEvent" => Some(("startEvent", self.start_event(node, container)?)),
            "intermediateCatchEvent" => {
                let event = self.catch(node)?;
                Some(("intermediateCatchEvent", Kind::CatchEvent(event)))
            }
            "intermediateThrowEvent" => {
                let results = self.results(node)?;
                Some(("intermediateThrowEvent", Kind::ThrowEvent(results)))
            }
            "endEvent" => Some(("endEvent", Kind::EndEvent(self.results(node)?))),
            "exclusiveGateway" => gateway("exclusiveGateway", Kind::ExclusiveGateway),
            "parallelGateway" => gateway("parallelGateway", Kind::ParallelGateway),
            "inclusiveGateway" => gateway("inclusiveGateway", Kind::InclusiveGateway),
            "complexGateway" => {
                let activation = bpmn_children(node)
                    .find(|(n, _)| *n == "activationCondition")
                    .and_then(|(_, n)| expression(n));
                gateway("complexGateway", Kind::ComplexGateway { activation })
            }
            "eventBasedGateway" => gateway(
                "eventBasedGateway",
                Kind::EventBasedGateway {
                    instantiate: node.attribute("instantiate").is_some_and(flag),
                    parallel: node.attribute("eventGatewayType") == Some("Parallel"),
                },
            ),
            "subProcess" | "transaction" | "adHocSubProcess" => {
                let (tag, sub) = self.sub_process(name, node);
                Some((tag, Kind::SubProcess(sub)))
            }
            "callActivity" => {
                let called = node
                    .attribute("calledElement")
                    .or_else(|| foreign::attribute_within(node, "calledElement", "processId"))
                    .map(|c| local(c).to_owned())
                    .unwrap_or_default();
                Some(("callActivity", Kind::CallActivity { called }))
            }
            _ => match self.task(name, node) {
                Some((tag, task)) => Some((tag, Kind::Task(task))),
                None => {
                    self.unsupported(node, name);
                    None
                }
            },
        }
    }

    pub(super) fn element(
        &mut self,
        process: &mut Process,
        node: Node<'a, 'i>,
        tag: &'static str,
        kind: Kind,
        container: Option<ElementIx>,
    ) -> Option<ElementIx> {
        let id = self.id(node)?;
        let ix = ElementIx(process.elements.len());
        process.by_id.insert(id.clone(), ix);
        let looping = self.looping(node, &id);
        process.elements.push(Element {
            id,
            name: node.attribute("name").unwrap_or_default().trim().to_owned(),
            tag,
            kind,
            container,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            boundary: Vec::new(),
            looping,
            for_compensation: node.attribute("isForCompensation").is_some_and(flag),
            handler: None,
            start_quantity: quantity(node, "startQuantity"),
            completion_quantity: quantity(node, "completionQuantity"),
            lane: None,
            data: xml::data(node),
            extension: xml::performers(node, foreign::result(node, extension(node))),
            documentation: documentation(node),
        });
        Some(ix)
    }

    pub(super) fn boundary(
        &mut self,
        process: &mut Process,
        node: Node<'a, 'i>,
        container: Option<ElementIx>,
    ) {
        let id = node.attribute("id").unwrap_or_default();
        let interrupting = node.attribute("cancelActivity").is_none_or(flag);
        let event = self.catch(node);
        let attached_to = node
            .attribute("attachedToRef")
            .and_then(|r| process.find(local(r)));
        let attached_to = attached_to
            .filter(|ix| process[*ix].is_activity() && process[*ix].container == container);
        let Some(attached_to) = attached_to else {
            let message = "边界事件没有附着在同一流程内的任务或子流程上";
            self.problems
                .push(Problem::at(Code::DanglingReference, id, message));
            return;
        };
        let Some(event) = event else { return };
        if event.triggers.is_empty() {
            let message = "边界事件没有写明由什么触发";
            self.problems
                .push(Problem::at(Code::EventMissing, id, message));
        }
        let cancels = event.triggers.contains(&EventDefinition::Cancel);
        if cancels && process[attached_to].kind != Kind::SubProcess(SubProcess::Transaction) {
            let message = "取消边界事件只能附着在事务子流程上";
            self.problems
                .push(Problem::at(Code::EventForbidden, id, message));
        }
        let kind = Kind::BoundaryEvent {
            attached_to,
            event,
            interrupting,
        };
        if let Some(ix) = self.element(process, node, "boundaryEvent", kind, container) {
            process.elements[attached_to.0].boundary.push(ix);
        }
    }
}
