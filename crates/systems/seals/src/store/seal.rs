use access::{ScopeColumns, Target};
use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Cursor, Page, Turn, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::{Purpose, SealKind, Standing, State};

/// A seal of a body, from its application to its end.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Seal {
    /// Identifier.
    pub id: Uuid,
    /// Its number, once made.
    pub number: Option<String>,
    /// [`SealKind`]
    pub kind: String,
    /// What it is called: body and kind.
    pub name: String,
    /// The body.
    pub body_id: Uuid,
    /// Its name, as on the seal.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// What it may be put under: JSON list of [`Purpose`].
    pub purposes: String,
    /// Whether the platform may put it under documents that acts of cases make (自动用印).
    pub automatic: bool,
    /// Filing number of the physical seal it corresponds to; may be empty.
    pub physical_no: String,
    /// Why it was applied for.
    pub grounds: String,
    /// The seal whose place it takes.
    pub replaces: Option<Uuid>,
    /// [`State`]
    pub state: String,
    /// Why it is in that state.
    pub state_reason: String,
    /// Who put it there.
    pub state_by: String,
    /// When.
    pub state_at: DateTime<Utc>,
    /// Who applied; none for an import.
    pub applied_by: Option<Uuid>,
    /// By name.
    pub applied_by_name: String,
    /// When.
    pub applied_at: DateTime<Utc>,
    /// First moment of use.
    pub valid_from: Option<DateTime<Utc>>,
    /// Last moment of use.
    pub valid_until: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i64,
}

impl Seal {
    /// Its kind.
    ///
    /// # Errors
    /// When the record is damaged.
    pub fn seal_kind(&self) -> Result<SealKind> {
        SealKind::of(&self.kind).ok_or_else(|| Error::internal(format!("seal kind {}", self.kind)))
    }

    /// What it may be put under.
    ///
    /// # Errors
    /// When the record is damaged.
    pub fn purposes(&self) -> Result<Vec<Purpose>> {
        Ok(serde_json::from_str(&self.purposes)?)
    }

    /// Its state.
    ///
    /// # Errors
    /// When the record is damaged.
    pub fn seal_state(&self) -> Result<State> {
        State::of(&self.state).ok_or_else(|| Error::internal(format!("seal state {}", self.state)))
    }

    /// What it is worth at a moment.
    ///
    /// # Errors
    /// When the record is damaged.
    pub fn standing(&self, now: DateTime<Utc>) -> Result<Standing> {
        Ok(Standing::at(self.seal_state()?, self.valid_from, self.valid_until, now))
    }

    /// Where it belongs, for permission checks.
    pub fn target(&self) -> Target<'_> {
        Target { region: &self.region, body: Some(self.body_id), item: None }
    }
}

const COLUMNS: &str = "id, number, kind, name, body_id, body_name, region, purposes, automatic, physical_no, grounds, replaces, state, state_reason, \
    state_by, state_at, applied_by, applied_by_name, applied_at, valid_from, valid_until, version";

async fn select(conn: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Seal>> {
    let sql = format!("SELECT {COLUMNS} FROM seal WHERE {rest}");
    Ok(Seal::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// One seal.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Seal>> {
    Ok(select(conn, "id = $1", vec![id.into()]).await?.pop())
}

/// The seal with this number.
///
/// # Errors
/// When the database fails.
pub async fn by_number(conn: &impl ConnectionTrait, number: &str) -> Result<Option<Seal>> {
    Ok(select(conn, "number = $1", vec![number.into()]).await?.pop())
}

/// The seal whose certificate has this fingerprint (SM3, hexadecimal).
///
/// # Errors
/// When the database fails.
pub async fn by_certificate(conn: &impl ConnectionTrait, fingerprint: &str) -> Result<Option<Seal>> {
    let sql = "SELECT name FROM trust_key WHERE fingerprint = $1";
    let row = conn.query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, [fingerprint.into()])).await?;
    let name: Option<String> = row.map(|row| row.try_get("", "name")).transpose()?;
    match name.and_then(|name| name.parse().ok()) {
        Some(id) => by_id(conn, id).await,
        None => Ok(None),
    }
}

