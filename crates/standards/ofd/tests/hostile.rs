//! Files made to hurt: each ends in a typed error, soon.

mod common;

use std::time::{Duration, Instant};

use common::{SAMPLES, entries, package, page, sample, zip, zip_owned};
use ofd::{Error, Limits, Ofd, Package, sign};
use proptest::prelude::*;

/// Everything this crate can do with a file.
fn everything(bytes: &[u8]) -> Result<(), Error> {
    let verified = sign::verify(bytes, Limits::default(), &sign::DigestsOnly);
    let _ = sign::append(bytes, &sign::Draft::default(), |_| Ok(vec![1]));
    let ofd = Ofd::read(bytes)?;
    for number in 1..=ofd.pages().len() {
        ofd.lines(number)?;
        #[cfg(feature = "render")]
        ofd.render(number, 20.0, &ofd::render::Fonts::default())?;
    }
    #[cfg(feature = "pdf")]
    ofd.to_pdf(&ofd::render::Fonts::default())?;
    verified.map(|_| ())
}

fn soon(bytes: &[u8]) -> Result<(), Error> {
    let start = Instant::now();
    let outcome = everything(bytes);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {outcome:?}", start.elapsed());
    outcome
}

#[test]
fn no_archive() {
    for bytes in [&b""[..], b"PK", b"%PDF-1.7", &[0; 100]] {
        assert!(matches!(Ofd::read(bytes), Err(Error::Container(_))));
    }
    assert_eq!(Ofd::read(&zip(&[("a.txt", b"a")])).unwrap_err(), Error::Missing("/OFD.xml".into()));
}

#[test]
fn bombs() {
    let zeros = vec![b' '; 80 << 20];
    assert_eq!(soon(&zip(&[("OFD.xml", &zeros)])), Err(Error::Limit("部件大小")));
    let limits = Limits { part_bytes: 1 << 30, ..Limits::default() };
    assert_eq!(Package::open(&zip(&[("OFD.xml", &zeros)]), limits).unwrap_err(), Error::Limit("压缩比"));
    let many: Vec<_> = (0..25_000).map(|n| (format!("p{n}"), Vec::new())).collect();
    assert_eq!(soon(&zip_owned(&many)), Err(Error::Limit("部件数")));
}

#[test]
fn names() {
    for name in ["../OFD.xml", "a/../../b", "C:\\a", "a\0b"] {
        assert!(matches!(Package::open(&zip(&[(name, b"a")]), Limits::default()), Err(Error::Name(_))), "{name}");
    }
    let twice = zip(&[("Doc_0/A.xml", b"a"), ("Doc_0/a.XML", b"b")]);
    assert!(matches!(Package::open(&twice, Limits::default()), Err(Error::Name(_))));
    // The same name twice: made by hand, as no writer does it.
    let mut bytes = zip(&[("Doc_0/A.xml", b"first"), ("Doc_0/B.xml", b"second")]);
    let places: Vec<_> = (0..bytes.len() - 11).filter(|at| &bytes[*at..at + 11] == b"Doc_0/B.xml").collect();
    for at in places {
        bytes[at + 6] = b'A';
    }
    assert!(matches!(Package::open(&bytes, Limits::default()), Err(Error::Name(_))));
    // A reference out of the package.
    let ofd = br#"<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"#;
    assert!(matches!(Ofd::read(&zip(&[("OFD.xml", ofd)])), Err(Error::Name(_) | Error::Missing(_))));
}

