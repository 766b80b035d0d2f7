//! Our own seals: right ones pass every check; each fault fails the check that names it.

mod common;

use common::{DATA, PATH, certificate, days, key, noon, world};
use eseal::{Error, Kind, Options, Outcome, Report, Seal, SealSignature, SealSigning, verify, verify_seal};
use gm::x509::Role;
use proptest::prelude::*;

fn failed(report: &Report) -> Vec<Kind> {
    report.failed().map(|check| check.kind).collect()
}

#[test]
fn a_right_signature_passes_every_check() {
    let w = world();
    let seal = w.seal();
    let bytes = w.sign_stamped(&seal, noon() + days(1));
    let mut report = verify(&bytes, DATA, &Options { seal_file: Some(seal.to_der()), ..w.options() });
    assert!(report.is_valid(), "{report:#?}");
    assert_eq!(report.outcome(Kind::References), Outcome::NotChecked);
    report.set(Kind::References, Outcome::Passed, "3 个文件的摘要相符");
    assert!(report.checks.iter().all(|check| check.outcome == Outcome::Passed), "{report:#?}");
    assert_eq!((report.time, report.property.as_deref()), (Some(noon() + days(1)), Some(PATH)), "the proven time counts");
    report.set(Kind::References, Outcome::Failed, "Content.xml 的摘要不符");
    assert!(!report.is_intact() && !report.is_valid());
    let read = SealSignature::from_der(&bytes).unwrap();
    assert_eq!((&read.seal, read.time, read.version), (&seal, Some(noon()), 4));
}

#[test]
fn a_right_seal_survives_its_file() {
    let w = world();
    let seal = w.seal();
    let read = Seal::from_der(seal.to_der()).unwrap();
    assert_eq!(read, seal);
    assert_eq!((read.name.as_str(), read.picture.width_mm, read.valid_until), ("示例市行政审批局", 42, noon() + days(50)));
    let report = verify_seal(seal.to_der(), &w.options());
    assert!(report.is_right_seal() && report.outcome(Kind::Revocation) == Outcome::Passed, "{report:#?}");
}

#[test]
fn each_fault_is_named() {
    let w = world();
    let seal = w.seal();
    let bytes = w.sign(&seal);
    let check = |bytes: &[u8], data: &[u8], options: &Options<'_>| failed(&verify(bytes, data, options));
    assert_eq!(check(&bytes, DATA, &w.options()), []);
    assert_eq!(check(&bytes, b"other", &w.options()), [Kind::DataHash]);
    assert_eq!(check(b"nonsense", DATA, &w.options()), [Kind::Format]);
    let other = w.template();
    let other = eseal::SealTemplate { name: "另一枚".into(), ..other }.make(&w.maker, &key(2)).unwrap();
    assert_eq!(check(&bytes, DATA, &Options { seal_file: Some(other.to_der()), ..w.options() }), [Kind::SealFile]);
    let revoked = [w.revoking(&w.officer, noon() - days(1))];
    assert_eq!(check(&bytes, DATA, &Options { lists: &revoked, ..w.options() }), [Kind::Revocation]);
    let maker_revoked = [w.revoking(&w.maker, noon() - days(1))];
    assert_eq!(check(&bytes, DATA, &Options { lists: &maker_revoked, ..w.options() }), [Kind::Revocation]);
    let stranger = certificate(9, "别的根证书", Role::Root, None);
    let options = Options { roots: std::slice::from_ref(&stranger), ..w.options() };
    assert_eq!(check(&bytes, DATA, &options), [Kind::SignerChain, Kind::MakerChain]);
    assert_eq!(check(&w.sign_stamped(&seal, noon()), DATA, &options), [Kind::TimeStamp, Kind::SignerChain, Kind::MakerChain]);
    // Stamped after the seal's time, and after the certificate's.
    assert_eq!(check(&w.sign_stamped(&seal, noon() + days(60)), DATA, &w.options()), [Kind::SealPeriod]);
    let late = w.sign_stamped(&seal, noon() + days(201));
    let late = check(&late, DATA, &w.options());
    assert_eq!(late, [Kind::TimeStamp], "the stamper's own certificate had expired, so its time proves nothing");
}

#[test]
fn a_stamp_before_the_revocation_keeps_a_signature_valid() {
    let w = world();
    let seal = w.seal();
    let lists = [w.revoking(&w.officer, noon() + days(5))];
    let options = Options { now: noon() + days(9), lists: &lists, ..w.options() };
    assert!(verify(&w.sign_stamped(&seal, noon()), DATA, &options).is_valid());
    let report = verify(&w.sign(&seal), DATA, &options);
    assert_eq!(failed(&report), [Kind::Revocation], "without proof of the time the signature may be younger than the revocation");
}

