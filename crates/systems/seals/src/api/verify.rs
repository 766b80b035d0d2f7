//! `POST /api/verify` with a file as its body → what verification found.
//!
//! ```json
//! { "verdict": "genuine", "words": "真实有效", "format": "ofd", "sm3": "…",
//!   "document": { "id": "…", "title": "受理通知书", "number": "…", "body": "…", "issued_at": "…" },
//!   "seals": [ { "verdict": "genuine", "seal": "…行政审批专用章", "number": "45030002000001", "signer": "CN=…", "time": "…",
//!                "time_stamped": true, "today": "使用中", "checks": [ { "check": "文件内容", "passed": true, "reason": "…" } ] } ] }
//! ```
//! What is no OFD, PDF or seal: `form.invalid` (422).

use axum::Json;
use axum::extract::Request;
use serde_json::{Value, json};
use web::{Ctx, PageResult};

use crate::service;

/// The endpoint.
pub async fn verify(ctx: Ctx, request: Request) -> PageResult<Json<Value>> {
    let bytes = super::pki::body(request, files::MAX_FILE_BYTES, "文件超过 20 MB，不能在线核验。").await?;
    let found = service::verify(&ctx, bytes).await?;
    let seals: Vec<Value> = found
        .findings
        .iter()
        .map(|finding| {
            let checks: Vec<Value> = finding.marks.iter().map(|mark| json!({ "check": mark.label, "passed": mark.passed, "reason": mark.reason })).collect();
            json!({
                "verdict": finding.verdict.code(), "words": finding.verdict.name(), "seal": finding.seal, "number": finding.number,
                "signer": finding.signer, "time": finding.time, "time_stamped": finding.stamped, "today": finding.today.map(|s| s.name()), "checks": checks,
            })
        })
        .collect();
    let document = found.paper.as_ref().map(|paper| {
        json!({ "id": paper.id, "title": paper.title, "number": paper.number, "body": paper.body_name, "issued_at": paper.made_at })
    });
    Ok(Json(json!({
        "verdict": found.verdict.code(), "words": found.verdict.name(), "format": found.format, "sm3": found.digest, "document": document, "seals": seals,
    })))
}
