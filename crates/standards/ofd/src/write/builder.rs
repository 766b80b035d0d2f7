//! Building a document page by page.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Annotation, Attachment, Color, Document, Error, Font, Graphic, Layer, Matrix, Page, PageRef, Rect, Result,
    model::{ClipArea, CustomTag, DocInfo, GlyphMap, Id, Kind, Media, OutlineItem, Path, Text, TextCode},
};

use super::{font, parts};

/// A font of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FontKey(usize);

/// An image of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageKey(Id);

/// A file to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    /// `xml`, `json`, `pdf` …
    pub format: String,
    pub visible: bool,
    pub content: Vec<u8>,
}

/// A custom tag file (clause 16): business data beside the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub type_id: String,
    /// XML.
    pub content: Vec<u8>,
}

/// A character with the glyph that draws it and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub character: char,
    /// Glyph identifier in the font file; the font's own map decides when there is none.
    pub id: Option<u32>,
    /// Millimetres from the page's upper left corner to the point on the baseline.
    pub x: f64,
    pub y: f64,
}

struct Source {
    file: Vec<u8>,
    index: u32,
    name: String,
    bold: bool,
    id: Id,
    /// Each character with the glyph that mostly draws it.
    characters: BTreeMap<char, u32>,
    glyphs: BTreeSet<u32>,
}

/// Builds a document: fonts and images first, then pages, then [`Builder::finish`].
///
/// ```
/// # fn main() -> ofd::Result<()> {
/// use ofd::{Color, Ofd, Rect, write::Builder};
/// let mut builder = Builder::new(210.0, 297.0);
/// builder.info.title = "示例".into();
/// let mut page = builder.page();
/// page.path(Rect::new(20.0, 20.0, 30.0, 30.0), ofd::write::qr_path("https://example.invalid/1", 30.0)?);
/// builder.push(page);
/// let file = builder.finish()?;
/// assert_eq!(Ofd::read(&file)?.documents[0].info.title, "示例");
/// # Ok(()) }
/// ```
pub struct Builder {
    /// Title, author, dates, custom data. Without a DocID, one is derived from the content.
    pub info: DocInfo,
    pub outline: Vec<OutlineItem>,
    width: f64,
    height: f64,
    next: Id,
    fonts: Vec<Source>,
    media: BTreeMap<Id, (Media, Vec<u8>)>,
    pages: Vec<PageBuilder>,
    attachments: Vec<Attached>,
    tags: Vec<Tag>,
}

/// A page in the making; hand it back with [`Builder::push`].
#[derive(Debug, Clone)]
pub struct PageBuilder {
    /// Its size, when it differs from the document's.
    pub area: Option<Rect>,
    objects: Vec<Object>,
    annotations: Vec<Annotation>,
}

#[derive(Debug, Clone)]
enum Object {
    Graphic(Box<Graphic>),
    Text { font: FontKey, size: f64, color: Color, matrix: Matrix, glyphs: Vec<Glyph>, clips: Vec<Path> },
}

