//! Any bytes as a signed file: verified, and signed once more. What was appended must verify.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ofd::{Limits, sign};

fuzz_target!(|bytes: &[u8]| {
    let _ = sign::picture(bytes);
    let before = sign::verify(bytes, Limits::default(), &sign::DigestsOnly);
    if let Ok(after) = sign::append(bytes, &sign::Draft::default(), |to_sign| Ok(sign::Digest::Sm3.of(to_sign.content))) {
        let after = sign::verify(&after, Limits::default(), &sign::DigestsOnly).expect("what was appended can be read");
        assert_eq!(after.signatures.len(), before.map_or(0, |report| report.signatures.len()) + 1);
    }
});
