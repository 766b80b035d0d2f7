//! `tongban doc`: documents from templates on the command line, without configuration or database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;
use typeset::{Extras, Template, Typesetter};

use super::ofd::{read, write};

/// What to do with documents.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sets a template with data, as PDF or OFD by the ending of the output file.
    Make {
        /// Typst source; the other `.typ` files of its folder can be imported as `/name.typ`.
        template: PathBuf,
        /// JSON file with the data.
        #[arg(long)]
        data: PathBuf,
        /// File to write, `.pdf` or `.ofd`.
        #[arg(short, long)]
        output: PathBuf,
    },
}

/// Runs one; what goes wrong is one sentence on standard error and exit code 1.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    let Command::Make { template, data, output } = command;
    match make(&template, &data, &output) {
        Ok(missing) => {
            if !missing.is_empty() {
                eprintln!("注意：没有字体可显示字符“{}”，已用〓代替", missing.into_iter().collect::<String>());
            }
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The characters no font could draw.
fn make(template: &Path, data: &Path, output: &Path) -> Result<Vec<char>, String> {
    let ending = output.extension().map(|ending| ending.to_ascii_lowercase());
    let as_ofd = match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("ofd") => true,
        Some("pdf") => false,
        _ => return Err("输出文件名须以 .pdf 或 .ofd 结尾".into()),
    };
    let main = text(template)?;
    let data: Value = serde_json::from_slice(&read(data)?).map_err(|error| format!("数据不是 JSON：{error}"))?;
    let files = neighbours(template)?;
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let template = Template { main: &main, files: &files };
    let typesetter = Typesetter::new(crate::compose::document_fonts()).map_err(|error| format!("字体不可用：{error}"))?;
    let now = chrono::Utc::now();
    let failed = |error: typeset::Error| format!("排版失败：{error}");
    let (bytes, missing) = if as_ofd {
        let made = typesetter.ofd(&template, &data, now, Extras::default()).map_err(failed)?;
        (made.bytes, made.missing)
    } else {
        let made = typesetter.pdf(&template, &data, now).map_err(failed)?;
        (made.bytes, made.missing)
    };
    write(output, &bytes)?;
    Ok(missing)
}

/// The other templates of the same folder, under the names they are imported by.
fn neighbours(template: &Path) -> Result<Vec<(String, String)>, String> {
    let folder = template.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).map_err(|error| format!("读不了 {}：{error}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path()).filter(|path| path != template && path.extension().is_some_and(|ending| ending == "typ"));
    paths.map(|path| Ok((format!("/{}", path.file_name().unwrap_or_default().to_string_lossy()), text(&path)?))).collect()
}

fn text(path: &Path) -> Result<String, String> {
    String::from_utf8(read(path)?).map_err(|_| format!("{} 不是 UTF-8 文本", path.display()))
}
