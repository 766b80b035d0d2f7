//! Graphic objects as XML; the mirror of `read::graphic`.

use crate::{
    Matrix,
    model::{Cap, Color, DrawParam, Graphic, GlyphMap, Join, Kind, LineStyle, Paint, Path, Segment, Text, TextCode},
};

use super::Xml;

/// Attributes in the making.
#[derive(Default)]
struct Attributes(Vec<(&'static str, String)>);

impl Attributes {
    fn add(&mut self, name: &'static str, value: impl ToString) {
        self.0.push((name, value.to_string()));
    }

    fn some(&mut self, name: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn numbers(&mut self, name: &'static str, numbers: &[f64]) {
        if !numbers.is_empty() {
            self.add(name, Xml::numbers(numbers));
        }
    }

    fn with<T>(&self, use_them: impl FnOnce(&[(&str, &str)]) -> T) -> T {
        let pairs: Vec<(&str, &str)> = self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        use_them(&pairs)
    }
}

pub(super) fn list(xml: &mut Xml, objects: &[Graphic]) {
    for object in objects {
        graphic(xml, object);
    }
}

fn graphic(xml: &mut Xml, object: &Graphic) {
    let mut attributes = Attributes::default();
    attributes.some("ID", object.id);
    let name = match &object.kind {
        Kind::Text(_) => "TextObject",
        Kind::Path(_) => "PathObject",
        Kind::Image { .. } => "ImageObject",
        Kind::Composite { .. } => "CompositeObject",
        Kind::Block(_) => "PageBlock",
    };
    if !matches!(object.kind, Kind::Block(_)) {
        attributes.add("Boundary", Xml::rect(&object.boundary));
    }
    if !object.visible {
        attributes.add("Visible", false);
    }
    if object.ctm != Matrix::IDENTITY {
        attributes.add("CTM", Xml::matrix(&object.ctm));
    }
    attributes.some("DrawParam", object.draw_param);
    line(&mut attributes, &object.line);
    if object.alpha != 255 {
        attributes.add("Alpha", object.alpha);
    }
    match &object.kind {
        Kind::Text(text) => text_attributes(&mut attributes, text),
        Kind::Path(path) => path_attributes(&mut attributes, path),
        Kind::Image { resource, mask } => {
            attributes.add("ResourceID", resource);
            attributes.some("ImageMask", *mask);
        }
        Kind::Composite { resource } => attributes.add("ResourceID", resource),
        Kind::Block(_) => {}
    }
    attributes.with(|attributes| xml.open(name, attributes));
    clips(xml, object);
    match &object.kind {
        Kind::Text(text) => text_body(xml, text),
        Kind::Path(path) => path_body(xml, path),
        Kind::Block(inner) => list(xml, inner),
        Kind::Image { .. } | Kind::Composite { .. } => {}
    }
    xml.close();
}

fn clips(xml: &mut Xml, object: &Graphic) {
    if object.clips.is_empty() {
        return;
    }
    xml.open("Clips", &[]);
    for areas in &object.clips {
        xml.open("Clip", &[]);
        for area in areas {
            let mut attributes = Attributes::default();
            if area.ctm != Matrix::IDENTITY {
                attributes.add("CTM", Xml::matrix(&area.ctm));
            }
            attributes.with(|attributes| xml.open("Area", attributes));
            // The area's matrix has taken up the shape's own place.
            let mut attributes = Attributes::default();
            attributes.add("Boundary", "0 0 0 0");
            match &*area.shape {
                Kind::Path(path) => {
                    path_attributes(&mut attributes, path);
                    attributes.with(|attributes| xml.open("Path", attributes));
                    path_body(xml, path);
                    xml.close();
                }
                Kind::Text(text) => {
                    text_attributes(&mut attributes, text);
                    attributes.with(|attributes| xml.open("Text", attributes));
                    text_body(xml, text);
                    xml.close();
                }
                _ => {}
            }
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

fn line(attributes: &mut Attributes, line: &LineStyle) {
    attributes.some("LineWidth", line.width);
    attributes.some("Cap", line.cap.map(|cap| match cap {
        Cap::Butt => "Butt",
        Cap::Round => "Round",
        Cap::Square => "Square",
    }));
    attributes.some("Join", line.join.map(|join| match join {
        Join::Miter => "Miter",
        Join::Round => "Round",
        Join::Bevel => "Bevel",
    }));
    attributes.some("MiterLimit", line.miter_limit);
    attributes.numbers("DashPattern", &line.dash);
    if line.dash_offset != 0.0 {
        attributes.add("DashOffset", line.dash_offset);
    }
}

fn path_attributes(attributes: &mut Attributes, path: &Path) {
    if !path.stroke {
        attributes.add("Stroke", false);
    }
    if path.fill {
        attributes.add("Fill", true);
    }
    if path.even_odd {
        attributes.add("Rule", "Even-Odd");
    }
}

fn path_body(xml: &mut Xml, path: &Path) {
    colors(xml, path.fill_color.as_ref(), path.stroke_color.as_ref());
    xml.text("AbbreviatedData", &[], &data(&path.segments));
}

fn data(segments: &[Segment]) -> String {
    let words = segments.iter().map(|segment| match *segment {
        Segment::Move(x, y) => format!("M {}", Xml::numbers(&[x, y])),
        Segment::Line(x, y) => format!("L {}", Xml::numbers(&[x, y])),
        Segment::Quad(a, b, x, y) => format!("Q {}", Xml::numbers(&[a, b, x, y])),
        Segment::Cubic(a, b, c, d, x, y) => format!("B {}", Xml::numbers(&[a, b, c, d, x, y])),
        Segment::Arc { rx, ry, angle, large, clockwise, x, y } => {
            format!("A {} {} {} {}", Xml::numbers(&[rx, ry, angle]), u8::from(large), u8::from(clockwise), Xml::numbers(&[x, y]))
        }
        Segment::Close => "C".to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn text_attributes(attributes: &mut Attributes, text: &Text) {
    attributes.add("Font", text.font);
    attributes.add("Size", text.size);
    if !text.fill {
        attributes.add("Fill", false);
    }
    if text.stroke {
        attributes.add("Stroke", true);
    }
    if text.h_scale != 1.0 {
        attributes.add("HScale", text.h_scale);
    }
    if text.read_direction != 0 {
        attributes.add("ReadDirection", text.read_direction);
    }
    if text.char_direction != 0 {
        attributes.add("CharDirection", text.char_direction);
    }
    if text.weight != 400 {
        attributes.add("Weight", text.weight);
    }
    if text.italic {
        attributes.add("Italic", true);
    }
}

fn text_body(xml: &mut Xml, text: &Text) {
    colors(xml, text.fill_color.as_ref(), text.stroke_color.as_ref());
    text.glyphs.iter().for_each(|map| glyph_map(xml, map));
    for TextCode { x, y, delta_x, delta_y, text } in &text.codes {
        let mut attributes = Attributes::default();
        attributes.add("X", x);
        attributes.add("Y", y);
        attributes.numbers("DeltaX", delta_x);
        attributes.numbers("DeltaY", delta_y);
        attributes.with(|attributes| xml.text("TextCode", attributes, text));
    }
}

fn glyph_map(xml: &mut Xml, map: &GlyphMap) {
    let (position, characters, count) = (map.position.to_string(), map.characters.to_string(), map.glyphs.len().to_string());
    xml.open("CGTransform", &[("CodePosition", &position), ("CodeCount", &characters), ("GlyphCount", &count)]);
    xml.text("Glyphs", &[], &map.glyphs.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
    xml.close();
}

fn colors(xml: &mut Xml, fill: Option<&Color>, stroke: Option<&Color>) {
    for (name, color) in [("FillColor", fill), ("StrokeColor", stroke)] {
        if let Some(color) = color {
            self::color(xml, name, color);
        }
    }
}

pub(super) fn draw_param(xml: &mut Xml, id: u32, param: &DrawParam) {
    let mut attributes = Attributes::default();
    attributes.add("ID", id);
    attributes.some("Relative", param.relative);
    line(&mut attributes, &param.line);
    attributes.with(|attributes| xml.open("DrawParam", attributes));
    colors(xml, param.fill.as_ref(), param.stroke.as_ref());
    xml.close();
}

fn color(xml: &mut Xml, name: &str, color: &Color) {
    let mut attributes = Attributes::default();
    match &color.paint {
        Paint::Value { components, space } => {
            attributes.numbers("Value", components);
            attributes.some("ColorSpace", *space);
        }
        Paint::Index { index, space } => {
            attributes.add("Index", index);
            attributes.some("ColorSpace", *space);
        }
        Paint::Gradient(_) | Paint::Other(_) => {}
    }
    if color.alpha != 255 {
        attributes.add("Alpha", color.alpha);
    }
    let Paint::Gradient(gradient) = &color.paint else {
        attributes.with(|attributes| xml.empty(name, attributes));
        return;
    };
    attributes.with(|attributes| xml.open(name, attributes));
    let mut attributes = Attributes::default();
    attributes.numbers("StartPoint", &[gradient.start.0, gradient.start.1]);
    attributes.numbers("EndPoint", &[gradient.end.0, gradient.end.1]);
    if let Some((from, until)) = gradient.radii {
        attributes.add("StartRadius", from);
        attributes.add("EndRadius", until);
    }
    let extend = u8::from(gradient.extend.0) + 2 * u8::from(gradient.extend.1);
    if extend != 0 {
        attributes.add("Extend", extend);
    }
    attributes.with(|attributes| xml.open(if gradient.radii.is_some() { "RadialShd" } else { "AxialShd" }, attributes));
    for (position, stop) in &gradient.stops {
        xml.open("Segment", &[("Position", &position.to_string())]);
        self::color(xml, "Color", stop);
        xml.close();
    }
    xml.close();
    xml.close();
}
