//! Items and the work list of those who keep them.

use access::Actor;
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::bulk;
use crate::model::ItemStatus;
use crate::permissions::{EDIT, REVIEW};

/// One item with what is published and what is being written.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ItemRow {
    /// Identifier, the same through all versions.
    pub id: Uuid,
    /// `credit code/base code/variant`.
    pub identity: Option<String>,
    /// `credit code/published code` of an imported row.
    pub source_key: Option<String>,
    /// 基本编码; empty while unknown.
    pub base_code: String,
    /// Two-digit serial of the handling item (业务办理项), or empty.
    pub variant: String,
    /// The implementing body, once it is registered in the organization system.
    pub body_id: Option<Uuid>,
    /// Its name.
    pub body_name: String,
    /// Its credit code.
    pub body_uscc: String,
    /// 12-digit code of its region.
    pub region: String,
    /// Name of the newest version.
    pub name: String,
    /// Code of the [`ItemStatus`] the public sees.
    pub state: String,
    /// `draft`, `in-review`, or empty when nothing is being written.
    pub working_state: String,
    /// The published version.
    pub current_version_id: Option<Uuid>,
    /// The version being written.
    pub working_version_id: Option<Uuid>,
    /// JSON of the [`crate::ItemCard`] of the published version.
    pub card: String,
    /// Counter for optimistic updates.
    pub version: i32,
    /// Last change.
    pub changed_at: DateTime<Utc>,
}

impl ItemRow {
    /// What the public sees of it.
    pub fn status(&self) -> ItemStatus {
        ItemStatus::from_code(&self.state).unwrap_or(ItemStatus::Draft)
    }

    /// State of what is being written.
    pub fn working_status(&self) -> Option<ItemStatus> {
        ItemStatus::from_code(&self.working_state)
    }

    pub(crate) fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: self.body_id, item: Some(self.id) }
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.identity.clone().into(),
            self.source_key.clone().into(),
            self.base_code.clone().into(),
            self.variant.clone().into(),
            self.body_id.into(),
            self.body_name.clone().into(),
            self.body_uscc.clone().into(),
            self.region.clone().into(),
            self.name.clone().into(),
            self.state.clone().into(),
            self.working_state.clone().into(),
            self.current_version_id.into(),
            self.working_version_id.into(),
            self.card.clone().into(),
            self.version.into(),
            self.changed_at.into(),
        ]
    }
}

/// Key under which an item is unique (M-ITEM-01.09); `None` while it has no base code.
pub(crate) fn identity(uscc: &str, base_code: &str, variant: &str) -> Option<String> {
    (!base_code.is_empty()).then(|| format!("{uscc}/{base_code}/{variant}"))
}

pub(crate) const COLUMNS: [&str; 17] = [
    "id", "identity", "source_key", "base_code", "variant", "body_id", "body_name", "body_uscc", "region", "name", "state",
    "working_state", "current_version_id", "working_version_id", "card", "version", "changed_at",
];

