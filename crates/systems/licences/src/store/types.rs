//! Types of licences and their versions.

use access::ScopeColumns;
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::model::{Stage, TypeSpec};

/// A type as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct TypeRow {
    /// Credit code of the defining body and a serial (GB/T 36904).
    pub code: String,
    /// Its name now.
    pub name: String,
    /// The defining body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// Years licences held before anybody described the type; 0 means no end.
    pub valid_years: i32,
    /// Number of the version in force; 0 when there is none.
    pub in_force: i32,
    /// Number of the version being written or reviewed; 0 when there is none.
    pub working: i32,
}

impl TypeRow {
    /// Where it belongs, for permission checks.
    pub fn target(&self) -> access::Target<'_> {
        access::Target { region: &self.region, body: Some(self.body_id), item: None }
    }
}

/// A version of a type as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct TypeVersion {
    /// The type.
    pub code: String,
    /// Counts from 1.
    pub number: i32,
    /// [`Stage`].
    pub stage: String,
    /// [`TypeSpec`] as JSON.
    pub spec: String,
    /// Everybody who wrote in it, a JSON list of identifiers: none of them reviews it.
    pub editors: String,
    /// Who wrote last.
    pub editor_name: String,
    /// Who reviewed it.
    pub reviewer_name: String,
    /// What the reviewer said.
    pub note: String,
    /// Counts the changes, for optimistic updates.
    pub lock: i32,
    /// When it was written last.
    pub saved_at: DateTime<Utc>,
    /// Since when it is in force.
    pub in_force_at: Option<DateTime<Utc>>,
}

impl TypeVersion {
    /// What it says.
    ///
    /// # Errors
    /// When the stored text is damaged.
    pub fn spec(&self) -> Result<TypeSpec> {
        Ok(serde_json::from_str(&self.spec)?)
    }

    /// Where it stands.
    ///
    /// # Errors
    /// When the stored code is damaged.
    pub fn stage(&self) -> Result<Stage> {
        Stage::from_code(&self.stage).ok_or_else(|| Error::internal(format!("stage {}", self.stage)))
    }
}

const COLUMNS: &str = "code, name, body_id, body_name, region, valid_years, in_force, working";
const VERSION: &str = "code, number, stage, spec, editors, editor_name, reviewer_name, note, lock, saved_at, in_force_at";

/// Registers a licence type the first time it is used (GB/T 36902: the directory of types).
///
/// # Errors
/// When the database fails.
pub async fn ensure_type(tx: &Tx, row: &TypeRow) -> Result<()> {
    tx.later(insert_write(row)).await
}

fn insert_write(row: &TypeRow) -> Write {
    Write::new(
        "INSERT INTO licence_type (code, name, body_id, body_name, region, valid_years, in_force, working) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (code) DO NOTHING",
        [
            row.code.clone().into(),
            row.name.clone().into(),
            row.body_id.into(),
            row.body_name.clone().into(),
            row.region.clone().into(),
            row.valid_years.into(),
            row.in_force.into(),
            row.working.into(),
        ],
    )
}

/// Writes a new type.
///
/// # Errors
/// [`base::Kind::Conflict`] when its code is taken.
pub async fn insert_type(tx: &Tx, row: &TypeRow) -> Result<()> {
    tx.later(insert_write(row).or_else(|_| Box::pin(async { Error::conflict("licences.type_taken", "这个序号已经有证照类型使用，请换一个序号。") }))).await
}

/// A type by its code.
///
/// # Errors
/// When the database fails.
pub async fn licence_type(conn: &impl ConnectionTrait, code: &str) -> Result<Option<TypeRow>> {
    let sql = format!("SELECT {COLUMNS} FROM licence_type WHERE code = $1");
    Ok(TypeRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [code.into()])).one(conn).await?)
}

/// A version of a type.
///
/// # Errors
/// When the database fails.
pub async fn type_version(conn: &impl ConnectionTrait, code: &str, number: i32) -> Result<Option<TypeVersion>> {
    let sql = format!("SELECT {VERSION} FROM licence_type_version WHERE code = $1 AND number = $2");
    Ok(TypeVersion::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [code.into(), number.into()])).one(conn).await?)
}

/// All versions of a type, newest first.
///
/// # Errors
/// When the database fails.
pub async fn type_versions(conn: &impl ConnectionTrait, code: &str) -> Result<Vec<TypeVersion>> {
    let sql = format!("SELECT {VERSION} FROM licence_type_version WHERE code = $1 ORDER BY number DESC LIMIT 100");
    Ok(TypeVersion::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [code.into()])).all(conn).await?)
}

/// The version in force, with its number: what licences are made by.
///
/// # Errors
/// When the database fails.
pub async fn in_force(conn: &impl ConnectionTrait, code: &str) -> Result<Option<TypeVersion>> {
    let columns: Vec<String> = VERSION.split(", ").map(|name| format!("v.{name}")).collect();
    let sql = format!(
        "SELECT {} FROM licence_type t JOIN licence_type_version v ON v.code = t.code AND v.number = t.in_force WHERE t.code = $1",
        columns.join(", ")
    );
    Ok(TypeVersion::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [code.into()])).one(conn).await?)
}

/// The columns that say where a type belongs.
pub(crate) fn type_scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: None }
}

