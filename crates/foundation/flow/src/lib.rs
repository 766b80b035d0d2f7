//! The durable host of processes: BPMN instances, their human tasks, timers and service calls in the database.
//!
//! The interpreter itself is pure (`bpmn`); this room stores what it says. Everything happens in the caller's
//! transaction: a task is there for its next person in the very commit that created it, and a process never disagrees
//! with the record it is about. Human work of every system is a row of `flow_task`, listed in one work list; nobody
//! writes a second inbox or a second state machine.
//!
//! Extension attributes the host understands on a user task: `permission` (who may do it; `applicant` means the party
//! itself), `step` (what the owning system calls this work), `layer` (its approval layer). Service tasks name a `topic`.

mod engine;
mod store;
mod topics;
mod worklist;

pub use engine::{Engine, Outcome, Subject, WorkdayCalendar};
pub use store::{TASK_COLUMNS, Task, migrations, open_tasks, read_work, task, tasks, work_join};
pub use topics::{LocalTopic, ServiceCall, Topic, TopicHandler};
pub use worklist::{WorkFilter, worklist};

/// Permission name of tasks that the party itself does.
pub const APPLICANT: &str = "applicant";

/// Kinds of jobs this room needs a handler for; see [`Engine::jobs`].
pub const JOB_KINDS: [&str; 2] = ["flow.timer", "flow.service"];
