//! Any text as the objects of a page, so that the fuzzer need not learn ZIP first.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use ofd::{Limits, Ofd, render::Fonts};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const OFD: &str = "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>";
const DOCUMENT: &str = "<Document><CommonData><PageArea><PhysicalBox>0 0 50 50</PhysicalBox></PageArea><PublicRes>R.xml</PublicRes></CommonData><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>";

fuzz_target!(|text: (&str, &str)| {
    let (objects, resources) = text;
    let page = format!("<Page><Content><Layer>{objects}</Layer></Content></Page>");
    let resources = format!("<Res>{resources}</Res>");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("OFD.xml", OFD), ("D.xml", DOCUMENT), ("P.xml", &page), ("R.xml", &resources)] {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        if writer.start_file(name, options).and_then(|()| Ok(writer.write_all(content.as_bytes())?)).is_err() {
            return;
        }
    }
    let Ok(file) = writer.finish() else { return };
    let limits = Limits { pixels: 1_000_000, steps: 20_000, ..Limits::default() };
    let Ok(ofd) = Ofd::read_with(&file.into_inner(), limits) else { return };
    let _ = ofd.lines(1);
    let _ = ofd.render(1, 20.0, &Fonts::default());
    let _ = ofd.to_pdf(&Fonts::default());
});
