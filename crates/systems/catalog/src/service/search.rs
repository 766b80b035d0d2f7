use base::Result;
use platform::Platform;
use search::Query;
use uuid::Uuid;

use super::browse::{ItemCard, chain};

/// Finds published items by words, parts of words, keywords or codes.
///
/// What belongs to the visitor's region (and the regions in it) comes first, then what the regions above it offer, so
/// that a county visitor finds the items of the county and of the city. `facets` as in the index: `theme:P01`,
/// `object:1`, `body:<id>`, `popular`, `online`.
///
/// # Errors
/// When the index cannot be read.
pub fn search(platform: &Platform, text: &str, region: &str, facets: &[String], offset: usize, limit: usize) -> Result<Vec<ItemCard>> {
    let wanted = offset.saturating_add(limit).min(1000);
    let mut found: Vec<ItemCard> = Vec::new();
    for (level, code) in chain(region).into_iter().enumerate() {
        if found.len() >= wanted {
            break;
        }
        let place = if level == 0 { format!("region:{code}") } else { format!("at:{code}") };
        let all: Vec<String> = facets.iter().cloned().chain([place]).collect();
        let hits = platform.search.find(&Query { text, kind: super::index::KIND, facets: &all, offset: 0, limit: wanted - found.len() })?;
        for hit in hits {
            found.push(serde_json::from_str(&hit.payload)?);
        }
    }
    Ok(found.into_iter().skip(offset).take(limit).collect())
}

/// Completions for the search box: label, address, hint.
///
/// # Errors
/// When the index cannot be read.
pub fn suggest(platform: &Platform, text: &str) -> Result<Vec<(String, String, String)>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let cards = search(platform, text, &platform.site.region, &[], 0, 8)?;
    Ok(cards.into_iter().map(|card| (card.name, format!("/items/{}", card.item_id), card.body_name)).collect())
}

/// Items of any state by name or code, for the workbench; the list behind it applies the actor's scope.
///
/// # Errors
/// When the index cannot be read.
pub fn search_work(platform: &Platform, text: &str) -> Result<Vec<Uuid>> {
    let hits = platform.search.find(&Query { text, kind: super::index::WORK_KIND, facets: &[], offset: 0, limit: 200 })?;
    Ok(hits.iter().filter_map(|hit| hit.payload.parse().ok()).collect())
}
