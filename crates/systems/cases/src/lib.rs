//! Cases (办件): one party's application for one item version, from the first page of the form to the delivered result.
//!
//! The states and the legal clock are rules in [`model`]; the order of human work is a BPMN process run by `flow`; every
//! act is a function of [`service`], authorised, journalled on the case's own chain, and told to the others through
//! [`events`]. Other systems read cases through [`service`] and [`store`]'s rows and subscribe to the events; `cases`
//! knows none of them.

pub mod events;
pub mod model;
pub mod permissions;
pub mod processes;
pub mod service;
pub mod store;

mod pages;

use std::sync::Arc;

use jobs::Subscription;
use platform::Platform;
use system::System;

pub use events::{CaseEvent, CaseEventKind};
pub use model::ResultRef;
pub use service::{IssueBasis, issue_basis, record_result};

/// The system, for the composition.
pub fn system(platform: &Platform) -> System {
    System {
        name: "cases",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        topics: service::topics(platform),
        jobs: service::jobs(platform),
        subscriptions: vec![Subscription {
            name: service::SEAL_WAITING,
            topics: &["seals.in_force"],
            handler: Arc::new(service::SealWaiting(platform.clone())),
        }],
        start: Some(|platform| {
            Box::pin(async move {
                processes::deploy_supplied(&platform).await?;
                service::end_all_in_time(&platform).await
            })
        }),
        ..System::default()
    }
}
