use std::borrow::Cow;

use access::Actor;
use base::Result;
use chrono::{DateTime, Utc};
use db::{Migration, SystemMigrations, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

use crate::limits::Limit;

/// Tables of processes and tasks.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "flow",
        migrations: &[Migration {
            name: "0001_flow",
            sql: "CREATE TABLE flow_definition (
                    id {uuid} NOT NULL PRIMARY KEY,
                    key TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    name TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    xml TEXT NOT NULL,
                    deployed_at {time} NOT NULL
                  );
                  CREATE UNIQUE INDEX flow_definition_version ON flow_definition (key, version);
                  CREATE TABLE flow_instance (
                    id {uuid} NOT NULL PRIMARY KEY,
                    definition_id {uuid} NOT NULL,
                    business {uuid} NOT NULL,
                    subject TEXT NOT NULL,
                    state TEXT NOT NULL,
                    ended BOOLEAN NOT NULL,
                    version BIGINT NOT NULL,
                    started_at {time} NOT NULL,
                    ended_at {time}
                  );
                  CREATE INDEX flow_instance_business ON flow_instance (business);
                  CREATE TABLE flow_task (
                    id {uuid} NOT NULL PRIMARY KEY,
                    instance_id {uuid} NOT NULL,
                    token BIGINT NOT NULL,
                    element TEXT NOT NULL,
                    name TEXT NOT NULL,
                    step TEXT NOT NULL,
                    permission TEXT NOT NULL,
                    business {uuid} NOT NULL,
                    title TEXT NOT NULL,
                    region TEXT NOT NULL,
                    body_id {uuid},
                    item_id {uuid},
                    party_id {uuid},
                    assignee {uuid},
                    assignee_name TEXT,
                    state TEXT NOT NULL,
                    created_at {time} NOT NULL,
                    due_at {time} NOT NULL,
                    claimed_at {time},
                    done_at {time},
                    done_by {uuid},
                    done_by_name TEXT,
                    outcome TEXT
                  );
                  CREATE INDEX flow_task_body ON flow_task (body_id, permission, due_at, id) WHERE state = 'open';
                  CREATE INDEX flow_task_permission ON flow_task (permission, due_at, id) WHERE state = 'open';
                  CREATE INDEX flow_task_assignee ON flow_task (assignee, due_at, id) WHERE state = 'open';
                  CREATE INDEX flow_task_party ON flow_task (party_id, due_at, id) WHERE state = 'open';
                  CREATE INDEX flow_task_instance ON flow_task (instance_id, token);
                  CREATE INDEX flow_task_business ON flow_task (business, created_at);",
        }, Migration {
            name: "0002_flow_whole",
            sql: "ALTER TABLE flow_definition ADD COLUMN effective_from {time};
                  ALTER TABLE flow_definition ADD COLUMN calls TEXT;
                  ALTER TABLE flow_instance ADD COLUMN suspended_at {time};
                  ALTER TABLE flow_task ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
                  ALTER TABLE flow_task ADD COLUMN added BOOLEAN NOT NULL DEFAULT FALSE;
                  ALTER TABLE flow_task ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
                  ALTER TABLE flow_task ADD COLUMN owner {uuid};
                  ALTER TABLE flow_task ADD COLUMN owner_name TEXT;
                  ALTER TABLE flow_task ADD COLUMN comment TEXT;
                  ALTER TABLE flow_task ADD COLUMN urged_at {time};
                  CREATE TABLE flow_subscription (
                    instance_id {uuid} NOT NULL,
                    subscription BIGINT NOT NULL,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    correlation TEXT,
                    PRIMARY KEY (instance_id, subscription)
                  );
                  CREATE INDEX flow_subscription_name ON flow_subscription (kind, name, correlation);
                  CREATE TABLE flow_message (
                    id {uuid} NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    correlation TEXT,
                    variables TEXT NOT NULL,
                    thrown_at {time} NOT NULL
                  );
                  CREATE INDEX flow_message_name ON flow_message (name, thrown_at);
                  CREATE TABLE flow_incident (
                    id {uuid} NOT NULL PRIMARY KEY,
                    instance_id {uuid} NOT NULL,
                    token BIGINT NOT NULL,
                    business {uuid} NOT NULL,
                    title TEXT NOT NULL,
                    element TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    opened_at {time} NOT NULL,
                    closed_at {time},
                    closed_by TEXT
                  );
                  CREATE INDEX flow_incident_open ON flow_incident (opened_at, id) WHERE closed_at IS NULL;
                  CREATE INDEX flow_incident_instance ON flow_incident (instance_id, token);
                  CREATE TABLE flow_step (
                    id {uuid} NOT NULL PRIMARY KEY,
                    instance_id {uuid} NOT NULL,
                    at {time} NOT NULL,
                    who TEXT NOT NULL,
                    happened TEXT NOT NULL
                  );
                  CREATE INDEX flow_step_instance ON flow_step (instance_id, id);
                  CREATE TABLE flow_copy (
                    id {uuid} NOT NULL PRIMARY KEY,
                    business {uuid} NOT NULL,
                    staff_id {uuid} NOT NULL,
                    title TEXT NOT NULL,
                    step TEXT NOT NULL,
                    note TEXT,
                    sent_by TEXT NOT NULL,
                    sent_at {time} NOT NULL,
                    read_at {time}
                  );
                  CREATE INDEX flow_copy_staff ON flow_copy (staff_id, sent_at, id);",
        }, Migration {
            name: "0003_step_limits",
            sql: "ALTER TABLE flow_task ADD COLUMN limit_at {time};
                  ALTER TABLE flow_task ADD COLUMN yellow_from TEXT;
                  ALTER TABLE flow_task ADD COLUMN red_from TEXT;
                  ALTER TABLE flow_task ADD COLUMN held_on TEXT;
                  CREATE INDEX flow_copy_business ON flow_copy (business, staff_id);
                  CREATE INDEX flow_task_light ON flow_task (yellow_from, id) WHERE state = 'open';",
        }],
    }
}

