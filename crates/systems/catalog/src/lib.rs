//! The catalogue (政务服务事项目录): what a government offers, on which conditions, with which materials, in what time.
//!
//! A base item of the regional catalogue (基本目录) becomes the implementation list (实施清单) of each body that handles
//! it. Lists are written, checked, reviewed and published as versions; a published version never changes. Everything
//! else — guides, forms, cases, windows, supervision — reads from here (数据同源).
//!
//! [`model`] holds the rules as pure functions.

pub mod model;
