//! The laid-out document as OFD: the same lines at the same places as in the PDF.
//!
//! Text is text with the place of every glyph, fonts are embedded as subsets, vector images (the QR code is one) are paths.
//! Gradients and tilings have no counterpart here and are refused; no template of official documents has any.

use std::collections::HashMap;

use ofd::{
    Color, Graphic, Matrix, Rect,
    model::{Kind, LineStyle, Path, Segment},
    write::{Builder, FontKey, Glyph, ImageKey, PageBuilder},
};
use typst::{
    layout::{Frame, FrameItem, GroupItem, Point, Size, Transform},
    text::TextItem,
    visualize::{Curve, CurveItem, FillRule, FixedStroke, Geometry, Image, ImageKind, LineCap, LineJoin, Paint, RasterFormat, RasterImage, Shape, SvgImage, ExchangeFormat},
};
use typst_layout::PagedDocument;

use crate::{Error, Result};

/// Millimetres of a point.
const MM: f64 = 25.4 / 72.0;

/// Writes the pages of `document` into a builder, whose metadata and attachments are the caller's.
pub(crate) fn pages(document: &PagedDocument, builder: &mut Builder) -> Result<()> {
    let mut writer = Writer { builder, fonts: HashMap::new(), images: HashMap::new() };
    for page in document.pages() {
        let size = page.frame.size();
        let mut target = writer.builder.page();
        target.area = Some(Rect::new(0.0, 0.0, rounded(size.x.to_pt() * MM), rounded(size.y.to_pt() * MM)));
        let to_page = Matrix::scale(MM, MM);
        if let Some(fill) = page.fill_or_transparent() {
            let path = Path { stroke: false, fill: true, even_odd: false, fill_color: Some(color(&fill)?), stroke_color: None, segments: rectangle(size) };
            add_path(&mut target, path, LineStyle::default(), &to_page);
        }
        writer.frame(&mut target, &page.frame, &to_page)?;
        writer.builder.push(target);
    }
    Ok(())
}

struct Writer<'b> {
    builder: &'b mut Builder,
    /// By address of the font file and face.
    fonts: HashMap<(usize, u32), FontKey>,
    /// By content.
    images: HashMap<u128, ImageKey>,
}

