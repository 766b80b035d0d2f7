//! Seals at work.

pub(super) mod apply;
pub(super) mod by_hand;
pub(super) mod list;
pub(super) mod seal;
