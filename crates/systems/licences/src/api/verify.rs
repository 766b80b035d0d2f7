//! `GET /api/licences/verify?code=…` → the standing of a licence, by identifier or by the code of its QR.
//!
//! ```json
//! { "found": true, "state": "valid", "verdict": "真实有效", "type_name": "食品经营许可证", "issuer": "…", "holder": "…",
//!   "identifier": "1.2.156.3005.2.…", "number": "…", "issued_on": "2026-03-09", "valid_from": "2026-03-09", "valid_until": null,
//!   "ended_on": null, "successor": null, "trust": "A" }
//! ```
//! Unknown: `{ "found": false, "state": "unknown", "verdict": "查无此证" }`. A broken identifier: `form.invalid` (422).
//! After a change `state` is `changed` and `successor` the identifier of the new version.
//!
//! `POST /api/licences/verify` with `{"questions":["…", …]}` (1–100) → `{"answers":[…]}` in their order, each as above.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Query, Request};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::service::{self, Verified};

/// One licence.
pub async fn one(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Json<Value>> {
    super::brake(&ctx)?;
    let question = query.get("code").map_or("", String::as_str);
    Ok(Json(answer(service::verify(ctx.platform(), question).await?.as_ref())))
}

#[derive(Deserialize)]
struct Asked {
    questions: Vec<String>,
}

/// Many licences.
pub async fn many(ctx: Ctx, request: Request) -> PageResult<Json<Value>> {
    super::brake(&ctx)?;
    let Asked { questions } = super::body(request).await?;
    let found = service::verify_all(ctx.platform(), &questions).await?;
    Ok(Json(json!({ "answers": found.iter().map(|found| answer(found.as_ref())).collect::<Vec<_>>() })))
}

fn answer(found: Option<&Verified>) -> Value {
    match found {
        None => json!({ "found": false, "state": "unknown", "verdict": "查无此证" }),
        Some(v) => json!({
            "found": true, "state": v.standing.code(), "verdict": v.standing.verdict(), "type_name": v.type_name, "issuer": v.issuer,
            "holder": v.holder, "identifier": v.identifier, "number": v.number, "issued_on": v.issued_on, "valid_from": v.valid_from,
            "valid_until": v.valid_until, "ended_on": v.ended_on, "successor": v.successor, "trust": v.trust,
        }),
    }
}
