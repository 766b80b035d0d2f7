//! Files of other producers: read, text, signatures.

mod common;

use common::{SAMPLES, entries, sample, stored, zip_owned};
use ofd::{
    Limits, Ofd, Package,
    sign::{self, Check, DigestsOnly, Outcome, SignatureVerifier, Signed, State, Subject},
};

#[test]
fn reads_every_sample() {
    for name in SAMPLES {
        let Some(bytes) = sample(name) else { continue };
        let ofd = Ofd::read(&bytes).unwrap();
        assert_eq!(ofd.documents.len(), 1, "{name}");
        assert_eq!(ofd.documents[0].warnings, Vec::<String>::new(), "{name}");
        let page = ofd.page(&ofd.documents[0], 0).unwrap();
        assert!(!page.layers.is_empty(), "{name}");
    }
}

#[test]
fn extracts_text() {
    for name in ["helloworld.ofd", "DigitalSign.ofd", "SESV4SignDoc.ofd"] {
        let Some(bytes) = sample(name) else { continue };
        let ofd = Ofd::read(&bytes).unwrap();
        assert_eq!(ofd.page_text(1).unwrap(), "你好呀，OFD Reader&Writer！");
        let lines = ofd.lines(1).unwrap();
        assert_eq!((lines[0].spans[0].x, lines[0].spans[0].y), (31.7, 28.4));
        assert!(ofd.page_text(2).is_err() && ofd.page_text(0).is_err());
    }
}

#[test]
fn reads_an_invoice_in_order() {
    let Some(bytes) = sample("v4signed.ofd") else { return };
    let ofd = Ofd::read(&bytes).unwrap();
    let document = &ofd.documents[0];
    assert_eq!(document.info.custom.len(), 10);
    assert_eq!(document.info.custom[2], ("发票号码".into(), "99999951".into()));
    // The template is spelt TPLS in Document.xml and Tpls in the archive.
    assert_eq!(document.templates[&2].path, "/Doc_0/Tpls/Tpl_0/Content.xml");
    assert_eq!(document.attachments[0].name, "original_invoice");
    assert_eq!(document.resources.media[&106].path, "/Doc_0/Res/qr.png");

    let text = ofd.page_text(1).unwrap();
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in\n{text}"));
    let order = ["重庆增值税电子普通发票", "科游迈利有限公司", "项目名称", "价税合计（大写）", "叁佰壹拾捌圆整", "杭州融易算企业管理咨询有限公司", "收款人：", "开票人："];
    for pair in order.windows(2) {
        assert!(place(pair[0]) < place(pair[1]), "{pair:?} in\n{text}");
    }
    // Characters come from the template, the value from the page; both stand on one line.
    let line = text.lines().find(|line| line.contains("发票号码：")).unwrap();
    assert!(line.contains("99999951"), "{line}");
    // The cipher block jumps back to the left by DeltaX and is four lines.
    assert!(text.lines().any(|line| line.contains("00664<120+*+2-984159/29<+>17")), "{text}");
}

#[test]
fn digests_of_every_sample_hold() {
    for (name, references, kind) in [("DigitalSign.ofd", 4, sign::Kind::Sign), ("SESV4SignDoc.ofd", 5, sign::Kind::Seal), ("v4signed.ofd", 13, sign::Kind::Seal)] {
        let Some(bytes) = sample(name) else { continue };
        let report = sign::verify(&bytes, Limits::default(), &Peer).unwrap();
        let [signature] = &report.signatures[..] else { panic!("{name}") };
        assert_eq!(signature.checks.iter().filter(|check| check.subject == Subject::Part).count(), references, "{name}");
        assert_eq!(signature.signature.as_ref().unwrap().kind, kind);
        assert!(!signature.locking);
        assert_eq!(report.state(), Some(if name == "DigitalSign.ofd" { State::Unproven } else { State::Valid }), "{name}: {:#?}", signature.checks);
        // Without a verifier of signature values nothing is called valid.
        assert_eq!(sign::verify(&bytes, Limits::default(), &DigestsOnly).unwrap().state(), Some(State::Unproven));
    }
    let Some(bytes) = sample("helloworld.ofd") else { return };
    assert_eq!(sign::verify(&bytes, Limits::default(), &Peer).unwrap().state(), None);
}

