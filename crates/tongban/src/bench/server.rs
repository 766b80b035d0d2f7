//! The served program as a process of its own, asked by this one.

use std::process::Stdio;
use std::time::Duration;

use base::{Error, Result};
use tokio::process::{Child, Command};

use super::client::Client;
use crate::config::Config;

/// Longest time a start may take that has to build the search index.
const START: Duration = Duration::from_secs(900);

/// A running server; it ends with this value.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Starts the program on an installation and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn start(config: &Config, port: u16) -> Result<Self> {
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--data-dir").arg(&config.data_dir).args(["--database", &config.database_url()]);
        command.args(["serve", "--listen", &address]).stdout(Stdio::null()).kill_on_drop(true);
        // Two servers on one machine; nobody asks them for metrics.
        command.env("TONGBAN_METRICS_LISTEN", "");
        let mut process = command.spawn()?;
        let until = tokio::time::Instant::now() + START;
        loop {
            if let Some(status) = process.try_wait()? {
                return Err(Error::internal(format!("the server ended at once: {status}")));
            }
            if let Ok(mut client) = Client::connect(&address).await
                && client.send("GET", "/readyz", "").await.is_ok_and(|answer| answer.status == 200)
            {
                break;
            }
            if tokio::time::Instant::now() > until {
                return Err(Error::internal("the server did not start in time"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await; // what a start still does
        Ok(Self { process, address })
    }

    /// Memory it holds, in KiB.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> Result<u64> {
        let id = self.process.id().ok_or_else(|| Error::internal("the server has ended"))?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        Ok(line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default())
    }
}
