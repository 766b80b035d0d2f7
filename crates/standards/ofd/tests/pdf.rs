//! Conversion to PDF, looked at with poppler where it is installed.
#![cfg(feature = "pdf")]

mod common;

use std::process::Command;

use common::{SAMPLES, fonts, keep, sample};
use ofd::{Ofd, render::Fonts};

/// What a poppler program prints about a file; `None` with a notice where it is missing.
fn poppler(program: &str, arguments: &[&str], path: &std::path::Path) -> Option<String> {
    match Command::new(program).args(arguments).arg(path).arg("-").output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(_) => {
            eprintln!("skipped: {program} (poppler-utils) is not here");
            None
        }
    }
}

#[test]
fn text_stays_text() {
    let Some(files) = fonts() else { return };
    let fonts = Fonts::new(files).unwrap();
    for name in SAMPLES {
        let Some(bytes) = sample(name) else { continue };
        let ofd = Ofd::read(&bytes).unwrap();
        let pdf = ofd.to_pdf(&fonts).unwrap();
        assert_eq!(pdf.bytes, ofd.to_pdf(&fonts).unwrap().bytes, "equal input gives equal bytes");
        let path = keep(&name.replace(".ofd", ".pdf"), &pdf.bytes);
        let Some(text) = poppler("pdftotext", &["-layout"], &path) else { return };
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let expected: &[&str] = if name == "v4signed.ofd" { &["重庆增值税电子普通发票", "科游迈利有限公司", "叁佰壹拾捌圆整", "9150010807MGZHI002"] } else { &["你好呀，OFDReader&Writer！"] };
        for part in expected {
            assert!(text.contains(part), "{name}: {part} is not in {text}");
        }
    }
}
