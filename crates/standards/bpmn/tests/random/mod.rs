//! Random processes, sensible or not, and random commands for them.
#![allow(dead_code)] // each test file uses its part

use std::fmt::Write;

use bpmn::{Command, Instance, Process, TokenState, Variables};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

/// Raw material of a command; made into one when the instance is known, so that most commands hit something.
#[derive(Debug, Clone)]
pub struct Raw {
    kind: u8,
    token: Index,
    element: Index,
    name: Index,
    value: Value,
}

impl Raw {
    /// A start like those the command was made from.
    pub fn start(&self) -> Self {
        Self {
            kind: 22,
            ..self.clone()
        }
    }
}

pub fn raw() -> impl Strategy<Value = Raw> {
    let value = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0_i64..5).prop_map(Value::from),
        prop::sample::select(vec!["accept", "correct", "back", "grant", "refuse", "x"])
            .prop_map(Value::from),
        Just(json!({"workdays": 5})),
        Just(Value::Null),
    ];
    let index = any::<Index>;
    (0_u8..34, index(), index(), index(), value).prop_map(|(kind, token, element, name, value)| {
        Raw {
            kind,
            token,
            element,
            name,
            value,
        }
    })
}

const NAMES: [&str; 7] = [
    "acceptance",
    "examination",
    "decision",
    "correction",
    "again",
    "match",
    "x",
];

pub fn command(raw: &Raw, process: &Process, instance: &Instance) -> Command {
    let variables: Variables = [(
        NAMES[raw.name.index(NAMES.len())].to_owned(),
        raw.value.clone(),
    )]
    .into_iter()
    .collect();
    let open = &instance.tokens;
    let token = if open.is_empty() || raw.kind == 23 {
        raw.token.index(instance.next_id as usize + 2) as u64
    } else {
        open[raw.token.index(open.len())].id
    };
    let elements: Vec<_> = process.elements().map(|e| e.id.clone()).collect();
    let element = elements
        .get(raw.element.index(elements.len().max(1)))
        .cloned()
        .unwrap_or_default();
    let to = element.clone();
    let scope = instance.scopes[raw.token.index(instance.scopes.len())].id;
    let state = instance.token(token).map(|t| &t.state);
    match (raw.kind, state) {
        (0..12, Some(TokenState::Service)) => Command::ServiceDone { token, variables },
        (0..12, Some(TokenState::Event)) | (15 | 16 | 25 | 26, _) => {
            let all = &instance.subscriptions;
            let subscription = match all.get(raw.element.index(all.len().max(1))) {
                Some(s) => s.id,
                None => token,
            };
            Command::Trigger {
                subscription,
                variables,
            }
        }
        (0..12, _) => Command::CompleteTask { token, variables },
        (12, _) => Command::ServiceFailed {
            token,
            error: "合成故障".into(),
        },
        (13 | 14, _) => Command::Retry { token },
        (17 | 18, _) => Command::MoveToken { token, to },
        (19, _) => Command::MoveAll { to },
        (20, _) => Command::SetVariables { variables },
        (21, _) if raw.token.index(8) == 0 => Command::Terminate {
            reason: "合成撤回".into(),
        },
        (22, _) => Command::Start {
            at: (raw.token.index(4) == 0).then_some(element),
            variables,
        },
        (24, _) => Command::Signal {
            name: "S".into(),
            variables,
        },
        (27 | 28, _) => Command::ThrowError {
            token,
            code: ["E1", "E2"][raw.name.index(2)].into(),
            variables,
        },
        (29, _) => Command::Escalate {
            token,
            code: "up".into(),
        },
        (30, _) => Command::Begin { scope, element },
        (31, _) => Command::AddInstance {
            scope,
            item: raw.value.clone(),
        },
        (32, _) => Command::RemoveInstance { token },
        _ => Command::CompleteTask { token, variables },
    }
}

/// One node, and the content of a sub-process.
#[derive(Debug, Clone)]
struct Node {
    kind: u8,
    variant: u8,
    looping: u8,
    inside: Body,
}

#[derive(Debug, Clone, Default)]
struct Body {
    nodes: Vec<Node>,
    /// Source, target, and what is on the flow.
    flows: Vec<(Index, Index, u8)>,
}

fn body(inside: impl Strategy<Value = Body> + Clone) -> impl Strategy<Value = Body> {
    let node =
        (0_u8..20, 0_u8..8, 0_u8..12, inside).prop_map(|(kind, variant, looping, inside)| Node {
            kind,
            variant,
            looping,
            inside,
        });
    let flows = prop::collection::vec((any::<Index>(), any::<Index>(), 0_u8..4), 0..4);
    (prop::collection::vec(node, 1..7), flows).prop_map(|(nodes, flows)| Body { nodes, flows })
}

