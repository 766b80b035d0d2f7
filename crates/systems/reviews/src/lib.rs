//! Reviews (好差评, M-EVAL-01): the party of a case that ended rates it, freely and once; a bad rating opens a task that is
//! verified, put right, answered, and asked about again; results are public.
//!
//! It lives off the events of `cases`, and keeps its own counters in the transaction of each act. What the law leaves to
//! places (days, levels) stands in [`model`].

pub mod events;
pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use jobs::Subscription;
use platform::Platform;
use system::System;

pub use events::{ReviewEvent, ReviewEventKind};
pub use permissions::HANDLE;
pub use service::{Period, Results, results};

/// This system.
pub fn system(platform: &Platform) -> System {
    System {
        name: "reviews",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        subscriptions: vec![Subscription { name: "reviews.follow", topics: service::TOPICS, handler: Arc::new(service::Follow(platform.clone())) }],
        ..System::default()
    }
}
