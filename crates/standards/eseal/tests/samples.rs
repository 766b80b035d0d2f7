//! Seals of others, inside of the OFD samples that may lie beside the workspace; skipped with a notice where they do not.

mod common;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use eseal::{Kind, Options, Outcome, Report, Seal, SealSignature, verify, verify_seal};

fn sample(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/ofd_samples").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not here");
    None
}

/// Files of one signature folder: Signature.xml, SignedValue.dat, Seal.esl if any.
fn sealed(name: &str) -> Option<(Vec<u8>, Vec<u8>, Option<Vec<u8>>)> {
    let mut package = zip::ZipArchive::new(File::open(sample(name)?).unwrap()).unwrap();
    let mut read = |file: &str| {
        let mut bytes = Vec::new();
        package.by_name(&format!("Doc_0/Signs/Sign_0/{file}")).ok()?.read_to_end(&mut bytes).unwrap();
        Some(bytes)
    };
    Some((read("Signature.xml").unwrap(), read("SignedValue.dat").unwrap(), read("Seal.esl")))
}

/// 2021-01-01, when the certificates of the samples were valid.
fn then() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_609_459_200)
}

fn outcomes(report: &Report, kinds: &[Kind]) -> Vec<Outcome> {
    kinds.iter().map(|kind| report.outcome(*kind)).collect()
}

#[test]
fn an_invoice_sealed_by_another_product() {
    let Some((xml, value, _)) = sealed("v4signed.ofd") else { return };
    let report = verify(&value, &xml, &Options::new(then()));
    println!("{report:#?}");
    assert_eq!(outcomes(&report, &[Kind::Format, Kind::DataHash, Kind::Signature, Kind::SealSignature]), [Outcome::Passed; 4], "{report:#?}");
    let read = SealSignature::from_der(&value).unwrap();
    assert_eq!((read.version, read.property.as_str()), (4, "/Doc_0/Signs/Sign_0/Signature.xml"));
    let mut other = xml.clone();
    other[100] ^= 1;
    assert_eq!(verify(&value, &other, &Options::new(then())).outcome(Kind::DataHash), Outcome::Failed);
}

#[test]
fn a_document_sealed_by_ofdrw() {
    let Some((xml, value, seal)) = sealed("SESV4SignDoc.ofd") else { return };
    let seal = seal.unwrap();
    let report = verify(&value, &xml, &Options { seal_file: Some(&seal), ..Options::new(then()) });
    println!("{report:#?}");
    let kinds = [Kind::Format, Kind::DataHash, Kind::Signature, Kind::SealSignature, Kind::SealFile, Kind::Listed];
    assert_eq!(outcomes(&report, &kinds), [Outcome::Passed; 6], "{report:#?}");
}

#[test]
fn each_changed_byte_of_a_foreign_seal_is_found() {
    let Some(path) = sample("UserV4.esl") else { return };
    let bytes = std::fs::read(path).unwrap();
    let seal = Seal::from_der(&bytes).unwrap();
    assert_eq!((seal.name.as_str(), seal.picture.width_mm, seal.version), ("OFD R&W 测试用印章", 40, 4));
    let right = verify_seal(&bytes, &Options::new(then()));
    assert!(right.is_right_seal(), "{right:#?}");
    // What the maker's certificate says beside its key is covered by its issuer's signature, so by trust; here it is pinned.
    let pinned = [seal.maker.clone()];
    let options = Options { roots: &pinned, ..Options::new(then()) };
    assert!(verify_seal(&bytes, &options).is_right_seal());
    let image = bytes.windows(seal.picture.data.len()).position(|window| window == seal.picture.data).unwrap();
    let end = image + seal.picture.data.len();
    // The picture is most of it: of its bytes every 97th will do, of the rest each.
    for place in (0..image).chain((image..end).step_by(97)).chain(end..bytes.len()) {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let report = verify_seal(&changed, &options);
        assert!(!report.is_right_seal(), "byte {place} changed unseen");
        if (image..end).contains(&place) {
            assert_eq!(report.outcome(Kind::SealSignature), Outcome::Failed, "byte {place} of the picture");
        }
    }
}

/// A signature without a seal is the bare SM2 signature of the data.
#[test]
fn a_bare_signature_is_no_seal_signature() {
    let Some((xml, value, _)) = sealed("DigitalSign.ofd") else { return };
    assert_eq!(verify(&value, &xml, &Options::new(then())).outcome(Kind::Format), Outcome::Failed);
    gm::Signature::from_der(&value).unwrap();
}
