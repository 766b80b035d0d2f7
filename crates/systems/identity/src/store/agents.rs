use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::execute;

/// A grant of a firm to a person, with what is shown of both.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct GrantRow {
    pub id: Uuid,
    pub firm_party: Uuid,
    pub firm_name: Vec<u8>,
    pub person_masked: String,
    pub scope: String,
    pub from_day: String,
    pub until_day: String,
    pub revoked_at: Option<DateTime<Utc>>,
}

const SELECT: &str = "SELECT g.id, g.firm_party, f.name_sealed AS firm_name, p.name_masked AS person_masked, g.scope, g.from_day,
    g.until_day, g.revoked_at FROM agent_grant g JOIN party f ON f.id = g.firm_party JOIN party p ON p.id = g.person_party";

/// Grants a firm gave, newest first.
pub(crate) async fn grants_of_firm(conn: &impl ConnectionTrait, firm: Uuid) -> Result<Vec<GrantRow>> {
    let sql = format!("{SELECT} WHERE g.firm_party = $1 ORDER BY g.id DESC LIMIT 100");
    Ok(GrantRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [firm.into()])).all(conn).await?)
}

/// Grants a person holds on a day.
pub(crate) async fn grants_of_person(conn: &impl ConnectionTrait, person: Uuid, today: &str) -> Result<Vec<GrantRow>> {
    let sql = format!("{SELECT} WHERE g.person_party = $1 AND g.revoked_at IS NULL AND g.from_day <= $2 AND g.until_day >= $2 ORDER BY g.id DESC LIMIT 100");
    Ok(GrantRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [person.into(), today.into()])).all(conn).await?)
}

/// What is needed to write a grant.
pub(crate) struct NewGrant<'a> {
    pub id: Uuid,
    pub firm: Uuid,
    pub person: Uuid,
    pub scope: &'a str,
    pub from_day: &'a str,
    pub until_day: &'a str,
}

pub(crate) async fn insert_grant(tx: &Tx, grant: &NewGrant<'_>, now: DateTime<Utc>) -> Result<()> {
    let sql = "INSERT INTO agent_grant (id, firm_party, person_party, scope, from_day, until_day, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values =
        [grant.id.into(), grant.firm.into(), grant.person.into(), grant.scope.into(), grant.from_day.into(), grant.until_day.into(), now.into()];
    execute(tx, sql, values).await.map(|_| ())
}

/// Ends a grant of this firm; how many rows it touched.
pub(crate) async fn revoke_grant(tx: &Tx, firm: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<u64> {
    let sql = "UPDATE agent_grant SET revoked_at = $1 WHERE id = $2 AND firm_party = $3 AND revoked_at IS NULL";
    execute(tx, sql, [now.into(), id.into(), firm.into()]).await
}
