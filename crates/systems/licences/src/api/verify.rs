//! `GET /api/licences/verify?code=…` → the standing of a licence.
//!
//! ```json
//! { "found": true, "state": "valid", "verdict": "真实有效", "type_name": "食品经营许可证", "issuer": "…", "holder": "…",
//!   "identifier": "1.2.156.3005.2.…", "number": "…", "issued_on": "2026-03-09", "valid_from": "2026-03-09", "valid_until": null }
//! ```
//! Unknown: `{ "found": false, "state": "unknown", "verdict": "查无此证" }`. A broken identifier: `form.invalid` (422).

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::service;

/// The endpoint.
pub async fn verify(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Json<Value>> {
    let question = query.get("code").map_or("", String::as_str);
    Ok(Json(match service::verify(ctx.platform(), question).await? {
        None => json!({ "found": false, "state": "unknown", "verdict": "查无此证" }),
        Some(v) => json!({
            "found": true, "state": v.standing.code(), "verdict": v.standing.verdict(), "type_name": v.type_name, "issuer": v.issuer,
            "holder": v.holder, "identifier": v.identifier, "number": v.number, "issued_on": v.issued_on, "valid_from": v.valid_from,
            "valid_until": v.valid_until, "ended_on": v.ended_on,
        }),
    }))
}
