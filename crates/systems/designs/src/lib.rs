//! Designs (设计): the processes, decision tables and forms that department staff draw in the browser (M-APPR-02).
//!
//! A [`store::DesignRow`] has a kind, a body it belongs to and a key by which items name it. It is written as a draft, checked, tried,
//! sent for review, and published by a second person with the day from which it holds; a published version never
//! changes, and a case that began under one stays with it. [`model`] holds the rules as pure functions, [`service`] the use
//! cases; [`effective`] and [`choices`] are what items and cases read; [`course`] tells how far a
//! running process is, and [`view`] draws it for pages of any system.

mod api;
pub mod events;
pub mod model;
mod pages;
mod permissions;
pub mod service;
pub mod store;
pub mod view;

use system::System;

pub use events::DesignEvent;
pub use model::Kind;
pub use model::course::{Ahead, Course};
pub use permissions::{EDIT, REVIEW};
pub use service::{Choice, Effective, choices, course, effective};

/// This system.
pub fn system() -> System {
    System {
        name: "designs",
        migrations: Some(store::migrations()),
        routes: pages::routes().merge(api::routes()),
        nav: pages::nav(),
        permissions: permissions::ALL,
        ..System::default()
    }
}
