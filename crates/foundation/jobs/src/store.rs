use base::{Result, new_id};
use chrono::{DateTime, Duration, Utc};
use db::{Db, Engine, Migration, SystemMigrations, Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value as Sql};
use serde_json::Value;
use uuid::Uuid;

/// How long a copy of the program may work on a job before another may take it over.
pub(crate) const LEASE: Duration = Duration::seconds(60);

/// Tables of jobs and the outbox.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "jobs",
        migrations: &[Migration {
            name: "0001_jobs",
            sql: "CREATE TABLE job (
                    id {uuid} NOT NULL PRIMARY KEY,
                    kind TEXT NOT NULL,
                    key TEXT,
                    payload TEXT NOT NULL,
                    state TEXT NOT NULL,
                    run_at {time} NOT NULL,
                    lease_until {time},
                    attempts INTEGER NOT NULL,
                    max_attempts INTEGER NOT NULL,
                    last_error TEXT,
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX job_due ON job (state, run_at);
                  CREATE UNIQUE INDEX job_key ON job (kind, key);
                  CREATE TABLE outbox (
                    id {serial},
                    topic TEXT NOT NULL,
                    payload TEXT NOT NULL,
                    at {time} NOT NULL,
                    dispatched_at {time}
                  );
                  CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;
                  CREATE TABLE duty (
                    name TEXT NOT NULL PRIMARY KEY,
                    next_at {time} NOT NULL
                  );",
        }],
    }
}

/// A job to write.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: String,
    /// At most one waiting job per kind and key; a second is dropped.
    pub key: Option<String>,
    /// What the handler needs to know.
    pub payload: Value,
    /// Not before this moment.
    pub run_at: DateTime<Utc>,
    /// Tries before it is dead.
    pub max_attempts: i32,
}

impl NewJob {
    /// A job to run as soon as possible, tried up to ten times.
    pub fn now(kind: impl Into<String>, payload: Value, now: DateTime<Utc>) -> Self {
        Self { kind: kind.into(), key: None, payload, run_at: now, max_attempts: 10 }
    }

    /// The same job at a later moment.
    pub fn at(self, run_at: DateTime<Utc>) -> Self {
        Self { run_at, ..self }
    }

    /// The same job, at most once in the queue under this key.
    pub fn keyed(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }
}

/// A leased job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Identifier.
    pub id: Uuid,
    /// Which handler runs it.
    pub kind: String,
    /// Its key, if it has one.
    pub key: Option<String>,
    /// What the handler needs to know.
    pub payload: Value,
    /// This is try number …
    pub attempts: i32,
    /// … of so many.
    pub max_attempts: i32,
    /// When it was due.
    pub run_at: DateTime<Utc>,
}

const COLUMNS: [&str; 9] = ["id", "kind", "key", "payload", "state", "run_at", "attempts", "max_attempts", "created_at"];

impl NewJob {
    /// Its row: values of [`COLUMNS`].
    fn values(self, now: DateTime<Utc>) -> Vec<Sql> {
        vec![
            new_id().into(),
            self.kind.into(),
            self.key.into(),
            self.payload.to_string().into(),
            "ready".into(),
            self.run_at.into(),
            0.into(),
            self.max_attempts.into(),
            now.into(),
        ]
    }
}

/// Writes a job in the caller's transaction. With a key that waits already, nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(tx: &Tx, job: NewJob, now: DateTime<Utc>) -> Result<()> {
    let sql = format!("INSERT INTO job ({}) VALUES ({}) ON CONFLICT (kind, key) DO NOTHING", COLUMNS.join(", "), db::bulk::places(1, COLUMNS.len()));
    tx.later(Write::new(sql, job.values(now))).await
}

/// Writes many.
pub(crate) async fn enqueue_all(tx: &Tx, jobs: Vec<NewJob>, now: DateTime<Utc>) -> Result<()> {
    db::bulk::insert(&**tx, "job", &COLUMNS, jobs.into_iter().map(|job| job.values(now)).collect(), true).await?;
    Ok(())
}

