//! Lanes: who does what is in them.

use roxmltree::Node;

use super::{
    Later, MAX_DEPTH, Reader,
    xml::{self, bpmn_children, extension, local},
};
use crate::{
    Extension,
    model::{Lane, Process},
    problem::{Code, Problem},
};

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn lane_set(
        &mut self,
        process: &mut Process,
        set: Node<'a, 'i>,
        later: &mut Later<'a, 'i>,
        outer: &Extension,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            let id = set.attribute("id").unwrap_or_default();
            let message = format!("泳道嵌套超过 {MAX_DEPTH} 层");
            return self
                .problems
                .push(Problem::at(Code::TooManyElements, id, message));
        }
        for (_, lane) in bpmn_children(set).filter(|(name, _)| *name == "lane") {
            let mut inherited = outer.clone();
            inherited.extend(xml::performers(lane, extension(lane)));
            let members = bpmn_children(lane)
                .filter(|(name, _)| *name == "flowNodeRef")
                .map(|(_, n)| local(&xml::text(n)).to_owned())
                .collect();
            later.lanes.push((process.lanes.len(), members));
            process.lanes.push(Lane {
                id: lane.attribute("id").unwrap_or_default().to_owned(),
                name: lane.attribute("name").unwrap_or_default().trim().to_owned(),
                extension: inherited.clone(),
            });
            for (_, inner) in bpmn_children(lane).filter(|(name, _)| *name == "childLaneSet") {
                self.lane_set(process, inner, later, &inherited, depth + 1);
            }
        }
    }
}

/// Elements take over what their lane says, unless they say otherwise. Inner lanes come after outer ones and win.
pub(super) fn spread(process: &mut Process, members: &[(usize, Vec<String>)]) {
    for (lane, ids) in members {
        for id in ids {
            if let Some(ix) = process.find(id) {
                process.elements[ix.0].lane = Some(*lane);
            }
        }
    }
    for element in &mut process.elements {
        if let Some(lane) = element.lane.and_then(|ix| process.lanes.get(ix)) {
            for (name, value) in &lane.extension {
                element
                    .extension
                    .entry(name.clone())
                    .or_insert_with(|| value.clone());
            }
        }
    }
}
