//! Rules of 好差评, pure: what a rating may say, how a bad one is put right, how results are counted.

mod rating;
mod rectification;
mod tally;
mod text;

pub use rating::{Channel, Rating, check_rating, level_name};
pub use rectification::{Act, Dues, Stage, is_bad};
pub use tally::Tally;
pub use text::public_text;
