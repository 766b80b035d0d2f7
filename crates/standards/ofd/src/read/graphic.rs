//! Graphic objects: text, paths, images, composites, blocks; colours and clips (8, 9, 10, 11, 13).

use crate::{
    Error, Limits, Matrix, Result,
    model::{Cap, ClipArea, Color, Gradient, Graphic, GlyphMap, Join, Kind, LineStyle, Paint, Path, Segment, Text, TextCode},
    xml::{Element, split},
};

/// Steps of one path, glyphs of one list.
const STEPS: usize = 1_000_000;

/// The objects inside a layer, block, composite or appearance.
pub(super) fn list(parent: Element<'_>, limits: &Limits, depth: usize) -> Result<Vec<Graphic>> {
    if depth > limits.depth {
        return Err(Error::Limit("图元嵌套深度"));
    }
    let mut objects = Vec::new();
    for element in parent.children() {
        let kind = match element.name() {
            "TextObject" => Kind::Text(text(element)?),
            "PathObject" => Kind::Path(path(element)?),
            "ImageObject" => match element.id("ResourceID")? {
                Some(resource) => Kind::Image { resource, mask: element.id("ImageMask")? },
                None => continue,
            },
            "CompositeObject" | "CompositeGraphicUnit" => match element.id("ResourceID")? {
                Some(resource) => Kind::Composite { resource },
                None => continue,
            },
            "PageBlock" => Kind::Block(list(element, limits, depth + 1)?),
            _ => continue,
        };
        objects.push(graphic(element, kind)?);
    }
    Ok(objects)
}

fn graphic(element: Element<'_>, kind: Kind) -> Result<Graphic> {
    let boundary = element.attribute("Boundary").map(|text| element.rect("Boundary", text)).transpose()?;
    let clips = element.child("Clips").into_iter().flat_map(|clips| clips.all("Clip"));
    Ok(Graphic {
        id: element.id("ID")?,
        boundary: boundary.unwrap_or_default(),
        visible: element.flag("Visible").unwrap_or(true),
        ctm: element.matrix("CTM")?.unwrap_or_default(),
        draw_param: element.id("DrawParam")?,
        line: line_style(element)?,
        alpha: alpha(element)?,
        clips: clips.map(|clip| clip.all("Area").map(clip_area).collect::<Result<Vec<_>>>().map(|areas| areas.into_iter().flatten().collect())).collect::<Result<_>>()?,
        kind,
    })
}

fn clip_area(area: Element<'_>) -> Result<Option<ClipArea>> {
    let own = area.matrix("CTM")?.unwrap_or_default();
    for shape in area.children() {
        let kind = match shape.name() {
            "Path" => Kind::Path(path(shape)?),
            "Text" => Kind::Text(text(shape)?),
            _ => continue,
        };
        // The shape is a graphic unit with a boundary of its own.
        let inner = shape.matrix("CTM")?.unwrap_or_default();
        let place = shape.attribute("Boundary").map(|text| shape.rect("Boundary", text)).transpose()?.unwrap_or_default();
        let ctm = inner.then(&Matrix::translate(place.x, place.y)).then(&own);
        return Ok(Some(ClipArea { ctm, shape: Box::new(kind) }));
    }
    Ok(None)
}

pub(super) fn line_style(element: Element<'_>) -> Result<LineStyle> {
    Ok(LineStyle {
        width: element.number("LineWidth")?.map(f64::abs),
        cap: element.attribute("Cap").map(|cap| match cap {
            "Round" => Cap::Round,
            "Square" => Cap::Square,
            _ => Cap::Butt,
        }),
        join: element.attribute("Join").map(|join| match join {
            "Round" => Join::Round,
            "Bevel" => Join::Bevel,
            _ => Join::Miter,
        }),
        miter_limit: element.number("MiterLimit")?,
        dash: element.list("DashPattern")?,
        dash_offset: element.number("DashOffset")?.unwrap_or(0.0),
    })
}

fn alpha(element: Element<'_>) -> Result<u8> {
    Ok(element.number("Alpha")?.map_or(255, |alpha| alpha.round().clamp(0.0, 255.0) as u8))
}

pub(super) fn color(element: Element<'_>) -> Result<Color> {
    let space = element.id("ColorSpace")?;
    let paint = if let Some(text) = element.attribute("Value") {
        Paint::Value { components: components(element, text)?, space }
    } else if let Some(index) = element.integer("Index")? {
        Paint::Index { index, space }
    } else if let Some(shading) = element.children().next() {
        match shading.name() {
            "AxialShd" => gradient(shading, None)?,
            "RadialShd" => {
                let radii = (shading.number("StartRadius")?.unwrap_or(0.0), shading.number("EndRadius")?.unwrap_or(0.0));
                gradient(shading, Some(radii))?
            }
            other => Paint::Other(other.to_owned()),
        }
    } else {
        // No value at all: every component 0, black in RGB.
        Paint::Value { components: vec![0.0; 3], space: None }
    };
    Ok(Color { paint, alpha: alpha(element)? })
}

/// Decimal or `#` hexadecimal components.
pub(super) fn components(element: Element<'_>, text: &str) -> Result<Vec<f64>> {
    let parse = |word: &str| match word.strip_prefix('#') {
        Some(hex) => u16::from_str_radix(hex, 16).map(f64::from).map_err(|_| element.value("Value", text)),
        None => element.parse_number("Value", word),
    };
    split(text).take(8).map(parse).collect()
}

