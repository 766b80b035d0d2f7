//! What the front page of a place shows, asked for at most every half minute.

use base::Result;
use chrono::NaiveDate;
use platform::Platform;
use reviews::Period;

use super::bodies::{self, BodyLine};
use super::items::{self, ItemLine};
use crate::model::figures::Figures;
use crate::model::place;
use crate::store::{self, Notice};

/// Ratings of the last thirty days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratings {
    /// How many.
    pub all: i64,
    /// Of those, three stars and more (好评).
    pub good: i64,
}

/// The front page of a place.
#[derive(Debug, Clone)]
pub struct Front {
    /// 高频事项
    pub popular: Vec<ItemLine>,
    /// The newest notices.
    pub notices: Vec<Notice>,
    /// Departments of the place.
    pub bodies: Vec<BodyLine>,
    /// What people say of the place and everything inside it.
    pub ratings: Ratings,
    /// Figures of today, of the place and everything inside it.
    pub today: Figures,
    /// Which day that is.
    pub day: NaiveDate,
}

/// Asks for everything the front page shows.
///
/// # Errors
/// When the database fails.
pub async fn load(platform: &Platform, place: &str) -> Result<Front> {
    let conn = platform.db.read();
    let day = platform.today();
    let whole = reviews::results(platform, place, Period::Days30).await?.whole;
    Ok(Front {
        popular: items::popular(platform, place, 8).await?,
        notices: store::notices(conn, None, 6).await?.items,
        bodies: bodies::of_place(platform, place).await?,
        ratings: Ratings { all: whole.rated(), good: whole.good() },
        today: store::figures(conn, day, &place::range(place)).await?,
        day,
    })
}
