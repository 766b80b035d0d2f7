//! What the builder writes is read back equal, looks as meant, and is understood by other programs.
#![cfg(all(feature = "write", feature = "render"))]

mod common;

use std::{collections::BTreeMap, process::Command};

use common::{fonts, keep};
use ofd::{
    Annotation, Color, Document, Graphic, Layer, Limits, Matrix, Ofd, Page, PageRef, Rect,
    model::{ClipArea, ColorKind, ColorSpace, Composite, DrawParam, Font, Gradient, GlyphMap, Kind, LineStyle, Media, Order, OutlineItem, Paint, Path, Segment, TemplateRef, Text, TextCode},
    render::Fonts,
    sign,
    write::{Attached, Builder, Glyph, Tag, qr_path, write},
};
use proptest::prelude::*;

const LETTER: &str = "桂林市示例局关于来函的复函 No.(2026)7";

fn letter() -> Option<Vec<u8>> {
    let mut builder = Builder::new(210.0, 297.0);
    builder.info.title = "复函 <示例> & 测试".into();
    builder.info.author = "桂林市示例局".into();
    builder.info.creation_date = "2026-03-02".into();
    builder.info.custom = vec![("文号".into(), "示例〔2026〕7号".into())];
    let mut files = fonts()?.into_iter();
    let regular = builder.font(files.next()?, 0, "Noto Serif SC", false);
    let bold = builder.font(files.next()?, 0, "Noto Serif SC", true);
    let seal = builder.image(red_dot(), "PNG");
    let mut page = builder.page();
    let steps: Vec<f64> = LETTER.chars().map(|c| if c.is_ascii() { 2.5 } else { 5.0 }).collect();
    page.text(bold, 5.0, Color::rgb(192, 0, 0), (30.0, 40.0), LETTER, &steps);
    page.text(regular, 4.0, Color::rgb(0, 0, 0), (30.0, 60.0), "来函收悉。𠮷、〇 fi", &[4.0]);
    page.glyphs(regular, 6.0, Color::rgb(0, 0, 200), Matrix([0.0, 1.0, -1.0, 0.0, 10.0, 0.0]), vec![Glyph { character: '竖', id: None, x: 100.0, y: 100.0 }]);
    page.path(Rect::new(150.0, 240.0, 30.0, 30.0), qr_path("https://example.invalid/v/1", 30.0).ok()?);
    page.image(Rect::new(100.0, 200.0, 40.0, 40.0), seal);
    page.annotation(Annotation { id: None, kind: "Watermark".into(), subtype: String::new(), creator: "示例".into(), visible: true, remark: "r".into(), parameters: vec![("k".into(), "v".into())], boundary: Rect::new(0.0, 0.0, 20.0, 20.0), appearance: Vec::new() });
    builder.push(page);
    let second = builder.page();
    builder.push(second);
    builder.attach(Attached { name: "数据".into(), format: "json".into(), visible: false, content: b"{}".to_vec() });
    builder.tag(Tag { type_id: "示例".into(), content: b"<a/>".to_vec() });
    builder.outline = vec![OutlineItem { title: "一".into(), destination: None, children: vec![] }];
    Some(builder.finish().unwrap())
}

/// A small PNG made here: red circle on nothing.
fn red_dot() -> Vec<u8> {
    let mut rgba = Vec::new();
    for y in 0..40i32 {
        for x in 0..40i32 {
            let inside = (x - 20).pow(2) + (y - 20).pow(2) < 300;
            rgba.extend(if inside { [200, 0, 0, 255] } else { [0; 4] });
        }
    }
    ofd::render::Image { width: 40, height: 40, rgba, notes: vec![] }.png().unwrap()
}