/// Types a condition allows, by code.
///
/// # Errors
/// When the database fails.
pub async fn types(conn: &impl ConnectionTrait, visible: Condition, after: Option<&Cursor>, size: usize) -> Result<Page<TypeRow>> {
    let turn = Turn::ascending(after);
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("licence_type")).cond_where(visible);
    query.order_by(Alias::new("code"), turn.order()).limit(size as u64 + 1);
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("code"), cursor.key::<String>()?.into())]));
    }
    let rows = TypeRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.code.clone())
}

/// Those the public sees: types with a version in force.
pub(crate) fn described() -> Condition {
    Condition::all().add(Expr::col(Alias::new("in_force")).gt(0))
}

/// The versions in force of these types.
///
/// # Errors
/// When the database fails.
pub async fn versions_in_force(conn: &impl ConnectionTrait, types: &[TypeRow]) -> Result<Vec<TypeVersion>> {
    let mut query = Query::select();
    query.expr(Expr::cust(VERSION)).from(Alias::new("licence_type_version"));
    query.and_where(Expr::col(Alias::new("code")).is_in(types.iter().map(|row| row.code.clone()))).and_where(Expr::col(Alias::new("stage")).eq(Stage::InForce.code()));
    Ok(TypeVersion::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}

/// Writes a new version of a type, which becomes the one being worked on.
///
/// # Errors
/// [`base::Kind::Conflict`] when somebody else began one.
pub async fn insert_version(tx: &Tx, version: &TypeVersion) -> Result<()> {
    tx.later(
        Write::new("UPDATE licence_type SET working = $1 WHERE code = $2 AND working = 0", [version.number.into(), version.code.clone().into()]).once(),
    )
    .await?;
    tx.later(Write::new(
        "INSERT INTO licence_type_version (code, number, stage, spec, editors, editor_name, reviewer_name, note, lock, saved_at)
         VALUES ($1, $2, $3, $4, $5, $6, '', '', 1, $7)",
        [
            version.code.clone().into(),
            version.number.into(),
            version.stage.clone().into(),
            version.spec.clone().into(),
            version.editors.clone().into(),
            version.editor_name.clone().into(),
            version.saved_at.into(),
        ],
    ))
    .await
}

/// Writes what an editor changed in a draft.
///
/// # Errors
/// [`base::Kind::Conflict`] when it was saved since `lock`.
pub async fn save_version(tx: &Tx, version: &TypeVersion, lock: i32) -> Result<()> {
    let sql = "UPDATE licence_type_version SET spec = $1, editors = $2, editor_name = $3, saved_at = $4, lock = lock + 1
               WHERE code = $5 AND number = $6 AND lock = $7 AND stage = 'draft'";
    let values = [
        version.spec.clone().into(),
        version.editors.clone().into(),
        version.editor_name.clone().into(),
        version.saved_at.into(),
        version.code.clone().into(),
        version.number.into(),
        lock.into(),
    ];
    tx.later(Write::new(sql, values).once()).await
}

/// A step of a version.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// From here …
    pub from: Stage,
    /// … to here.
    pub to: Stage,
    /// Who reviewed.
    pub reviewer: &'a str,
    /// What they said.
    pub note: &'a str,
}

/// Takes a version one step on.
///
/// # Errors
/// [`base::Kind::Conflict`] when it is not where it was thought to be.
pub async fn advance(tx: &Tx, version: &TypeVersion, lock: i32, step: Step<'_>, now: DateTime<Utc>) -> Result<()> {
    let in_force_at = (step.to == Stage::InForce).then_some(now);
    let sql = "UPDATE licence_type_version SET stage = $1, reviewer_name = $2, note = $3, in_force_at = $4, lock = lock + 1
               WHERE code = $5 AND number = $6 AND lock = $7 AND stage = $8";
    let values = [
        step.to.code().into(),
        step.reviewer.into(),
        step.note.into(),
        in_force_at.into(),
        version.code.clone().into(),
        version.number.into(),
        lock.into(),
        step.from.code().into(),
    ];
    tx.later(Write::new(sql, values).once()).await
}

/// Puts a version in force: it takes the place of the one before.
///
/// # Errors
/// [`base::Kind::Conflict`] when somebody else was first.
pub async fn put_in_force(tx: &Tx, version: &TypeVersion, name: &str) -> Result<()> {
    let code = || version.code.clone().into();
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE licence_type_version SET stage = 'replaced' WHERE code = $1 AND stage = 'in_force' AND number <> $2",
        [code(), version.number.into()],
    ))
    .await?;
    tx.later(
        Write::new(
            "UPDATE licence_type SET in_force = $1, working = 0, name = $2 WHERE code = $3 AND working = $1",
            [version.number.into(), name.into(), code()],
        )
        .once(),
    )
    .await
}

/// The next number within a scope, from 1 and without gaps.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(tx: &Tx, scope: &str) -> Result<i64> {
    next_serials(tx, scope, 1).await
}

/// The last of the next `count` numbers within a scope.
///
/// # Errors
/// When the database fails.
pub async fn next_serials(tx: &Tx, scope: &str, count: i64) -> Result<i64> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO licence_serial (scope, value) VALUES ($1, $2)
             ON CONFLICT (scope) DO UPDATE SET value = licence_serial.value + $2 RETURNING value",
            [scope.into(), count.into()],
        ))
        .await?
        .ok_or_else(|| Error::internal("the licence serial gave no number"))?;
    Ok(row.try_get("", "value")?)
}
