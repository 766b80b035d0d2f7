//! `GET /pki/{file}`: certificates (`root.cer`, `issuing.cer`, `maker.cer`, `tsa.cer`) and revocation lists (`root.crl`,
//! `issuing.crl`), DER. `POST /tsa`: a time stamp (RFC 3161) for an `application/timestamp-query`.

use axum::body::to_bytes;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use bytes::Bytes;
use web::{Ctx, PageResult};

use crate::service;

/// Largest time stamp request: a hash and a few fields.
const MOST_QUERY_BYTES: usize = 4096;

/// The body of a request.
pub(super) async fn body(request: Request, most: usize, too_large: &str) -> Result<Bytes> {
    to_bytes(request.into_body(), most).await.map_err(|_| Error::too_large(too_large))
}

/// A public file of the trust.
pub async fn file(ctx: Ctx, Path(name): Path<String>) -> PageResult<Response> {
    let bytes = service::public_file(&ctx, &name).await?;
    let kind = if name.ends_with(".crl") { "application/pkix-crl" } else { "application/pkix-cert" };
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];
    Ok((headers, bytes).into_response())
}

/// A time stamp.
pub async fn time_stamp(ctx: Ctx, request: Request) -> PageResult<Response> {
    let query = body(request, MOST_QUERY_BYTES, "时间戳请求太大。").await?;
    let answer = service::time_stamp(&ctx, &query).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/timestamp-reply"))], answer).into_response())
}
