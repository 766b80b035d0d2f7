//! `POST /api/licences/look` with `{"code":"1234 5678 9012 3456","who":"单位和姓名","request":"…"}` → what the holder allowed.
//!
//! `request` is the caller's own name for the look (8–60 characters): the same one again is the same look and uses nothing up.
//! Codes for one body only need a member of its staff who is signed in.
//!
//! ```json
//! { "extent": "full", "state": "valid", "type_name": "…", "number": "…", "holder": "…", "items": [{"key":"…","value":"…"}],
//!   "issuer": "…", "issued_on": "…", "valid_from": "…", "valid_until": null, "purpose": "…", "looks_left": 0 }
//! ```
//! Unknown code: `not_found` (404). Taken back, over, used up, for another body: `licences.code_*` (422).

use axum::Json;
use axum::extract::Request;
use base::Error;
use serde::Deserialize;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::pages::SHOW_BRAKE;
use crate::service;

#[derive(Deserialize)]
struct Asked {
    code: String,
    #[serde(default)]
    who: String,
    request: String,
}

/// The endpoint.
pub async fn look(ctx: Ctx, request: Request) -> PageResult<Json<Value>> {
    SHOW_BRAKE.check(&ctx.address(), ctx.now())?;
    let asked: Asked = super::body(request).await?;
    if !(8..=60).contains(&asked.request.chars().count()) {
        return Err(Error::field("request", "请求编号要有 8 到 60 个字符。").into());
    }
    // Bound to the code, so that nobody meets another's look by choosing the same name.
    let key = gm::sm3_hex(format!("{}\n{}", asked.code, asked.request).as_bytes());
    let shown = service::look(ctx.platform(), ctx.actor(), &asked.code, &asked.who, &key).await?;
    let licence = &shown.licence;
    Ok(Json(json!({
        "extent": shown.extent.code(), "state": shown.standing.code(), "type_name": licence.type_name, "number": licence.number,
        "holder": shown.holder, "items": shown.items, "issuer": licence.body_name, "issued_on": licence.issued_on,
        "valid_from": licence.valid_from, "valid_until": licence.valid_until, "purpose": shown.purpose, "looks_left": shown.looks_left,
    })))
}
