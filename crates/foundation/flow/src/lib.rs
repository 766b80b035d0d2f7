//! The durable host of processes: BPMN instances, their human tasks, timers and service calls in the database.
//!
//! The interpreter itself is pure (`bpmn`); this room stores what it says. Everything happens in the caller's
//! transaction: a task is there for its next person in the very commit that created it, and a process never disagrees
//! with the record it is about. Human work of every system is a row of `flow_task`, listed in one work list; nobody
//! writes a second inbox or a second state machine.
//!
//! Extension attributes the host understands on a user task: `permission` (who may do it; `applicant` means the party
//! itself), `step` (what the owning system calls this work), `layer` (its approval layer), `limit`, `yellow` and `red` (working
//! days for the step, and how many are left when its light changes), `notice` (who is told when it comes: the topic
//! [`NOTICE_TOPIC`] is asked). Service tasks name a `topic`.

mod definition;
mod effects;
mod engine;
mod events;
mod feel;
mod incidents;
mod limits;
mod migration;
pub mod signing;
mod store;
mod tasks;
mod timeline;
mod topics;
mod work;
mod worklist;

pub use definition::{Version, current, drawing, problems, versions};
pub use engine::{Engine, Outcome, Subject, WorkdayCalendar};
pub use events::{call_out, post};
pub use feel::{Feel, FeelUntil};
pub use incidents::{Incident, Resolution, open_incidents};
pub use limits::{Limit, near_limit};
pub use migration::{Mapping, Place as MigrationPlace, plan as plan_migration};
pub use store::{RunningProcess, TASK_COLUMNS, Task, migrations, open_tasks, read_work, running, still_open, task, tasks, work_join};
pub use tasks::{Back, Colleague, Copy, PassedStep, copies, passed_steps, read_copies, send_copies, shown_to};
pub use timeline::{Event, Happened, Step, steps};
pub use topics::{LocalTopic, ServiceCall, Topic, TopicHandler};
pub use worklist::{WorkFilter, worklist};

/// Permission name of tasks that the party itself does.
pub const APPLICANT: &str = "applicant";

/// The topic business rule tasks ask; their attribute `decision` names the decision.
pub const DECISION_TOPIC: &str = "decisions.evaluate";

/// The topic that tells people of a task that has come, in the transaction that made it; only tasks with a `notice` ask it.
pub const NOTICE_TOPIC: &str = "tasks.notice";

/// Kinds of jobs this room needs a handler for; see [`Engine::jobs`].
pub const JOB_KINDS: [&str; 4] = [work::TIMER, work::SERVICE, work::MESSAGE, work::SIGNAL];
