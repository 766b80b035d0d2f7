//! Signatures.xml and Signature.xml as values.

use std::collections::BTreeSet;

use crate::{
    Error, Package, Rect, Result,
    model::Id,
    package::join,
    read::{bodies, with_root},
    xml::Element,
};

/// Digital signature or seal (18.1, Type).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// The default where nothing is written.
    #[default]
    Seal,
    Sign,
}

impl Kind {
    /// As written in the list.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Seal => "Seal",
            Self::Sign => "Sign",
        }
    }
}

/// Who made the signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    pub name: String,
    pub version: String,
    pub company: String,
}

/// A protected part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As written.
    pub path: String,
    /// Base64 of the digest, as written.
    pub check_value: String,
}

/// A seal's place on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    pub id: String,
    /// Identifier of the page.
    pub page: Id,
    pub boundary: Rect,
    /// Part of the boundary that shows, relative to it, as for a seal across the edges of several pages.
    pub clip: Option<Rect>,
}

/// A signature as described in Signature.xml.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signature {
    pub id: String,
    pub kind: Kind,
    /// Path of Signature.xml.
    pub path: String,
    /// Path of the list that names it.
    pub list: String,
    pub provider: Provider,
    /// Object identifier or name of the signature algorithm.
    pub method: String,
    /// As written: "2020-04-22 16:22:44", "20201010151120", with `Z` or without.
    pub date_time: String,
    pub check_method: Option<String>,
    pub references: Vec<Reference>,
    pub stamps: Vec<Stamp>,
    /// Path of the seal file.
    pub seal: Option<String>,
    /// Path of the signature value.
    pub value: String,
}

impl Signature {
    /// The parts that make up this signature itself.
    pub(crate) fn own_parts(&self) -> impl Iterator<Item = &str> {
        [&self.path, &self.value].into_iter().chain(&self.seal).map(String::as_str)
    }
}

/// Every signature of every document, or why it cannot be read, with the path of its Signature.xml (or of the list).
///
/// # Errors
/// When OFD.xml cannot be read.
pub fn signatures(package: &Package) -> Result<Vec<(String, Result<Signature>)>> {
    let lists: BTreeSet<String> = bodies(package)?.into_iter().filter_map(|body| body.signatures).collect();
    let mut found = Vec::new();
    for list in lists {
        match entries(package, &list) {
            Ok(entries) => found.extend(entries.into_iter().map(|entry| (entry.path.clone(), read(package, &list, entry)))),
            Err(error) => found.push((list, Err(error))),
        }
    }
    Ok(found)
}

pub(super) struct Entry {
    pub id: String,
    pub kind: Kind,
    pub path: String,
}

pub(super) fn entries(package: &Package, list: &str) -> Result<Vec<Entry>> {
    with_root(package, list, |root| {
        let entry = |element: Element<'_>| {
            let path = element.attribute("BaseLoc").ok_or_else(|| element.fault("签名缺少 BaseLoc".into()))?;
            Ok(Entry {
                id: element.text_attribute("ID"),
                kind: if element.attribute("Type") == Some("Sign") { Kind::Sign } else { Kind::Seal },
                path: package.resolve(list, path).or_else(|_| join(list, path))?,
            })
        };
        root.all("Signature").map(entry).collect()
    })
}

fn read(package: &Package, list: &str, entry: Entry) -> Result<Signature> {
    let path = entry.path;
    with_root(package, &path, |root| {
        let info = root.need("SignedInfo")?;
        let locate = |file: &str| package.resolve(&path, file).or_else(|_| join(&path, file));
        let references = info.need("References")?;
        let provider = info.child("Provider");
        let named = |name| provider.map(|provider| provider.text_attribute(name)).unwrap_or_default();
        Ok(Signature {
            id: entry.id,
            kind: entry.kind,
            path: path.clone(),
            list: list.to_owned(),
            provider: Provider { name: named("ProviderName"), version: named("Version"), company: named("Company") },
            method: info.child_text("SignatureMethod").unwrap_or_default(),
            date_time: info.child_text("SignatureDateTime").unwrap_or_default(),
            check_method: references.attribute("CheckMethod").map(str::to_owned),
            references: references.all("Reference").map(reference).collect::<Result<_>>()?,
            stamps: info.all("StampAnnot").map(stamp).collect::<Result<_>>()?,
            seal: info.child("Seal").and_then(|seal| seal.child_text("BaseLoc")).map(|file| locate(&file)).transpose()?,
            value: locate(&root.need("SignedValue")?.text())?,
        })
    })
}

fn reference(element: Element<'_>) -> Result<Reference> {
    let path = element.attribute("FileRef").ok_or_else(|| element.fault("Reference 缺少 FileRef".into()))?;
    Ok(Reference { path: path.to_owned(), check_value: element.need("CheckValue")?.text() })
}

fn stamp(element: Element<'_>) -> Result<Stamp> {
    let rect = |name| element.attribute(name).map(|text| element.rect(name, text)).transpose();
    let page = element.id("PageRef")?.ok_or_else(|| element.fault("StampAnnot 缺少 PageRef".into()))?;
    let boundary = rect("Boundary")?.ok_or_else(|| Error::Xml { part: element.part.to_owned(), why: "StampAnnot 缺少 Boundary".into() })?;
    Ok(Stamp { id: element.text_attribute("ID"), page, boundary, clip: rect("Clip")? })
}
