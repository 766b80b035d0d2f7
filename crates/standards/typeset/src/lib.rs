//! Typesetting of official documents: JSON data and a Typst template in, a PDF/A-2b file with selectable text out, and the
//! same pages as OFD (GB/T 33190).
//!
//! The engine runs inside the program: no network, no system fonts, no files. A template reads its values from `data`
//! (see `official.typ`, which every template can `#import "/official.typ": *`), so nothing a citizen typed is ever
//! read as markup. The same template, data and time always give the same bytes.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fonts = vec![std::fs::read("NotoSerifSC_400Regular.ttf")?, std::fs::read("NotoSerifSC_700Bold.ttf")?];
//! let typesetter = typeset::Typesetter::new(fonts)?; // once; share it between threads
//! let letter = typeset::Template {
//!     main: r#"#import "/official.typ": *
//!              #show: official.with(title: "复函", issuer: field("body"))
//!              #field("text")"#,
//!     files: &[],
//! };
//! let data = serde_json::json!({ "body": "桂林市示例局", "text": "来函收悉。" });
//! let pdf = typesetter.pdf(&letter, &data, chrono::Utc::now())?;
//! std::fs::write("letter.pdf", pdf.bytes)?;
//! # Ok(()) }
//! ```

mod glyphs;
mod ofd;
mod qr;
mod world;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::Value;
use typst::{
    model::Document as _,
    diag::SourceDiagnostic,
    foundations::{Bytes, Datetime, Label, Smart},
    introspection::Introspector as _,
    text::{Font, FontBook},
    utils::{LazyHash, PicoStr},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use world::Job;

/// How many typesettings a memoised intermediate result survives unused; without a limit the cache only grows.
const CACHE_AGE: usize = 10;

/// What can go wrong. Only [`Error::Qr`] can be caused by data of ordinary shape; the others are faults of the
/// installation or of a template.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no font at all.
    #[error("no font given")]
    NoFont,
    /// The n-th font (from 0) is not a font this engine reads (TTF, OTF, TTC; not WOFF2).
    #[error("font number {0} is not a TrueType or OpenType font")]
    Font(usize),
    /// The text for the QR code is too long for one.
    #[error("text too long for a QR code ({0} bytes)")]
    Qr(usize),
    /// A file name of a template is not a plain path.
    #[error("template file name {0:?} is not a path inside the template")]
    FileName(String),
    /// The template does not fit the data, or has a mistake; the text names file, line and cause.
    #[error("template: {0}")]
    Template(String),
    /// The template uses what OFD output has no form for.
    #[error("OFD: {0}")]
    Ofd(String),
}

/// `Result` of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A template: the main source and the files it imports by absolute path, e.g. `("/notice.typ", include_str!(…))`.
/// `/official.typ` (blocks of official documents) and `/qr.svg` (from the data's text field `qr`) are always there.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// Typst source of the document.
    pub main: &'a str,
    /// Further files: absolute path in the template and text.
    pub files: &'a [(&'a str, &'a str)],
}

/// A finished document.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The PDF/A-2b file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Characters of the data that no font can draw (rare characters in names, say). Each stands as 〓 in the document,
    /// as printers do, because an archivable file may not hold undrawable text; whoever issues it should look.
    pub missing: Vec<char>,
    /// Where the template wants a seal.
    pub seal: Option<Spot>,
}

/// A place on a page, in millimetres from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The page, from 1.
    pub page: usize,
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
    /// How tall the page is, for formats that measure from below.
    pub page_height: f64,
}

/// A finished document as OFD.
#[derive(Clone, Debug)]
pub struct Ofd {
    /// The OFD file, unsigned.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// As in [`Pdf::missing`].
    pub missing: Vec<char>,
    /// As in [`Pdf::seal`].
    pub seal: Option<Spot>,
}

/// What goes into an OFD file beside the pages.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// Name and value of each CustomData, e.g. the document's number.
    pub custom: Vec<(String, String)>,
    /// Files attached.
    pub attachments: Vec<::ofd::write::Attached>,
    /// Custom tag files.
    pub tags: Vec<::ofd::write::Tag>,
}

/// The engine with its fonts. Parsing fonts takes some milliseconds, so make one and share it (`Send + Sync`).
pub struct Typesetter {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Typesetter {
    /// Takes the contents of font files. `official.typ` asks for the family "Noto Serif SC", regular and bold; when it is
    /// not among them, the engine falls back on what is.
    pub fn new(fonts: Vec<Vec<u8>>) -> Result<Self> {
        let mut parsed = Vec::new();
        for (index, file) in fonts.into_iter().enumerate() {
            let before = parsed.len();
            parsed.extend(Font::iter(Bytes::new(file))); // a collection holds several
            if parsed.len() == before {
                return Err(Error::Font(index));
            }
        }
        if parsed.is_empty() {
            return Err(Error::NoFont);
        }
        let book = LazyHash::new(FontBook::from_fonts(&parsed));
        Ok(Self {
            fonts: parsed,
            book,
        })
    }

