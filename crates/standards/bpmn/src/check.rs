//! Whether a well-formed process makes sense: what the deployment refuses.

use std::collections::{HashMap, HashSet};

use crate::{
    condition::Expressions,
    model::{Element, ElementIx, Kind, Process},
    problem::{Code, Problem},
    timer::Timer,
};

/// All that is wrong with a process; empty when it can be deployed. `expressions` is the language its instances will
/// be run with.
pub fn check(process: &Process, expressions: &dyn Expressions) -> Vec<Problem> {
    let mut problems = Vec::new();
    starts_and_ends(process, &mut problems);
    reachability(process, &mut problems);
    for element in process.elements() {
        each_element(process, element, expressions, &mut problems);
    }
    for flow in process.flows() {
        if let Some(Err(error)) = flow.condition.as_deref().map(|c| expressions.check(c)) {
            problems.push(Problem::at(
                Code::ConditionInvalid,
                &flow.id,
                error.to_string(),
            ));
        }
    }
    endless_loops(process, &mut problems);
    problems
}

fn starts_and_ends(process: &Process, problems: &mut Vec<Problem>) {
    let mut starts = process.elements().filter(|e| e.kind == Kind::StartEvent);
    if starts.next().is_none() {
        problems.push(Problem::at(Code::NoStart, &process.id, "流程没有开始节点"));
    }
    for extra in starts {
        problems.push(Problem::at(
            Code::SeveralStarts,
            &extra.id,
            "流程只能有一个开始节点",
        ));
    }
    if !process.elements().any(is_end) {
        problems.push(Problem::at(Code::NoEnd, &process.id, "流程没有结束节点"));
    }
}

fn is_end(element: &Element) -> bool {
    matches!(element.kind, Kind::EndEvent { .. })
}

fn reachability(process: &Process, problems: &mut Vec<Problem>) {
    let having =
        |wanted: fn(&Element) -> bool| process.indices().filter(move |ix| wanted(&process[*ix]));
    let from_start = reach(process, having(|e| e.kind == Kind::StartEvent), |ix| {
        process.successors(ix).collect()
    });
    let to_end = reach(process, having(is_end), |ix| {
        let element = &process[ix];
        let host = match element.kind {
            Kind::BoundaryTimer { attached_to, .. } => Some(attached_to),
            _ => None,
        };
        element
            .incoming
            .iter()
            .map(|f| process[*f].source)
            .chain(host)
            .collect()
    });
    for ix in process.indices() {
        let element = &process[ix];
        let label = element.label();
        if !from_start.contains(&ix) {
            problems.push(Problem::at(
                Code::Unreachable,
                &element.id,
                format!("从开始节点到不了节点“{label}”"),
            ));
        }
        if !to_end.contains(&ix) {
            problems.push(Problem::at(
                Code::NoWayToEnd,
                &element.id,
                format!("从节点“{label}”到不了结束节点"),
            ));
        }
    }
}

/// Everything connected with `from` through `next`, including `from`.
fn reach(
    process: &Process,
    from: impl Iterator<Item = ElementIx>,
    next: impl Fn(ElementIx) -> Vec<ElementIx>,
) -> HashSet<ElementIx> {
    let mut open: Vec<ElementIx> = from.collect();
    let mut seen = HashSet::with_capacity(process.elements.len());
    while let Some(ix) = open.pop() {
        if seen.insert(ix) {
            open.extend(next(ix));
        }
    }
    seen
}

fn each_element(
    process: &Process,
    element: &Element,
    expressions: &dyn Expressions,
    problems: &mut Vec<Problem>,
) {
    let label = element.label();
    let mut report = |code, message: String| problems.push(Problem::at(code, &element.id, message));
    match &element.kind {
        Kind::UserTask
            if element
                .extension("permission")
                .or(element.extension("assignee"))
                .is_none() =>
        {
            report(
                Code::PerformerMissing,
                format!("任务“{label}”没有写明办理权限或办理人"),
            );
        }
        Kind::ServiceTask if element.extension("topic").is_none() => {
            report(
                Code::TopicMissing,
                format!("自动任务“{label}”没有写明主题（topic）"),
            );
        }
        Kind::BoundaryTimer {
            timer: Timer::Expression { text, .. },
            ..
        } => {
            if let Err(error) = expressions.check(text) {
                report(Code::TimerInvalid, format!("定时“{label}”：{error}"));
            }
        }
        Kind::ExclusiveGateway if element.outgoing.len() > 1 => {
            let open = |f: &&_| element.default != Some(**f) && process[**f].condition.is_none();
            for flow in element.outgoing.iter().filter(open) {
                let flow = &process[*flow].id;
                report(
                    Code::ConditionMissing,
                    format!("排他网关“{label}”的分支“{flow}”既没有条件，也不是默认分支"),
                );
            }
        }
        _ => {}
    }
    if let Some(flow) = element
        .default
        .map(|f| &process[f])
        .filter(|f| f.condition.is_some())
    {
        let message = format!("默认分支“{}”不应再设条件", flow.id);
        problems.push(Problem::at(Code::ConditionOnDefault, &flow.id, message));
    }
}

