//! Supervision (电子监察, M-SUPV-01): follows every case from what `cases` tells, shows lights, alerts each breach once, sends
//! notices (督办) that the department must answer, shows the whole trail with its journal verified, and publishes figures.
//!
//! Rules are data ([`model::Rule`]); what people can find only themselves they record. Supervision changes nothing of a
//! case: it has no way to.

pub mod events;
pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use jobs::Subscription;
use platform::Platform;
use system::{Duty, System};

pub use permissions::{NOTICE, VIEW};
pub use service::{Figures, figures, patrol};

/// This system.
pub fn system(platform: &Platform) -> System {
    System {
        name: "supervision",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        subscriptions: vec![
            Subscription { name: "supervision.cases", topics: service::CASE_TOPICS, handler: Arc::new(service::FollowCases(platform.clone())) },
            Subscription { name: "supervision.reviews", topics: service::REVIEW_TOPICS, handler: Arc::new(service::FollowReviews(platform.clone())) },
        ],
        duties: vec![Duty {
            name: "supervision.patrol",
            every_seconds: service::PATROL_SECONDS,
            run: |platform| Box::pin(async move { service::patrol(&platform).await.map(|_| ()) }),
        }],
        ..System::default()
    }
}