impl Builder {
    /// A document whose pages measure `width` × `height` millimetres.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            info: DocInfo::default(),
            outline: Vec::new(),
            width,
            height,
            next: 1,
            fonts: Vec::new(),
            media: BTreeMap::new(),
            pages: Vec::new(),
            attachments: Vec::new(),
            tags: Vec::new(),
        }
    }

    fn id(&mut self) -> Id {
        self.next += 1;
        self.next - 1
    }

    /// Adds a font file (TrueType or OpenType, face `index` of a collection). Only what is used of it is embedded.
    pub fn font(&mut self, file: Vec<u8>, index: u32, name: &str, bold: bool) -> FontKey {
        let id = self.id();
        self.fonts.push(Source { file, index, name: name.to_owned(), bold, id, characters: BTreeMap::new(), glyphs: BTreeSet::new() });
        FontKey(self.fonts.len() - 1)
    }

    /// Adds an image file; `format` is `PNG` or `JPEG`.
    pub fn image(&mut self, file: Vec<u8>, format: &str) -> ImageKey {
        let id = self.id();
        let path = format!("/Doc_0/Res/image_{id}.{}", format.to_ascii_lowercase());
        self.media.insert(id, (Media { kind: "Image".into(), format: format.to_ascii_uppercase(), path }, file));
        ImageKey(id)
    }

    /// A new page.
    #[must_use]
    pub fn page(&self) -> PageBuilder {
        PageBuilder { area: None, objects: Vec::new(), annotations: Vec::new() }
    }

    /// Adds a page after those there are.
    pub fn push(&mut self, page: PageBuilder) {
        self.pages.push(page);
    }

    /// Attaches a file.
    pub fn attach(&mut self, file: Attached) {
        self.attachments.push(file);
    }

    /// Adds a custom tag file.
    pub fn tag(&mut self, tag: Tag) {
        self.tags.push(tag);
    }

    /// Writes the file. Equal input gives equal bytes.
    ///
    /// # Errors
    /// [`Error::Resource`] when a font cannot be embedded.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.collect()?;
        let mut document = Document { root: "/Doc_0/Document.xml".into(), page_area: Rect::new(0.0, 0.0, self.width, self.height), ..Document::default() };
        let mut files = Vec::new();
        let mut renamed = Vec::new();
        for source in &self.fonts {
            let subset = font::embed(&source.file, source.index, &source.characters, source.glyphs.iter().copied())?;
            let path = format!("/Doc_0/Res/font_{}.{}", source.id, if subset.file.starts_with(b"OTTO") { "otf" } else { "ttf" });
            let font = Font { name: source.name.clone(), family: source.name.clone(), bold: source.bold, file: Some(path.clone()), ..Font::default() };
            document.resources.fonts.insert(source.id, font);
            files.push((path, subset.file));
            renamed.push(subset.glyphs);
        }
        for (id, (media, content)) in std::mem::take(&mut self.media) {
            files.push((media.path.clone(), content));
            document.resources.media.insert(id, media);
        }
        self.beside(&mut document, &mut files);

        let (mut pages, mut annotations) = (Vec::new(), Vec::new());
        for (index, page) in std::mem::take(&mut self.pages).into_iter().enumerate() {
            let id = self.id();
            document.pages.push(PageRef { id, path: format!("/Doc_0/Pages/Page_{index}/Content.xml") });
            if !page.annotations.is_empty() {
                document.annotations.push((id, format!("/Doc_0/Annots/Page_{index}/Annotation.xml")));
                let mut list = page.annotations;
                list.iter_mut().for_each(|annotation| annotation.id = Some(self.id()));
                annotations.push((id, list));
            }
            let layer = self.id();
            let content = page.objects.into_iter().map(|object| self.graphic(object, &renamed)).collect();
            pages.push(Page { area: page.area, layers: vec![Layer { id: Some(layer), content, ..Layer::default() }], ..Page::default() });
        }
        document.max_id = self.next - 1;
        document.outline = self.outline;
        document.info = self.info;
        if document.info.doc_id.is_empty() {
            // From the content, so that equal documents are equal files.
            let seed = parts::write(&document, &pages, &BTreeMap::new(), &annotations, &files)?;
            document.info.doc_id = crate::sign::Digest::Sm3.of(&seed).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        }
        parts::write(&document, &pages, &BTreeMap::new(), &annotations, &files)
    }

    /// Which characters and glyphs of each font are used.
    fn collect(&mut self) -> Result<()> {
        for page in &self.pages {
            for object in &page.objects {
                let Object::Text { font, glyphs, .. } = object else { continue };
                let source = self.fonts.get_mut(font.0).ok_or_else(|| Error::Resource("字体不属于这个文档".into()))?;
                let face = skrifa::FontRef::from_index(&source.file, source.index).map_err(|error| Error::Resource(error.to_string()))?;
                let map = skrifa::MetadataProvider::charmap(&face);
                for glyph in glyphs {
                    let own = map.map(glyph.character).map(skrifa::GlyphId::to_u32);
                    if let Some(id) = own.or(glyph.id) {
                        source.characters.entry(glyph.character).or_insert(id);
                    }
                    source.glyphs.extend(glyph.id);
                }
            }
        }
        Ok(())
    }

    fn beside(&mut self, document: &mut Document, files: &mut Vec<parts::Part>) {
        for (index, file) in std::mem::take(&mut self.attachments).into_iter().enumerate() {
            let path = format!("/Doc_0/Attachs/attachment_{index}.{}", file.format.to_ascii_lowercase());
            let id = format!("a{index}");
            document.attachments.push(Attachment { id, name: file.name, format: file.format, visible: file.visible, path: path.clone(), ..Attachment::default() });
            files.push((path, file.content));
        }
        for (index, tag) in std::mem::take(&mut self.tags).into_iter().enumerate() {
            let path = format!("/Doc_0/Tags/Tag_{index}.xml");
            document.custom_tags.push(CustomTag { type_id: tag.type_id, path: path.clone() });
            files.push((path, tag.content));
        }
    }

    fn graphic(&mut self, object: Object, renamed: &[BTreeMap<u32, u32>]) -> Graphic {
        let id = self.id();
        match object {
            Object::Graphic(mut graphic) => {
                graphic.id = Some(id);
                *graphic
            }
            Object::Text { font, size, color, matrix, glyphs, clips } => {
                let (source, renamed) = (&self.fonts[font.0], &renamed[font.0]);
                let mut graphic = text(source, renamed, size, color, &matrix, &glyphs);
                graphic.id = Some(id);
                graphic.clips = clips.iter().filter_map(|path| clip(&graphic, path)).collect();
                graphic
            }
        }
    }
}

