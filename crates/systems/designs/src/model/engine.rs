//! The only place that talks to the process library: what it reads, checks and runs, as plain values of our own.

use std::collections::BTreeMap;
use std::time::Duration;

use bpmn::{Awaiting, Command, Definitions, Effect, Instance, Interpreter, Owner, Process, TokenState};
use flow::{Feel, FeelUntil};
use serde_json::{Map, Value};

use super::finding::Finding;
use super::trial::Move;

/// How long the expressions of one move may take together.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a node of a drawing is, as far as this system cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// 开始.
    Start,
    /// 结束.
    End,
    /// 人工任务.
    UserTask,
    /// 自动任务.
    ServiceTask,
    /// 排他网关.
    ExclusiveGateway,
    /// Anything else, by its Chinese name.
    Other(&'static str),
}

impl NodeKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "开始",
            Self::End => "结束",
            Self::UserTask => "人工任务",
            Self::ServiceTask => "自动任务",
            Self::ExclusiveGateway => "判断（排他网关）",
            Self::Other(name) => name,
        }
    }

    fn of(kind: &bpmn::Kind) -> Self {
        use bpmn::{Kind, SubProcess, Task};
        match kind {
            Kind::StartEvent { .. } => Self::Start,
            Kind::EndEvent(_) => Self::End,
            Kind::Task(Task::User) => Self::UserTask,
            Kind::Task(Task::Service) => Self::ServiceTask,
            Kind::Task(Task::Send { .. }) => Self::Other("发送任务"),
            Kind::Task(Task::Receive { .. }) => Self::Other("接收任务"),
            Kind::Task(Task::Script { .. }) => Self::Other("脚本任务"),
            Kind::Task(Task::BusinessRule) => Self::Other("规则任务"),
            Kind::Task(Task::Manual | Task::Abstract) => Self::Other("线下任务"),
            Kind::ExclusiveGateway => Self::ExclusiveGateway,
            Kind::ParallelGateway => Self::Other("并行网关"),
            Kind::InclusiveGateway => Self::Other("包容网关"),
            Kind::ComplexGateway { .. } => Self::Other("复杂网关"),
            Kind::EventBasedGateway { .. } => Self::Other("事件网关"),
            Kind::BoundaryEvent { .. } => Self::Other("边界事件"),
            Kind::CatchEvent(_) => Self::Other("等待事件"),
            Kind::ThrowEvent(_) => Self::Other("触发事件"),
            Kind::SubProcess(SubProcess::Event) => Self::Other("事件子流程"),
            Kind::SubProcess(SubProcess::Transaction) => Self::Other("事务子流程"),
            Kind::SubProcess(SubProcess::AdHoc(_)) => Self::Other("自由子流程"),
            Kind::SubProcess(SubProcess::Embedded) => Self::Other("子流程"),
            Kind::CallActivity { .. } => Self::Other("调用流程"),
            _ => Self::Other("其他元素"),
        }
    }
}

/// A node of a drawing.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its id.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Attributes of the extension namespace.
    pub extension: BTreeMap<String, String>,
    /// Ids of the flows that leave it.
    pub outgoing: Vec<String>,
    /// The flow taken when no condition holds.
    pub default: Option<String>,
    /// Ids of the events on its border.
    pub boundary: Vec<String>,
    /// Id of the sub-process it is drawn in.
    pub container: Option<String>,
}

