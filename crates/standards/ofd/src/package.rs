//! The container: a ZIP archive as named parts.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{Error, Limits, Result};

/// A part's content, or why it cannot be had.
type Content = std::result::Result<Vec<u8>, String>;

/// All parts of a file by absolute path (`/OFD.xml`). Damaged parts are kept as such, so that verification can name them.
#[derive(Debug, Clone)]
pub struct Package {
    parts: BTreeMap<String, Content>,
    /// Lower-case path → path, because producers spell `Tpls` and `TPLS` in one file.
    folded: BTreeMap<String, String>,
    limits: Limits,
}

impl Package {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`Error::Container`], [`Error::Name`], [`Error::Limit`]. Damaged parts are no error here.
    pub fn open(bytes: &[u8], limits: Limits) -> Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(container)?;
        if archive.len() > limits.parts {
            return Err(Error::Limit("部件数"));
        }
        // The reader of the archive keeps one of two equal names; which one a viewer shows would be a matter of luck.
        if archive.has_duplicate_names() {
            return Err(Error::Name("重复的部件名".into()));
        }
        let mut package = Self { parts: BTreeMap::new(), folded: BTreeMap::new(), limits };
        let mut room = limits.total_bytes;
        for index in 0..archive.len() {
            let name = archive.name_for_index(index).and_then(|name| name.ok()).unwrap_or_default().into_owned();
            if name.ends_with(['/', '\\']) {
                continue;
            }
            let name = part_name(&name)?;
            let entry = match archive.by_index(index) {
                Ok(entry) => entry,
                Err(error) => {
                    package.put(&name, Err(error.to_string()))?;
                    continue;
                }
            };
            let packed = entry.compressed_size().max(1);
            let allowed = limits.part_bytes.min(room);
            let mut content = Vec::new();
            // The declared size is the attacker's: what is counted is what comes out.
            let outcome = entry.take(allowed + 1).read_to_end(&mut content);
            let size = content.len() as u64;
            if size > allowed {
                return Err(Error::Limit("部件大小"));
            }
            if size > 1 << 20 && size / packed > limits.ratio {
                return Err(Error::Limit("压缩比"));
            }
            room -= size;
            package.put(&name, outcome.map(|_| content).map_err(|error| error.to_string()))?;
        }
        Ok(package)
    }

    fn put(&mut self, name: &str, content: Content) -> Result<()> {
        if self.folded.insert(name.to_lowercase(), name.to_owned()).is_some() {
            return Err(Error::Name(name.to_owned()));
        }
        self.parts.insert(name.to_owned(), content);
        Ok(())
    }

    /// The limits this package was opened with.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Paths of all parts, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The true spelling of a path that may differ in case or lack the leading slash.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&str> {
        let path = part_name(path).ok()?;
        match self.parts.get_key_value(&path) {
            Some((name, _)) => Some(name),
            None => self.folded.get(&path.to_lowercase()).map(String::as_str),
        }
    }

    /// A part's bytes.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Damaged`].
    pub fn bytes(&self, path: &str) -> Result<&[u8]> {
        let name = self.find(path).ok_or_else(|| Error::Missing(path.to_owned()))?;
        match self.parts.get(name) {
            Some(Ok(content)) => Ok(content),
            Some(Err(why)) => Err(Error::Damaged { part: name.to_owned(), why: why.clone() }),
            None => Err(Error::Missing(path.to_owned())),
        }
    }

    /// Where `reference` in the part `from` points: absolute with a slash, otherwise beside `from` (7.4, ST_Loc). A path
    /// that exists only from the root is accepted too, as producers write it.
    ///
    /// # Errors
    /// [`Error::Name`], [`Error::Missing`].
    pub fn resolve(&self, from: &str, reference: &str) -> Result<String> {
        let path = join(from, reference)?;
        let found = self.find(&path).or_else(|| self.find(reference));
        found.map(str::to_owned).ok_or(Error::Missing(path))
    }
}

/// `reference` as an absolute path, relative to the folder of the part `from`.
///
/// # Errors
/// [`Error::Name`] when it leaves the package.
pub fn join(from: &str, reference: &str) -> Result<String> {
    let reference = reference.trim();
    if reference.starts_with(['/', '\\']) {
        return part_name(reference);
    }
    let folder = from.rfind('/').map_or("", |at| &from[..at]);
    part_name(&format!("{folder}/{reference}"))
}

/// The normal form of a name: one leading slash, no empty, `.` or `..` steps.
fn part_name(name: &str) -> Result<String> {
    let bad = || Error::Name(name.chars().take(200).collect());
    if name.len() > 1024 || name.contains(['\0', ':']) {
        return Err(bad());
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in name.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop().ok_or_else(bad)?;
            }
            step => steps.push(step),
        }
    }
    if steps.is_empty() {
        return Err(bad());
    }
    Ok(format!("/{}", steps.join("/")))
}

/// A new archive of `parts` (absolute path, content), in that order. Equal parts give equal bytes: no time stamps.
///
/// # Errors
/// [`Error::Name`] for two equal names.
pub(crate) fn pack(parts: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        add(&mut writer, name, content)?;
    }
    Ok(writer.finish().map_err(container)?.into_inner())
}

/// `bytes` with some parts replaced or added; every other entry keeps its compressed bytes, its time and its place.
///
/// # Errors
/// [`Error::Container`].
pub(crate) fn repack(bytes: &[u8], changes: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(container)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let mut done = vec![false; changes.len()];
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(container)?;
        let name = entry.name().map_err(container)?.into_owned();
        let changed = part_name(&name).ok().and_then(|name| changes.iter().position(|(changed, _)| *changed == name));
        match changed {
            Some(at) => {
                done[at] = true;
                add(&mut writer, &changes[at].0, &changes[at].1)?;
            }
            None => writer.raw_copy_file(entry).map_err(container)?,
        }
    }
    for ((name, content), done) in changes.iter().zip(done) {
        if !done {
            add(&mut writer, name, content)?;
        }
    }
    Ok(writer.finish().map_err(container)?.into_inner())
}

fn add(writer: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, content: &[u8]) -> Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file(name.trim_start_matches('/'), options).map_err(|_| Error::Name(name.to_owned()))?;
    writer.write_all(content).map_err(|error| Error::Container(error.to_string()))
}

fn container(error: zip::result::ZipError) -> Error {
    Error::Container(error.to_string())
}
