//! SM2: the examples of GB/T 32918.5, hostile signatures and points, and files.

mod common;

use common::{Counter, key};
use gm::{Ciphertext, DEFAULT_ID, Error, PrivateKey, PublicKey, Signature};
use proptest::prelude::*;
use sm2::elliptic_curve::PrimeField;
use sm2::{NonZeroScalar, Scalar};

const D: &str = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
const X: &str = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020";
const Y: &str = "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";
const K: &str = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21";
const R: &str = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3";
const S: &str = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA";
const N: &str = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";
const MESSAGE: &[u8] = b"message digest";

fn h32(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn scalar(text: &str) -> Scalar {
    Scalar::from_repr(h32(text).into()).unwrap()
}

fn standard_key() -> PrivateKey {
    PrivateKey::from_bytes(&h32(D)).unwrap()
}

#[test]
fn key_za_and_digest_of_the_standard() {
    let public = standard_key().public_key();
    assert_eq!(hex::encode_upper(&public.to_bytes()[1..]), format!("{X}{Y}"));
    assert_eq!(public.za(DEFAULT_ID).unwrap(), h32("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"));
    let mut hash = public.message_hash(DEFAULT_ID).unwrap();
    hash.update(MESSAGE);
    assert_eq!(hash.finish(), h32("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"));
}

#[test]
fn signature_of_the_standard() {
    let signature = Signature::from_bytes(&[h32(R), h32(S)].concat().try_into().unwrap()).unwrap();
    standard_key().public_key().verify(MESSAGE, &signature).unwrap();
    // The signature of the standard is the one with its k: s(1 + d) + rd = k.
    let k = scalar(S) * (Scalar::ONE + scalar(D)) + scalar(R) * scalar(D);
    assert_eq!(k, scalar(K));
    assert_eq!(Signature::from_der(&signature.to_der()).unwrap(), signature);
    for id in [&b""[..], b"1234567812345679", b"alice@example.org"] {
        assert!(matches!(standard_key().public_key().verify_as(id, MESSAGE, &signature), Err(Error::BadSignature)));
    }
}

/// The ciphertext of the standard needs its k, so the source of randomness gives that.
#[test]
fn ciphertext_of_the_standard() {
    struct Fixed;
    impl gm::rand_core::TryRng for Fixed {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            unreachable!()
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            unreachable!()
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.copy_from_slice(&h32(K));
            Ok(())
        }
    }
    impl gm::rand_core::TryCryptoRng for Fixed {}
    let expected = hex::decode(concat!(
        "0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0",
        "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766",
        "21886CA989CA9C7D58087307CA93092D651EFA"
    ))
    .unwrap();
    let ciphertext = standard_key().public_key().encrypt_with(&mut Fixed, b"encryption standard").unwrap();
    assert_eq!(hex::encode(ciphertext.to_bytes()), hex::encode(&expected));
    let read = Ciphertext::read(&expected).unwrap();
    assert_eq!(*standard_key().decrypt(&read).unwrap(), b"encryption standard");
    let der = read.to_der().unwrap();
    assert_eq!(Ciphertext::read(&der).unwrap(), read);
    let old = [&expected[..65], &expected[97..], &expected[65..97]].concat();
    assert_eq!(Ciphertext::from_c1c2c3(&old).unwrap(), read);
    // An independent reading by the curve library's own module.
    let peer = sm2::pke::DecryptingKey::from_slice(&h32(D)).unwrap();
    assert_eq!(peer.decrypt(&expected).unwrap(), b"encryption standard");
    assert_eq!(peer.decrypt_der(&der).unwrap(), b"encryption standard");
}

