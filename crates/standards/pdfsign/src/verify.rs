//! Finding and verifying the signatures of a PDF.

use std::time::SystemTime;

use gm::cms::SignedData;
use gm::tsp::Token;
use gm::x509::Certificate;
use gm::{Algorithms, Error as Bad};
use lopdf::{Dictionary, Document, LoadOptions, Object};

use crate::Result;

/// Most form fields looked at.
const MAX_FIELDS: usize = 10_000;
/// Most bytes one compressed object of the file may become.
const MAX_UNPACKED: usize = 64 << 20;

/// One signature of a file.
#[derive(Debug)]
pub struct Found {
    /// Name of its form field.
    pub field: String,
    /// Whether it is over every byte of the file but itself. If not, something was appended later.
    pub covers_whole_file: bool,
    /// The certificate the signature fits, or why it does not. Whether to trust it: [`gm::x509::verify_chain`].
    pub signer: gm::Result<Certificate>,
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
    /// Time and certificate of the time stamp, or why it is no good; none when there is none.
    pub time_stamp: Option<gm::Result<(SystemTime, Certificate)>>,
}

/// Finds every signature of a file in the order of its form and verifies each over the bytes it names.
///
/// # Errors
/// When the file is no PDF that can be read.
pub fn verify(pdf: &[u8], algorithms: &dyn Algorithms) -> Result<Vec<Found>> {
    let document = Document::load_mem_with_options(pdf, LoadOptions::with_max_decompressed_size(MAX_UNPACKED))?;
    let signed = fields(&document).into_iter().filter_map(|field| Some((field, signature_of(&document, field)?)));
    Ok(signed.map(|(field, value)| one(pdf, field, value, algorithms)).collect())
}

/// The signature in a field, if somebody signed it.
fn signature_of<'a>(document: &'a Document, field: &'a Dictionary) -> Option<&'a Dictionary> {
    let value = document.dereference(field.get(b"V").ok()?).ok()?.1.as_dict().ok()?;
    value.has(b"ByteRange").then_some(value)
}

fn one(pdf: &[u8], field: &Dictionary, value: &Dictionary, algorithms: &dyn Algorithms) -> Found {
    let mut found = Found {
        field: field.get(b"T").and_then(Object::as_str).map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default(),
        covers_whole_file: false,
        signer: Err(Bad::BadSignature),
        certificates: Vec::new(),
        time_stamp: None,
    };
    found.signer = check(pdf, value, algorithms, &mut found.covers_whole_file, &mut found.certificates, &mut found.time_stamp);
    found
}

type TimeStamp = Option<gm::Result<(SystemTime, Certificate)>>;

fn check(pdf: &[u8], value: &Dictionary, algorithms: &dyn Algorithms, whole: &mut bool, certificates: &mut Vec<Certificate>, time_stamp: &mut TimeStamp) -> gm::Result<Certificate> {
    let rule = |rule| Bad::Rule { what: "PDF signature", rule };
    let range = byte_range(value).ok_or_else(|| rule("ByteRange is not four numbers"))?;
    let [0, before, after, rest] = range else { return Err(rule("ByteRange does not begin at the beginning")) };
    let end = after.checked_add(rest).filter(|end| *end <= pdf.len() && before < after).ok_or_else(|| rule("ByteRange is not within the file"))?;
    // What ByteRange leaves out must be the signature and nothing else, or content could hide there.
    let bytes = hex_string(&pdf[before..after]).ok_or_else(|| rule("ByteRange leaves out more than the signature"))?;
    let contents = value.get(b"Contents").and_then(Object::as_str).map_err(|_| rule("there is no signature in it"))?;
    if bytes != contents {
        return Err(rule("ByteRange leaves out something else than the signature"));
    }
    *whole = end == pdf.len();
    let signed = SignedData::from_der(without_padding(&bytes).ok_or_else(|| rule("there is no signature in it"))?)?;
    certificates.clone_from(&signed.certificates);
    if signed.content.is_some() {
        return Err(rule("the signature brings its own content"));
    }
    let content = [&pdf[..before], &pdf[after..end]].concat();
    let signers = signed.verify(Some(&content), algorithms)?;
    let [signer] = <[_; 1]>::try_from(signers).map_err(|_| rule("it has more than one signer"))?;
    *time_stamp = signer.time_stamp.map(|token| {
        let stamp = Token::from_der(&token)?.verify(&signer.signature, algorithms)?;
        Ok((stamp.time, stamp.certificate))
    });
    Ok(signer.certificate)
}

fn byte_range(value: &Dictionary) -> Option<[usize; 4]> {
    let list = value.get(b"ByteRange").ok()?.as_array().ok()?;
    let numbers = list.iter().map(|number| usize::try_from(number.as_i64().ok()?).ok()).collect::<Option<Vec<_>>>()?;
    numbers.try_into().ok()
}

/// `<…>` as bytes, if it is that and nothing else.
fn hex_string(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"<")?.strip_suffix(b">")?;
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(value(high)? << 4 | value(low)?),
        _ => None,
    }).collect()
}

/// The DER element at the beginning of bytes that are filled up with zeros.
fn without_padding(bytes: &[u8]) -> Option<&[u8]> {
    use der::{Decode, Reader};
    let mut reader = der::SliceReader::new(bytes).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    let length = usize::try_from(reader.position()).ok()?.checked_add(usize::try_from(header.length()).ok()?)?;
    let (element, padding) = bytes.split_at_checked(length)?;
    padding.iter().all(|byte| *byte == 0).then_some(element)
}

/// Every form field, parents before children.
pub(crate) fn fields(document: &Document) -> Vec<&Dictionary> {
    let roots = || -> Option<&Vec<Object>> {
        let form = document.dereference(document.catalog().ok()?.get(b"AcroForm").ok()?).ok()?.1.as_dict().ok()?;
        document.dereference(form.get(b"Fields").ok()?).ok()?.1.as_array().ok()
    };
    let mut waiting: Vec<&Object> = roots().into_iter().flatten().rev().collect();
    let mut found = Vec::new();
    while let Some(next) = waiting.pop() {
        if found.len() == MAX_FIELDS {
            break; // a circle, or a heap of fields nobody could sign
        }
        let Some(field) = document.dereference(next).ok().and_then(|(_, object)| object.as_dict().ok()) else { continue };
        found.push(field);
        if let Some(Ok((_, Object::Array(kids)))) = field.get(b"Kids").ok().map(|kids| document.dereference(kids)) {
            waiting.extend(kids.iter().rev().take(MAX_FIELDS));
        }
    }
    found
}
