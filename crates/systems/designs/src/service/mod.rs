//! Use cases, one per function: authorise → load → decide (model) → save → journal → tell.

mod course;
mod decide;
mod draft;
mod effective;
mod review;
mod view;

pub use course::course;
pub use decide::{Asked, MAX_QUESTIONS, ask, table_in_force};
pub use draft::{NewDesign, Saved, create, save, save_examples, start_version};
pub use effective::{Choice, Effective, choices, effective};
pub use review::{publish, reject, submit};
pub use view::{DesignView, design, version_of};
