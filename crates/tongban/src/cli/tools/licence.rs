//! `tongban licence`: QR codes of licences and the public list of changes, checked without a network.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::{Error, Result};
use chrono::NaiveDate;
use clap::Subcommand;
use licences::model::{LicenceState, PublishedKey, Signed, Standing, Ticket, Validity};
use serde::Deserialize;
use serde_json::{Value, json};

/// Largest file read, in bytes.
const LARGEST: u64 = 64 << 20;

/// What can be checked.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks the text of a QR code with downloaded keys; tells what it says and whether it is in force on a day.
    VerifyQr {
        /// What the scanner read.
        text: String,
        /// The file `/.well-known/licence-keys.json` of the issuing platform.
        #[arg(long)]
        keys: PathBuf,
        /// Downloaded pages of `/api/licences/changes`; without them nothing is known of revocations.
        #[arg(long)]
        changes: Vec<PathBuf>,
        /// The day that counts, `2026-11-24`; today when it is not said.
        #[arg(long)]
        on: Option<NaiveDate>,
    },
    /// Checks the signature of a downloaded page of `/api/licences/changes` and prints what it says.
    VerifyChanges {
        /// The page.
        file: PathBuf,
        /// The file `/.well-known/licence-keys.json` of the issuing platform.
        #[arg(long)]
        keys: PathBuf,
    },
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<PublishedKey>,
}

/// Runs a command: one line of JSON; fails when the signature does not hold or the licence is not in force.
///
/// # Errors
/// When a file cannot be read or the answer cannot be written.
pub fn run(command: &Command, out: &mut dyn Write) -> Result<bool> {
    let (well, answer) = match command {
        Command::VerifyQr { text, keys, changes, on } => qr(text, keys, changes, on.unwrap_or_else(|| base::local_date(chrono::Utc::now())))?,
        Command::VerifyChanges { file, keys } => match read::<Signed>(file)?.open(&read::<Keys>(keys)?.keys) {
            Ok(text) => (true, json!({ "genuine": true, "list": text })),
            Err(error) => (false, json!({ "genuine": false, "message": error.to_string() })),
        },
    };
    writeln!(out, "{answer}").map_err(Error::internal)?;
    Ok(well)
}

fn qr(text: &str, keys: &Path, changes: &[PathBuf], day: NaiveDate) -> Result<(bool, Value)> {
    let keys = read::<Keys>(keys)?.keys;
    let ticket = match Ticket::verify(text, &keys) {
        Ok(ticket) => ticket,
        Err(error) => return Ok((false, json!({ "genuine": false, "message": error.to_string() }))),
    };
    let mut state = LicenceState::Valid;
    for file in changes {
        let list = match read::<Signed>(file)?.open(&keys) {
            Ok(list) => list,
            Err(error) => return Ok((false, json!({ "genuine": true, "message": format!("{}：{error}", file.display()) }))),
        };
        // Later entries stand for later moments, in the file and from file to file.
        for change in list["changes"].as_array().into_iter().flatten() {
            if change["identifier"] == ticket.identifier.as_str() {
                state = change["state"].as_str().and_then(LicenceState::from_code).unwrap_or(state);
            }
        }
    }
    let standing = Standing::on(day, state, Validity { from: ticket.from, until: ticket.until });
    let answer = json!({
        "genuine": true, "state": standing.code(), "verdict": standing.verdict(), "on": day, "identifier": ticket.identifier, "type_name": ticket.type_name,
        "holder": ticket.holder, "valid_from": ticket.from, "valid_until": ticket.until, "changes_known": !changes.is_empty(),
    });
    Ok((standing == Standing::Valid, answer))
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let failed = |error: &dyn std::fmt::Display| Error::refused("licence.file", format!("读不出文件 {}：{error}", path.display()));
    let length = std::fs::metadata(path).map_err(|e| failed(&e))?.len();
    if length > LARGEST {
        return Err(failed(&"文件太大"));
    }
    let bytes = std::fs::read(path).map_err(|e| failed(&e))?;
    serde_json::from_slice(&bytes).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gm::PrivateKey;
    use licences::model::key_id;

    fn answer(command: &Command) -> (bool, Value) {
        let mut out = Vec::new();
        let well = run(command, &mut out).unwrap();
        (well, serde_json::from_slice(&out).unwrap())
    }

    #[test]
    fn a_qr_code_is_checked_with_files_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: Value| {
            let path = folder.path().join(name);
            std::fs::write(&path, text.to_string()).unwrap();
            path
        };
        let key = PrivateKey::generate().unwrap();
        let public = key.public_key();
        let keys = file("keys.json", json!({ "keys": [{ "id": key_id(&public), "algorithm": "SM2", "pem": public.to_pem().unwrap() }] }));
        let ticket = Ticket {
            identifier: "1.2.156.3005.2.x".into(),
            type_name: "营业执照".into(),
            holder: "示例公司".into(),
            from: "2026-01-01".parse().unwrap(),
            until: "2026-12-31".parse().ok(),
        };
        let text = ticket.sign("https://x/v/A", &key).unwrap();
        let on = |text: &str, day: &str, changes: Vec<PathBuf>| answer(&Command::VerifyQr { text: text.into(), keys: keys.clone(), changes, on: day.parse().ok() });
        let (well, said) = on(&text, "2026-12-31", vec![]);
        assert!(well && said["state"] == "valid" && said["changes_known"] == false, "{said}");
        let (well, said) = on(&text, "2027-01-01", vec![]);
        assert!(!well && said["genuine"] == true && said["state"] == "expired", "{said}");
        let (well, said) = on("https://x/v/A", "2026-12-31", vec![]);
        assert!(!well && said["genuine"] == false, "{said}");

        let list = Signed::sign(&json!({ "changes": [{ "identifier": ticket.identifier, "state": "revoked" }] }), &key).unwrap();
        let changes = file("changes.json", serde_json::to_value(&list).unwrap());
        let (well, said) = on(&text, "2026-12-31", vec![changes.clone()]);
        assert!(!well && said["state"] == "revoked", "{said}");
        assert!(answer(&Command::VerifyChanges { file: changes, keys: keys.clone() }).0);
        let forged = file("forged.json", serde_json::to_value(Signed { payload: "e30".into(), ..list }).unwrap());
        assert!(!answer(&Command::VerifyChanges { file: forged.clone(), keys: keys.clone() }).0);
        assert!(!on(&text, "2026-12-31", vec![forged]).0, "a forged list is not passed over");
        assert!(run(&Command::VerifyChanges { file: folder.path().join("none"), keys }, &mut Vec::new()).is_err());
    }
}
