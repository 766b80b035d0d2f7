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
        migrations: &[
            Migration {
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
            },
            // Finds at once what a copy that died had in hand.
            Migration { name: "0002_leased", sql: "CREATE INDEX job_leased ON job (lease_until) WHERE lease_until IS NOT NULL;" },
        ],
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
///
/// A job whose lease ran out was in the hands of a copy that died or hung, and one of that copy's jobs may be the reason.
/// Such a job is leased alone, so that the one that kills takes nobody with it, and the try counts: after the last it is dead.
pub(crate) async fn lease(database: &Db, now: DateTime<Utc>, limit: u64) -> Result<Vec<Job>> {
    // A look first: an idle program must not take SQLite's write lock every second.
    let (orphans, due) = (any(database, ORPHAN, now).await?, any(database, DUE, now).await?);
    if !orphans && !due {
        return Ok(Vec::new());
    }
    let tx = database.begin().await?;
    let mut rows = Vec::new();
    if orphans {
        bury(&tx, now).await?;
        rows = take(&tx, ORPHAN, now, 1).await?;
    }
    if rows.is_empty() && due {
        rows = take(&tx, DUE, now, limit).await?;
    }
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

/// Waits for its turn.
const DUE: &str = "state = 'ready' AND run_at <= $1 AND lease_until IS NULL";
/// Was leased and never finished.
const ORPHAN: &str = "state = 'ready' AND lease_until < $1";
/// Why an orphan is given up.
const DIED: &str = "the program ended or hung while it ran this job, at every try";

async fn any(database: &Db, which: &str, now: DateTime<Utc>) -> Result<bool> {
    let conn = database.read();
    let sql = format!("SELECT 1 FROM job WHERE {which} LIMIT 1");
    Ok(conn.query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, [now.into()])).await?.is_some())
}

async fn take(tx: &Tx, which: &str, now: DateTime<Utc>, limit: u64) -> Result<Vec<JobRow>> {
    let skip = if tx.engine() == Engine::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE job SET lease_until = $2, attempts = attempts + 1 WHERE id IN (
           SELECT id FROM job WHERE {which} ORDER BY run_at LIMIT $3 {skip})
         RETURNING id, kind, key, payload, attempts, max_attempts, run_at"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(JobRow::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), (now + LEASE).into(), limit.into()]))
        .all(&**tx)
        .await?)
}

#[derive(FromQueryResult)]
struct Buried {
    id: Uuid,
    kind: String,
}

/// Gives up the orphans that have no try left.
async fn bury(tx: &Tx, now: DateTime<Utc>) -> Result<()> {
    let sql = format!("UPDATE job SET state = 'dead', lease_until = NULL, last_error = $2 WHERE {ORPHAN} AND attempts >= max_attempts RETURNING id, kind");
    let buried = Buried::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), DIED.into()])).all(&**tx).await?;
    for job in buried {
        metrics::counter!("tongban_jobs_failed_total", "kind" => job.kind.clone()).increment(1);
        tracing::error!(kind = %job.kind, id = %job.id, "jobs: {DIED}; given up, needs an operator");
    }
    Ok(())
}

pub(crate) async fn finish(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM job WHERE id IN ({})", db::bulk::places(1, ids.len()));
    tx.later(Write::new(sql, ids.iter().map(|id| (*id).into()))).await
}

/// Notes a failed try; true when it was the last. A copy whose lease ran out meanwhile (another took the job over, so the
/// tries have moved on) changes nothing.
pub(crate) async fn fail(tx: &Tx, job: &Job, error: &str, now: DateTime<Utc>) -> Result<bool> {
    let dead = job.attempts >= job.max_attempts;
    // 2, 4, 8 … seconds, at most an hour
    let pause = Duration::seconds(1i64.checked_shl(u32::try_from(job.attempts).unwrap_or(12).min(12)).unwrap_or(3600).min(3600));
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE job SET state = $1, run_at = $2, lease_until = NULL, last_error = $3 WHERE id = $4 AND attempts = $5",
        [if dead { "dead" } else { "ready" }.into(), (now + pause).into(), error.into(), job.id.into(), job.attempts.into()],
    ))
    .await?;
    Ok(dead)
}
