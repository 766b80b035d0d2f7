//! What connects the elements: sequence flows, and the associations that lead to what undoes.

use std::collections::HashMap;

use roxmltree::Node;

use super::{
    Later, Reader,
    xml::{bpmn_children, expression, extension, local},
};
use crate::{
    model::{Flow, FlowIx, Kind, Process, SubProcess},
    problem::{Code, Problem},
};

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn flows(&mut self, process: &mut Process, later: &Later<'a, 'i>) {
        let mut flow_ids = HashMap::new();
        for node in &later.flows {
            if let Some(ix) = self.flow(process, *node) {
                flow_ids.insert(node.attribute("id").unwrap_or_default().trim(), ix);
            }
        }
        for (ix, default) in &later.defaults {
            let flow = flow_ids
                .get(local(default))
                .copied()
                .filter(|f| process[*f].source == *ix);
            if flow.is_none() {
                let message = format!("默认连线“{default}”不是从该节点流出的连线");
                let id = process[*ix].id.clone();
                self.problems
                    .push(Problem::at(Code::DanglingReference, &id, message));
            }
            process.elements[ix.0].default = flow;
        }
    }

    /// The id of a flow; one nothing refers to need not have any, and gets one from its ends.
    fn flow_id(&mut self, node: Node<'_, '_>) -> Option<String> {
        if node.attribute("id").is_some_and(|id| !id.trim().is_empty()) {
            return self.id(node);
        }
        let end = |name| node.attribute(name).map(local).unwrap_or_default();
        let ends = format!("{}-{}", end("sourceRef"), end("targetRef"));
        let numbered = (2..).map(|n| format!("{ends}-{n}"));
        let id = std::iter::once(ends.clone())
            .chain(numbered)
            .find(|id| !self.ids.contains(id))?;
        self.ids.insert(id.clone());
        Some(id)
    }

    fn flow(&mut self, process: &mut Process, node: Node<'_, '_>) -> Option<FlowIx> {
        let id = self.flow_id(node)?;
        let end = |attribute| {
            node.attribute(attribute)
                .and_then(|r| process.find(local(r)))
        };
        let (Some(source), Some(target)) = (end("sourceRef"), end("targetRef")) else {
            self.problems.push(Problem::at(
                Code::DanglingReference,
                &id,
                format!("连线“{id}”的一端没有连到流程内的节点"),
            ));
            return None;
        };
        let mut forbid = |message| {
            self.problems
                .push(Problem::at(Code::FlowForbidden, &id, message))
        };
        if process[source].container != process[target].container {
            forbid("连线不能穿过子流程的边界");
        }
        if matches!(process[source].kind, Kind::EndEvent(_)) {
            forbid("结束节点不能有流出的连线");
        }
        if matches!(
            process[target].kind,
            Kind::StartEvent { .. } | Kind::BoundaryEvent { .. }
        ) {
            forbid("开始节点和边界事件不能有流入的连线");
        }
        if process[source].kind == Kind::SubProcess(SubProcess::Event)
            || process[target].kind == Kind::SubProcess(SubProcess::Event)
        {
            forbid("事件子流程不能有连线");
        }
        let stated = bpmn_children(node).find(|(name, _)| *name == "conditionExpression");
        let condition = stated.and_then(|(_, n)| expression(n));
        let language = stated.and_then(|(_, n)| n.attribute("language"));
        let language = language
            .filter(|l| !l.to_lowercase().contains("feel"))
            .map(str::to_owned);
        let ix = FlowIx(process.flows.len());
        process.elements[source.0].outgoing.push(ix);
        process.elements[target.0].incoming.push(ix);
        process.flows.push(Flow {
            id,
            name: node.attribute("name").unwrap_or_default().trim().to_owned(),
            source,
            target,
            condition,
            language,
            extension: extension(node),
        });
        Some(ix)
    }
}

/// Associations from compensation boundary events to the activities that undo.
pub(super) fn compensation_handlers(process: &mut Process, associations: &[Node<'_, '_>]) {
    for node in associations {
        let end = |name| node.attribute(name).and_then(|r| process.find(local(r)));
        let (Some(a), Some(b)) = (end("sourceRef"), end("targetRef")) else {
            continue; // to a text annotation
        };
        // Modellers write the direction either way.
        let (event, handler) = if process[a].is_compensation_boundary() {
            (a, b)
        } else {
            (b, a)
        };
        if process[event].is_compensation_boundary() && process[handler].is_activity() {
            process.elements[event.0].handler = Some(handler);
        }
    }
}
