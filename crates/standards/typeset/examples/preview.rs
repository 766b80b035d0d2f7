//! Sets every sample of a template folder, to look at while working on templates:
//! `cargo run -p typeset --example preview -- crates/systems/cases/templates web/dist/fonts /some/output/folder`

use std::{env, error::Error, fs, path::Path};

use typeset::{Template, Typesetter};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let (Some(folder), Some(fonts), Some(output)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: preview TEMPLATES FONTS OUTPUT".into());
    };
    let (folder, output) = (Path::new(&folder), Path::new(&output));

    let fonts = files(Path::new(&fonts), "ttf")?
        .into_iter()
        .map(|(_, font)| font)
        .collect();
    let typesetter = Typesetter::new(fonts)?;
    let mut sources = Vec::new();
    for (name, text) in files(folder, "typ")? {
        sources.push((format!("/{name}.typ"), String::from_utf8(text)?));
    }
    let sources: Vec<_> = sources
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();

    fs::create_dir_all(output)?;
    for (name, data) in files(&folder.join("samples"), "json")? {
        let data: serde_json::Value = serde_json::from_slice(&data)?;
        // a sample is named after its template, perhaps with something more: licence_person is for licence
        let template =
            |path: &str| name.starts_with(path.trim_matches('/').trim_end_matches(".typ"));
        let Some((_, main)) = sources.iter().find(|(path, _)| template(path)) else {
            return Err(format!("no template for sample {name}").into());
        };
        let pdf = typesetter.pdf(
            &Template {
                main,
                files: &sources,
            },
            &data,
            chrono::Utc::now(),
        )?;
        println!(
            "{name}: {} page(s), {} bytes, not drawable: {:?}",
            pdf.pages,
            pdf.bytes.len(),
            pdf.missing
        );
        fs::write(output.join(name).with_extension("pdf"), pdf.bytes)?;
    }
    Ok(())
}

/// Name and contents of the files in a folder that end so.
fn files(folder: &Path, end: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == end) {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            found.push((name, fs::read(&path)?));
        }
    }
    found.sort();
    Ok(found)
}
