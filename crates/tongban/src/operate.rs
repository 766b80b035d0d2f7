//! `tongban jobs`: what the operator's page does, for whoever has only a shell. Journalled all the same.

use access::Actor;
use base::{Error, Result};
use clap::Subcommand;
use platform::Platform;
use uuid::Uuid;

/// Who the journal says it was: the command line knows no names.
const OPERATOR: Actor = Actor::System("命令行运维");

/// What to do with jobs that were given up.
#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Lists them, the youngest first.
    Dead {
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Gives a job its tries back; a running server takes it within a second.
    Retry {
        /// Which; or `--all`.
        #[arg(required_unless_present = "all")]
        id: Option<Uuid>,
        /// All of them.
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
    /// Removes a job: what it was to do will not happen.
    Drop {
        /// Which.
        id: Uuid,
        /// Why; the journal keeps it.
        #[arg(long)]
        reason: String,
    },
}

/// Does it.
///
/// # Errors
/// When the database fails or there is no such job.
pub async fn jobs(platform: &Platform, what: Jobs) -> Result<()> {
    match what {
        Jobs::Dead { limit } => {
            let page = operations::dead_jobs(platform, &OPERATOR, None, limit).await?;
            for job in &page.items {
                println!("{}  {}  {} tries  written {}", job.id, job.kind, job.attempts, job.created_at.format("%Y-%m-%d %H:%M:%SZ"));
                println!("    error    {}", job.last_error.as_deref().unwrap_or("none recorded"));
                println!("    payload  {}", job.payload);
            }
            println!("{} jobs given up{}", page.items.len(), if page.next.is_some() { ", and more; see --limit" } else { "" });
        }
        Jobs::Retry { id: Some(id), .. } => {
            operations::retry_job(platform, &OPERATOR, id).await?;
            println!("{id} waits for its turn");
        }
        Jobs::Retry { id: None, .. } => {
            // One that fails again meanwhile is dead again; counting only those of the beginning comes to an end.
            let ids: Vec<Uuid> = jobs::dead(platform.db.read(), usize::from(u16::MAX)).await?.into_iter().map(|job| job.id).collect();
            for id in &ids {
                operations::retry_job(platform, &OPERATOR, *id).await?;
            }
            println!("{} jobs wait for their turn", ids.len());
        }
        Jobs::Drop { id, reason } => {
            operations::drop_job(platform, &OPERATOR, id, &reason).await.map_err(|error| match error.fields().first() {
                Some(_) => Error::internal("--reason must say why, in at most 500 characters"),
                None => error,
            })?;
            println!("{id} is removed");
        }
    }
    Ok(())
}
