//! The engine: fonts, data, time, errors.

mod common;

use std::time::Instant;

use chrono::TimeDelta;
use common::{at, contains, fonts, text, typesetter};
use proptest::prelude::*;
use serde_json::{Value, json};
use typeset::{Error, Template, Typesetter};

const LETTER: Template<'_> = Template {
    main: r#"#import "/official.typ": *
#show: official.with(title: "复函", issuer: field("body"), number: field("number"))
#addressee(field("to"))
#paragraphs(field("text", otherwise: ""))
#signature(field("body"), date(field("date")), caption: "扫码核验")
"#,
    files: &[],
};

fn letter(text: &str) -> Value {
    json!({
        "demo": true, "body": "桂林市示例局", "number": "示例函〔2026〕1号", "to": "韦小明", "text": text, "date": "2026-03-02",
    })
}

#[test]
fn a_letter_is_archivable_and_its_text_can_be_read() {
    let pdf = typesetter()
        .pdf(&LETTER, &letter("来函收悉。\n特此函复。"), at())
        .unwrap();
    assert_eq!(pdf.pages, 1);
    assert!(pdf.missing.is_empty());
    assert!(pdf.bytes.starts_with(b"%PDF-1."));
    for part in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "复函",
    ] {
        assert!(contains(&pdf.bytes, part), "{part}");
    }
    if let Some(text) = text(&pdf) {
        for part in [
            "桂林市示例局",
            "示例函〔2026〕1号",
            "韦小明：",
            "来函收悉。",
            "特此函复。",
            "2026年3月2日",
            "第1页，共1页",
        ] {
            assert!(text.contains(part), "{part} not in {text}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_time_is_part_of_it() {
    let set = |text, at| typesetter().pdf(&LETTER, &letter(text), at).unwrap().bytes;
    let first = set("甲", at());
    let own = Typesetter::new(fonts()).unwrap();
    assert!(
        first == own.pdf(&LETTER, &letter("甲"), at()).unwrap().bytes,
        "another engine, other bytes"
    );
    assert!(first != set("乙", at()));
    assert!(first != set("甲", at() + TimeDelta::seconds(1)));
    assert!(contains(&first, "2026-03-02T02:05:00"));
}

#[test]
fn several_threads_share_one_engine() {
    let alone = typesetter()
        .pdf(&LETTER, &letter("甲"), at())
        .unwrap()
        .bytes;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    typesetter()
                        .pdf(&LETTER, &letter("甲"), at())
                        .unwrap()
                        .bytes
                })
            })
            .collect();
        for one in all {
            assert!(one.join().unwrap() == alone);
        }
    });
}

#[test]
fn data_is_never_markup() {
    let hostile = "*粗* #panic(\"x\") $x$ #read(\"/official.typ\") ]}) \\ // <a> \" ` @b 完";
    let pdf = typesetter().pdf(&LETTER, &letter(hostile), at()).unwrap();
    if let Some(text) = text(&pdf) {
        let expected: String = hostile.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&expected), "{text}");
    }
}

#[test]
fn a_qr_code_stands_where_data_asks_for_one() {
    let mut data = letter("甲");
    let without = typesetter().pdf(&LETTER, &data, at()).unwrap();
    data["qr"] = json!("https://demo.example.invalid/c/1");
    let with = typesetter().pdf(&LETTER, &data, at()).unwrap();
    if let (Some(without), Some(with)) = (text(&without), text(&with)) {
        assert!(!without.contains("扫码核验") && with.contains("扫码核验"));
    }
    data["qr"] = json!("x".repeat(3000));
    assert!(matches!(
        typesetter().pdf(&LETTER, &data, at()),
        Err(Error::Qr(3000))
    ));
}

#[test]
fn characters_no_font_has_are_reported() {
    let pdf = typesetter()
        .pdf(&LETTER, &letter("桂林\u{10FFFD}\u{1F600}"), at())
        .unwrap();
    assert_eq!(pdf.missing, ['\u{1F600}', '\u{10FFFD}']);
    if let Some(text) = text(&pdf) {
        assert!(text.contains("桂林〓〓"), "{text}");
    }
}

#[test]
fn faults_name_their_place() {
    let set = |main, files: &[(&str, &str)]| {
        typesetter().pdf(&Template { main, files }, &json!({}), at())
    };
    let message =
        |result: typeset::Result<_>| result.map(|_: typeset::Pdf| ()).unwrap_err().to_string();
    assert_eq!(
        message(set("甲\n#nothing", &[])),
        "template: /main.typ:2: unknown variable: nothing"
    );
    let broken = [("/part.typ", "#let a = 1\n#let b = a.x")];
    assert!(
        message(set("#import \"/part.typ\": *", &broken)).starts_with("template: /part.typ:2: ")
    );
    assert!(message(set("#read(\"/etc/passwd\")", &[])).contains("not found"));
    assert!(message(set("#import \"@preview/cetz:0.3.0\"", &[])).contains("not found"));
    assert!(matches!(
        set("", &[("../up.typ", "")]),
        Err(Error::FileName(_))
    ));
}

#[test]
fn only_fonts_are_fonts() {
    assert!(matches!(Typesetter::new(vec![]), Err(Error::NoFont)));
    assert!(matches!(
        Typesetter::new(vec![fonts().remove(0), b"wOF2".to_vec()]),
        Err(Error::Font(1))
    ));
}

/// Not a benchmark, only a floor against a slip by an order of magnitude; prints what it measured.
#[test]
fn a_page_takes_milliseconds() {
    let engine = typesetter();
    engine.pdf(&LETTER, &letter("先热身。"), at()).unwrap();
    let start = Instant::now();
    for n in 0..20 {
        engine
            .pdf(&LETTER, &letter(&format!("第{n}号来函收悉。")), at())
            .unwrap();
    }
    let each = start.elapsed() / 20;
    eprintln!("one page: {each:?}");
    assert!(each.as_millis() < 1000, "{each:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// No text of a citizen, however odd, breaks a document.
    #[test]
    fn any_text_can_be_set(text: String, number: Option<String>, name in "\\PC{0,60}") {
        let mut data = letter(&text);
        data["number"] = json!(number);
        data["to"] = json!(name);
        let pdf = typesetter().pdf(&LETTER, &data, at());
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
    }
}
