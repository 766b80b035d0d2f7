//! The work of those who manage licences.

pub(super) mod act;
pub(super) mod licence;
pub(super) mod list;
pub(super) mod orders;
pub(super) mod stock;
pub(super) mod type_edit;
pub(super) mod types;
pub(super) mod watch;
