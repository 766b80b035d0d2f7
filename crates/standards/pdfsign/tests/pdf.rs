//! Signed PDFs: every algorithm, a seal's picture, several signatures, tampering, and what poppler's `pdfsig` says.

use std::process::Command;
use std::time::{Duration, SystemTime};

use gm::PrivateKey;
use gm::Signer;
use gm::tsp::{self, DEMO_POLICY};
use gm::x509::{Certificate, Role, Template};
use lopdf::{Document, Object, Stream, dictionary};
use p256::pkcs8::EncodePrivateKey;
use pdfsign::{EcdsaKey, International, Place, RsaKey, Signing, sign, verify};
use proptest::prelude::*;

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200)
}

/// A page of A4 with nothing but a line of text.
fn pdf() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let content = document.add_object(Stream::new(dictionary! {}, b"BT /F 12 Tf 72 720 Td (Decision 1) Tj ET".to_vec()));
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => pages,
        "Contents" => content,
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A red disc on nothing.
fn seal() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Rgba);
    let pixels: Vec<u8> = (0..64 * 64_i32).flat_map(|n| if (n % 64 - 32).pow(2) + (n / 64 - 32).pow(2) < 900 { [220, 0, 0, 255] } else { [0; 4] }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

fn certificate(key: &dyn Signer, role: Role) -> Certificate {
    let day = Duration::from_secs(86_400);
    Template { subject: "CN=示例市行政审批局,O=示例市,C=CN".into(), role, valid_from: noon() - day * 9, valid_until: noon() + day * 900 }.root(key).unwrap()
}

fn sm2() -> PrivateKey {
    PrivateKey::from_bytes(&[3; 32]).unwrap()
}

fn ecdsa() -> EcdsaKey {
    EcdsaKey::from_pem(&p256::SecretKey::from_slice(&[5; 32]).unwrap().to_pkcs8_pem(Default::default()).unwrap()).unwrap()
}

const PLACE: Place = Place { page: 1, left_mm: 120.0, bottom_mm: 40.0, width_mm: 42.0, height_mm: 42.0 };

fn signing(certificate: &Certificate) -> Signing<'_> {
    Signing { certificate, chain: &[], time: noon(), name: "示例市行政审批局", reason: "签发决定", seal: None }
}

#[test]
fn sm2_and_ecdsa_with_a_seal_and_a_time_stamp() {
    let (stamper, picture) = (sm2(), seal());
    let stamping = certificate(&stamper, Role::TimeStamping);
    let authority = tsp::Authority { certificate: &stamping, chain: &[], signer: &stamper, policy: DEMO_POLICY };
    let stamp = |value: &[u8]| tsp::fetch(value, |request| authority.answer(request, noon()));
    for key in [&sm2() as &dyn Signer, &ecdsa()] {
        let certificate = certificate(key, Role::Signer);
        let signing = Signing { seal: Some((PLACE, &picture)), ..signing(&certificate) };
        let signed = sign(&pdf(), &signing, key, Some(&stamp)).unwrap();
        assert!(signed.starts_with(&pdf()), "what was there stays");
        let found = verify(&signed, &International).unwrap();
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert!(one.covers_whole_file);
        assert_eq!((one.field.as_str(), one.signer.as_ref().unwrap()), ("Signature1", &certificate));
        let (time, by) = one.time_stamp.as_ref().unwrap().as_ref().unwrap();
        assert_eq!((*time, by), (noon(), &stamping));
        let document = Document::load_mem(&signed).unwrap();
        let page = document.get_pages()[&1];
        assert_eq!(document.get_page_annotations(page).unwrap().len(), 1);
        assert!(document.extract_text(&[1]).unwrap().contains("Decision 1"));
    }
}

#[test]
fn a_second_signature_leaves_the_first_right() {
    let (first, second) = (sm2(), ecdsa());
    let certificates = [certificate(&first, Role::Signer), certificate(&second, Role::Signer)];
    let once = sign(&pdf(), &signing(&certificates[0]), &first, None).unwrap();
    let twice = sign(&once, &signing(&certificates[1]), &second, None).unwrap();
    let found = verify(&twice, &International).unwrap();
    let seen: Vec<_> = found.iter().map(|one| (one.field.as_str(), one.signer.as_ref().unwrap(), one.covers_whole_file)).collect();
    assert_eq!(seen, [("Signature1", &certificates[0], false), ("Signature2", &certificates[1], true)]);
}

#[test]
fn no_changed_byte_passes() {
    let key = sm2();
    let certificate = certificate(&key, Role::Signer);
    let signed = sign(&pdf(), &signing(&certificate), &key, None).unwrap();
    let start = signed.windows(11).rposition(|window| window == b"/Contents <" || window == b"/Contents<3").unwrap();
    let hole = start..start + signed[start..].iter().position(|byte| *byte == b'>').unwrap();
    for place in (0..signed.len()).step_by(13) {
        let mut changed = signed.clone();
        changed[place] ^= 1;
        let found = verify(&changed, &International).unwrap_or_default();
        let right = found.iter().filter_map(|one| one.signer.as_ref().ok());
        // Inside of the signature some hints are signed by nobody; they may not change who signed.
        assert!(right.into_iter().all(|by| hole.contains(&place) && *by == certificate), "byte {place} changed unseen");
    }
    let cut = &signed[..signed.len() - 20];
    assert!(!verify(cut, &International).is_ok_and(|found| found.iter().any(|one| one.signer.is_ok())));
    let appended = [&signed[..], b"% later\n"].concat();
    assert!(verify(&appended, &International).is_ok_and(|found| found.iter().all(|one| !one.covers_whole_file)));
}

