use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use base::Error;
use db::Cursor;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web::{Ctx, PageResult};

use crate::service::{ItemCard, ItemFilter, list_published, search};

/// What may be asked. All parts are optional.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// 12-digit region code; the installation's own when missing.
    region: Option<String>,
    /// Identifier of a body.
    body: Option<Uuid>,
    /// Key of a theme: `P01`.
    theme: Option<String>,
    /// Code of a service object: `1`.
    object: Option<String>,
    /// Words, keywords or a code; the answer then is the best matches, without further pages.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows per page, 1–200.
    size: Option<usize>,
}

/// A page: `{"items":[{"item_id":"…","name":"…", …}],"next":"7b…"}`.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    items: Vec<ItemCard>,
    next: Option<String>,
}

/// `GET /api/items`: published items. An unknown cursor is answered with `404 not_found` as problem+json.
pub(super) async fn get(ctx: Ctx, asked: Result<Query<Asked>, QueryRejection>) -> PageResult<Json<Answer>> {
    let Query(asked) = asked.map_err(|rejection| Error::field("query", format!("查询参数无法识别：{}。", rejection.body_text())))?;
    let region = asked.region.unwrap_or_else(|| ctx.region().to_owned());
    let size = asked.size.unwrap_or(50).clamp(1, 200);
    if let Some(text) = asked.q.filter(|q| !q.trim().is_empty()) {
        let mut facets = Vec::new();
        facets.extend(asked.body.map(|body| format!("body:{body}")));
        facets.extend(asked.theme.map(|theme| format!("theme:{theme}")));
        facets.extend(asked.object.map(|object| format!("object:{object}")));
        return Ok(Json(Answer { items: search(&ctx, &text, &region, &facets, 0, size)?, next: None }));
    }
    let filter = ItemFilter { region, body: asked.body, theme: asked.theme, object: asked.object, ..ItemFilter::default() };
    let after = asked.after.as_deref().map(Cursor::from_param);
    let page = list_published(ctx.db.read(), &filter, after.as_ref(), size).await?;
    Ok(Json(Answer { items: page.items, next: page.next.map(|c| c.as_str().to_owned()) }))
}
