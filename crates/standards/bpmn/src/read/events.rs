//! Events and what they are about.

use roxmltree::Node;

use super::{
    Reader, foreign,
    xml::{bpmn_children, expression, extension, flag, local, text},
};
use crate::{
    model::{Catch, EventDefinition, Kind, SubProcess},
    problem::{Code, Problem},
    timer::{Timer, TimerUnit},
};

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn start_event(
        &mut self,
        node: Node<'a, 'i>,
        container: Option<&Kind>,
    ) -> Option<Kind> {
        let event = self.catch(node)?;
        let of_event_sub_process = container == Some(&Kind::SubProcess(SubProcess::Event));
        let id = node.attribute("id").unwrap_or_default();
        if of_event_sub_process && event.triggers.is_empty() {
            let message = "事件子流程的开始节点没有写明由什么触发";
            self.problems
                .push(Problem::at(Code::EventMissing, id, message));
        }
        if container.is_some() && !of_event_sub_process && !event.triggers.is_empty() {
            let message = "普通子流程只能由无触发条件的开始节点开始";
            self.problems
                .push(Problem::at(Code::EventForbidden, id, message));
        }
        let only_inside = |d: &EventDefinition| {
            matches!(
                d,
                EventDefinition::Error(_)
                    | EventDefinition::Escalation(_)
                    | EventDefinition::Compensation { .. }
            )
        };
        if container.is_none() && event.triggers.iter().any(only_inside) {
            let message = "错误、升级和补偿只能开始事件子流程";
            self.problems
                .push(Problem::at(Code::EventForbidden, id, message));
        }
        Some(Kind::StartEvent {
            event,
            interrupting: node.attribute("isInterrupting").is_none_or(flag),
        })
    }

    /// The triggers of a catching event.
    pub(super) fn catch(&mut self, node: Node<'a, 'i>) -> Option<Catch> {
        let triggers = self.definitions(node, true)?;
        Some(Catch {
            triggers,
            parallel: node.attribute("parallelMultiple").is_some_and(flag),
        })
    }

    /// What a throwing event causes.
    pub(super) fn results(&mut self, node: Node<'a, 'i>) -> Option<Vec<EventDefinition>> {
        self.definitions(node, false)
    }

    fn definitions(&mut self, event: Node<'a, 'i>, catching: bool) -> Option<Vec<EventDefinition>> {
        let mut found = Vec::new();
        let mut whole = true;
        for (name, child) in bpmn_children(event) {
            let (name, node) = match name {
                "eventDefinitionRef" => {
                    let reference = text(child);
                    match self.root.definitions.get(local(&reference)).copied() {
                        Some(node) => (node.tag_name().name(), node),
                        None => {
                            let id = event.attribute("id").unwrap_or_default();
                            let message = format!("事件引用的定义“{reference}”不存在");
                            self.problems
                                .push(Problem::at(Code::DanglingReference, id, message));
                            whole = false;
                            continue;
                        }
                    }
                }
                name if name.ends_with("EventDefinition") => (name, child),
                _ => continue, // data of the event
            };
            match self.definition(name, node, event, catching) {
                Some(definition) => found.push(definition),
                None => whole = false,
            }
        }
        whole.then_some(found)
    }

    /// One event definition; `holder` is the event, for what it says beside the definition.
    pub(super) fn definition(
        &mut self,
        name: &str,
        node: Node<'a, 'i>,
        holder: Node<'a, 'i>,
        catching: bool,
    ) -> Option<EventDefinition> {
        let id = holder.attribute("id").unwrap_or_default();
        let reference = |attribute| {
            node.attribute(attribute)
                .map(str::trim)
                .filter(|r| !r.is_empty())
        };
        let tag = holder.tag_name().name();
        let definition = match name {
            "messageEventDefinition" => {
                let (message, correlation) =
                    self.root.message(reference("messageRef"), holder, catching);
                EventDefinition::Message {
                    message,
                    correlation,
                }
            }
            "timerEventDefinition" => self.timer(node, holder, id)?,
            "signalEventDefinition" => {
                let own = || holder.attribute("name").unwrap_or(id);
                EventDefinition::Signal(match reference("signalRef") {
                    Some(r) => self.root.signal(r),
                    None => self.root.signal(own()),
                })
            }
            "errorEventDefinition" => {
                EventDefinition::Error(reference("errorRef").map(|r| self.root.error(r)))
            }
            "escalationEventDefinition" => EventDefinition::Escalation(
                reference("escalationRef").map(|r| self.root.escalation(r)),
            ),
            "conditionalEventDefinition" => {
                let condition = bpmn_children(node).find(|(n, _)| *n == "condition");
                match condition.and_then(|(_, n)| expression(n)) {
                    Some(condition) => EventDefinition::Conditional(condition),
                    None => {
                        let message = "条件事件没有写明条件";
                        if !self.left_open(Code::ConditionMissing, id, message) {
                            return None;
                        }
                        never()
                    }
                }
            }
            "linkEventDefinition" => {
                let name = reference("name").or_else(|| holder.attribute("name"));
                EventDefinition::Link(name.unwrap_or_default().trim().to_owned())
            }
            "compensateEventDefinition" => EventDefinition::Compensation {
                activity: reference("activityRef").map(|r| local(r).to_owned()),
                wait: node.attribute("waitForCompletion").is_none_or(flag),
            },
            "cancelEventDefinition" => EventDefinition::Cancel,
            "terminateEventDefinition" => EventDefinition::Terminate,
            other => {
                self.unsupported(holder, other);
                return None;
            }
        };
        if !allowed(&definition, tag, catching) {
            let message = format!("“{tag}”不能带有“{name}”");
            self.problems
                .push(Problem::at(Code::EventForbidden, id, message));
            return None;
        }
        Some(definition)
    }

    /// The one time a timer states: beside its standard forms also `tongban:workdays`, on the definition or the event.
    fn timer(
        &mut self,
        definition: Node<'_, '_>,
        event: Node<'_, '_>,
        id: &str,
    ) -> Option<EventDefinition> {
        let mut stated: Vec<(TimerUnit, String)> = Vec::new();
        for (name, child) in bpmn_children(definition) {
            let unit = match name {
                "timeDuration" => TimerUnit::Duration,
                "timeDate" => TimerUnit::Date,
                "timeCycle" => TimerUnit::Cycle,
                _ => continue,
            };
            let time = text(child);
            let braced = time.starts_with("${") || time.starts_with("#{");
            stated.push((
                unit,
                if braced {
                    format!("={}", foreign::bare(&time))
                } else {
                    time
                },
            ));
        }
        for node in [definition, event] {
            stated.extend(
                extension(node)
                    .remove("workdays")
                    .map(|days| (TimerUnit::Workdays, days)),
            );
        }
        let [(unit, text)] = stated.as_slice() else {
            let message = "定时事件须写明一个时间：时长、日期、周期或工作日天数，且只能写一个";
            let open = self.left_open(Code::TimerMissing, id, message);
            return open.then(never);
        };
        let timer = Timer::parse(*unit, text);
        timer
            .map(EventDefinition::Timer)
            .map_err(|e| {
                self.problems
                    .push(Problem::at(Code::TimerInvalid, id, e.to_string()))
            })
            .ok()
    }
}

/// What stands for an event of which a drawing does not say when it happens: it does when somebody lets it.
fn never() -> EventDefinition {
    EventDefinition::Conditional("false".to_owned())
}

/// Which definitions which events may carry (BPMN 2.0.2, table 10.93).
fn allowed(definition: &EventDefinition, tag: &str, catching: bool) -> bool {
    use EventDefinition as D;
    match definition {
        D::Message { .. } | D::Signal(_) => true,
        D::Timer(_) | D::Conditional(_) => catching,
        D::Error(_) => matches!(tag, "startEvent" | "boundaryEvent" | "endEvent"),
        D::Escalation(_) | D::Compensation { .. } => tag != "intermediateCatchEvent",
        D::Link(_) => matches!(tag, "intermediateCatchEvent" | "intermediateThrowEvent"),
        D::Cancel => matches!(tag, "boundaryEvent" | "endEvent"),
        D::Terminate => tag == "endEvent",
    }
}