/// A text object around its glyphs, whose boundary holds them with room to spare.
fn text(source: &Source, renamed: &BTreeMap<u32, u32>, size: f64, color: Color, matrix: &Matrix, glyphs: &[Glyph]) -> Graphic {
    let (x, y) = glyphs.first().map_or((0.0, 0.0), |glyph| (glyph.x, glyph.y));
    // The boundary is not transformed itself, so it is laid around the transformed glyphs.
    let turned = Matrix::translate(-x, -y).then(matrix).then(&Matrix::translate(x, y));
    let corners = |glyph: &Glyph| [(-0.1, -1.0), (1.2, -1.0), (-0.1, 0.4), (1.2, 0.4)].map(|(right, down)| turned.apply(glyph.x + right * size, glyph.y + down * size));
    let Rect { x: left, y: top, width, height } = crate::around(glyphs.iter().flat_map(corners));
    let boundary = Rect::new(rounded(left), rounded(top), rounded(width), rounded(height));
    let (mut start, mut ctm) = ((rounded(x - boundary.x), rounded(y - boundary.y)), Matrix::IDENTITY);
    if *matrix != Matrix::IDENTITY {
        ctm = matrix.then(&Matrix::translate(start.0, start.1));
        ctm.0 = ctm.0.map(|value| (value * 1e6).round() / 1e6);
        start = (0.0, 0.0);
    }
    let steps = |of: fn(&Glyph) -> f64| glyphs.windows(2).map(|pair| rounded(of(&pair[1])) - rounded(of(&pair[0]))).map(rounded).collect::<Vec<f64>>();
    let mut delta_y = steps(|glyph| glyph.y);
    if delta_y.iter().all(|step| *step == 0.0) {
        delta_y.clear();
    }
    let code = TextCode { x: start.0, y: start.1, delta_x: steps(|glyph| glyph.x), delta_y, text: glyphs.iter().map(|glyph| glyph.character).collect() };
    let mut content = Text::new(source.id, rounded(size), code);
    content.fill_color = Some(color);
    content.weight = if source.bold { 700 } else { 400 };
    // Only where the font's own map would choose another glyph.
    for (position, glyph) in glyphs.iter().enumerate() {
        if let Some(id) = glyph.id.filter(|id| source.characters.get(&glyph.character) != Some(id)) {
            content.glyphs.extend(renamed.get(&id).map(|glyph| GlyphMap { position, characters: 1, glyphs: vec![*glyph] }));
        }
    }
    let mut graphic = Graphic::new(0, boundary, Kind::Text(content));
    graphic.ctm = ctm;
    graphic
}

impl PageBuilder {
    /// Text on one line or several, each glyph at its place; `matrix` transforms the whole around the first glyph.
    pub fn glyphs(&mut self, font: FontKey, size: f64, color: Color, matrix: Matrix, glyphs: Vec<Glyph>) {
        if !glyphs.is_empty() {
            self.objects.push(Object::Text { font, size, color, matrix, glyphs, clips: Vec::new() });
        }
    }

    /// A line of text that begins at (x, y) with each character `steps` further (the last step goes on).
    pub fn text(&mut self, font: FontKey, size: f64, color: Color, (x, y): (f64, f64), text: &str, steps: &[f64]) {
        let mut at = x;
        let place = |(index, character): (usize, char)| {
            if index > 0 {
                at += steps.get(index - 1).or(steps.last()).copied().unwrap_or(size);
            }
            Glyph { character, id: None, x: at, y }
        };
        let glyphs = text.chars().enumerate().map(place).collect();
        self.glyphs(font, size, color, Matrix::IDENTITY, glyphs);
    }

    /// A path, its points relative to the upper left corner of `boundary`.
    pub fn path(&mut self, boundary: Rect, path: Path) {
        self.graphic(Graphic::new(0, boundary, Kind::Path(path)));
    }

    /// An image filling a rectangle.
    pub fn image(&mut self, place: Rect, image: ImageKey) {
        let mut graphic = Graphic::new(0, place, Kind::Image { resource: image.0, mask: None });
        graphic.ctm = Matrix::scale(place.width, place.height);
        self.graphic(graphic);
    }

    /// An image whose unit square `ctm` takes into `boundary`, relative to its upper left corner.
    pub fn image_turned(&mut self, boundary: Rect, ctm: Matrix, image: ImageKey) {
        let mut graphic = Graphic::new(0, boundary, Kind::Image { resource: image.0, mask: None });
        graphic.ctm = ctm;
        self.graphic(graphic);
    }

    /// Keeps the objects added last, from the `first` on, to the inside of a path in millimetres of the page.
    pub fn clip(&mut self, first: usize, path: &Path) {
        for object in self.objects.iter_mut().skip(first) {
            match object {
                Object::Graphic(graphic) => graphic.clips.extend(clip(graphic, path)),
                Object::Text { clips, .. } => clips.push(path.clone()),
            }
        }
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Any object; its identifier is given anew.
    pub fn graphic(&mut self, graphic: Graphic) {
        self.objects.push(Object::Graphic(Box::new(graphic)));
    }

    /// An annotation; its identifier is given anew.
    pub fn annotation(&mut self, annotation: Annotation) {
        self.annotations.push(annotation);
    }
}

/// A clip in millimetres of the page as one of an object.
fn clip(graphic: &Graphic, path: &Path) -> Option<Vec<ClipArea>> {
    let ctm = crate::text::place(graphic, &Matrix::IDENTITY).inverse()?;
    Some(vec![ClipArea { ctm, shape: Box::new(Kind::Path(path.clone())) }])
}

/// Ten-thousandths of a millimetre are finer than any printer.
pub(crate) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