/// Work for a person.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Task {
    /// Identifier.
    pub id: Uuid,
    /// The instance it belongs to.
    pub instance_id: Uuid,
    /// Its token there.
    pub token: i64,
    /// Its element in the drawing.
    pub element: String,
    /// Name shown to people.
    pub name: String,
    /// What the owning system calls this work, e.g. `acceptance`.
    pub step: String,
    /// Who may do it.
    pub permission: String,
    /// The record it is about.
    pub business: Uuid,
    /// One line about that record.
    pub title: String,
    /// Region of the record.
    pub region: String,
    /// Body of the record.
    pub body_id: Option<Uuid>,
    /// Item of the record.
    pub item_id: Option<Uuid>,
    /// The party, when the work is the applicant's.
    pub party_id: Option<Uuid>,
    /// Who has taken it.
    pub assignee: Option<Uuid>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// `open`, `waiting` (for a signer before it), `done`, `cancelled` or `removed`.
    pub state: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When the record's limit or that of the step ends, whichever comes first.
    pub due_at: DateTime<Utc>,
    /// When it was taken.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Who did it.
    pub done_by: Option<Uuid>,
    /// Their name.
    pub done_by_name: Option<String>,
    /// What was decided.
    pub outcome: Option<String>,
    /// What was written with it.
    pub comment: Option<String>,
    /// Order among the signers of the same work.
    pub stage: i32,
    /// A signer added by another (加签).
    pub added: bool,
    /// Others sign the same work.
    pub shared: bool,
    /// Who has delegated it and gets it back (委派).
    pub owner: Option<Uuid>,
    /// Their name.
    pub owner_name: Option<String>,
    /// When somebody last asked to hurry (催办).
    pub urged_at: Option<DateTime<Utc>>,
    /// When the limit of the step itself ends; see [`Task::limit`].
    pub limit_at: Option<DateTime<Utc>>,
    /// First day of its yellow light.
    pub yellow_from: Option<String>,
    /// First day of its red light.
    pub red_from: Option<String>,
    /// Since when that limit stands still.
    pub held_on: Option<String>,
}

impl Task {
    /// Whether it waits for somebody.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: self.body_id, item: self.item_id }
    }

    /// Whether this person was asked by name for an opinion or a signature; then the post does not matter.
    pub fn asked_of(&self, actor: &Actor) -> bool {
        (self.added || self.owner.is_some()) && self.assignee.is_some() && self.assignee == actor.holder()
    }

    /// The actor as they do this task: a deputy perhaps for somebody who is away.
    pub fn done_by_hand_of<'a>(&self, actor: &'a Actor) -> Cow<'a, Actor> {
        actor.for_work(&self.permission, &self.target(), self.assignee)
    }

    /// Whether this member of staff could do it now: by post, asked by name, or for somebody they stand in for.
    pub fn open_to(&self, actor: &Actor) -> bool {
        let actor = self.done_by_hand_of(actor);
        self.is_open() && (self.asked_of(&actor) || (self.permission != crate::APPLICANT && actor.may_named(&self.permission, &self.target())))
    }

    /// The limit of the step itself, if its drawing gives it one.
    pub fn limit(&self) -> Option<Limit> {
        Limit::stored(self.limit_at, self.yellow_from.as_deref(), self.red_from.as_deref())
    }
}

/// The columns of [`Task`], for queries that join it.
pub const TASK_COLUMNS: &str = "id, instance_id, token, element, name, step, permission, business, title, region, body_id, item_id, party_id, \
    assignee, assignee_name, state, created_at, due_at, claimed_at, done_at, done_by, done_by_name, outcome, comment, stage, added, shared, owner, owner_name, urged_at, \
    limit_at, yellow_from, red_from, held_on";

/// One task.
///
/// # Errors
/// When the database fails.
pub async fn task(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Task>> {
    let sql = format!("SELECT {TASK_COLUMNS} FROM flow_task WHERE id = $1");
    Ok(Task::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// All tasks about a record, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn tasks(conn: &impl ConnectionTrait, business: Uuid) -> Result<Vec<Task>> {
    let sql = format!("SELECT {TASK_COLUMNS} FROM flow_task WHERE business = $1 ORDER BY created_at, id");
    Ok(Task::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [business.into()])).all(conn).await?)
}

