//! The catalogue (政务服务事项目录): what a government offers, on which conditions, with which materials, in what time.
//!
//! A base item of the regional catalogue (基本目录) becomes the implementation list (实施清单) of each body that handles
//! it. Lists are written, checked, reviewed and published as versions; a published version never changes. Everything
//! else — guides, forms, cases, windows, supervision — reads from here (数据同源).
//!
//! [`model`] holds the rules as pure functions, [`service`] the use cases; [`published`] and [`version`] are what cases
//! and guides read, [`list_published`], [`popular`], [`search`] and [`suggest`] how people find items, and
//! [`pages::guide`] draws the public guide.

mod api;
mod events;
pub mod model;
pub mod pages;
mod permissions;
pub mod service;
pub mod store;

use std::sync::Arc;

use jobs::Subscription;
use platform::Platform;
use system::System;

pub use events::{CatalogEvent, CatalogEventKind};
pub use permissions::{EDIT, REVIEW};
pub use service::{
    Implementer, ItemCard, ItemFilter, ItemVersion, form_context, guide, list_published, load_demo_items, popular, publish_bulk, published, search, suggest, version,
};

/// The catalogue as a system.
pub fn system(platform: &Platform) -> System {
    System {
        name: "catalog",
        migrations: Some(store::migrations()),
        routes: pages::routes().merge(api::routes()),
        nav: pages::nav(),
        permissions: permissions::ALL,
        subscriptions: vec![Subscription {
            name: "catalog.index",
            topics: &["catalog.published", "catalog.withdrawn"],
            handler: Arc::new(service::Follower(platform.clone())),
        }],
        start: Some(|platform| Box::pin(service::fill(platform))),
        ..System::default()
    }
}
