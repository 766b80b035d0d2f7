//! `tongban bench`: what the program costs, always beside something to compare with in the same run: the main job beside bare
//! commits of the same engine, pages of a full database beside those of one with a hundredth of it.

mod cases;
mod client;
mod flows;
mod load;
mod pages;

pub use cases::{cases, soak};
pub use flows::flows;
pub use pages::{Scale, pages};
