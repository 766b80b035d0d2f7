//! Figures for everybody: today and this month (M-PORT-01.35).

use base::Result;
use chrono::Datelike;
use codes::RegionCode;
use platform::Platform;

use crate::model::DayFigures;
use crate::store::{self, BodyFigures};

/// Figures of a region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Today.
    pub today: DayFigures,
    /// From the first of the month on.
    pub month: DayFigures,
    /// The month by body, most decided first.
    pub bodies: Vec<BodyFigures>,
}

/// The figures of a region and everything under it.
///
/// # Errors
/// When the database fails.
pub async fn figures(platform: &Platform, region: &str) -> Result<Figures> {
    let prefix = RegionCode::parse(region).map_or_else(|_| region.to_owned(), |code| code.prefix().to_owned());
    let today = platform.today();
    let first = today.with_day(1).unwrap_or(today);
    let conn = platform.db.read();
    let sum = |bodies: &[BodyFigures]| bodies.iter().fold(DayFigures::default(), |sum, body| sum.plus(&body.figures));
    let of_today = store::days(conn, &prefix, today, today).await?;
    let bodies = store::days(conn, &prefix, first, today).await?;
    Ok(Figures { today: sum(&of_today), month: sum(&bodies), bodies })
}