#[test]
fn without_roots_the_bytes_are_checked_and_trust_is_not() {
    let w = world();
    let report = verify(&w.sign(&w.seal()), DATA, &Options::new(noon()));
    assert!(report.is_intact() && !report.is_valid());
    for kind in [Kind::SignerChain, Kind::MakerChain, Kind::Revocation, Kind::TimeStamp] {
        assert_eq!(report.outcome(kind), Outcome::NotChecked, "{kind:?}");
    }
}

#[test]
fn a_seal_is_used_by_those_in_its_list_while_it_is_valid() {
    let w = world();
    let seal = w.seal();
    let thief = certificate(5, "他人", Role::Signer, Some(&w.root));
    let sign = |certificate, seed, time| SealSigning { seal: &seal, certificate, time, property: PATH }.sign(DATA, &key(seed));
    assert!(matches!(sign(&thief, 5, noon()), Err(Error::Rule { part: "cert", .. })));
    assert!(matches!(sign(&w.officer, 5, noon()), Err(Error::Rule { part: "cert", .. })), "another's key");
    assert!(matches!(sign(&w.officer, 3, noon() + days(51)), Err(Error::Rule { part: "timeInfo", .. })));
    // A seal the maker gave to somebody else is not the seal of the package.
    let open = eseal::SealTemplate { users: vec![thief.clone()], ..w.template() }.make(&w.maker, &key(2)).unwrap();
    let forged = SealSigning { seal: &open, certificate: &thief, time: noon(), property: PATH }.sign(DATA, &key(5)).unwrap();
    let report = verify(&forged, DATA, &Options { seal_file: Some(seal.to_der()), ..w.options() });
    assert_eq!(failed(&report), [Kind::SealFile]);
}

#[test]
fn makers_rules() {
    let w = world();
    let make = |template: eseal::SealTemplate| template.make(&w.maker, &key(2));
    assert!(make(eseal::SealTemplate { users: Vec::new(), ..w.template() }).is_err());
    assert!(make(eseal::SealTemplate { valid_until: noon() - days(60), ..w.template() }).is_err());
    assert!(make(eseal::SealTemplate { id: "编号".into(), ..w.template() }).is_err(), "esID is IA5");
    assert!(w.template().make(&w.maker, &key(3)).is_err(), "another's key");
}

/// Changes the bytes of a signature, one after the other: each time a check that fits the place fails.
#[test]
fn each_changed_byte_is_found_and_named() {
    let w = world();
    let seal = w.seal();
    let bytes = w.sign_stamped(&seal, noon());
    let read = SealSignature::from_der(&bytes).unwrap();
    let find = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part).unwrap();
    let picture = find(&seal.picture.data);
    let name = find("示例市行政审批局".as_bytes());
    let hash = find(&read.data_hash);
    let token = find(read.time_stamp.as_deref().unwrap());
    // Certificates and token are long: of their bytes every 7th will do, of the rest each.
    let long = [w.officer.to_der(), w.maker.to_der()].map(|part| find(part)..find(part) + part.len());
    let long = |place: usize| place >= token || long.iter().any(|range| range.contains(&place));
    for place in (0..bytes.len()).filter(|place| !long(*place) || place % 7 == 0) {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let report = verify(&changed, DATA, &w.options());
        let kinds = failed(&report);
        if place >= token {
            // Inside of the token some hints are signed by nobody; nothing there may change what the report says.
            assert!(report.outcome(Kind::Signature) != Outcome::Failed, "byte {place}: {kinds:?}");
            assert!(kinds == [Kind::TimeStamp] || kinds == [Kind::Format] || report.time == Some(noon()), "byte {place}: {kinds:?}");
            continue;
        }
        assert!(!report.is_intact() || !report.is_valid(), "byte {place} changed unseen");
        assert!(!kinds.is_empty(), "byte {place}");
        if (picture..picture + seal.picture.data.len()).contains(&place) {
            assert_eq!(kinds, [Kind::Signature, Kind::SealSignature], "picture");
        }
        if (name..name + 24).contains(&place) && kinds != [Kind::Format] {
            assert_eq!(kinds, [Kind::Signature, Kind::SealSignature], "name");
        }
        if (hash..hash + 32).contains(&place) {
            assert_eq!(kinds, [Kind::DataHash, Kind::Signature], "dataHash");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let report = verify(&bytes, DATA, &Options::new(noon()));
        prop_assert_eq!(failed(&report), [Kind::Format]);
        prop_assert_eq!(failed(&verify_seal(&bytes, &Options::new(noon()))), [Kind::Format]);
    }

    #[test]
    fn no_cut_or_swollen_structure_makes_it_panic(place in any::<proptest::sample::Index>(), value in any::<u8>(), how in 0..3) {
        let w = world();
        let mut bytes = w.sign(&w.seal());
        let place = place.index(bytes.len());
        match how {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, value),
            _ => { bytes.remove(place); }
        }
        prop_assert!(!verify(&bytes, DATA, &w.options()).is_valid());
    }
}
