//! What operators do.

mod jobs;
mod retention;

pub use self::jobs::{dead_job, dead_jobs, drop_job, retry_job};
pub use retention::{Forgotten, forget};