/// Removes a waiting job by its key, e.g. a timer that is no longer wanted.
///
/// # Errors
/// When the database fails.
pub async fn cancel(tx: &Tx, kind: &str, key: &str) -> Result<()> {
    tx.later(Write::new("DELETE FROM job WHERE kind = $1 AND key = $2", [kind.into(), key.into()])).await
}

#[derive(FromQueryResult)]
struct JobRow {
    id: Uuid,
    kind: String,
    key: Option<String>,
    payload: String,
    attempts: i32,
    max_attempts: i32,
    run_at: DateTime<Utc>,
}

/// Leases up to `limit` due jobs for this copy.
pub(crate) async fn lease(database: &Db, now: DateTime<Utc>, limit: u64) -> Result<Vec<Job>> {
    let skip = if database.engine() == Engine::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE job SET lease_until = $1, attempts = attempts + 1 WHERE id IN (
           SELECT id FROM job WHERE state = 'ready' AND run_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
           ORDER BY run_at LIMIT $3 {skip})
         RETURNING id, kind, key, payload, attempts, max_attempts, run_at"
    );
    // A look first: an idle program must not take SQLite's write lock every second.
    let backend = database.read().get_database_backend();
    let due = database
        .read()
        .query_one_raw(Statement::from_sql_and_values(
            backend,
            "SELECT 1 FROM job WHERE state = 'ready' AND run_at <= $1 AND (lease_until IS NULL OR lease_until < $1) LIMIT 1",
            [now.into()],
        ))
        .await?;
    if due.is_none() {
        return Ok(Vec::new());
    }
    let tx = database.begin().await?;
    let rows = JobRow::find_by_statement(Statement::from_sql_and_values(
        backend,
        sql,
        [(now + LEASE).into(), now.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()],
    ))
    .all(&*tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|r| {
            Ok(Job {
                id: r.id,
                kind: r.kind,
                key: r.key,
                payload: serde_json::from_str(&r.payload)?,
                attempts: r.attempts,
                max_attempts: r.max_attempts,
                run_at: r.run_at,
            })
        })
        .collect()
}

pub(crate) async fn finish(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM job WHERE id IN ({})", db::bulk::places(1, ids.len()));
    tx.later(Write::new(sql, ids.iter().map(|id| (*id).into()))).await
}

pub(crate) async fn fail(tx: &Tx, job: &Job, error: &str, now: DateTime<Utc>) -> Result<bool> {
    let dead = job.attempts >= job.max_attempts;
    // 2, 4, 8 … seconds, at most an hour
    let pause = Duration::seconds(1i64.checked_shl(u32::try_from(job.attempts).unwrap_or(12).min(12)).unwrap_or(3600).min(3600));
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE job SET state = $1, run_at = $2, lease_until = NULL, last_error = $3 WHERE id = $4",
        [if dead { "dead" } else { "ready" }.into(), (now + pause).into(), error.into(), job.id.into()],
    ))
    .await?;
    Ok(dead)
}

/// A job that failed its last try.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DeadJob {
    /// Identifier.
    pub id: Uuid,
    /// Which handler failed.
    pub kind: String,
    /// What it was about.
    pub payload: String,
    /// What went wrong.
    pub last_error: Option<String>,
    /// Tries made.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// The newest dead jobs, for the operator's page.
///
/// # Errors
/// When the database fails.
pub async fn dead(conn: &impl ConnectionTrait, limit: u64) -> Result<Vec<DeadJob>> {
    Ok(DeadJob::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT id, kind, payload, last_error, attempts, created_at FROM job WHERE state = 'dead' ORDER BY run_at DESC LIMIT $1",
        [i64::try_from(limit).unwrap_or(i64::MAX).into()],
    ))
    .all(conn)
    .await?)
}

/// Gives a dead job its tries back.
///
/// # Errors
/// When the database fails or the job is not dead.
pub async fn revive(tx: &Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE job SET state = 'ready', attempts = 0, run_at = $1, lease_until = NULL WHERE id = $2 AND state = 'dead'",
            [now.into(), id.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
