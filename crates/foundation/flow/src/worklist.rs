use access::Actor;
use base::Result;
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::store::{TASK_COLUMNS, Task};

/// Which part of the work list.
#[derive(Debug, Clone, Default)]
pub struct WorkFilter {
    /// Only what I have taken.
    pub mine: bool,
    /// Only this step.
    pub step: Option<String>,
    /// Only work due before this moment.
    pub due_before: Option<DateTime<Utc>>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Rows per page.
    pub size: usize,
}

/// The work this actor may do, most urgent first.
///
/// Each grant becomes one sub-query that reads its own index in order and stops after a page, so the cost does not
/// grow with the number of waiting tasks.
///
/// # Errors
/// When the database fails.
pub async fn worklist(conn: &impl ConnectionTrait, actor: &Actor, filter: &WorkFilter) -> Result<Page<Task>> {
    let size = filter.size.clamp(1, 200);
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut common = String::from("state = 'open'");
    if let Some(step) = &filter.step {
        common += &format!(" AND step = {}", bind(step.clone().into()));
    }
    if let Some(before) = filter.due_before {
        common += &format!(" AND due_at < {}", bind(before.into()));
    }
    let turn = Turn::ascending(filter.after.as_ref());
    if let Some(cursor) = &filter.after {
        let (due, id): (DateTime<Utc>, Uuid) = cursor.key()?;
        let (due, id) = (bind(due.into()), bind(id.into()));
        common += &format!(" AND (due_at, id) {} ({due}, {id})", turn.beyond_sql());
    }
    let mut branches: Vec<String> = Vec::new();
    match actor {
        // What whoever is away has taken, or was asked by name, waits for the deputy.
        Actor::Staff(staff) if filter.mine => {
            for holder in std::iter::once(staff.staff).chain(staff.deputy.of.iter().map(|principal| principal.staff)) {
                branches.push(format!("assignee = {}", bind(holder.into())));
            }
        }
        Actor::Staff(staff) => {
            for grant in staff.all_grants() {
                let mut branch = format!("permission = {}", bind(grant.permission.clone().into()));
                if let Some(body) = grant.scope.body {
                    branch += &format!(" AND body_id = {}", bind(body.into()));
                }
                if let Some(item) = grant.scope.item {
                    branch += &format!(" AND item_id = {}", bind(item.into()));
                }
                if let Some(prefix) = &grant.scope.region {
                    let (from, to) = (bind(prefix.clone().into()), bind(format!("{prefix}:").into()));
                    branch += &format!(" AND region >= {from} AND region < {to}");
                }
                if !branches.contains(&branch) {
                    branches.push(branch);
                }
            }
        }
        Actor::Party(party) => branches.push(format!("party_id = {}", bind(party.party.into()))),
        _ => {}
    }
    if branches.is_empty() {
        return Ok(Page::empty());
    }
    let (limit, order) = (size + 1, turn.sql());
    let parts: Vec<String> = branches
        .iter()
        .map(|branch| format!("SELECT * FROM (SELECT {TASK_COLUMNS} FROM flow_task WHERE {common} AND {branch} ORDER BY due_at {order}, id {order} LIMIT {limit}) part"))
        .collect();
    let sql = format!("SELECT {TASK_COLUMNS} FROM ({}) page ORDER BY due_at {order}, id {order} LIMIT {limit}", parts.join(" UNION "));
    let rows = Task::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Page::from_rows(rows, size, filter.after.as_ref(), |task| (task.due_at, task.id))
}
