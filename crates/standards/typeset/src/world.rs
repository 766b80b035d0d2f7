//! One typesetting job as Typst sees it: a closed world of a few virtual files.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::Value;
use typst::{
    Library, LibraryExt, World, WorldExt,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{Error, Result, SourceDiagnostic, Template, Typesetter, qr};

const OFFICIAL: &str = include_str!("official.typ");
/// China has one time zone, UTC+8.
const CHINA: Option<FixedOffset> = FixedOffset::east_opt(8 * 3600);

pub(crate) struct Job<'a> {
    typesetter: &'a Typesetter,
    library: LazyHash<Library>,
    main: FileId,
    sources: HashMap<FileId, Source>,
    qr: Option<(FileId, Bytes)>,
    at: DateTime<Utc>,
}

impl<'a> Job<'a> {
    pub(crate) fn new(
        typesetter: &'a Typesetter,
        template: &Template<'_>,
        data: &Value,
        qr: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<Self> {
        let mut inputs = Dict::new();
        inputs.insert("data".into(), data.to_string().into_value());
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());

        let main = file_id("/main.typ")?;
        let mut sources = HashMap::new();
        for (path, text) in template
            .files
            .iter()
            .chain(&[("/official.typ", OFFICIAL), ("/main.typ", template.main)])
        {
            let id = file_id(path)?;
            sources.insert(id, Source::new(id, (*text).to_owned()));
        }
        let qr = match qr {
            Some(text) if !text.is_empty() => {
                Some((file_id("/qr.svg")?, Bytes::from_string(qr::svg(text)?)))
            }
            _ => None,
        };
        Ok(Self {
            typesetter,
            library,
            main,
            sources,
            qr,
            at,
        })
    }

    /// The faults as "file:line: message" for whoever maintains the template.
    pub(crate) fn explain(&self, faults: &[SourceDiagnostic]) -> String {
        let lines = faults.iter().map(|fault| match self.place(fault) {
            Some(place) => format!("{place}: {}", fault.message),
            None => fault.message.to_string(),
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    fn place(&self, fault: &SourceDiagnostic) -> Option<String> {
        let id = fault.span.id()?;
        let start = self.range(fault.span)?.start;
        let line = self.sources.get(&id)?.lines().byte_to_line(start)? + 1;
        Some(format!("{}:{line}", id.get().vpath().get_with_slash()))
    }
}

/// The day of `at` in China as xs:date.
pub(crate) fn china_day(at: DateTime<Utc>) -> String {
    let day = CHINA.map_or(at.date_naive(), |zone| at.with_timezone(&zone).date_naive());
    day.format("%Y-%m-%d").to_string()
}

fn file_id(path: &str) -> Result<FileId> {
    let path = VirtualPath::new(path).map_err(|_| Error::FileName(path.to_owned()))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.typesetter.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match (&self.qr, self.sources.get(&id)) {
            (Some((qr, svg)), _) if *qr == id => Ok(svg.clone()),
            (_, Some(source)) => Ok(Bytes::from_string(source.clone().text().to_owned())),
            _ => Err(not_found(id)),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.typesetter.fonts.get(index).cloned()
    }

    /// The day of `at`, in China or at the offset asked for.
    fn today(&self, offset: Option<Duration>) -> Option<Datetime> {
        let offset = match offset {
            Some(offset) => FixedOffset::east_opt(offset.seconds() as i32)?,
            None => CHINA?,
        };
        let day = self.at.with_timezone(&offset);
        crate::datetime(day.naive_local().and_utc())
    }
}
