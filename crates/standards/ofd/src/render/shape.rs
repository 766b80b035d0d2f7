//! Path data as curves.

use tiny_skia::{Path, PathBuilder, Transform};

use crate::{Matrix, Rect, model::Segment};

/// The path of `segments`; `None` when there is nothing to draw.
pub(crate) fn path(segments: &[Segment]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let mut at = (0.0, 0.0);
    for segment in segments {
        match *segment {
            Segment::Move(x, y) => {
                builder.move_to(x as f32, y as f32);
                at = (x, y);
            }
            Segment::Line(x, y) => {
                builder.line_to(x as f32, y as f32);
                at = (x, y);
            }
            Segment::Quad(cx, cy, x, y) => {
                builder.quad_to(cx as f32, cy as f32, x as f32, y as f32);
                at = (x, y);
            }
            Segment::Cubic(ax, ay, bx, by, x, y) => {
                builder.cubic_to(ax as f32, ay as f32, bx as f32, by as f32, x as f32, y as f32);
                at = (x, y);
            }
            Segment::Arc { rx, ry, angle, large, clockwise, x, y } => {
                arc(&mut builder, at, (rx.abs(), ry.abs()), angle.to_radians(), large, clockwise, (x, y));
                at = (x, y);
            }
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

/// An elliptical arc as cubic curves of at most a quarter turn each (conversion from end points to centre as in SVG 1.1 F.6).
fn arc(builder: &mut PathBuilder, from: (f64, f64), radii: (f64, f64), turn: f64, large: bool, clockwise: bool, to: (f64, f64)) {
    let (mut rx, mut ry) = radii;
    if rx < 1e-9 || ry < 1e-9 || from == to {
        builder.line_to(to.0 as f32, to.1 as f32);
        return;
    }
    let (sin, cos) = turn.sin_cos();
    let (hx, hy) = ((from.0 - to.0) / 2.0, (from.1 - to.1) / 2.0);
    let (px, py) = (cos * hx + sin * hy, cos * hy - sin * hx);
    // Radii too small to reach are enlarged.
    let reach = (px / rx).powi(2) + (py / ry).powi(2);
    if reach > 1.0 {
        rx *= reach.sqrt();
        ry *= reach.sqrt();
    }
    let below = (rx * py).powi(2) + (ry * px).powi(2);
    let root = (((rx * ry).powi(2) - below) / below).max(0.0).sqrt();
    let sign = if large == clockwise { -root } else { root };
    let (cx, cy) = (sign * rx * py / ry, -sign * ry * px / rx);
    let start = ((py - cy) / ry).atan2((px - cx) / rx);
    let end = ((-py - cy) / ry).atan2((-px - cx) / rx);
    let full = std::f64::consts::TAU;
    let sweep = if clockwise { (end - start).rem_euclid(full) } else { -(start - end).rem_euclid(full) };

    let steps = (sweep.abs() / std::f64::consts::FRAC_PI_2).ceil().clamp(1.0, 4.0);
    let step = sweep / steps;
    let handle = 4.0 / 3.0 * (step / 4.0).tan();
    let (mx, my) = (cos * cx - sin * cy + (from.0 + to.0) / 2.0, sin * cx + cos * cy + (from.1 + to.1) / 2.0);
    let point = |x: f64, y: f64| ((mx + cos * x * rx - sin * y * ry) as f32, (my + sin * x * rx + cos * y * ry) as f32);
    for index in 0..steps as usize {
        let (a, b) = (start + step * index as f64, start + step * (index + 1) as f64);
        let (p1, p2, p3) = (point(a.cos() - handle * a.sin(), a.sin() + handle * a.cos()), point(b.cos() + handle * b.sin(), b.sin() - handle * b.cos()), point(b.cos(), b.sin()));
        builder.cubic_to(p1.0, p1.1, p2.0, p2.1, p3.0, p3.1);
    }
}

pub(crate) fn transform(matrix: &Matrix) -> Transform {
    let [a, b, c, d, e, f] = matrix.0.map(|value| value as f32);
    Transform::from_row(a, b, c, d, e, f)
}

/// A rectangle under a transformation, grown by `margin` on each side first.
pub(crate) fn rectangle(rect: &Rect, margin: f64, matrix: &Matrix) -> Option<Path> {
    let corners = [
        (rect.x - margin, rect.y - margin),
        (rect.x + rect.width + margin, rect.y - margin),
        (rect.x + rect.width + margin, rect.y + rect.height + margin),
        (rect.x - margin, rect.y + rect.height + margin),
    ];
    let mut builder = PathBuilder::new();
    for (index, (x, y)) in corners.into_iter().enumerate() {
        let (x, y) = matrix.apply(x, y);
        if index == 0 { builder.move_to(x as f32, y as f32) } else { builder.line_to(x as f32, y as f32) }
    }
    builder.close();
    builder.finish()
}
