use access::Actor;
use base::{Result, local_date};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use db::{Db, Migration, SystemMigrations, Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, Value as Sql};
use serde_json::Value;
use uuid::Uuid;

use crate::chain::{Entry, Fault, digest, verify_entries};
use crate::merkle::merkle_root;

/// Tables of the journal.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "journal",
        migrations: &[Migration {
            name: "0001_journal",
            sql: "CREATE TABLE journal_entry (
                    chain {uuid} NOT NULL,
                    seq BIGINT NOT NULL,
                    at {time} NOT NULL,
                    day TEXT NOT NULL,
                    actor_kind TEXT NOT NULL,
                    actor_id {uuid},
                    actor_name TEXT NOT NULL,
                    act TEXT NOT NULL,
                    label TEXT NOT NULL,
                    data TEXT NOT NULL,
                    prev TEXT NOT NULL,
                    hash TEXT NOT NULL,
                    PRIMARY KEY (chain, seq)
                  );
                  CREATE INDEX journal_entry_day ON journal_entry (day, chain, seq);
                  CREATE TABLE journal_day (
                    day TEXT NOT NULL PRIMARY KEY,
                    root TEXT NOT NULL,
                    chains BIGINT NOT NULL,
                    prev TEXT NOT NULL,
                    sealed_at {time} NOT NULL
                  );",
        }],
    }
}

/// What to record.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What was done, e.g. `cases.accept`.
    pub act: &'static str,
    /// The same as a phrase for people.
    pub label: String,
    /// Details. Personal data goes in masked.
    pub data: Value,
}

impl Draft {
    /// An entry with details.
    pub fn new(act: &'static str, label: impl Into<String>, data: Value) -> Self {
        Self { act, label: label.into(), data }
    }
}

/// Where a chain ends.
#[derive(Debug, Clone, Default, FromQueryResult)]
pub struct Head {
    /// Position of its last entry; 0 when it has none.
    pub seq: i64,
    /// Hash of that entry.
    pub hash: String,
}

/// The join that finds the last entry of the chain named by `chain` (a column), as `head`; see [`read_head`].
pub fn head_join(chain: &str) -> String {
    format!("LEFT JOIN journal_entry head ON head.chain = {chain} AND head.seq = (SELECT MAX(seq) FROM journal_entry WHERE chain = {chain})")
}

/// Columns of [`head_join`].
pub const HEAD_COLUMNS: &str = "head.seq AS head_seq, head.hash AS head_hash";

/// Takes the end of a chain from a row that was read with [`HEAD_COLUMNS`] in this transaction, so that appending need not
/// ask for it.
///
/// # Errors
/// When the columns are missing.
pub fn read_head(tx: &Tx, chain: Uuid, row: &QueryResult) -> Result<()> {
    let seq: Option<i64> = row.try_get("head_", "seq")?;
    let hash: Option<String> = row.try_get("head_", "hash")?;
    tx.remember(chain, Head { seq: seq.unwrap_or_default(), hash: hash.unwrap_or_default() });
    Ok(())
}

/// Tells that a chain was named just now and so has no entry yet.
pub fn begins(tx: &Tx, chain: Uuid) {
    tx.remember(chain, Head::default());
}

async fn head(tx: &Tx, chain: Uuid) -> Result<Head> {
    if let Some(known) = tx.recall::<Head>(chain) {
        return Ok(known);
    }
    let found = Head::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "SELECT seq, hash FROM journal_entry WHERE chain = $1 ORDER BY seq DESC LIMIT 1",
        [chain.into()],
    ))
    .one(&**tx)
    .await?;
    Ok(found.unwrap_or_default())
}

