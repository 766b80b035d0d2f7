//! Tables of ratings.

mod migrations;
mod rectification;
mod review;
mod reviewable;
mod tally;

pub(crate) use rectification::scope;
pub use migrations::migrations;
pub use rectification::{Rectification, insert_rectification, rectification, rectification_of_case, rectifications, save_rectification};
pub use review::{Review, insert_review, latest_comments, mark_wrong, review, reviews_of};
pub use reviewable::{Reviewable, ended, known, reviewable};
pub use tally::{BodyTally, add, by_body};
