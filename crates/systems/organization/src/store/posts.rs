use access::Grant;
use base::{Error, Result, new_id};
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// A post as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct PostRow {
    pub id: Uuid,
    pub body_id: Uuid,
    pub name: String,
}

/// A permission of a post, for display.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct PostPermission {
    pub post_id: Uuid,
    pub permission: String,
    pub region: Option<String>,
    pub body_id: Option<Uuid>,
}

/// One post.
pub(crate) async fn post(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<PostRow>> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), "SELECT id, body_id, name FROM post WHERE id = $1", [id.into()]);
    Ok(PostRow::find_by_statement(statement).one(conn).await?)
}

/// The posts of a body, in the order they were made.
pub(crate) async fn posts_of_body(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<PostRow>> {
    let statement =
        Statement::from_sql_and_values(conn.get_database_backend(), "SELECT id, body_id, name FROM post WHERE body_id = $1 ORDER BY id", [body.into()]);
    Ok(PostRow::find_by_statement(statement).all(conn).await?)
}

/// What the posts of a body allow.
pub(crate) async fn post_permissions(conn: &impl ConnectionTrait, body: Uuid) -> Result<Vec<PostPermission>> {
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT g.post_id, g.permission, g.region, g.body_id FROM post_grant g JOIN post p ON p.id = g.post_id WHERE p.body_id = $1 ORDER BY g.id",
        [body.into()],
    );
    Ok(PostPermission::find_by_statement(statement).all(conn).await?)
}

/// Writes a post with its grants.
pub(crate) async fn insert_post(tx: &Tx, post: &PostRow, grants: &[Grant], now: DateTime<Utc>) -> Result<()> {
    let backend = tx.get_database_backend();
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "INSERT INTO post (id, body_id, name, created_at) VALUES ($1, $2, $3, $4)",
            [post.id.into(), post.body_id.into(), post.name.as_str().into(), now.into()],
        ))
        .await;
    match written {
        Err(error) if db::is_unique_violation(&error) => {
            return Err(Error::field("name", format!("本单位已经有“{}”这个岗位，请直接安排人员，或换一个岗位名称。", post.name)));
        }
        other => other?,
    };
    if grants.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (0..grants.len()).map(|i| format!("(${}, ${}, ${}, ${}, ${}, ${})", 6 * i + 1, 6 * i + 2, 6 * i + 3, 6 * i + 4, 6 * i + 5, 6 * i + 6)).collect();
    let values: Vec<Value> = grants
        .iter()
        .flat_map(|g| {
            [new_id().into(), post.id.into(), g.permission.as_str().into(), g.scope.region.clone().into(), g.scope.body.into(), g.scope.item.into()]
        })
        .collect();
    let sql = format!("INSERT INTO post_grant (id, post_id, permission, region, body_id, item_id) VALUES {}", rows.join(", "));
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
