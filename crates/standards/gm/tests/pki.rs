//! Certificates, lists, SignedData and time stamps: right ones pass, each wrong one fails for its own reason.

mod common;

use common::{Counter, authority, days, key, noon, template};
use gm::cms::{Form, SignedData, Signing};
use gm::tsp::{self, DEMO_POLICY, Request, Token};
use gm::x509::{Certificate, ChainProblem, Purpose, Reason, Revocation, RevocationList, Revoked, Role, revocation, verify_chain};
use gm::{Error, Gm};
use proptest::prelude::*;

#[test]
fn a_chain_holds_and_each_fault_is_named() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let (intermediates, roots) = ([a.issuing.clone()], [a.root.clone()]);
    let verify = |leaf: &Certificate, purpose, at| verify_chain(leaf, &intermediates, &roots, purpose, at, &Gm);
    let chain = verify(&leaf, Purpose::Signing, noon()).unwrap();
    assert_eq!(chain.iter().map(Certificate::common_name).collect::<Vec<_>>(), ["示例市行政审批局", "演示签发证书", "演示根证书"]);
    assert!(matches!(verify(&leaf, Purpose::Signing, noon() - days(101)), Err(ChainProblem::NotYetValid(_))));
    assert!(matches!(verify(&leaf, Purpose::Signing, noon() + days(201)), Err(ChainProblem::Expired(_))));
    assert!(matches!(verify(&leaf, Purpose::TimeStamping, noon()), Err(ChainProblem::Purpose(_))));
    assert!(matches!(verify(&leaf, Purpose::Encryption, noon()), Err(ChainProblem::Purpose(_))));
    assert!(verify(&a.leaf(4, Role::TimeStamping), Purpose::TimeStamping, noon()).is_ok());
    assert!(verify(&a.leaf(4, Role::Recipient), Purpose::Encryption, noon()).is_ok());
    assert!(matches!(verify_chain(&leaf, &[], &roots, Purpose::Signing, noon(), &Gm), Err(ChainProblem::NoIssuer(_))));
    assert!(matches!(verify_chain(&leaf, &intermediates, &[], Purpose::Signing, noon(), &Gm), Err(ChainProblem::NoIssuer(_))));
    // A trusted end certificate needs nobody above it.
    assert_eq!(verify_chain(&leaf, &[], std::slice::from_ref(&leaf), Purpose::Signing, noon(), &Gm).unwrap().len(), 1);
}

#[test]
fn a_signer_cannot_issue_and_an_issuing_authority_no_authority() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let forged = template("CN=假", Role::Signer).issue(&key(9).public_key().to_spki().unwrap(), &leaf, &key(3)).unwrap();
    let verify = |leaf: &Certificate, intermediates: &[Certificate]| verify_chain(leaf, intermediates, std::slice::from_ref(&a.root), Purpose::Signing, noon(), &Gm);
    assert!(matches!(verify(&forged, &[leaf, a.issuing.clone()]), Err(ChainProblem::NotAnAuthority(_))));
    let below = a.issue(5, template("CN=又一级", Role::Issuing));
    let leaf = template("CN=底", Role::Signer).issue(&key(9).public_key().to_spki().unwrap(), &below, &key(5)).unwrap();
    assert!(matches!(verify(&leaf, &[below, a.issuing.clone()]), Err(ChainProblem::PathLength(_))));
    // Somebody else with the name of the issuer.
    let impostor = template("CN=演示签发证书,O=示例市,C=CN", Role::Issuing).root(&key(8)).unwrap();
    assert!(matches!(verify(&a.leaf(3, Role::Signer), std::slice::from_ref(&impostor)), Err(ChainProblem::Signature(_))));
    assert!(verify(&a.leaf(3, Role::Signer), &[impostor, a.issuing.clone()]).is_ok(), "the impostor beside the real one does no harm");
}