    /// Sets `template` with `data`; `at` becomes the creation time of the file (shown dates belong in the data).
    ///
    /// Takes some milliseconds of pure computing: call it from a blocking thread in async code.
    pub fn pdf(&self, template: &Template<'_>, data: &Value, at: DateTime<Utc>) -> Result<Pdf> {
        self.layout(template, data, at, |job, document, missing| {
            pdf(job, document, missing, at)
        })
    }

    /// As [`Typesetter::pdf`], the pages as OFD.
    pub fn ofd(
        &self,
        template: &Template<'_>,
        data: &Value,
        at: DateTime<Utc>,
        extras: Extras,
    ) -> Result<Ofd> {
        self.layout(template, data, at, |_, document, missing| {
            write_ofd(document, missing, at, extras)
        })
    }

    /// Both from one layout: the same lines at the same places.
    pub fn both(
        &self,
        template: &Template<'_>,
        data: &Value,
        at: DateTime<Utc>,
        extras: Extras,
    ) -> Result<(Pdf, Ofd)> {
        self.layout(template, data, at, |job, document, missing| {
            let ofd = write_ofd(document, missing.clone(), at, extras)?;
            Ok((pdf(job, document, missing, at)?, ofd))
        })
    }

    /// The characters of `data` that no font can draw, as in [`Pdf::missing`], without setting anything.
    pub fn undrawable(&self, data: &Value) -> Vec<char> {
        glyphs::drawable(data, &self.fonts).1
    }

    fn layout<T>(
        &self,
        template: &Template<'_>,
        data: &Value,
        at: DateTime<Utc>,
        export: impl FnOnce(&Job<'_>, &PagedDocument, Vec<char>) -> Result<T>,
    ) -> Result<T> {
        let (drawable, missing) = glyphs::drawable(data, &self.fonts);
        let job = Job::new(
            self,
            template,
            &drawable,
            data.get("qr").and_then(Value::as_str),
            at,
        )?;
        let document: PagedDocument = typst::compile(&job)
            .output
            .map_err(|faults| Error::Template(job.explain(&faults)))?;
        let exported = export(&job, &document, missing);
        comemo::evict(CACHE_AGE);
        exported
    }
}

fn pdf(
    job: &Job<'_>,
    document: &PagedDocument,
    missing: Vec<char>,
    at: DateTime<Utc>,
) -> Result<Pdf> {
    let bytes = typst_pdf::pdf(document, &options(at)?)
        .map_err(|faults| Error::Template(job.explain(&faults)))?;
    Ok(Pdf {
        bytes,
        pages: document.pages().len(),
        missing,
        seal: seal_spot(document),
    })
}

/// The first element labelled `<seal>` (see `sealed` in `official.typ`).
fn seal_spot(document: &PagedDocument) -> Option<Spot> {
    let label = Label::new(PicoStr::constant("seal"))?;
    let introspector = document.introspector();
    let location = introspector.query_label(label).ok()?.location()?;
    let position = introspector.position(location)?;
    let page = position.page.get();
    let height = document.pages().get(page - 1)?.frame.height();
    Some(Spot { page, x: position.point.x.to_mm(), y: position.point.y.to_mm(), page_height: height.to_mm() })
}

fn write_ofd(
    document: &PagedDocument,
    missing: Vec<char>,
    at: DateTime<Utc>,
    extras: Extras,
) -> Result<Ofd> {
    let mut builder = ::ofd::write::Builder::new(210.0, 297.0);
    let about = document.info();
    let info = &mut builder.info;
    info.title = about.title.as_deref().unwrap_or_default().to_owned();
    info.author = about.author.join("、");
    info.creation_date = world::china_day(at);
    info.creator = "Tongban".into();
    info.custom = extras.custom;
    extras
        .attachments
        .into_iter()
        .for_each(|file| builder.attach(file));
    extras.tags.into_iter().for_each(|tag| builder.tag(tag));
    ofd::pages(document, &mut builder)?;
    let bytes = builder
        .finish()
        .map_err(|error| Error::Ofd(error.to_string()))?;
    Ok(Ofd {
        bytes,
        pages: document.pages().len(),
        missing,
        seal: seal_spot(document),
    })
}

impl std::fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typesetter")
            .field("fonts", &self.fonts.len())
            .finish_non_exhaustive()
    }
}

/// PDF/A-2b (ISO 19005-2) for archives, tagged for screen readers, stamped with `at` and nothing that varies.
fn options(at: DateTime<Utc>) -> Result<PdfOptions> {
    let standards = PdfStandards::new(&[PdfStandard::A_2b])
        .map_err(|fault| Error::Template(fault.message().to_string()))?;
    Ok(PdfOptions {
        creator: Smart::Custom(Some("Tongban".into())),
        timestamp: datetime(at).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

fn datetime(at: DateTime<Utc>) -> Option<Datetime> {
    let [month, day, hour, minute, second] =
        [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(|part| part as u8); // all below 60
    Datetime::from_ymd_hms(at.year(), month, day, hour, minute, second)
}
