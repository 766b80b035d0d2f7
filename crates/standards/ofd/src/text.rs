//! Text extraction: runs with their places, put into lines in reading order.

use crate::{
    Error, Graphic, Matrix, Ofd, Page, Rect, Result,
    model::{Document, Id, Kind, Order, Text, TextCode},
};

/// Characters in one run of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub text: String,
    /// Where the first character's baseline begins, millimetres from the page's upper left corner.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// How far the run reaches to the right.
    pub width: f64,
    /// Height of the characters.
    pub size: f64,
    /// Written from top to bottom.
    pub vertical: bool,
}

/// Spans on one baseline, from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    pub spans: Vec<Span>,
}

impl Line {
    /// The spans with a space where they stand apart.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut end: Option<f64> = None;
        for span in &self.spans {
            if end.is_some_and(|end| span.x - end > span.size * 0.3) {
                text.push(' ');
            }
            text.push_str(&span.text);
            end = Some(span.x + span.width);
        }
        text
    }
}

impl Ofd {
    /// The lines of page `number` (from 1 over all documents), its templates and annotations included.
    ///
    /// # Errors
    /// [`Error::NoPage`], or what is wrong with the page.
    pub fn lines(&self, number: usize) -> Result<Vec<Line>> {
        let (document, index) = self.place(number)?;
        let mut walk = Walk { ofd: self, document, spans: Vec::new(), steps: 0 };
        let page = self.page(document, index)?;
        let area = self.area(document, &page);
        let origin = Matrix::translate(-area.x, -area.y);
        for (_, template) in page_templates(self, document, &page)? {
            walk.page(&template, &origin)?;
        }
        walk.page(&page, &origin)?;
        for annotation in self.annotations(document, document.pages[index].id)?.iter().filter(|annotation| annotation.visible) {
            let place = Matrix::translate(annotation.boundary.x, annotation.boundary.y).then(&origin);
            walk.list(&annotation.appearance, &place, 0)?;
        }
        Ok(lines(walk.spans))
    }

    /// The text of page `number`, one line each.
    ///
    /// # Errors
    /// As [`Ofd::lines`].
    pub fn page_text(&self, number: usize) -> Result<String> {
        let lines = self.lines(number)?;
        Ok(lines.iter().map(Line::text).collect::<Vec<_>>().join("\n"))
    }
}

/// The templates of a page with their places; ones that are missing are left out.
pub(crate) fn page_templates(ofd: &Ofd, document: &Document, page: &Page) -> Result<Vec<(Order, Page)>> {
    let mut found = Vec::new();
    for (id, order) in &page.templates {
        if let Some(template) = ofd.template(document, *id)? {
            let default = document.templates.get(id).map(|template| template.order);
            found.push((order.or(default).unwrap_or_default(), template));
        }
    }
    Ok(found)
}

struct Walk<'a> {
    ofd: &'a Ofd,
    document: &'a Document,
    spans: Vec<Span>,
    steps: usize,
}

