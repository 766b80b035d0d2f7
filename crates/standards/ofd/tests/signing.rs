//! Appending signatures and seals.

mod common;

use common::{page, raw_entries, sample};
use ofd::{
    Error, Limits, Ofd, Rect,
    sign::{self, Check, Draft, Outcome, Provider, Purpose, SignatureVerifier, Signed, Stamp, State, Subject},
};

/// A signature scheme for tests: the value is the digest of Signature.xml.
struct Toy;

impl SignatureVerifier for Toy {
    fn verify(&self, signed: &Signed<'_>) -> Vec<Check> {
        let good = signed.value == sign::Digest::Sm3.of(signed.content);
        vec![Check::new(Subject::Value, Some(&signed.signature.value), if good { Outcome::Passed } else { Outcome::Failed("wrong".into()) })]
    }
}

fn add(bytes: &[u8], draft: &Draft) -> ofd::Result<Vec<u8>> {
    sign::append(bytes, draft, |to_sign| {
        assert!(to_sign.path.ends_with("/Signature.xml"));
        Ok(sign::Digest::Sm3.of(to_sign.content))
    })
}

fn draft() -> Draft {
    Draft { date_time: "2026-03-02 10:05:00".into(), provider: Provider { name: "示例 & 测试".into(), ..Provider::default() }, ..Draft::default() }
}

fn seal() -> Draft {
    let stamp = Stamp { id: "1".into(), page: 1, boundary: Rect::new(10.0, 20.0, 40.0, 40.0), clip: Some(Rect::new(0.0, 0.0, 20.0, 40.0)) };
    Draft { purpose: Purpose::Seal { file: b"a seal file".to_vec(), stamps: vec![stamp] }, ..draft() }
}

fn unsigned() -> Vec<u8> {
    page("", "")
}

#[test]
fn one_after_the_other() {
    let first = add(&unsigned(), &draft()).unwrap();
    let second = add(&first, &seal()).unwrap();
    let third = add(&second, &draft()).unwrap();
    let report = sign::verify(&third, Limits::default(), &Toy).unwrap();
    assert_eq!(report.state(), Some(State::Valid), "{report:#?}");
    let signatures: Vec<_> = report.signatures.iter().map(|report| report.signature.as_ref().unwrap()).collect();
    assert_eq!(signatures.iter().map(|signature| signature.id.as_str()).collect::<Vec<_>>(), ["s001", "s002", "s003"]);
    assert_eq!(signatures[1].kind, sign::Kind::Seal);
    assert_eq!(signatures[1].seal.as_deref(), Some("/Doc_0/Signs/Sign_1/Seal.esl"));
    assert_eq!(signatures[1].stamps[0].clip, Some(Rect::new(0.0, 0.0, 20.0, 40.0)));
    assert_eq!(signatures[0].provider.name, "示例 & 测试");
    // The later one protects the earlier ones.
    assert!(signatures[2].references.iter().any(|reference| reference.path == "/Doc_0/Signs/Sign_0/SignedValue.dat"));
    assert!(signatures[2].references.iter().any(|reference| reference.path == "/Doc_0/Signs/Sign_1/Seal.esl"));
    Ofd::read(&third).unwrap();
}

#[test]
fn what_was_there_stays_byte_for_byte() {
    for name in ["DigitalSign.ofd", "SESV4SignDoc.ofd", "v4signed.ofd"] {
        let Some(before) = sample(name) else { continue };
        let after = add(&before, &seal()).unwrap();
        let now = raw_entries(&after);
        for (part, content) in raw_entries(&before) {
            let kept = now.iter().find(|(name, _)| *name == part).unwrap_or_else(|| panic!("{part} is gone"));
            assert!(kept.1 == content || part == "Doc_0/Signs/Signatures.xml", "{name}: {part}");
        }
        let report = sign::verify(&after, Limits::default(), &sign::DigestsOnly).unwrap();
        assert_eq!(report.signatures.len(), 2);
        assert!(report.signatures.iter().all(|signature| signature.checks.iter().all(|check| matches!(check.outcome, Outcome::Passed) || check.subject == Subject::Value)), "{report:#?}");
    }
}

#[test]
fn identifiers_go_on_in_the_style_found() {
    for (name, expected) in [("DigitalSign.ofd", "s002"), ("SESV4SignDoc.ofd", "2")] {
        let Some(before) = sample(name) else { continue };
        let report = sign::verify(&add(&before, &draft()).unwrap(), Limits::default(), &Toy).unwrap();
        assert_eq!(report.signatures[1].signature.as_ref().unwrap().id, expected);
    }
}

#[test]
fn a_locking_signature_is_the_last() {
    let first = add(&unsigned(), &draft()).unwrap();
    let locked = add(&first, &Draft { lock: true, ..draft() }).unwrap();
    let report = sign::verify(&locked, Limits::default(), &Toy).unwrap();
    assert_eq!(report.state(), Some(State::Valid));
    assert_eq!(report.signatures.iter().map(|signature| signature.locking).collect::<Vec<_>>(), [false, true]);
    assert!(matches!(add(&locked, &draft()), Err(Error::Locked(_))));
    // Taking a signature off the list is then found.
    let mut parts = common::entries(&locked);
    let list = parts.iter_mut().find(|(name, _)| name.ends_with("Signatures.xml")).unwrap();
    let text = String::from_utf8(list.1.clone()).unwrap();
    let start = text.find("<ofd:Signature ").unwrap();
    let end = start + text[start..].find("/>").unwrap() + 2;
    list.1 = format!("{}{}", &text[..start], &text[end..]).into_bytes();
    let report = sign::verify(&common::zip_owned(&parts), Limits::default(), &Toy).unwrap();
    assert_eq!(report.tampered(), ["/Doc_0/Signs/Signatures.xml"]);
}

#[test]
fn tampering_after_signing_is_named_for_each_signature() {
    let signed = add(&add(&unsigned(), &draft()).unwrap(), &draft()).unwrap();
    for (part, by) in [("Doc_0/Pages/Page_0/Content.xml", [true, true]), ("Doc_0/Signs/Sign_0/SignedValue.dat", [true, true]), ("Doc_0/Signs/Sign_1/SignedValue.dat", [false, true])] {
        let mut parts = common::entries(&signed);
        parts.iter_mut().find(|(name, _)| name == part).unwrap().1.push(b' ');
        let report = sign::verify(&common::zip_owned(&parts), Limits::default(), &Toy).unwrap();
        assert_eq!(report.tampered(), [format!("/{part}")]);
        assert_eq!(report.signatures.iter().map(|signature| signature.state() == State::Invalid).collect::<Vec<_>>(), by, "{part}");
    }
}

#[test]
fn a_refusal_is_an_error() {
    assert_eq!(sign::append(&unsigned(), &draft(), |_| Err("no key".into())), Err(Error::Signer("no key".into())));
    assert!(matches!(sign::append(&unsigned(), &Draft { document: 3, ..draft() }, |_| Ok(Vec::new())), Err(Error::NoPage(4))));
}
