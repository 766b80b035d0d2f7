//! QR codes as paths.

use qrcode::{EcLevel, QrCode};

use crate::{
    Color, Error, Result,
    model::{Path, Segment},
};

/// The QR code of `text` (error correction M, without quiet zone) as a black path filling a square of `size` millimetres.
///
/// # Errors
/// [`Error::Resource`] when the text is too long.
pub fn qr_path(text: &str, size: f64) -> Result<Path> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Error::Resource("二维码内容过长".into()))?;
    let width = code.width();
    let module = size / width as f64;
    let at = |index: usize| super::builder::rounded(index as f64 * module);
    let mut segments = Vec::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let dark = |x: usize| x < width && code[(x, y)] == qrcode::Color::Dark;
            if !dark(x) {
                x += 1;
                continue;
            }
            // Neighbours in a row are one rectangle.
            let start = x;
            while dark(x) {
                x += 1;
            }
            segments.extend([Segment::Move(at(start), at(y)), Segment::Line(at(x), at(y)), Segment::Line(at(x), at(y + 1)), Segment::Line(at(start), at(y + 1)), Segment::Close]);
        }
    }
    Ok(Path { stroke: false, fill: true, even_odd: false, fill_color: Some(Color::rgb(0, 0, 0)), stroke_color: None, segments })
}
