//! Results for everybody (结果全公开).

use base::Result;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use codes::RegionCode;
use platform::Platform;

use crate::model::{Tally, public_text};
use crate::store::{self, BodyTally};

/// Comments shown.
const COMMENTS: i64 = 20;

/// The time results are shown for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The last thirty days.
    Days30,
    /// The last twelve months.
    Year,
}

impl Period {
    /// Reads the value of the address; thirty days when there is none.
    pub fn from_code(code: &str) -> Self {
        if code == "year" { Self::Year } else { Self::Days30 }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Days30 => "近 30 天",
            Self::Year => "近一年",
        }
    }

    /// Grain, first and last period of the counters.
    fn bounds(self, today: NaiveDate) -> (&'static str, String, String) {
        match self {
            Self::Days30 => ("day", today.checked_sub_days(Days::new(29)).unwrap_or(today).to_string(), today.to_string()),
            Self::Year => {
                let month = |day: NaiveDate| day.format("%Y-%m").to_string();
                ("month", month(today.checked_sub_months(Months::new(11)).unwrap_or(today)), month(today))
            }
        }
    }
}

/// A comment without anything that leads to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Stars given.
    pub stars: u8,
    /// The text.
    pub text: String,
    /// The item.
    pub item: String,
    /// The body.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Results of a region.
#[derive(Debug, Clone)]
pub struct Results {
    /// Everything together.
    pub whole: Tally,
    /// By body, most ratings first.
    pub bodies: Vec<BodyTally>,
    /// The latest comments.
    pub comments: Vec<Comment>,
}

/// The results of a region and everything under it.
///
/// # Errors
/// When the database fails.
pub async fn results(platform: &Platform, region: &str, period: Period) -> Result<Results> {
    let prefix = RegionCode::parse(region).map_or_else(|_| region.to_owned(), |code| code.prefix().to_owned());
    let conn = platform.db.read();
    let (grain, from, to) = period.bounds(platform.today());
    let mut bodies = store::by_body(conn, &prefix, grain, &from, &to).await?;
    bodies.sort_by_key(|body| (std::cmp::Reverse(body.tally.rated()), body.body_id));
    let comments = store::latest_comments(conn, &prefix, COMMENTS).await?;
    Ok(Results {
        whole: bodies.iter().fold(Tally::default(), |sum, body| sum.plus(&body.tally)),
        comments: comments
            .into_iter()
            .map(|r| Comment { stars: r.stars(), text: public_text(&r.text), item: r.item_name, body: r.body_name, at: r.made_at })
            .collect(),
        bodies,
    })
}
