//! Full-text search in Chinese: tantivy with jieba words, so that 食品经营 finds 食品经营许可证核发, plus single
//! characters, so that a part of a word is found too, and codes by their beginning.
//!
//! The index is a copy. It can be thrown away and rebuilt from the database at any time ([`Search::replace_all`]).

mod index;
mod tokens;

pub use index::{Document, Hit, Query, Search};
