use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::{Error, Result};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// How long a transaction waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most transactions that share a commit.
const MOST: usize = 32;
/// Errors after which SQLite may have undone the whole transaction by itself: out of memory, interrupted, disk error, damaged,
/// disk full.
const UNDOING: [u32; 5] = [7, 9, 10, 11, 13];

/// The one writer of SQLite. Transactions take turns in the order they came, and those that wait together share one commit, so
/// that the disk is waited for once: the first begins, each later one runs in a savepoint, and the first to get the lock again
/// commits for all. Nobody is told that anything is written before it is.
///
/// Whatever changes how deep the connection is in savepoints runs in a task of its own, because the library loses count when
/// it is dropped half way, as a request is whose browser has gone. When it may be lost, all that share the commit are told that
/// nothing was written, and the connection is made anew.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    connection: DatabaseConnection,
    group: Arc<Mutex<Group>>,
    undone: Undone,
}

/// Transactions done but not committed yet.
#[derive(Debug, Default)]
struct Group {
    open: Option<DatabaseTransaction>,
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

/// Whether SQLite may have undone what is open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undone(Arc<AtomicBool>);

impl Undone {
    /// Looks at what a statement failed of.
    pub(crate) fn look(&self, error: DbErr) -> DbErr {
        if let DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) = &error
            && let Some(code) = cause.as_database_error().and_then(|cause| cause.code()?.parse::<u32>().ok())
            && UNDOING.contains(&(code & 0xff))
        {
            self.0.store(true, Ordering::Release);
        }
        error
    }
}

/// A transaction's turn; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    writer: Writer,
    group: OwnedMutexGuard<Group>,
    alone: bool,
}

impl Writer {
    pub(crate) fn new(connection: DatabaseConnection) -> Self {
        Self { connection, group: Arc::default(), undone: Undone::default() }
    }

    /// What the statements of its transactions are looked at with.
    pub(crate) fn undone(&self) -> Undone {
        self.undone.clone()
    }

    /// Waits for a turn and begins, `alone` without sharing the commit.
    pub(crate) async fn begin(&self, alone: bool) -> Result<(DatabaseTransaction, Turn)> {
        let mut group = self.lock().await?;
        let writer = self.clone();
        let beginning = tokio::spawn(async move {
            if alone || writer.undone.0.load(Ordering::Acquire) {
                writer.close(&mut group).await;
            }
            let begun = match &group.open {
                Some(open) => open.begin().await,
                None => {
                    // A deferred transaction that upgrades its lock fails at once under load.
                    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
                    writer.connection.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() }).await
                }
            };
            match begun {
                Ok(inner) => Ok((inner, Turn { writer, group, alone })),
                Err(error) => {
                    writer.give_up(&mut group, &error).await;
                    Err(Error::from(error))
                }
            }
        });
        beginning.await.map_err(Error::internal)?
    }

    /// Waits until what is done is committed.
    pub(crate) async fn settled(&self) -> Result<()> {
        let mut group = self.lock().await?;
        let writer = self.clone();
        tokio::spawn(async move { writer.close(&mut group).await }).await.map_err(Error::internal)
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Group>> {
        let turn = tokio::time::timeout(PATIENCE, self.group.clone().lock_owned()).await;
        turn.map_err(|_| Error::internal("the writer of the database is busy for too long"))
    }

    /// Commits what is open and tells everybody who waits for it.
    async fn close(&self, group: &mut Group) {
        if self.undone.0.load(Ordering::Acquire) {
            return self.give_up(group, &"the engine undid the transaction").await;
        }
        let Some(open) = group.open.take() else { return };
        match open.commit().await {
            Ok(()) => group.answer(|| Ok(())),
            Err(error) => self.give_up(group, &error).await,
        }
    }

    /// Undoes what is open, tells everybody who waits for it, and lets go of the connection.
    async fn give_up(&self, group: &mut Group, why: &(dyn std::fmt::Display + Sync)) {
        drop(group.open.take());
        group.answer(|| Err(Error::internal(why)));
        match self.connection.get_sqlite_connection_pool().acquire().await {
            Ok(connection) => {
                if let Err(error) = connection.close().await {
                    tracing::warn!(%error, "db: the writer's connection did not close");
                }
            }
            Err(error) => tracing::warn!(%error, "db: the writer has no connection to close"),
        }
        self.undone.0.store(false, Ordering::Release);
    }
}

impl Turn {
    /// Commits, together with whoever waits.
    pub(crate) async fn commit(self, inner: DatabaseTransaction) -> Result<()> {
        tokio::spawn(self.settle(inner)).await.map_err(Error::internal)?
    }

    async fn settle(self, inner: DatabaseTransaction) -> Result<()> {
        let Self { writer, mut group, alone } = self;
        if alone || group.open.is_some() {
            // The whole, or its savepoint.
            if let Err(error) = inner.commit().await {
                writer.give_up(&mut group, &error).await;
                return Err(error.into());
            }
        } else {
            group.open = Some(inner);
        }
        if alone {
            return Ok(());
        }
        let (committed, mut outcome) = oneshot::channel();
        group.waiting.push(committed);
        if group.waiting.len() >= MOST {
            writer.close(&mut group).await;
        }
        drop(group);
        tokio::select! {
            biased;
            done = &mut outcome => return done.map_err(Error::internal)?,
            mut group = writer.group.clone().lock_owned() => writer.close(&mut group).await,
        }
        outcome.await.map_err(Error::internal)?
    }
}

impl Group {
    fn answer(&mut self, outcome: impl Fn() -> Result<()>) {
        for waiting in self.waiting.drain(..) {
            // Whoever does not listen any more has gone.
            let _gone = waiting.send(outcome());
        }
    }
}
