//! SM2 beside OpenSSL, documents of cases typeset and sealed, files verified.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Error, Result};
use bytes::Bytes;
use cases::service::document_file;
use cases::store::DocumentRow;
use platform::Platform;
use seals::Format;
use seals::service::{Verdict, verify};

use super::cases::{decided, in_parallel, member};
use crate::config::Config;

/// Measures SM2 for about `time` each, then the documents of `count` decided cases; prints the rows of the table. The
/// database must be empty.
///
/// # Errors
/// When a signature or a document of our own does not verify.
pub async fn documents(config: &Config, time: Duration, count: usize) -> Result<()> {
    let (openssl_signs, openssl_verifies) = openssl();
    let key = gm::PrivateKey::generate()?;
    let message = "准予行政许可决定书".as_bytes();
    let signature = key.sign(message)?;
    let public = key.public_key();
    let signs = per_second(time, || Ok(key.sign(message).map(drop)?))?;
    println!("| SM2 signatures made, one thread | {signs:.0} | {openssl_signs} |");
    let verifies = per_second(time, || Ok(public.verify(message, &signature)?))?;
    println!("| SM2 signatures verified, one thread | {verifies:.0} | {openssl_verifies} |");

    let (program, cases) = decided(config, count).await?;
    let platform = &program.platform;
    let approver = Arc::new(member(platform, "approver01").await?);
    let mut rows = Vec::new();
    for case in cases {
        rows.extend(cases::store::documents(platform.db.read(), case).await?);
    }
    let all = rows.len();
    // Fonts are read once per program, with its first document.
    if let Some(first) = rows.pop() {
        document_file(platform, &approver, first.id, Format::Pdf).await?;
    }
    let started = Instant::now();
    let made = rows.clone();
    in_parallel(made, |row| {
        let (platform, actor) = (platform.clone(), approver.clone());
        async move { document_file(&platform, &actor, row.id, Format::Pdf).await.map(drop) }
    })
    .await?;
    println!("| documents typeset, sealed as PDF and OFD, stored | {:.1} | |", (all - 1) as f64 / started.elapsed().as_secs_f64());
    for format in [Format::Pdf, Format::Ofd] {
        let mut files = Vec::with_capacity(rows.len());
        for DocumentRow { id, .. } in &rows {
            files.push(document_file(platform, &approver, *id, format).await?.1);
        }
        let size = files.iter().map(Bytes::len).sum::<usize>() / files.len().max(1) / 1024;
        let verified = files.len() as f64 / verified(platform, files).await?;
        println!("| sealed {} of {size} KiB verified | {verified:.1} | |", format.ending().to_uppercase());
    }
    Ok(())
}

/// Seconds it takes to find all of them genuine.
async fn verified(platform: &Platform, files: Vec<Bytes>) -> Result<f64> {
    let started = Instant::now();
    in_parallel(files, |file| {
        let platform = platform.clone();
        async move {
            let found = verify(&platform, file).await?.verdict;
            if found == Verdict::Genuine { Ok(()) } else { Err(Error::internal(format!("a document of ours: {}", found.code()))) }
        }
    })
    .await?;
    Ok(started.elapsed().as_secs_f64())
}

fn per_second(time: Duration, work: impl Fn() -> Result<()>) -> Result<f64> {
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < time {
        work()?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}

/// What `openssl speed` says of SM2, signatures made and verified per second; dashes where it is not installed.
fn openssl() -> (String, String) {
    let output = Command::new("openssl").args(["speed", "-seconds", "2", "sm2"]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut columns = text.lines().last().unwrap_or_default().split_whitespace().rev().map(str::to_owned);
    let verifies = columns.next();
    let signs = columns.next();
    (signs.unwrap_or_else(|| "—".into()), verifies.unwrap_or_else(|| "—".into()))
}
