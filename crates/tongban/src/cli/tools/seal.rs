//! `tongban seal`: electronic seals by themselves.

use std::path::PathBuf;
use std::time::SystemTime;

use base::{Error, Result};
use clap::Subcommand;
use eseal::{Options, Outcome, Report};
use gm::x509::{Certificate, RevocationList};
use serde_json::json;

use super::gm::{read, read_certificate};

/// `tongban seal …`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verifies a seal (.esl), or with --data a seal signature (SignedValue.dat). Exit code 1 when a check fails.
    Verify {
        /// The seal, or the seal signature.
        file: PathBuf,
        /// The data that was sealed; in an OFD its Signature.xml.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Root certificates to trust (PEM or DER).
        #[arg(long)]
        root: Vec<PathBuf>,
        /// Revocation lists (PEM or DER).
        #[arg(long)]
        crl: Vec<PathBuf>,
        /// The time to verify for (RFC 3339); now when missing.
        #[arg(long)]
        at: Option<chrono::DateTime<chrono::Utc>>,
        /// Answers in JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs a command; false when a check failed.
///
/// # Errors
/// A sentence that says which file cannot be read.
pub fn run(command: Command) -> Result<bool> {
    let Command::Verify { file, data, root, crl, at, json } = command;
    let (roots, lists) = trusted(&root, &crl)?;
    let options = Options { roots: &roots, lists: &lists, ..Options::new(at.map_or_else(SystemTime::now, SystemTime::from)) };
    let bytes = read(&file)?;
    let (report, right) = match data {
        Some(data) => {
            let report = eseal::verify(&bytes, &read(&data)?, &options);
            let right = report.is_intact() && report.failed().next().is_none();
            (report, right)
        }
        None => {
            let report = eseal::verify_seal(&bytes, &options);
            let right = report.is_right_seal();
            (report, right)
        }
    };
    if json { println!("{}", json!({ "valid": right, "report": report })) } else { print(&report, right) }
    Ok(right)
}

/// The root certificates and revocation lists of files.
pub(super) fn trusted(roots: &[PathBuf], lists: &[PathBuf]) -> Result<(Vec<Certificate>, Vec<RevocationList>)> {
    let roots = roots.iter().map(|path| read_certificate(path)).collect::<Result<_>>()?;
    let list = |path: &PathBuf| {
        let bytes = read(path)?;
        let list = std::str::from_utf8(&bytes).map_or_else(|_| RevocationList::from_der(&bytes), RevocationList::from_pem);
        list.map_err(|error| Error::refused("cli.crl", format!("{} 不是吊销列表：{error}", path.display())))
    };
    Ok((roots, lists.iter().map(list).collect::<Result<_>>()?))
}

fn print(report: &Report, right: bool) {
    if let Some(seal) = &report.seal {
        println!("印章：{}（编号 {}，第 {} 版）\n制章者：{}", seal.name, seal.id, seal.version, seal.maker);
    }
    if let Some(signer) = &report.signer {
        println!("用章人：{signer}");
    }
    for check in &report.checks {
        let mark = match check.outcome {
            Outcome::Passed => "✔ 通过",
            Outcome::Failed => "✘ 不通过",
            Outcome::NotChecked => "－ 未核对",
        };
        println!("{mark}  {}：{}", check.kind.label(), check.reason);
    }
    println!("结论：{}", if right { "没有发现问题" } else { "有检查不通过" });
}
