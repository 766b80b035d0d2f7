//! What the host tells the interpreter, and what it hears back.

use serde::{Deserialize, Serialize};

use crate::{
    condition::Variables,
    instance::{Ending, Incident, ScopeId, SubscriptionId, TokenId},
    timer::TimerDue,
};

/// A fact or decision the host brings. Authorisation is the host's: whoever sends a command may do so.
/// `variables` are laid over the instance's, name by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Begin.
    Start {
        /// Id of the event that happened (see [`Process::starts`](crate::Process::starts)); without one the process begins
        /// by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// First variables.
        variables: Variables,
    },
    /// A person finished the user task.
    CompleteTask {
        /// The task's token.
        token: TokenId,
        /// What the form produced.
        variables: Variables,
    },
    /// The handler of the service task succeeded.
    ServiceDone {
        /// The service's token.
        token: TokenId,
        /// What the handler produced.
        variables: Variables,
    },
    /// The handler gave up (the host's own attempts are spent): raises an incident.
    ServiceFailed {
        /// The service's token.
        token: TokenId,
        /// Why.
        error: String,
    },
    /// The person or handler reports an error the process knows.
    ThrowError {
        /// The token of the task.
        token: TokenId,
        /// The error's code.
        code: String,
        /// What is known about it.
        variables: Variables,
    },
    /// The person or handler reports something higher levels should know of; the task stays open unless they withdraw it.
    Escalate {
        /// The token of the task.
        token: TokenId,
        /// The escalation's code.
        code: String,
    },
    /// What a subscription waits for happened: its timer is due, or a message came for it.
    Trigger {
        /// Which.
        subscription: SubscriptionId,
        /// What came with it.
        variables: Variables,
    },
    /// A signal was called out; all that wait for it here hear it.
    Signal {
        /// Its name.
        name: String,
        /// What came with it.
        variables: Variables,
    },
    /// Begin an activity of an ad-hoc sub-process, for the first time or again.
    Begin {
        /// The run of the sub-process.
        scope: ScopeId,
        /// Id of the activity.
        element: String,
    },
    /// Try again what raised the token's incident.
    Retry {
        /// The token with the incident.
        token: TokenId,
    },
    /// Withdraw one token and go on at another element (退回, or an operator's repair): of the same run, or of one around
    /// it, whose part the token is in is withdrawn then.
    MoveToken {
        /// The token to withdraw.
        token: TokenId,
        /// Id of an activity, exclusive gateway or end event.
        to: String,
    },
    /// Withdraw all tokens and go on with one, e.g. to send parallel work back to one desk.
    MoveAll {
        /// Id of an activity, exclusive gateway or end event of the process itself.
        to: String,
    },
    /// Add one round to a parallel multi-instance activity (加签).
    AddInstance {
        /// The run of the loop.
        scope: ScopeId,
        /// What the round is for.
        item: serde_json::Value,
    },
    /// Withdraw one round of a multi-instance activity (减签), as if it had never been planned.
    RemoveInstance {
        /// The token of the round.
        token: TokenId,
    },
    /// Lay variables over the instance's.
    SetVariables {
        /// The variables.
        variables: Variables,
    },
    /// End the instance, e.g. because the applicant withdrew.
    Terminate {
        /// Why.
        reason: String,
    },
}

/// Where in which process something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The visit.
    pub token: TokenId,
    /// Id of the process.
    pub process: String,
    /// Id of the element.
    pub element: String,
}

