//! Pages as pixels. The pictures are kept beside the build (`tmp/`) for a person to look at.
#![cfg(feature = "render")]

mod common;

use common::{SAMPLES, fonts, keep, page, sample};
use ofd::{
    Error, Limits, Ofd,
    render::{Fonts, Image},
};

/// Red, green, blue at a place in millimetres.
fn pixel(image: &Image, dpi: f64, x: f64, y: f64) -> [u8; 3] {
    let at = |mm: f64| (mm * dpi / 25.4) as usize;
    let start = (at(y) * image.width as usize + at(x)) * 4;
    [image.rgba[start], image.rgba[start + 1], image.rgba[start + 2]]
}

/// Whether anything but white is in a rectangle in millimetres.
fn inked(image: &Image, dpi: f64, (left, top, right, bottom): (f64, f64, f64, f64)) -> usize {
    let steps = |from: f64, to: f64| {
        let count = ((to - from) * dpi / 25.4) as usize;
        (0..count).map(move |step| from + step as f64 * 25.4 / dpi)
    };
    steps(top, bottom).flat_map(|y| steps(left, right).map(move |x| (x, y))).filter(|(x, y)| pixel(image, dpi, *x, *y).iter().any(|value| *value < 128)).count()
}

fn draw(objects: &str, resources: &str) -> Image {
    Ofd::read(&page(objects, resources)).unwrap().render(1, 127.0, &Fonts::default()).unwrap() // 5 pixels a millimetre
}

#[test]
fn draws_every_sample() {
    let Some(files) = fonts() else { return };
    let fonts = Fonts::new(files).unwrap();
    for name in SAMPLES {
        let Some(bytes) = sample(name) else { continue };
        let ofd = Ofd::read(&bytes).unwrap();
        let image = ofd.render(1, 150.0, &fonts).unwrap();
        keep(&name.replace(".ofd", ".png"), &image.png().unwrap());
        assert_eq!(image.notes, Vec::<String>::new(), "{name}");
        let expected = if name == "v4signed.ofd" { (1240, 827) } else { (1240, 1754) };
        assert_eq!((image.width, image.height), expected, "{name}");
        if name == "v4signed.ofd" {
            assert!(inked(&image, 150.0, (9.0, 4.0, 28.0, 23.0)) > 1000, "QR code");
            assert_eq!(pixel(&image, 150.0, 100.0, 30.0), [156, 82, 35], "frame of the table");
            assert!(inked(&image, 150.0, (92.0, 9.0, 118.0, 27.0)) > 200, "seal");
        } else {
            assert!(inked(&image, 150.0, (31.0, 25.0, 72.0, 31.0)) > 200, "text");
        }
        if name == "SESV4SignDoc.ofd" {
            assert!(inked(&image, 150.0, (50.0, 50.0, 90.0, 90.0)) > 2000, "seal");
            assert_eq!(inked(&image, 150.0, (91.0, 50.0, 120.0, 90.0)), 0);
        }
    }
}

#[test]
fn paths_fills_and_strokes() {
    let image = draw(
        r#"<ofd:PathObject Boundary="10 10 20 20" Fill="true" Stroke="false"><ofd:FillColor Value="255 0 0"/><ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="40 10 20 20" Fill="true" Stroke="false" Rule="Even-Odd"><ofd:FillColor Value="0 0 255"/><ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C M 5 5 L 15 5 L 15 15 L 5 15 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="10 40 20 0" LineWidth="2"><ofd:StrokeColor Value="0 128 0"/><ofd:AbbreviatedData>M 0 0 L 20 0</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="40 40 20 20" Fill="true" Stroke="false" Alpha="128"><ofd:FillColor Value="0 0 0"/><ofd:AbbreviatedData>M 0 10 A 10 10 0 0 1 20 10 A 10 10 0 0 1 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="70 40 20 20" CTM="10 0 0 10 0 0" Fill="true" Stroke="false"><ofd:FillColor Value="9 9 9"/><ofd:AbbreviatedData>M 0 0 L 9 0 L 9 9 L 0 9 C</ofd:AbbreviatedData></ofd:PathObject>"#,
        "",
    );
    let at = |x, y| pixel(&image, 127.0, x, y);
    assert_eq!(at(20.0, 20.0), [255, 0, 0]);
    assert_eq!(at(35.0, 20.0), [255; 3]);
    assert_eq!(at(42.0, 20.0), [0, 0, 255]);
    assert_eq!(at(50.0, 20.0), [255; 3], "the hole");
    assert_eq!(at(20.0, 40.5), [0, 128, 0], "a line on the edge of a boundary without height");
    assert_eq!(at(20.0, 41.5), [255; 3]);
    assert!((120..136).contains(&at(50.0, 50.0)[0]), "half transparent circle");
    assert_eq!(at(41.0, 41.0), [255; 3], "outside the circle");
    assert_eq!(at(89.0, 59.0), [9; 3], "up to the boundary");
    assert_eq!(at(92.0, 50.0), [255; 3], "and no further");
}

