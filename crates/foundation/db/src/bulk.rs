//! Many rows in few statements.

use base::Result;
use sea_orm::{ConnectionTrait, Statement, Value};

/// Bound values per statement; both engines take more than this.
const MAX_VALUES: usize = 15_000;

/// Inserts all rows; with `or_nothing`, rows whose key exists already are skipped. Returns how many were written.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &impl ConnectionTrait, table: &str, columns: &[&str], rows: Vec<Vec<Value>>, or_nothing: bool) -> Result<u64> {
    let width = columns.len().max(1);
    let mut written = 0;
    for chunk in rows.chunks((MAX_VALUES / width).max(1)) {
        let places: Vec<String> = (0..chunk.len())
            .map(|row| {
                let row: Vec<String> = (0..width).map(|column| format!("${}", row * width + column + 1)).collect();
                format!("({})", row.join(", "))
            })
            .collect();
        let conflict = if or_nothing { " ON CONFLICT DO NOTHING" } else { "" };
        let sql = format!("INSERT INTO {table} ({}) VALUES {}{conflict}", columns.join(", "), places.join(", "));
        let values: Vec<Value> = chunk.iter().flatten().cloned().collect();
        written += conn.execute_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?.rows_affected();
    }
    Ok(written)
}

/// `$from, $from+1, …`, as many as there are values.
pub fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
