use access::{Actor, ScopeColumns};
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::model::{Kind, Stage};
use crate::permissions::{EDIT, REVIEW};

/// A design.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DesignRow {
    /// Identifier, and the chain of its journal.
    pub id: Uuid,
    /// [`Kind`].
    pub kind: String,
    /// What items and processes name it by; unique within its kind.
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// The body it belongs to.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region, 12 digits.
    pub region: String,
    /// Stage of the newest version: [`Stage`].
    pub stage: String,
    /// The version being written or reviewed.
    pub working_id: Option<Uuid>,
    /// Counts the changes, for optimistic updates.
    pub version: i32,
    /// When it was changed.
    pub changed_at: DateTime<Utc>,
}

impl DesignRow {
    /// What it is.
    ///
    /// # Errors
    /// When the row was written by a newer release.
    pub fn kind(&self) -> Result<Kind> {
        Kind::from_code(&self.kind).ok_or_else(|| Error::internal(format!("unknown kind of design {}", self.kind)))
    }

    /// Stage of the newest version.
    pub fn stage(&self) -> Stage {
        Stage::from_code(&self.stage)
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: None }
    }
}

const COLUMNS: [&str; 11] = ["id", "kind", "key", "name", "body_id", "body_name", "region", "stage", "working_id", "version", "changed_at"];

/// One design.
///
/// # Errors
/// [`base::Kind::NotFound`] when there is none.
pub async fn get(conn: &impl ConnectionTrait, id: Uuid) -> Result<DesignRow> {
    let sql = format!("SELECT {} FROM design WHERE id = $1", COLUMNS.join(", "));
    DesignRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()]))
        .one(conn)
        .await?
        .ok_or_else(|| Error::not_found("没有找到这个设计，可能不在您的职责范围内。"))
}

/// The design of a kind with this key.
///
/// # Errors
/// When the database fails.
pub async fn by_key(conn: &impl ConnectionTrait, kind: Kind, key: &str) -> Result<Option<DesignRow>> {
    let sql = format!("SELECT {} FROM design WHERE kind = $1 AND key = $2", COLUMNS.join(", "));
    Ok(DesignRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [kind.code().into(), key.into()])).one(conn).await?)
}

/// Which part of the list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// One kind.
    pub kind: Option<Kind>,
    /// One stage of the newest version.
    pub stage: Option<Stage>,
}

/// Designs within the actor's scope, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &impl ConnectionTrait, actor: &Actor, filter: Filter, after: Option<&Cursor>, size: usize) -> Result<Page<DesignRow>> {
    let column = Alias::new;
    let turn = Turn::descending(after);
    let scope = ScopeColumns { region: column("region"), body: Some(column("body_id")), item: None };
    let mut query = Query::select();
    query
        .columns(COLUMNS.map(column))
        .from(column("design"))
        .cond_where(Condition::any().add(actor.filter(EDIT, &scope)).add(actor.filter(REVIEW, &scope)))
        .order_by(column("id"), turn.order())
        .limit(size as u64 + 1);
    if let Some(kind) = filter.kind {
        query.and_where(Expr::col(column("kind")).eq(kind.code()));
    }
    if let Some(stage) = filter.stage {
        query.and_where(Expr::col(column("stage")).eq(stage.code()));
    }
    if let Some(after) = after {
        query.cond_where(turn.beyond(&[(column("id"), after.key::<Uuid>()?.into())]));
    }
    let rows = DesignRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Stores a new design.
pub(crate) async fn insert(tx: &Tx, row: &DesignRow) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO design (id, kind, key, name, body_id, body_name, region, stage, working_id, version, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (kind, key) DO NOTHING",
            [
                row.id.into(),
                row.kind.clone().into(),
                row.key.clone().into(),
                row.name.clone().into(),
                row.body_id.into(),
                row.body_name.clone().into(),
                row.region.clone().into(),
                row.stage.clone().into(),
                row.working_id.into(),
                row.version.into(),
                row.changed_at.into(),
            ],
        ))
        .await?;
    if done.rows_affected() == 0 {
        return Err(Error::field("key", "这个标识已经有人用了，请换一个。"));
    }
    Ok(())
}

/// Stores name, stage and working version of a design, if nobody changed it meanwhile.
pub(crate) async fn touch(tx: &Tx, row: &DesignRow, now: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE design SET name = $1, stage = $2, working_id = $3, changed_at = $4, version = version + 1 WHERE id = $5 AND version = $6",
            [row.name.clone().into(), row.stage.clone().into(), row.working_id.into(), now.into(), row.id.into(), row.version.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
