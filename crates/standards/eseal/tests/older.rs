//! Seals of GM/T 0031-2014 (versions 1 to 3), put together here by hand: the crate reads them and writes none.

mod common;

use common::{DATA, key, noon, world};
use der::asn1::{Any, BitString, Ia5StringRef, OctetStringRef, UtcTime, Utf8StringRef};
use der::{Encode, Tag};
use eseal::{Kind, Outcome, Seal, verify};

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    Any::new(Tag::Sequence, parts.concat()).unwrap().to_der().unwrap()
}

fn ascii(text: &str) -> Vec<u8> {
    Ia5StringRef::new(text).unwrap().to_der().unwrap()
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    OctetStringRef::new(bytes).unwrap().to_der().unwrap()
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    BitString::from_bytes(bytes).unwrap().to_der().unwrap()
}

fn utc(time: std::time::SystemTime) -> Vec<u8> {
    UtcTime::from_system_time(time).unwrap().to_der().unwrap()
}

/// A signature of that version, under a seal whose list holds `user`; the officer signs.
fn older(version: u8, w: &common::World, user: &gm::x509::Certificate) -> Vec<u8> {
    let sm2 = gm::oid::SM2_WITH_SM3.to_der().unwrap();
    let from = noon() - common::days(9);
    let property = sequence(&[
        1_u8.to_der().unwrap(),
        Utf8StringRef::new("示例局").unwrap().to_der().unwrap(),
        sequence(&[octets(user.to_der())]),
        utc(from),
        utc(from),
        utc(noon() + common::days(9)),
    ]);
    let picture = sequence(&[ascii("PNG"), octets(b"x"), 40_u8.to_der().unwrap(), 40_u8.to_der().unwrap()]);
    let header = sequence(&[ascii("ES"), version.to_der().unwrap(), ascii("Demo")]);
    let info = sequence(&[header, ascii("0001"), property, picture]);
    let maker = [octets(w.maker.to_der()), sm2.clone()];
    let message = sequence(&[info.clone(), maker[0].clone(), maker[1].clone()]);
    let signature = key(2).sign(&message).unwrap().to_der();
    let seal = sequence(&[info, sequence(&[maker[0].clone(), maker[1].clone(), bits(&signature)])]);
    assert_eq!(Seal::from_der(&seal).unwrap().version, u32::from(version));
    let to_sign = sequence(&[
        version.to_der().unwrap(),
        seal,
        bits(&utc(noon())),
        bits(&gm::sm3(DATA)),
        ascii("/Doc_0/Signs/Sign_0/Signature.xml"),
        octets(w.officer.to_der()),
        sm2,
    ]);
    sequence(&[to_sign.clone(), bits(&key(3).sign(&to_sign).unwrap().to_der())])
}

#[test]
fn an_older_signature_is_read_and_verified() {
    let w = world();
    for version in 1..=3 {
        let bytes = older(version, &w, &w.officer);
        let report = verify(&bytes, DATA, &w.options());
        assert!(report.is_valid(), "{report:#?}");
        assert_eq!(report.time, Some(noon()));
        let mut changed = bytes.clone();
        changed[bytes.len() - 4] ^= 1;
        assert_eq!(verify(&changed, DATA, &w.options()).outcome(Kind::Signature), Outcome::Failed);
    }
}

#[test]
fn a_signer_outside_of_the_list_is_named() {
    let w = world();
    let report = verify(&older(1, &w, &w.maker), DATA, &w.options());
    assert_eq!(report.failed().map(|check| check.kind).collect::<Vec<_>>(), [Kind::Listed]);
    assert!(!report.is_intact());
}
