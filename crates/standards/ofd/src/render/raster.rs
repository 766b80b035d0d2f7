//! Drawing on pixels with tiny-skia.

use tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, Pixmap, PixmapPaint, PixmapRef, Point, RadialGradient, Shader,
    SpreadMode, Stroke, StrokeDash, Transform,
};

use crate::{
    Error, Matrix, Result,
    model::{Cap, Join},
};

use super::{Brush, Canvas, Pen, Pixels, Run, shape::transform};

/// How often the whole page may be painted over before a file counts as hostile.
const COATS: u64 = 400;
/// Dashes of one line.
const DASHES: f32 = 20_000.0;

pub(super) struct Raster {
    pixmap: Pixmap,
    /// Millimetres of the page to pixels.
    scale: Transform,
    clips: Vec<Mask>,
    /// Pixels that may still be painted.
    budget: u64,
}

impl Raster {
    /// A white page.
    pub fn new(width: u32, height: u32, scale: f64) -> Result<Self> {
        let mut pixmap = Pixmap::new(width, height).ok_or(Error::Limit("图像像素数"))?;
        pixmap.fill(Color::WHITE);
        // Small pages too may have many small things.
        let budget = COATS * u64::from(width) * u64::from(height) + 50_000_000;
        Ok(Self { pixmap, scale: Transform::from_scale(scale as f32, scale as f32), clips: Vec::new(), budget })
    }

    /// The pixels, opaque.
    pub fn finish(self) -> Vec<u8> {
        self.pixmap.take_demultiplied()
    }

    fn place(&self, place: &Matrix) -> Transform {
        transform(place).post_concat(self.scale)
    }

    /// Pays for painting within the bounds of `path`, already in pixels; whether it shows at all.
    fn pay(&mut self, path: &Path) -> Result<bool> {
        let (bounds, width, height) = (path.bounds(), self.pixmap.width() as f32, self.pixmap.height() as f32);
        let seen = (bounds.right().min(width) - bounds.left().max(0.0) + 1.0, bounds.bottom().min(height) - bounds.top().max(0.0) + 1.0);
        if seen.0 <= 0.0 || seen.1 <= 0.0 {
            return Ok(false);
        }
        self.spend((seen.0 * seen.1) as u64 + 8 * path.len() as u64)?;
        Ok(true)
    }

    fn spend(&mut self, pixels: u64) -> Result<()> {
        self.budget = self.budget.checked_sub(pixels).ok_or(Error::Limit("页面绘制量"))?;
        Ok(())
    }

    fn fill_pixels(&mut self, path: &Path, rule: FillRule, paint: &Paint<'_>) -> Result<()> {
        if self.pay(path)? {
            self.pixmap.fill_path(path, paint, rule, Transform::identity(), self.clips.last());
        }
        Ok(())
    }
}

impl Canvas for Raster {
    fn fill(&mut self, path: &Path, even_odd: bool, brush: &Brush, place: &Matrix) -> Result<()> {
        let to = self.place(place);
        let (Some(path), Some(paint)) = (path.clone().transform(to), paint(brush, to)) else { return Ok(()) };
        self.fill_pixels(&path, rule(even_odd), &paint)
    }

    fn stroke(&mut self, path: &Path, pen: &Pen, brush: &Brush, place: &Matrix) -> Result<()> {
        let to = self.place(place);
        let Some(paint) = paint(brush, to) else { return Ok(()) };
        // Stroked in the object's space, so that a stretched object has a stretched line.
        let scale = (to.sx * to.sy - to.kx * to.ky).abs().sqrt();
        if !(scale.is_finite() && scale > 0.0) {
            return Ok(());
        }
        let mut stroke = Stroke {
            // Much thinner than a pixel would fade away.
            width: (pen.width as f32).max(0.4 / scale),
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
            dash: None,
        };
        let mut line = path.clone();
        let period: f64 = pen.dash.iter().sum();
        let bounds = path.bounds();
        let reach = (bounds.width() + bounds.height()) * path.len() as f32;
        if !pen.dash.is_empty() && reach / (period as f32) < DASHES {
            stroke.dash = StrokeDash::new(pen.dash.iter().map(|part| *part as f32).collect(), pen.dash_offset as f32);
        }
        if let Some(dash) = stroke.dash.take() {
            match line.dash(&dash, scale) {
                Some(dashed) => line = dashed,
                None => return Ok(()),
            }
        }
        let outline = line.stroke(&stroke, scale).and_then(|outline| outline.transform(to));
        match outline {
            Some(outline) => self.fill_pixels(&outline, FillRule::Winding, &paint),
            None => Ok(()),
        }
    }

