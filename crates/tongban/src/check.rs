//! `tongban check`: whether an installation is in order, in words an operator can act on.

use base::Result;
use platform::Platform;

use crate::{compose, installation};

/// Checks database, schema, keys, files and search; prints a line each; true when all is well.
///
/// # Errors
/// When a check itself cannot run.
pub async fn installation(platform: &Platform) -> Result<bool> {
    let mut well = true;
    let mut line = |name: &str, result: std::result::Result<String, String>| match result {
        Ok(text) => println!("ok      {name}: {text}"),
        Err(text) => {
            well = false;
            println!("FAILED  {name}: {text}");
        }
    };
    line("database", platform.db.ping().await.map(|()| format!("{:?} answers", platform.db.engine())).map_err(|e| e.to_string()));
    let pending = db::pending(&platform.db, &compose::migrations(platform)).await?;
    line("schema", if pending.is_empty() { Ok("up to date".into()) } else { Err(format!("not applied: {}; run `tongban migrate`", pending.join(", "))) });
    let sealed = platform.vault.seal("check", "probe")?;
    let fits = !pending.is_empty() || installation::key_fits(platform).await?;
    line("keys", match platform.vault.open("check", &sealed) {
        Ok(_) if fits => Ok("seal and open".into()),
        Ok(_) => Err("not the key this database was filled with; put the right key file back".into()),
        Err(error) => Err(error.to_string()),
    });
    let stored = platform.files.put(bytes::Bytes::from_static(b"tongban check")).await;
    line("files", match stored {
        Ok(digest) => platform.files.get(&digest).await.map(|_| "write and read".into()).map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    });
    line("search", platform.search.segments().map(|n| format!("{n} segments, {} documents", platform.search.len())).map_err(|e| e.to_string()));
    if pending.is_empty() {
        let dead = jobs::dead(platform.db.read(), 20).await?;
        line("jobs", if dead.is_empty() { Ok("none given up".into()) } else { Err(format!("{} given up, the newest: {}", dead.len(), dead[0].last_error.clone().unwrap_or_default())) });
    }
    Ok(well)
}

/// Checks every chain of the journal and every sealed day; true when nothing was changed or removed.
///
/// # Errors
/// When the database cannot be read.
pub async fn journal(platform: &Platform) -> Result<bool> {
    let report = journal::verify_all(&platform.db).await?;
    println!("{} chains with {} entries and {} sealed days are whole", report.chains, report.entries, report.days);
    for (chain, fault) in &report.broken_chains {
        println!("BROKEN  chain {chain}: {fault:?}");
    }
    for (day, fault) in &report.broken_days {
        println!("BROKEN  day {day}: {fault:?}");
    }
    Ok(report.broken_chains.is_empty() && report.broken_days.is_empty())
}
