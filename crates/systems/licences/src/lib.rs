//! Electronic licences (电子证照库, M-DATA-08): issued in the very transaction of the decision, kept sealed, verified by
//! anybody through a QR code, taken out of force with a reason.
//!
//! A process asks for a licence through the topic `licences.issue`. An identifier follows GB/T 36904. Whether a licence is
//! in force is never stored: it follows from what people did to it and from its days ([`model::Standing`]).

pub mod api;
pub mod events;
pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use flow::Topic;
use platform::Platform;
use system::System;

pub use permissions::MANAGE;
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
        jobs: vec![(service::PDF_JOB, Arc::new(service::PdfJob(platform.clone())))],
        topics: vec![("licences.issue", Topic::Local(Arc::new(service::IssueTopic(platform.clone()))))],
        ..System::default()
    }
}
