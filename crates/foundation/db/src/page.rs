use base::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

/// One page of a list and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of at most `size` rows from a query that asked for `size + 1`; `key` gives a row's sort key.
    ///
    /// # Errors
    /// When the key cannot be written as JSON.
    pub fn from_rows<K: Serialize>(mut rows: Vec<T>, size: usize, key: impl Fn(&T) -> K) -> Result<Self> {
        let more = rows.len() > size;
        rows.truncate(size);
        let next = match rows.last() {
            Some(last) if more => Some(Cursor::of(&key(last))?),
            _ => None,
        };
        Ok(Self { items: rows, next })
    }

    /// The same page with every row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// Longest cursor that is looked at, in hexadecimal digits.
const MAX_CURSOR: usize = 2000;

/// Position in a list: the sort key of the last row seen, opaque to the outside, safe in a URL.
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

    /// Reads a position from a URL.
    pub fn from_param(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The sort key inside.
    ///
    /// # Errors
    /// [`base::Kind::NotFound`] when the text is not one of ours.
    pub fn key<K: DeserializeOwned>(&self) -> Result<K> {
        let bytes = if self.0.len() <= MAX_CURSOR { hex::decode(&self.0).ok() } else { None };
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| Error::not_found("这个页码不存在，请回到列表第一页。"))
    }

    /// As it stands in a URL.
    pub fn as_str(&self) -> &str {
        &self.0
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
        assert!(Page::from_rows(vec![1, 2], 2, |x| *x).unwrap().next.is_none());
        let page = Page::from_rows(vec![1, 2, 3], 2, |x| *x).unwrap();
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next.unwrap().key::<i32>().unwrap(), 2);
    }
}
