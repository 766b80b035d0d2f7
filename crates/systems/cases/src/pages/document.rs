//! Documents and files as downloads.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Error;
use bytes::Bytes;
use seals::Format;
use uuid::Uuid;
use web::{Ctx, PageResult, Policy, Routes};

use crate::service;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/documents/{id}/{format}", Policy::SignedIn, document)
        .get("/apply/drafts/{id}/form.pdf", Policy::SignedIn, draft_form)
        .get("/my/cases/{id}/form.pdf", Policy::Party, case_form)
        .get("/my/cases/{id}/files/{file}", Policy::Party, file)
        .get("/work/cases/{id}/files/{file}", Policy::Staff, file)
}

async fn document(ctx: Ctx, Path((id, format)): Path<(Uuid, String)>) -> PageResult<Response> {
    let format = Format::of(&format).ok_or_else(|| Error::not_found("文书有 pdf 和 ofd 两种格式。"))?;
    let (name, bytes) = service::document_file(&ctx, ctx.actor(), id, format).await?;
    Ok(download(&name, format.mime(), format == Format::Pdf, bytes))
}

async fn draft_form(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let (name, bytes) = service::draft_form_pdf(&ctx, ctx.actor(), id).await?;
    Ok(download(&name, "application/pdf", true, bytes))
}

async fn case_form(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let (name, bytes) = service::case_form_pdf(&ctx, ctx.actor(), id).await?;
    Ok(download(&name, "application/pdf", true, bytes))
}

async fn file(ctx: Ctx, Path((id, file)): Path<(Uuid, Uuid)>) -> PageResult<Response> {
    let (record, bytes) = service::case_file(&ctx, ctx.actor(), id, file).await?;
    let inline = matches!(record.mime.as_str(), "application/pdf" | "image/png" | "image/jpeg");
    Ok(download(&record.name, &record.mime, inline, bytes))
}

/// A file with its name; shown in place where browsers can, else saved.
pub(crate) fn download(name: &str, mime: &str, inline: bool, bytes: Bytes) -> Response {
    let encoded: String = name.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    let disposition = format!("{}; filename*=UTF-8''{encoded}", if inline { "inline" } else { "attachment" });
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    ([(header::CONTENT_TYPE, value(mime)), (header::CONTENT_DISPOSITION, value(&disposition))], bytes).into_response()
}
