use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Result;
use uuid::Uuid;
use web::{Ctx, Form as Posted, PageResult};

use super::{trial_decision, trial_form, trial_process};
use crate::model::Kind;
use crate::service;
use crate::store::{DesignRow, VersionRow};

/// The version that is tried: the one being written or reviewed, otherwise the newest.
async fn tried(ctx: &Ctx, id: Uuid) -> Result<(DesignRow, VersionRow)> {
    let view = service::design(ctx, ctx.actor(), id).await?;
    let version = view.working().or(view.versions.first()).cloned().ok_or_else(|| base::Error::not_found("没有找到这个版本。"))?;
    Ok((view.design, version))
}

/// `GET /work/designs/{id}/try`
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let (design, version) = tried(&ctx, id).await?;
    match design.kind()? {
        Kind::Process => trial_process::begin(&ctx, &design, &version),
        Kind::Decision => trial_decision::begin(&ctx, &design, &version),
        Kind::Form => trial_form::begin(&ctx, &design, &version),
    }
}

/// `POST /work/designs/{id}/try`
pub(super) async fn play(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let (design, version) = tried(&ctx, id).await?;
    Ok(match design.kind()? {
        Kind::Process => trial_process::play(&ctx, &design, &version, &form.data)?.into_response(),
        Kind::Decision => trial_decision::answer(&ctx, &design, &version, &form.data).await?,
        Kind::Form => trial_form::answer(&ctx, &design, &version, &form.data)?.into_response(),
    })
}