impl Walk<'_> {
    fn page(&mut self, page: &Page, origin: &Matrix) -> Result<()> {
        page.layers.iter().try_for_each(|layer| self.list(&layer.content, origin, 0))
    }

    fn list(&mut self, objects: &[Graphic], outer: &Matrix, depth: usize) -> Result<()> {
        let limits = self.ofd.package().limits();
        if depth > limits.depth {
            return Err(Error::Limit("图元嵌套深度"));
        }
        for object in objects.iter().filter(|object| object.visible) {
            self.steps += 1 + weight(&object.kind);
            if self.steps > limits.steps {
                return Err(Error::Limit("页面内容量"));
            }
            let place = place(object, outer);
            match &object.kind {
                Kind::Text(text) => self.text(text, &place),
                Kind::Block(inner) => self.list(inner, outer, depth + 1)?,
                Kind::Composite { resource } => self.composite(*resource, &place, depth)?,
                Kind::Path(_) | Kind::Image { .. } => {}
            }
        }
        Ok(())
    }

    fn composite(&mut self, id: Id, place: &Matrix, depth: usize) -> Result<()> {
        match self.document.resources.composites.get(&id) {
            Some(composite) => self.list(&composite.content, place, depth + 1),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: &Text, place: &Matrix) {
        let size = text.size * place.factor();
        for code in &text.codes {
            // A run that jumps is several spans: after each large step or change of line.
            let mut run: Option<(Span, f64)> = None;
            for (character, x, y) in positions(code, text) {
                let (px, py) = place.apply(x, y);
                let vertical = !code.delta_y.is_empty() && code.delta_y.iter().all(|step| step.abs() > 0.0);
                let joins = run.as_ref().is_some_and(|(span, last)| vertical || ((py - span.y).abs() < size * 0.5 && px - last < size * 2.0 && px >= *last));
                match &mut run {
                    Some((span, last)) if joins => {
                        span.text.push(character);
                        span.width = (px + advance(character) * size - span.x).max(span.width);
                        *last = px;
                    }
                    _ => {
                        self.spans.extend(run.take().map(|(span, _)| span));
                        run = Some((Span { text: character.into(), x: px, y: py, width: advance(character) * size, size, vertical }, px));
                    }
                }
            }
            self.spans.extend(run.map(|(span, _)| span));
        }
    }
}

/// How much there is to draw in one object, for [`Limits::steps`](crate::Limits::steps).
pub(crate) fn weight(kind: &Kind) -> usize {
    match kind {
        Kind::Text(text) => text.codes.iter().map(|code| code.text.len()).sum(),
        Kind::Path(path) => path.segments.len(),
        _ => 0,
    }
}

/// From an object's own space to that of the page.
pub(crate) fn place(object: &Graphic, outer: &Matrix) -> Matrix {
    let Rect { x, y, .. } = object.boundary;
    object.ctm.then(&Matrix::translate(x, y)).then(outer)
}

/// Each character of a run with the point where it stands, in the object's space (11.3). The last step given goes on;
/// without any, characters follow each other by an estimate of their width.
pub(crate) fn positions<'a>(code: &'a TextCode, text: &'a Text) -> impl Iterator<Item = (char, f64, f64)> + 'a {
    let (mut x, mut y) = (code.x, code.y);
    let mut previous: Option<char> = None;
    code.text.chars().enumerate().map(move |(index, character)| {
        if let (Some(before), Some(step)) = (previous, index.checked_sub(1)) {
            let dx = code.delta_x.get(step).or(code.delta_x.last());
            let dy = code.delta_y.get(step).or(code.delta_y.last());
            let own = if dx.is_none() && dy.is_none() { advance(before) * text.size * text.h_scale } else { 0.0 };
            let (own_x, own_y) = match text.read_direction {
                90 => (0.0, own),
                180 => (-own, 0.0),
                270 => (0.0, -own),
                _ => (own, 0.0),
            };
            x += dx.copied().unwrap_or(own_x);
            y += dy.copied().unwrap_or(own_y);
        }
        previous = Some(character);
        (character, x, y)
    })
}

/// Estimated width of a character in ems: half for Latin, one for Chinese.
pub(crate) fn advance(character: char) -> f64 {
    if (character as u32) < 0x2E80 && !matches!(character, '—' | '…' | '“' | '”' | '‘' | '’') { 0.5 } else { 1.0 }
}

/// Spans gathered by baseline, lines from top to bottom.
fn lines(mut spans: Vec<Span>) -> Vec<Line> {
    spans.retain(|span| !span.text.trim().is_empty());
    spans.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines: Vec<Line> = Vec::new();
    let mut base = f64::NEG_INFINITY;
    for span in spans {
        let near = span.y - base <= span.size * 0.4 && !span.vertical;
        match lines.last_mut() {
            Some(line) if near && !line.spans.first().is_some_and(|first| first.vertical) => line.spans.push(span),
            _ => {
                base = span.y;
                lines.push(Line { spans: vec![span] });
            }
        }
    }
    for line in &mut lines {
        line.spans.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines
}
