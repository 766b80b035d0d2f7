//! Resource files: PublicRes.xml, DocumentRes.xml and page resources (7.9).

use crate::{
    Composite, DrawParam, Package, Result,
    model::{ColorKind, ColorSpace, Font, Media, Resources},
    xml::Element,
};

use super::{graphic, with_root};

/// Adds what a resource file holds. A media or font file that is missing is left out.
pub(super) fn file(package: &Package, path: &str, into: &mut Resources) -> Result<()> {
    with_root(package, path, |root| {
        let base = root.attribute("BaseLoc").unwrap_or_default();
        // BaseLoc is a folder relative to this file.
        let place = if base.is_empty() { path.to_owned() } else { crate::package::join(path, &format!("{base}/_"))? };
        let locate = |file: &str| package.resolve(&place, file).or_else(|_| package.resolve(path, file)).ok();

        for font in items(root, "Fonts", "Font") {
            let Some(id) = font.id("ID")? else { continue };
            into.fonts.insert(
                id,
                Font {
                    name: font.text_attribute("FontName"),
                    family: font.text_attribute("FamilyName"),
                    bold: font.flag("Bold").unwrap_or(false),
                    italic: font.flag("Italic").unwrap_or(false),
                    serif: font.flag("Serif").unwrap_or(false),
                    fixed_width: font.flag("FixedWidth").unwrap_or(false),
                    file: font.child_text("FontFile").and_then(|file| locate(&file)),
                },
            );
        }
        for media in items(root, "MultiMedias", "MultiMedia") {
            let Some(id) = media.id("ID")? else { continue };
            if let Some(path) = media.child_text("MediaFile").and_then(|file| locate(&file)) {
                into.media.insert(id, Media { kind: media.text_attribute("Type"), format: media.text_attribute("Format"), path });
            }
        }
        for space in items(root, "ColorSpaces", "ColorSpace") {
            let Some(id) = space.id("ID")? else { continue };
            into.color_spaces.insert(id, color_space(space)?);
        }
        for param in items(root, "DrawParams", "DrawParam") {
            let Some(id) = param.id("ID")? else { continue };
            into.draw_params.insert(
                id,
                DrawParam {
                    relative: param.id("Relative")?,
                    line: graphic::line_style(param)?,
                    fill: param.child("FillColor").map(graphic::color).transpose()?,
                    stroke: param.child("StrokeColor").map(graphic::color).transpose()?,
                },
            );
        }
        for unit in items(root, "CompositeGraphicUnits", "CompositeGraphicUnit") {
            let Some(id) = unit.id("ID")? else { continue };
            let content = unit.child("Content").map_or(Ok(Vec::new()), |content| graphic::list(content, package.limits(), 0))?;
            let (width, height) = (unit.number("Width")?.unwrap_or(0.0), unit.number("Height")?.unwrap_or(0.0));
            into.composites.insert(id, Composite { width, height, content });
        }
        Ok(())
    })
}

fn items<'a>(root: Element<'a>, list: &'a str, item: &'a str) -> impl Iterator<Item = Element<'a>> {
    root.all(list).flat_map(move |list| list.all(item))
}

fn color_space(element: Element<'_>) -> Result<ColorSpace> {
    let kind = match element.attribute("Type").unwrap_or("RGB").to_ascii_uppercase().as_str() {
        "GRAY" | "GREY" => ColorKind::Gray,
        "CMYK" => ColorKind::Cmyk,
        _ => ColorKind::Rgb,
    };
    let palette = items(element, "Palette", "CV").map(|entry| graphic::components(entry, &entry.text()));
    let bits = element.integer::<u8>("BitsPerComponent")?.unwrap_or(8).clamp(1, 16);
    Ok(ColorSpace { kind, bits, palette: palette.collect::<Result<_>>()? })
}
