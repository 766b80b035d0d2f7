//! `tongban ofd`: OFD documents on the command line, without configuration or database.

mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Subcommand;
use eseal::Options;
use ofd::{
    Limits, Ofd,
    render::Fonts,
    sign::{self, Outcome, Report, State},
};
use serde_json::{Value, json};

/// What to do with an OFD file.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verifies all signatures and seals; ends with 0 only when there are some and all are valid.
    Verify {
        file: PathBuf,
        /// Root certificates to trust (PEM or DER).
        #[arg(long)]
        root: Vec<PathBuf>,
        /// Revocation lists (PEM or DER).
        #[arg(long)]
        crl: Vec<PathBuf>,
        /// The time to verify for (RFC 3339); now when missing.
        #[arg(long)]
        at: Option<chrono::DateTime<chrono::Utc>>,
        /// The report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Draws a page as PNG.
    Render {
        file: PathBuf,
        /// Page, from 1.
        #[arg(long, default_value_t = 1)]
        page: usize,
        /// PNG file to write.
        #[arg(short, long)]
        output: PathBuf,
        /// Dots per inch.
        #[arg(long, default_value_t = 150.0)]
        dpi: f64,
    },
    /// Converts to PDF, seals shown, text as text.
    ToPdf {
        file: PathBuf,
        /// PDF file to write.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Prints the text of all pages.
    Text { file: PathBuf },
}

/// Runs one; what goes wrong is one sentence on standard error (or in the JSON) and exit code 1.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    let wants_json = matches!(command, Command::Verify { json: true, .. });
    match carry_out(command) {
        Ok(code) => code,
        Err(sentence) => {
            if wants_json {
                println!("{}", json!({ "state": "error", "message": sentence }));
            } else {
                eprintln!("{sentence}");
            }
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Verify { file, root, crl, at, json } => {
            let (roots, lists) = super::seal::trusted(&root, &crl).map_err(|error| error.to_string())?;
            let options = Options { roots: &roots, lists: &lists, ..Options::new(at.map_or_else(SystemTime::now, SystemTime::from)) };
            let report = sign::verify(&read(&file)?, Limits::default(), &values::Values(options)).map_err(sentence)?;
            if json {
                println!("{:#}", as_json(&report));
            } else {
                print(&report);
            }
            return Ok(if report.state() == Some(State::Valid) { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Render { file, page, output, dpi } => {
            let image = open(&file)?.render(page, dpi, &fonts()?).map_err(sentence)?;
            write(&output, &image.png().map_err(sentence)?)?;
            mention(&image.notes);
        }
        Command::ToPdf { file, output } => {
            let pdf = open(&file)?.to_pdf(&fonts()?).map_err(sentence)?;
            write(&output, &pdf.bytes)?;
            mention(&pdf.notes);
        }
        Command::Text { file } => {
            let ofd = open(&file)?;
            for page in 1..=ofd.pages().len() {
                println!("{}", ofd.page_text(page).map_err(sentence)?);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn open(file: &Path) -> Result<Ofd, String> {
    Ofd::read(&read(file)?).map_err(sentence)
}

fn sentence(error: ofd::Error) -> String {
    error.to_string()
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("读不了 {}：{error}", file.display()))
}

pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|error| format!("写不了 {}：{error}", file.display()))
}

/// What could not be drawn is no failure, but should be known.
fn mention(notes: &[String]) {
    notes.iter().for_each(|note| eprintln!("注意：{note}"));
}

/// The fonts of the program's own documents stand in for those a file does not embed.
fn fonts() -> Result<Fonts, String> {
    Fonts::new(crate::compose::document_fonts()).map_err(sentence)
}

fn as_json(report: &Report) -> Value {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Passed => ("passed", None),
        Outcome::Failed(why) => ("failed", Some(why.clone())),
        Outcome::Unknown(why) => ("unknown", Some(why.clone())),
    };
    let signatures = report.signatures.iter().map(|signature| {
        let about = signature.signature.as_ref();
        let checks = signature.checks.iter().map(|check| {
            let (result, reason) = outcome(&check.outcome);
            json!({ "subject": check.subject.code(), "part": check.part, "result": result, "reason": reason })
        });
        json!({
            "id": about.map(|about| &about.id),
            "kind": about.map(|about| about.kind.name()),
            "path": signature.path,
            "provider": about.map(|about| &about.provider.name),
            "time": about.map(|about| &about.date_time),
            "locking": signature.locking,
            "state": signature.state().code(),
            "checks": checks.collect::<Vec<_>>(),
        })
    });
    json!({
        "state": report.state().map_or("unsigned", State::code),
        "tampered": report.tampered(),
        "signatures": signatures.collect::<Vec<_>>(),
    })
}

fn print(report: &Report) {
    let Some(state) = report.state() else {
        println!("文件没有签名或签章");
        return;
    };
    println!("验证结论：{}", state.label());
    for signature in &report.signatures {
        let about = signature.signature.as_ref();
        let (id, kind) = about.map_or(("?", "签名"), |about| (about.id.as_str(), if about.kind == sign::Kind::Seal { "签章" } else { "签名" }));
        let provider = about.map_or("", |about| about.provider.name.as_str());
        let time = about.map_or("", |about| about.date_time.as_str());
        println!("{kind} {id}：{} {provider} {time}{}", signature.state().label(), if signature.locking { " （锁定）" } else { "" });
        for check in &signature.checks {
            let part = check.part.as_deref().unwrap_or_default();
            match &check.outcome {
                Outcome::Passed => println!("  通过 {} {part}", check.subject.label()),
                Outcome::Failed(why) => println!("  失败 {} {part}：{why}", check.subject.label()),
                Outcome::Unknown(why) => println!("  未定 {} {part}：{why}", check.subject.label()),
            }
        }
    }
}
