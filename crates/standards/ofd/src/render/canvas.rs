//! What a page is drawn on: pixels or PDF.

use tiny_skia::Path;

use crate::{Matrix, Result, model::{Cap, Join}};

use super::{font::Face, picture::Pixels};

/// What is painted with, colours resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Brush {
    /// Red, green, blue, alpha.
    Solid([u8; 4]),
    /// In the space of the object painted.
    Gradient { start: (f64, f64), end: (f64, f64), radii: Option<(f64, f64)>, stops: Vec<(f64, [u8; 4])> },
}

/// How lines are drawn, in the object's space.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pen {
    pub width: f64,
    pub cap: Cap,
    pub join: Join,
    pub miter_limit: f64,
    /// Empty for solid lines.
    pub dash: Vec<f64>,
    pub dash_offset: f64,
}

/// A glyph of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    pub id: u32,
    pub character: char,
    /// Where it stands, in the object's space.
    pub x: f64,
    pub y: f64,
    /// Width it is drawn at, 1 for its own: a stand-in font's letters may be wider than the place they are given.
    pub squeeze: f64,
}

/// Glyphs of one face.
pub(crate) struct Run<'r> {
    pub face: &'r Face,
    pub size: f64,
    /// Horizontal stretch.
    pub h_scale: f64,
    /// Rotation of each glyph, degrees clockwise.
    pub turn: u16,
    pub slanted: bool,
    pub glyphs: &'r [Glyph],
}

impl Run<'_> {
    /// From a glyph's em space (y upwards, 1 em = 1) to the object's space.
    pub fn glyph_matrix(&self, glyph: &Glyph) -> Matrix {
        let slant = if self.slanted { 0.2 } else { 0.0 };
        let (sin, cos) = match self.turn {
            90 => (1.0, 0.0),
            180 => (0.0, -1.0),
            270 => (-1.0, 0.0),
            _ => (0.0, 1.0),
        };
        Matrix([self.size * self.h_scale * glyph.squeeze, 0.0, slant * self.size, -self.size, 0.0, 0.0])
            .then(&Matrix([cos, sin, -sin, cos, 0.0, 0.0]))
            .then(&Matrix::translate(glyph.x, glyph.y))
    }
}

/// Receives a page's drawing in order. `place` takes the object's space to millimetres of the page.
pub(crate) trait Canvas {
    fn fill(&mut self, path: &Path, even_odd: bool, brush: &Brush, place: &Matrix) -> Result<()>;
    fn stroke(&mut self, path: &Path, pen: &Pen, brush: &Brush, place: &Matrix) -> Result<()>;
    fn glyphs(&mut self, run: &Run<'_>, brush: &Brush, place: &Matrix) -> Result<()>;
    /// Draws into the unit square.
    fn image(&mut self, image: &Pixels, alpha: u8, place: &Matrix) -> Result<()>;
    /// Keeps what follows to a path in millimetres of the page.
    fn push_clip(&mut self, path: &Path, even_odd: bool) -> Result<()>;
    fn pop_clip(&mut self);
}
