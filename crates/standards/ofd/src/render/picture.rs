//! Image files as pixels.

use std::io::Cursor;

use image::{ColorType, ImageEncoder, ImageFormat, ImageReader, codecs::png::PngEncoder};

use crate::{Error, Limits, Result};

/// A decoded image.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pixels {
    pub width: u32,
    pub height: u32,
    /// Not premultiplied.
    pub rgba: Vec<u8>,
}

/// Decodes PNG, JPEG, GIF or BMP; the sentence says why not.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> std::result::Result<Pixels, String> {
    if bytes.starts_with(b"\x97JB2\r\n\x1A\n") {
        return Err("JBIG2 图像不支持".into());
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::Bmp)) = reader.format() else {
        return Err("图像格式不支持".into());
    };
    let (width, height) = reader.into_dimensions().map_err(|error| error.to_string())?;
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err("图像过大".into());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.pixels.saturating_mul(8));
    reader.limits(bounds);
    let image = reader.decode().map_err(|error| error.to_string())?.into_rgba8();
    Ok(Pixels { width: image.width(), height: image.height(), rgba: image.into_raw() })
}

impl Pixels {
    /// Makes the image transparent where `mask` is dark.
    pub fn masked(mut self, mask: &Self) -> Self {
        if mask.width == 0 || mask.height == 0 {
            return self;
        }
        for y in 0..self.height {
            for x in 0..self.width {
                let (mx, my) = (u64::from(x) * u64::from(mask.width) / u64::from(self.width), u64::from(y) * u64::from(mask.height) / u64::from(self.height));
                let from = (my * u64::from(mask.width) + mx) as usize * 4;
                let at = (y as usize * self.width as usize + x as usize) * 4;
                if let (Some(grey), Some(alpha)) = (mask.rgba.get(from), self.rgba.get_mut(at + 3)) {
                    *alpha = (u16::from(*alpha) * u16::from(*grey) / 255) as u8;
                }
            }
        }
        self
    }
}

pub(super) fn png(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(rgba, width, height, ColorType::Rgba8.into()).map_err(|error| Error::Resource(error.to_string()))?;
    Ok(bytes)
}
