use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::execute;

/// A party as stored: what is sealed stays sealed here.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct PartyRow {
    pub id: Uuid,
    pub kind: String,
    pub id_type: String,
    pub id_sealed: Vec<u8>,
    pub id_masked: String,
    pub name_sealed: Vec<u8>,
    pub name_masked: String,
    pub phone_sealed: Vec<u8>,
    pub address_sealed: Vec<u8>,
    pub representative_sealed: Option<Vec<u8>>,
    pub assurance: i32,
    pub version: i32,
}

const SELECT: &str = "SELECT id, kind, id_type, id_sealed, id_masked, name_sealed, name_masked, phone_sealed, address_sealed,
    representative_sealed, assurance, version FROM party";

pub(crate) async fn party_row(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<PartyRow>> {
    let sql = format!("{SELECT} WHERE id = $1");
    Ok(PartyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

pub(crate) async fn party_by_number(conn: &impl ConnectionTrait, index: Vec<u8>) -> Result<Option<PartyRow>> {
    let sql = format!("{SELECT} WHERE id_index = $1");
    Ok(PartyRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [index.into()])).one(conn).await?)
}

/// Writes a party; `false` when somebody registered the number first.
pub(crate) async fn insert_party(tx: &Tx, row: &PartyRow, index: Vec<u8>, now: DateTime<Utc>) -> Result<bool> {
    let values: [Value; 13] = [
        row.id.into(),
        row.kind.as_str().into(),
        row.id_type.as_str().into(),
        index.into(),
        row.id_sealed.clone().into(),
        row.id_masked.as_str().into(),
        row.name_sealed.clone().into(),
        row.name_masked.as_str().into(),
        row.phone_sealed.clone().into(),
        row.address_sealed.clone().into(),
        row.representative_sealed.clone().into(),
        row.assurance.into(),
        now.into(),
    ];
    let sql = "INSERT INTO party (id, kind, id_type, id_index, id_sealed, id_masked, name_sealed, name_masked, phone_sealed, address_sealed,
                 representative_sealed, assurance, version, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13) ON CONFLICT (id_index) DO NOTHING";
    Ok(execute(tx, sql, values).await? == 1)
}

/// Writes what can change about a party.
pub(crate) async fn update_party(tx: &Tx, row: &PartyRow) -> Result<()> {
    let values: [Value; 6] = [
        row.phone_sealed.clone().into(),
        row.address_sealed.clone().into(),
        row.representative_sealed.clone().into(),
        row.assurance.into(),
        row.id.into(),
        row.version.into(),
    ];
    let sql = "UPDATE party SET phone_sealed = $1, address_sealed = $2, representative_sealed = $3, assurance = $4, version = version + 1
               WHERE id = $5 AND version = $6";
    db::expect_one(execute(tx, sql, values).await?)
}
