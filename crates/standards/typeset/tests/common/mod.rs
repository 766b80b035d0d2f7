//! Fonts, templates and text extraction for the tests.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use chrono::{DateTime, TimeZone, Utc};
use serde_json::Value;
use typeset::{Pdf, Template, Typesetter};

static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(|| Typesetter::new(fonts()).unwrap());

pub fn typesetter() -> &'static Typesetter {
    &TYPESETTER
}

pub fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 2, 5, 0).unwrap()
}

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The fonts the web build puts beside its other files.
pub fn fonts() -> Vec<Vec<u8>> {
    let folder = workspace().join("web/dist/fonts");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.retain(|file| file.extension().is_some_and(|end| end == "ttf"));
    files.sort();
    assert!(
        !files.is_empty(),
        "no fonts in web/dist/fonts: run `make web` first"
    );
    files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect()
}

/// The templates of one system: sources by path, samples by name.
pub struct Shelf {
    folder: PathBuf,
    sources: Vec<(String, String)>,
}

impl Shelf {
    pub fn of(system: &str) -> Self {
        let folder = workspace()
            .join("crates/systems")
            .join(system)
            .join("templates");
        let sources = names(&folder, "typ").into_iter().map(|name| {
            let text = std::fs::read_to_string(folder.join(&name).with_extension("typ")).unwrap();
            (format!("/{name}.typ"), text)
        });
        Self {
            sources: sources.collect(),
            folder,
        }
    }

    pub fn samples(&self) -> Vec<String> {
        names(&self.folder.join("samples"), "json")
    }

    pub fn sample(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(
            self.folder
                .join("samples")
                .join(name)
                .with_extension("json"),
        )
        .unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub fn pdf(&self, name: &str, data: &Value) -> typeset::Result<Pdf> {
        self.with(name, |template| typesetter().pdf(template, data, at()))
    }

    pub fn both(&self, name: &str, data: &Value) -> typeset::Result<(Pdf, typeset::Ofd)> {
        self.with(name, |template| {
            typesetter().both(template, data, at(), typeset::Extras::default())
        })
    }

    fn with<T>(&self, name: &str, make: impl FnOnce(&Template<'_>) -> T) -> T {
        let files: Vec<_> = self
            .sources
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let path = format!("/{name}.typ");
        let main = files
            .iter()
            .find(|(file, _)| *file == path)
            .unwrap_or_else(|| panic!("no template {path}"))
            .1;
        make(&Template {
            main,
            files: &files,
        })
    }
}

fn names(folder: &Path, end: &str) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == end))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The text of a PDF without white space (lines break anywhere in Chinese), by poppler's `pdftotext`; `None` with a
/// notice where that program is not installed.
pub fn text(pdf: &Pdf) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    match Command::new("pdftotext")
        .arg("-raw")
        .arg(&path)
        .arg("-")
        .output()
    {
        Ok(output) => {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let text = String::from_utf8(output.stdout).unwrap();
            Some(text.chars().filter(|c| !c.is_whitespace()).collect())
        }
        Err(_) => {
            eprintln!("skipped: pdftotext (poppler-utils) is not here");
            None
        }
    }
}

/// The words of the first page with their boxes in millimetres: left, top, bottom. By poppler, as above.
pub fn words(pdf: &Pdf) -> Option<Vec<(String, f64, f64, f64)>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Ok(output) = Command::new("pdftotext")
        .arg("-bbox")
        .arg(&path)
        .arg("-")
        .output()
    else {
        eprintln!("skipped: pdftotext (poppler-utils) is not here");
        return None;
    };
    let html = String::from_utf8(output.stdout).unwrap();
    let words = html.lines().filter_map(|line| {
        let number = |name: &str| {
            let start = line.find(&format!("{name}=\""))? + name.len() + 2;
            let points: f64 = line[start..].split('"').next()?.parse().ok()?;
            Some(points * 25.4 / 72.0)
        };
        let text = line.split('>').nth(1)?.split('<').next()?.to_owned();
        Some((text, number("xMin")?, number("yMin")?, number("yMax")?))
    });
    Some(words.collect())
}

/// Keeps a file beside the build for a person to look at.
pub fn keep(name: &str, bytes: &[u8]) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
}

pub fn contains(bytes: &[u8], part: &str) -> bool {
    bytes
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}