/// Appends an entry to a chain in the caller's transaction. Two writers to one chain: the key (chain, seq) lets one win;
/// the other learns it at the latest when it commits.
///
/// # Errors
/// When the database fails or another transaction appended first.
pub async fn append(tx: &Tx, chain: Uuid, actor: &Actor, at: DateTime<Utc>, draft: Draft) -> Result<i64> {
    let Head { seq: last, hash: prev } = head(tx, chain).await?;
    let mut entry = Entry {
        chain,
        seq: last + 1,
        at,
        actor_kind: actor.kind().to_owned(),
        actor_id: actor.id(),
        actor_name: actor.name().to_owned(),
        act: draft.act.to_owned(),
        label: draft.label,
        data: draft.data,
        prev,
        hash: String::new(),
    };
    entry.hash = digest(&entry);
    tx.remember(chain, Head { seq: entry.seq, hash: entry.hash.clone() });
    let seq = entry.seq;
    let values: [Sql; 12] = [
        chain.into(),
        seq.into(),
        at.into(),
        local_date(at).to_string().into(),
        entry.actor_kind.into(),
        entry.actor_id.into(),
        entry.actor_name.into(),
        entry.act.into(),
        entry.label.into(),
        entry.data.to_string().into(),
        entry.prev.into(),
        entry.hash.into(),
    ];
    let write = Write::new(
        "INSERT INTO journal_entry (chain, seq, at, day, actor_kind, actor_id, actor_name, act, label, data, prev, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (chain, seq) DO NOTHING",
        values,
    );
    tx.later(write.once()).await?;
    Ok(seq)
}

#[derive(FromQueryResult)]
struct Row {
    chain: Uuid,
    seq: i64,
    at: DateTime<Utc>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: String,
    act: String,
    label: String,
    data: String,
    prev: String,
    hash: String,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            chain: row.chain,
            seq: row.seq,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            act: row.act,
            label: row.label,
            // damaged JSON becomes a string and so fails the hash, which is the point
            data: serde_json::from_str(&row.data).unwrap_or(Value::String(row.data)),
            prev: row.prev,
            hash: row.hash,
        }
    }
}

/// All entries of a chain, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn entries(conn: &impl ConnectionTrait, chain: Uuid) -> Result<Vec<Entry>> {
    let rows = Row::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT chain, seq, at, actor_kind, actor_id, actor_name, act, label, data, prev, hash
         FROM journal_entry WHERE chain = $1 ORDER BY seq",
        [chain.into()],
    ))
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Checks one chain from its first entry to its last.
///
/// # Errors
/// When the database fails; a fault in the chain is a result, not an error.
pub async fn verify_chain(conn: &impl ConnectionTrait, chain: Uuid) -> Result<Result<usize, Fault>> {
    let entries = entries(conn, chain).await?;
    Ok(verify_entries(&entries).map(|()| entries.len()))
}

#[derive(FromQueryResult)]
struct Leaf {
    chain: Uuid,
    seq: i64,
    hash: String,
}

/// What is wrong with a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayFault {
    /// The day was never sealed.
    Unsealed,
    /// The chains of the day give another root than the one kept: an entry or a whole chain was changed or removed.
    WrongRoot {
        /// Chains when the day was sealed.
        sealed_chains: i64,
        /// Chains now.
        found_chains: i64,
    },
    /// The day does not follow from the day sealed before it.
    BrokenLink,
}

async fn day_root(conn: &impl ConnectionTrait, day: NaiveDate, prev: &str) -> Result<(String, i64)> {
    // The last entry of every chain that grew on this day.
    let leaves = Leaf::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT e.chain, e.seq, e.hash FROM journal_entry e
         JOIN (SELECT chain, MAX(seq) AS seq FROM journal_entry WHERE day = $1 GROUP BY chain) last
           ON last.chain = e.chain AND last.seq = e.seq
         ORDER BY e.chain",
        [day.to_string().into()],
    ))
    .all(conn)
    .await?;
    let mut bytes: Vec<Vec<u8>> = vec![prev.as_bytes().to_vec()];
    bytes.extend(leaves.iter().map(|leaf| {
        let mut text = leaf.chain.as_bytes().to_vec();
        text.extend_from_slice(&leaf.seq.to_be_bytes());
        text.extend_from_slice(leaf.hash.as_bytes());
        text
    }));
    Ok((hex::encode(merkle_root(&bytes)), i64::try_from(leaves.len()).unwrap_or(i64::MAX)))
}

#[derive(FromQueryResult)]
struct Day {
    day: String,
    root: String,
    chains: i64,
    prev: String,
}

/// Seals a day that is over. Sealing twice keeps the first root.
///
/// # Errors
/// When the database fails.
pub async fn seal_day(tx: &Tx, day: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let backend = tx.get_database_backend();
    let before = Day::find_by_statement(Statement::from_sql_and_values(
        backend,
        "SELECT day, root, chains, prev FROM journal_day WHERE day < $1 ORDER BY day DESC LIMIT 1",
        [day.to_string().into()],
    ))
    .one(&**tx)
    .await?;
    let prev = before.map(|d| d.root).unwrap_or_default();
    let (root, chains) = day_root(&**tx, day, &prev).await?;
    tx.execute_raw(Statement::from_sql_and_values(
        backend,
        "INSERT INTO journal_day (day, root, chains, prev, sealed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (day) DO NOTHING",
        [day.to_string().into(), root.into(), chains.into(), prev.into(), now.into()],
    ))
    .await?;
    Ok(())
}

