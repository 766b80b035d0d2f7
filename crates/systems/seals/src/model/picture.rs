//! The picture of a round seal: rim, five-pointed star, the body's name along the rim, the kind below the star, the number at
//! the foot. Sizes follow 国务院关于国家行政机关和企业事业单位社会团体印章管理的规定 (国发〔1999〕25号): 42 mm across for a body below the
//! province, the star in the middle, the name from left to right around it.

use base::{Error, Result};
use skrifa::{FontRef, MetadataProvider};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

/// Millimetres across.
pub const ACROSS_MM: u32 = 42;
/// Pixels per millimetre: about 350 to the inch, sharp in print.
const SCALE: f32 = 14.0;
/// The red of a seal; not quite opaque, so that the text under it can be read, as under ink.
const RED: (u8, u8, u8, u8) = (0xdc, 0x0a, 0x0a, 0xd4);
/// Radius of the outer edge of the rim, in millimetres.
const RIM: f32 = 20.9;
/// Width of the rim.
const RIM_WIDTH: f32 = 1.2;
/// Longest name drawn.
const MOST_CHARACTERS: usize = 40;

/// What stands on a seal.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// Name of the body.
    pub body: &'a str,
    /// The line below the star.
    pub line: Option<&'a str>,
    /// The number along the lower rim.
    pub number: &'a str,
}

/// Draws a seal as a PNG on a transparent ground. `fonts` are those of documents; a bold one is taken if there is one.
///
/// # Errors
/// [`base::Kind::Refused`] when the name is too long for a seal or has a character no font knows.
pub fn draw(face: &Face<'_>, fonts: &[Vec<u8>]) -> Result<Vec<u8>> {
    let fonts: Vec<FontRef<'_>> = fonts.iter().filter_map(|data| FontRef::new(data).ok()).collect();
    let bold = fonts.iter().max_by(|a, b| a.attributes().weight.value().total_cmp(&b.attributes().weight.value()));
    let font = bold.ok_or_else(|| Error::internal("no font to draw a seal with"))?;
    let side = (ACROSS_MM as f32 * SCALE) as u32;
    let mut pixmap = Pixmap::new(side, side).ok_or_else(|| Error::internal("no room for a seal's picture"))?;
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(Color::from_rgba8(RED.0, RED.1, RED.2, RED.3));
    // Millimetres from the centre, y upwards.
    let page = Transform::from_row(SCALE, 0.0, 0.0, -SCALE, side as f32 / 2.0, side as f32 / 2.0);

    let rim = PathBuilder::from_circle(0.0, 0.0, RIM - RIM_WIDTH / 2.0);
    if let Some(rim) = rim {
        pixmap.stroke_path(&rim, &paint, &Stroke { width: RIM_WIDTH, ..Stroke::default() }, page, None);
    }
    if let Some(star) = star(0.0, 0.6, 6.8) {
        pixmap.fill_path(&star, &paint, FillRule::Winding, page, None);
    }
    let mut glyphs = Vec::new();
    arc(font, face.body, &mut glyphs)?;
    if let Some(line) = face.line {
        straight(font, line, -10.2, 3.1, 22.0, &mut glyphs)?;
    }
    foot(font, face.number, &mut glyphs)?;
    for (outline, place) in glyphs {
        pixmap.fill_path(&outline, &paint, FillRule::Winding, place.post_concat(page), None);
    }
    pixmap.encode_png().map_err(|error| Error::internal(format!("a seal's picture: {error}")))
}

type Glyphs = Vec<(Path, Transform)>;

/// The name along the upper rim, characters standing on the inside, spread over an arc that grows with their number.
fn arc(font: &FontRef<'_>, text: &str, into: &mut Glyphs) -> Result<()> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if characters.is_empty() || characters.len() > MOST_CHARACTERS {
        return Err(Error::refused("seals.name", format!("印章上的单位名称须为 1 至 {MOST_CHARACTERS} 个字。")));
    }
    let count = characters.len() as f32;
    // Few characters stand close together, many go round as far as the number leaves room.
    let sweep = (count * 19.0).min(252.0).to_radians();
    let step = if characters.len() > 1 { sweep / (count - 1.0) } else { 0.0 };
    let foot = 14.2_f32;
    // Wide enough to fill its part of the arc, tall as seals are cut.
    let width = if characters.len() > 1 { (step * foot * 0.92).min(4.1) } else { 4.1 };
    let height = 4.4_f32;
    for (index, character) in characters.into_iter().enumerate() {
        let angle = sweep / 2.0 - step * index as f32; // from the top, to the left first
        let outline = glyph(font, character)?;
        let turn = Transform::from_rotate(angle.to_degrees());
        let place = Transform::from_scale(width, height).post_translate(-width / 2.0, foot + height * 0.12).post_concat(turn);
        into.extend(outline.map(|outline| (outline, place)));
    }
    Ok(())
}

