//! The journal: an append-only record of who did what to which record, when and why.
//!
//! Every case has its own chain: each entry carries the SM3 hash of itself and the entry before it, so that a changed,
//! removed or inserted entry shows. Every day a Merkle root over the chains that grew that day is kept, itself chained
//! to the day before: a chain that vanished altogether shows too. Corrections are new entries; nothing is ever updated.

mod chain;
mod merkle;
mod store;

pub use chain::{Entry, Fault, digest, verify_entries};
pub use merkle::merkle_root;
pub use store::{DayFault, Draft, HEAD_COLUMNS, append, begins, entries, head_join, migrations, read_head, Report, seal_day, seal_past_days, start_of_day, verify_all, verify_chain, verify_day};
