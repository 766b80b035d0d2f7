use base::{Error, Result};
use sea_orm::Value;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef, Order};
use serde::{Serialize, de::DeserializeOwned};

/// One page of a list and where its neighbours begin.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the page before ends; `None` on the first.
    pub previous: Option<Cursor>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Nothing to see.
    pub fn empty() -> Self {
        Self::whole(Vec::new())
    }

    /// Everything on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, previous: None, next: None }
    }

    /// Makes a page of at most `size` rows from a query that asked for `size + 1` beyond `at`, in the order of its [`Turn`];
    /// `key` gives a row's sort key.
    ///
    /// # Errors
    /// When the key cannot be written as JSON.
    pub fn from_rows<K: Serialize>(mut rows: Vec<T>, size: usize, at: Option<&Cursor>, key: impl Fn(&T) -> K) -> Result<Self> {
        let more = rows.len() > size;
        rows.truncate(size);
        let back = at.is_some_and(Cursor::is_back);
        if back {
            rows.reverse();
        }
        // Whoever came from somewhere can go back there.
        let (before, after) = if back { (more, true) } else { (at.is_some(), more) };
        Ok(Self {
            previous: rows.first().filter(|_| before).map(|row| Cursor::before(&key(row))).transpose()?,
            next: rows.last().filter(|_| after).map(|row| Cursor::of(&key(row))).transpose()?,
            items: rows,
        })
    }

    /// The same page with every row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), previous: self.previous, next: self.next }
    }
}

/// Longest cursor that is looked at, in characters.
const MAX_CURSOR: usize = 2000;
/// Stands before a position that is read backwards.
const BACK: char = '~';

/// Position in a list: the sort key of the last row seen, or (`~`) of the first row seen for the page before it. Opaque to
/// the outside, safe in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The position after a row with this sort key.
    ///
    /// # Errors
    /// When the key cannot be written as JSON.
    pub fn of(key: &impl Serialize) -> Result<Self> {
        Ok(Self(hex::encode(serde_json::to_string(key)?)))
    }

    /// The position before a row with this sort key.
    ///
    /// # Errors
    /// When the key cannot be written as JSON.
    pub fn before(key: &impl Serialize) -> Result<Self> {
        Ok(Self(format!("{BACK}{}", Self::of(key)?.0)))
    }

    /// Reads a position from a URL.
    pub fn from_param(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether the page lies before the position.
    pub fn is_back(&self) -> bool {
        self.0.starts_with(BACK)
    }

    /// The sort key inside.
    ///
    /// # Errors
    /// [`base::Kind::NotFound`] when the text is not one of ours.
    pub fn key<K: DeserializeOwned>(&self) -> Result<K> {
        let text = self.0.strip_prefix(BACK).unwrap_or(&self.0);
        let bytes = if text.len() <= MAX_CURSOR { hex::decode(text).ok() } else { None };
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| Error::not_found("这个页码不存在，请回到列表第一页。"))
    }

    /// As it stands in a URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a query reads a page: in the order of the list, or against it when the page lies before the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    ascending: bool,
}

impl Turn {
    /// For a list in ascending order of its sort key.
    pub fn ascending(at: Option<&Cursor>) -> Self {
        Self { ascending: !at.is_some_and(Cursor::is_back) }
    }

    /// For a list in descending order of its sort key.
    pub fn descending(at: Option<&Cursor>) -> Self {
        Self { ascending: at.is_some_and(Cursor::is_back) }
    }

    /// The order to read in.
    pub fn order(self) -> Order {
        if self.ascending { Order::Asc } else { Order::Desc }
    }

    /// The order as SQL.
    pub fn sql(self) -> &'static str {
        if self.ascending { "ASC" } else { "DESC" }
    }

    /// How the sort keys of the page compare to the cursor's, as SQL: `(a, b) > ($1, $2)`.
    pub fn beyond_sql(self) -> &'static str {
        if self.ascending { ">" } else { "<" }
    }

    /// The rows whose sort key lies beyond the cursor's: columns with the values of the cursor, the first counts most.
    pub fn beyond<C: IntoColumnRef + Clone>(self, key: &[(C, Value)]) -> Condition {
        key.iter().enumerate().fold(Condition::any(), |any, (n, (column, value))| {
            let column = Expr::col(column.clone());
            let further = if self.ascending { column.gt(value.clone()) } else { column.lt(value.clone()) };
            let equal = key[..n].iter().map(|(column, value)| Expr::col(column.clone()).eq(value.clone()));
            any.add(equal.fold(Condition::all(), Condition::add).add(further))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_url() {
        let cursor = Cursor::of(&("2026-01-01", 7)).unwrap();
        let key: (String, i32) = Cursor::from_param(cursor.as_str()).key().unwrap();
        assert_eq!(key, ("2026-01-01".into(), 7));
    }

    #[test]
    fn a_forged_cursor_is_not_found() {
        for text in ["", "zz", "7b", "中文", "1"] {
            assert_eq!(Cursor::from_param(text).key::<(String, i32)>().unwrap_err().kind(), base::Kind::NotFound);
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert!(Page::from_rows(vec![1, 2], 2, None, |x| *x).unwrap().next.is_none());
        let page = Page::from_rows(vec![1, 2, 3], 2, None, |x| *x).unwrap();
        assert!(page.items == [1, 2] && page.previous.is_none());
        assert_eq!(page.next.unwrap().key::<i32>().unwrap(), 2);
    }

    /// A page of the numbers below 100 as a query would read them.
    fn read(ascending: bool, at: Option<&Cursor>, size: usize) -> Page<i32> {
        let turn = if ascending { Turn::ascending(at) } else { Turn::descending(at) };
        let mut rows: Vec<i32> = (0..23).collect();
        if turn.sql() == "DESC" {
            rows.reverse();
        }
        if let Some(at) = at {
            let key: i32 = at.key().unwrap();
            rows.retain(|row| if turn.beyond_sql() == ">" { *row > key } else { *row < key });
        }
        rows.truncate(size + 1);
        Page::from_rows(rows, size, at, |row| *row).unwrap()
    }

    #[test]
    fn there_and_back_again_are_the_same_pages() {
        for ascending in [true, false] {
            for size in [1, 5, 7, 22, 23, 24] {
                let mut there = vec![read(ascending, None, size)];
                while let Some(next) = there.last().unwrap().next.clone() {
                    there.push(read(ascending, Some(&next), size));
                }
                let mut all: Vec<i32> = there.iter().flat_map(|page| page.items.clone()).collect();
                if !ascending {
                    all.reverse();
                }
                assert_eq!(all, (0..23).collect::<Vec<_>>(), "{size}");
                let mut page = there.pop().unwrap();
                while let Some(expected) = there.pop() {
                    page = read(ascending, page.previous.as_ref(), size);
                    assert_eq!(page.items, expected.items, "{size}");
                    assert!(page.next.is_some());
                }
                assert!(page.previous.is_none(), "the first page has none before it");
            }
        }
    }

    #[test]
    fn a_cursor_knows_its_way_in_the_url() {
        let back = Cursor::from_param(Cursor::before(&7).unwrap().as_str());
        assert!(back.is_back() && back.key::<i32>().unwrap() == 7);
        assert!(!Cursor::of(&7).unwrap().is_back());
        assert_eq!(Cursor::from_param("~~37").key::<i32>().unwrap_err().kind(), base::Kind::NotFound);
    }
}
