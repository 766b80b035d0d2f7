//! Endpoints for programs. Errors are `application/problem+json`; questions per address are counted.

mod changes;
mod look;
mod types;
mod verify;

use std::sync::LazyLock;

use axum::extract::FromRequest;
use axum::Json;
use base::{Error, Result};
use chrono::Duration;
use serde::de::DeserializeOwned;
use web::{Brake, Ctx, Policy, Routes};

/// Questions per address in ten minutes; one may ask for a hundred licences.
static BRAKE: LazyLock<Brake> = LazyLock::new(|| Brake::new(1_200, Duration::minutes(10)));

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api/licences/verify", Policy::Public, verify::one)
        .post("/api/licences/verify", Policy::Public, verify::many)
        .post("/api/licences/look", Policy::Public, look::look)
        .get("/api/licences/changes", Policy::Public, changes::list)
        .get("/api/licences/types", Policy::Public, types::list)
        .get("/.well-known/licence-keys.json", Policy::Public, changes::keys)
}

fn brake(ctx: &Ctx) -> Result<()> {
    BRAKE.check(&ctx.address(), ctx.now())
}

/// A JSON body; what is none is told so as problem+json.
async fn body<T: DeserializeOwned>(request: axum::extract::Request) -> Result<T> {
    let read = Json::<T>::from_request(request, &()).await;
    read.map(|Json(value)| value).map_err(|rejection| Error::field("body", format!("请求内容无法识别：{}。", rejection.body_text())))
}
