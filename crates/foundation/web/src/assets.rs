//! The built front end, embedded in the binary (read from disk in development builds).

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../../web/dist"]
struct Dist;

/// The content of a built file.
pub fn asset(path: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    Dist::get(path).map(|file| file.data)
}

pub(crate) async fn serve(Path(path): Path<String>) -> Response {
    let Some(content) = asset(&path) else {
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain")], "no such file").into_response();
    };
    let kind = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=604800")], content).into_response()
}
