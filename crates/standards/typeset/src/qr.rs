//! QR codes as SVG.

use qrcode::{EcLevel, QrCode, render::svg};

use crate::{Error, Result};

/// The QR code of `text` (error correction M, quiet zone included) as an SVG file, black on white.
pub(crate) fn svg(text: &str) -> Result<String> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Error::Qr(text.len()))?;
    Ok(code.render::<svg::Color<'_>>().build())
}
