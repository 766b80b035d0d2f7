use base::Result;
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

/// A rating. Never changed once given; staff can at most have it found a mistake.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Review {
    /// Identifier.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// 1 the rating, 2 the further rating (追评).
    pub seq: i32,
    /// `case` or `followup`.
    pub event: String,
    /// 1 to 5.
    pub stars: i32,
    /// Codes of the sentences ticked, with commas.
    pub options: String,
    /// The comment.
    pub text: String,
    /// [`crate::model::Channel`].
    pub channel: String,
    /// Who rated.
    pub party_id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// Its name.
    pub item_name: String,
    /// The body.
    pub body_id: Uuid,
    /// Its name.
    pub body_name: String,
    /// Its region.
    pub region: String,
    /// Found to be a mistake.
    pub wrong: bool,
    /// When.
    pub made_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, case_id, seq, event, stars, options, text, channel, party_id, item_id, item_name, body_id, body_name, region, wrong, made_at";

impl Review {
    /// Stars as a number of 1 to 5.
    pub fn stars(&self) -> u8 {
        u8::try_from(self.stars).unwrap_or_default()
    }

    /// The sentences ticked.
    pub fn sentences(&self) -> Vec<&'static str> {
        self.options.split(',').filter_map(codes::lists::review_option).map(|option| option.text).collect()
    }
}

/// One rating.
///
/// # Errors
/// When the database fails.
pub async fn review(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Review>> {
    let sql = format!("SELECT {COLUMNS} FROM review WHERE id = $1");
    Ok(Review::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The ratings of a case: none, one or two.
///
/// # Errors
/// When the database fails.
pub async fn reviews_of(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<Review>> {
    let sql = format!("SELECT {COLUMNS} FROM review WHERE case_id = $1 ORDER BY seq");
    Ok(Review::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// The latest comments in a region (significant digits), newest first; those found to be mistakes are left out.
///
/// # Errors
/// When the database fails.
pub async fn latest_comments(conn: &impl ConnectionTrait, region: &str, limit: i64) -> Result<Vec<Review>> {
    let sql = format!("SELECT {COLUMNS} FROM review WHERE text <> '' AND wrong = FALSE AND region >= $1 AND region < $2 ORDER BY id DESC LIMIT $3");
    let values = [region.into(), format!("{region}:").into(), limit.into()];
    Ok(Review::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// Writes a rating.
///
/// # Errors
/// [`base::Kind::Conflict`] when there is one with this position already.
pub async fn insert_review(tx: &Tx, r: &Review) -> Result<()> {
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            format!("INSERT INTO review ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"),
            [
                r.id.into(),
                r.case_id.into(),
                r.seq.into(),
                r.event.clone().into(),
                r.stars.into(),
                r.options.clone().into(),
                r.text.clone().into(),
                r.channel.clone().into(),
                r.party_id.into(),
                r.item_id.into(),
                r.item_name.clone().into(),
                r.body_id.into(),
                r.body_name.clone().into(),
                r.region.clone().into(),
                r.wrong.into(),
                r.made_at.into(),
            ],
        ))
        .await;
    match written {
        Err(error) if db::is_unique_violation(&error) => Err(base::Error::conflict("reviews.given", "您已经评价过这个办件，不能重复评价。")),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

/// Marks a rating as found to be a mistake; tells whether it was not before.
///
/// # Errors
/// When the database fails.
pub async fn mark_wrong(tx: &Tx, id: Uuid) -> Result<bool> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE review SET wrong = TRUE WHERE id = $1 AND wrong = FALSE",
            [id.into()],
        ))
        .await?;
    Ok(done.rows_affected() == 1)
}