#[test]
fn every_tampered_part_is_named() {
    for name in ["DigitalSign.ofd", "SESV4SignDoc.ofd", "v4signed.ofd"] {
        let Some(bytes) = sample(name) else { continue };
        let parts = entries(&bytes);
        for (index, (part, content)) in parts.iter().enumerate() {
            let path = format!("/{part}");
            // The list is protected only by a locking signature, the value is the verifier's, and so is what a bare
            // signature signs.
            let bare = name == "DigitalSign.ofd" && path.ends_with("Signature.xml");
            if path.ends_with("Signatures.xml") || path.ends_with("SignedValue.dat") || bare {
                continue;
            }
            // Every third byte of small parts, some of large ones.
            for at in (0..content.len()).step_by(if content.len() > 2000 { 211 } else { 3 }) {
                let mut parts = parts.clone();
                parts[index].1[at] ^= 0x01;
                let Ok(report) = sign::verify(&stored(&parts), Limits::default(), &Peer) else {
                    assert_eq!(path, "/OFD.xml", "only OFD.xml is needed to find the signatures ({name}, byte {at})");
                    continue;
                };
                if report.signatures.is_empty() {
                    // The element that names the list is gone: there is nothing left to verify, which a reader sees as "unsigned".
                    assert_eq!(path, "/OFD.xml");
                    continue;
                }
                assert_eq!(report.state(), Some(State::Invalid), "{name}: byte {at} of {path}");
                // In OFD.xml the byte may lead to a list of signatures that is not there, which is then what is named.
                let misled = path == "/OFD.xml" && report.signatures.iter().all(|signature| signature.signature.is_none());
                // Likewise in Signature.xml: the signature value that is not there.
                let lost = path.ends_with("Signature.xml") && report.signatures[0].failures().any(|check| check.subject == Subject::Value);
                assert!(misled || lost || report.tampered().contains(&path.as_str()), "{name}: byte {at} of {path}: {:?}", report.tampered());
            }
        }
    }
}

#[test]
fn a_flipped_byte_of_the_archive_is_found_or_harmless() {
    let Some(bytes) = sample("DigitalSign.ofd") else { return };
    let mut whole = entries(&bytes);
    whole.retain(|(name, _)| !name.contains("/Signs/")); // what the verifier of signature values would see
    for at in 0..bytes.len() {
        let mut broken = bytes.clone();
        broken[at] ^= 0x10;
        let Ok(package) = Package::open(&broken, Limits::default()) else { continue };
        let Ok(report) = sign::verify_package(&package, &Peer) else { continue };
        let same = whole.iter().all(|(name, content)| package.bytes(name).is_ok_and(|bytes| bytes == content));
        let clean = report.signatures.len() == 1 && report.signatures[0].checks.iter().all(|check| check.outcome == Outcome::Passed || check.subject == Subject::Value);
        assert!(!clean || same, "byte {at} changes the content unnoticed");
    }
}

#[test]
fn an_added_part_is_named() {
    let Some(bytes) = sample("v4signed.ofd") else { return };
    let mut parts = entries(&bytes);
    parts.push(("Doc_0/Res/extra.png".into(), b"x".to_vec()));
    let report = sign::verify(&zip_owned(&parts), Limits::default(), &Peer).unwrap();
    assert_eq!(report.state(), Some(State::Unproven));
    let named = report.signatures[0].checks.iter().find(|check| check.subject == Subject::Coverage).unwrap();
    assert_eq!(named.part.as_deref(), Some("/Doc_0/Res/extra.png"));
}

#[test]
fn finds_the_pictures_of_seals() {
    let Some(bytes) = sample("SESV4SignDoc.ofd") else { return };
    let package = Package::open(&bytes, Limits::default()).unwrap();
    for part in ["/Doc_0/Signs/Sign_0/SignedValue.dat", "/Doc_0/Signs/Sign_0/Seal.esl"] {
        let picture = sign::picture(package.bytes(part).unwrap()).unwrap();
        assert_eq!((picture.format, picture.width, picture.height), ("PNG", 40, 40));
        assert!(picture.data.starts_with(b"\x89PNG"));
    }
    let seal = sample("UserV4.esl").unwrap();
    assert_eq!(sign::picture(&seal).unwrap().format, "PNG");
    assert_eq!(sign::picture(&seal[..200]), None);
    assert_eq!(sign::picture(b""), None);
}

/// Stands in for the crate that knows seals: compares the digest of Signature.xml with the one in the signature value.
struct Peer;

impl SignatureVerifier for Peer {
    fn verify(&self, signed: &Signed<'_>) -> Vec<Check> {
        let digest = sign::Digest::Sm3.of(signed.content);
        let sealed = signed.value.windows(32).any(|window| window == digest);
        let outcome = match signed.signature.kind {
            sign::Kind::Sign => Outcome::Unknown("a bare signature".into()),
            sign::Kind::Seal if sealed => Outcome::Passed,
            sign::Kind::Seal => Outcome::Failed("签名描述与签名值不符".into()),
        };
        let bare = signed.signature.kind == sign::Kind::Sign;
        let (subject, part) = if bare { (Subject::Value, &signed.signature.value) } else { (Subject::SignedInfo, &signed.signature.path) };
        vec![Check::new(subject, Some(part), outcome)]
    }
}
