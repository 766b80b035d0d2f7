//! `GET /api/licences/changes?since=…&after=…&size=…` → a signed page of what became of licences after they were issued.
//!
//! `{"payload":"…","key":"…","signature":"…"}`; the payload is base64url of
//! `{"issuer":"…","made_at":"…","changes":[{"identifier":"…","state":"revoked","at":"…"}],"next":"…","more":false}`, the signature
//! SM2 with SM3 over its characters. `since` is a moment (`2026-11-24T00:00:00Z`), `after` the `next` of the page before: the
//! last `next` of today is where tomorrow goes on.
//!
//! `GET /.well-known/licence-keys.json` → `{"keys":[{"id":"…","algorithm":"SM2","pem":"…"}]}`: what checks the signatures of
//! this list and of QR codes without a network.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use base::Error;
use chrono::{DateTime, Utc};
use db::Cursor;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::model::Signed;
use crate::service::{self, CHANGES_PER_PAGE};

/// The list.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Json<Signed>> {
    super::brake(&ctx)?;
    let since = match query.get("since") {
        None => None,
        Some(text) => Some(text.parse::<DateTime<Utc>>().map_err(|_| Error::field("since", "时间请写成 2026-11-24T00:00:00Z。"))?),
    };
    let size = match query.get("size") {
        None => CHANGES_PER_PAGE,
        Some(text) => text.parse().map_err(|_| Error::field("size", format!("每页条数在 1 到 {CHANGES_PER_PAGE} 之间。")))?,
    };
    let after = query.get("after").map(|text| Cursor::from_param(text));
    Ok(Json(service::change_list(ctx.platform(), since, after.as_ref(), size).await?))
}

/// The keys.
pub async fn keys(ctx: Ctx) -> PageResult<Json<Value>> {
    super::brake(&ctx)?;
    Ok(Json(json!({ "keys": service::published_keys(ctx.platform()).await? })))
}