#[test]
fn colours_gradients_and_parameters() {
    let image = draw(
        r#"<ofd:PathObject Boundary="0 0 10 10" Fill="true" Stroke="false" DrawParam="5"><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="20 0 10 10" Fill="true" Stroke="false"><ofd:FillColor Value="0 255 255 0" ColorSpace="8"/><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="40 0 10 10" Fill="true" Stroke="false"><ofd:FillColor Index="1" ColorSpace="9"/><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="0 20 50 10" Fill="true" Stroke="false"><ofd:FillColor><ofd:AxialShd StartPoint="0 0" EndPoint="50 0"><ofd:Segment Position="0"><ofd:Color Value="255 0 0"/></ofd:Segment><ofd:Segment Position="1"><ofd:Color Value="0 0 255"/></ofd:Segment></ofd:AxialShd></ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 50 0 L 50 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
           <ofd:PathObject Boundary="0 40 20 20" Fill="true" Stroke="false"><ofd:FillColor><ofd:RadialShd StartPoint="10 10" EndPoint="10 10" StartRadius="0" EndRadius="10"><ofd:Segment><ofd:Color Value="255 255 255"/></ofd:Segment><ofd:Segment><ofd:Color Value="0 0 0"/></ofd:Segment></ofd:RadialShd></ofd:FillColor><ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 20 20"><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 20 L 0 20 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips><ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"#,
        r##"<ofd:DrawParams><ofd:DrawParam ID="5" Relative="6"/><ofd:DrawParam ID="6"><ofd:FillColor Value="#FF #80 0"/></ofd:DrawParam></ofd:DrawParams>
           <ofd:ColorSpaces><ofd:ColorSpace ID="8" Type="CMYK"/><ofd:ColorSpace ID="9" Type="RGB"><ofd:Palette><ofd:CV>0 0 0</ofd:CV><ofd:CV>0 255 0</ofd:CV></ofd:Palette></ofd:ColorSpace></ofd:ColorSpaces>"##,
    );
    let at = |x, y| pixel(&image, 127.0, x, y);
    assert_eq!(at(5.0, 5.0), [255, 128, 0]);
    assert_eq!(at(25.0, 5.0), [255, 0, 0]);
    assert_eq!(at(45.0, 5.0), [0, 255, 0]);
    assert!(at(1.0, 25.0)[0] > 240 && at(49.0, 25.0)[2] > 240 && (110..145).contains(&at(25.0, 25.0)[0]));
    assert!(at(9.5, 50.0)[0] > 230 && at(1.0, 50.0)[0] < 40);
    assert_eq!(at(15.0, 50.0), [255; 3], "clipped");
}

#[test]
fn refuses_what_is_too_large_and_names_what_it_cannot_draw() {
    let bytes = page(r#"<ofd:ImageObject Boundary="0 0 9 9" CTM="9 0 0 9 0 0" ResourceID="99"/><ofd:TextObject Boundary="0 0 9 9" Font="1" Size="3"><ofd:TextCode X="0" Y="3">字</ofd:TextCode></ofd:TextObject>"#, "");
    let ofd = Ofd::read(&bytes).unwrap();
    let notes = ofd.render(1, 30.0, &Fonts::default()).unwrap().notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert_eq!(ofd.render(1, dpi, &Fonts::default()).unwrap_err(), Error::Limit("图像像素数"));
    }
    let small = Ofd::read_with(&bytes, Limits { pixels: 1000, ..Limits::default() }).unwrap();
    assert!(small.render(1, 30.0, &Fonts::default()).is_err());
    assert_eq!(ofd.render(2, 30.0, &Fonts::default()).unwrap_err(), Error::NoPage(2));
    // The same large area painted over and over.
    let coat = r#"<ofd:PathObject Boundary="0 0 100 100" Fill="true"><ofd:FillColor Value="1 1 1"/><ofd:AbbreviatedData>M 0 0 L 100 0 L 100 100 L 0 100 C</ofd:AbbreviatedData></ofd:PathObject>"#;
    let coats = Ofd::read(&page(&coat.repeat(3000), "")).unwrap();
    assert_eq!(coats.render(1, 254.0, &Fonts::default()).unwrap_err(), Error::Limit("页面绘制量"));
    assert!(Fonts::new(vec![b"not a font".to_vec()]).is_err());
}
