//! Seals as law and practice know them: kinds, what they may be put under, states.

mod kind;
mod picture;
mod state;

pub use kind::{Purpose, SealKind};
pub use picture::{ACROSS_MM, Face, draw};
pub use state::{Act, Standing, State};
