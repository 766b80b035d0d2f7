//! Work that must happen although nobody waits for it: durable jobs and the outbox.
//!
//! * A job is written in the transaction of the act that needs it, so it exists exactly if the act does. Any copy of
//!   the program leases it, runs it, and deletes it when done; a copy that is killed loses its lease and another
//!   takes over. Failures, panics and the end of the program in the middle of a job are tries; they are repeated with growing
//!   pauses, and after the last the job is *dead* and stays visible until an operator retries or drops it.
//! * An event is written to the outbox in the transaction of the act it tells of. The dispatcher turns it into one job
//!   per subscriber, so that a failing subscriber never holds up another. Subscribers see an event at least once and
//!   must bear seeing it twice.

mod dead;
mod outbox;
mod runner;
mod store;

pub use dead::{DeadJob, dead, dead_one, dead_page, drop_dead, forget_events, revive};
pub use outbox::{Event, Subscription, emit};
pub use runner::{Handler, Runner, Wake};
pub use store::{Job, NewJob, cancel, enqueue, migrations};
