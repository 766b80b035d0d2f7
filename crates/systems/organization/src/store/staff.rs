use access::{Deputy, Grant, Scope, Staff, Target};
use base::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A staff member as a choice: for handing on a task (转办).
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct StaffRef {
    /// The staff record.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// A post that allows it.
    pub post: String,
}

/// A staff member as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct StaffRow {
    pub id: Uuid,
    pub body_id: Uuid,
    pub name: String,
    pub work_no: String,
    pub own_party: Option<Uuid>,
    pub left_on: Option<String>,
    pub version: i32,
}

/// A post held by somebody.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Holding {
    pub id: Uuid,
    pub staff_id: Uuid,
    pub post_id: Uuid,
    pub post_name: String,
    pub body_id: Uuid,
    pub from_day: String,
    pub to_day: Option<String>,
    pub on_the_spot: bool,
}

const HOLDING: &str = "SELECT h.id, h.staff_id, h.post_id, p.name AS post_name, p.body_id, h.from_day, h.to_day, h.on_the_spot
    FROM staff_post h JOIN post p ON p.id = h.post_id";

/// A staff member as an actor, with the grants of every post held now; `None` when there is nobody or they have left.
/// The account is not known here: it is set to the staff record until `identity` puts in its own.
///
/// # Errors
/// When the database fails.
pub async fn staff_actor(conn: &impl ConnectionTrait, staff_id: Uuid) -> Result<Option<Staff>> {
    Ok(staff_actors(conn, &[staff_id]).await?.pop())
}

/// Those of these staff members who have not left, each as an actor.
pub(crate) async fn staff_actors(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Staff>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
        own_party: Option<Uuid>,
        body_id: Uuid,
        body_name: String,
        body_region: String,
        post_name: Option<String>,
        permission: Option<String>,
        region: Option<String>,
        scope_body: Option<Uuid>,
        scope_item: Option<Uuid>,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT s.id, s.name, s.own_party, b.id AS body_id, b.name AS body_name, b.region AS body_region, p.name AS post_name,
                g.permission, g.region, g.body_id AS scope_body, g.item_id AS scope_item
         FROM staff s
         JOIN body b ON b.id = s.body_id
         LEFT JOIN staff_post h ON h.staff_id = s.id AND h.to_day IS NULL
         LEFT JOIN post p ON p.id = h.post_id
         LEFT JOIN post_grant g ON g.post_id = p.id
         WHERE s.id IN ({}) AND s.left_on IS NULL
         ORDER BY s.id, h.id, g.id",
        places.join(", ")
    );
    let values = ids.iter().map(|id| Value::from(*id));
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    let mut actors: Vec<Staff> = Vec::new();
    for row in rows {
        if actors.last().is_none_or(|actor| actor.staff != row.id) {
            actors.push(Staff {
                account: row.id,
                staff: row.id,
                name: row.name,
                body: row.body_id,
                body_name: row.body_name,
                region: row.body_region,
                posts: Vec::new(),
                own_party: row.own_party,
                grants: Vec::new(),
                deputy: Deputy::default(),
            });
        }
        let Some(actor) = actors.last_mut() else { continue };
        if let Some(post) = row.post_name.filter(|p| !actor.posts.contains(p)) {
            actor.posts.push(post);
        }
        if let Some(permission) = row.permission {
            let grant = Grant { permission, scope: Scope { region: row.region, body: row.scope_body, item: row.scope_item } };
            if !actor.grants.contains(&grant) {
                actor.grants.push(grant);
            }
        }
    }
    Ok(actors)
}

/// Everybody whose posts allow `permission` for the target, each once, by name.
///
/// # Errors
/// When the database fails.
pub async fn staff_for(conn: &impl ConnectionTrait, permission: &str, target: &Target<'_>) -> Result<Vec<StaffRef>> {
    let values: [Value; 4] = [permission.into(), target.region.into(), target.body.into(), target.item.into()];
    Ok(StaffRef::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT s.id, s.name, MIN(p.name) AS post
         FROM post_grant g
         JOIN post p ON p.id = g.post_id
         JOIN staff_post h ON h.post_id = p.id AND h.to_day IS NULL
         JOIN staff s ON s.id = h.staff_id AND s.left_on IS NULL
         WHERE g.permission = $1
           AND (g.region IS NULL OR g.region = substr($2, 1, length(g.region)))
           AND (g.body_id IS NULL OR g.body_id = $3)
           AND (g.item_id IS NULL OR g.item_id = $4)
         GROUP BY s.id, s.name
         ORDER BY s.name, s.id
         LIMIT 500",
        values,
    ))
    .all(conn)
    .await?)
}

/// The staff member with this work number.
///
/// # Errors
/// When the database fails.
pub async fn staff_by_work_no(conn: &impl ConnectionTrait, work_no: &str) -> Result<Option<Uuid>> {
    let row = conn
        .query_one_raw(Statement::from_sql_and_values(conn.get_database_backend(), "SELECT id FROM staff WHERE work_no = $1", [work_no.trim().into()]))
        .await?;
    Ok(row.map(|row| row.try_get("", "id")).transpose()?)
}

