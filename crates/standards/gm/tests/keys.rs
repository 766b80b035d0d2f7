//! Key files and what a key set gives away.

use gm::{Error, Keys};

#[test]
fn a_key_file_is_made_once_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(Keys::load(&path), Err(Error::KeyFile { .. })));
    let made = Keys::create(&path).unwrap();
    let sealed = made.seal(b"here", b"secret").unwrap();
    assert_eq!(
        Keys::load(&path).unwrap().open(b"here", &sealed).unwrap(),
        b"secret"
    );
    assert!(
        matches!(Keys::create(&path), Err(Error::KeyFile { .. })),
        "an existing key must survive"
    );
    assert_eq!(
        Keys::load(&path).unwrap().open(b"here", &sealed).unwrap(),
        b"secret"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn only_64_hexadecimal_digits_are_a_key() {
    let good = "0123456789abcdefABCDEF0123456789".repeat(2);
    assert!(Keys::from_hex(&good).is_ok());
    assert!(Keys::from_hex(&format!("\n {good}\r\n")).is_ok());
    for bad in [
        "",
        &good[1..],
        &format!("{good}00"),
        &good.replace('a', "g"),
        "桂林",
    ] {
        assert!(matches!(Keys::from_hex(bad), Err(Error::KeyText)), "{bad}");
    }
}

/// Stored data must stay readable for ever: this fixes the derivation and the format.
#[test]
fn derivation_never_changes() {
    let keys = Keys::new(&[1; 32]);
    let sealed = hex::decode(SEALED).unwrap();
    assert_eq!(
        keys.open(b"party:1:phone", &sealed).unwrap(),
        b"13800000000"
    );
    assert_eq!(
        hex::encode(keys.index("party.phone", b"13800000000")),
        INDEX
    );
    assert_eq!(hex::encode(keys.token("session", b"1")), TOKEN);
}

// Computed with the OpenSSL command line (HMAC-SM3) and the RFC 8998 mode above.
const SEALED: &str =
    "01050505050505050505050505fe646ebd1d933dcfe99d115f98e39d5ca031efe29ef5b3fc5d6f07";
const INDEX: &str = "5b6236595a7e1ae53fa3ca1687fafddc6ec5ecf95f34af805d193fbbf16a4352";
const TOKEN: &str = "08f08ab06db102d6257061eb991b14853773fe4e4ae0afffd6376edd5838d244";

#[test]
fn equal_texts_never_look_equal() {
    let keys = Keys::random().unwrap();
    assert_ne!(keys.seal(b"", b"x").unwrap(), keys.seal(b"", b"x").unwrap());
}

#[test]
fn debug_tells_nothing() {
    assert_eq!(format!("{:?}", Keys::new(&[1; 32])), "Keys(..)");
    assert_eq!(format!("{:?}", gm::Sm4Gcm::new(&[1; 16])), "Sm4Gcm(..)");
}