#[test]
fn xml() {
    let laughs = br#"<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><OFD>&y;</OFD>"#;
    assert!(matches!(Ofd::read(&zip(&[("OFD.xml", laughs)])), Err(Error::Xml { .. })));
    let outside = br#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><OFD/>"#;
    assert!(matches!(Ofd::read(&zip(&[("OFD.xml", outside)])), Err(Error::Xml { .. })));
    let deep = "<a>".repeat(200_000);
    assert_eq!(soon(&zip(&[("OFD.xml", deep.as_bytes())])), Err(Error::Limit("XML 嵌套深度")));
    // Deeper than it looks: closing tags inside CDATA fool a count of tags.
    let sly: String = format!("{}<b/>{}", "<a><![CDATA[</a>]]>".repeat(40_000), "</a>".repeat(40_000));
    assert!(soon(&zip(&[("OFD.xml", sly.as_bytes())])).is_err());
    let wide = format!("<OFD {}/>", (0..50_000).map(|n| format!("a{n}=''")).collect::<Vec<_>>().join(" "));
    assert_eq!(soon(&zip(&[("OFD.xml", wide.as_bytes())])), Err(Error::Limit("XML 属性数")));
    let spaces = format!("<OFD>{}</OFD>", (0..5_000).map(|n| format!("<a xmlns:n{n}='u'>")).collect::<String>() + &"</a>".repeat(5_000));
    assert!(matches!(soon(&zip(&[("OFD.xml", spaces.as_bytes())])), Err(Error::Limit(_))));
    assert!(matches!(Ofd::read(&zip(&[("OFD.xml", b"\xFF\xFEO\0F\0")])), Err(Error::Xml { .. })));
}

