use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::{Example, Kind, Stage};

/// One version of a design.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct VersionRow {
    /// Identifier.
    pub id: Uuid,
    /// The design.
    pub design_id: Uuid,
    /// 1 for the first version.
    pub number: i32,
    /// [`Stage`].
    pub stage: String,
    /// The drawing, table or form.
    pub content: String,
    /// Its example table, JSON.
    pub examples: String,
    /// SM3 of the content, hex.
    pub digest: String,
    /// Counts the saves, for optimistic updates.
    pub lock: i32,
    /// JSON list of everybody who wrote in it: none of them may publish it.
    pub editors: String,
    /// Who wrote last.
    pub editor_name: String,
    /// Who published it or gave it back.
    pub reviewer_name: String,
    /// Why it was given back.
    pub note: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
    /// When it was sent for review.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// First day on which it holds, `YYYY-MM-DD`.
    pub effective_on: Option<String>,
    /// The deployed definition of a process.
    pub definition_id: Option<Uuid>,
}

impl VersionRow {
    /// Its stage.
    pub fn stage(&self) -> Stage {
        Stage::from_code(&self.stage)
    }

    /// Everybody who wrote in it.
    ///
    /// # Errors
    /// When the row is damaged: then nobody may be taken for an outsider.
    pub fn editors(&self) -> Result<Vec<Uuid>> {
        Ok(serde_json::from_str(&self.editors)?)
    }

    /// Its example table.
    ///
    /// # Errors
    /// When the row is damaged.
    pub fn examples(&self) -> Result<Vec<Example>> {
        Ok(serde_json::from_str(&self.examples)?)
    }

    /// First day on which it holds.
    pub fn effective_on(&self) -> Option<NaiveDate> {
        self.effective_on.as_deref().and_then(|day| day.parse().ok())
    }
}

const SELECT: &str = "SELECT id, design_id, number, stage, content, examples, digest, lock, editors, editor_name, reviewer_name, note, created_at, saved_at,
    submitted_at, published_at, effective_on, definition_id FROM design_version";

async fn rows(conn: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<VersionRow>> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), format!("{SELECT} {rest}"), values);
    Ok(VersionRow::find_by_statement(statement).all(conn).await?)
}

/// One version.
///
/// # Errors
/// [`base::Kind::NotFound`] when there is none.
pub async fn version(conn: &impl ConnectionTrait, id: Uuid) -> Result<VersionRow> {
    rows(conn, "WHERE id = $1", vec![id.into()]).await?.pop().ok_or_else(|| Error::not_found("没有找到这个版本。"))
}

/// The newest versions of a design, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_design(conn: &impl ConnectionTrait, design: Uuid) -> Result<Vec<VersionRow>> {
    rows(conn, "WHERE design_id = $1 ORDER BY number DESC LIMIT 100", vec![design.into()]).await
}

/// The version that holds on a day: the newest whose day has come.
///
/// # Errors
/// When the database fails.
pub async fn current(conn: &impl ConnectionTrait, design: Uuid, day: NaiveDate) -> Result<Option<VersionRow>> {
    let rest = "WHERE design_id = $1 AND stage = 'published' AND effective_on <= $2 ORDER BY effective_on DESC, number DESC LIMIT 1";
    Ok(rows(conn, rest, vec![design.into(), day.to_string().into()]).await?.pop())
}

/// The last day from which a published version of a design holds.
pub(crate) async fn latest_effective(conn: &impl ConnectionTrait, design: Uuid) -> Result<Option<NaiveDate>> {
    let rest = "WHERE design_id = $1 AND stage = 'published' ORDER BY effective_on DESC LIMIT 1";
    Ok(rows(conn, rest, vec![design.into()]).await?.pop().and_then(|row| row.effective_on()))
}