/// The seals of a body that are in force or suspended; at most one of a kind.
///
/// # Errors
/// When the database fails.
pub async fn in_force(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<Seal>> {
    select(conn, "body_id = $1 AND state IN ('in_force', 'suspended')", vec![body.into()]).await
}

/// The seals of a body, in force or suspended, that an officer holds by name or through one of these posts.
///
/// # Errors
/// When the database fails.
pub async fn held(conn: &impl ConnectionTrait, body: Uuid, staff: Uuid, posts: &[String]) -> Result<Vec<Seal>> {
    let mut values: Vec<Value> = vec![body.into(), staff.into()];
    values.extend(posts.iter().map(|post| format!("岗位：{post}").into()));
    let posts = if posts.is_empty() { String::new() } else { format!("OR h.staff_id IS NULL AND h.holder IN ({})", db::bulk::places(3, posts.len())) };
    let held = format!("SELECT h.seal_id FROM seal_holder h WHERE h.ended_at IS NULL AND (h.staff_id = $2 {posts})");
    select(conn, &format!("body_id = $1 AND state IN ('in_force', 'suspended') AND id IN ({held}) ORDER BY id"), values).await
}

/// The columns that say where a seal belongs.
pub fn scope() -> ScopeColumns<Alias> {
    ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: None }
}

/// The seals a condition allows, newest first, perhaps only those in one state.
///
/// # Errors
/// When the database fails.
pub async fn search(conn: &impl ConnectionTrait, visible: Condition, state: Option<State>, body_name: &str, after: Option<&Cursor>, size: usize) -> Result<Page<Seal>> {
    let turn = Turn::descending(after);
    let mut query = Query::select();
    query.expr(Expr::cust(COLUMNS)).from(Alias::new("seal")).cond_where(visible).order_by(Alias::new("id"), turn.order()).limit(size as u64 + 1);
    if let Some(state) = state {
        query.and_where(Expr::col(Alias::new("state")).eq(state.as_str()));
    }
    if !body_name.is_empty() {
        // A range: the beginning of a name, by a plain comparison on both engines.
        query.and_where(Expr::col(Alias::new("body_name")).gte(body_name)).and_where(Expr::col(Alias::new("body_name")).lt(format!("{body_name}\u{10ffff}")));
    }
    if let Some(cursor) = after {
        query.cond_where(turn.beyond(&[(Alias::new("id"), cursor.key::<Uuid>()?.into())]));
    }
    let rows = Seal::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Page::from_rows(rows, size, after, |row| row.id)
}

/// Writes an application.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, seal: &Seal) -> Result<()> {
    let s = seal.clone();
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        format!("INSERT INTO seal ({COLUMNS}) VALUES ({})", db::bulk::places(1, 22)),
        [
            s.id.into(),
            s.number.into(),
            s.kind.into(),
            s.name.into(),
            s.body_id.into(),
            s.body_name.into(),
            s.region.into(),
            s.purposes.into(),
            s.automatic.into(),
            s.physical_no.into(),
            s.grounds.into(),
            s.replaces.into(),
            s.state.into(),
            s.state_reason.into(),
            s.state_by.into(),
            s.state_at.into(),
            s.applied_by.into(),
            s.applied_by_name.into(),
            s.applied_at.into(),
            s.valid_from.into(),
            s.valid_until.into(),
            s.version.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Puts a seal into a state.
///
/// # Errors
/// When it is not at this version any more, or another of its kind is in force.
pub async fn set_state(tx: &Tx, seal: &Seal, state: State, reason: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE seal SET state = $3, state_reason = $4, state_by = $5, state_at = $6, version = version + 1 WHERE id = $1 AND version = $2",
            [seal.id.into(), seal.version.into(), state.as_str().into(), reason.into(), by.into(), at.into()],
        ))
        .await;
    match done {
        Ok(done) => db::expect_one(done.rows_affected()),
        Err(error) if db::is_unique_violation(&error) => {
            Err(Error::conflict("seals.one_in_force", "这个单位已经有一枚同类印章在用。需要新章的，请用“换发”，旧章同时停止使用。"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a seal its number and days.
///
/// # Errors
/// When the database fails.
pub async fn set_term(tx: &Tx, id: Uuid, number: &str, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE seal SET number = $2, valid_from = $3, valid_until = $4 WHERE id = $1";
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [id.into(), number.into(), from.into(), until.into()])).await?;
    db::expect_one(done.rows_affected())
}

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

/// The next serial number of a region's seals.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(tx: &Tx, region6: &str) -> Result<i32> {
    let row = Last::find_by_statement(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO seal_serial (region, last) VALUES ($1, 1) ON CONFLICT (region) DO UPDATE SET last = seal_serial.last + 1 RETURNING last",
        [region6.into()],
    ))
    .one(&**tx)
    .await?;
    row.map(|row| row.last).ok_or_else(|| Error::internal("no serial number for a seal"))
}

