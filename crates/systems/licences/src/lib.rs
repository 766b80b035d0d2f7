//! Electronic licences (电子证照库, M-DATA-08): described by type, issued in the very transaction of the decision, kept sealed,
//! followed version by version, verified by anybody online or by the signed QR code alone, shown by one-time codes.
//!
//! A process asks for a licence through the topic `licences.issue`; stock comes in lists that two people answer for. An
//! identifier follows GB/T 36904. Whether a licence is in force is never stored: it follows from what people did to it and
//! from its days ([`model::Standing`]). Every look beyond what anybody may learn is written down for the holder.

pub mod api;
pub mod events;
pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use flow::Topic;
use jobs::Subscription;
use platform::Platform;
use system::{Duty, System};

pub use permissions::{APPROVE, MANAGE};
pub use service::{IssueOrder, my_licences, verify};
pub use store::Licence;

/// This system.
pub fn system(platform: &Platform) -> System {
    System {
        name: "licences",
        migrations: Some(store::migrations()),
        routes: pages::routes().merge(api::routes()),
        nav: pages::nav(),
        permissions: permissions::ALL,
        jobs: vec![(service::PAPER_JOB, Arc::new(service::PaperJob(platform.clone()))), (service::STOCK_JOB, Arc::new(service::StockJob(platform.clone())))],
        subscriptions: vec![Subscription {
            name: service::SEAL_WAITING,
            topics: &["seals.in_force"],
            handler: Arc::new(service::SealWaiting(platform.clone())),
        }],
        duties: vec![Duty { name: "licences.reminders", every_seconds: 6 * 3600, run: |platform| Box::pin(service::remind(platform)) }],
        topics: vec![("licences.issue", Topic::Local(Arc::new(service::IssueTopic(platform.clone()))))],
        ..System::default()
    }
}