/// One staff member.
pub(crate) async fn staff(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<StaffRow>> {
    let sql = "SELECT id, body_id, name, work_no, own_party, left_on, version FROM staff WHERE id = $1";
    Ok(StaffRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// The staff of a body who have not left.
pub(crate) async fn staff_of_body(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<StaffRow>> {
    let sql = "SELECT id, body_id, name, work_no, own_party, left_on, version FROM staff WHERE body_id = $1 AND left_on IS NULL ORDER BY work_no";
    Ok(StaffRow::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [body.into()])).all(conn).await?)
}

/// The posts held now by the staff of a body.
pub(crate) async fn holdings_of_body(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<Holding>> {
    let sql = format!("{HOLDING} JOIN staff s ON s.id = h.staff_id WHERE s.body_id = $1 AND h.to_day IS NULL ORDER BY h.id");
    Ok(Holding::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [body.into()])).all(conn).await?)
}

/// One holding.
pub(crate) async fn holding(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Holding>> {
    let sql = format!("{HOLDING} WHERE h.id = $1");
    Ok(Holding::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()])).one(conn).await?)
}

/// Permissions somebody has now through posts of one body, and those of one more post.
pub(crate) async fn permissions_in_body(conn: &impl ConnectionTrait, staff: Uuid, body: Uuid, and_post: Uuid) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        permission: String,
    }
    let rows = Row::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT DISTINCT g.permission FROM post_grant g JOIN post p ON p.id = g.post_id
         WHERE p.id = $3 OR (p.body_id = $2 AND EXISTS
            (SELECT 1 FROM staff_post h WHERE h.post_id = p.id AND h.staff_id = $1 AND h.to_day IS NULL))",
        [staff.into(), body.into(), and_post.into()],
    ))
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| r.permission).collect())
}

/// Writes a staff member.
pub(crate) async fn insert_staff(tx: &Tx, row: &StaffRow, now: DateTime<Utc>) -> Result<()> {
    let values: [Value; 6] = [row.id.into(), row.body_id.into(), row.name.as_str().into(), row.work_no.as_str().into(), row.own_party.into(), now.into()];
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO staff (id, body_id, name, work_no, own_party, version, created_at) VALUES ($1, $2, $3, $4, $5, 1, $6)",
            values,
        ))
        .await;
    match written {
        Err(error) if db::is_unique_violation(&error) => Err(Error::field("work_no", format!("工号 {} 已经有人使用，请核对后填写另一个工号。", row.work_no))),
        other => Ok(other.map(|_| ())?),
    }
}

/// A staff member leaves: every post ends.
pub(crate) async fn leave(tx: &Tx, staff: &StaffRow, day: NaiveDate) -> Result<()> {
    let backend = tx.get_database_backend();
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "UPDATE staff SET left_on = $1, version = version + 1 WHERE id = $2 AND version = $3 AND left_on IS NULL",
            [day.to_string().into(), staff.id.into(), staff.version.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())?;
    tx.execute_raw(Statement::from_sql_and_values(
        backend,
        "UPDATE staff_post SET to_day = $1 WHERE staff_id = $2 AND to_day IS NULL",
        [day.to_string().into(), staff.id.into()],
    ))
    .await?;
    Ok(())
}

/// Writes that somebody holds a post from a day on. Counts the staff member's version, so that two assignments at once
/// cannot slip past the separation of duties together.
pub(crate) async fn insert_holding(tx: &Tx, id: Uuid, staff: &StaffRow, post: Uuid, from: NaiveDate, on_the_spot: bool) -> Result<()> {
    let backend = tx.get_database_backend();
    let counted = tx
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "UPDATE staff SET version = version + 1 WHERE id = $1 AND version = $2",
            [staff.id.into(), staff.version.into()],
        ))
        .await?;
    db::expect_one(counted.rows_affected())?;
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "INSERT INTO staff_post (id, staff_id, post_id, from_day, on_the_spot) VALUES ($1, $2, $3, $4, $5)",
            [id.into(), staff.id.into(), post.into(), from.to_string().into(), on_the_spot.into()],
        ))
        .await;
    match written {
        Err(error) if db::is_unique_violation(&error) => Err(Error::conflict("organization.already_held", "这位工作人员已经在这个岗位上，不用重复安排。")),
        other => Ok(other.map(|_| ())?),
    }
}

/// Ends a holding.
pub(crate) async fn end_holding(tx: &Tx, id: Uuid, day: NaiveDate) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE staff_post SET to_day = $1 WHERE id = $2 AND to_day IS NULL",
            [day.to_string().into(), id.into()],
        ))
        .await?;
    db::expect_one(done.rows_affected())
}