#[test]
fn numbers() {
    for boundary in ["0 0 1e300 1", "0 0 NaN 1", "0 0 inf 1", "0 0 -1 1", "0 0 1", "0 0 999999999 1", "a b c d"] {
        let bytes = page(&format!(r#"<ofd:PathObject Boundary="{boundary}"><ofd:AbbreviatedData>M 0 0 L 1 1</ofd:AbbreviatedData></ofd:PathObject>"#), "");
        assert!(matches!(soon(&bytes), Err(Error::Value { .. })), "{boundary}");
    }
    // A million steps asked for by a few characters, a million times over.
    let text = r#"<ofd:TextObject Boundary="0 0 50 50" Font="1" Size="3"><ofd:TextCode X="0" Y="3" DeltaX="g 4000000000 1">ab</ofd:TextCode></ofd:TextObject>"#;
    soon(&page(&text.repeat(5_000), "")).unwrap();
    // A page as large as a village.
    let huge = package("<ofd:Area><ofd:PhysicalBox>0 0 100000 100000</ofd:PhysicalBox></ofd:Area>", "", "");
    let outcome = soon(&huge);
    assert!(cfg!(not(feature = "render")) || outcome == Err(Error::Limit("图像像素数")), "{outcome:?}");
}

#[test]
fn drawing_for_ever() {
    // Composites that hold each other; each level ten times.
    let unit = |id: u32, inner: u32| {
        let objects = format!(r#"<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="{inner}"/>"#).repeat(10);
        format!(r#"<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="{id}" Width="9" Height="9"><ofd:Content>{objects}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"#)
    };
    let object = r#"<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="10"/>"#;
    assert!(matches!(soon(&page(object, &(unit(10, 11) + &unit(11, 10)))), Err(Error::Cycle(_) | Error::Limit(_))));
    // No cycle, but a tree of 10^9 leaves.
    let tree: String = (10..20).map(|id| unit(id, id + 1)).collect();
    assert!(matches!(soon(&page(object, &tree)), Err(Error::Limit(_))));
    // Draw parameters based on each other.
    let params = r#"<ofd:DrawParams><ofd:DrawParam ID="5" Relative="6"/><ofd:DrawParam ID="6" Relative="5"/></ofd:DrawParams>"#;
    let drawn = r#"<ofd:PathObject DrawParam="5" Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 L 9 9</ofd:AbbreviatedData></ofd:PathObject>"#;
    let outcome = soon(&page(drawn, params));
    assert!(cfg!(not(feature = "render")) || outcome == Err(Error::Cycle(5)), "{outcome:?}");
    // Page blocks inside each other.
    let blocks = format!("{}{}", "<ofd:PageBlock>".repeat(100), "</ofd:PageBlock>".repeat(100));
    assert!(matches!(soon(&page(&blocks, "")), Err(Error::Limit(_))));
    // A template that names itself: templates are taken from the page only, so this is no cycle.
    let own = package(r#"<ofd:Template TemplateID="7"/>"#, "", r#"<ofd:TemplatePage ID="7" BaseLoc="Pages/Page_0/Content.xml"/>"#);
    soon(&own).unwrap();
    // Dashes of nearly nothing along a long line.
    let dashes = r#"<ofd:PathObject Boundary="0 0 90 90" DashPattern="0.000001 0.000001" LineWidth="1"><ofd:AbbreviatedData>M 0 0 L 90000 90000</ofd:AbbreviatedData></ofd:PathObject>"#;
    soon(&page(&dashes.repeat(50), "")).unwrap();
    // Images that claim to be larger than they are.
    let outcome = soon(&page(r#"<ofd:ImageObject Boundary="0 0 9 9" CTM="9 0 0 9 0 0" ResourceID="99"/>"#, ""));
    assert_eq!(outcome, Ok(()));
}

#[test]
fn missing_parts() {
    let Some(bytes) = sample("v4signed.ofd") else { return };
    let parts = entries(&bytes);
    for at in 0..parts.len() {
        let mut fewer = parts.clone();
        let (name, _) = fewer.remove(at);
        let path = format!("/{name}");
        let report = sign::verify(&zip_owned(&fewer), Limits::default(), &sign::DigestsOnly);
        match report {
            Ok(report) if !path.contains("/Signs/") => assert_eq!(report.tampered(), [path.as_str()]),
            Ok(report) => assert!(report.state() == Some(sign::State::Invalid), "{path}"),
            Err(error) => assert_eq!(error, Error::Missing(path.clone())),
        }
        let read = Ofd::read(&zip_owned(&fewer)).and_then(|ofd| ofd.page_text(1));
        let needed = ["/OFD.xml", "/Doc_0/Document.xml", "/Doc_0/Pages/Page_0/Content.xml"].contains(&path.as_str());
        assert_eq!(read.is_err(), needed, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Random bytes changed inside parts of real files.
    #[test]
    fn mutated_parts(file in 0..SAMPLES.len(), part in any::<prop::sample::Index>(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        if let Some(bytes) = sample(SAMPLES[file]) {
            let mut parts = entries(&bytes);
            let at = part.index(parts.len());
            let content = &mut parts[at].1;
            for (place, byte) in edits {
                let place = place.index(content.len());
                content[place] = byte;
            }
            let _ = soon(&zip_owned(&parts));
        }
    }

    /// Numbers of real files replaced by others.
    #[test]
    fn mutated_numbers(part in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), number in prop::sample::select(vec!["0", "-1", "1e9", "131072", "0.0000001", "4294967296", "", "g 999999999", "NaN"])) {
        if let Some(bytes) = sample("v4signed.ofd") {
            let mut parts = entries(&bytes);
            parts.retain(|(name, _)| !name.contains("Signs"));
            let at = part.index(parts.len());
            if let Ok(text) = String::from_utf8(parts[at].1.clone()) {
                let starts: Vec<_> = text.match_indices('"').map(|(at, _)| at).collect();
                if let Some(start) = (!starts.is_empty()).then(|| starts[place.index(starts.len())]) {
                    let end = text[start + 1..].find(['"', ' ']).map_or(text.len(), |end| start + 1 + end);
                    parts[at].1 = format!("{}{number}{}", &text[..=start], &text[end..]).into_bytes();
                }
            }
            let _ = soon(&zip_owned(&parts));
        }
    }

    /// Random bytes changed in the archive itself.
    #[test]
    fn mutated_archives(file in 0..SAMPLES.len(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut in prop::option::of(any::<prop::sample::Index>())) {
        if let Some(mut bytes) = sample(SAMPLES[file]) {
            for (place, byte) in edits {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = soon(&bytes);
        }
    }
}
