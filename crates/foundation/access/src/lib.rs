//! Who may do what: typed permissions, granted to posts, scoped by region, body and item.
//!
//! The same grant is used twice, so that it cannot be forgotten once: as a check in the service
//! ([`Actor::require`]) and as a filter in the query ([`Actor::filter`]). Lists are never filtered afterwards.

mod actor;
mod deputy;
mod filter;
mod permission;

pub use actor::{Actor, Party, PartyKind, Staff};
pub use deputy::{Deputy, Principal};
pub use filter::ScopeColumns;
pub use permission::{Grant, Permission, Scope, Target};
