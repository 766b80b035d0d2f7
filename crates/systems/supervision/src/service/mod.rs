//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod figures;
mod follow;
mod look;
mod notices;
mod patrol;
mod record;

pub use figures::{Figures, figures};
pub use follow::{CASE_TOPICS, FollowCases, FollowReviews, REVIEW_TOPICS};
pub use look::{Dashboard, Trail, dashboard, trail};
pub use notices::{NewNotice, answer, list, one, review, send};
pub use patrol::{PATROL_SECONDS, patrol};
pub use record::record;