fn gradient(element: Element<'_>, radii: Option<(f64, f64)>) -> Result<Paint> {
    let point = |name: &str| match element.list(name)?[..] {
        [x, y] => Ok((x, y)),
        _ => Err(element.value(name, element.attribute(name).unwrap_or_default())),
    };
    let extend = element.integer::<u8>("Extend")?.unwrap_or(0);
    let segments: Vec<_> = element.all("Segment").collect();
    let last = segments.len().saturating_sub(1).max(1) as f64;
    let mut stops = Vec::with_capacity(segments.len());
    for (at, segment) in segments.into_iter().enumerate() {
        let position = segment.number("Position")?.unwrap_or(at as f64 / last).clamp(0.0, 1.0);
        let color = color_flat(segment.need("Color")?)?;
        stops.push((position, color));
    }
    Ok(Paint::Gradient(Gradient { start: point("StartPoint")?, end: point("EndPoint")?, radii, extend: (extend & 1 != 0, extend & 2 != 0), stops }))
}

/// A gradient's stop may not be a pattern again.
fn color_flat(element: Element<'_>) -> Result<Color> {
    if element.children().next().is_some() {
        return Err(element.fault("渐变中不能再有底纹".into()));
    }
    color(element)
}

fn colors(element: Element<'_>) -> Result<(Option<Color>, Option<Color>)> {
    let get = |name| element.child(name).map(color).transpose();
    Ok((get("FillColor")?, get("StrokeColor")?))
}

fn path(element: Element<'_>) -> Result<Path> {
    let (fill_color, stroke_color) = colors(element)?;
    Ok(Path {
        stroke: element.flag("Stroke").unwrap_or(true),
        fill: element.flag("Fill").unwrap_or(false),
        even_odd: element.attribute("Rule") == Some("Even-Odd"),
        fill_color,
        stroke_color,
        segments: segments(element, &element.child_text("AbbreviatedData").unwrap_or_default())?,
    })
}

fn segments(element: Element<'_>, data: &str) -> Result<Vec<Segment>> {
    let fault = || element.value("AbbreviatedData", data);
    let mut words = split(data);
    let mut segments = Vec::new();
    while let Some(operator) = words.next() {
        if segments.len() >= STEPS {
            return Err(Error::Limit("路径步数"));
        }
        let mut number = || -> Result<f64> { element.parse_number("AbbreviatedData", words.next().ok_or_else(fault)?) };
        segments.push(match operator {
            "M" | "S" => Segment::Move(number()?, number()?),
            "L" => Segment::Line(number()?, number()?),
            "Q" => Segment::Quad(number()?, number()?, number()?, number()?),
            "B" => Segment::Cubic(number()?, number()?, number()?, number()?, number()?, number()?),
            "A" => Segment::Arc {
                rx: number()?,
                ry: number()?,
                angle: number()?,
                large: number()? != 0.0,
                clockwise: number()? != 0.0,
                x: number()?,
                y: number()?,
            },
            "C" => Segment::Close,
            _ => return Err(fault()),
        });
    }
    Ok(segments)
}

fn text(element: Element<'_>) -> Result<Text> {
    let (fill_color, stroke_color) = colors(element)?;
    let direction = |name| -> Result<u16> { Ok(element.number(name)?.map_or(0, |angle| angle.rem_euclid(360.0) as u16 / 90 * 90)) };
    let glyphs = element.all("CGTransform").map(glyph_map).collect::<Result<Vec<_>>>()?;
    Ok(Text {
        font: element.id("Font")?.unwrap_or(0),
        size: element.number("Size")?.unwrap_or(0.0),
        fill: element.flag("Fill").unwrap_or(true),
        stroke: element.flag("Stroke").unwrap_or(false),
        fill_color,
        stroke_color,
        h_scale: element.number("HScale")?.unwrap_or(1.0),
        read_direction: direction("ReadDirection")?,
        char_direction: direction("CharDirection")?,
        weight: element.integer("Weight")?.unwrap_or(400),
        italic: element.flag("Italic").unwrap_or(false),
        codes: codes(element)?,
        glyphs,
    })
}

/// The runs; one without X or Y continues at the last run's (11.3).
fn codes(element: Element<'_>) -> Result<Vec<TextCode>> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut codes = Vec::new();
    for code in element.all("TextCode") {
        x = code.number("X")?.unwrap_or(x);
        y = code.number("Y")?.unwrap_or(y);
        let text = code.raw_text();
        let count = text.chars().count();
        codes.push(TextCode { x, y, delta_x: deltas(code, "DeltaX", count)?, delta_y: deltas(code, "DeltaY", count)?, text });
    }
    Ok(codes)
}

/// Steps between `characters`, with "g n d" for n steps of d written out; steps nobody takes are dropped, so that a short
/// text cannot ask for a million of them.
fn deltas(element: Element<'_>, name: &str, characters: usize) -> Result<Vec<f64>> {
    let text = element.attribute(name).unwrap_or_default();
    let mut words = split(text);
    let mut steps = Vec::new();
    while let Some(word) = words.next() {
        if word == "g" {
            let fault = || element.value(name, text);
            let count: usize = words.next().and_then(|word| word.parse().ok()).ok_or_else(fault)?;
            let step = element.parse_number(name, words.next().ok_or_else(fault)?)?;
            steps.extend(std::iter::repeat_n(step, count.min(characters.saturating_sub(steps.len()))));
        } else {
            steps.push(element.parse_number(name, word)?);
        }
    }
    steps.truncate(characters);
    Ok(steps)
}

fn glyph_map(element: Element<'_>) -> Result<GlyphMap> {
    let text = element.child_text("Glyphs").unwrap_or_default();
    let glyphs = split(&text).take(STEPS).map(|word| word.parse().map_err(|_| element.value("Glyphs", word)));
    Ok(GlyphMap {
        position: element.integer("CodePosition")?.unwrap_or(0),
        characters: element.integer("CodeCount")?.unwrap_or(1),
        glyphs: glyphs.collect::<Result<_>>()?,
    })
}