/// Cycles of gateways alone. Nothing changes between two rounds, so such a cycle turns for ever or never.
fn endless_loops(process: &Process, problems: &mut Vec<Problem>) {
    let is_gateway = |ix: &ElementIx| {
        matches!(
            process[*ix].kind,
            Kind::ExclusiveGateway | Kind::ParallelGateway
        )
    };
    let mut left: HashSet<ElementIx> = process.indices().filter(is_gateway).collect();
    // Peel off whatever no gateway leads to, or leads to no gateway; only cycles (and what joins them) remain.
    let mut candidates: Vec<ElementIx> = process.indices().filter(is_gateway).collect();
    while let Some(ix) = candidates.pop() {
        let element = &process[ix];
        let sources = element
            .incoming
            .iter()
            .map(|f| process[*f].source)
            .filter(|s| left.contains(s));
        let targets = element
            .outgoing
            .iter()
            .map(|f| process[*f].target)
            .filter(|t| left.contains(t));
        let (sources, targets): (Vec<_>, Vec<_>) = (sources.collect(), targets.collect());
        if left.contains(&ix) && (sources.is_empty() || targets.is_empty()) {
            left.remove(&ix);
            candidates.extend(sources.into_iter().chain(targets));
        }
    }
    for ix in process.indices().filter(|ix| left.contains(ix)) {
        let element = &process[ix];
        let message = format!(
            "网关“{}”处在没有任务的循环中，流程会无休止地流转",
            element.label()
        );
        problems.push(Problem::at(Code::EndlessLoop, &element.id, message));
    }
}

/// Search steps after which [`approval_layers`] gives the safe upper bound instead.
const LAYER_SEARCH: usize = 2_000_000;

/// Layered tasks beyond which no search is tried: far more than any real process has.
const MAX_LAYERED: usize = 200;

/// The greatest number of different user tasks with a `tongban:layer` that one token can pass between start and end:
/// the approval layers of the process, of which the law allows three (承办 → 审查 → 审批, requirement R06).
///
/// Tasks of parallel branches do not add up, and sending a case back does not add a layer. Where the graph is too tangled
/// to search completely, all tasks with a layer count.
pub fn approval_layers(process: &Process) -> usize {
    let layered = |ix: ElementIx| {
        process[ix].kind == Kind::UserTask && process[ix].extension("layer").is_some()
    };
    // The graph of layers alone: which layered tasks come next without another one between.
    let next_layers = |from: ElementIx| -> Vec<ElementIx> {
        let stop_at_layers = |ix| {
            if ix != from && layered(ix) {
                Vec::new()
            } else {
                process.successors(ix).collect()
            }
        };
        let mut next: Vec<_> = reach(process, process.successors(from), stop_at_layers)
            .into_iter()
            .filter(|ix| *ix != from && layered(*ix))
            .collect();
        next.sort_unstable(); // a stable order makes the bounded search deterministic
        next
    };
    let starts: Vec<_> = process
        .indices()
        .filter(|ix| process[*ix].kind == Kind::StartEvent)
        .collect();
    let layers: Vec<_> = process.indices().filter(|ix| layered(*ix)).collect();
    if layers.len() > MAX_LAYERED {
        return layers.len();
    }
    let graph: HashMap<_, _> = layers
        .iter()
        .chain(&starts)
        .map(|ix| (*ix, next_layers(*ix)))
        .collect();

    // Longest simple path, depth first. A frame is a task on the path and how many of its successors were tried.
    let mut longest = 0;
    let mut steps = 0;
    for start in starts {
        let mut path = vec![(start, 0)];
        loop {
            steps += path.len(); // what looking along the path costs
            if steps > LAYER_SEARCH {
                return layers.len();
            }
            let Some((ix, tried)) = path.last_mut() else {
                break;
            };
            let next = graph.get(ix).and_then(|n| n.get(*tried)).copied();
            *tried += 1;
            match next {
                None => drop(path.pop()),
                Some(next) if path.iter().any(|(on_path, _)| *on_path == next) => {}
                Some(next) => {
                    longest = longest.max(path.len()); // the start is no layer
                    path.push((next, 0));
                }
            }
        }
    }
    longest
}