#[test]
fn a_letter_is_read_back() {
    let Some(bytes) = letter() else { return };
    assert_eq!(Some(&bytes), letter().as_ref(), "equal input gives equal bytes");
    let ofd = Ofd::read(&bytes).unwrap();
    let document = &ofd.documents[0];
    assert_eq!(document.warnings, Vec::<String>::new());
    assert_eq!(document.info.title, "复函 <示例> & 测试");
    assert_eq!((document.info.doc_id.len(), document.info.custom.len()), (32, 1));
    assert_eq!(ofd.bytes(&document.attachments[0].path).unwrap(), b"{}");
    assert_eq!(document.custom_tags[0].type_id, "示例");
    assert_eq!(ofd.pages().len(), 2);
    let text = ofd.page_text(1).unwrap();
    assert!(text.contains(LETTER) && text.contains("来函收悉。"), "{text}");
    let line = &ofd.lines(1).unwrap()[0];
    assert_eq!((line.spans[0].x, line.spans[0].y, line.spans[0].size), (30.0, 40.0, 5.0));
    // The fonts were cut to what is used.
    for font in document.resources.fonts.values() {
        let size = ofd.bytes(font.file.as_deref().unwrap()).unwrap().len();
        assert!(size < 60_000, "{size}");
    }
}

#[test]
fn a_letter_looks_as_meant_without_other_fonts() {
    let Some(bytes) = letter() else { return };
    let image = Ofd::read(&bytes).unwrap().render(1, 100.0, &Fonts::default()).unwrap();
    keep("letter.png", &image.png().unwrap());
    keep("letter.ofd", &bytes);
    // 𠮷 is in none of the fonts; everything else is drawn by the embedded subsets.
    assert!(image.notes.iter().all(|note| note.contains('𠮷')), "{:?}", image.notes);
    let red = image.rgba.chunks(4).filter(|pixel| pixel[0] > 150 && pixel[1] < 60).count();
    assert!(red > 500, "{red}");
}

#[test]
fn a_signed_letter_is_valid_and_any_change_is_named() {
    struct Digest;
    impl sign::SignatureVerifier for Digest {
        fn verify(&self, signed: &sign::Signed<'_>) -> Vec<sign::Check> {
            let good = sign::Digest::Sm3.of(signed.content) == signed.value;
            vec![sign::Check::new(sign::Subject::Value, Some(&signed.signature.value), if good { sign::Outcome::Passed } else { sign::Outcome::Failed("x".into()) })]
        }
    }
    let Some(bytes) = letter() else { return };
    let signed = sign::append(&bytes, &sign::Draft { lock: true, ..sign::Draft::default() }, |to_sign| Ok(sign::Digest::Sm3.of(to_sign.content))).unwrap();
    assert_eq!(sign::verify(&signed, Limits::default(), &Digest).unwrap().state(), Some(sign::State::Valid));
    let parts = common::entries(&signed);
    for (index, (name, content)) in parts.iter().enumerate() {
        let mut broken = parts.clone();
        broken[index].1[content.len() / 2] ^= 1;
        let Ok(report) = sign::verify(&common::stored(&broken), Limits::default(), &Digest) else { continue };
        if !report.signatures.is_empty() {
            let path = format!("/{name}");
            let lost = name.ends_with("Signature.xml") || name == "OFD.xml";
            assert!(report.tampered().contains(&path.as_str()) || lost && report.state() == Some(sign::State::Invalid), "{name}: {report:#?}");
        }
    }
}

/// PyPI easyofd, where it is installed for `python3` (or the interpreter in `PEERS_PYTHON`).
///
/// It unpacks into, and afterwards deletes, the path of its working folder up to the first dot in it. So it is given a
/// folder of its own, and none where that path has a dot anywhere.
#[test]
fn another_program_opens_it() {
    let Some(bytes) = letter() else { return };
    let folder = tempfile::Builder::new().prefix("easyofd").tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("letter.ofd");
    if path.parent().unwrap().to_string_lossy().contains('.') {
        eprintln!("skipped: easyofd would delete more than its own files below {}", path.display());
        return;
    }
    std::fs::write(&path, &bytes).unwrap();
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = "
import base64, sys
from easyofd.ofd import OFD
ofd = OFD()
ofd.read(base64.b64encode(open(sys.argv[1], 'rb').read()).decode(), save_xml=False)
print('READ', str(ofd.data[0]['page_info']), str(ofd.data[0]['images'])[:200])
";
    match Command::new(&python).args(["-c", script]).arg(&path).current_dir(path.parent().unwrap()).output() {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            for part in ["桂林市示例局", "来函收悉", "image_3.png"] {
                assert!(text.contains(part), "{part} is not in {text}");
            }
        }
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("No module named 'easyofd'") => eprintln!("skipped: easyofd is not installed"),
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("skipped: no python3"),
    }
}