async fn query(conn: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<Vec<ItemRow>> {
    let sql = format!("SELECT {} FROM item WHERE {condition}", COLUMNS.join(", "));
    Ok(ItemRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// The item, or not found.
pub async fn get(conn: &impl ConnectionTrait, id: Uuid) -> Result<ItemRow> {
    query(conn, "id = $1", vec![id.into()]).await?.pop().ok_or_else(|| Error::not_found("没有找到这个事项，可能已经删除，请从事项列表重新进入。"))
}

/// The item with this [`identity`].
pub async fn by_identity(conn: &impl ConnectionTrait, identity: &str) -> Result<Option<ItemRow>> {
    Ok(query(conn, "identity = $1", vec![identity.into()]).await?.pop())
}

/// Writes a new item.
pub async fn insert(tx: &Tx, row: &ItemRow) -> Result<()> {
    match bulk::insert(&**tx, "item", &COLUMNS, vec![row.values()], true).await? {
        1 => Ok(()),
        _ => Err(Error::conflict("catalog.code_taken", "这个机构已有同一基本编码的事项，同一事项只能有一个编码，请到原事项上修改，或者更换编码。")),
    }
}

/// Writes everything that may change; `row.version` is the counter that was read.
pub async fn update(tx: &Tx, row: &ItemRow, now: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE item SET identity = $1, base_code = $2, variant = $3, body_id = $4, body_name = $5, region = $6, name = $7, state = $8,
               working_state = $9, current_version_id = $10, working_version_id = $11, card = $12, changed_at = $13, version = version + 1
             WHERE id = $14 AND version = $15",
            vec![
                row.identity.clone().into(),
                row.base_code.clone().into(),
                row.variant.clone().into(),
                row.body_id.into(),
                row.body_name.clone().into(),
                row.region.clone().into(),
                row.name.clone().into(),
                row.state.clone().into(),
                row.working_state.clone().into(),
                row.current_version_id.into(),
                row.working_version_id.into(),
                row.card.clone().into(),
                now.into(),
                row.id.into(),
                row.version.into(),
            ],
        ))
        .await;
    match done {
        Err(error) if db::is_unique_violation(&error) => {
            Err(Error::field("base_code", "这个机构已有同一基本编码的事项，同一事项只能有一个编码，请更换编码。"))
        }
        Err(error) => Err(error.into()),
        Ok(done) => db::expect_one(done.rows_affected()),
    }
}

/// Which part of the work list.
#[derive(Debug, Clone, Default)]
pub struct WorkFilter {
    /// Draft and in-review look at what is being written, the others at what the public sees.
    pub status: Option<ItemStatus>,
    /// One body.
    pub body: Option<Uuid>,
    /// Only these items (found by the search index).
    pub ids: Option<Vec<Uuid>>,
}

/// Items this actor keeps, newest first.
///
/// Each grant becomes one sub-query that reads an index in order and stops after a page.
pub async fn worklist(conn: &impl ConnectionTrait, actor: &Actor, filter: &WorkFilter, after: Option<&Cursor>, size: usize) -> Result<Page<ItemRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut common = String::from("1 = 1");
    match filter.status {
        Some(status @ (ItemStatus::Draft | ItemStatus::InReview)) => common += &format!(" AND working_state = {}", bind(status.code().into())),
        Some(status) => common += &format!(" AND state = {}", bind(status.code().into())),
        None => {}
    }
    if let Some(body) = filter.body {
        common += &format!(" AND body_id = {}", bind(body.into()));
    }
    if let Some(ids) = &filter.ids {
        if ids.is_empty() {
            return Ok(Page::empty());
        }
        let ids: Vec<String> = ids.iter().map(|id| bind((*id).into())).collect();
        common += &format!(" AND id IN ({})", ids.join(", "));
    }
    let turn = Turn::descending(after);
    if let Some(cursor) = after {
        common += &format!(" AND id {} {}", turn.beyond_sql(), bind(cursor.key::<Uuid>()?.into()));
    }
    let mut branches: Vec<String> = Vec::new();
    match actor {
        Actor::System(_) => branches.push("1 = 1".into()),
        Actor::Staff(staff) => {
            for grant in staff.grants.iter().filter(|g| g.permission == EDIT.name || g.permission == REVIEW.name) {
                let mut branch = String::from("1 = 1");
                if let Some(prefix) = &grant.scope.region {
                    branch += &format!(" AND region >= {} AND region < {}", bind(prefix.clone().into()), bind(format!("{prefix}:").into()));
                }
                if let Some(body) = grant.scope.body {
                    branch += &format!(" AND body_id = {}", bind(body.into()));
                }
                if let Some(item) = grant.scope.item {
                    branch += &format!(" AND id = {}", bind(item.into()));
                }
                branches.push(branch);
            }
        }
        _ => {}
    }
    if branches.is_empty() {
        return Ok(Page::empty());
    }
    let (columns, limit, order) = (COLUMNS.join(", "), size + 1, turn.sql());
    let parts: Vec<String> = branches
        .iter()
        .map(|branch| format!("SELECT * FROM (SELECT {columns} FROM item WHERE {common} AND {branch} ORDER BY id {order} LIMIT {limit}) part"))
        .collect();
    let sql = format!("SELECT {columns} FROM ({}) page ORDER BY id {order} LIMIT {limit}", parts.join(" UNION "));
    let rows = ItemRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Items changed at or after a moment, oldest change first; `after` is the last one seen.
pub async fn changed_since(conn: &impl ConnectionTrait, after: (DateTime<Utc>, Uuid), size: usize) -> Result<Vec<ItemRow>> {
    query(
        conn,
        &format!("(changed_at, id) > ($1, $2) ORDER BY changed_at, id LIMIT {size}"),
        vec![after.0.into(), after.1.into()],
    )
    .await
}

/// Which of these identities and source keys exist already.
pub async fn known_keys(conn: &impl ConnectionTrait, identities: &[String], sources: &[String]) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Key {
        key: String,
    }
    let mut known = Vec::new();
    for (column, keys) in [("identity", identities), ("source_key", sources)] {
        if keys.is_empty() {
            continue;
        }
        let sql = format!("SELECT {column} AS key FROM item WHERE {column} IN ({})", bulk::places(1, keys.len()));
        let values: Vec<Value> = keys.iter().map(|key| key.clone().into()).collect();
        let rows = Key::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
        known.extend(rows.into_iter().map(|row| row.key));
    }
    Ok(known)
}
