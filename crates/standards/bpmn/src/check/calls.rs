//! Call activities: what they call, and whether that ever ends.

use std::collections::HashSet;

use crate::{
    model::{Definitions, ElementIx, Kind, Process},
    problem::{Code, Problem},
};

pub(super) fn check(definitions: &Definitions) -> Vec<Problem> {
    let mut problems = Vec::new();
    for process in &definitions.processes {
        for element in process.elements() {
            if let Kind::CallActivity { called } = &element.kind
                && !called.is_empty()
                && definitions.process(called).is_none()
            {
                let message = format!(
                    "调用活动“{}”调用的流程“{called}”不在本文件中，须已另行发布",
                    element.label()
                );
                problems.push(Problem::warning(Code::CallUnknown, &element.id, message));
            }
        }
    }
    problems.extend(endless(definitions));
    problems
}

/// Processes every way through which calls a process of which the same is true: none of them could ever end.
fn endless(definitions: &Definitions) -> Vec<Problem> {
    // Begin with all as endless and take away those that can end; the rest is the largest set that cannot.
    let mut endless: HashSet<&str> = definitions
        .processes
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    loop {
        let can_end: Vec<&str> = definitions
            .processes
            .iter()
            .filter(|p| endless.contains(p.id.as_str()) && ends(p, &endless))
            .map(|p| p.id.as_str())
            .collect();
        if can_end.is_empty() {
            break;
        }
        for id in can_end {
            endless.remove(id);
        }
    }
    let mut problems = Vec::new();
    for process in definitions
        .processes
        .iter()
        .filter(|p| endless.contains(p.id.as_str()))
    {
        for element in process.elements() {
            if matches!(&element.kind, Kind::CallActivity { called } if endless.contains(called.as_str()))
            {
                let message = format!("调用活动“{}”会使流程无休止地调用自身", element.label());
                problems.push(Problem::at(Code::EndlessCall, &element.id, message));
            }
        }
    }
    problems
}

/// Whether an end of the process can be reached without calling one of these.
fn ends(process: &Process, endless: &HashSet<&str>) -> bool {
    let blocks = |ix: ElementIx| matches!(&process[ix].kind, Kind::CallActivity { called } if endless.contains(called.as_str()));
    container_ends(process, None, &blocks)
}

fn container_ends(
    process: &Process,
    container: Option<ElementIx>,
    blocks: &dyn Fn(ElementIx) -> bool,
) -> bool {
    let passes = |ix: ElementIx| match process[ix].kind {
        Kind::SubProcess(_) => container_ends(process, Some(ix), blocks),
        _ => !blocks(ix),
    };
    let mut open: Vec<ElementIx> = process.entries(container);
    open.extend(
        process
            .children(container)
            .filter(|ix| process[*ix].instantiates()),
    );
    if open.is_empty() {
        return true; // empty, or begun by people
    }
    let mut seen = HashSet::new();
    while let Some(ix) = open.pop() {
        if !seen.insert(ix) {
            continue;
        }
        let element = &process[ix];
        open.extend(element.boundary.iter().copied());
        if !passes(ix) {
            continue;
        }
        if element.outgoing.is_empty() && process.link_target(ix).is_none() {
            return true;
        }
        open.extend(process.successors(ix));
    }
    false
}
