//! Appending a signature or seal (18.1): what is in the file stays as it is, byte for byte; only the list of signatures
//! grows, and OFD.xml learns of the list when there was none.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    Error, Limits, Package, Result,
    package::{join, repack},
    read::{bodies, with_root},
    write::Xml,
    xml,
};

use super::{
    digest::Digest,
    list::{Kind, Provider, Signature, Stamp, entries, signatures},
};

const ENTRY: &str = "/OFD.xml";

/// What is added.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A digital signature that shows nothing.
    Sign,
    /// A seal: the seal file (SESeal) and where it shows.
    Seal { file: Vec<u8>, stamps: Vec<Stamp> },
}

/// A signature to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Index of the document, usually 0.
    pub document: usize,
    pub purpose: Purpose,
    pub provider: Provider,
    /// Object identifier of the signature algorithm, e.g. SM2-with-SM3 `1.2.156.10197.1.501`.
    pub method: String,
    /// Local time, `2026-03-02 10:05:00`.
    pub date_time: String,
    /// Digest of the protected parts.
    pub digest: Digest,
    /// Protects the list of signatures too: no other signature can follow.
    pub lock: bool,
}

/// What is to be signed: hash `content`; a seal signature also records `path`.
#[derive(Debug, Clone, Copy)]
pub struct ToSign<'a> {
    /// The bytes of Signature.xml.
    pub content: &'a [u8],
    /// Its absolute path (propertyInfo of GB/T 38540).
    pub path: &'a str,
}

/// Adds a signature to a file: `sign` makes the content of SignedValue.dat.
///
/// # Errors
/// [`Error::Locked`] when an earlier signature protects the list of signatures, or protects OFD.xml while the list has yet
/// to be named there; [`Error::Signer`] when `sign` refuses; whatever is wrong with the file.
pub fn append(bytes: &[u8], draft: &Draft, sign: impl FnOnce(ToSign<'_>) -> std::result::Result<Vec<u8>, String>) -> Result<Vec<u8>> {
    let package = Package::open(bytes, Limits::default())?;
    let body = bodies(&package)?.into_iter().nth(draft.document).ok_or(Error::NoPage(draft.document + 1))?;
    let earlier: Vec<Signature> = signatures(&package)?.into_iter().map(|(_, signature)| signature).collect::<Result<_>>()?;
    let protects = |path: &str| {
        let by = earlier.iter().find(|signature| signature.references.iter().any(|reference| package.find(&reference.path) == Some(path)));
        by.map(|signature| Error::Locked(format!("{path} 受签名 {} 保护", signature.id)))
    };

    let mut changes: Vec<(String, Vec<u8>)> = Vec::new();
    let list = match body.signatures {
        Some(list) => list,
        None => {
            let list = join(&body.root, "Signs/Signatures.xml")?;
            if let Some(locked) = protects(ENTRY) {
                return Err(locked);
            }
            changes.push((ENTRY.into(), name_list(&package, draft.document, &list)?.into_bytes()));
            list
        }
    };
    if let Some(locked) = protects(&list) {
        return Err(locked);
    }

    let present = package.find(&list).is_some();
    let known = if present { entries(&package, &list)? } else { Vec::new() };
    let id = next_id(known.iter().map(|entry| entry.id.as_str()));
    let folder = free_folder(&package, &list)?;
    let path = join(&list, &format!("{folder}/Signature.xml"))?;
    let value = join(&list, &format!("{folder}/SignedValue.dat"))?;
    let seal = join(&list, &format!("{folder}/Seal.esl"))?;
    let kind = draft.purpose.kind().name();
    let listed = if present { add_to_list(&package, &list, &id, kind, &path)? } else { new_list(&id, kind, &path) };
    changes.push((list.clone(), listed.into_bytes()));
    if let Purpose::Seal { file, .. } = &draft.purpose {
        changes.push((seal.clone(), file.clone()));
    }

    // Everything there is now is protected, earlier signatures included; the list only by a locking signature.
    let mut references = Vec::new();
    let names = package.names().map(str::to_owned).chain(changes.iter().map(|(name, _)| name.clone()).filter(|name| package.find(name).is_none()));
    for name in names.filter(|name| draft.lock || *name != list) {
        let changed = changes.iter().find(|(changed, _)| *changed == name).map(|(_, content)| content.as_slice());
        let content = changed.map_or_else(|| package.bytes(&name), Ok)?;
        references.push((name, STANDARD.encode(draft.digest.of(content))));
    }
    let seal_path = matches!(draft.purpose, Purpose::Seal { .. }).then_some(seal.as_str());
    let content = describe(draft, &references, seal_path, &value);
    let signed = sign(ToSign { content: &content, path: &path }).map_err(Error::Signer)?;
    changes.push((path, content));
    changes.push((value, signed));
    repack(bytes, &changes)
}

/// Signature.xml.
fn describe(draft: &Draft, references: &[(String, String)], seal: Option<&str>, value: &str) -> Vec<u8> {
    let mut xml = Xml::root("Signature");
    xml.open("SignedInfo", &[]);
    let provider = &draft.provider;
    xml.empty("Provider", &[("ProviderName", &provider.name), ("Version", &provider.version), ("Company", &provider.company)]);
    xml.text("SignatureMethod", &[], &draft.method);
    xml.text("SignatureDateTime", &[], &draft.date_time);
    xml.open("References", &[("CheckMethod", draft.digest.name())]);
    for (path, check) in references {
        xml.open("Reference", &[("FileRef", path)]);
        xml.text("CheckValue", &[], check);
        xml.close();
    }
    xml.close();
    if let Purpose::Seal { stamps, .. } = &draft.purpose {
        for stamp in stamps {
            let (page, boundary) = (stamp.page.to_string(), Xml::rect(&stamp.boundary));
            let clip = stamp.clip.as_ref().map(Xml::rect);
            let mut attributes = vec![("ID", stamp.id.as_str()), ("PageRef", &page), ("Boundary", &boundary)];
            attributes.extend(clip.as_deref().map(|clip| ("Clip", clip)));
            xml.empty("StampAnnot", &attributes);
        }
    }
    if let Some(seal) = seal {
        xml.open("Seal", &[]);
        xml.text("BaseLoc", &[], seal);
        xml.close();
    }
    xml.close();
    xml.text("SignedValue", &[], value);
    xml.finish()
}

fn new_list(id: &str, kind: &str, path: &str) -> String {
    let mut xml = Xml::root("Signatures");
    xml.text("MaxSignId", &[], id);
    xml.empty("Signature", &[("ID", id), ("Type", kind), ("BaseLoc", path)]);
    String::from_utf8_lossy(&xml.finish()).into_owned()
}

/// The list with one more entry and the new MaxSignId; nothing else of its text changes.
fn add_to_list(package: &Package, list: &str, id: &str, kind: &str, path: &str) -> Result<String> {
    let text = xml::text(package, list)?;
    with_root(package, list, |root| {
        let prefix = prefix(text, root.node.range().start);
        let entry = format!("<{prefix}Signature ID=\"{id}\" Type=\"{kind}\" BaseLoc=\"{path}\"/>");
        let mut edits = Vec::new();
        if let Some(max) = root.child("MaxSignId") {
            edits.push((max.node.range(), format!("<{prefix}MaxSignId>{id}</{prefix}MaxSignId>")));
        }
        let last = root.all("Signature").last().ok_or_else(|| root.fault("签名列表是空的".into()))?;
        edits.push((last.node.range().end..last.node.range().end, entry));
        Ok(edit(text, edits))
    })
}

/// OFD.xml with `<Signatures>` after the DocRoot (or the versions) of one document.
fn name_list(package: &Package, document: usize, list: &str) -> Result<String> {
    let text = xml::text(package, ENTRY)?;
    with_root(package, ENTRY, |root| {
        let body = root.all("DocBody").nth(document).ok_or(Error::NoPage(document + 1))?;
        let before = body.child("Versions").map_or_else(|| body.need("DocRoot"), Ok)?;
        let prefix = prefix(text, body.node.range().start);
        let end = before.node.range().end;
        Ok(edit(text, vec![(end..end, format!("<{prefix}Signatures>{list}</{prefix}Signatures>"))]))
    })
}

/// The namespace prefix of the element that starts at `at`, with its colon.
fn prefix(text: &str, at: usize) -> &str {
    let name = text.get(at + 1..).unwrap_or_default();
    let name = &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len())];
    name.find(':').map_or("", |colon| &name[..=colon])
}

