//! Whether a well-formed process makes sense: what the deployment refuses.

mod calls;
mod layers;

use std::collections::HashSet;

use crate::{
    condition::Expressions,
    model::{
        Behavior, Cardinality, Definitions, Element, ElementIx, EventDefinition, Kind, Looping,
        Process, SubProcess, Task,
    },
    problem::{Code, Problem, Severity},
    timer::Timer,
};

pub use layers::approval_layers;

/// All that is wrong with the processes of a file. `expressions` is the language their instances will be run with.
/// What keeps a process from running is an [error](Severity::Error); a drawing that says of itself that it is not meant to
/// run has nothing worse than warnings for what only running needs.
pub fn check_all(definitions: &Definitions, expressions: &dyn Expressions) -> Vec<Problem> {
    let mut problems = definitions.remarks.clone();
    for process in &definitions.processes {
        problems.extend(check(process, expressions));
    }
    problems.extend(calls::check(definitions));
    problems
}

/// All that is wrong with one process by itself; without an [error](Severity::Error) it can be deployed.
pub fn check(process: &Process, expressions: &dyn Expressions) -> Vec<Problem> {
    let mut problems = Vec::new();
    if process.global_task {
        each_element(process, &process.elements[0], &mut problems);
        return problems;
    }
    for container in containers(process) {
        starts(process, container, &mut problems);
        reachability(process, container, &mut problems);
    }
    for element in process.elements() {
        each_element(process, element, &mut problems);
        for text in expressions_of(element) {
            if let Err(error) = expressions.check(text) {
                let message = format!("节点“{}”：{error}", element.label());
                problems.push(Problem::at(Code::ConditionInvalid, &element.id, message));
            }
        }
    }
    for flow in process.flows() {
        if let Some(Err(error)) = flow.condition.as_deref().map(|c| expressions.check(c)) {
            let problem = Problem::at(Code::ConditionInvalid, &flow.id, error.to_string());
            // In another language it is only not understood here.
            problems.push(match &flow.language {
                Some(_) => problem.into_warning(),
                None => problem,
            });
        }
    }
    endless_loops(process, &mut problems);
    if !process.executable {
        let only_for_running = |p: &Problem| {
            matches!(
                p.code,
                Code::ConditionMissing
                    | Code::ConditionInvalid
                    | Code::Unreachable
                    | Code::NoWayToEnd
                    | Code::NoStart
                    | Code::EndlessLoop
                    | Code::EventGatewayInvalid
                    | Code::CompensationInvalid
                    | Code::LinkInvalid
                    | Code::CallMissing
            )
        };
        for problem in problems.iter_mut().filter(|p| only_for_running(p)) {
            problem.severity = Severity::Warning;
        }
    }
    problems
}

/// The process itself and its sub-processes.
fn containers(process: &Process) -> impl Iterator<Item = Option<ElementIx>> + '_ {
    let inner = process
        .indices()
        .filter(|ix| matches!(process[*ix].kind, Kind::SubProcess(_)))
        .map(Some);
    std::iter::once(None).chain(inner)
}

fn starts(process: &Process, container: Option<ElementIx>, problems: &mut Vec<Problem>) {
    let id = container.map_or(&process.id, |c| &process[c].id);
    let is_none_start = |e: &&Element| matches!(&e.kind, Kind::StartEvent { event, .. } if event.triggers.is_empty());
    let mut none_starts = process
        .children(container)
        .map(|ix| &process[ix])
        .filter(is_none_start);
    none_starts.next();
    for extra in none_starts {
        let message = "有多个无触发条件的开始节点，只会从第一个开始";
        problems.push(Problem::warning(Code::SeveralStarts, &extra.id, message));
    }
    if process.children(container).next().is_none() {
        return; // an empty process or collapsed sub-process passes at once
    }
    let begins = !process.entries(container).is_empty()
        || process
            .children(container)
            .any(|ix| process[ix].instantiates())
        || container
            .is_some_and(|c| matches!(process[c].kind, Kind::SubProcess(SubProcess::AdHoc(_))));
    if !begins {
        problems.push(Problem::at(Code::NoStart, id, "没有可以开始的节点"));
    }
}