impl Node {
    /// Name if there is one, otherwise the id.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// A non-blank extension value.
    pub fn extension(&self, name: &str) -> Option<&str> {
        self.extension.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

/// A flow of a drawing.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// Where it begins.
    pub source: String,
    /// Where it leads.
    pub target: String,
    /// Its condition.
    pub condition: Option<String>,
}

/// A well-formed process.
#[derive(Debug)]
pub struct Drawing {
    definitions: Definitions,
    /// Id of the process that is meant; the file may hold others that it calls.
    main: String,
    /// Its nodes in document order.
    pub nodes: Vec<Node>,
    /// Its flows in document order.
    pub links: Vec<Link>,
}

fn finding(problem: bpmn::Problem) -> Finding {
    let (element, message) = (problem.element.as_deref(), format!("{}。", problem.message.trim_end_matches('。')));
    match problem.severity {
        bpmn::Severity::Error => Finding::error(element, message),
        bpmn::Severity::Warning => Finding::advice(element, message),
    }
}

impl Drawing {
    /// Reads a file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(xml: &str) -> Result<Self, Vec<Finding>> {
        let definitions = Definitions::parse(xml).map_err(|problems| problems.into_iter().map(finding).collect::<Vec<_>>())?;
        let Some(process) = definitions.main_processes().first().copied() else {
            return Err(vec![Finding::error(None, "文件里没有流程。")]);
        };
        let main = process.id.clone();
        let nodes = process.elements().map(|element| node(process, element)).collect();
        let links = process
            .flows()
            .map(|flow| Link {
                id: flow.id.clone(),
                name: flow.name.clone(),
                source: process[flow.source].id.clone(),
                target: process[flow.target].id.clone(),
                condition: flow.condition.clone(),
            })
            .collect();
        Ok(Self { main, nodes, links, definitions })
    }

    fn process(&self) -> Option<&Process> {
        self.definitions.process(&self.main)
    }

    /// Id of the process that is meant.
    pub fn main(&self) -> &str {
        &self.main
    }

    /// What the deployment would refuse, and what it would only remark.
    pub fn remarks(&self) -> Vec<Finding> {
        let mut problems = bpmn::check_all(&self.definitions, &Feel);
        problems.extend(self.definitions.processes.iter().flat_map(bpmn::check_for_platform));
        problems.into_iter().map(finding).collect()
    }

    /// How many approval layers a case can pass.
    pub fn layers(&self) -> usize {
        self.process().map_or(0, bpmn::approval_layers)
    }

    /// The node with this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The flow with this id.
    pub fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }
}

fn node(process: &Process, element: &bpmn::Element) -> Node {
    Node {
        id: element.id.clone(),
        name: element.name.clone(),
        kind: NodeKind::of(&element.kind),
        extension: element.extension.clone(),
        outgoing: element.outgoing.iter().map(|flow| process[*flow].id.clone()).collect(),
        default: element.default.map(|flow| process[flow].id.clone()),
        boundary: element.boundary.iter().map(|event| process[*event].id.clone()).collect(),
        container: element.container.map(|inside| process[inside].id.clone()),
    }
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// An element was reached.
    Entered(String),
    /// An element did its work.
    Completed(String),
    /// An element was left without doing it.
    Cancelled(String),
    /// A flow was taken.
    Went(String),
    /// The run cannot go on by itself here, with the reason.
    Stuck(String, String),
    /// The run is over.
    Ended,
}

/// What a token waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// A person.
    Task,
    /// A handler of a topic.
    Service,
    /// Other branches, or an operator.
    Other,
}

/// A place where a run waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Names this visit.
    pub id: u64,
    /// Id of the element.
    pub element: String,
    /// What for.
    pub wait: Wait,
    /// Events that can happen: id, and what that would be.
    pub events: Vec<(String, &'static str)>,
}

/// A process that runs in memory.
pub struct Run<'d> {
    drawing: &'d Drawing,
    instance: Instance,
}

impl<'d> Run<'d> {
    /// Starts it.
    ///
    /// # Errors
    /// Why it cannot start.
    pub fn start(drawing: &'d Drawing, variables: Map<String, Value>) -> Result<(Self, Vec<Happening>), String> {
        let process = drawing.process().ok_or_else(|| "文件里没有流程。".to_owned())?;
        let mut run = Self { drawing, instance: Instance::new(process) };
        let happened = run.command(Command::Start { at: None, variables })?;
        Ok((run, happened))
    }

