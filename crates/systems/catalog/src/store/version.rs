//! Versions of items and the forms they name.

use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::Tx;
use forms::Form;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::bulk;
use crate::model::{ItemSpec, ItemStatus};

/// One version. `spec` and `form` are JSON.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct VersionRow {
    /// Identifier.
    pub id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// 1 for the first version of the item.
    pub number: i32,
    /// `draft`, `in-review` or `published`.
    pub state: String,
    /// The implementation list.
    pub spec: String,
    /// Name of the form's content.
    pub form_hash: String,
    /// The form.
    pub form: String,
    /// 31 characters, given at publication.
    pub implementation_code: String,
    /// JSON list of everybody who wrote in it: none of them may publish it.
    pub editors: String,
    /// Who wrote last.
    pub editor_name: String,
    /// Who published or rejected it.
    pub reviewer_name: String,
    /// Why it was rejected, or why it differs from others under the same code.
    pub review_note: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was sent for review.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was published or rejected.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
}

impl VersionRow {
    /// The implementation list.
    pub fn spec(&self) -> Result<ItemSpec> {
        Ok(serde_json::from_str(&self.spec)?)
    }

    /// The form.
    pub fn form(&self) -> Result<Form> {
        Ok(Form::parse(&self.form)?)
    }

    /// Its state.
    pub fn status(&self) -> ItemStatus {
        ItemStatus::from_code(&self.state).unwrap_or(ItemStatus::Draft)
    }

    /// Everybody who wrote in it.
    pub fn editors(&self) -> Vec<Uuid> {
        serde_json::from_str(&self.editors).unwrap_or_default()
    }
}

/// A version to write.
#[derive(Debug, Clone)]
pub(crate) struct NewVersion {
    pub id: Uuid,
    pub item_id: Uuid,
    pub number: i32,
    pub state: ItemStatus,
    pub spec: ItemSpec,
    pub form_hash: String,
    pub implementation_code: String,
    pub editors: Vec<Uuid>,
    pub editor_name: String,
    pub reviewer_name: String,
    pub now: DateTime<Utc>,
}

const COLUMNS: [&str; 17] = [
    "id", "item_id", "number", "state", "spec", "form_hash", "content_hash", "standard_hash", "implementation_code", "editors",
    "editor_name", "reviewer_name", "review_note", "created_at", "submitted_at", "reviewed_at", "published_at",
];

const SELECT: &str = "SELECT v.id, v.item_id, v.number, v.state, v.spec, v.form_hash, f.form, v.implementation_code, v.editors,
    v.editor_name, v.reviewer_name, v.review_note, v.created_at, v.submitted_at, v.reviewed_at, v.published_at
  FROM item_version v JOIN item_form f ON f.hash = v.form_hash";

/// Writes versions.
pub(crate) async fn insert(conn: &impl ConnectionTrait, versions: &[NewVersion]) -> Result<()> {
    let rows = versions
        .iter()
        .map(|v| {
            let published = (v.state == ItemStatus::Published).then_some(v.now);
            Ok(vec![
                v.id.into(),
                v.item_id.into(),
                v.number.into(),
                v.state.code().into(),
                serde_json::to_string(&v.spec)?.into(),
                v.form_hash.clone().into(),
                v.spec.content_hash().into(),
                v.spec.standard_hash().into(),
                v.implementation_code.clone().into(),
                serde_json::to_string(&v.editors)?.into(),
                v.editor_name.clone().into(),
                v.reviewer_name.clone().into(),
                "".into(),
                v.now.into(),
                published.into(),
                published.into(),
                published.into(),
            ])
        })
        .collect::<Result<Vec<Vec<Value>>>>()?;
    bulk::insert(conn, "item_version", &COLUMNS, rows, false).await?;
    Ok(())
}

