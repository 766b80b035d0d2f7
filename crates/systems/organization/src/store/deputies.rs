use std::collections::BTreeSet;

use access::{Deputy, Principal, Staff};
use base::Result;
use chrono::{DateTime, NaiveDate, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::staff::{staff_actor, staff_actors};
use crate::model::{Span, handed_on};

/// One arrangement of a deputy.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DeputyRow {
    /// Identifier.
    pub id: Uuid,
    /// The body both serve.
    pub body_id: Uuid,
    /// Who is away.
    pub principal_id: Uuid,
    /// Their name.
    pub principal_name: String,
    /// Who stands in.
    pub deputy_id: Uuid,
    /// Their name.
    pub deputy_name: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub to_day: String,
    /// Permissions handed on, separated by spaces.
    pub permissions: String,
    /// Why.
    pub reason: String,
    /// Who arranged it.
    pub named_by: String,
    /// The day it was ended early.
    pub ended_on: Option<String>,
    /// By whom.
    pub ended_by: Option<String>,
}

const DEPUTY: &str = "SELECT d.id, d.body_id, d.principal_id, p.name AS principal_name, d.deputy_id, s.name AS deputy_name, d.from_day, d.to_day, d.permissions,
    d.reason, d.named_by, d.ended_on, d.ended_by FROM deputy d JOIN staff p ON p.id = d.principal_id JOIN staff s ON s.id = d.deputy_id";

impl DeputyRow {
    /// The permissions handed on.
    pub fn kinds(&self) -> BTreeSet<String> {
        self.permissions.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether it can still take effect.
    pub fn stands(&self, today: NaiveDate) -> bool {
        self.ended_on.is_none() && self.to_day >= today.to_string()
    }

    /// Whether it takes effect today.
    pub fn holds(&self, today: NaiveDate) -> bool {
        self.stands(today) && self.from_day <= today.to_string()
    }

    pub(crate) fn span(&self) -> Option<Span> {
        Some(Span {
            principal: self.principal_id,
            deputy: self.deputy_id,
            from: self.from_day.parse().ok()?,
            to: self.to_day.parse().ok()?,
            kinds: self.kinds(),
        })
    }
}

/// A staff member as an actor with everything they may do on a day: their own posts, and what was handed on to them by
/// colleagues who are away. Otherwise as [`staff_actor`].
///
/// # Errors
/// When the database fails.
pub async fn acting_staff(conn: &impl ConnectionTrait, staff_id: Uuid, today: NaiveDate) -> Result<Option<Staff>> {
    let Some(mut actor) = staff_actor(conn, staff_id).await? else { return Ok(None) };
    let sql = format!("{DEPUTY} WHERE d.deputy_id = $1 AND d.to_day >= $2 AND d.from_day <= $2 AND d.ended_on IS NULL ORDER BY d.from_day, d.id");
    let values = [staff_id.into(), today.to_string().into()];
    let rows = DeputyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    // Both must still serve the body.
    let rows: Vec<&DeputyRow> = rows.iter().filter(|row| row.body_id == actor.body).collect();
    let away: Vec<Uuid> = rows.iter().map(|row| row.principal_id).collect();
    let mut of: Vec<Principal> = Vec::new();
    for principal in staff_actors(conn, &away).await?.into_iter().filter(|p| p.body == actor.body) {
        let kinds = rows.iter().filter(|row| row.principal_id == principal.staff).flat_map(|row| row.kinds()).collect();
        let grants = handed_on(&principal.grants, &kinds, actor.body);
        of.push(Principal { staff: principal.staff, name: principal.name, own_party: principal.own_party, grants });
    }
    actor.deputy = Deputy { of, acting: None };
    Ok(Some(actor))
}

/// One arrangement.
pub(crate) async fn deputy(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<DeputyRow>> {
    let sql = format!("{DEPUTY} WHERE d.id = $1");
    Ok(DeputyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// Arrangements that have not ended and touch one of two people, as principal or deputy.
pub(crate) async fn touching(conn: &impl ConnectionTrait, one: Uuid, other: Uuid, today: NaiveDate) -> Result<Vec<DeputyRow>> {
    let sql = format!(
        "{DEPUTY} WHERE d.ended_on IS NULL AND d.to_day >= $3 AND (d.principal_id = $1 OR d.deputy_id = $1 OR d.principal_id = $2 OR d.deputy_id = $2) ORDER BY d.id"
    );
    let values: [Value; 3] = [one.into(), other.into(), today.to_string().into()];
    Ok(DeputyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// The arrangements of a body, or of one person in it, the latest first.
pub(crate) async fn deputies_of_body(conn: &impl ConnectionTrait, body: Uuid, person: Option<Uuid>, limit: u64) -> Result<Vec<DeputyRow>> {
    let sql = format!(
        "{DEPUTY} WHERE d.body_id = $1 AND ($2 IS NULL OR d.principal_id = $2 OR d.deputy_id = $2) ORDER BY d.to_day DESC, d.id DESC LIMIT $3"
    );
    let values: [Value; 3] = [body.into(), person.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Ok(DeputyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// An arrangement to write.
pub(crate) struct Arrangement<'a> {
    pub id: Uuid,
    pub body: Uuid,
    pub span: &'a Span,
    pub reason: &'a str,
    pub named_by: &'a str,
    pub named_at: DateTime<Utc>,
}

/// Writes an arrangement. Counts the versions of both people, so that two arrangements at once cannot slip past the rules
/// together.
pub(crate) async fn insert_deputy(tx: &Tx, new: &Arrangement<'_>, versions: (i32, i32)) -> Result<()> {
    let (backend, span) = (tx.get_database_backend(), new.span);
    for (person, version) in [(span.principal, versions.0), (span.deputy, versions.1)] {
        let sql = "UPDATE staff SET version = version + 1 WHERE id = $1 AND version = $2 AND left_on IS NULL";
        let counted = tx.execute_raw(Statement::from_sql_and_values(backend, sql, [person.into(), version.into()])).await?;
        db::expect_one(counted.rows_affected())?;
    }
    let values: [Value; 10] = [
        new.id.into(),
        new.body.into(),
        span.principal.into(),
        span.deputy.into(),
        span.from.to_string().into(),
        span.to.to_string().into(),
        span.kinds.iter().cloned().collect::<Vec<_>>().join(" ").into(),
        new.reason.into(),
        new.named_by.into(),
        new.named_at.into(),
    ];
    let sql = "INSERT INTO deputy (id, body_id, principal_id, deputy_id, from_day, to_day, permissions, reason, named_by, named_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Ends an arrangement before its time.
pub(crate) async fn end_deputy(tx: &Tx, id: Uuid, day: NaiveDate, by: &str) -> Result<()> {
    let sql = "UPDATE deputy SET ended_on = $1, ended_by = $2 WHERE id = $3 AND ended_on IS NULL";
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [day.to_string().into(), by.into(), id.into()])).await?;
    db::expect_one(done.rows_affected())
}
