//! The walk over a page: inherits drawing parameters, finds fonts, images and colours, and calls a [`Canvas`].

use std::{collections::HashMap, sync::Arc};

use tiny_skia::{Path, PathBuilder};

use crate::{
    Color, Document, Error, Graphic, Limits, Matrix, Ofd, Page, Rect, Result,
    model::{Cap, DrawParam, Id, Join, Kind, LineStyle, Order, Paint, Resources, Text},
    sign,
    text::{page_templates, place, positions, weight},
};

use super::{
    Brush, Canvas, Fonts, Pen, Pixels, Run,
    canvas::Glyph,
    color,
    font::Face,
    picture,
    shape::{path, rectangle, transform},
};

/// Width of lines nobody gives one (8.2): one point.
const LINE_WIDTH: f64 = 0.353;
/// Shorter periods of dashes are drawn solid, in millimetres.
const SHORTEST_DASH: f64 = 0.05;

/// Draws pages of one document.
pub(crate) struct Scene<'a> {
    ofd: &'a Ofd,
    document: &'a Document,
    fonts: &'a Fonts,
    own: Resources,
    faces: HashMap<Id, Option<Arc<Face>>>,
    images: HashMap<(Id, Option<Id>), Option<Arc<Pixels>>>,
    /// Pixels of images kept decoded.
    kept: u64,
    steps: usize,
    /// How many documents this one is a seal picture inside of.
    nesting: usize,
    notes: Vec<String>,
}

/// What objects inherit from the layer and objects around them.
#[derive(Clone, Default)]
struct Style {
    line: LineStyle,
    fill: Option<Color>,
    stroke: Option<Color>,
    alpha: u8,
}

impl<'a> Scene<'a> {
    pub fn new(ofd: &'a Ofd, document: &'a Document, fonts: &'a Fonts) -> Self {
        let own = Resources::default();
        Self { ofd, document, fonts, own, faces: HashMap::new(), images: HashMap::new(), kept: 0, steps: 0, nesting: 0, notes: Vec::new() }
    }

    /// What could not be drawn, each once.
    pub fn notes(mut self) -> Vec<String> {
        self.notes.sort();
        self.notes.dedup();
        self.notes
    }

    fn note(&mut self, sentence: impl Into<String>) {
        if self.notes.len() < 1000 {
            self.notes.push(sentence.into());
        }
    }

