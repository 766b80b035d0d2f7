//! What the host tells the interpreter, and what it hears back.

use serde::{Deserialize, Serialize};

use crate::{
    condition::Variables,
    instance::{Ending, Incident, TokenId},
    timer::TimerDue,
};

/// A fact or decision the host brings. Authorisation is the host's: whoever sends a command may do so.
/// `variables` are laid over the instance's, name by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Begin at the start event.
    Start {
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
    /// Try again what raised the token's incident.
    Retry {
        /// The token with the incident.
        token: TokenId,
    },
    /// A timer fell due.
    TimerFired {
        /// The activity's token.
        token: TokenId,
        /// Id of the boundary event.
        timer: String,
    },
    /// Withdraw one token and go on at another element (退回, or an operator's repair).
    MoveToken {
        /// The token to withdraw.
        token: TokenId,
        /// Id of an activity, exclusive gateway or end event.
        to: String,
    },
    /// Withdraw all tokens and go on with one, e.g. to send parallel work back to one desk.
    MoveAll {
        /// Id of an activity, exclusive gateway or end event.
        to: String,
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

/// What the host has to do or record, in this order, in the transaction that stores the new state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// History: a token came to an element.
    ElementEntered { token: TokenId, element: String },
    /// History: an element did its work.
    ElementCompleted { token: TokenId, element: String },
    /// History: an element was left without completing.
    ElementCancelled {
        token: TokenId,
        element: String,
        cause: Cause,
    },
    /// History: a token went along a flow.
    FlowTaken { flow: String },
    /// Put a task on the work list.
    TaskCreated { token: TokenId, element: String },
    /// The task is done; take it off the list.
    TaskCompleted { token: TokenId, element: String },
    /// The task is void; take it off the list.
    TaskCancelled {
        token: TokenId,
        element: String,
        cause: Cause,
    },
    /// Ask the handler of `topic`; answer with `ServiceDone` or `ServiceFailed`. Empty when none was drawn.
    ServiceRequested {
        token: TokenId,
        element: String,
        topic: String,
    },
    /// The handler's answer is no longer wanted and will be refused.
    ServiceCancelled {
        token: TokenId,
        element: String,
        cause: Cause,
    },
    /// Send `TimerFired { token, timer }` when `due`. `timer` is the id of the boundary event.
    TimerSet {
        token: TokenId,
        timer: String,
        due: TimerDue,
    },
    /// Forget the timer.
    TimerCancelled { token: TokenId, timer: String },
    /// A token cannot go on by itself; tell an operator.
    Incident {
        token: TokenId,
        element: String,
        incident: Incident,
    },
    /// The incident is no more.
    IncidentResolved { token: TokenId, element: String },
    /// The instance is over. Always the last effect.
    InstanceEnded { ending: Ending },
}

/// Why an element was left without completing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// This boundary event fired.
    Timer { element: String },
    /// The host moved the token to this element.
    Moved { to: String },
    /// The instance ended.
    Ended,
}

/// Why a command was not carried out; the instance is unchanged. The text is a Chinese sentence for the person acting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The instance belongs to another process, or to another version with other elements.
    #[error("流程实例与流程定义不一致，请联系系统管理员")]
    WrongProcess,
    /// The process has no start event, or several.
    #[error("流程没有唯一的开始节点，不能启动")]
    NoSingleStart,
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
    /// The timer is not set for this token.
    #[error("该环节没有等待中的定时“{0}”")]
    TimerNotSet(String),
    /// The token has no incident that trying again could resolve.
    #[error("该环节没有可重试的异常")]
    NothingToRetry(TokenId),
    /// The target of a move is not an element of the process.
    #[error("流程中没有节点“{0}”")]
    TargetUnknown(String),
    /// The target of a move is a start event, boundary event or parallel gateway.
    #[error("不能移动到节点“{0}”，只能移动到任务、排他网关或结束节点")]
    TargetForbidden(String),
    /// Moving one of several parallel tokens there would run its siblings' branches a second time.
    #[error("还有并行环节没有办结，不能单独移动到节点“{0}”，请整体退回")]
    TargetShared(String),
    /// The command needs more than [`MAX_STEPS`](crate::MAX_STEPS) steps or [`MAX_TOKENS`](crate::MAX_TOKENS) tokens.
    #[error("流程设置有误，自动流转超过上限，请联系系统管理员")]
    Limit,
}
