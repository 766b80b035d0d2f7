use axum::Json;
use axum::extract::Path;
use base::Error;
use chrono::{DateTime, Utc};
use forms::Form;
use serde::Serialize;
use uuid::Uuid;
use web::{Ctx, PageResult};

use crate::model::ItemSpec;
use crate::service::published;

/// The version in force with everything a channel needs.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    item_id: Uuid,
    version_id: Uuid,
    version: i32,
    body_id: Uuid,
    body_name: String,
    region: String,
    implementation_code: String,
    handling_code: String,
    published_at: Option<DateTime<Utc>>,
    content_hash: String,
    spec: ItemSpec,
    form: Form,
}

/// `GET /api/items/{id}`: one published item. `404 not_found`; `422 catalog.suspended` or `catalog.cancelled` as problem+json.
pub(super) async fn get(ctx: Ctx, Path(id): Path<String>) -> PageResult<Json<Answer>> {
    let id = id.parse().map_err(|_| Error::not_found("没有这个事项，事项标识应为 UUID。"))?;
    let item = published(&ctx, id).await?;
    Ok(Json(Answer {
        item_id: item.item_id,
        version_id: item.id,
        version: item.version,
        body_id: item.body_id,
        body_name: item.body_name.clone(),
        region: item.region.clone(),
        implementation_code: item.implementation_code.clone(),
        handling_code: item.handling_code.clone(),
        published_at: item.published_at,
        content_hash: item.spec.content_hash(),
        spec: item.spec.clone(),
        form: item.form.clone(),
    }))
}
