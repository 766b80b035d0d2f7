//! Operations (平台运维): what those who run an installation see and do: jobs that were given up, and rows that are over.
//!
//! It has no tables of its own. Every act of an operator is in the journal, in the chain of the job concerned, whether it came
//! from the page or from the command line.

mod pages;
mod permissions;
mod service;

use system::{Duty, System};

pub use permissions::OPERATE;
pub use service::{Forgotten, dead_jobs, drop_job, forget, retry_job};

/// This system.
pub fn system() -> System {
    System {
        name: "operations",
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        duties: vec![Duty {
            name: "operations.retention",
            every_seconds: 3600,
            run: |platform| Box::pin(async move { service::forget(&platform).await.map(|_| ()) }),
        }],
        ..System::default()
    }
}
