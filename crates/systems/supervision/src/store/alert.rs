use base::{Result, new_id};
use chrono::{DateTime, NaiveDate, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::model::RuleKind;

/// Something a rule or a supervisor found.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Alert {
    /// Identifier (监察编号).
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Code of the rule.
    pub rule: String,
    /// Code of the [`workdays::Light`].
    pub level: String,
    /// In words.
    pub description: String,
    /// Who found it.
    pub found_by: String,
    /// When.
    pub detected_at: DateTime<Utc>,
    /// When it was over.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// An alert to write.
#[derive(Debug, Clone)]
pub struct NewAlert {
    /// The case.
    pub case_id: Uuid,
    /// The rule.
    pub rule: RuleKind,
    /// What it is about: the same case, rule and mark alert once.
    pub mark: String,
    /// Code of the light.
    pub level: &'static str,
    /// In words.
    pub description: String,
    /// Who found it.
    pub found_by: String,
}

/// Writes alerts; those that are there already stay as they are. Tells how many were new.
///
/// # Errors
/// When the database fails.
pub async fn insert_alerts(tx: &Tx, alerts: &[NewAlert], at: DateTime<Utc>) -> Result<u64> {
    if alerts.is_empty() {
        return Ok(0);
    }
    let mut values: Vec<Value> = Vec::with_capacity(alerts.len() * 8);
    let rows: Vec<String> = alerts
        .iter()
        .map(|a| {
            let row: [Value; 8] = [
                new_id().into(),
                a.case_id.into(),
                a.rule.code().into(),
                a.mark.clone().into(),
                a.level.into(),
                a.description.clone().into(),
                a.found_by.clone().into(),
                at.into(),
            ];
            let places: Vec<String> = row
                .into_iter()
                .map(|value| {
                    values.push(value);
                    format!("${}", values.len())
                })
                .collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let sql = format!(
        "INSERT INTO supervision_alert (id, case_id, rule, mark, level, description, found_by, detected_at) VALUES {}
         ON CONFLICT (case_id, rule, mark) DO NOTHING",
        rows.join(", ")
    );
    Ok(tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?.rows_affected())
}

/// The alerts of a case, newest first.
///
/// # Errors
/// When the database fails.
pub async fn alerts(conn: &impl ConnectionTrait, case: Uuid) -> Result<Vec<Alert>> {
    let sql = "SELECT id, case_id, rule, level, description, found_by, detected_at, cleared_at FROM supervision_alert WHERE case_id = $1 ORDER BY id DESC";
    Ok(Alert::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [case.into()])).all(conn).await?)
}

/// Alerts of these rules on a case are over.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &Tx, case: Uuid, rules: &[RuleKind], at: DateTime<Utc>) -> Result<()> {
    if rules.is_empty() {
        return Ok(());
    }
    // Codes of our own, not of anybody's making.
    let codes: Vec<String> = rules.iter().map(|rule| format!("'{}'", rule.code())).collect();
    let sql = format!("UPDATE supervision_alert SET cleared_at = $1 WHERE case_id = $2 AND cleared_at IS NULL AND rule IN ({})", codes.join(", "));
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [at.into(), case.into()])).await?;
    Ok(())
}

/// Alerts about steps that are not over, after `after`: their ids and what they are about.
///
/// # Errors
/// When the database fails.
pub async fn step_alerts(conn: &impl ConnectionTrait, after: Option<Uuid>, limit: usize) -> Result<Vec<(Uuid, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        mark: String,
    }
    let sql = "SELECT id, mark FROM supervision_alert WHERE cleared_at IS NULL AND rule IN ('step_near', 'step_overdue') AND ($1 IS NULL OR id > $1) ORDER BY id LIMIT $2";
    let values = [after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = Row::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.mark)).collect())
}

/// These alerts are over.
///
/// # Errors
/// When the database fails.
pub async fn clear_alerts(tx: &Tx, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = (2..=ids.len() + 1).map(|n| format!("${n}")).collect();
    let sql = format!("UPDATE supervision_alert SET cleared_at = $1 WHERE cleared_at IS NULL AND id IN ({})", places.join(", "));
    let values: Vec<Value> = std::iter::once(at.into()).chain(ids.iter().map(|id| Value::from(*id))).collect();
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// A rule that a patrol finds by a day that has passed or come.
#[derive(Debug, Clone, Copy)]
pub struct DateRule {
    /// The rule.
    pub kind: RuleKind,
    /// The column that marks the alert.
    column: &'static str,
    /// The condition; `$1` is today, `$2` the code of the rule.
    condition: &'static str,
}

impl DateRule {
    /// All of them. Each condition is a range of a partial index.
    pub const ALL: [Self; 6] = [
        Self { kind: RuleKind::AcceptOverdue, column: "accept_due", condition: "w.open = TRUE AND w.accept_due < $1" },
        Self { kind: RuleKind::PromiseNear, column: "promised_due", condition: "w.open = TRUE AND w.yellow_from <= $1 AND w.promised_due >= $1" },
        Self { kind: RuleKind::PromiseOver, column: "promised_due", condition: "w.open = TRUE AND w.promised_due < $1" },
        Self { kind: RuleKind::StatutoryOver, column: "statutory_due", condition: "w.open = TRUE AND w.statutory_due < $1" },
        Self { kind: RuleKind::SpecialOverlong, column: "special_due", condition: "w.open = TRUE AND w.special_due < $1" },
        Self { kind: RuleKind::ReviewUnrectified, column: "rectify_due", condition: "w.rectify_due IS NOT NULL AND w.rectify_due < $1" },
    ];
}

/// A case a date rule holds for and that was not alerted yet.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Candidate {
    /// The case.
    pub case_id: Uuid,
    /// The day it is about.
    pub mark: String,
}

/// Cases a date rule holds for today without an alert, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn candidates(conn: &impl ConnectionTrait, rule: &DateRule, today: NaiveDate, limit: i64) -> Result<Vec<Candidate>> {
    let sql = format!(
        "SELECT w.case_id, w.{column} AS mark FROM watched_case w
         WHERE {condition} AND NOT EXISTS (
            SELECT 1 FROM supervision_alert a WHERE a.case_id = w.case_id AND a.rule = $2 AND a.mark = w.{column})
         LIMIT $3",
        column = rule.column,
        condition = rule.condition
    );
    let values = [today.to_string().into(), rule.kind.code().into(), limit.into()];
    Ok(Candidate::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}