#[test]
fn a_whole_model_is_read_back_equal() {
    let (document, pages, templates, annotations, files) = everything();
    let bytes = write(&document, &pages, &templates, &annotations, &files).unwrap();
    let ofd = Ofd::read(&bytes).unwrap();
    assert_eq!(ofd.documents, [document.clone()]);
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(ofd.page(&ofd.documents[0], index).unwrap(), *page);
    }
    assert_eq!(ofd.template(&ofd.documents[0], 3).unwrap().unwrap(), templates[&3]);
    assert_eq!(ofd.annotations(&ofd.documents[0], 1).unwrap(), annotations[0].1);
    assert!(write(&document, &pages, &templates, &annotations, &[]).is_err(), "a font without a file");
}

type Whole = (Document, Vec<Page>, BTreeMap<u32, Page>, Vec<(u32, Vec<Annotation>)>, Vec<(String, Vec<u8>)>);

/// Everything the model knows.
fn everything() -> Whole {
    let mut document = Document { root: "/Doc_0/Document.xml".into(), page_area: Rect::new(0.0, 0.0, 210.0, 297.0), max_id: 99, ..Document::default() };
    document.info.doc_id = "0123456789abcdef0123456789abcdef".into();
    document.info.keywords = vec!["a".into(), "b".into()];
    document.pages = vec![PageRef { id: 1, path: "/Doc_0/Pages/Page_0/Content.xml".into() }];
    document.templates.insert(3, TemplateRef { path: "/Doc_0/Tpls/Tpl_0/Content.xml".into(), name: "底版".into(), order: Order::Foreground });
    let resources = &mut document.resources;
    resources.fonts.insert(4, Font { name: "宋体".into(), family: "Serif".into(), serif: true, file: Some("/Doc_0/Res/a.ttf".into()), ..Font::default() });
    resources.color_spaces.insert(5, ColorSpace { kind: ColorKind::Cmyk, bits: 8, palette: vec![vec![1.0, 2.0, 3.0, 4.0]] });
    resources.media.insert(6, Media { kind: "Image".into(), format: "PNG".into(), path: "/Doc_0/Res/b.png".into() });
    resources.draw_params.insert(7, DrawParam { relative: Some(8), line: LineStyle { width: Some(0.5), dash: vec![1.0, 2.0], ..LineStyle::default() }, fill: Some(Color::rgb(1, 2, 3)), stroke: None });
    let gradient = Gradient { start: (0.0, 1.0), end: (2.0, 3.5), radii: Some((0.0, 4.0)), extend: (true, true), stops: vec![(0.0, Color::rgb(0, 0, 0)), (1.0, Color { alpha: 7, ..Color::rgb(9, 9, 9) })] };
    let path = Path {
        stroke: true,
        fill: true,
        even_odd: true,
        fill_color: Some(Color { paint: Paint::Gradient(gradient), alpha: 200 }),
        stroke_color: Some(Color { paint: Paint::Index { index: 2, space: Some(5) }, alpha: 255 }),
        segments: vec![
            Segment::Move(0.0, 0.125),
            Segment::Line(1.0, -2.0),
            Segment::Quad(1.0, 2.0, 3.0, 4.0),
            Segment::Cubic(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
            Segment::Arc { rx: 1.0, ry: 2.0, angle: 30.0, large: true, clockwise: false, x: 3.0, y: 4.0 },
            Segment::Close,
        ],
    };
    let mut text = Text::new(4, 3.5, TextCode { x: 1.0, y: 2.0, delta_x: vec![1.5, 1.5], delta_y: vec![0.0, 1.0], text: "a<&\"'\u{3000} b".into() });
    (text.read_direction, text.char_direction, text.italic, text.stroke, text.h_scale) = (90, 270, true, true, 0.5);
    text.glyphs = vec![GlyphMap { position: 1, characters: 2, glyphs: vec![5, 6] }];
    let mut drawn = Graphic::new(10, Rect::new(1.0, 2.0, 3.0, 4.0), Kind::Path(path.clone()));
    drawn.clips = vec![vec![ClipArea { ctm: Matrix([1.0, 0.0, 0.0, 2.0, 0.0, 0.0]), shape: Box::new(Kind::Path(path.clone())) }]];
    (drawn.alpha, drawn.visible, drawn.draw_param) = (3, false, Some(7));
    let mut block = Graphic::new(11, Rect::default(), Kind::Block(vec![drawn.clone(), Graphic::new(12, Rect::new(0.0, 0.0, 9.0, 9.0), Kind::Text(text))]));
    block.alpha = 255;
    let image = Graphic::new(13, Rect::new(0.0, 0.0, 9.0, 9.0), Kind::Image { resource: 6, mask: Some(6) });
    let unit = Graphic::new(14, Rect::new(0.0, 0.0, 9.0, 9.0), Kind::Composite { resource: 9 });
    document.resources.composites.insert(9, Composite { width: 3.0, height: 4.0, content: vec![drawn] });
    let layer = Layer { id: Some(20), order: Some(Order::Background), draw_param: Some(7), content: vec![block, image.clone(), unit] };
    let page = Page { area: Some(Rect::new(0.0, 0.0, 100.0, 50.0)), templates: vec![(3, Some(Order::Background))], layers: vec![layer], ..Page::default() };
    document.annotations = vec![(1, "/Doc_0/Annots/Page_0/Annotation.xml".into())];
    document.bookmarks = vec![ofd::Bookmark { name: "b".into(), destination: Some(ofd::Destination { page: 1, left: Some(1.0), top: None, zoom: None }) }];
    document.outline = vec![OutlineItem { title: "t".into(), destination: Some(ofd::Destination { page: 1, ..ofd::Destination::default() }), children: vec![OutlineItem { title: "u".into(), destination: None, children: vec![] }] }];
    document.extensions = vec![ofd::Extension { app_name: "a".into(), ref_id: "1".into(), properties: vec![("k".into(), "v".into())] }];
    let annotation = Annotation { id: Some(30), kind: "Stamp".into(), subtype: "S".into(), creator: "c".into(), visible: false, remark: "x".into(), parameters: vec![("k".into(), "v".into())], boundary: Rect::new(1.0, 1.0, 2.0, 2.0), appearance: vec![image] };
    let files = vec![("/Doc_0/Res/a.ttf".into(), vec![1]), ("/Doc_0/Res/b.png".into(), vec![2])];
    (document, vec![page], BTreeMap::from([(3, Page { layers: vec![Layer::default()], ..Page::default() })]), vec![(1, vec![annotation])], files)
}

/// Numbers as documents have them, and texts with anything XML can hold.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![-1000.0..1000.0f64, Just(0.0), (-100_000i32..100_000).prop_map(|n| f64::from(n) / 1000.0)]
}

