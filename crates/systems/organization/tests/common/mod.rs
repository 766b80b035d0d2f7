//! A platform over an empty database, with a clock that stands still.

use std::sync::Arc;

use base::FixedClock;
use testhouse::Setup;
use platform::{Platform, Site};

pub async fn platform(url: &str) -> (Platform, Arc<FixedClock>) {
    let site = Site { demonstration: true, ..Site::default() };
    Setup { site, ..Setup::of(&[organization::migrations()]) }.connect(url).await
}
