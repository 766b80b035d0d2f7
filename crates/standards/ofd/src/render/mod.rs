//! Pages as pixels, and the walk over a page that the PDF conversion shares.
//!
//! Rendering shows what a file contains; whether its signatures hold is another question, for [`crate::sign`].

mod canvas;
mod color;
mod font;
mod picture;
mod raster;
mod scene;
mod shape;

pub(crate) use canvas::{Brush, Canvas, Pen, Run};
pub use font::{Fonts, outline};
pub(crate) use picture::Pixels;
pub(crate) use scene::Scene;

use crate::{Error, Matrix, Ofd, Result};

const MM_PER_INCH: f64 = 25.4;

/// A rendered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel from the upper left; opaque, on white.
    pub rgba: Vec<u8>,
    /// What could not be drawn, in sentences: an image in JBIG2, a character no font has …
    pub notes: Vec<String>,
}

impl Image {
    /// As a PNG file.
    ///
    /// # Errors
    /// Never in practice; the encoder has a `Result`.
    pub fn png(&self) -> Result<Vec<u8>> {
        picture::png(self.width, self.height, &self.rgba)
    }
}

impl Ofd {
    /// Draws page `number` (from 1 over all documents) at `dpi`: templates, content, annotations, and the seals on it.
    ///
    /// # Errors
    /// [`Error::NoPage`]; [`Error::Limit`] when the page would have more pixels than [`Limits::pixels`](crate::Limits::pixels);
    /// what is wrong with the page.
    pub fn render(&self, number: usize, dpi: f64, fonts: &Fonts) -> Result<Image> {
        let (document, index) = self.place(number)?;
        let page = self.page(document, index)?;
        let area = self.area(document, &page);
        let scale = dpi / MM_PER_INCH;
        let (width, height) = ((area.width * scale).round().max(1.0), (area.height * scale).round().max(1.0));
        // Also refuses what is not a number.
        if !(scale > 0.0 && width * height <= self.package().limits().pixels as f64 && width.max(height) < 65_536.0) {
            return Err(Error::Limit("图像像素数"));
        }
        let (width, height) = (width as u32, height as u32);
        let mut canvas = raster::Raster::new(width, height, scale)?;
        let mut scene = Scene::new(self, document, fonts);
        scene.page(&mut canvas, &page, document.pages[index].id, &Matrix::translate(-area.x, -area.y))?;
        let notes = scene.notes();
        Ok(Image { width, height, rgba: canvas.finish(), notes })
    }
}