fn reachability(process: &Process, container: Option<ElementIx>, problems: &mut Vec<Problem>) {
    // What an ad-hoc sub-process holds is begun by people, in any order.
    if container.is_some_and(|c| matches!(process[c].kind, Kind::SubProcess(SubProcess::AdHoc(_))))
    {
        return;
    }
    let inside: Vec<ElementIx> = process.children(container).collect();
    let mut first: Vec<ElementIx> = process.entries(container);
    // A second start event is never come to by itself, but somebody may begin with it.
    first.extend(inside.iter().filter(|ix| {
        process[**ix].instantiates() || matches!(process[**ix].kind, Kind::StartEvent { .. })
    }));
    first.extend(inside.iter().filter(|ix| {
        process[**ix].for_compensation || process[**ix].kind == Kind::SubProcess(SubProcess::Event)
    }));
    let from_start = reach(first, |ix| process.successors(ix).collect());
    let is_last = |ix: &&ElementIx| {
        let element = &process[**ix];
        element.outgoing.is_empty() && process.link_target(**ix).is_none()
    };
    let to_end = reach(inside.iter().filter(is_last).copied().collect(), |ix| {
        let element = &process[ix];
        let host = match element.kind {
            Kind::BoundaryEvent { attached_to, .. } => Some(attached_to),
            _ => None,
        };
        let links = element
            .catches_link()
            .then(|| process.link_sources(ix))
            .into_iter()
            .flatten();
        element
            .incoming
            .iter()
            .map(|f| process[*f].source)
            .chain(host)
            .chain(links)
            .collect()
    });
    for ix in inside {
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
                format!("从节点“{label}”到不了结束"),
            ));
        }
    }
}

/// Everything connected with `from` through `next`, including `from`.
fn reach(from: Vec<ElementIx>, next: impl Fn(ElementIx) -> Vec<ElementIx>) -> HashSet<ElementIx> {
    let mut open = from;
    let mut seen = HashSet::new();
    while let Some(ix) = open.pop() {
        if seen.insert(ix) {
            open.extend(next(ix));
        }
    }
    seen
}

fn each_element(process: &Process, element: &Element, problems: &mut Vec<Problem>) {
    let label = element.label();
    let mut report = |code, message: String| problems.push(Problem::at(code, &element.id, message));
    match &element.kind {
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
        Kind::EventBasedGateway { .. } => {
            let waits = |target: &Element| {
                matches!(
                    target.kind,
                    Kind::CatchEvent(_) | Kind::Task(Task::Receive { .. })
                ) && !target.catches_link()
            };
            let targets = element
                .outgoing
                .iter()
                .map(|f| &process[process[*f].target]);
            if targets.clone().next().is_none() || !targets.clone().all(waits) {
                report(
                    Code::EventGatewayInvalid,
                    format!(
                        "事件网关“{label}”之后只能是等待消息、定时、信号或条件的事件或接收任务"
                    ),
                );
            }
        }
        Kind::BoundaryEvent { .. }
            if element.is_compensation_boundary() && element.handler.is_none() =>
        {
            report(
                Code::CompensationInvalid,
                format!("补偿边界事件“{label}”没有连到补偿任务"),
            )
        }
        Kind::BoundaryEvent { .. }
            if element.is_compensation_boundary() && !element.outgoing.is_empty() =>
        {
            report(
                Code::CompensationInvalid,
                format!("补偿边界事件“{label}”应以关联线连到补偿任务，不能有流出的连线"),
            )
        }
        Kind::CallActivity { called } if called.is_empty() => report(
            Code::CallMissing,
            format!("调用活动“{label}”没有写明调用哪个流程"),
        ),
        _ => {}
    }
    for result in element.results() {
        match result {
            EventDefinition::Link(name) => {
                let targets = process
                    .children(element.container)
                    .filter(|ix| {
                        process[*ix]
                            .triggers()
                            .iter()
                            .any(|t| t.link() == Some(name))
                    })
                    .count();
                if targets != 1 {
                    report(
                        Code::LinkInvalid,
                        format!("链接“{name}”须有且只有一个捕获端，现有 {targets} 个"),
                    );
                }
            }
            EventDefinition::Cancel => {
                let around = std::iter::successors(element.container, |c| process[*c].container);
                let mut kinds = around.map(|c| &process[c].kind);
                if !kinds.any(|k| *k == Kind::SubProcess(SubProcess::Transaction)) {
                    report(
                        Code::EventForbidden,
                        format!("取消结束事件“{label}”不在事务子流程里"),
                    );
                }
            }
            EventDefinition::Compensation {
                activity: Some(activity),
                ..
            } if process.element(activity).is_none() => report(
                Code::CompensationInvalid,
                format!("补偿事件“{label}”引用的活动“{activity}”不存在"),
            ),
            _ => {}
        }
    }
    if let Some(flow) = element
        .default
        .map(|f| &process[f])
        .filter(|f| f.condition.is_some())
    {
        let message = format!("默认分支“{}”的条件不会被用到", flow.id);
        problems.push(Problem::warning(
            Code::ConditionOnDefault,
            &flow.id,
            message,
        ));
    }
}