    fn limits(&self) -> &'a Limits {
        self.ofd.package().limits()
    }

    /// Draws a whole page: templates, layers, annotations, seals.
    pub fn page(&mut self, canvas: &mut dyn Canvas, page: &Page, id: Id, origin: &Matrix) -> Result<()> {
        let templates = page_templates(self.ofd, self.document, page)?;
        for (_, template) in templates.iter().filter(|(order, _)| *order != Order::Foreground) {
            self.layers(canvas, template, origin)?;
        }
        self.layers(canvas, page, origin)?;
        for (_, template) in templates.iter().filter(|(order, _)| *order == Order::Foreground) {
            self.layers(canvas, template, origin)?;
        }
        for annotation in self.ofd.annotations(self.document, id)?.iter().filter(|annotation| annotation.visible) {
            let place = Matrix::translate(annotation.boundary.x, annotation.boundary.y).then(origin);
            self.list(canvas, &annotation.appearance, &place, &Style { alpha: 255, ..Style::default() }, 0)?;
        }
        self.stamps(canvas, id, origin)
    }

    fn layers(&mut self, canvas: &mut dyn Canvas, page: &Page, origin: &Matrix) -> Result<()> {
        self.own.clone_from(&page.resources);
        let mut layers: Vec<_> = page.layers.iter().collect();
        layers.sort_by_key(|layer| layer.order.unwrap_or(Order::Body));
        for layer in layers {
            let mut style = Style { alpha: 255, ..Style::default() };
            self.inherit(&mut style, layer.draw_param)?;
            self.list(canvas, &layer.content, origin, &style, 0)?;
        }
        Ok(())
    }

    /// A drawing parameter set over `style`, the set it is based on first.
    fn inherit(&self, style: &mut Style, param: Option<Id>) -> Result<()> {
        let Some(first) = param else { return Ok(()) };
        let mut chain: Vec<&DrawParam> = Vec::new();
        let mut next = Some(first);
        while let Some(id) = next {
            if chain.len() > self.limits().depth {
                return Err(Error::Cycle(first));
            }
            let Some(param) = self.own.draw_params.get(&id).or_else(|| self.document.resources.draw_params.get(&id)) else { break };
            chain.push(param);
            next = param.relative;
        }
        for param in chain.into_iter().rev() {
            overlay(&mut style.line, &param.line);
            style.fill = param.fill.clone().or(style.fill.take());
            style.stroke = param.stroke.clone().or(style.stroke.take());
        }
        Ok(())
    }

    fn list(&mut self, canvas: &mut dyn Canvas, objects: &[Graphic], outer: &Matrix, style: &Style, depth: usize) -> Result<()> {
        if depth > self.limits().depth {
            return Err(Error::Limit("图元嵌套深度"));
        }
        for object in objects.iter().filter(|object| object.visible) {
            self.steps += 1 + weight(&object.kind);
            if self.steps > self.limits().steps {
                return Err(Error::Limit("页面内容量"));
            }
            self.object(canvas, object, outer, style, depth)?;
        }
        Ok(())
    }

    fn object(&mut self, canvas: &mut dyn Canvas, object: &Graphic, outer: &Matrix, style: &Style, depth: usize) -> Result<()> {
        let mut style = style.clone();
        self.inherit(&mut style, object.draw_param)?;
        overlay(&mut style.line, &object.line);
        style.alpha = (u16::from(style.alpha) * u16::from(object.alpha) / 255) as u8;
        let place = place(object, outer);

        let mut clips = 0;
        for areas in &object.clips {
            if let Some(clip) = self.clip(areas, &place) {
                canvas.push_clip(&clip, false)?;
                clips += 1;
            }
        }
        match &object.kind {
            Kind::Block(inner) => self.list(canvas, inner, outer, &style, depth + 1)?,
            Kind::Text(text) => self.text(canvas, text, &style, &place)?,
            Kind::Path(shape) => {
                if let Some(path) = path(&shape.segments) {
                    let pen = pen(&style.line);
                    clips += usize::from(self.bound(canvas, object, outer, &path, if shape.stroke { pen.width } else { 0.0 }, &place)?);
                    let fill = shape.fill_color.as_ref().or(style.fill.as_ref()).cloned();
                    if let Some(brush) = fill.filter(|_| shape.fill).and_then(|color| self.brush(&color, style.alpha)) {
                        canvas.fill(&path, shape.even_odd, &brush, &place)?;
                    }
                    let stroke = shape.stroke_color.as_ref().or(style.stroke.as_ref()).cloned().unwrap_or_else(|| Color::rgb(0, 0, 0));
                    if let Some(brush) = shape.stroke.then(|| self.brush(&stroke, style.alpha)).flatten() {
                        canvas.stroke(&path, &pen, &brush, &place)?;
                    }
                }
            }
            Kind::Image { resource, mask } => {
                if let Some(image) = self.image(*resource, *mask) {
                    let unit = PathBuilder::from_rect(tiny_skia::Rect::from_xywh(0.0, 0.0, 1.0, 1.0).ok_or(Error::Limit("图像"))?);
                    clips += usize::from(self.bound(canvas, object, outer, &unit, 0.0, &place)?);
                    canvas.image(&image, style.alpha, &place)?;
                }
            }
            Kind::Composite { resource } => {
                let (ofd_document, id) = (self.document, *resource);
                let own = self.own.composites.get(&id).cloned();
                if let Some(composite) = own.as_ref().or_else(|| ofd_document.resources.composites.get(&id)) {
                    self.list(canvas, &composite.content, &place, &style, depth + 1)?;
                }
            }
        }
        (0..clips).for_each(|_| canvas.pop_clip());
        Ok(())
    }

    /// Cuts off what is outside the object's boundary (8.5), and says whether a clip was needed. Text is let out: a stand-in
    /// font is not as large as the one the producer measured.
    fn bound(&self, canvas: &mut dyn Canvas, object: &Graphic, outer: &Matrix, path: &Path, line: f64, place: &Matrix) -> Result<bool> {
        if object.boundary.width <= 0.0 && object.boundary.height <= 0.0 {
            return Ok(false);
        }
        // Lines may lie on the edge, with half of their width outside; producers give them boundaries without height.
        let margin = line * object.ctm.factor() / 2.0 + 0.05;
        let Some(frame) = rectangle(&object.boundary, margin, outer) else { return Ok(false) };
        if let Some(drawn) = path.clone().transform(transform(place)) {
            let (inside, around) = (drawn.bounds(), frame.bounds());
            if around.left() <= inside.left() && around.top() <= inside.top() && around.right() >= inside.right() && around.bottom() >= inside.bottom() {
                return Ok(false);
            }
        }
        canvas.push_clip(&frame, false)?;
        Ok(true)
    }

    /// The union of clip areas in millimetres of the page.
    fn clip(&mut self, areas: &[crate::model::ClipArea], place: &Matrix) -> Option<Path> {
        let mut builder = PathBuilder::new();
        for area in areas {
            let to_page = transform(&area.ctm.then(place));
            match &*area.shape {
                Kind::Path(shape) => builder.extend(path(&shape.segments).and_then(|path| path.transform(to_page))),
                Kind::Text(text) => {
                    for (face, glyphs) in self.runs(text) {
                        let run = Run { face: &face, size: text.size, h_scale: text.h_scale, turn: text.char_direction, slanted: text.italic, glyphs: &glyphs };
                        for glyph in &glyphs {
                            let at = transform(&run.glyph_matrix(glyph));
                            let outline = face.outline(glyph.id).and_then(|path| Path::clone(&path).transform(at));
                            builder.extend(outline.and_then(|path| path.transform(to_page)));
                        }
                    }
                }
                _ => {}
            }
        }
        builder.finish()
    }

    fn brush(&mut self, color: &Color, alpha: u8) -> Option<Brush> {
        if let Paint::Other(kind) = &color.paint {
            self.note(format!("底纹 {kind} 未绘出"));
        }
        color::brush(color, alpha, &[&self.own, &self.document.resources])
    }

    fn text(&mut self, canvas: &mut dyn Canvas, text: &Text, style: &Style, place: &Matrix) -> Result<()> {
        if text.size <= 0.0 {
            return Ok(());
        }
        let fill = text.fill_color.clone().or_else(|| style.fill.clone()).unwrap_or_else(|| Color::rgb(0, 0, 0));
        let fill = text.fill.then(|| self.brush(&fill, style.alpha)).flatten();
        let stroke = text.stroke_color.clone().or_else(|| style.stroke.clone());
        let stroke = stroke.filter(|_| text.stroke).and_then(|color| self.brush(&color, style.alpha));
        for (face, glyphs) in self.runs(text) {
            let run = Run { face: &face, size: text.size, h_scale: text.h_scale, turn: text.char_direction, slanted: text.italic && !self.is_italic(text.font), glyphs: &glyphs };
            if let Some(brush) = &fill {
                canvas.glyphs(&run, brush, place)?;
            }
            if let Some(brush) = &stroke {
                let pen = pen(&style.line);
                for glyph in &glyphs {
                    let outline = face.outline(glyph.id).and_then(|path| Path::clone(&path).transform(transform(&run.glyph_matrix(glyph))));
                    if let Some(outline) = outline {
                        canvas.stroke(&outline, &pen, brush, place)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_italic(&self, font: Id) -> bool {
        self.font(font).is_some_and(|font| font.italic && font.file.is_some())
    }

    fn font(&self, id: Id) -> Option<&crate::model::Font> {
        self.own.fonts.get(&id).or_else(|| self.document.resources.fonts.get(&id))
    }

    /// The glyphs of a text, those of one face together.
    fn runs(&mut self, text: &Text) -> Vec<(Arc<Face>, Vec<Glyph>)> {
        let embedded = self.face(text.font);
        let bold = text.weight >= 600 || self.font(text.font).is_some_and(|font| font.bold);
        // Characters with glyphs of their own, counted over all runs.
        let mut chosen: HashMap<usize, u32> = HashMap::new();
        for map in &text.glyphs {
            chosen.extend(map.glyphs.iter().take(map.characters).enumerate().map(|(index, glyph)| (map.position.saturating_add(index), *glyph)));
        }
        let mut runs: Vec<(Arc<Face>, Vec<Glyph>)> = Vec::new();
        let mut index = 0;
        let mut missing = Vec::new();
        for code in &text.codes {
            let places: Vec<_> = positions(code, text).collect();
            for (at, (character, x, y)) in places.iter().copied().enumerate() {
                // Nobody says how much room the last one has.
                let step = places.get(at + 1).map_or(0.0, |next| if next.2 == y { next.1 - x } else { 0.0 });
                let own = embedded.as_ref().and_then(|face| Some((face, chosen.get(&index).copied().or_else(|| face.glyph(character))?)));
                index += 1;
                let stand_in = own.is_none() && text.char_direction == 0;
                let Some((face, id)) = own.or_else(|| self.fonts.find(character, bold)) else {
                    if !character.is_whitespace() {
                        missing.push(character);
                    }
                    continue;
                };
                let width = face.advance(id).filter(|_| stand_in && step > 0.0).unwrap_or(0.0) * text.size * text.h_scale;
                let glyph = Glyph { id, character, x, y, squeeze: if width > step * 1.02 { step / width } else { 1.0 } };
                match runs.last_mut() {
                    Some((last, glyphs)) if last.key == face.key => glyphs.push(glyph),
                    _ => runs.push((face.clone(), vec![glyph])),
                }
            }
        }
        for character in missing {
            self.note(format!("没有字体可显示字符“{character}”"));
        }
        runs
    }

    fn face(&mut self, id: Id) -> Option<Arc<Face>> {
        if let Some(known) = self.faces.get(&id) {
            return known.clone();
        }
        let file = self.font(id).and_then(|font| font.file.clone());
        let face = file.as_deref().and_then(|file| Face::new(self.ofd.bytes(file).ok()?.into())).map(Arc::new);
        if let (Some(file), None) = (file, &face) {
            self.note(format!("内嵌字体 {file} 读不了"));
        }
        self.faces.insert(id, face.clone());
        face
    }

    fn image(&mut self, id: Id, mask: Option<Id>) -> Option<Arc<Pixels>> {
        if let Some(known) = self.images.get(&(id, mask)) {
            return known.clone();
        }
        let decoded = self.decode(id).map(|pixels| match mask.and_then(|mask| self.decode(mask)) {
            Some(mask) => pixels.masked(&mask),
            None => pixels,
        });
        let decoded = decoded.map(Arc::new);
        // Decoded again when needed again, rather than kept without bound.
        self.kept += decoded.as_ref().map_or(0, |pixels| u64::from(pixels.width) * u64::from(pixels.height));
        if self.kept > self.limits().pixels {
            self.images.clear();
            self.kept = 0;
        }
        self.images.insert((id, mask), decoded.clone());
        decoded
    }

    fn decode(&mut self, id: Id) -> Option<Pixels> {
        let media = self.own.media.get(&id).or_else(|| self.document.resources.media.get(&id));
        let Some(path) = media.map(|media| media.path.clone()) else {
            self.note(format!("缺少图像资源 {id}"));
            return None;
        };
        let decoded = self.ofd.bytes(&path).map_err(|error| error.to_string()).and_then(|bytes| picture::decode(bytes, self.limits()));
        decoded.map_err(|why| self.note(format!("图像 {path}：{why}"))).ok()
    }

    /// The seals on a page, over everything else (18.2.3).
    fn stamps(&mut self, canvas: &mut dyn Canvas, page: Id, origin: &Matrix) -> Result<()> {
        let Some(list) = self.document.signatures.as_deref() else { return Ok(()) };
        let package = self.ofd.package();
        for (_, signature) in sign::signatures(package)? {
            let Ok(signature) = signature else { continue };
            if signature.list != list {
                continue;
            }
            for stamp in signature.stamps.iter().filter(|stamp| stamp.page == page) {
                let files = [Some(signature.value.as_str()), signature.seal.as_deref()].into_iter().flatten();
                let Some(picture) = files.filter_map(|file| package.bytes(file).ok()).find_map(sign::picture) else {
                    self.note(format!("签名 {} 没有印章图像", signature.id));
                    continue;
                };
                if let Some(clip) = &stamp.clip {
                    let clip = Rect::new(stamp.boundary.x + clip.x, stamp.boundary.y + clip.y, clip.width, clip.height);
                    match rectangle(&clip, 0.0, origin) {
                        Some(clip) => canvas.push_clip(&clip, false)?,
                        None => continue,
                    }
                }
                self.stamp(canvas, &picture, &stamp.boundary, origin)?;
                if stamp.clip.is_some() {
                    canvas.pop_clip();
                }
            }
        }
        Ok(())
    }

    fn stamp(&mut self, canvas: &mut dyn Canvas, picture: &sign::Picture<'_>, boundary: &Rect, origin: &Matrix) -> Result<()> {
        let place = Matrix::scale(boundary.width, boundary.height).then(&Matrix::translate(boundary.x, boundary.y)).then(origin);
        if !picture.format.eq_ignore_ascii_case("ofd") {
            match picture::decode(picture.data, self.limits()) {
                Ok(pixels) => canvas.image(&pixels, 255, &place)?,
                Err(why) => self.note(format!("印章图像：{why}")),
            }
            return Ok(());
        }
        if self.nesting >= 2 {
            return Err(Error::Limit("印章嵌套深度"));
        }
        // The picture is an OFD document of one page.
        let inner = match Ofd::read_with(picture.data, *self.limits()) {
            Ok(inner) => inner,
            Err(error) => {
                self.note(format!("印章图像：{error}"));
                return Ok(());
            }
        };
        let Some((document, reference)) = inner.documents.first().and_then(|document| Some((document, document.pages.first()?))) else { return Ok(()) };
        let page = inner.page(document, 0)?;
        let area = inner.area(document, &page);
        let fit = Matrix::translate(-area.x, -area.y).then(&Matrix::scale(1.0 / area.width, 1.0 / area.height)).then(&place);
        let mut scene = Scene::new(&inner, document, self.fonts);
        (scene.nesting, scene.steps) = (self.nesting + 1, self.steps);
        scene.page(canvas, &page, reference.id, &fit)?;
        self.steps = scene.steps;
        self.notes.append(&mut scene.notes);
        Ok(())
    }
}

/// What `over` gives, replaces what `line` has.
fn overlay(line: &mut LineStyle, over: &LineStyle) {
    line.width = over.width.or(line.width);
    line.cap = over.cap.or(line.cap);
    line.join = over.join.or(line.join);
    line.miter_limit = over.miter_limit.or(line.miter_limit);
    if !over.dash.is_empty() {
        line.dash.clone_from(&over.dash);
        line.dash_offset = over.dash_offset;
    }
}

fn pen(line: &LineStyle) -> Pen {
    let mut dash: Vec<f64> = line.dash.iter().take(16).map(|part| part.abs()).collect();
    if dash.len() % 2 == 1 {
        dash.extend(dash.clone());
    }
    if dash.iter().sum::<f64>() < SHORTEST_DASH {
        dash.clear();
    }
    Pen {
        width: line.width.unwrap_or(LINE_WIDTH),
        cap: line.cap.unwrap_or(Cap::Butt),
        join: line.join.unwrap_or(Join::Miter),
        miter_limit: line.miter_limit.unwrap_or(4.234).max(1.0),
        dash,
        dash_offset: line.dash_offset,
    }
}

/// `PathBuilder` takes paths one by one.
trait Extend {
    fn extend(&mut self, path: Option<Path>);
}

impl Extend for PathBuilder {
    fn extend(&mut self, path: Option<Path>) {
        if let Some(path) = path {
            self.push_path(&path);
        }
    }
}
