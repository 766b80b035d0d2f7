//! Appending a signature to a PDF.

use std::time::SystemTime;

use der::DateTime;
use gm::Signer;
use gm::cms::{self, Form};
use gm::x509::Certificate;
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, StringFormat, dictionary};

use crate::appearance::{self, Place};
use crate::{Error, Result};

/// Room for the bare signature, its attributes and a time stamp (bytes), beside the certificates.
const ROOM: usize = 12 << 10;
/// Stands for the three lengths of ByteRange until they are known; as wide as any of them.
const UNKNOWN: i64 = 9_999_999_999;

/// A signature to be made.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The signer's certificate.
    pub certificate: &'a Certificate,
    /// The certificates above it that go along.
    pub chain: &'a [Certificate],
    /// The time the signer claims.
    pub time: SystemTime,
    /// Who signs, for people to read.
    pub name: &'a str,
    /// Why, for people to read.
    pub reason: &'a str,
    /// Where to show the seal, and its picture (PNG). Without, the signature is not visible.
    pub seal: Option<(Place, &'a [u8])>,
}

/// Gets a time stamp token over some bytes, most often [`gm::tsp::fetch`] with a transport.
pub type Stamp<'a> = &'a dyn Fn(&[u8]) -> gm::Result<Vec<u8>>;

/// Signs `pdf`: everything of it stays as it is and the signature is appended. With `stamp` the level is B-T, without B-B.
///
/// # Errors
/// When the file cannot be read, has no such page or is encrypted, the picture cannot be read, the certificate is of
/// another key, or the key or the time stamp authority fails.
pub fn sign(pdf: &[u8], signing: &Signing<'_>, signer: &dyn Signer, stamp: Option<Stamp<'_>>) -> Result<Vec<u8>> {
    let previous = Document::load_mem(pdf)?;
    if previous.is_encrypted() || previous.was_encrypted() {
        return Err(Error::Encrypted);
    }
    let room = ROOM + signing.certificate.to_der().len() + signing.chain.iter().map(|one| one.to_der().len()).sum::<usize>();
    let mut update = IncrementalDocument::create_from(pdf.to_vec(), previous);
    append(&mut update, signing, room)?;
    let mut bytes = Vec::new();
    update.save_to(&mut bytes)?;

    let hole = fill_in_range(&mut bytes, pdf.len(), room)?;
    let content = [&bytes[..hole.start], &bytes[hole.end..]].concat();
    // PAdES keeps the claimed time in the signature dictionary (EN 319 142-1, 6.3), so the CMS has none.
    let cms = cms::Signing::new(signing.certificate, Form::Cms).chain(signing.chain);
    let signature = match stamp {
        None => cms.sign_detached(&content, signer)?,
        Some(stamp) => cms.sign_digest_stamped(&signer.digest(&content), signer, stamp)?,
    };
    let place = bytes.get_mut(hole.start + 1..hole.end - 1).ok_or(Error::Place)?;
    if signature.len() * 2 > place.len() {
        return Err(Error::Place);
    }
    for (digits, byte) in place.chunks_exact_mut(2).zip(signature) {
        digits.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    Ok(bytes)
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// Adds signature, field and appearance, and tells page and catalog of them.
fn append(update: &mut IncrementalDocument, signing: &Signing<'_>, room: usize) -> Result<()> {
    let number = signing.seal.map_or(1, |(place, _)| place.page);
    let page = *update.get_prev_documents().get_pages().get(&number).ok_or(Error::NoPage(number))?;
    let names = field_names(update.get_prev_documents());
    let name = (1..).map(|n| format!("Signature{n}")).find(|name| !names.contains(name)).ok_or(Error::Place)?;
    let origin = origin(update.get_prev_documents(), page);
    let document = &mut update.new_document;

    let value = document.add_object(dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()],
        "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
        "M" => Object::String(pdf_time(signing.time)?.into_bytes(), StringFormat::Literal),
        "Name" => text(signing.name),
        "Reason" => text(signing.reason),
    });
    let mut field = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal(name),
        "V" => value,
        "P" => page,
        "F" => 132, // printed, and not to be moved
    };
    match signing.seal {
        Some((place, png)) => {
            let form = appearance::form(document, &place, png)?;
            field.set("Rect", place.rectangle(origin));
            field.set("AP", dictionary! { "N" => form });
        }
        None => field.set("Rect", vec![0.into(); 4]),
    }
    let field = document.add_object(field);
    push(update, page, b"Annots", field)?;
    let catalog = update.get_prev_documents().trailer.get(b"Root")?.as_reference()?;
    let form = match child(update, catalog, b"AcroForm")? {
        Some(form) => form,
        None => {
            let form = update.new_document.add_object(dictionary! { "Fields" => Vec::<Object>::new() });
            update.new_document.get_dictionary_mut(catalog)?.set("AcroForm", form);
            form
        }
    };
    push(update, form, b"Fields", field)?;
    // Signatures exist, and the file may only be appended to.
    update.new_document.get_dictionary_mut(form)?.set("SigFlags", 3);
    Ok(())
}

