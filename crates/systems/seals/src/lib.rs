//! Electronic seals of bodies (统一电子印章, M-PLAT-03): applied for, made by another person's decision, held by named officers,
//! used under what they are for and nothing else, suspended, revoked, replaced; every use on record; verified by anybody.
//!
//! It has a small trust of its own: a root, an issuing authority, the maker of seals and a time stamping authority
//! ([`service::anchors`]); private keys live in a [`KeyStore`] and never come out. Other systems hand in an [`Order`] and have
//! their document back sealed, as OFD and as PDF ([`issue`]).

pub mod api;
pub mod events;
pub mod model;
pub mod pages;
pub mod service;
pub mod store;

mod permissions;

use platform::Platform;
use system::{Duty, System};

pub use model::{Purpose, SealKind};
pub use permissions::{APPROVE, MANAGE};
pub use service::{Format, KeyStore, Order, content, find, issue, typesetter};
pub use store::{Paper, migrations, waiting};

/// This system.
pub fn system(_: &Platform) -> System {
    System {
        name: "seals",
        migrations: Some(store::migrations()),
        routes: pages::routes().merge(api::routes()),
        nav: pages::nav(),
        permissions: permissions::ALL,
        duties: vec![Duty { name: "seals.lists", every_seconds: 6 * 3600, run: |platform| Box::pin(async move { service::renew_lists(&platform).await }) }],
        start: Some(|platform| Box::pin(async move { service::renew_lists(&platform).await })),
        ..System::default()
    }
}