/// What the host has to do or record, in this order, in the transaction that stores the new state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// History: a token came to an element.
    ElementEntered { at: Visit },
    /// History: an element did its work.
    ElementCompleted { at: Visit },
    /// History: an element was left without completing.
    ElementCancelled { at: Visit, cause: Cause },
    /// History: a token went into another one, at a join or before an activity that needs several.
    Merged { at: Visit },
    /// History: a token went along a flow.
    FlowTaken { process: String, flow: String },
    /// Put a task on the work list.
    TaskCreated { at: Visit },
    /// The task is done; take it off the list.
    TaskCompleted { at: Visit },
    /// The task is void; take it off the list.
    TaskCancelled { at: Visit, cause: Cause },
    /// Ask the handler of `topic`; answer with `ServiceDone`, `ServiceFailed` or `ThrowError`. Empty when none was drawn.
    ServiceRequested { at: Visit, topic: String },
    /// Evaluate the decision; answer as for a service. Empty when none was drawn.
    DecisionRequested { at: Visit, decision: String },
    /// The answer is no longer wanted and will be refused.
    ServiceCancelled { at: Visit, cause: Cause },
    /// Send [`Command::Trigger`] when `due`. A timer that is set again replaces the earlier one.
    TimerSet {
        subscription: SubscriptionId,
        element: String,
        due: TimerDue,
    },
    /// Forget the timer.
    TimerCancelled { subscription: SubscriptionId },
    /// Send [`Command::Trigger`] when this message comes.
    MessageAwaited {
        subscription: SubscriptionId,
        element: String,
        name: String,
        correlation: Option<String>,
    },
    /// Send [`Command::Signal`] when this signal is called out.
    SignalAwaited {
        subscription: SubscriptionId,
        element: String,
        name: String,
    },
    /// The message or signal is no longer waited for.
    AwaitedNoMore { subscription: SubscriptionId },
    /// Deliver a message. `received` says that this instance itself took it.
    MessageThrown {
        at: Visit,
        name: String,
        correlation: Option<String>,
        received: bool,
    },
    /// Call a signal out to all other instances; this one has heard it.
    SignalThrown { at: Visit, name: String },
    /// History: an error was raised.
    ErrorThrown {
        at: Visit,
        code: String,
        caught: bool,
    },
    /// History: something was passed to higher levels.
    EscalationThrown {
        at: Visit,
        code: String,
        caught: bool,
    },
    /// History: an activity was undone.
    Compensated { process: String, element: String },
    /// History: a script in a language this library does not speak was passed over.
    ScriptSkipped { at: Visit, format: String },
    /// A token cannot go on by itself; tell an operator.
    Incident { at: Visit, incident: Incident },
    /// The incident is no more.
    IncidentResolved { at: Visit },
    /// The instance is over. Always the last effect.
    InstanceEnded { ending: Ending },
}

/// Why an element was left without completing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// This event withdrew it.
    Event { element: String },
    /// The host moved the token to this element.
    Moved { to: String },
    /// Enough rounds or activities were done.
    Enough,
    /// Another event of the same gateway happened first.
    OtherEvent,
    /// The part of the process it was in ended.
    Ended,
}

/// Why a command was not carried out; the instance is unchanged. The text is a Chinese sentence for the person acting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The instance belongs to another process, or to another version with other elements.
    #[error("流程实例与流程定义不一致，请联系系统管理员")]
    WrongProcess,
    /// Nothing in the process begins by itself or by this event.
    #[error("流程没有可以开始的节点，不能启动")]
    NoStart,
    /// `Start` on a running instance.
    #[error("流程已经启动，不能重复启动")]
    AlreadyStarted,
    /// Any other command before `Start`.
    #[error("流程尚未启动")]
    NotStarted,
    /// Any command after the end.
    #[error("流程已经结束，不能继续办理")]
    Ended,
    /// The instance never had this token.
    #[error("找不到该办理环节")]
    TokenUnknown(TokenId),
    /// The token was completed, withdrawn or moved: usually a second click, or a lost race.
    #[error("该环节已由他人办结、退回或取消，请刷新后查看")]
    TokenGone(TokenId),
    /// The token waits for something else than the command brings.
    #[error("该环节当前状态不允许此操作")]
    NotWaiting(TokenId),
    /// The time of an event sub-process that listens from the start cannot be told.
    #[error("定时“{0}”无法设置，请检查流程定义")]
    BadTimer(String),
    /// Nobody waits for this event (any more).
    #[error("没有环节在等待该事件")]
    NotAwaited(SubscriptionId),
    /// The token has no incident that trying again could resolve.
    #[error("该环节没有可重试的异常")]
    NothingToRetry(TokenId),
    /// The target of a move is not an element of the process.
    #[error("流程中没有节点“{0}”")]
    TargetUnknown(String),
    /// The target of a move is a start event, boundary event or parallel gateway, or lies inside a sub-process.
    #[error("不能移动到节点“{0}”，只能移动到任务、排他网关或结束节点")]
    TargetForbidden(String),
    /// Moving one of several parallel tokens there would run its siblings' branches a second time.
    #[error("还有并行环节没有办结，不能单独移动到节点“{0}”，请整体退回")]
    TargetShared(String),
    /// Not a run of a multi-instance activity that can change, or its last round.
    #[error("该环节不能增加或减少办理人")]
    NotAdjustable,
    /// The command needs more than [`MAX_STEPS`](crate::MAX_STEPS) steps or [`MAX_TOKENS`](crate::MAX_TOKENS) tokens.
    #[error("流程设置有误，自动流转超过上限，请联系系统管理员")]
    Limit,
}
