//! Browsing: every list of published items is a few index ranges, however many items there are.

use base::Result;
use db::{Cursor, Page, Turn};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::bulk;

/// What an item is found under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FacetRow {
    pub facet: String,
    /// 12-digit code; empty for facets that mean one region anyway (a body).
    pub region: String,
    pub sort: String,
    pub item_id: Uuid,
}

/// Puts rows in.
pub(crate) async fn insert(conn: &impl ConnectionTrait, rows: &[FacetRow]) -> Result<()> {
    let rows = rows
        .iter()
        .map(|r| vec![r.facet.clone().into(), r.region.clone().into(), r.sort.clone().into(), r.item_id.into()])
        .collect();
    bulk::insert(conn, "item_facet", &["facet", "region", "sort", "item_id"], rows, true).await?;
    Ok(())
}

/// Takes an item out of every list.
pub(crate) async fn remove(conn: &impl ConnectionTrait, item_id: Uuid) -> Result<()> {
    conn.execute_raw(Statement::from_sql_and_values(conn.get_database_backend(), "DELETE FROM item_facet WHERE item_id = $1", [item_id.into()])).await?;
    Ok(())
}

/// A facet to list by and the region column its rows have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub facet: String,
    pub regional: bool,
}

#[derive(FromQueryResult)]
struct Listed {
    sort: String,
    item_id: Uuid,
    card: String,
}

/// Cards (JSON) of published items that have every wanted facet, in any of the regions.
///
/// The first facet drives: one sub-query per region reads its index from the cursor and stops after a page; the others
/// are looked up by primary key.
pub(crate) async fn list(conn: &impl ConnectionTrait, wanted: &[Wanted], regions: &[String], after: Option<&Cursor>, size: usize) -> Result<Page<String>> {
    let Some((first, others)) = wanted.split_first() else { return Ok(Page::empty()) };
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut common = format!("f.facet = {}", bind(first.facet.clone().into()));
    for other in others {
        let facet = bind(other.facet.clone().into());
        let region = match (first.regional, other.regional) {
            (true, true) => "f.region",
            (false, true) => "(SELECT region FROM item WHERE id = f.item_id)",
            (_, false) => "''",
        };
        // A scalar sub-query, not EXISTS, which PostgreSQL would turn into a join over all rows of the facet; and a truth
        // value, not a comparison, for which it would expect hardly any row to pass and read them all.
        common += &format!(
            " AND COALESCE((SELECT TRUE FROM item_facet o WHERE o.facet = {facet} AND o.region = {region} AND o.sort = f.sort AND o.item_id = f.item_id), FALSE)"
        );
    }
    let turn = Turn::ascending(after);
    if let Some(cursor) = after {
        let (sort, id): (String, Uuid) = cursor.key()?;
        common += &format!(" AND (f.sort, f.item_id) {} ({}, {})", turn.beyond_sql(), bind(sort.into()), bind(id.into()));
    }
    let (limit, order) = (size + 1, turn.sql());
    let nowhere = [String::new()];
    let parts: Vec<String> = (if first.regional { regions } else { &nowhere })
        .iter()
        .map(|region| {
            let region = bind(region.clone().into());
            format!("SELECT * FROM (SELECT f.sort, f.item_id FROM item_facet f WHERE {common} AND f.region = {region} ORDER BY f.sort {order}, f.item_id {order} LIMIT {limit}) part")
        })
        .collect();
    if parts.is_empty() {
        return Ok(Page::empty());
    }
    let sql = format!(
        "SELECT page.sort, page.item_id, item.card FROM ({}) page JOIN item ON item.id = page.item_id ORDER BY page.sort {order}, page.item_id {order} LIMIT {limit}",
        parts.join(" UNION ALL ")
    );
    let rows = Listed::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?;
    Ok(Page::from_rows(rows, size, after, |row| (row.sort.clone(), row.item_id))?.map(|row| row.card))
}
