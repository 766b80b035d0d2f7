//! Colours of a document as RGB.

use crate::model::{Color, ColorKind, Paint, Resources};

use super::Brush;

/// The brush for a colour whose object has the opacity `alpha`; `None` for patterns that are not drawn.
pub(crate) fn brush(color: &Color, alpha: u8, resources: &[&Resources]) -> Option<Brush> {
    match &color.paint {
        Paint::Gradient(gradient) => {
            let stops = gradient.stops.iter().filter_map(|(position, stop)| Some((*position, solid(stop, combine(alpha, color.alpha), resources)?)));
            let mut stops: Vec<_> = stops.collect();
            stops.sort_by(|a, b| a.0.total_cmp(&b.0));
            match stops[..] {
                [] => None,
                [(_, only)] => Some(Brush::Solid(only)),
                _ => Some(Brush::Gradient { start: gradient.start, end: gradient.end, radii: gradient.radii, stops }),
            }
        }
        _ => solid(color, alpha, resources).map(Brush::Solid),
    }
}

fn combine(a: u8, b: u8) -> u8 {
    (u16::from(a) * u16::from(b) / 255) as u8
}

fn solid(color: &Color, alpha: u8, resources: &[&Resources]) -> Option<[u8; 4]> {
    let (Paint::Value { space, .. } | Paint::Index { space, .. }) = &color.paint else { return None };
    let space = space.and_then(|id| resources.iter().find_map(|resources| resources.color_spaces.get(&id)));
    let components = match &color.paint {
        Paint::Value { components, .. } => components,
        Paint::Index { index, .. } => space?.palette.get(*index)?,
        _ => return None,
    };
    let full = (1u32 << space.map_or(8, |space| space.bits)) - 1;
    let part = |index: usize| components.get(index).map_or(0.0, |value| (value / f64::from(full)).clamp(0.0, 1.0));
    // Producers name colour spaces they do not define: then the number of components decides.
    let kind = match (space, components.len()) {
        (Some(space), _) => space.kind,
        (None, 1) => ColorKind::Gray,
        (None, 4) => ColorKind::Cmyk,
        (None, _) => ColorKind::Rgb,
    };
    let rgb = match kind {
        ColorKind::Gray => [part(0); 3],
        ColorKind::Rgb => [part(0), part(1), part(2)],
        ColorKind::Cmyk => [0, 1, 2].map(|index| (1.0 - part(index)) * (1.0 - part(3))),
    };
    let [red, green, blue] = rgb.map(|value| (value * 255.0).round() as u8);
    Some([red, green, blue, combine(alpha, color.alpha)])
}
