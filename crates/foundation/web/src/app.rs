use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query};
use axum::http::{HeaderName, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use platform::Platform;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::assets::serve;
use crate::context::context;
use crate::ctx::{Ctx, redirect};
use crate::routes::{NavEntry, Policy, Routes};
use crate::session::{Authenticator, ELDER_COOKIE, cookie};

/// Largest request: a form with several files.
const MAX_REQUEST_BYTES: usize = 128 * 1024 * 1024;

/// What the layers share.
#[derive(Clone)]
pub struct App {
    /// The installation.
    pub platform: Platform,
    /// Who knows sessions.
    pub authenticator: Arc<dyn Authenticator>,
    /// The navigation.
    pub nav: Arc<Vec<NavEntry>>,
    /// Names of regions, for the place switch.
    pub regions: Arc<HashMap<String, String>>,
    /// Release and build, so that browsers fetch a changed look.
    pub version: String,
}

impl App {
    /// Name of a region, or its code when it is unknown.
    pub fn region_name(&self, code: &str) -> String {
        self.regions.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }
}

/// The finished router of the program.
pub fn router(app: App, routes: Routes) -> Router {
    let routes = routes.merge(own_routes());
    routes
        .router
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(from_fn_with_state(app.clone(), context))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(60)))
        .layer(CompressionLayer::new().gzip(true))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// Routes of the room itself.
pub(crate) fn own_routes() -> Routes {
    Routes::new().get("/assets/{*path}", Policy::Public, serve).get("/elder", Policy::Public, elder)
}

/// Switches elder mode and goes back.
async fn elder(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> Response {
    let mut response = redirect(query.get("back").map_or("/", String::as_str)).into_response();
    let value = if ctx.elder() { "0" } else { "1" };
    let set = cookie(ELDER_COOKIE, value, Some(31_536_000), ctx.secure());
    response.headers_mut().append(header::SET_COOKIE, set);
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), axum::http::HeaderValue::from_static("noindex"));
    response
}