/// Checks a sealed day against what the journal holds now.
///
/// # Errors
/// When the database fails; a fault is a result.
pub async fn verify_day(conn: &impl ConnectionTrait, day: NaiveDate) -> Result<Result<i64, DayFault>> {
    let row = Day::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT day, root, chains, prev FROM journal_day WHERE day = $1",
        [day.to_string().into()],
    ))
    .one(conn)
    .await?;
    let Some(row) = row else { return Ok(Err(DayFault::Unsealed)) };
    let (root, chains) = day_root(conn, day, &row.prev).await?;
    Ok(if root == row.root { Ok(chains) } else { Err(DayFault::WrongRoot { sealed_chains: row.chains, found_chains: chains }) })
}

/// Result of checking everything.
#[derive(Debug, Default)]
pub struct Report {
    /// Chains found whole.
    pub chains: usize,
    /// Entries in them.
    pub entries: usize,
    /// Days found whole.
    pub days: usize,
    /// Chains with a fault.
    pub broken_chains: Vec<(Uuid, Fault)>,
    /// Days with a fault.
    pub broken_days: Vec<(String, DayFault)>,
}

/// Checks every chain and every sealed day; for operators (`tongban check journal`). Reads chain after chain, never all at once.
///
/// # Errors
/// When the database fails.
pub async fn verify_all(database: &Db) -> Result<Report> {
    #[derive(FromQueryResult)]
    struct ChainId {
        chain: Uuid,
    }
    let conn = database.read();
    let backend = conn.get_database_backend();
    let mut report = Report::default();
    let mut after: Option<Uuid> = None;
    loop {
        let (sql, values): (&str, Vec<Sql>) = match after {
            None => ("SELECT DISTINCT chain FROM journal_entry ORDER BY chain LIMIT 500", vec![]),
            Some(last) => ("SELECT DISTINCT chain FROM journal_entry WHERE chain > $1 ORDER BY chain LIMIT 500", vec![last.into()]),
        };
        let ids = ChainId::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(conn).await?;
        for id in &ids {
            match verify_chain(conn, id.chain).await? {
                Ok(count) => {
                    report.chains += 1;
                    report.entries += count;
                }
                Err(fault) => report.broken_chains.push((id.chain, fault)),
            }
        }
        match ids.last() {
            Some(last) if ids.len() == 500 => after = Some(last.chain),
            _ => break,
        }
    }
    let days = Day::find_by_statement(Statement::from_string(backend, "SELECT day, root, chains, prev FROM journal_day ORDER BY day"))
        .all(conn)
        .await?;
    let mut prev = String::new();
    for row in days {
        let fault = if row.prev == prev {
            match row.day.parse::<NaiveDate>() {
                Ok(day) => verify_day(conn, day).await?.err(),
                Err(_) => Some(DayFault::BrokenLink),
            }
        } else {
            Some(DayFault::BrokenLink)
        };
        prev = row.root;
        match fault {
            None => report.days += 1,
            Some(fault) => report.broken_days.push((row.day, fault)),
        }
    }
    Ok(report)
}

/// Seals every day that is over and not sealed yet, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn seal_past_days(database: &Db, now: DateTime<Utc>) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct DayName {
        day: String,
    }
    let today = local_date(now).to_string();
    let tx = database.begin().await?;
    let open = DayName::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "SELECT DISTINCT day FROM journal_entry WHERE day < $1
           AND day > (SELECT COALESCE(MAX(day), '') FROM journal_day) ORDER BY day",
        [today.into()],
    ))
    .all(&*tx)
    .await?;
    for row in &open {
        if let Ok(day) = row.day.parse::<NaiveDate>() {
            seal_day(&tx, day, now).await?;
        }
    }
    tx.commit().await?;
    Ok(open.len())
}

/// The moment a day begins in Chinese standard time, for jobs that run once a day.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - Duration::hours(i64::from(base::LOCAL_OFFSET_HOURS))
}
