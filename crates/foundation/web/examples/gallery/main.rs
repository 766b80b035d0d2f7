//! Writes sample pages made of every component, to be looked at and checked without a server or data:
//! `cargo run -p web --example gallery -- OUTDIR [DIST]`, where DIST holds the built front end (`web/dist` when not given).
//! All persons, numbers and cases in it are made up.

mod public;
mod workbench;

use std::{fs, io, path::Path};

use web::components::Page;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next() else {
        eprintln!("usage: gallery OUTDIR [DIST]");
        std::process::exit(2);
    };
    let dist = arguments.next().unwrap_or_else(|| "web/dist".to_owned());
    let out = Path::new(&out);
    fs::create_dir_all(out.join("assets"))?;
    for (name, page) in pages() {
        fs::write(out.join(format!("{name}.html")), page.document().into_string())?;
    }
    for file in fs::read_dir(dist)? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::copy(file.path(), out.join("assets").join(file.file_name()))?;
        }
    }
    Ok(())
}

fn pages() -> Vec<(&'static str, Page)> {
    let mut pages = public::pages();
    pages.extend(workbench::pages());
    pages
}

/// The installation all sample pages belong to.
fn site() -> web::components::Site {
    web::components::Site {
        name: "桂林市通办".to_owned(),
        tagline: "互联网＋政务服务平台".to_owned(),
        consult_phone: "0773-0000000".to_owned(),
        host: "桂林市行政审批局".to_owned(),
        demo: true,
        assets: "assets".to_owned(),
        version: "sample".to_owned(),
    }
}

fn region() -> Option<web::components::RegionChip> {
    Some(web::components::RegionChip {
        name: "桂林市".to_owned(),
        change_href: "#region".to_owned(),
    })
}

fn user(name: &str, role_line: &str) -> Option<web::components::UserChip> {
    Some(web::components::UserChip {
        name: name.to_owned(),
        role_line: role_line.to_owned(),
        home_href: "#me".to_owned(),
        logout_action: "/logout".to_owned(),
        csrf_token: "sample".to_owned(),
    })
}