/// A random graph: every kind of element, flows with or without a condition or default, sub-processes two deep.
pub fn any_process() -> impl Strategy<Value = String> {
    let leaf = Just(Body::default());
    body(body(leaf).boxed()).prop_map(|body| document(&body))
}

fn document(body: &Body) -> String {
    let mut text = String::new();
    draw(body, &mut text, &mut 0, "");
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:t="https://tongban.cn/bpmn">
        <message id="M" name="M"/><signal id="S" name="S"/><error id="E1" errorCode="E1"/><escalation id="up" escalationCode="up"/>
        <process id="p">{text}</process></definitions>"#
    )
}

const MESSAGE: &str = r#"<messageEventDefinition messageRef="M"/>"#;
const SIGNAL: &str = r#"<signalEventDefinition signalRef="S"/>"#;
const ERROR: &str = r#"<errorEventDefinition errorRef="E1"/>"#;
const ESCALATION: &str = r#"<escalationEventDefinition escalationRef="up"/>"#;
const CYCLE: &str = "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>";
const TIMER: &str = r#"<timerEventDefinition t:workdays="1"/>"#;
const CONDITION: &str =
    "<conditionalEventDefinition><condition>x = true</condition></conditionalEventDefinition>";
const COMPENSATE: &str = "<compensateEventDefinition/>";
const COMPENSATE_ASIDE: &str = r#"<compensateEventDefinition waitForCompletion="false"/>"#;

