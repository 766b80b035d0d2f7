//! Writes put off and sent together: a transaction of ten statements is one round trip instead of ten.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;

use base::Error;
use sea_orm::Value;
use uuid::Uuid;

use crate::{Engine, Work};

/// Says what a write that touched no row means; may look into the database for it.
pub(crate) type Miss = Box<dyn for<'a> FnOnce(&'a Work) -> Pin<Box<dyn Future<Output = Error> + Send + 'a>> + Send>;

/// A statement nobody waits for: see [`Work::later`].
pub struct Write {
    sql: Cow<'static, str>,
    values: Vec<Value>,
    row: Option<Uuid>,
    pub(crate) miss: Option<Miss>,
}

impl Write {
    /// `sql` is one INSERT, UPDATE or DELETE without RETURNING, its values `$1`, `$2`, …
    pub fn new(sql: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into(), values: values.into_iter().collect(), row: None, miss: None }
    }

    /// Names the one row it writes, so that it may travel with writes to other rows of the same table.
    #[must_use]
    pub fn row(self, id: Uuid) -> Self {
        Self { row: Some(id), ..self }
    }

    /// It must touch exactly one row, or somebody else was first ([`crate::changed`]).
    #[must_use]
    pub fn once(self) -> Self {
        self.or_else(|_| Box::pin(async { crate::changed() }))
    }

    /// It must touch exactly one row; otherwise the whole transaction fails with what `miss` says.
    #[must_use]
    pub fn or_else(self, miss: impl for<'a> FnOnce(&'a Work) -> Pin<Box<dyn Future<Output = Error> + Send + 'a>> + Send + 'static) -> Self {
        Self { miss: Some(Box::new(miss)), ..self }
    }
}

impl Write {
    /// What it does to which table.
    fn verb(&self) -> (Verb, &str) {
        let mut words = self.sql.split_whitespace();
        match words.next() {
            Some("INSERT") if !self.sql.contains("DO UPDATE") => (Verb::Add, words.nth(1).unwrap_or_default()),
            Some("UPDATE") => (Verb::Change, words.next().unwrap_or_default()),
            _ => (Verb::Change, words.nth(1).unwrap_or_default()),
        }
    }

    /// Whether it must see what `earlier` wrote. Writes that travel together do not see each other on PostgreSQL, and two
    /// of them must not change one row.
    pub(crate) fn needs(&self, earlier: &Self) -> bool {
        let ((verb, table), (_, other)) = (self.verb(), earlier.verb());
        let apart = matches!((self.row, earlier.row), (Some(a), Some(b)) if a != b);
        table == other && verb == Verb::Change && !apart
    }
}

#[derive(PartialEq)]
enum Verb {
    /// Only new rows.
    Add,
    /// Rows that may be there already.
    Change,
}

/// One text and one list of values for all writes. Every row touched by a write that has an expectation comes back as the
/// position `w` of that write.
///
/// SQLite takes several statements at once. PostgreSQL takes one with values, so there the writes become its sub-statements.
pub(crate) fn compose(engine: Engine, writes: &mut [Write]) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = String::with_capacity(writes.iter().map(|w| w.sql.len() + 32).sum());
    let mut tail = String::new();
    let together = engine == Engine::Postgres && writes.len() > 1;
    for (n, write) in writes.iter_mut().enumerate() {
        // Writing to a String cannot fail.
        let _ = match (together, n) {
            (true, 0) => write!(sql, "WITH w0 AS ("),
            (true, _) => write!(sql, "), w{n} AS ("),
            (false, 0) => Ok(()),
            (false, _) => write!(sql, "; "),
        };
        number(&mut sql, &write.sql, values.len());
        values.append(&mut write.values);
        if write.miss.is_some() {
            let _ = write!(sql, " RETURNING {n} AS w");
            let _ = write!(tail, "{}SELECT w FROM w{n}", if tail.is_empty() { "" } else { " UNION ALL " });
        }
    }
    if together {
        let _ = write!(sql, ") {}", if tail.is_empty() { "SELECT 0 AS w WHERE FALSE" } else { &tail });
    }
    (sql, values)
}

/// Appends `part` with its `$1, $2, …` counted from `before` on.
fn number(sql: &mut String, part: &str, before: usize) {
    let mut pieces = part.split('$');
    sql.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let position: usize = piece[..digits].parse().unwrap_or_default();
        let _ = write!(sql, "${}{}", position + before, &piece[digits..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<Write> {
        vec![
            Write::new("INSERT INTO a (x, y) VALUES ($1, $2)", [1.into(), 2.into()]),
            Write::new("UPDATE b SET x = $1 WHERE y = $2 AND z = $1", [3.into(), 4.into()]).once(),
            Write::new("DELETE FROM c WHERE x = $1", [5.into()]).once(),
        ]
    }

    #[test]
    fn sqlite_takes_them_one_after_the_other() {
        let (sql, values) = compose(Engine::Sqlite, &mut three());
        assert_eq!(sql, "INSERT INTO a (x, y) VALUES ($1, $2); UPDATE b SET x = $3 WHERE y = $4 AND z = $3 RETURNING 1 AS w; DELETE FROM c WHERE x = $5 RETURNING 2 AS w");
        assert_eq!(values.len(), 5);
    }

    #[test]
    fn a_change_waits_for_what_it_may_have_to_see() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let add = || Write::new("INSERT INTO a (x) VALUES ($1) ON CONFLICT DO NOTHING", []);
        let change = || Write::new("UPDATE a SET x = 1 WHERE x = $1", []);
        assert!(change().needs(&add()), "it may be the new row that is meant");
        assert!(change().row(one).needs(&change()), "it may be the same row");
        assert!(change().row(one).needs(&add().row(one)));
        assert!(!change().row(one).needs(&add().row(two)));
        assert!(!add().needs(&change()) && !add().needs(&add()));
        assert!(Write::new("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = 2", []).needs(&add()));
        assert!(Write::new("DELETE FROM a WHERE x = $1", []).needs(&add()));
        assert!(!Write::new("DELETE FROM b WHERE x = $1", []).needs(&add()));
    }

    #[test]
    fn postgres_takes_one() {
        let (sql, _) = compose(Engine::Postgres, &mut three());
        assert_eq!(
            sql,
            "WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2)), w1 AS (UPDATE b SET x = $3 WHERE y = $4 AND z = $3 RETURNING 1 AS w), \
             w2 AS (DELETE FROM c WHERE x = $5 RETURNING 2 AS w) SELECT w FROM w1 UNION ALL SELECT w FROM w2"
        );
        let (alone, _) = compose(Engine::Postgres, &mut three()[1..2]);
        assert_eq!(alone, "UPDATE b SET x = $1 WHERE y = $2 AND z = $1 RETURNING 0 AS w");
    }
}
