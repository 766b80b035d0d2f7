//! QR codes on pages.

use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

/// A QR code; `label` says in words what it is and what to do without a camera.
pub fn qr_code(text: &str, label: &str) -> Markup {
    let svg = QrCode::new(text.as_bytes()).map(|code| code.render::<svg::Color<'_>>().min_dimensions(220, 220).build()).unwrap_or_default();
    let svg = svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default();
    html! { div class="qr" role="img" aria-label=(label) { (PreEscaped(svg)) } }
}
