//! Published test vectors: GB/T 32905 (SM3), GB/T 32907 (SM4), RFC 8998 (SM4-GCM).

use gm::{Sm3, Sm4Gcm, hmac_sm3, sm3, sm3_hex, verify};
use sm4::cipher::{BlockCipherEncrypt, KeyInit};

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

#[test]
fn sm3_of_the_standard() {
    assert_eq!(
        sm3_hex(b""),
        "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    );
    assert_eq!(
        sm3_hex(b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    let long = "abcd".repeat(16);
    assert_eq!(
        sm3_hex(long.as_bytes()),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    );
    let mut pieces = Sm3::new();
    pieces.update(b"a");
    pieces.update(b"");
    pieces.update(b"bc");
    assert_eq!(pieces.finish(), sm3(b"abc"));
}

#[test]
fn hmac_sm3_of_abc() {
    let key: Vec<u8> = (0x01..=0x20).collect();
    let tag = bytes("44809d3ff5336f44071be1917887380730ae145f940a53819279801784c65e17");
    assert_eq!(hmac_sm3(&key, b"abc"), tag);
    assert!(verify(&key, b"abc", &tag));
    assert!(!verify(&key, b"abd", &tag));
    assert!(!verify(&key, b"abc", &tag[..31]));
    assert!(!verify(&key, b"abc", b""));
}

/// RFC 2104: a key longer than one block is replaced by its hash.
#[test]
fn hmac_hashes_long_keys() {
    for len in [63, 64] {
        let key = vec![7; len];
        assert_ne!(hmac_sm3(&key, b"x"), hmac_sm3(&sm3(&key), b"x"));
    }
    assert_eq!(hmac_sm3(&[7; 65], b"x"), hmac_sm3(&sm3(&[7; 65]), b"x"));
}

#[test]
fn sm4_of_the_standard() {
    let text = bytes("0123456789abcdeffedcba9876543210");
    let cipher = sm4::Sm4::new(&text.into());
    let mut block = text.into();
    cipher.encrypt_block(&mut block);
    assert_eq!(hex::encode(block), "681edf34d206965e86b3e94f536e4246");
    for _ in 1..1_000_000 {
        cipher.encrypt_block(&mut block);
    }
    assert_eq!(hex::encode(block), "595298c7c6fd271f0402f804c33d3f66");
}

#[test]
fn sm4_gcm_of_rfc_8998() {
    let cipher = Sm4Gcm::new(&bytes("0123456789abcdeffedcba9876543210"));
    let nonce = bytes("00001234567800000000abcd");
    let aad: [u8; 20] = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let plaintext: Vec<u8> = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa]
        .into_iter()
        .flat_map(|byte| [byte; 8])
        .collect();
    let sealed = cipher.seal(&nonce, &aad, &plaintext).unwrap();
    assert_eq!(
        hex::encode(&sealed),
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
         d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
         83de3541e4c2b58177e065a9bf7b62ec"
    );
    assert_eq!(cipher.open(&nonce, &aad, &sealed).unwrap(), plaintext);
}
