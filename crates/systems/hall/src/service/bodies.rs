//! Departments and windows, asked of `organization`.

use base::{Error, Result};
use platform::Platform;
use uuid::Uuid;

use crate::model::place;

/// A department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyLine {
    /// The body.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// Where it is; may be empty.
    pub address: String,
    /// Telephone for questions; may be empty.
    pub phone: String,
    /// Telephone for complaints; may be empty.
    pub complaint_phone: String,
}

/// A window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowLine {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub place: String,
}

/// The windows of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    /// Name of the place.
    pub place: String,
    /// Its windows.
    pub windows: Vec<WindowLine>,
}

impl From<organization::Body> for BodyLine {
    fn from(b: organization::Body) -> Self {
        Self { id: b.id, name: b.name, region: b.region, address: b.address, phone: b.phone, complaint_phone: b.complaint_phone }
    }
}

/// The departments that serve a place: its own, and where it has none, those of the next wider place that has.
///
/// # Errors
/// When the database fails.
pub async fn of_place(platform: &Platform, place: &str) -> Result<Vec<BodyLine>> {
    for region in place::chain(place) {
        let bodies = organization::bodies(platform.db.read(), &region).await?;
        if !bodies.is_empty() {
            return Ok(bodies.into_iter().map(BodyLine::from).collect());
        }
    }
    Ok(Vec::new())
}

/// One department.
///
/// # Errors
/// [`base::Kind::NotFound`] when there is none.
pub async fn body(platform: &Platform, id: Uuid) -> Result<BodyLine> {
    let found = organization::body(platform.db.read(), id).await?;
    found.map(BodyLine::from).ok_or_else(|| Error::not_found("没有这个部门，请从部门列表里选择。"))
}

/// The windows of a place itself.
///
/// # Errors
/// When the database fails.
pub async fn windows(platform: &Platform, place: &str) -> Result<Vec<WindowLine>> {
    let windows = organization::windows(platform.db.read(), place).await?;
    Ok(windows.into_iter().map(|w| WindowLine { name: w.name, place: w.place }).collect())
}

/// The windows of a place and of every wider one, the nearest first. A place has at most five levels above it.
///
/// # Errors
/// When the database fails.
pub async fn halls(platform: &Platform, place: &str) -> Result<Vec<Hall>> {
    let mut halls = Vec::new();
    for region in place::chain(place) {
        let windows = windows(platform, &region).await?;
        if windows.is_empty() {
            continue;
        }
        let name = organization::region(platform.db.read(), &region).await?.map_or(region, |r| r.name);
        halls.push(Hall { place: name, windows });
    }
    Ok(halls)
}
