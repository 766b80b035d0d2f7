//! Rectangles and matrices in millimetres, y downwards (GB/T 33190 clause 8.1).

/// A rectangle (ST_Box).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width, never negative.
    pub width: f64,
    /// Height, never negative.
    pub height: f64,
}

impl Rect {
    /// A rectangle by its upper left corner and its size.
    #[must_use]
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }
}

/// A transformation `[a b c d e f]`: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f64; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Matrix {
    /// Changes nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Moves by (x, y).
    #[must_use]
    pub const fn translate(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Scales by (x, y).
    #[must_use]
    pub const fn scale(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// This transformation first, then `next`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [na, nb, nc, nd, ne, nf] = next.0;
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The mean enlargement.
    #[must_use]
    pub fn factor(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }

    /// The way back; `None` for a transformation that flattens.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let determinant = a * d - b * c;
        if determinant.abs() < 1e-12 {
            return None;
        }
        let [ia, ib, ic, id] = [d, -b, -c, a].map(|value| value / determinant);
        Some(Self([ia, ib, ic, id, -(e * ia + f * ic), -(e * ib + f * id)]))
    }
}

/// The smallest rectangle around points; empty at the origin for none.
#[must_use]
pub fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Rect {
    let mut points = points.into_iter();
    let Some((x, y)) = points.next() else { return Rect::default() };
    let [left, top, right, bottom] = points.fold([x, y, x, y], |[l, t, r, b], (x, y)| [l.min(x), t.min(y), r.max(x), b.max(y)]);
    Rect::new(left, top, right - left, bottom - top)
}