/// Stores forms under their hashes; those that are there already are left alone.
pub(crate) async fn insert_forms(conn: &impl ConnectionTrait, forms: Vec<(String, String)>) -> Result<()> {
    let rows = forms.into_iter().map(|(hash, form)| vec![hash.into(), form.into()]).collect();
    bulk::insert(conn, "item_form", &["hash", "form"], rows, true).await?;
    Ok(())
}

/// A version by its identifier.
pub async fn get(conn: &impl ConnectionTrait, id: Uuid) -> Result<VersionRow> {
    VersionRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), format!("{SELECT} WHERE v.id = $1"), [id.into()]))
        .one(conn)
        .await?
        .ok_or_else(|| Error::not_found("没有找到这个版本。"))
}

/// All versions of an item, newest first.
pub async fn of_item(conn: &impl ConnectionTrait, item_id: Uuid) -> Result<Vec<VersionRow>> {
    let sql = format!("{SELECT} WHERE v.item_id = $1 ORDER BY v.number DESC LIMIT 100");
    Ok(VersionRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [item_id.into()])).all(conn).await?)
}

/// Published versions of items, for the search index.
pub async fn of_ids(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<VersionRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{SELECT} WHERE v.id IN ({})", bulk::places(1, ids.len()));
    let values: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    Ok(VersionRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// The content of a draft after an edit.
pub(crate) async fn update_draft(tx: &Tx, id: Uuid, spec: &ItemSpec, form_hash: &str, editors: &[Uuid], editor_name: &str) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE item_version SET spec = $1, form_hash = $2, content_hash = $3, standard_hash = $4, editors = $5, editor_name = $6
             WHERE id = $7 AND state = 'draft'",
            vec![
                serde_json::to_string(spec)?.into(),
                form_hash.into(),
                spec.content_hash().into(),
                spec.standard_hash().into(),
                serde_json::to_string(editors)?.into(),
                editor_name.into(),
                id.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}

/// A step of the review.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub from: ItemStatus,
    pub to: ItemStatus,
    pub reviewer_name: &'a str,
    pub note: &'a str,
    pub implementation_code: &'a str,
}

/// Takes a version from one state to the next; nobody else may have done so meanwhile.
pub(crate) async fn advance(tx: &Tx, id: Uuid, step: Step<'_>, now: DateTime<Utc>) -> Result<()> {
    let published = (step.to == ItemStatus::Published).then_some(now);
    let submitted = (step.to == ItemStatus::InReview).then_some(now);
    let reviewed = (step.from == ItemStatus::InReview).then_some(now);
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE item_version SET state = $1, reviewer_name = $2, review_note = $3, implementation_code = $4,
               submitted_at = COALESCE($5, submitted_at), reviewed_at = COALESCE($6, reviewed_at), published_at = $7
             WHERE id = $8 AND state = $9",
            vec![
                step.to.code().into(),
                step.reviewer_name.into(),
                step.note.into(),
                step.implementation_code.into(),
                submitted.into(),
                reviewed.into(),
                published.into(),
                id.into(),
                step.from.code().into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}

/// A published list of another body under the same code whose standard differs (R12), with the body's name.
pub(crate) async fn other_standard(conn: &impl ConnectionTrait, base_code: &str, variant: &str, item_id: Uuid, standard_hash: &str) -> Result<Option<(String, ItemSpec)>> {
    #[derive(FromQueryResult)]
    struct Other {
        body_name: String,
        spec: String,
    }
    let found = Other::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT i.body_name, v.spec FROM item i JOIN item_version v ON v.id = i.current_version_id
         WHERE i.base_code = $1 AND i.variant = $2 AND i.state = 'published' AND i.id <> $3 AND v.standard_hash <> $4 LIMIT 1",
        vec![base_code.into(), variant.into(), item_id.into(), standard_hash.into()],
    ))
    .one(conn)
    .await?;
    found.map(|other| Ok((other.body_name, serde_json::from_str(&other.spec)?))).transpose()
}