    fn glyphs(&mut self, run: &Run<'_>, brush: &Brush, place: &Matrix) -> Result<()> {
        let Some(paint) = paint(brush, self.place(place)) else { return Ok(()) };
        for glyph in run.glyphs {
            let to = self.place(&run.glyph_matrix(glyph).then(place));
            if let Some(outline) = run.face.outline(glyph.id).and_then(|outline| Path::clone(&outline).transform(to)) {
                self.fill_pixels(&outline, FillRule::Winding, &paint)?;
            }
        }
        Ok(())
    }

    fn image(&mut self, image: &Pixels, alpha: u8, place: &Matrix) -> Result<()> {
        let to = self.place(&Matrix::scale(1.0 / f64::from(image.width), 1.0 / f64::from(image.height)).then(place));
        let frame = tiny_skia::Rect::from_xywh(0.0, 0.0, image.width as f32, image.height as f32).map(tiny_skia::PathBuilder::from_rect);
        let Some(frame) = frame.and_then(|frame| frame.transform(to)) else { return Ok(()) };
        self.spend(u64::from(image.width) * u64::from(image.height))?;
        if !self.pay(&frame)? {
            return Ok(());
        }
        // Large images are averaged down first: a filter looks at four pixels only.
        let shrink = (1.0 / (to.sx * to.sy - to.kx * to.ky).abs().sqrt().max(1e-6)).floor().clamp(1.0, 64.0) as u32;
        let (small, width, height) = shrunk(image, shrink);
        let to = Transform::from_scale(image.width as f32 / width as f32, image.height as f32 / height as f32).post_concat(to);
        let Some(pixmap) = PixmapRef::from_bytes(&small, width, height) else { return Ok(()) };
        let paint = PixmapPaint { opacity: f32::from(alpha) / 255.0, quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        self.pixmap.draw_pixmap(0, 0, pixmap, &paint, to, self.clips.last());
        Ok(())
    }

    fn push_clip(&mut self, path: &Path, even_odd: bool) -> Result<()> {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        self.spend(u64::from(width) * u64::from(height))?;
        let mask = match self.clips.last() {
            Some(outer) => {
                let mut mask = outer.clone();
                mask.intersect_path(path, rule(even_odd), true, self.scale);
                mask
            }
            None => {
                let mut mask = Mask::new(width, height).ok_or(Error::Limit("图像像素数"))?;
                mask.fill_path(path, rule(even_odd), true, self.scale);
                mask
            }
        };
        if self.clips.len() > 64 {
            return Err(Error::Limit("裁剪嵌套深度"));
        }
        self.clips.push(mask);
        Ok(())
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }
}

fn rule(even_odd: bool) -> FillRule {
    if even_odd { FillRule::EvenOdd } else { FillRule::Winding }
}

/// `None` for gradients that paint nothing.
fn paint(brush: &Brush, to: Transform) -> Option<Paint<'static>> {
    let color = |[red, green, blue, alpha]: [u8; 4]| Color::from_rgba8(red, green, blue, alpha);
    let shader = match brush {
        Brush::Solid(rgba) => Shader::SolidColor(color(*rgba)),
        Brush::Gradient { start, end, radii, stops } => {
            let stops = stops.iter().map(|(position, rgba)| GradientStop::new(*position as f32, color(*rgba))).collect();
            let point = |(x, y): (f64, f64)| Point::from_xy(x as f32, y as f32);
            match radii {
                None => LinearGradient::new(point(*start), point(*end), stops, SpreadMode::Pad, to)?,
                Some((from, until)) => RadialGradient::new(point(*start), *from as f32, point(*end), *until as f32, stops, SpreadMode::Pad, to)?,
            }
        }
    };
    Some(Paint { shader, anti_alias: true, ..Paint::default() })
}

/// The image premultiplied, every `by` × `by` pixels averaged to one.
fn shrunk(image: &Pixels, by: u32) -> (Vec<u8>, u32, u32) {
    let (width, height) = (image.width.div_ceil(by), image.height.div_ceil(by));
    let mut small = Vec::with_capacity(width as usize * height as usize * 4);
    for top in (0..image.height).step_by(by as usize) {
        for left in (0..image.width).step_by(by as usize) {
            let mut sums = [0u32; 4];
            let mut count = 0;
            for y in top..(top + by).min(image.height) {
                let row = y as usize * image.width as usize;
                let (from, to) = (row + left as usize, row + (left + by).min(image.width) as usize);
                for pixel in image.rgba.get(from * 4..to * 4).unwrap_or_default().as_chunks::<4>().0 {
                    let alpha = u32::from(pixel[3]);
                    sums[3] += alpha;
                    for (sum, value) in sums.iter_mut().zip(&pixel[..3]) {
                        *sum += u32::from(*value) * alpha / 255;
                    }
                    count += 1;
                }
            }
            small.extend(sums.map(|sum| (sum / count.max(1)) as u8));
        }
    }
    (small, width, height)
}