/// Draws a body; ids are `n` and the number of the node in the whole file.
fn draw(body: &Body, text: &mut String, next: &mut usize, within: &str) {
    let mut ids = Vec::new();
    let mut inner = String::new();
    let out = |text: &mut String, node: &Node, id: &str, next: &mut usize| {
        let v = usize::from(node.variant);
        let looping = match node.looping {
            0 => "<standardLoopCharacteristics loopMaximum=\"2\"/>",
            1 => {
                "<standardLoopCharacteristics testBefore=\"true\"><loopCondition>x = true</loopCondition></standardLoopCharacteristics>"
            }
            2 => {
                "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>x = 1</completionCondition></multiInstanceLoopCharacteristics>"
            }
            3 => {
                "<multiInstanceLoopCharacteristics isSequential=\"true\"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
            }
            4 => {
                "<multiInstanceLoopCharacteristics t:collection=\"x\" t:item=\"y\" t:outputCollection=\"z\" t:outputItem=\"y\"/>"
            }
            _ => "",
        };
        let quantity = if node.looping == 6 {
            r#"startQuantity="2" completionQuantity="2""#
        } else {
            ""
        };
        let boundary = |event: &str, more: &str| {
            format!(
                r#"<boundaryEvent id="{id}b" attachedToRef="{id}" {more}>{event}</boundaryEvent>"#
            )
        };
        let aside = r#"cancelActivity="false""#;
        let mut whole = |tag: &str, attributes: &str, before: &str, after: &str| {
            let mut content = String::new();
            draw(&node.inside, &mut content, next, tag);
            format!(r#"<{tag} id="{id}" {attributes}>{before}{content}{looping}</{tag}>{after}"#)
        };
        let task = |tag: &str, attributes: &str| {
            format!(r#"<{tag} id="{id}" {quantity} {attributes}>{looping}</{tag}>"#)
        };
        *text += &match node.kind {
            0 | 1 => task("userTask", r#"t:permission="p""#),
            2 => task("serviceTask", "t:topic=\"t\"") + &boundary(TIMER, ""),
            3 => {
                task("userTask", "")
                    + &boundary(
                        [
                            CYCLE, MESSAGE, SIGNAL, CONDITION, ESCALATION, TIMER, ERROR, CYCLE,
                        ][v],
                        if v == 6 { "" } else { aside },
                    )
            }
            4 => format!(r#"<exclusiveGateway id="{id}"/>"#),
            5 | 6 => format!(r#"<parallelGateway id="{id}"/>"#),
            7 => format!(r#"<inclusiveGateway id="{id}"/>"#),
            8 => {
                let condition = if v < 4 {
                    "<activationCondition>activationCount >= 1</activationCondition>"
                } else {
                    ""
                };
                format!(
                    r#"<complexGateway id="{id}">{}</complexGateway>"#,
                    condition.replace(">=", "&gt;=")
                )
            }
            9 => {
                let what = [
                    TIMER, MESSAGE, SIGNAL, CONDITION, CYCLE, "", MESSAGE, SIGNAL,
                ][v];
                format!(r#"<intermediateCatchEvent id="{id}">{what}</intermediateCatchEvent>"#)
            }
            10 => {
                let what = [
                    MESSAGE,
                    SIGNAL,
                    ESCALATION,
                    COMPENSATE,
                    COMPENSATE_ASIDE,
                    "",
                    SIGNAL,
                    COMPENSATE,
                ][v];
                format!(r#"<intermediateThrowEvent id="{id}">{what}</intermediateThrowEvent>"#)
            }
            11 => whole(
                "subProcess",
                "",
                "",
                &boundary([ERROR, ESCALATION, SIGNAL, TIMER][v % 4], ""),
            ),
            12 => whole(
                "transaction",
                "",
                "",
                &boundary("<cancelEventDefinition/>", ""),
            ),
            13 => whole(
                "adHocSubProcess",
                ["", r#"ordering="Sequential""#][v % 2],
                ["", "<completionCondition>x = true</completionCondition>"][v / 4],
                "",
            ),
            14 => format!(r#"<eventBasedGateway id="{id}"/>"#),
            15 => {
                let handler = format!(
                    r#"<userTask id="{id}u" isForCompensation="true"/><association id="{id}a" sourceRef="{id}b" targetRef="{id}u"/>"#
                );
                task("userTask", "") + &boundary("<compensateEventDefinition/>", "") + &handler
            }
            16 => task(
                "callActivity",
                ["calledElement=\"q\"", "calledElement=\"p\""][usize::from(v == 0)],
            ),
            17 => {
                let start = [
                    MESSAGE,
                    SIGNAL,
                    ERROR,
                    ESCALATION,
                    TIMER,
                    CONDITION,
                    CYCLE,
                    if within.is_empty() {
                        SIGNAL
                    } else {
                        COMPENSATE
                    },
                ][v];
                let aside = if node.looping < 6 && v != 2 {
                    r#"isInterrupting="false""#
                } else {
                    ""
                };
                let start = format!(r#"<startEvent id="{id}s" {aside}>{start}</startEvent>"#);
                let target = *next;
                let first = if node.inside.nodes.first().is_some_and(|n| n.kind != 17) {
                    format!(r#"<sequenceFlow id="{id}f" sourceRef="{id}s" targetRef="n{target}"/>"#)
                } else {
                    String::new()
                };
                let mut content = String::new();
                draw(&node.inside, &mut content, next, "eventSubProcess");
                format!(
                    r#"<subProcess id="{id}" triggeredByEvent="true">{start}{first}{content}</subProcess>"#
                )
            }
            18 => task(["receiveTask", "sendTask"][v % 2], r#"messageRef="M""#),
            _ => {
                let cancel = if within == "transaction" {
                    "<cancelEventDefinition/>"
                } else {
                    ""
                };
                let what = [
                    "",
                    "",
                    "<terminateEventDefinition/>",
                    ERROR,
                    ESCALATION,
                    SIGNAL,
                    COMPENSATE,
                    cancel,
                ][v];
                format!(r#"<endEvent id="{id}">{what}</endEvent>"#)
            }
        };
    };
    for node in &body.nodes {
        let id = format!("n{next}");
        *next += 1;
        out(&mut inner, node, &id, next);
        ids.push((id, node.kind));
    }
    let connected = |kind: u8| kind != 17;
    let last = |kind: u8| kind == 19;
    let mut count = 0;
    let mut connect = |from: &str, to: &str, mark: u8| {
        let condition = match mark {
            1 => "<conditionExpression>x = true</conditionExpression>",
            2 => "<conditionExpression>x &gt; 2</conditionExpression>",
            _ => "",
        };
        let id = format!("{from}{to}f{count}");
        count += 1;
        let _ = write!(
            inner,
            r#"<sequenceFlow id="{id}" sourceRef="{from}" targetRef="{to}">{condition}</sequenceFlow>"#
        );
    };
    let flowing: Vec<&(String, u8)> = ids.iter().filter(|(_, k)| connected(*k)).collect();
    for pair in flowing.windows(2) {
        if !last(pair[0].1) {
            connect(&pair[0].0, &pair[1].0, 0);
        }
    }
    if !flowing.is_empty() {
        for (from, to, mark) in &body.flows {
            let (from, to) = (
                flowing[from.index(flowing.len())],
                flowing[to.index(flowing.len())],
            );
            if !last(from.1) {
                connect(&from.0, &to.0, *mark);
            }
        }
    }
    for (id, kind) in &ids {
        let has_boundary = matches!(kind, 2 | 3 | 11 | 12);
        if let (true, Some(first)) = (has_boundary, flowing.first()) {
            connect(&format!("{id}b"), &first.0, 0);
        }
    }
    if within.is_empty()
        && let Some(first) = flowing.first()
    {
        inner += r#"<startEvent id="start"/>"#;
        let _ = write!(
            inner,
            r#"<sequenceFlow id="sf" sourceRef="start" targetRef="{}"/>"#,
            first.0
        );
    }
    *text += &inner;
}
