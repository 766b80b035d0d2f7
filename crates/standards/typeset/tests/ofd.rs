//! The same layout as OFD and PDF: same text, same places.

mod common;

use common::{Shelf, at, typesetter};
use ofd::{Ofd, render::Fonts};
use serde_json::json;
use typeset::{Extras, Template};

/// Letters without white space.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every template with every sample: the OFD says what the PDF says, in the same order, and shows it without other fonts.
#[test]
fn every_template_says_the_same_in_both() {
    for system in ["cases", "licences"] {
        let shelf = Shelf::of(system);
        for name in shelf.samples() {
            let data = shelf.sample(&name);
            // Kinds of licences share one template.
            let template = if system == "licences" { "licence" } else { &name };
            let (pdf, made) = shelf.both(template, &data).unwrap();
            assert_eq!(pdf.pages, made.pages, "{name}");
            let ofd = Ofd::read(&made.bytes).unwrap();
            assert_eq!(ofd.documents[0].warnings, Vec::<String>::new());
            let text: String = (1..=made.pages).map(|page| ofd.page_text(page).unwrap()).collect();
            let Some(expected) = common::text(&pdf) else { return };
            let (mut ours, mut theirs): (Vec<char>, Vec<char>) = (dense(&text).chars().collect(), expected.chars().collect());
            // The order of columns is a matter of taste; the letters are not.
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours.into_iter().collect::<String>(), theirs.into_iter().collect::<String>(), "{name}");
            let picture = ofd.render(1, 80.0, &Fonts::default()).unwrap();
            assert_eq!(picture.notes, Vec::<String>::new(), "{name}");
            common::keep(&format!("{name}.ofd.png"), &picture.png().unwrap());
            common::keep(&format!("{name}.ofd"), &made.bytes);
            common::keep(&format!("{name}.pdf"), &pdf.bytes);
        }
    }
}

/// Words stand where poppler finds them in the PDF.
#[test]
fn words_stand_at_the_same_places() {
    let template = Template {
        main: "#import \"/official.typ\": *\n#show: official.with(title: field(\"title\"), issuer: field(\"body\"))\n#field(\"text\")\n\n#rotate(-30deg)[斜]",
        files: &[],
    };
    let data = json!({ "title": "关于来函的复函", "body": "桂林市示例局", "text": "来函收悉 office 2026。", "demo": true });
    let (pdf, made) = typesetter().both(&template, &data, at(), Extras::default()).unwrap();
    let ofd = Ofd::read(&made.bytes).unwrap();
    let Some(words) = common::words(&pdf) else { return };
    let lines = ofd.lines(1).unwrap();
    let mut found = 0;
    for (word, x, top, bottom) in words.iter().filter(|(word, ..)| ["桂林市示例局", "关于来函的复函"].contains(&word.as_str())) {
        let span = lines.iter().flat_map(|line| &line.spans).find(|span| span.text.trim() == word).unwrap_or_else(|| panic!("{word}: {lines:?}"));
        assert!((span.x - x).abs() < 0.2, "{word}: {} and {x}", span.x);
        assert!((top - 1.0..bottom + 1.0).contains(&span.y), "{word}: {} in {top}–{bottom}", span.y);
        found += 1;
    }
    assert_eq!(found, 2, "{words:?}");
    assert!(dense(&ofd.page_text(1).unwrap()).contains("来函收悉office2026。"));
}

#[test]
fn facts_files_and_the_qr_code_come_along() {
    let template = Template { main: "#import \"/official.typ\": *\n#show: official.with(title: \"证\", issuer: \"示例局\")\n#qr(\"扫码核验\")", files: &[] };
    let data = json!({ "qr": "https://example.invalid/v/1" });
    let extras = Extras {
        custom: vec![("证照编号".into(), "示例-1".into())],
        attachments: vec![ofd::write::Attached { name: "数据".into(), format: "json".into(), visible: false, content: b"{}".to_vec() }],
        tags: Vec::new(),
    };
    let made = typesetter().ofd(&template, &data, at(), extras.clone()).unwrap();
    assert_eq!(made.bytes, typesetter().ofd(&template, &data, at(), extras).unwrap().bytes, "the same input gives the same bytes");
    let ofd = Ofd::read(&made.bytes).unwrap();
    let info = &ofd.documents[0].info;
    assert_eq!((info.title.as_str(), info.author.as_str(), info.creation_date.as_str()), ("证", "示例局", "2026-03-02"));
    assert_eq!(info.custom, [("证照编号".to_owned(), "示例-1".to_owned())]);
    assert_eq!(ofd.bytes(&ofd.documents[0].attachments[0].path).unwrap(), b"{}");
    // The code is a path of many squares, about 21 mm wide.
    let page = ofd.page(&ofd.documents[0], 0).unwrap();
    let code = page.layers[0].content.iter().filter(|object| matches!(&object.kind, ofd::Kind::Path(path) if path.segments.len() > 500)).max_by(|a, b| a.boundary.width.total_cmp(&b.boundary.width));
    let width = code.expect("the QR code").boundary.width;
    assert!((15.0..21.5).contains(&width), "{width}");
}

#[test]
fn what_ofd_has_no_form_for_is_refused() {
    let template = Template { main: "#rect(fill: gradient.linear(red, blue))", files: &[] };
    assert!(matches!(typesetter().ofd(&template, &json!({}), at(), Extras::default()), Err(typeset::Error::Ofd(_))));
    assert!(typesetter().pdf(&template, &json!({}), at()).is_ok());
}