/// What a process needs on this platform beyond running at all: who does each task, which handler or decision answers.
pub fn check_for_platform(process: &Process) -> Vec<Problem> {
    let mut problems = Vec::new();
    for element in process.elements() {
        let label = element.label();
        let missing = |name| element.extension(name).is_none();
        let (code, message) = match &element.kind {
            Kind::Task(Task::User) if missing("permission") && missing("assignee") => (
                Code::PerformerMissing,
                format!("任务“{label}”没有写明办理权限或办理人"),
            ),
            Kind::Task(Task::Service | Task::Send { message: None }) if missing("topic") => (
                Code::TopicMissing,
                format!("自动任务“{label}”没有写明主题（topic）"),
            ),
            Kind::Task(Task::BusinessRule) if missing("topic") && missing("decision") => (
                Code::DecisionMissing,
                format!("规则任务“{label}”没有写明决策表"),
            ),
            _ => continue,
        };
        problems.push(Problem::at(code, &element.id, message));
    }
    problems
}

/// Expressions an element evaluates, besides those on its flows.
fn expressions_of(element: &Element) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for definition in element.triggers().iter().chain(element.results()) {
        match definition {
            EventDefinition::Timer(Timer::Expression { text, .. })
            | EventDefinition::Conditional(text)
            | EventDefinition::Message {
                correlation: Some(text),
                ..
            } => found.push(text),
            _ => {}
        }
    }
    match &element.kind {
        Kind::ComplexGateway {
            activation: Some(text),
        } => found.push(text),
        Kind::SubProcess(SubProcess::AdHoc(ad_hoc)) => found.extend(ad_hoc.completion.as_deref()),
        Kind::Task(Task::Script { format, text })
            if format.to_lowercase().contains("feel") && !text.is_empty() =>
        {
            found.push(text.strip_prefix('=').unwrap_or(text).trim());
        }
        _ => {}
    }
    match &element.looping {
        Some(Looping::Standard { condition, .. }) => found.extend(condition.as_deref()),
        Some(Looping::Multiple {
            cardinality,
            completion,
            output_item,
            behavior,
            ..
        }) => {
            let (Cardinality::Count(text) | Cardinality::Each(text)) = cardinality;
            found.push(text);
            found.extend(completion.as_deref());
            found.extend(output_item.as_deref());
            if let Behavior::Complex(all) = behavior {
                found.extend(all.iter().map(|(condition, _)| condition.as_str()));
            }
        }
        None => {}
    }
    found
}

/// Cycles of gateways alone. Nothing changes between two rounds, so such a cycle turns for ever or never.
fn endless_loops(process: &Process, problems: &mut Vec<Problem>) {
    let is_gateway = |ix: &ElementIx| {
        process[*ix].is_gateway() && !matches!(process[*ix].kind, Kind::EventBasedGateway { .. })
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