/// The tasks about a record that wait for somebody.
///
/// # Errors
/// When the database fails.
pub async fn open_tasks(conn: &impl ConnectionTrait, business: Uuid) -> Result<Vec<Task>> {
    let sql = format!("SELECT {TASK_COLUMNS} FROM flow_task WHERE business = $1 AND state = 'open' ORDER BY created_at, id");
    Ok(Task::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [business.into()])).all(conn).await?)
}

/// Which of these tasks still wait for somebody.
///
/// # Errors
/// When the database fails.
pub async fn still_open(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT id FROM flow_task WHERE state = 'open' AND id IN ({})", places.join(", "));
    let values = ids.iter().map(|id| sea_orm::Value::from(*id));
    let found = InstanceId::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// The join that finds the open tasks about the record named by `business` (a column) with their instances, and what to
/// select of it; for [`read_work`]. One query then brings a record and the work on it.
pub fn work_join(business: &str) -> (String, String) {
    let columns = TASK_COLUMNS.split(',').map(|c| ("task", c.trim())).chain(INSTANCE_COLUMNS.split(',').map(|c| ("instance", c.trim())));
    let columns: Vec<String> = columns.map(|(table, column)| format!("{table}.{column} AS {table}_{column}")).collect();
    let join = format!(
        "LEFT JOIN flow_task task ON task.business = {business} AND task.state = 'open' LEFT JOIN flow_instance instance ON instance.id = task.instance_id"
    );
    (columns.join(", "), join)
}

/// The task of a row of [`work_join`]; its instance is kept for [`crate::Engine::complete`] in the same transaction.
///
/// # Errors
/// When the columns are missing.
pub fn read_work(tx: &Tx, row: &QueryResult) -> Result<Option<Task>> {
    let task = Task::from_query_result_optional(row, "task_")?;
    if let Some(instance) = InstanceRow::from_query_result_optional(row, "instance_")? {
        tx.remember(instance.id, instance);
    }
    Ok(task)
}

const INSTANCE_COLUMNS: &str = "id, definition_id, subject, state, version, suspended_at";

#[derive(FromQueryResult)]
pub(crate) struct InstanceRow {
    pub id: Uuid,
    pub definition_id: Uuid,
    pub subject: String,
    pub state: String,
    pub version: i64,
    pub suspended_at: Option<DateTime<Utc>>,
}

pub(crate) async fn instance(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<InstanceRow>> {
    Ok(InstanceRow::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        format!("SELECT {INSTANCE_COLUMNS} FROM flow_instance WHERE id = $1"),
        [id.into()],
    ))
    .one(conn)
    .await?)
}

#[derive(FromQueryResult)]
pub(crate) struct InstanceId {
    pub id: Uuid,
}

pub(crate) async fn running_instance(conn: &impl ConnectionTrait, business: Uuid) -> Result<Option<Uuid>> {
    Ok(InstanceId::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT id FROM flow_instance WHERE business = $1 AND ended = FALSE",
        [business.into()],
    ))
    .one(conn)
    .await?
    .map(|row| row.id))
}

/// A process about a record.
#[derive(Debug, Clone)]
pub struct RunningProcess {
    /// The instance.
    pub id: Uuid,
    /// The version it runs by.
    pub definition: Uuid,
    /// Where it stands.
    pub instance: bpmn::Instance,
    /// Since when it is suspended.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// The process about a record that runs, or the last one that ran.
///
/// # Errors
/// When the database fails.
pub async fn running(conn: &impl ConnectionTrait, business: Uuid) -> Result<Option<RunningProcess>> {
    let sql = format!("SELECT {INSTANCE_COLUMNS} FROM flow_instance WHERE business = $1 ORDER BY ended, started_at DESC LIMIT 1");
    let row = InstanceRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [business.into()])).one(conn).await?;
    let read = |row: InstanceRow| {
        let instance = serde_json::from_str(&row.state)?;
        Ok(RunningProcess { id: row.id, definition: row.definition_id, instance, suspended_at: row.suspended_at })
    };
    row.map(read).transpose()
}

/// Moves the limit of the open tasks of an instance; a step whose own limit ends earlier keeps that, unless it stands still.
pub(crate) async fn move_open(tx: &Tx, instance: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE flow_task SET due_at = CASE WHEN held_on IS NULL AND limit_at < $1 THEN limit_at ELSE $1 END WHERE instance_id = $2 AND state IN ('open', 'waiting')",
        [due_at.into(), instance.into()],
    ))
    .await?;
    Ok(())
}

/// All seats of one piece of work: the tasks that share its token.
pub(crate) async fn seats(tx: &Tx, task: &Task) -> Result<Vec<Task>> {
    let sql = format!("SELECT {TASK_COLUMNS} FROM flow_task WHERE instance_id = $1 AND token = $2 ORDER BY created_at, id");
    let values = [task.instance_id.into(), task.token.into()];
    Ok(Task::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).all(&**tx).await?)
}
