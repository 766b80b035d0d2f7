use std::sync::Arc;
use std::time::Duration;

use base::{Error, Result};
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// How long a transaction waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most transactions that share a commit.
const MOST: usize = 32;

/// The one writer of SQLite. Transactions take turns in the order they came, and those that wait together share one commit, so
/// that the disk is waited for once: the first begins, each later one runs in a savepoint, and the first to get the lock again
/// commits for all. Nobody is told that anything is written before it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writer(Arc<Mutex<Group>>);

/// Transactions done but not committed yet.
#[derive(Debug, Default)]
struct Group {
    open: Option<DatabaseTransaction>,
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

/// A transaction's turn; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    writer: Arc<Mutex<Group>>,
    group: OwnedMutexGuard<Group>,
    alone: bool,
}

impl Writer {
    /// Waits for a turn and begins, `alone` without sharing the commit.
    pub(crate) async fn begin(&self, connection: &DatabaseConnection, alone: bool) -> Result<(DatabaseTransaction, Turn)> {
        let group = if alone { self.closed().await? } else { self.lock().await? };
        let turn = Turn { writer: self.0.clone(), group, alone };
        let inner = match &turn.group.open {
            Some(open) => open.begin().await?,
            None => {
                // A deferred transaction that upgrades its lock fails at once under load.
                let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
                connection.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() }).await?
            }
        };
        Ok((inner, turn))
    }

    /// Waits until what is done is committed.
    pub(crate) async fn settled(&self) -> Result<()> {
        self.closed().await.map(drop)
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Group>> {
        let turn = tokio::time::timeout(PATIENCE, self.0.clone().lock_owned()).await;
        turn.map_err(|_| Error::internal("the writer of the database is busy for too long"))
    }

    /// The lock with nothing open.
    async fn closed(&self) -> Result<OwnedMutexGuard<Group>> {
        let mut group = self.lock().await?;
        // In a task of its own: see `Turn::commit`.
        let closing = tokio::spawn(async move {
            group.close().await;
            group
        });
        closing.await.map_err(Error::internal)
    }
}

impl Turn {
    /// Commits, together with whoever waits. In a task of its own: the commit of several must not stop with the request of one.
    pub(crate) async fn commit(self, inner: DatabaseTransaction) -> Result<()> {
        tokio::spawn(self.settle(inner)).await.map_err(Error::internal)?
    }

    async fn settle(self, inner: DatabaseTransaction) -> Result<()> {
        let Self { writer, mut group, alone } = self;
        if alone {
            return Ok(inner.commit().await?);
        }
        if group.open.is_some() {
            inner.commit().await?; // its savepoint
        } else {
            group.open = Some(inner);
        }
        let (committed, mut outcome) = oneshot::channel();
        group.waiting.push(committed);
        if group.waiting.len() >= MOST {
            group.close().await;
        }
        drop(group);
        tokio::select! {
            biased;
            done = &mut outcome => return done.map_err(Error::internal)?,
            mut group = writer.lock_owned() => group.close().await,
        }
        outcome.await.map_err(Error::internal)?
    }
}

impl Group {
    /// Commits what is open and tells everybody who waits for it.
    async fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let outcome = open.commit().await.map_err(|error| error.to_string());
        for waiting in self.waiting.drain(..) {
            // Whoever does not listen any more has gone.
            let _gone = waiting.send(outcome.clone().map_err(Error::internal));
        }
    }
}