fn words() -> impl Strategy<Value = String> {
    "[^\u{0}-\u{1F}\u{7F}-\u{9F}\u{FFFE}\u{FFFF}]{1,20}".prop_filter("no white space at the ends, which attributes lose", |text| text.trim() == text && !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_and_path_is_read_back_equal(title in words(), value in words(), run in words(), x in number(), y in number(), steps in prop::collection::vec(number(), 0..10), points in prop::collection::vec((number(), number()), 1..20), alpha in any::<u8>()) {
        let (mut document, mut pages, templates, annotations, files) = everything();
        document.info.title = title;
        document.info.custom = vec![("键".into(), value)];
        let steps: Vec<f64> = steps.into_iter().take(run.chars().count()).collect();
        let text = Text::new(4, 1.0, TextCode { x, y, delta_x: steps.clone(), delta_y: steps, text: run });
        let path = Path { stroke: true, fill: false, even_odd: false, fill_color: None, stroke_color: None, segments: points.iter().map(|(x, y)| Segment::Line(*x, *y)).collect() };
        let mut shape = Graphic::new(50, Rect::new(x, y, x.abs(), y.abs()), Kind::Path(path));
        shape.alpha = alpha;
        pages[0].layers[0].content = vec![Graphic::new(51, Rect::default(), Kind::Text(text)), shape];
        let ofd = Ofd::read(&write(&document, &pages, &templates, &annotations, &files).unwrap()).unwrap();
        prop_assert_eq!(&ofd.documents, &[document]);
        prop_assert_eq!(&ofd.page(&ofd.documents[0], 0).unwrap(), &pages[0]);
    }
}
