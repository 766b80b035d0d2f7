//! Samples of others (read in place, never committed), packages made by hand, and edits of archives.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// A sample file; `None` with a notice where the shared data is not.
pub fn sample(name: &str) -> Option<Vec<u8>> {
    let path = workspace().join("../shared/data/ofd_samples").join(name);
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {name} is not here");
    }
    bytes
}

pub const SAMPLES: [&str; 4] = ["helloworld.ofd", "DigitalSign.ofd", "SESV4SignDoc.ofd", "v4signed.ofd"];

/// Name and content of every entry, in order.
pub fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .filter(|(name, _)| !name.ends_with('/'))
        .collect()
}

/// The compressed bytes of every entry by name.
pub fn raw_entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index_raw(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// As [`zip`], without compression: quick.
pub fn stored(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn zip_owned(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    zip(&parts)
}

/// A package of one page whose layer holds `objects`, with `resources` in PublicRes.xml.
pub fn page(objects: &str, resources: &str) -> Vec<u8> {
    package(&format!(r#"<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content>"#), resources, "")
}

pub fn package(page: &str, resources: &str, common: &str) -> Vec<u8> {
    const NS: &str = r#"xmlns:ofd="http://www.ofdspec.org/2016""#;
    let ofd = format!(r#"<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000000000000000000000001</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#);
    let document = format!(
        r#"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 100 100</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>"#
    );
    let content = format!("<ofd:Page {NS}>{page}</ofd:Page>");
    let resources = format!("<ofd:Res {NS}>{resources}</ofd:Res>");
    zip(&[
        ("OFD.xml", ofd.as_bytes()),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", content.as_bytes()),
        ("Doc_0/PublicRes.xml", resources.as_bytes()),
    ])
}

/// The fonts of the project's own documents; `None` with a notice before the web build.
pub fn fonts() -> Option<Vec<Vec<u8>>> {
    let folder = workspace().join("web/dist/fonts");
    let files: Option<Vec<_>> = ["NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf"].into_iter().map(|name| std::fs::read(folder.join(name)).ok()).collect();
    if files.is_none() {
        eprintln!("skipped: no fonts in web/dist/fonts, run `make web` first");
    }
    files
}

/// Keeps a file beside the build for a person to look at.
pub fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
