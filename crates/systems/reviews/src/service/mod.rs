//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod follow;
mod rate;
mod rectify;
mod results;

pub use follow::{Follow, TOPICS};
pub use rate::{RatingInput, RatingPage, rate, rating_page};
pub use rectify::{Step, TaskView, perform, task, tasks};
pub use results::{Comment, Period, Results, results};
