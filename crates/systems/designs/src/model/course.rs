//! How far a running process is: what to colour on its drawing, and which steps are still to come.

use chrono::{DateTime, Utc};
use flow::{Event, Step, Task};
use web::components::format;

use super::engine::{Drawing, Node, NodeKind};
use super::trial::{Mark, MarkState};

/// A running process, or one that has ended, as pages show it.
#[derive(Debug, Clone)]
pub struct Course {
    /// The drawing it runs by.
    pub xml: String,
    /// What happened on it.
    pub marks: Vec<Mark>,
    /// What people will still have to do if it goes on straight, in order.
    pub ahead: Vec<Ahead>,
    /// Since when it is suspended.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// A step still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// Its element.
    pub element: String,
    /// What it is called.
    pub name: String,
}

/// Where a process waits: the element, and whether it cannot go on by itself.
pub(crate) type At<'a> = (&'a str, bool);

/// What to colour: the last thing that happened to every element and flow of the main process; where it waits now wins. Tasks
/// tell who did them and what they said.
pub(crate) fn marks(process: &str, steps: &[Step], waits: &[At<'_>], tasks: &[Task]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut set = |mark: Mark| {
        marks.retain(|other| other.element != mark.element);
        marks.push(mark);
    };
    for step in steps {
        for happened in step.happened.iter().filter(|h| h.process.is_empty() || h.process == process) {
            let state = match happened.event {
                Event::Entered | Event::Compensated => continue,
                Event::Completed | Event::Taken => MarkState::Done,
                Event::Cancelled | Event::Moved => MarkState::Cancelled,
                Event::Incident => MarkState::Stuck,
            };
            let mut mark = Mark::of(&happened.element, state);
            if happened.event != Event::Taken {
                mark.at = format::date_time_short(&step.at);
                if let Some(task) = last(tasks, &happened.element, "done") {
                    mark.who = task.done_by_name.clone().unwrap_or_default();
                    mark.comment = task.comment.clone().unwrap_or_default();
                }
            }
            set(mark);
        }
    }
    for (element, stuck) in waits {
        let mut mark = Mark::of(*element, if *stuck { MarkState::Stuck } else { MarkState::Waiting });
        let open: Vec<&Task> = tasks.iter().filter(|t| t.element == *element && t.is_open()).collect();
        mark.who = match open.as_slice() {
            [] => String::new(),
            [one] => one.assignee_name.clone().unwrap_or_else(|| "待领取".to_owned()),
            many => format!("{} 人待办", many.len()),
        };
        if let Some(limit) = open.iter().filter_map(|t| t.limit()).map(|l| l.last_day).min() {
            mark.at = format!("{} 前办结", format::date_short(limit));
        }
        set(mark);
    }
    marks
}

fn last<'t>(tasks: &'t [Task], element: &str, state: &str) -> Option<&'t Task> {
    tasks.iter().filter(|t| t.element == element && t.state == state && !t.added).max_by_key(|t| t.done_at)
}

/// What people still have to do from here on: every task that lies ahead on some way, in the order of the drawing. Ways back
/// (退回) do not count, nor do the applicant's own tasks, which only come when something is missing.
pub(crate) fn ahead(drawing: &Drawing, at: &[&str]) -> Vec<Ahead> {
    let walk = Walk::of(drawing);
    let mut reached = vec![false; drawing.nodes.len()];
    let mut open: Vec<usize> = drawing.nodes.iter().enumerate().filter(|(_, n)| at.contains(&n.id.as_str())).map(|(ix, _)| ix).collect();
    while let Some(from) = open.pop() {
        for to in walk.forward.get(from).into_iter().flatten() {
            if let Some(seen) = reached.get_mut(*to).filter(|seen| !**seen) {
                *seen = true;
                open.push(*to);
            }
        }
    }
    let told = |ix: &usize| {
        let node = drawing.nodes.get(*ix)?;
        let applicant = ["permission", "assignee"].iter().any(|name| node.extension(name) == Some(flow::APPLICANT));
        let wanted = reached.get(*ix) == Some(&true) && node.kind == NodeKind::UserTask && !applicant && !at.contains(&node.id.as_str());
        wanted.then(|| Ahead { element: node.id.clone(), name: node.label().to_owned() })
    };
    walk.order.iter().filter_map(told).collect()
}

/// A drawing walked once from its beginning.
struct Walk {
    /// Where each node leads, without the ways back.
    forward: Vec<Vec<usize>>,
    /// The nodes, each after everything that leads to it.
    order: Vec<usize>,
}

impl Walk {
    fn of(drawing: &Drawing) -> Self {
        let count = drawing.nodes.len();
        let next: Vec<Vec<usize>> = drawing.nodes.iter().map(|node| following(drawing, node)).collect();
        let mut led_to = vec![false; count];
        for to in next.iter().flatten() {
            if let Some(one) = led_to.get_mut(*to) {
                *one = true;
            }
        }
        let mut walk = Self { forward: vec![Vec::new(); count], order: Vec::new() };
        // 0 new, 1 on the way here, 2 done: a flow to a node on the way here leads back.
        let mut colour = vec![0_u8; count];
        let roots = (0..count).filter(|ix| led_to.get(*ix) == Some(&false)).chain(0..count);
        for root in roots {
            let mut stack = vec![(root, 0)];
            while let Some((node, at)) = stack.pop() {
                if at == 0 {
                    match colour.get_mut(node) {
                        Some(new @ 0) => *new = 1,
                        _ => continue,
                    }
                }
                match next.get(node).and_then(|ways| ways.get(at)) {
                    Some(to) => {
                        stack.push((node, at + 1));
                        if colour.get(*to) != Some(&1) {
                            if let Some(ways) = walk.forward.get_mut(node) {
                                ways.push(*to);
                            }
                            stack.push((*to, 0));
                        }
                    }
                    None => {
                        if let Some(done) = colour.get_mut(node) {
                            *done = 2;
                        }
                        walk.order.push(node);
                    }
                }
            }
        }
        walk.order.reverse();
        walk
    }
}

/// Where a node leads: along its flows, into the sub-process it is, and out of the one it ends.
fn following(drawing: &Drawing, node: &Node) -> Vec<usize> {
    let targets = |node: &Node| -> Vec<usize> {
        let flows = node.outgoing.iter().filter_map(|id| drawing.link(id));
        flows.filter_map(|link| drawing.nodes.iter().position(|n| n.id == link.target)).collect()
    };
    let mut next: Vec<usize> = targets(node);
    next.extend(drawing.nodes.iter().enumerate().filter(|(_, n)| n.container.as_deref() == Some(&node.id) && n.kind == NodeKind::Start).map(|(ix, _)| ix));
    if node.outgoing.is_empty() {
        let container = node.container.as_deref().and_then(|id| drawing.node(id));
        next.extend(container.map(targets).into_iter().flatten());
    }
    next
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
