//! The picture of a seal on a page.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use crate::{Error, Result};

/// Points per millimetre.
const POINT: f32 = 72.0 / 25.4;
/// Most pixels of a picture.
const MAX_PIXELS: u64 = 4096 * 4096;

/// Where on the paper a seal stands, measured from the lower left corner of the page in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// From the left edge.
    pub left_mm: f32,
    /// From the lower edge.
    pub bottom_mm: f32,
    /// Width.
    pub width_mm: f32,
    /// Height.
    pub height_mm: f32,
}

impl Place {
    /// As a PDF rectangle on a page whose lower left corner is `origin`.
    pub(crate) fn rectangle(&self, origin: (f32, f32)) -> Vec<Object> {
        let (left, bottom) = (origin.0 + self.left_mm * POINT, origin.1 + self.bottom_mm * POINT);
        let (right, top) = (left + self.width_mm * POINT, bottom + self.height_mm * POINT);
        [left, bottom, right, top].map(Object::Real).to_vec()
    }
}

/// Adds a form that draws the picture over the whole of its box, for an annotation to show.
pub(crate) fn form(document: &mut Document, place: &Place, png: &[u8]) -> Result<ObjectId> {
    let (width, height) = (place.width_mm * POINT, place.height_mm * POINT);
    let image = image(document, png)?;
    let drawing = format!("q {width} 0 0 {height} 0 0 cm /Seal Do Q");
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)],
        "Resources" => dictionary! { "XObject" => dictionary! { "Seal" => image } },
    };
    Ok(document.add_object(Stream::new(dictionary, drawing.into_bytes())))
}

/// Adds the picture as an image with its transparency as a soft mask.
fn image(document: &mut Document, png: &[u8]) -> Result<ObjectId> {
    let bad = |error: png::DecodingError| Error::Picture(error.to_string());
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(bad)?;
    let (width, height) = reader.info().size();
    let size = reader.output_buffer_size().filter(|_| u64::from(width) * u64::from(height) <= MAX_PIXELS);
    let mut pixels = vec![0; size.ok_or_else(|| Error::Picture("it is too large".into()))?];
    let frame = reader.next_frame(&mut pixels).map_err(bad)?;
    pixels.truncate(frame.buffer_size());
    let (space, channels) = match frame.color_type {
        png::ColorType::Rgba => ("DeviceRGB", 4),
        png::ColorType::GrayscaleAlpha => ("DeviceGray", 2),
        _ => return Err(Error::Picture("its colours are not understood".into())),
    };
    let (mut colours, mut alpha) = (Vec::new(), Vec::new());
    for pixel in pixels.chunks_exact(channels) {
        if let [colour @ .., opacity] = pixel {
            colours.extend_from_slice(colour);
            alpha.push(*opacity);
        }
    }
    let mask = add(document, width, height, "DeviceGray", &alpha, None)?;
    add(document, width, height, space, &colours, Some(mask))
}

fn add(document: &mut Document, width: u32, height: u32, space: &str, data: &[u8], mask: Option<ObjectId>) -> Result<ObjectId> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(data)?;
    let mut dictionary: Dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => space,
        "BitsPerComponent" => 8,
        "Filter" => "FlateDecode",
    };
    if let Some(mask) = mask {
        dictionary.set("SMask", mask);
    }
    Ok(document.add_object(Stream::new(dictionary, packed.finish()?).with_compression(false)))
}
