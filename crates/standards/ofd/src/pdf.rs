//! Conversion to PDF: text stays text, seals show.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use krilla::{
    Data, Document,
    color::rgb,
    geom::{Path, PathBuilder, Point, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, LineCap, LineJoin, LinearGradient, Paint, RadialGradient, SpreadMethod, Stop, Stroke, StrokeDash},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use tiny_skia::PathSegment;

use crate::{
    Error, Matrix, Ofd, Result,
    model::{Cap, Join},
    render::{Brush, Canvas, Fonts, Pen, Pixels, Run, Scene},
};

/// Points per millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// A converted document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The PDF file.
    pub bytes: Vec<u8>,
    /// What could not be drawn, in sentences.
    pub notes: Vec<String>,
}

impl Ofd {
    /// Converts all pages of all documents, with templates, annotations and seals. Equal input gives equal bytes.
    ///
    /// # Errors
    /// What is wrong with a page; [`Error::Resource`] when an embedded font cannot be taken over.
    pub fn to_pdf(&self, fonts: &Fonts) -> Result<Pdf> {
        // The PDF writer trusts fonts more than strangers' fonts deserve.
        let convert = AssertUnwindSafe(|| self.convert(fonts));
        catch_unwind(convert).unwrap_or_else(|_| Err(Error::Resource("PDF 转换失败：内嵌字体或图像有误".into())))
    }

    fn convert(&self, fonts: &Fonts) -> Result<Pdf> {
        let mut pdf = Document::new();
        let mut known = HashMap::new();
        let mut notes = Vec::new();
        for document in &self.documents {
            let mut scene = Scene::new(self, document, fonts);
            for (index, reference) in document.pages.iter().enumerate() {
                let content = self.page(document, index)?;
                let area = self.area(document, &content);
                let settings = PageSettings::from_wh((area.width * POINTS) as f32, (area.height * POINTS) as f32).ok_or(Error::Limit("页面大小"))?;
                let mut page = pdf.start_page_with(settings);
                let origin = Matrix::translate(-area.x, -area.y).then(&Matrix::scale(POINTS, POINTS));
                let mut canvas = OnPage { surface: page.surface(), fonts: &mut known };
                scene.page(&mut canvas, &content, reference.id, &origin)?;
                drop(canvas);
                page.finish();
            }
            notes.extend(scene.notes());
        }
        if let Some(document) = self.documents.first() {
            let info = &document.info;
            let mut metadata = Metadata::new();
            if !info.title.is_empty() {
                metadata = metadata.title(info.title.clone());
            }
            if !info.author.is_empty() {
                metadata = metadata.authors(vec![info.author.clone()]);
            }
            pdf.set_metadata(metadata);
        }
        let bytes = pdf.finish().map_err(|error| Error::Resource(error.to_string()))?;
        Ok(Pdf { bytes, notes })
    }
}

/// One page; the origin matrix already counts in points.
struct OnPage<'s, 'f> {
    surface: Surface<'s>,
    /// Fonts by key of their face; `None` for those PDF cannot take.
    fonts: &'f mut HashMap<u64, Option<Font>>,
}

impl OnPage<'_, '_> {
    fn paint(&mut self, brush: &Brush) -> Option<(Paint, NormalizedF32)> {
        let color = |rgba: &[u8; 4]| rgb::Color::new(rgba[0], rgba[1], rgba[2]);
        Some(match brush {
            Brush::Solid(rgba) => (color(rgba).into(), opacity(rgba[3])),
            Brush::Gradient { start, end, radii, stops } => {
                let stop = |(position, rgba): &(f64, [u8; 4])| Some(Stop { offset: NormalizedF32::new(*position as f32)?, color: color(rgba).into(), opacity: opacity(rgba[3]) });
                let stops = stops.iter().map(stop).collect::<Option<Vec<_>>>()?;
                let (x1, y1, x2, y2) = (start.0 as f32, start.1 as f32, end.0 as f32, end.1 as f32);
                let (spread_method, transform, anti_alias) = (SpreadMethod::Pad, Transform::identity(), false);
                let paint = match radii {
                    None => LinearGradient { x1, y1, x2, y2, transform, spread_method, stops, anti_alias }.into(),
                    Some((from, until)) => RadialGradient { fx: x1, fy: y1, fr: *from as f32, cx: x2, cy: y2, cr: *until as f32, transform, spread_method, stops, anti_alias }.into(),
                };
                (paint, NormalizedF32::ONE)
            }
        })
    }

    fn set_fill(&mut self, brush: &Brush, even_odd: bool) -> bool {
        let Some((paint, opacity)) = self.paint(brush) else { return false };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint, opacity, rule: rule(even_odd) }));
        true
    }

    fn font(&mut self, run: &Run<'_>) -> Option<Font> {
        let face = run.face;
        self.fonts.entry(face.key).or_insert_with(|| Font::new(Data::from(face.data.to_vec()), 0)).clone()
    }
}