#[test]
fn certificates_survive_writing_and_no_changed_byte_passes() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    assert_eq!(Certificate::from_pem(&leaf.to_pem().unwrap()).unwrap(), leaf);
    let both = leaf.to_pem().unwrap() + "comment\n" + &a.root.to_pem().unwrap();
    assert_eq!(Certificate::all_from_pem(&both).unwrap(), [leaf.clone(), a.root.clone()]);
    for place in 0..leaf.to_der().len() {
        let mut bytes = leaf.to_der().to_vec();
        bytes[place] ^= 1;
        if let Ok(changed) = Certificate::from_der(&bytes) {
            assert!(changed.verify_issued_by(&a.issuing, &Gm).is_err(), "byte {place}");
        }
    }
}

#[test]
fn revocation_says_good_revoked_or_unknown() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let chain = [leaf.clone(), a.issuing.clone(), a.root.clone()];
    let entry = Revoked { serial: leaf.serial(), since: noon() - days(2), reason: Some(Reason::KeyCompromise) };
    let of_root = RevocationList::issue(&a.root, &key(1), 1, noon() - days(3), noon() + days(30), &[]).unwrap();
    let empty = RevocationList::issue(&a.issuing, &key(2), 1, noon() - days(3), noon() + days(4), &[]).unwrap();
    let full = RevocationList::issue(&a.issuing, &key(2), 2, noon() - days(1), noon() + days(6), std::slice::from_ref(&entry)).unwrap();
    let full = RevocationList::from_pem(&full.to_pem().unwrap()).unwrap();
    let ask = |lists: &[&RevocationList], at| revocation(&chain, &lists.iter().copied().cloned().collect::<Vec<_>>(), at, &Gm);
    assert_eq!(ask(&[&of_root, &empty], noon()), Revocation::Good);
    assert_eq!(ask(&[&of_root, &full], noon()), Revocation::Revoked { subject: leaf.subject(), entry: entry.clone() });
    assert_eq!(ask(&[&of_root, &full], noon() - days(3)), Revocation::Good, "not yet at that time");
    assert_eq!(ask(&[&of_root, &empty, &full], noon()), Revocation::Revoked { subject: leaf.subject(), entry });
    assert_eq!(ask(&[&of_root], noon()), Revocation::Unknown { subject: leaf.subject() });
    assert_eq!(ask(&[&of_root, &empty], noon() + days(5)), Revocation::Unknown { subject: leaf.subject() }, "the list is out of date");
    let forged = RevocationList::issue(&a.issuing, &key(9), 3, noon(), noon() + days(9), &[]).unwrap();
    assert_eq!(ask(&[&of_root, &forged], noon()), Revocation::Unknown { subject: leaf.subject() }, "signed by another key");
}

#[test]
fn signed_data_in_both_forms() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let chain = [a.issuing.clone()];
    for form in [Form::Gm, Form::Cms] {
        let bytes = Signing::new(&leaf, form).chain(&chain).time(noon()).sign_detached(b"content", &key(3)).unwrap();
        let read = SignedData::from_der(&bytes).unwrap();
        assert_eq!((read.form, read.content.as_deref(), read.certificates.len()), (form, None, 2));
        let signer = &read.verify(Some(b"content"), &Gm).unwrap()[0];
        assert_eq!((&signer.certificate, signer.time, signer.names_certificate), (&leaf, Some(noon()), true));
        assert!(matches!(read.verify(Some(b"Content"), &Gm), Err(Error::BadSignature)));
        assert!(matches!(read.verify(None, &Gm), Err(Error::Rule { .. })));
        let attached = SignedData::from_der(&Signing::new(&leaf, form).sign_attached(b"content", &key(3)).unwrap()).unwrap();
        attached.verify(None, &Gm).unwrap();
        assert!(attached.verify(Some(b"other"), &Gm).is_err());
        assert!(Signing::new(&leaf, form).sign_detached(b"content", &key(4)).is_err(), "the certificate is of another key");
    }
}

