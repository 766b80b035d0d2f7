use base::Result;
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// An application that was begun and not sent.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct DraftRow {
    /// Identifier.
    pub id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// The version that was published when it was begun.
    pub item_version_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// Who applies.
    pub party_id: Uuid,
    /// The clerk who fills it in at the window; empty when the party does.
    pub staff_id: Option<Uuid>,
    /// Sealed [`crate::model::Applicant`].
    pub applicant: Vec<u8>,
    /// Sealed answers.
    pub answers: Vec<u8>,
    /// JSON list of page keys that were completed.
    pub pages_done: String,
    /// JSON list of [`crate::model::SubmittedMaterial`].
    pub materials: String,
    /// Sealed [`catalog::model::Situation`], once chosen.
    pub situation: Option<Vec<u8>>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// Optimistic version.
    pub version: i64,
}

const COLUMNS: &str =
    "id, item_id, item_version_id, item_name, party_id, staff_id, applicant, answers, pages_done, materials, situation, created_at, updated_at, version";

/// One draft.
///
/// # Errors
/// When the database fails.
pub async fn draft(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<DraftRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_draft WHERE id = $1");
    Ok(DraftRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The draft a party has open for an item, if any: beginning again goes on where it was left.
///
/// # Errors
/// When the database fails.
pub async fn open_draft(conn: &impl ConnectionTrait, party: Uuid, item: Uuid) -> Result<Option<DraftRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_draft WHERE party_id = $1 AND item_id = $2 AND staff_id IS NULL ORDER BY updated_at DESC LIMIT 1");
    Ok(DraftRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [party.into(), item.into()])).one(conn).await?)
}

/// A party's drafts, newest first.
///
/// # Errors
/// When the database fails.
pub async fn drafts_of(conn: &impl ConnectionTrait, party: Uuid) -> Result<Vec<DraftRow>> {
    let sql = format!("SELECT {COLUMNS} FROM case_draft WHERE party_id = $1 AND staff_id IS NULL ORDER BY updated_at DESC LIMIT 50");
    Ok(DraftRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [party.into()])).all(conn).await?)
}

/// Writes a new draft.
///
/// # Errors
/// When the database fails.
pub async fn insert_draft(tx: &Tx, d: &DraftRow) -> Result<()> {
    let sql = format!("INSERT INTO case_draft ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        sql,
        [
            d.id.into(),
            d.item_id.into(),
            d.item_version_id.into(),
            d.item_name.clone().into(),
            d.party_id.into(),
            d.staff_id.into(),
            d.applicant.clone().into(),
            d.answers.clone().into(),
            d.pages_done.clone().into(),
            d.materials.clone().into(),
            d.situation.clone().into(),
            d.created_at.into(),
            d.updated_at.into(),
            d.version.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Stores a changed draft, if it was not changed elsewhere (a second window of the same browser).
///
/// # Errors
/// [`base::Kind::Conflict`] when it was.
pub async fn save_draft(tx: &Tx, d: &mut DraftRow) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE case_draft SET answers = $1, pages_done = $2, materials = $3, updated_at = $4, applicant = $5, situation = $6, version = version + 1
             WHERE id = $7 AND version = $8",
            [
                d.answers.clone().into(),
                d.pages_done.clone().into(),
                d.materials.clone().into(),
                d.updated_at.into(),
                d.applicant.clone().into(),
                d.situation.clone().into(),
                d.id.into(),
                d.version.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())?;
    d.version += 1;
    Ok(())
}

/// Removes a draft, if it is still as it was read: what was saved meanwhile in another window is not lost unseen.
///
/// # Errors
/// [`base::Kind::Conflict`] when it was changed or removed meanwhile.
pub async fn delete_draft(tx: &Tx, d: &DraftRow) -> Result<()> {
    let write = Write::new("DELETE FROM case_draft WHERE id = $1 AND version = $2", [d.id.into(), d.version.into()]);
    tx.later(write.row(d.id).once()).await
}
