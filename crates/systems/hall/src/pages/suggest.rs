//! `GET /search/suggest?q=` for the search box.

use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use web::{Ctx, PageResult};

use super::place;
use crate::service::items::{self, Suggestion};

/// What was typed so far.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
}

/// Suggestions, most fitting first; an empty list when nothing was typed.
pub async fn answer(ctx: Ctx, Query(typed): Query<Typed>) -> PageResult<Json<Vec<Suggestion>>> {
    let text: String = typed.q.trim().chars().take(40).collect();
    if text.is_empty() {
        return Ok(Json(Vec::new()));
    }
    Ok(Json(items::suggest(ctx.platform(), place(&ctx), &text).await?))
}