/// Appends a reference to the list under `key` of a dictionary, wherever that list lies.
fn push(update: &mut IncrementalDocument, owner: ObjectId, key: &[u8], item: ObjectId) -> Result<()> {
    update.opt_clone_object_to_new_document(owner)?;
    let list = update.new_document.get_dictionary(owner)?.get(key).ok().cloned();
    if let Some(Object::Reference(list)) = list {
        update.opt_clone_object_to_new_document(list)?;
        update.new_document.get_object_mut(list)?.as_array_mut()?.push(item.into());
        return Ok(());
    }
    let mut list = match list {
        Some(list) => list.as_array()?.clone(),
        None => Vec::new(),
    };
    list.push(item.into());
    update.new_document.get_dictionary_mut(owner)?.set(key, list);
    Ok(())
}

/// The dictionary under `key` as an object of its own, in the update.
fn child(update: &mut IncrementalDocument, owner: ObjectId, key: &[u8]) -> Result<Option<ObjectId>> {
    update.opt_clone_object_to_new_document(owner)?;
    match update.new_document.get_dictionary(owner)?.get(key).ok().cloned() {
        Some(Object::Reference(id)) => {
            update.opt_clone_object_to_new_document(id)?;
            Ok(Some(id))
        }
        Some(Object::Dictionary(inline)) => {
            let id = update.new_document.add_object(inline);
            update.new_document.get_dictionary_mut(owner)?.set(key, id);
            Ok(Some(id))
        }
        _ => Ok(None),
    }
}

/// Names of the form fields there are.
fn field_names(document: &Document) -> Vec<String> {
    crate::verify::fields(document).iter().filter_map(|field| field.get(b"T").ok()?.as_str().ok()).map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

/// Lower left corner of a page, which need not be (0, 0).
fn origin(document: &Document, page: ObjectId) -> (f32, f32) {
    let mut node: Option<&Dictionary> = document.get_dictionary(page).ok();
    for _ in 0..32 {
        let Some(dictionary) = node else { break };
        if let Ok((_, Object::Array(numbers))) = dictionary.get(b"MediaBox").and_then(|found| document.dereference(found)) {
            let number = |index: usize| numbers.get(index).and_then(|number| number.as_float().ok()).unwrap_or(0.0);
            return (number(0), number(1));
        }
        node = dictionary.get(b"Parent").and_then(Object::as_reference).and_then(|parent| document.get_dictionary(parent)).ok();
    }
    (0.0, 0.0)
}

/// Finds the hole for the signature in what was appended after `from`, and writes into ByteRange what lies around it.
fn fill_in_range(bytes: &mut [u8], from: usize, room: usize) -> Result<std::ops::Range<usize>> {
    let zeros = [b"<".as_slice(), "0".repeat(room * 2).as_bytes(), b">"].concat();
    let start = find(bytes, from, &zeros)?;
    let hole = start..start + zeros.len();
    let marker = UNKNOWN.to_string();
    for value in [hole.start, hole.end, bytes.len() - hole.end] {
        let place = find(bytes, from, marker.as_bytes())?;
        let text = format!("{value:<width$}", width = marker.len());
        bytes.get_mut(place..place + marker.len()).filter(|_| text.len() == marker.len()).ok_or(Error::Place)?.copy_from_slice(text.as_bytes());
    }
    Ok(hole)
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Result<usize> {
    let tail = bytes.get(from..).ok_or(Error::Place)?;
    tail.windows(wanted.len()).position(|window| window == wanted).map(|place| from + place).ok_or(Error::Place)
}

/// A text for people: UTF-16 with its mark, which every reader understands.
fn text(text: &str) -> Object {
    let bytes = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn pdf_time(time: SystemTime) -> Result<String> {
    let time = DateTime::from_system_time(time).map_err(gm::Error::der("time"))?;
    Ok(format!("D:{:04}{:02}{:02}{:02}{:02}{:02}Z", time.year(), time.month(), time.day(), time.hour(), time.minutes(), time.seconds()))
}