#[test]
fn what_cannot_be_signed_is_said() {
    let key = sm2();
    let certificate = certificate(&key, Role::Signer);
    assert!(matches!(sign(b"nothing", &signing(&certificate), &key, None), Err(pdfsign::Error::Pdf(_))));
    let elsewhere = Place { page: 2, ..PLACE };
    let picture = seal();
    let far = Signing { seal: Some((elsewhere, &picture)), ..signing(&certificate) };
    assert!(matches!(sign(&pdf(), &far, &key, None), Err(pdfsign::Error::NoPage(2))));
    let blurred = Signing { seal: Some((PLACE, b"no picture")), ..signing(&certificate) };
    assert!(matches!(sign(&pdf(), &blurred, &key, None), Err(pdfsign::Error::Picture(_))));
    assert!(matches!(sign(&pdf(), &signing(&certificate), &ecdsa(), None), Err(pdfsign::Error::Gm(_))), "another's key");
}

#[test]
fn poppler_agrees() {
    if Command::new("pdfsig").arg("-v").output().is_err() {
        return println!("skipped: pdfsig is not here");
    }
    let folder = tempfile::tempdir().unwrap();
    let picture = seal();
    let rsa = folder.path().join("rsa.pem");
    let made = Command::new("openssl").args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"]).arg(&rsa).output();
    let mut keys: Vec<Box<dyn Signer>> = vec![Box::new(ecdsa())];
    match made {
        Ok(output) if output.status.success() => keys.push(Box::new(RsaKey::from_pem(&std::fs::read_to_string(&rsa).unwrap()).unwrap())),
        _ => println!("skipped: openssl is not here, so no RSA"),
    }
    for key in &keys {
        let certificate = certificate(key.as_ref(), Role::Signer);
        let signing = Signing { seal: Some((PLACE, &picture)), ..signing(&certificate) };
        let signed = sign(&pdf(), &signing, key.as_ref(), None).unwrap();
        assert!(verify(&signed, &International).unwrap()[0].signer.is_ok());
        let path = folder.path().join("signed.pdf");
        std::fs::write(&path, &signed).unwrap();
        let said = |path: &std::path::Path| {
            let output = Command::new("pdfsig").arg("-nocert").arg(path).output().unwrap();
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let text = said(&path);
        assert!(text.contains("Signature is Valid.") && text.contains("Total document signed") && text.contains("ETSI.CAdES.detached"), "{text}");
        let mut changed = signed;
        let place = changed.windows(10).position(|window| window == b"Decision 1").unwrap();
        changed[place + 9] = b'2';
        std::fs::write(&path, changed).unwrap();
        assert!(!said(&path).contains("Signature is Valid."));
        match Command::new("qpdf").arg("--check").arg(&path).output() {
            Ok(output) => assert!(output.status.success(), "{output:?}"),
            Err(_) => println!("skipped: qpdf is not here"),
        }
    }
}

/// PyPI pyHanko, where `PEERS_PYTHON` (or `python3`) has it: intact, trusted by our root, and not after a change.
#[test]
fn pyhanko_agrees() {
    let script = "
import sys
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
import datetime
trust = ValidationContext(trust_roots=[load_cert_from_pemder(sys.argv[1])], moment=datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.timezone.utc), allow_fetching=False)
with open(sys.argv[2], 'rb') as file:
    for one in PdfFileReader(file).embedded_signatures:
        status = validate_pdf_signature(one, trust)
        print(one.field_name, status.intact, status.valid, status.trusted, status.coverage.name)
";
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
    let folder = tempfile::tempdir().unwrap();
    let key = ecdsa();
    let certificate = certificate(&key, Role::Signer);
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("trust.pem"), certificate.to_pem().unwrap()).unwrap();
    let picture = seal();
    let signed = sign(&pdf(), &Signing { seal: Some((PLACE, &picture)), ..signing(&certificate) }, &key, None).unwrap();
    let said = |bytes: &[u8]| {
        std::fs::write(path("signed.pdf"), bytes).unwrap();
        let output = match Command::new(&python).args(["-c", script]).arg(path("trust.pem")).arg(path("signed.pdf")).output() {
            Ok(output) => output,
            Err(_) => {
                println!("skipped: no python3");
                return None;
            }
        };
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        if errors.contains("No module named") {
            println!("skipped: PyPI pyHanko is not installed");
            return None;
        }
        assert!(output.status.success(), "{errors}");
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(right) = said(&signed) else { return };
    assert_eq!(right.trim(), "Signature1 True True True ENTIRE_FILE");
    let mut changed = signed;
    let place = changed.windows(10).position(|window| window == b"Decision 1").unwrap();
    changed[place + 9] = b'2';
    assert!(said(&changed).unwrap().starts_with("Signature1 False"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damaged_file_makes_it_panic(place in any::<proptest::sample::Index>(), value in any::<u8>(), cut in any::<bool>()) {
        let key = sm2();
        let certificate = certificate(&key, Role::Signer);
        let mut bytes = sign(&pdf(), &signing(&certificate), &key, None).unwrap();
        let place = place.index(bytes.len());
        if cut { bytes.truncate(place) } else { bytes[place] = value }
        let _ = verify(&bytes, &International);
        let _ = sign(&bytes, &signing(&certificate), &key, None);
    }
}