/// A line of text about the middle, squeezed if it would be wider than `most`.
fn straight(font: &FontRef<'_>, text: &str, base: f32, height: f32, most: f32, into: &mut Glyphs) -> Result<()> {
    let count = text.chars().count() as f32;
    let advance = (height * 1.02).min(most / count.max(1.0));
    for (index, character) in text.chars().enumerate() {
        let left = advance * (index as f32 - count / 2.0);
        let place = Transform::from_scale(advance * 0.96, height).post_translate(left, base);
        into.extend(glyph(font, character)?.map(|outline| (outline, place)));
    }
    Ok(())
}

/// The number along the lower rim, read from the left, standing upright at the bottom.
fn foot(font: &FontRef<'_>, text: &str, into: &mut Glyphs) -> Result<()> {
    let count = text.chars().count() as f32;
    let (radius, size) = (18.6_f32, 1.9_f32);
    let step = 1.35 / radius;
    for (index, character) in text.chars().enumerate() {
        let angle = step * (index as f32 - (count - 1.0) / 2.0); // from the bottom, to the right
        let turn = Transform::from_rotate(angle.to_degrees());
        let place = Transform::from_scale(size, size).post_translate(-size * 0.28, -radius).post_concat(turn);
        into.extend(glyph(font, character)?.map(|outline| (outline, place)));
    }
    Ok(())
}

/// The outline of a character with 1 em = 1; none for a blank.
fn glyph(font: &FontRef<'_>, character: char) -> Result<Option<Path>> {
    let unknown = || Error::refused("seals.character", format!("系统字库里没有“{character}”字，不能制作这枚印章。请联系系统管理员补充字库。"));
    let glyph = font.charmap().map(character).ok_or_else(unknown)?;
    if character.is_whitespace() {
        return Ok(None);
    }
    ofd::render::outline(font, glyph).map(Some).ok_or_else(unknown)
}

fn star(x: f32, y: f32, radius: f32) -> Option<Path> {
    let inner = radius * 0.381_966; // where the lines between every second point cross
    let mut path = PathBuilder::new();
    for point in 0..10_u8 {
        let angle = (90.0 + 36.0 * f32::from(point)).to_radians();
        let reach = if point % 2 == 0 { radius } else { inner };
        let (px, py) = (x + reach * angle.cos(), y + reach * angle.sin());
        if point == 0 { path.move_to(px, py) } else { path.line_to(px, py) }
    }
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(face: &Face<'_>) -> Pixmap {
        Pixmap::decode_png(&draw(face, &testhouse::fonts()).unwrap()).unwrap()
    }

    fn red(pixmap: &Pixmap, x_mm: f32, y_mm: f32) -> bool {
        pixmap.pixel((x_mm * SCALE) as u32, (y_mm * SCALE) as u32).unwrap().alpha() > 100
    }

    #[test]
    fn rim_star_name_and_line_stand_where_they_belong() {
        let face = Face { body: "示例市市场监督管理局", line: Some("行政审批专用章"), number: "45030002000001" };
        let whole = pixels(&face);
        assert_eq!((whole.width(), whole.height()), (588, 588));
        assert!(red(&whole, 21.0, 0.6) && red(&whole, 0.6, 21.0), "the rim");
        assert!(red(&whole, 21.0, 20.0), "the star");
        assert!(!red(&whole, 0.5, 0.5) && !red(&whole, 21.0, 3.0 + 12.0 / SCALE), "nothing in the corner");
        let below = |pixmap: &Pixmap| (0..420).filter(|n| red(pixmap, 10.0 + *n as f32 / 20.0, 29.5)).count();
        assert!(below(&whole) > below(&pixels(&Face { line: None, ..face })) + 20, "the line below the star");
    }

    #[test]
    fn names_that_fit_no_seal_are_refused() {
        let refused = |body: &str| draw(&Face { body, line: None, number: "1" }, &testhouse::fonts()).unwrap_err().code();
        assert_eq!(refused(""), "seals.name");
        assert_eq!(refused(&"长".repeat(41)), "seals.name");
        assert_eq!(refused("示例\u{e000}局"), "seals.character");
        draw(&Face { body: &"长".repeat(40), line: Some("行政审批专用章"), number: "45030002000001" }, &testhouse::fonts()).unwrap();
    }
}
