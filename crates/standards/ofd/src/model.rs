//! The document model (GB/T 33190 clauses 7–17). Lengths are millimetres, identifiers are unique in a document, paths are
//! absolute in the package.

use std::collections::BTreeMap;

use crate::{Matrix, Rect};

/// Identifier of an object or resource (ST_ID).
pub type Id = u32;

/// Facts about a document (7.4, CT_DocInfo). Dates are kept as written (xs:date in strict files).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocInfo {
    /// 32 hexadecimal digits, unique for each document.
    pub doc_id: String,
    pub title: String,
    pub author: String,
    pub subject: String,
    pub summary: String,
    pub creation_date: String,
    pub modified_date: String,
    pub creator: String,
    pub creator_version: String,
    pub keywords: Vec<String>,
    /// Name and value of each CustomData, in order.
    pub custom: Vec<(String, String)>,
}

/// One document of a file: everything but the pages' contents, which are read one by one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Path of its Document.xml.
    pub root: String,
    pub info: DocInfo,
    /// Path of Signatures.xml.
    pub signatures: Option<String>,
    /// Highest identifier in use (MaxUnitID).
    pub max_id: Id,
    /// Size of pages that give none.
    pub page_area: Rect,
    pub pages: Vec<PageRef>,
    /// Template pages by identifier.
    pub templates: BTreeMap<Id, TemplateRef>,
    pub resources: Resources,
    /// Path of each page's annotation file by page identifier.
    pub annotations: Vec<(Id, String)>,
    pub attachments: Vec<Attachment>,
    pub custom_tags: Vec<CustomTag>,
    pub extensions: Vec<Extension>,
    pub bookmarks: Vec<Bookmark>,
    pub outline: Vec<OutlineItem>,
    /// What was left out in reading because it was missing or not understood.
    pub warnings: Vec<String>,
}

/// A page in the list of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRef {
    pub id: Id,
    /// Path of its Content.xml.
    pub path: String,
}

/// A template page in the list of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRef {
    pub path: String,
    pub name: String,
    /// Where it lies when the page does not say.
    pub order: Order,
}

/// Above or below the page's own content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Order {
    #[default]
    Background,
    Body,
    Foreground,
}

/// Resources of a document by identifier (7.9).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resources {
    pub fonts: BTreeMap<Id, Font>,
    pub color_spaces: BTreeMap<Id, ColorSpace>,
    pub draw_params: BTreeMap<Id, DrawParam>,
    pub media: BTreeMap<Id, Media>,
    pub composites: BTreeMap<Id, Composite>,
}

/// A font (11.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Font {
    pub name: String,
    pub family: String,
    pub bold: bool,
    pub italic: bool,
    pub serif: bool,
    pub fixed_width: bool,
    /// Path of the embedded font file.
    pub file: Option<String>,
}

/// A colour space (8.3.1).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColorSpace {
    pub kind: ColorKind,
    pub bits: u8,
    /// Entries for [`Paint::Index`].
    pub palette: Vec<Vec<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorKind {
    Gray,
    #[default]
    Rgb,
    Cmyk,
}

/// Shared drawing parameters (8.2); `relative` names the set they are based on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrawParam {
    pub relative: Option<Id>,
    pub line: LineStyle,
    pub fill: Option<Color>,
    pub stroke: Option<Color>,
}

/// How lines are drawn; what is absent is inherited.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineStyle {
    pub width: Option<f64>,
    pub cap: Option<Cap>,
    pub join: Option<Join>,
    pub miter_limit: Option<f64>,
    pub dash: Vec<f64>,
    pub dash_offset: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    Butt,
    Round,
    Square,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    Miter,
    Round,
    Bevel,
}

/// Kind and path of a multimedia resource (7.9).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Media {
    /// `Image`, `Audio` or `Video`.
    pub kind: String,
    pub format: String,
    pub path: String,
}

/// A vector image used by composite objects (clause 13).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Composite {
    pub width: f64,
    pub height: f64,
    pub content: Vec<Graphic>,
}

/// A colour or pattern with its opacity.
#[derive(Debug, Clone, PartialEq)]
pub struct Color {
    pub paint: Paint,
    /// 0 transparent – 255 opaque.
    pub alpha: u8,
}

impl Color {
    /// An opaque RGB colour.
    #[must_use]
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { paint: Paint::Value { components: [red, green, blue].map(f64::from).to_vec(), space: None }, alpha: 255 }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// Components in a colour space; without one, RGB of 8 bits.
    Value { components: Vec<f64>, space: Option<Id> },
    /// An entry of a colour space's palette.
    Index { index: usize, space: Option<Id> },
    /// A gradient along a line or between two circles (8.3.3).
    Gradient(Gradient),
    /// A pattern this library does not draw (tilings, Gouraud shadings): nothing is painted.
    Other(String),
}

/// An axial gradient when both radii are `None`, otherwise a radial one.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    pub start: (f64, f64),
    pub end: (f64, f64),
    pub radii: Option<(f64, f64)>,
    /// Continues before the start and after the end.
    pub extend: (bool, bool),
    /// Position 0–1 and colour.
    pub stops: Vec<(f64, Color)>,
}