impl Writer<'_> {
    fn frame(&mut self, page: &mut PageBuilder, frame: &Frame, place: &Matrix) -> Result<()> {
        for (at, item) in frame.items() {
            let place = moved(*at).then(place);
            match item {
                FrameItem::Group(group) => self.group(page, group, &place)?,
                FrameItem::Text(text) => self.text(page, text, &place)?,
                FrameItem::Shape(shape, _) => self::shape(page, shape, &place)?,
                FrameItem::Image(image, size, _) => self.image(page, image, *size, &place)?,
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
        Ok(())
    }

    fn group(&mut self, page: &mut PageBuilder, group: &GroupItem, place: &Matrix) -> Result<()> {
        let place = matrix(&group.transform).then(place);
        let first = page.len();
        self.frame(page, &group.frame, &place)?;
        if let Some(curve) = &group.clip {
            let segments = transformed(&segments(curve), &place);
            page.clip(first, &Path { stroke: false, fill: true, even_odd: false, fill_color: None, stroke_color: None, segments });
        }
        Ok(())
    }

    fn text(&mut self, page: &mut PageBuilder, text: &TextItem, place: &Matrix) -> Result<()> {
        let font = self.font(text);
        let [a, b, c, d, ..] = place.0;
        let scale = place.factor();
        // What is left when size and place are taken out: a rotation, or nothing.
        let turn = Matrix([a / scale, b / scale, c / scale, d / scale, 0.0, 0.0]);
        let upright = (a - d).abs() < 1e-9 && b.abs() < 1e-9 && c.abs() < 1e-9;
        let (mut x, mut y) = (0.0, 0.0);
        let mut origin: Option<(f64, f64)> = None;
        let mut glyphs = Vec::with_capacity(text.glyphs.len());
        for glyph in &text.glyphs {
            let at = (x + glyph.x_offset.at(text.size).to_pt(), y - glyph.y_offset.at(text.size).to_pt());
            let characters = text.text.get(glyph.range()).unwrap_or_default();
            let single = characters.chars().count() == 1;
            let mut offset = 0.0;
            // A ligature is set as its letters, so that each character has its place.
            for character in characters.chars() {
                let local = (at.0 + offset, at.1);
                let start = *origin.get_or_insert(local);
                let (px, py) = place.apply(start.0, start.1);
                let (px, py) = if upright { place.apply(local.0, local.1) } else { (px + (local.0 - start.0) * scale, py + (local.1 - start.1) * scale) };
                glyphs.push(Glyph { character, id: single.then_some(u32::from(glyph.id)), x: px, y: py });
                let face = text.font.ttf();
                let advance = face.glyph_index(character).and_then(|id| text.font.x_advance(id.0)).unwrap_or_default();
                offset += advance.at(text.size).to_pt();
            }
            x += glyph.x_advance.at(text.size).to_pt();
            y -= glyph.y_advance.at(text.size).to_pt();
        }
        page.glyphs(font, text.size.to_pt() * scale, color(&text.fill)?, if upright { Matrix::IDENTITY } else { turn }, glyphs);
        Ok(())
    }

    fn font(&mut self, text: &TextItem) -> FontKey {
        let font = text.font.font();
        let key = (font.data().as_slice().as_ptr() as usize, font.index());
        *self.fonts.entry(key).or_insert_with(|| {
            let info = font.info();
            self.builder.font(font.data().to_vec(), font.index(), &info.family, info.variant.weight.to_number() >= 600)
        })
    }

    fn image(&mut self, page: &mut PageBuilder, image: &Image, size: Size, place: &Matrix) -> Result<()> {
        match image.kind() {
            ImageKind::Raster(raster) => {
                let key = self.raster(raster)?;
                let unit = Matrix::scale(size.x.to_pt(), size.y.to_pt()).then(place);
                let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| unit.apply(x, y));
                let boundary = bounds(corners);
                page.image_turned(boundary, unit.then(&Matrix::translate(-boundary.x, -boundary.y)), key);
                Ok(())
            }
            ImageKind::Svg(svg) => {
                drawing(page, svg, size, place);
                Ok(())
            }
            ImageKind::Pdf(_) => Err(Error::Ofd("a PDF as an image".into())),
        }
    }

    fn raster(&mut self, raster: &RasterImage) -> Result<ImageKey> {
        let hash = typst::utils::hash128(raster);
        if let Some(known) = self.images.get(&hash) {
            return Ok(*known);
        }
        let key = match raster.format() {
            RasterFormat::Exchange(ExchangeFormat::Jpg) => self.builder.image(raster.data().to_vec(), "JPEG"),
            RasterFormat::Exchange(ExchangeFormat::Png) => self.builder.image(raster.data().to_vec(), "PNG"),
            _ => {
                let mut png = std::io::Cursor::new(Vec::new());
                raster.dynamic().write_to(&mut png, image::ImageFormat::Png).map_err(|error| Error::Ofd(error.to_string()))?;
                self.builder.image(png.into_inner(), "PNG")
            }
        };
        self.images.insert(hash, key);
        Ok(key)
    }
}

fn shape(page: &mut PageBuilder, shape: &Shape, place: &Matrix) -> Result<()> {
    let segments = match &shape.geometry {
        Geometry::Line(to) => vec![Segment::Move(0.0, 0.0), Segment::Line(to.x.to_pt(), to.y.to_pt())],
        Geometry::Rect(size) => rectangle(*size),
        Geometry::Curve(curve) => segments(curve),
    };
    let path = Path {
        stroke: shape.stroke.is_some(),
        fill: shape.fill.is_some(),
        even_odd: shape.fill_rule == FillRule::EvenOdd,
        fill_color: shape.fill.as_ref().map(color).transpose()?,
        stroke_color: shape.stroke.as_ref().map(|stroke| color(&stroke.paint)).transpose()?,
        segments,
    };
    let line = shape.stroke.as_ref().map(|stroke| line(stroke, place.factor())).unwrap_or_default();
    add_path(page, path, line, place);
    Ok(())
}