    /// Makes one move.
    ///
    /// # Errors
    /// Why it is not possible; the run is unchanged.
    pub fn apply(&mut self, next: &Move) -> Result<Vec<Happening>, String> {
        self.command(match next.clone() {
            Move::Complete { token, outcome, mut variables } => {
                variables.insert("outcome".into(), outcome.into());
                Command::CompleteTask { token, variables }
            }
            Move::Served { token, result } => {
                let mut variables = Map::new();
                if let Some(result) = result {
                    variables.insert("result".into(), result.into());
                }
                let node = self.instance.token(token).and_then(|at| self.drawing.node(&at.element));
                if let Some(node) = node.filter(|node| node.extension("topic") == Some("cases.departments")) {
                    variables.insert("departments".into(), departments(node));
                }
                Command::ServiceDone { token, variables }
            }
            Move::Happened { token, event } => {
                let is_it = |s: &&bpmn::Subscription| s.owner == Owner::Token(token) && s.element == event && !s.happened;
                let subscription = self.instance.subscriptions.iter().find(is_it).map(|s| s.id);
                let subscription = subscription.ok_or_else(|| format!("没有在等待“{event}”。"))?;
                Command::Trigger { subscription, variables: Map::new() }
            }
        })
    }

    fn command(&mut self, command: Command) -> Result<Vec<Happening>, String> {
        let process = self.drawing.process().ok_or_else(|| "文件里没有流程。".to_owned())?;
        let expressions = FeelUntil::within(PATIENCE);
        let interpreter = Interpreter::new(process, &self.drawing.definitions, &expressions);
        let effects = interpreter.step(&mut self.instance, command).map_err(|refusal| format!("{refusal}。"))?;
        Ok(effects.into_iter().filter_map(happening).collect())
    }

    /// Where it waits.
    pub fn tokens(&self) -> Vec<Token> {
        let wait = |state: &TokenState| match state {
            TokenState::Task => Wait::Task,
            TokenState::Service => Wait::Service,
            _ => Wait::Other,
        };
        let events = |id: u64| {
            let its = |s: &&bpmn::Subscription| s.owner == Owner::Token(id) && !s.happened;
            self.instance.subscriptions.iter().filter(its).filter_map(|s| Some((s.element.clone(), what(&s.awaiting)?))).collect()
        };
        let token = |token: &bpmn::Token| Token { id: token.id, element: token.element.clone(), wait: wait(&token.state), events: events(token.id) };
        // A token inside something waits only for what is inside, unless an event on its border can happen.
        let shown = |t: &&bpmn::Token| !matches!(t.state, TokenState::Inside { .. }) || self.instance.subscriptions.iter().any(|s| s.owner == Owner::Token(t.id));
        self.instance.tokens.iter().filter(shown).map(token).collect()
    }

    /// Whether it is over.
    pub fn ended(&self) -> bool {
        self.instance.ended()
    }

    /// What it knows.
    pub fn variables(&self) -> &Map<String, Value> {
        self.instance.variables()
    }
}

/// The departments of a joint approval, as far as the drawing says; two of no name where a table would.
fn departments(node: &Node) -> Value {
    let drawn = node.extension("departments").unwrap_or("部门一;部门二");
    let names = drawn.split(';').filter_map(|part| part.split('|').next()).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| serde_json::json!({ "name": name })).collect()
}

/// What it means that an event happens; none for conditions, which the data decide.
fn what(awaiting: &Awaiting) -> Option<&'static str> {
    match awaiting {
        Awaiting::Timer { .. } => Some("时间到"),
        Awaiting::Message { .. } => Some("收到消息"),
        Awaiting::Signal { .. } => Some("听到信号"),
        _ => None,
    }
}

fn happening(effect: Effect) -> Option<Happening> {
    Some(match effect {
        Effect::ElementEntered { at } => Happening::Entered(at.element),
        Effect::ElementCompleted { at } => Happening::Completed(at.element),
        Effect::ElementCancelled { at, .. } => Happening::Cancelled(at.element),
        Effect::FlowTaken { flow, .. } => Happening::Went(flow),
        Effect::Incident { at, incident } => Happening::Stuck(at.element, incident.reason),
        Effect::InstanceEnded { .. } => Happening::Ended,
        _ => return None,
    })
}
