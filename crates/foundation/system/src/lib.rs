//! What a system is: a value that lists its rooms. The binary composes systems; adding one is one line there.

use std::sync::Arc;

use access::Permission;
use base::Result;
use db::SystemMigrations;
use flow::Topic;
use futures::future::BoxFuture;
use jobs::{Handler, Subscription};
use platform::Platform;
use web::{NavEntry, Routes};

/// A regular duty: runs at start and then at every interval, on one copy at a time.
#[derive(Clone)]
pub struct Duty {
    /// Stable name.
    pub name: &'static str,
    /// Seconds between runs.
    pub every_seconds: u64,
    /// What it does.
    pub run: fn(Platform) -> BoxFuture<'static, Result<()>>,
}

/// Something a service health page can check.
pub type Start = fn(Platform) -> BoxFuture<'static, Result<()>>;

/// A system, e.g. `cases`.
#[derive(Default)]
pub struct System {
    /// Stable name.
    pub name: &'static str,
    /// Its tables.
    pub migrations: Option<SystemMigrations>,
    /// Its pages and endpoints.
    pub routes: Routes,
    /// Its entries in the navigation.
    pub nav: Vec<NavEntry>,
    /// Permissions it checks.
    pub permissions: &'static [Permission],
    /// Handlers of its jobs.
    pub jobs: Vec<(&'static str, Arc<dyn Handler>)>,
    /// What it wants to hear of.
    pub subscriptions: Vec<Subscription>,
    /// Process topics it answers.
    pub topics: Vec<(&'static str, Topic)>,
    /// Regular duties.
    pub duties: Vec<Duty>,
    /// Runs once before the server listens, e.g. to fill the search index.
    pub start: Option<Start>,
}