/// A path in its own space, put on the page within a boundary that leaves room for its line.
fn add_path(page: &mut PageBuilder, mut path: Path, line: LineStyle, place: &Matrix) {
    let segments = transformed(&path.segments, place);
    let margin = if path.stroke { line.width.unwrap_or_default() } else { 0.0 };
    let inner = bounds(segments.iter().flat_map(points));
    let boundary = Rect::new(rounded(inner.x - margin), rounded(inner.y - margin), rounded(inner.width + 2.0 * margin), rounded(inner.height + 2.0 * margin));
    path.segments = transformed(&segments, &Matrix::translate(-boundary.x, -boundary.y));
    let mut graphic = Graphic::new(0, boundary, Kind::Path(path));
    graphic.line = line;
    page.graphic(graphic);
}

/// A vector image as paths.
fn drawing(page: &mut PageBuilder, svg: &SvgImage, size: Size, place: &Matrix) {
    let tree = svg.tree();
    let (width, height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
    let fit = Matrix::scale(size.x.to_pt() / width, size.y.to_pt() / height).then(place);
    nodes(page, tree.root(), &fit);
}

fn nodes(page: &mut PageBuilder, group: &usvg::Group, place: &Matrix) {
    for node in group.children() {
        match node {
            usvg::Node::Group(inner) => nodes(page, inner, place),
            usvg::Node::Text(text) => nodes(page, text.flattened(), place),
            usvg::Node::Path(path) if path.is_visible() => {
                let t = path.abs_transform();
                let place = Matrix([t.sx, t.ky, t.kx, t.sy, t.tx, t.ty].map(f64::from)).then(place);
                let solid = |paint: &usvg::Paint, opacity: usvg::Opacity| match paint {
                    usvg::Paint::Color(color) => Some(Color { alpha: opacity.to_u8(), ..Color::rgb(color.red, color.green, color.blue) }),
                    _ => None,
                };
                let fill_color = path.fill().and_then(|fill| solid(fill.paint(), fill.opacity()));
                let stroke_color = path.stroke().and_then(|stroke| solid(stroke.paint(), stroke.opacity()));
                let width = path.stroke().map(|stroke| rounded(f64::from(stroke.width().get()) * place.factor()));
                let even_odd = path.fill().is_some_and(|fill| fill.rule() == usvg::FillRule::EvenOdd);
                let drawn = Path { stroke: stroke_color.is_some(), fill: fill_color.is_some(), even_odd, fill_color, stroke_color, segments: outline(path.data()) };
                add_path(page, drawn, LineStyle { width, ..LineStyle::default() }, &place);
            }
            usvg::Node::Path(_) | usvg::Node::Image(_) => {}
        }
    }
}

fn outline(path: &usvg::tiny_skia_path::Path) -> Vec<Segment> {
    use usvg::tiny_skia_path::PathSegment as From;
    let segments = path.segments().map(|segment| match segment {
        From::MoveTo(p) => Segment::Move(p.x.into(), p.y.into()),
        From::LineTo(p) => Segment::Line(p.x.into(), p.y.into()),
        From::QuadTo(a, p) => Segment::Quad(a.x.into(), a.y.into(), p.x.into(), p.y.into()),
        From::CubicTo(a, b, p) => Segment::Cubic(a.x.into(), a.y.into(), b.x.into(), b.y.into(), p.x.into(), p.y.into()),
        From::Close => Segment::Close,
    });
    segments.collect()
}

fn segments(curve: &Curve) -> Vec<Segment> {
    let pair = |point: &Point| (point.x.to_pt(), point.y.to_pt());
    let segments = curve.0.iter().map(|item| match item {
        CurveItem::Move(p) => Segment::Move(pair(p).0, pair(p).1),
        CurveItem::Line(p) => Segment::Line(pair(p).0, pair(p).1),
        CurveItem::Cubic(a, b, p) => Segment::Cubic(pair(a).0, pair(a).1, pair(b).0, pair(b).1, pair(p).0, pair(p).1),
        CurveItem::Close => Segment::Close,
    });
    segments.collect()
}

fn rectangle(size: Size) -> Vec<Segment> {
    let (width, height) = (size.x.to_pt(), size.y.to_pt());
    vec![Segment::Move(0.0, 0.0), Segment::Line(width, 0.0), Segment::Line(width, height), Segment::Line(0.0, height), Segment::Close]
}

/// Each point where `matrix` takes it.
fn transformed(segments: &[Segment], matrix: &Matrix) -> Vec<Segment> {
    let to = |x: f64, y: f64| {
        let (x, y) = matrix.apply(x, y);
        (rounded(x), rounded(y))
    };
    let segments = segments.iter().map(|segment| match *segment {
        Segment::Move(x, y) => Segment::Move(to(x, y).0, to(x, y).1),
        Segment::Line(x, y) => Segment::Line(to(x, y).0, to(x, y).1),
        Segment::Quad(a, b, x, y) => Segment::Quad(to(a, b).0, to(a, b).1, to(x, y).0, to(x, y).1),
        Segment::Cubic(a, b, c, d, x, y) => Segment::Cubic(to(a, b).0, to(a, b).1, to(c, d).0, to(c, d).1, to(x, y).0, to(x, y).1),
        // None of the sources above has arcs.
        Segment::Arc { x, y, .. } => Segment::Line(to(x, y).0, to(x, y).1),
        Segment::Close => Segment::Close,
    });
    segments.collect()
}

fn points(segment: &Segment) -> Vec<(f64, f64)> {
    match *segment {
        Segment::Move(x, y) | Segment::Line(x, y) | Segment::Arc { x, y, .. } => vec![(x, y)],
        Segment::Quad(a, b, x, y) => vec![(a, b), (x, y)],
        Segment::Cubic(a, b, c, d, x, y) => vec![(a, b), (c, d), (x, y)],
        Segment::Close => Vec::new(),
    }
}

fn bounds(points: impl IntoIterator<Item = (f64, f64)>) -> Rect {
    let Rect { x, y, width, height } = ofd::around(points);
    Rect::new(rounded(x), rounded(y), rounded(width), rounded(height))
}

fn line(stroke: &FixedStroke, scale: f64) -> LineStyle {
    let length = |points: f64| rounded(points * scale);
    LineStyle {
        width: Some(length(stroke.thickness.to_pt())),
        cap: Some(match stroke.cap {
            LineCap::Butt => ofd::Cap::Butt,
            LineCap::Round => ofd::Cap::Round,
            LineCap::Square => ofd::Cap::Square,
        }),
        join: Some(match stroke.join {
            LineJoin::Miter => ofd::Join::Miter,
            LineJoin::Round => ofd::Join::Round,
            LineJoin::Bevel => ofd::Join::Bevel,
        }),
        miter_limit: Some(stroke.miter_limit.get()),
        dash: stroke.dash.iter().flat_map(|dash| &dash.array).map(|part| length(part.to_pt())).collect(),
        dash_offset: stroke.dash.as_ref().map_or(0.0, |dash| length(dash.phase.to_pt())),
    }
}

fn color(paint: &Paint) -> Result<Color> {
    let Paint::Solid(color) = paint else { return Err(Error::Ofd("a gradient or tiling".into())) };
    let rgb = color.to_rgb();
    let [red, green, blue, alpha] = [rgb.color.red, rgb.color.green, rgb.color.blue, rgb.alpha].map(|part| (part * 255.0).round() as u8);
    Ok(Color { alpha, ..Color::rgb(red, green, blue) })
}

fn matrix(transform: &Transform) -> Matrix {
    Matrix([transform.sx.get(), transform.ky.get(), transform.kx.get(), transform.sy.get(), transform.tx.to_pt(), transform.ty.to_pt()])
}

fn moved(at: Point) -> Matrix {
    Matrix::translate(at.x.to_pt(), at.y.to_pt())
}

/// As fine as the OFD writer's own numbers.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