/// What was made: the seal file and its picture.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Made {
    /// The seal (GB/T 38540).
    pub esl: Vec<u8>,
    /// Its picture (PNG).
    pub picture: Vec<u8>,
}

/// What was made for a seal.
///
/// # Errors
/// When the database fails.
pub async fn made(conn: &impl ConnectionTrait, seal: Uuid) -> Result<Option<Made>> {
    let sql = "SELECT esl, picture FROM seal_made WHERE seal_id = $1";
    Ok(Made::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [seal.into()])).one(conn).await?)
}

/// Keeps what was made.
///
/// # Errors
/// When the database fails.
pub async fn put_made(tx: &Tx, seal: Uuid, made: &Made) -> Result<()> {
    let sql = "INSERT INTO seal_made (seal_id, esl, picture) VALUES ($1, $2, $3)";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [seal.into(), made.esl.clone().into(), made.picture.clone().into()])).await?;
    Ok(())
}

/// Somebody who may use a seal by hand: an officer by name, or whoever holds a post.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Holder {
    /// Identifier.
    pub id: Uuid,
    /// The officer; none for a post.
    pub staff_id: Option<Uuid>,
    /// The officer's or the post's name.
    pub holder: String,
    /// Who said so.
    pub granted_by: String,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// Who took it back.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Everybody who holds or held a seal, in order.
///
/// # Errors
/// When the database fails.
pub async fn holders(conn: &impl ConnectionTrait, seal: Uuid) -> Result<Vec<Holder>> {
    let sql = "SELECT id, staff_id, holder, granted_by, granted_at, ended_by, ended_at FROM seal_holder WHERE seal_id = $1 ORDER BY granted_at, id LIMIT 200";
    Ok(Holder::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [seal.into()])).all(conn).await?)
}

/// Lets somebody hold a seal.
///
/// # Errors
/// When they do already.
pub async fn add_holder(tx: &Tx, seal: Uuid, staff: Option<Uuid>, holder: &str, by: &str, at: DateTime<Utc>) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO seal_holder (id, seal_id, staff_id, holder, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [base::new_id().into(), seal.into(), staff.into(), holder.into(), by.into(), at.into()],
        ))
        .await;
    match done {
        Ok(_) => Ok(()),
        Err(error) if db::is_unique_violation(&error) => Err(Error::conflict("seals.holds_already", "这位人员或岗位已经可以使用这枚印章。")),
        Err(error) => Err(error.into()),
    }
}

/// Takes it back.
///
/// # Errors
/// When there is no such holder.
pub async fn end_holder(tx: &Tx, seal: Uuid, holder: Uuid, by: &str, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE seal_holder SET ended_by = $3, ended_at = $4 WHERE seal_id = $1 AND id = $2 AND ended_at IS NULL";
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [seal.into(), holder.into(), by.into(), at.into()])).await?;
    db::expect_one(done.rows_affected())
}
