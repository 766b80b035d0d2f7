//! The rules of the catalogue without database, clock or network.
//!
//! * [`item`] — what an implementation list (实施清单) says about one item;
//! * [`codes_of_items`] — the code sets those elements are written in;
//! * [`check`] — what keeps an item from being published, and what should be better;
//! * [`form`] — the form a citizen fills in: parsed, checked, paged, validated;
//! * [`situation`] — the few questions that tell which materials somebody needs;
//! * [`import`] — item lists of other platforms, row by row, nothing lost.

pub mod check;
pub mod codes_of_items;
mod codeset;
pub mod import;
pub mod item;
pub mod situation;
#[cfg(test)]
mod tests;

pub use check::{Problem, Severity, problems};
pub use codes_of_items::*;
pub use item::*;
pub use situation::{Guide, Situation};