/// A page's content.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Its own size, if it gives one.
    pub area: Option<Rect>,
    /// Template identifier and place.
    pub templates: Vec<(Id, Option<Order>)>,
    pub layers: Vec<Layer>,
    /// Resources only this page declares.
    pub resources: Resources,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layer {
    pub id: Option<Id>,
    pub order: Option<Order>,
    pub draw_param: Option<Id>,
    pub content: Vec<Graphic>,
}

/// A graphic object (CT_GraphicUnit, 8.5) or page block.
#[derive(Debug, Clone, PartialEq)]
pub struct Graphic {
    pub id: Option<Id>,
    /// Where it stands in its container; drawing outside is cut off.
    pub boundary: Rect,
    pub visible: bool,
    pub ctm: Matrix,
    pub draw_param: Option<Id>,
    pub line: LineStyle,
    pub alpha: u8,
    /// Drawing is kept to the intersection of these; each is the union of its areas.
    pub clips: Vec<Vec<ClipArea>>,
    pub kind: Kind,
}

impl Graphic {
    /// A visible, opaque object without transformation.
    #[must_use]
    pub fn new(id: Id, boundary: Rect, kind: Kind) -> Self {
        Self {
            id: Some(id),
            boundary,
            visible: true,
            ctm: Matrix::IDENTITY,
            draw_param: None,
            line: LineStyle::default(),
            alpha: 255,
            clips: Vec::new(),
            kind,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClipArea {
    pub ctm: Matrix,
    pub shape: Box<Kind>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text(Text),
    Path(Path),
    /// Identifier of the image resource, drawn in the unit square of the object's space; `mask` cuts it.
    Image { resource: Id, mask: Option<Id> },
    Composite { resource: Id },
    /// A page block: objects together.
    Block(Vec<Graphic>),
}

/// A text object (11.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    pub font: Id,
    /// Height of the font's em square.
    pub size: f64,
    pub fill: bool,
    pub stroke: bool,
    pub fill_color: Option<Color>,
    pub stroke_color: Option<Color>,
    /// Horizontal stretch, 1 for none.
    pub h_scale: f64,
    /// 0, 90, 180 or 270 degrees clockwise: direction in which characters follow each other.
    pub read_direction: u16,
    /// Rotation of each character, likewise.
    pub char_direction: u16,
    pub weight: u16,
    pub italic: bool,
    pub codes: Vec<TextCode>,
    pub glyphs: Vec<GlyphMap>,
}

impl Text {
    /// Filled text of one run.
    #[must_use]
    pub fn new(font: Id, size: f64, code: TextCode) -> Self {
        Self {
            font,
            size,
            fill: true,
            stroke: false,
            fill_color: None,
            stroke_color: None,
            h_scale: 1.0,
            read_direction: 0,
            char_direction: 0,
            weight: 400,
            italic: false,
            codes: vec![code],
            glyphs: Vec::new(),
        }
    }
}

/// A run of characters with the steps between them, one less than characters (or fewer: the last step goes on).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextCode {
    pub x: f64,
    pub y: f64,
    pub delta_x: Vec<f64>,
    pub delta_y: Vec<f64>,
    pub text: String,
}

/// Characters drawn by other glyphs than the font's own map says (CT_CGTransform).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlyphMap {
    /// First character, counted over all runs of the object.
    pub position: usize,
    pub characters: usize,
    pub glyphs: Vec<u32>,
}

/// A path object (clause 9).
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub stroke: bool,
    pub fill: bool,
    pub even_odd: bool,
    pub fill_color: Option<Color>,
    pub stroke_color: Option<Color>,
    pub segments: Vec<Segment>,
}

/// A step of AbbreviatedData (9.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    Move(f64, f64),
    Line(f64, f64),
    Quad(f64, f64, f64, f64),
    Cubic(f64, f64, f64, f64, f64, f64),
    Arc { rx: f64, ry: f64, angle: f64, large: bool, clockwise: bool, x: f64, y: f64 },
    Close,
}

/// An annotation (clause 15).
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    pub id: Option<Id>,
    /// `Link`, `Path`, `Highlight`, `Stamp`, `Watermark`.
    pub kind: String,
    pub subtype: String,
    pub creator: String,
    pub visible: bool,
    pub remark: String,
    pub parameters: Vec<(String, String)>,
    pub boundary: Rect,
    pub appearance: Vec<Graphic>,
}

/// An attached file (clause 20).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    pub format: String,
    pub creation_date: String,
    pub usage: String,
    pub visible: bool,
    pub path: String,
}

/// A tree of business data beside the pages (clause 16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomTag {
    pub type_id: String,
    pub path: String,
}

/// Data of an application (clause 17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub app_name: String,
    pub ref_id: String,
    pub properties: Vec<(String, String)>,
}

/// A place in the document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Destination {
    pub page: Id,
    pub left: Option<f64>,
    pub top: Option<f64>,
    pub zoom: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    pub name: String,
    pub destination: Option<Destination>,
}

/// A heading of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineItem {
    pub title: String,
    pub destination: Option<Destination>,
    pub children: Vec<OutlineItem>,
}
