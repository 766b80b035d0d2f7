//! Places, asked of `organization`.

use base::{Error, Result};
use codes::RegionCode;
use platform::Platform;

use crate::model::place;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceLine {
    /// 12 digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Names of the places it lies in, widest first.
    pub within: String,
}

/// A place, those above it and those inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// The place.
    pub place: PlaceLine,
    /// Above it, widest first, up to the installation's own region.
    pub above: Vec<PlaceLine>,
    /// Inside it.
    pub children: Vec<PlaceLine>,
}

fn line(region: organization::Region) -> PlaceLine {
    PlaceLine { code: region.code, name: region.name, within: String::new() }
}

fn inside(platform: &Platform, code: &str) -> bool {
    place::within(code, &platform.site.region) == code
}

/// Where somebody looks in the tree of places.
///
/// # Errors
/// [`base::Kind::NotFound`] when the place does not exist or is not served here.
pub async fn here(platform: &Platform, code: &str) -> Result<Here> {
    let conn = platform.db.read();
    let found = if inside(platform, code) { organization::region(conn, code).await? } else { None };
    let place = found.ok_or_else(|| Error::not_found("没有这个地区，请从列表里重新选择。"))?;
    let above = organization::ancestors(conn, code).await?.into_iter().filter(|r| inside(platform, &r.code)).map(line).collect();
    let children = organization::children(conn, code).await?.into_iter().map(line).collect();
    Ok(Here { place: line(place), above, children })
}

/// Places by a part of their name, inside the installation's own region.
///
/// # Errors
/// When the database fails.
pub async fn search(platform: &Platform, own: &str, name: &str) -> Result<Vec<PlaceLine>> {
    let conn = platform.db.read();
    let found = organization::search_regions(conn, name, 60).await?;
    let counties = organization::children(conn, own).await?;
    let named = |region: organization::Region| {
        let county = RegionCode::parse(&region.code).map(|c| format!("{:0<12}", c.region6())).unwrap_or_default();
        let within = counties.iter().find(|c| c.code == county && c.code != region.code).map_or_else(String::new, |c| c.name.clone());
        PlaceLine { code: region.code, name: region.name, within }
    };
    Ok(found.into_iter().filter(|r| inside(platform, &r.code)).map(named).take(30).collect())
}

/// The place that was chosen, if it is served here.
///
/// # Errors
/// [`base::Kind::NotFound`] when it is not.
pub async fn choose(platform: &Platform, code: &str) -> Result<PlaceLine> {
    Ok(here(platform, code).await?.place)
}