#[test]
fn no_changed_byte_of_signed_data_passes_unseen() {
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let bytes = Signing::new(&leaf, Form::Gm).time(noon()).sign_detached(b"content", &key(3)).unwrap();
    let mut unharmed = Vec::new();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        if let Ok(signers) = SignedData::from_der(&changed).and_then(|read| read.verify(Some(b"content"), &Gm)) {
            assert_eq!(signers[0].certificate, leaf);
            unharmed.push(place);
        }
    }
    // Version numbers and the list of digest algorithms are hints nobody signs; all else is covered.
    assert!(unharmed.len() <= 16, "{unharmed:?}");
}

#[test]
fn time_stamps() {
    let a = authority();
    let certificate = a.leaf(4, Role::TimeStamping);
    let chain = [a.issuing.clone()];
    let signer = key(4);
    let stamper = tsp::Authority { certificate: &certificate, chain: &chain, signer: &signer, policy: DEMO_POLICY };
    let request = Request::new_with(&mut Counter(1), b"document").unwrap();
    let answer = stamper.answer(&request.to_der().unwrap(), noon()).unwrap();
    let token = request.token(&answer).unwrap();
    let stamp = Token::from_der(&token).unwrap().verify(b"document", &Gm).unwrap();
    assert_eq!((stamp.time, &stamp.certificate, stamp.policy), (noon(), &certificate, DEMO_POLICY));
    assert!(verify_chain(&stamp.certificate, &stamp.certificates, std::slice::from_ref(&a.root), Purpose::TimeStamping, stamp.time, &Gm).is_ok());
    assert!(matches!(Token::from_der(&token).unwrap().verify(b"Document", &Gm), Err(Error::BadSignature)));
    let other = Request::new_with(&mut Counter(2), b"document").unwrap();
    assert!(matches!(other.token(&answer), Err(Error::Rule { rule: "it answers another request", .. })), "an old answer");
    let refusal = stamper.answer(b"nonsense", noon()).unwrap();
    assert!(matches!(request.token(&refusal), Err(Error::Rule { rule: "the authority refused", .. })));
    let nothing = tsp::fetch(b"document", |_| Err::<Vec<u8>, _>(Error::Empty));
    assert!(matches!(nothing, Err(Error::Empty)), "the transport's own error comes through");
    for place in 0..token.len() {
        let mut changed = token.clone();
        changed[place] ^= 1;
        if let Ok(stamp) = Token::from_der(&changed).and_then(|token| token.verify(b"document", &Gm)) {
            assert_eq!((stamp.time, &stamp.certificate), (noon(), &certificate), "byte {place}");
        }
    }
}

#[test]
fn pem_lists_of_certificates_stop_at_damage() {
    assert!(Certificate::all_from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n").is_err());
    assert!(Certificate::from_pem("").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Certificate::from_der(&bytes);
        let _ = RevocationList::from_der(&bytes);
        let _ = SignedData::read(&bytes);
        let _ = Token::from_der(&bytes);
    }

    #[test]
    fn no_cut_or_changed_structure_makes_a_reader_panic(which in 0..3, place in any::<proptest::sample::Index>(), value in any::<u8>(), cut in any::<bool>()) {
        let a = authority();
        let leaf = a.leaf(3, Role::Signer);
        let mut bytes = match which {
            0 => leaf.to_der().to_vec(),
            1 => RevocationList::issue(&a.issuing, &key(2), 1, noon(), noon() + days(9), &[]).unwrap().to_der().to_vec(),
            _ => Signing::new(&leaf, Form::Cms).sign_detached(b"x", &key(3)).unwrap(),
        };
        let place = place.index(bytes.len());
        if cut { bytes.truncate(place) } else { bytes[place] = value }
        let _ = Certificate::from_der(&bytes).map(|c| verify_chain(&c, &[], std::slice::from_ref(&a.root), Purpose::Any, noon(), &Gm));
        let _ = RevocationList::from_der(&bytes).map(|l| l.verify(&a.issuing, &Gm));
        let _ = SignedData::from_der(&bytes).map(|s| s.verify(Some(b"x"), &Gm));
    }
}
