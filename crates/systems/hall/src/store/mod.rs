//! Tables of the hall: the figures of each day, the notices, and which cases wait for a rating.

mod daily;
mod migrations;
mod notice;
mod rating;

pub use daily::{add, figures};
pub use migrations::migrations;
pub use notice::{Notice, insert_notice, notice, notices, withdraw_notice};
pub use rating::{ended, rated, to_rate};
