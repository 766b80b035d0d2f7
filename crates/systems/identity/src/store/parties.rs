use std::collections::HashMap;

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
    let sql = format!("INSERT INTO party ({}) VALUES ({}) ON CONFLICT (id_index) DO NOTHING", COLUMNS.join(", "), db::bulk::places(1, COLUMNS.len()));
    Ok(execute(tx, &sql, values(row, index, now)).await? == 1)
}

/// Writes many parties; those whose number is registered already are left as they are.
pub(crate) async fn insert_parties(tx: &Tx, rows: &[(PartyRow, Vec<u8>)], now: DateTime<Utc>) -> Result<()> {
    let rows = rows.iter().map(|(row, index)| values(row, index.clone(), now)).collect();
    db::bulk::insert(&**tx, "party", &COLUMNS, rows, true).await?;
    Ok(())
}

const COLUMNS: [&str; 14] = [
    "id", "kind", "id_type", "id_index", "id_sealed", "id_masked", "name_sealed", "name_masked", "phone_sealed", "address_sealed",
    "representative_sealed", "assurance", "version", "created_at",
];

fn values(row: &PartyRow, index: Vec<u8>, now: DateTime<Utc>) -> Vec<Value> {
    vec![
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
        1.into(),
        now.into(),
    ]
}

/// Identifier and sealed name of the parties behind these hashes.
pub(crate) async fn names_by_number(conn: &impl ConnectionTrait, indexes: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, (Uuid, Vec<u8>)>> {
    #[derive(FromQueryResult)]
    struct Named {
        id: Uuid,
        id_index: Vec<u8>,
        name_sealed: Vec<u8>,
    }
    if indexes.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, id_index, name_sealed FROM party WHERE id_index IN ({})", db::bulk::places(1, indexes.len()));
    let values: Vec<Value> = indexes.into_iter().map(Value::from).collect();
    let rows = Named::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id_index, (row.id, row.name_sealed))).collect())
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