fn edit(text: &str, mut edits: Vec<(std::ops::Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    text
}

/// One above the highest number, written as the last entry is: `s003` after `s002`, `3` after `2`; `s001` at first.
fn next_id<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap_or(0);
    let known: Vec<&str> = known.collect();
    let next = known.iter().map(|id| number(id)).max().unwrap_or(0).saturating_add(1);
    match known.last() {
        Some(id) if id.starts_with(|c: char| c.is_ascii_digit()) => next.to_string(),
        _ => format!("s{next:03}"),
    }
}

/// The first folder `Sign_n` beside the list in which nothing lies.
fn free_folder(package: &Package, list: &str) -> Result<String> {
    let names: Vec<String> = package.names().map(str::to_lowercase).collect();
    let mut number = 0usize;
    loop {
        let folder = format!("Sign_{number}");
        let place = join(list, &format!("{folder}/"))?.to_lowercase() + "/";
        if !names.iter().any(|name| name.starts_with(&place)) {
            return Ok(folder);
        }
        number += 1;
    }
}

impl Default for Draft {
    /// A digital signature with SM2 and SM3 over the first document.
    fn default() -> Self {
        Self {
            document: 0,
            purpose: Purpose::Sign,
            provider: Provider { name: "ofd".into(), version: env!("CARGO_PKG_VERSION").into(), company: String::new() },
            method: "1.2.156.10197.1.501".into(),
            date_time: String::new(),
            digest: Digest::Sm3,
            lock: false,
        }
    }
}

impl Purpose {
    /// The kind it is listed as.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if matches!(self, Self::Sign) { Kind::Sign } else { Kind::Seal }
    }
}
