//! `GET /api/licences/types?after=…` → the directory of licence types.
//!
//! ```json
//! { "types": [{ "code": "11450300…001", "name": "食品经营许可证", "body": "…", "body_uscc": "…", "holder": "firm", "domain": "commerce",
//!   "validity": { "rule": "years", "years": 5 }, "trust": "A", "fields": [{ "name": "经营场所", "required": true }], "basis": "…",
//!   "definition": "…", "version": 1, "in_force_since": "…" }], "next": null }
//! ```

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use db::Cursor;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::service;

const PER_PAGE: usize = 200;

/// The endpoint.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Json<Value>> {
    super::brake(&ctx)?;
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::directory(ctx.platform(), after.as_ref(), PER_PAGE).await?;
    let types: Vec<Value> = page
        .items
        .iter()
        .map(|entry| {
            let spec = &entry.spec;
            json!({
                "code": entry.row.code, "name": spec.name, "body": entry.row.body_name, "body_uscc": entry.row.code.get(..18), "holder": spec.holder,
                "domain": spec.domain, "validity": spec.validity, "trust": spec.trust, "fields": spec.fields, "basis": spec.basis,
                "definition": spec.definition, "version": entry.version.number, "in_force_since": entry.version.in_force_at,
            })
        })
        .collect();
    Ok(Json(json!({ "types": types, "next": page.next.as_ref().map(Cursor::as_str) })))
}
