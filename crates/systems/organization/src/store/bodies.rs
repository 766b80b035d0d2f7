use access::{Actor, ScopeColumns};
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::permissions::MANAGE;

/// A body (机构) that serves the public.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Body {
    /// Identifier.
    pub id: Uuid,
    /// Unified social credit code.
    pub uscc: String,
    /// Full name.
    pub name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// Where it receives people; may be empty.
    pub address: String,
    /// Telephone for questions; may be empty.
    pub phone: String,
    /// Telephone for complaints; may be empty.
    pub complaint_phone: String,
    /// Counts the changes, for optimistic updates.
    pub version: i32,
}

/// A window (服务窗口).
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Window {
    /// Identifier.
    pub id: Uuid,
    /// What it is called, e.g. `3 号综合窗口`.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// 12-digit code of the region it serves.
    pub region: String,
    /// Key of its [`crate::WindowKind`].
    pub kind: String,
}

const SELECT: &str = "SELECT id, uscc, name, region, address, phone, complaint_phone, version FROM body";
const SELECT_WINDOW: &str = "SELECT id, name, place, region, kind FROM service_window";

/// A LIKE pattern (escape `!`) for texts that hold `text`.
pub(super) fn containing(text: &str) -> String {
    let escaped: String = text.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}

async fn one(conn: &impl ConnectionTrait, condition: &str, value: Value) -> Result<Option<Body>> {
    let sql = format!("{SELECT} WHERE {condition}");
    Ok(Body::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [value])).one(conn).await?)
}

/// The body with this identifier.
///
/// # Errors
/// When the database fails.
pub async fn body(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Body>> {
    one(conn, "id = $1", id.into()).await
}

/// The body with this full name; where several regions have one, the first by region.
///
/// # Errors
/// When the database fails.
pub async fn body_by_name(conn: &impl ConnectionTrait, name: &str) -> Result<Option<Body>> {
    one(conn, "name = $1 ORDER BY region LIMIT 1", name.into()).await
}

/// The body with this credit code.
///
/// # Errors
/// When the database fails.
pub async fn body_by_uscc(conn: &impl ConnectionTrait, uscc: &str) -> Result<Option<Body>> {
    one(conn, "uscc = $1", uscc.into()).await
}

/// The bodies of all regions whose code begins with `region_prefix` (all twelve digits: of that region alone), by name.
///
/// # Errors
/// When the database fails.
pub async fn bodies(conn: &impl ConnectionTrait, region_prefix: &str) -> Result<Vec<Body>> {
    let sql = format!("{SELECT} WHERE region >= $1 AND region < $2 ORDER BY region, name");
    let values: [Value; 2] = [region_prefix.into(), format!("{region_prefix}:").into()]; // ':' follows '9'
    Ok(Body::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// The windows of a region (12 digits), by name.
///
/// # Errors
/// When the database fails.
pub async fn windows(conn: &impl ConnectionTrait, region: &str) -> Result<Vec<Window>> {
    let sql = format!("{SELECT_WINDOW} WHERE region = $1 ORDER BY name, id");
    Ok(Window::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [region.into()])).all(conn).await?)
}

/// The windows of a body, by name.
pub(crate) async fn windows_of_body(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<Window>> {
    let sql = format!("{SELECT_WINDOW} WHERE body_id = $1 ORDER BY name, id");
    Ok(Window::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [body.into()])).all(conn).await?)
}

/// The bodies this actor manages whose name holds `text`, by name.
pub(crate) async fn body_page(conn: &impl ConnectionTrait, actor: &Actor, text: &str, after: Option<&Cursor>, size: usize) -> Result<Page<Body>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let turn = Turn::ascending(after);
    let scope = ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("id")), item: None };
    let mut query = Query::select();
    query
        .columns(["id", "uscc", "name", "region", "address", "phone", "complaint_phone", "version"].map(Alias::new))
        .from(Alias::new("body"))
        .cond_where(actor.filter(MANAGE, &scope));
    if !text.trim().is_empty() {
        query.and_where(column("name").like(LikeExpr::new(containing(text.trim())).escape('!')));
    }
    if let Some(cursor) = after {
        let (name, id): (String, Uuid) = cursor.key()?;
        query.cond_where(turn.beyond(&[(Alias::new("name"), name.into()), (Alias::new("id"), id.into())]));
    }
    query.order_by(Alias::new("name"), turn.order()).order_by(Alias::new("id"), turn.order()).limit(size as u64 + 1);
    let rows = Body::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |body| (body.name.clone(), body.id))
}

/// Writes a new body.
pub(crate) async fn insert_body(tx: &Tx, body: &Body, now: DateTime<Utc>) -> Result<()> {
    let values: [Value; 8] = [
        body.id.into(),
        body.uscc.as_str().into(),
        body.name.as_str().into(),
        body.region.as_str().into(),
        body.address.as_str().into(),
        body.phone.as_str().into(),
        body.complaint_phone.as_str().into(),
        now.into(),
    ];
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO body (id, uscc, name, region, address, phone, complaint_phone, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
            values,
        ))
        .await;
    match written {
        Err(error) if db::is_unique_violation(&error) => {
            Err(Error::conflict("organization.body_exists", "这个统一社会信用代码或名称已经登记过机构，请在机构列表中查找，不要重复登记。"))
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// Writes what can change about a body.
pub(crate) async fn update_body(tx: &Tx, body: &Body, version: i32) -> Result<()> {
    let values: [Value; 6] = [
        body.name.as_str().into(),
        body.address.as_str().into(),
        body.phone.as_str().into(),
        body.complaint_phone.as_str().into(),
        body.id.into(),
        version.into(),
    ];
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE body SET name = $1, address = $2, phone = $3, complaint_phone = $4, version = version + 1 WHERE id = $5 AND version = $6",
            values,
        ))
        .await?;
    db::expect_one(done.rows_affected())
}

/// Writes a new window of a body.
pub(crate) async fn insert_window(tx: &Tx, body: Uuid, window: &Window) -> Result<()> {
    let values: [Value; 6] = [
        window.id.into(),
        body.into(),
        window.name.as_str().into(),
        window.place.as_str().into(),
        window.region.as_str().into(),
        window.kind.as_str().into(),
    ];
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO service_window (id, body_id, name, place, region, kind) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    ))
    .await?;
    Ok(())
}