impl Canvas for OnPage<'_, '_> {
    fn fill(&mut self, path: &tiny_skia::Path, even_odd: bool, brush: &Brush, place: &Matrix) -> Result<()> {
        let Some(path) = copy(path) else { return Ok(()) };
        if self.set_fill(brush, even_odd) {
            self.surface.push_transform(&transform(place));
            self.surface.draw_path(&path);
            self.surface.pop();
        }
        Ok(())
    }

    fn stroke(&mut self, path: &tiny_skia::Path, pen: &Pen, brush: &Brush, place: &Matrix) -> Result<()> {
        let (Some(path), Some((paint, opacity))) = (copy(path), self.paint(brush)) else { return Ok(()) };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint,
            width: pen.width as f32,
            miter_limit: pen.miter_limit as f32,
            line_cap: match pen.cap {
                Cap::Butt => LineCap::Butt,
                Cap::Round => LineCap::Round,
                Cap::Square => LineCap::Square,
            },
            line_join: match pen.join {
                Join::Miter => LineJoin::Miter,
                Join::Round => LineJoin::Round,
                Join::Bevel => LineJoin::Bevel,
            },
            opacity,
            dash: (!pen.dash.is_empty()).then(|| StrokeDash { array: pen.dash.iter().map(|part| *part as f32).collect(), offset: pen.dash_offset as f32 }),
        }));
        self.surface.push_transform(&transform(place));
        self.surface.draw_path(&path);
        self.surface.pop();
        Ok(())
    }

    fn glyphs(&mut self, run: &Run<'_>, brush: &Brush, place: &Matrix) -> Result<()> {
        let font = self.font(run);
        if !self.set_fill(brush, false) {
            return Ok(());
        }
        let Some(font) = font else {
            // As outlines, when PDF cannot take the font.
            for glyph in run.glyphs {
                if let Some(outline) = run.face.outline(glyph.id) {
                    self.fill(&outline, false, brush, &run.glyph_matrix(glyph).then(place))?;
                }
            }
            return Ok(());
        };
        // Glyphs on one line, one after the other, are one piece of text, so that it can be searched and copied.
        for line in run.glyphs.chunk_by(|a, b| run.turn == 0 && (a.y - b.y).abs() < 1e-6 && b.x >= a.x && a.squeeze == b.squeeze) {
            let mut text = String::new();
            let mut glyphs = Vec::with_capacity(line.len());
            for (index, glyph) in line.iter().enumerate() {
                let start = text.len();
                text.push(glyph.character);
                let advance = match line.get(index + 1) {
                    Some(next) => (next.x - glyph.x) / (run.size * run.h_scale * glyph.squeeze),
                    None => run.face.advance(glyph.id).unwrap_or(1.0),
                };
                glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.id), advance as f32, 0.0, 0.0, 0.0, start..text.len(), None));
            }
            let Some(first) = line.first() else { continue };
            // From the em square, which PDF draws upwards by itself.
            let em = Matrix::scale(1.0 / run.size, -1.0 / run.size).then(&run.glyph_matrix(first)).then(place);
            self.surface.push_transform(&transform(&em));
            self.surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font.clone(), &text, run.size as f32, false);
            self.surface.pop();
        }
        Ok(())
    }

    fn image(&mut self, image: &Pixels, alpha: u8, place: &Matrix) -> Result<()> {
        let size = Size::from_wh(1.0, 1.0).ok_or(Error::Limit("图像"))?;
        self.surface.push_transform(&transform(place));
        self.surface.push_opacity(opacity(alpha));
        self.surface.draw_image(Image::from_rgba8(image.rgba.clone(), image.width, image.height), size);
        self.surface.pop();
        self.surface.pop();
        Ok(())
    }

    fn push_clip(&mut self, path: &tiny_skia::Path, even_odd: bool) -> Result<()> {
        // An empty clip would be none in PDF.
        let path = copy(path).ok_or(Error::Limit("裁剪区"))?;
        self.surface.push_clip_path(&path, &rule(even_odd));
        Ok(())
    }

    fn pop_clip(&mut self) {
        self.surface.pop();
    }
}

fn opacity(alpha: u8) -> NormalizedF32 {
    NormalizedF32::new(f32::from(alpha) / 255.0).unwrap_or(NormalizedF32::ONE)
}

fn rule(even_odd: bool) -> FillRule {
    if even_odd { FillRule::EvenOdd } else { FillRule::NonZero }
}

fn transform(matrix: &Matrix) -> Transform {
    let [a, b, c, d, e, f] = matrix.0.map(|value| value as f32);
    Transform::from_row(a, b, c, d, e, f)
}

fn copy(path: &tiny_skia::Path) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => builder.move_to(p.x, p.y),
            PathSegment::LineTo(p) => builder.line_to(p.x, p.y),
            PathSegment::QuadTo(c, p) => builder.quad_to(c.x, c.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => builder.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
            PathSegment::Close => builder.close(),
        }
    }
    builder.finish()
}
