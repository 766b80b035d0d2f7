//! `tongban bench`: what the program costs, always beside something to compare with in the same run: the main job beside bare
//! commits of the same engine, pages of a full database beside those of one with a hundredth of it.

mod cases;
mod client;
mod decisions;
mod documents;
mod flows;
mod forms;
mod load;
mod pages;
mod server;

pub use cases::{cases, soak};
pub use decisions::decisions;
pub use documents::documents;
pub use flows::{flows, waiting};
pub use forms::forms;
pub use pages::{Scale, pages};