fn der_integer(bytes: &[u8]) -> Vec<u8> {
    [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

fn der_pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    let body = [der_integer(r), der_integer(s)].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

#[test]
fn hostile_signatures_are_refused() {
    let public = standard_key().public_key();
    let refused = |bytes: &[u8], why: &str| match Signature::from_der(bytes) {
        Err(_) => {}
        Ok(signature) => assert!(public.verify(MESSAGE, &signature).is_err(), "{why}"),
    };
    let positive = |text: &str| [&[0], &h32(text)[..]].concat();
    let (r, s) = (positive(R), positive(S));
    public.verify(MESSAGE, &Signature::from_der(&der_pair(&r, &s)).unwrap()).unwrap();
    refused(&der_pair(&[0], &s), "r = 0");
    refused(&der_pair(&r, &[0]), "s = 0");
    refused(&der_pair(&positive(N), &s), "r = n");
    refused(&der_pair(&r, &positive(N)), "s = n");
    refused(&der_pair(&s, &r), "exchanged");
    refused(&der_pair(&h32(R), &s), "negative r");
    refused(&der_pair(&[&[0], &r[..]].concat(), &s), "r with too many zeros");
    refused(&[der_pair(&r, &s), vec![0]].concat(), "something behind");
    refused(&[&[0x30, 0x81, 70][..], &der_pair(&r, &s)[2..]].concat(), "long form of a short length");
    refused(&[], "nothing");
    refused(&[h32(R), h32(S)].concat(), "not DER");
    // r + s = n makes t = 0, with which any message would pass for some keys.
    let minus_r = Scalar::ZERO - scalar(R);
    let bytes: [u8; 32] = minus_r.to_repr().into();
    let signature = Signature::from_bytes(&[h32(R), bytes].concat().try_into().unwrap()).unwrap();
    assert!(matches!(public.verify(MESSAGE, &signature), Err(Error::BadSignature)));
    // The other half of an ECDSA-like pair does not pass: SM2 is not malleable by negation.
    let minus_s: [u8; 32] = (Scalar::ZERO - scalar(S)).to_repr().into();
    let signature = Signature::from_bytes(&[h32(R), minus_s].concat().try_into().unwrap()).unwrap();
    assert!(public.verify(MESSAGE, &signature).is_err());
}

#[test]
fn hostile_keys_and_points_are_refused() {
    let mut point = standard_key().public_key().to_bytes();
    point[64] ^= 1;
    assert!(PublicKey::from_bytes(&point).is_err(), "off the curve");
    assert!(PublicKey::from_bytes(&[0]).is_err(), "infinity");
    assert!(PublicKey::from_bytes(&[4; 64]).is_err(), "too short");
    assert!(PublicKey::from_bytes(&[[4].as_slice(), &[0xff; 64]].concat()).is_err(), "beyond the field");
    assert!(PublicKey::from_bytes(&[]).is_err());
    assert!(PrivateKey::from_bytes(&[0; 32]).is_err(), "zero");
    assert!(PrivateKey::from_bytes(&h32(N)).is_err(), "n");
    let minus_one: [u8; 32] = (Scalar::ZERO - Scalar::ONE).to_repr().into();
    assert!(PrivateKey::from_bytes(&minus_one).is_err(), "n - 1 cannot sign");
    assert!(PrivateKey::from_bytes(&(Scalar::ZERO - Scalar::from(2_u64)).to_repr().into()).is_ok());
    let mut ciphertext = standard_key().public_key().encrypt(b"x").unwrap().to_bytes();
    ciphertext[64] ^= 1;
    assert!(Ciphertext::read(&ciphertext).is_err(), "C1 off the curve");
    assert!(matches!(standard_key().public_key().encrypt(b""), Err(Error::Empty)));
    let p256 = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n";
    assert!(matches!(PublicKey::from_pem(p256), Err(Error::NotAKey(_))), "another curve");
}

#[test]
fn identity_has_a_limit() {
    let public = standard_key().public_key();
    assert!(public.za(&[b'a'; 8191]).is_ok());
    assert!(matches!(public.za(&[b'a'; 8192]), Err(Error::Identity)));
    let signature = standard_key().sign_as(&[0xff, 0xfe], MESSAGE).unwrap(); // not text
    public.verify_as(&[0xff, 0xfe], MESSAGE, &signature).unwrap();
}

#[test]
fn signatures_agree_with_the_curve_library() {
    use sm2::dsa::signature::{Signer, Verifier};
    let (ours, id) = (key(7), std::str::from_utf8(DEFAULT_ID).unwrap());
    let secret = NonZeroScalar::try_from(ours.to_bytes().as_slice()).unwrap();
    let theirs = sm2::dsa::SigningKey::from_nonzero_scalar(id, secret).unwrap();
    let signature = Signature::from_bytes(&theirs.sign(MESSAGE).to_bytes().as_slice().try_into().unwrap()).unwrap();
    ours.public_key().verify(MESSAGE, &signature).unwrap();
    let signature = sm2::dsa::Signature::from_slice(&ours.sign(MESSAGE).unwrap().to_bytes()).unwrap();
    theirs.verifying_key().verify(MESSAGE, &signature).unwrap();
}

#[test]
fn key_files() {
    let key = key(3);
    let same = |other: &PrivateKey| assert_eq!(other.to_bytes(), key.to_bytes());
    same(&PrivateKey::from_pem(&key.to_pem().unwrap(), None).unwrap());
    let sealed = key.to_encrypted_pem_with(&mut Counter(9), b"secret").unwrap();
    assert_eq!(sealed, key.to_encrypted_pem_with(&mut Counter(9), b"secret").unwrap(), "the same randomness gives the same file");
    same(&PrivateKey::from_pem(&sealed, Some(b"secret")).unwrap());
    assert!(matches!(PrivateKey::from_pem(&sealed, None), Err(Error::PasswordNeeded)));
    assert!(matches!(PrivateKey::from_pem(&sealed, Some(b"wrong")), Err(Error::Password)));
    assert!(PrivateKey::from_pem("no key here", None).is_err());
    let public = key.public_key();
    assert_eq!(PublicKey::from_pem(&public.to_pem().unwrap()).unwrap(), public);
    assert_eq!(format!("{key:?}"), "PrivateKey(..)");
}

#[test]
fn randomness_is_the_callers() {
    let digest = gm::sm3(b"x");
    let sign = |seed| key(4).sign_digest_with(&mut Counter(seed), &digest).unwrap();
    assert_eq!(sign(1), sign(1));
    assert_ne!(sign(1), sign(2));
    for seed in 0..8 {
        key(4).public_key().verify_digest(&digest, &sign(seed)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_signature_fits_one_message_only(message in proptest::collection::vec(any::<u8>(), 0..200), flip in any::<proptest::sample::Index>(), bit in 0..8_u8) {
        let key = key(5);
        let signature = key.sign(&message).unwrap();
        key.public_key().verify(&message, &signature).unwrap();
        let mut der = signature.to_der();
        let place = flip.index(der.len());
        der[place] ^= 1 << bit;
        if let Ok(changed) = Signature::from_der(&der) {
            prop_assert!(key.public_key().verify(&message, &changed).is_err());
        }
        let mut other = message.clone();
        other.push(0);
        prop_assert!(key.public_key().verify(&other, &signature).is_err());
        prop_assert!(common::key(6).public_key().verify(&message, &signature).is_err());
    }

    #[test]
    fn a_ciphertext_opens_whole_or_not_at_all(message in proptest::collection::vec(any::<u8>(), 1..200), flip in any::<proptest::sample::Index>(), bit in 0..8_u8) {
        let key = key(5);
        let ciphertext = key.public_key().encrypt(&message).unwrap();
        prop_assert_eq!(&*key.decrypt(&ciphertext).unwrap(), &message);
        for mut bytes in [ciphertext.to_bytes(), ciphertext.to_der().unwrap()] {
            prop_assert_eq!(&Ciphertext::read(&bytes).unwrap(), &ciphertext);
            let place = flip.index(bytes.len());
            bytes[place] ^= 1 << bit;
            if let Ok(changed) = Ciphertext::read(&bytes) {
                prop_assert!(key.decrypt(&changed).is_err());
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Signature::from_der(&bytes);
        let _ = Ciphertext::read(&bytes);
        let _ = PublicKey::from_bytes(&bytes);
        let _ = PrivateKey::from_pkcs8_der(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = PrivateKey::from_pem(&text, Some(b""));
        let _ = PrivateKey::from_pem(&format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"), None);
    }
}