/// Key and name of every design of a kind with a published version, for the choice of items.
///
/// # Errors
/// When the database fails.
pub async fn published_choices(conn: &impl ConnectionTrait, kind: Kind) -> Result<Vec<(String, String, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        name: String,
        body_name: String,
    }
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT d.key, d.name, d.body_name FROM design d WHERE d.kind = $1
           AND EXISTS (SELECT 1 FROM design_version v WHERE v.design_id = d.id AND v.stage = 'published') ORDER BY d.key LIMIT 500",
        [kind.code().into()],
    );
    Ok(Row::find_by_statement(statement).all(conn).await?.into_iter().map(|row| (row.key, row.name, row.body_name)).collect())
}

/// Key and newest published content of every decision table.
///
/// # Errors
/// When the database fails.
pub async fn published_tables(conn: &impl ConnectionTrait) -> Result<Vec<(String, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        content: String,
    }
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT d.key, v.content FROM design d JOIN design_version v ON v.design_id = d.id WHERE d.kind = $1 AND v.stage = 'published'
           AND v.number = (SELECT MAX(w.number) FROM design_version w WHERE w.design_id = d.id AND w.stage = 'published') ORDER BY d.key LIMIT 500",
        [Kind::Decision.code().into()],
    );
    Ok(Row::find_by_statement(statement).all(conn).await?.into_iter().map(|row| (row.key, row.content)).collect())
}

/// A version to begin.
pub(crate) struct NewVersion<'a> {
    pub id: Uuid,
    pub design_id: Uuid,
    pub number: i32,
    pub content: &'a str,
    pub examples: &'a str,
    pub editors: &'a [Uuid],
    pub editor_name: &'a str,
    pub now: DateTime<Utc>,
}

/// Stores a new draft.
pub(crate) async fn insert_version(tx: &Tx, new: &NewVersion<'_>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO design_version (id, design_id, number, stage, content, examples, digest, lock, editors, editor_name, reviewer_name, note, created_at, saved_at)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, 0, $7, $8, '', '', $9, $9)",
        [
            new.id.into(),
            new.design_id.into(),
            new.number.into(),
            new.content.into(),
            new.examples.into(),
            gm::sm3_hex(new.content.as_bytes()).into(),
            serde_json::to_string(new.editors)?.into(),
            new.editor_name.into(),
            new.now.into(),
        ],
    ))
    .await?;
    Ok(())
}

/// Stores the content of a draft, if nobody saved it since `row.lock`; gives the new counter.
pub(crate) async fn save(tx: &Tx, row: &VersionRow, lock: i32, now: DateTime<Utc>) -> Result<i32> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE design_version SET content = $1, examples = $2, digest = $3, editors = $4, editor_name = $5, saved_at = $6, lock = lock + 1
             WHERE id = $7 AND lock = $8 AND stage = 'draft'",
            [
                row.content.clone().into(),
                row.examples.clone().into(),
                gm::sm3_hex(row.content.as_bytes()).into(),
                row.editors.clone().into(),
                row.editor_name.clone().into(),
                now.into(),
                row.id.into(),
                lock.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())?;
    Ok(lock + 1)
}

/// A step of the life of a version.
pub(crate) struct Step<'a> {
    pub from: Stage,
    pub to: Stage,
    pub reviewer_name: &'a str,
    pub note: &'a str,
    pub effective_on: Option<NaiveDate>,
    pub definition: Option<Uuid>,
}

/// Takes a version from one stage to the next; nobody else may have done so meanwhile, nor saved it since `lock`.
pub(crate) async fn advance(tx: &Tx, id: Uuid, lock: i32, step: &Step<'_>, now: DateTime<Utc>) -> Result<()> {
    let submitted = (step.to == Stage::InReview).then_some(now);
    let published = (step.to == Stage::Published).then_some(now);
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE design_version SET stage = $1, reviewer_name = $2, note = $3, submitted_at = COALESCE($4, submitted_at), published_at = $5,
               effective_on = $6, definition_id = $7
             WHERE id = $8 AND stage = $9 AND lock = $10",
            [
                step.to.code().into(),
                step.reviewer_name.into(),
                step.note.into(),
                submitted.into(),
                published.into(),
                step.effective_on.map(|day| day.to_string()).into(),
                step.definition.into(),
                id.into(),
                step.from.code().into(),
                lock.into(),
            ],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
