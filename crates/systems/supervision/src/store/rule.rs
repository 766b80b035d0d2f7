use base::{Error, Result};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::model::{Rule, RuleKind, Rules};

#[derive(FromQueryResult)]
struct Row {
    code: String,
    name: String,
    level: String,
    params: String,
    enabled: bool,
}

/// All rules as they are set. A rule this release does not know is left alone.
///
/// # Errors
/// When the database fails or a rule is damaged.
pub async fn rules(conn: &impl ConnectionTrait) -> Result<Rules> {
    let sql = "SELECT code, name, level, params, enabled FROM supervision_rule ORDER BY code";
    let rows = Row::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).all(conn).await?;
    let read = |row: Row| {
        let kind = RuleKind::from_code(&row.code)?;
        Some((|| Ok(Rule { kind, name: row.name, level: row.level.parse()?, params: serde_json::from_str(&row.params)?, enabled: row.enabled }))())
    };
    rows.into_iter().filter_map(read).collect::<Result<Vec<_>>>().map(Rules)
}

/// Changes the numbers of a rule or switches it.
///
/// # Errors
/// When there is no such rule.
pub async fn set_rule(tx: &Tx, rule: &Rule) -> Result<()> {
    let done = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE supervision_rule SET params = $1, enabled = $2 WHERE code = $3",
            [serde_json::to_string(&rule.params)?.into(), rule.enabled.into(), rule.kind.code().into()],
        ))
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::not_found("没有这条监察规则。")) }
}
