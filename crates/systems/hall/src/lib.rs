//! The hall (网上政务服务大厅): the public portal of a place, where people find what they have to do, read its guide,
//! begin an application, and see their own affairs with what waits for them first.
//!
//! It holds no matter of its own but notices and the figures of each day. Items come from `catalog`, places and bodies
//! from `organization`, cases from `cases`, licences from `licences`, each through one file of [`service`]. The figures
//! are counted from the events of `cases`, so that showing them costs nothing.

pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use jobs::Subscription;
use platform::Platform;
use system::System;

pub use permissions::PUBLISH;
pub use service::demo::load as load_demo;

/// This system.
pub fn system(platform: &Platform) -> System {
    System {
        name: "hall",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        subscriptions: vec![
            Subscription {
                name: "hall.daily",
                topics: service::daily::TOPICS,
                handler: Arc::new(service::daily::Counter(platform.clone())),
            },
            Subscription {
                name: "hall.ratings",
                topics: service::ratings::TOPICS,
                handler: Arc::new(service::ratings::Follow(platform.clone())),
            },
        ],
        ..System::default()
    }
}
