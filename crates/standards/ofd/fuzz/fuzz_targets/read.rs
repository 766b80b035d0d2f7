//! Any bytes as a file: read, text, picture, PDF. Start from real files: `fuzz/corpus/read/*.ofd`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ofd::{Limits, Ofd, render::Fonts};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { pixels: 1_000_000, steps: 20_000, total_bytes: 16 << 20, ..Limits::default() };
    let Ok(ofd) = Ofd::read_with(bytes, limits) else { return };
    for number in 1..=ofd.pages().len().min(4) {
        let _ = ofd.lines(number);
        let _ = ofd.render(number, 20.0, &Fonts::default());
    }
    let _ = ofd.to_pdf(&Fonts::default());
});
