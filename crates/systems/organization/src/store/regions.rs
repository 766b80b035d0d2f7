use base::Result;
use codes::RegionCode;
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::model::parse_regions;

/// A region (行政区划).
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Region {
    /// Twelve digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the region above; empty for the widest.
    pub parent: String,
    /// 1 autonomous region, 2 city, 3 county, 4 township, 5 village.
    pub level: i32,
}

impl Region {
    /// Uniform name of its service site (R52): 政务服务中心, 便民服务中心 or 便民服务站 by level.
    pub fn service_site_name(&self) -> String {
        RegionCode::parse(&self.code).map_or_else(|_| self.name.clone(), |code| code.service_site_name(&self.name))
    }
}

const SELECT: &str = "SELECT code, name, parent, level FROM region";

/// The region with this code.
///
/// # Errors
/// When the database fails.
pub async fn region(conn: &impl ConnectionTrait, code: &str) -> Result<Option<Region>> {
    let sql = format!("{SELECT} WHERE code = $1");
    Ok(Region::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [code.into()])).one(conn).await?)
}

/// The regions directly inside this one, by code.
///
/// # Errors
/// When the database fails.
pub async fn children(conn: &impl ConnectionTrait, parent_code: &str) -> Result<Vec<Region>> {
    let sql = format!("{SELECT} WHERE parent = $1 ORDER BY code");
    Ok(Region::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [parent_code.into()])).all(conn).await?)
}

/// The regions around this one, the widest first, without itself.
///
/// # Errors
/// When the database fails.
pub async fn ancestors(conn: &impl ConnectionTrait, code: &str) -> Result<Vec<Region>> {
    let mut above: Vec<Value> = Vec::new();
    let mut next = RegionCode::parse(code).ok().and_then(|c| c.parent());
    while let Some(region) = next {
        above.push(region.as_str().into());
        next = region.parent();
    }
    if above.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=above.len()).map(|n| format!("${n}")).collect();
    let sql = format!("{SELECT} WHERE code IN ({}) ORDER BY code", places.join(", "));
    Ok(Region::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, above)).all(conn).await?)
}

/// Regions whose name holds `text`, wider ones first.
///
/// # Errors
/// When the database fails.
pub async fn search_regions(conn: &impl ConnectionTrait, text: &str, limit: u64) -> Result<Vec<Region>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{SELECT} WHERE name LIKE $1 ESCAPE '!' ORDER BY level, code LIMIT $2");
    let values: [Value; 2] = [super::bodies::containing(text).into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Ok(Region::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}

/// Loads the list of regions (`code,name`) and returns how many; a region that is there takes the new name.
///
/// # Errors
/// When a line cannot be read (naming it) or the database fails; then nothing of it is kept.
pub async fn load_regions(tx: &Tx, csv: &str) -> Result<usize> {
    /// Rows in one statement; four values each stay far below both engines' limits.
    const BATCH: usize = 500;
    let lines = parse_regions(csv)?;
    for batch in lines.chunks(BATCH) {
        let rows: Vec<String> = (0..batch.len()).map(|i| format!("(${}, ${}, ${}, ${})", 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4)).collect();
        let sql = format!(
            "INSERT INTO region (code, name, parent, level) VALUES {} ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            rows.join(", ")
        );
        let values: Vec<Value> = batch
            .iter()
            .flat_map(|l| [l.code.as_str().into(), l.name.as_str().into(), l.parent.as_str().into(), l.level.into()])
            .collect();
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    }
    Ok(lines.len())
}
