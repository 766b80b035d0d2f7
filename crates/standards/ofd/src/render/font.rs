//! Faces: those embedded in a document, and the caller's for the rest.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};
use tiny_skia::{Path, PathBuilder};

use crate::{Error, Result};

/// Fonts for text whose own font is not embedded, or lacks a character: the first that has it is taken, a bold one first
/// for bold text.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    faces: Vec<Arc<Face>>,
}

impl Fonts {
    /// Takes the contents of TrueType or OpenType files.
    ///
    /// # Errors
    /// [`Error::Resource`] naming the file by its place in the list.
    pub fn new(files: Vec<Vec<u8>>) -> Result<Self> {
        let faces = files.into_iter().enumerate().map(|(index, file)| {
            let face = Face::new(file.into()).ok_or_else(|| Error::Resource(format!("第 {} 个字体读不了", index + 1)))?;
            Ok(Arc::new(face))
        });
        Ok(Self { faces: faces.collect::<Result<_>>()? })
    }

    /// The face and glyph for a character.
    pub(crate) fn find(&self, character: char, bold: bool) -> Option<(&Arc<Face>, u32)> {
        let glyph = |face: &'_ Arc<Face>| face.glyph(character);
        let fitting = self.faces.iter().filter(|face| face.bold == bold).find_map(|face| Some((face, glyph(face)?)));
        fitting.or_else(|| self.faces.iter().find_map(|face| Some((face, glyph(face)?))))
    }
}

/// One font.
pub(crate) struct Face {
    /// Tells faces apart in caches.
    pub key: u64,
    pub data: Arc<[u8]>,
    pub bold: bool,
    outlines: Mutex<HashMap<u32, Option<Arc<Path>>>>,
}

// Outlines are a cache of what the data says.
impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("key", &self.key).field("bytes", &self.data.len()).finish_non_exhaustive()
    }
}

impl Face {
    /// `None` for what is no TrueType or OpenType font.
    pub fn new(data: Arc<[u8]>) -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let font = font(&data)?;
        let bold = font.attributes().weight.value() >= 600.0;
        Some(Self { key: NEXT.fetch_add(1, Ordering::Relaxed), bold, outlines: Mutex::default(), data })
    }

    /// The glyph of a character; `None` when the font lacks it.
    pub fn glyph(&self, character: char) -> Option<u32> {
        font(&self.data)?.charmap().map(character).map(GlyphId::to_u32).filter(|glyph| *glyph != 0)
    }

    /// Advance width in ems.
    pub fn advance(&self, glyph: u32) -> Option<f64> {
        let width = font(&self.data)?.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(GlyphId::new(glyph))?;
        width.is_finite().then_some(f64::from(width))
    }

    /// The outline in em space (1 em = 1, y upwards); `None` for blanks.
    pub fn outline(&self, glyph: u32) -> Option<Arc<Path>> {
        let mut outlines = self.outlines.lock().unwrap_or_else(PoisonError::into_inner);
        outlines.entry(glyph).or_insert_with(|| self.draw(glyph).map(Arc::new)).clone()
    }

    fn draw(&self, glyph: u32) -> Option<Path> {
        outline(&font(&self.data)?, GlyphId::new(glyph))
    }
}

/// The outline of a glyph with 1 em = 1, upwards; none for a blank, or where the font has none.
pub fn outline(font: &FontRef<'_>, glyph: GlyphId) -> Option<Path> {
    let outline = font.outline_glyphs().get(glyph)?;
    let mut pen = Pen(PathBuilder::new());
    outline.draw(DrawSettings::unhinted(Size::new(1.0), LocationRef::default()), &mut pen).ok()?;
    pen.0.finish()
}

fn font(data: &[u8]) -> Option<FontRef<'_>> {
    FontRef::new(data).or_else(|_| FontRef::from_index(data, 0)).ok()
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
