use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use base::{Carried, Result};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use uuid::Uuid;

use crate::batch::{Write, compose};
use crate::writer::{Turn, Undone};
use crate::{Engine, changed};

/// Most writes that travel together; more are sent on the way.
const MOST: usize = 48;

/// A running transaction; rolls back when dropped.
#[derive(Debug)]
pub struct Tx {
    // Dropped in this order: what is undone is undone before the next one begins.
    work: Work,
    turn: Option<Turn>,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction, turn: Option<Turn>, undone: Undone) -> Self {
        Self { work: Work { inner, later: Mutex::default(), known: Mutex::default(), undone }, turn }
    }

    /// Makes everything written durable, what was put off included.
    ///
    /// # Errors
    /// When the database refuses or a write that was put off missed its row; then nothing was written.
    pub async fn commit(self) -> Result<()> {
        self.work.flush().await?;
        match self.turn {
            Some(turn) => turn.commit(self.work.inner).await,
            None => Ok(self.work.inner.commit().await?),
        }
    }
}

impl Deref for Tx {
    type Target = Work;

    fn deref(&self) -> &Self::Target {
        &self.work
    }
}

/// What a transaction is read and written through. Every statement first sends the writes that were put off before it, so
/// that it sees them.
pub struct Work {
    inner: DatabaseTransaction,
    later: Mutex<Vec<Write>>,
    known: Mutex<Known>,
    undone: Undone,
}

type Known = HashMap<(TypeId, Uuid), Box<dyn Any + Send>>;

impl Work {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.inner.get_database_backend() {
            DbBackend::Postgres => Engine::Postgres,
            _ => Engine::Sqlite,
        }
    }

    /// Puts a write off until something is read or the transaction commits, or until a write that has to see it; what is put
    /// off is sent in one go.
    ///
    /// # Errors
    /// When earlier writes had to be sent first and failed.
    pub async fn later(&self, write: Write) -> Result<()> {
        let full = {
            let waiting = lock(&self.later);
            waiting.len() >= MOST || waiting.iter().any(|earlier| write.needs(earlier))
        };
        if full {
            self.flush().await?;
        }
        lock(&self.later).push(write);
        Ok(())
    }

    /// Sends what was put off.
    ///
    /// # Errors
    /// When the database refuses, or a write missed the one row it had to touch.
    pub async fn flush(&self) -> Result<()> {
        let mut writes = std::mem::take(&mut *lock(&self.later));
        if writes.is_empty() {
            return Ok(());
        }
        let (sql, values) = compose(self.engine(), &mut writes);
        let rows = self.inner.query_all_raw(Statement::from_sql_and_values(self.inner.get_database_backend(), sql, values)).await.map_err(|error| self.undone.look(error))?;
        let mut touched = vec![0; writes.len()];
        for row in rows {
            let position: i32 = row.try_get("", "w")?;
            if let Some(count) = usize::try_from(position).ok().and_then(|n| touched.get_mut(n)) {
                *count += 1;
            }
        }
        for (write, count) in writes.into_iter().zip(touched) {
            match write.miss {
                Some(miss) if count == 0 => return Err(miss(self).await),
                Some(_) if count > 1 => return Err(changed()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Keeps something this transaction knows of a record, so that it need not be read again.
    pub fn remember<T: Send + 'static>(&self, id: Uuid, what: T) {
        lock(&self.known).insert((TypeId::of::<T>(), id), Box::new(what));
    }

    /// Gives back, and forgets, what this transaction knows of a record.
    pub fn recall<T: Send + 'static>(&self, id: Uuid) -> Option<T> {
        lock(&self.known).remove(&(TypeId::of::<T>(), id))?.downcast().ok().map(|what| *what)
    }

    async fn before(&self) -> Result<(), DbErr> {
        let carry = |error| DbErr::TryIntoErr { from: "a write put off", into: "a row", source: Arc::new(Carried::new(error)) };
        self.flush().await.map_err(carry)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

#[async_trait]
impl ConnectionTrait for Work {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.before().await?;
        self.inner.execute_raw(statement).await.map_err(|error| self.undone.look(error))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.before().await?;
        self.inner.execute_unprepared(sql).await.map_err(|error| self.undone.look(error))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.before().await?;
        self.inner.query_one_raw(statement).await.map_err(|error| self.undone.look(error))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.before().await?;
        self.inner.query_all_raw(statement).await.map_err(|error| self.undone.look(error))
    }
}
