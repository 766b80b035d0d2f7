//! Forms in the form-js schema (bpmn.io, schema versions up to that of form-js 1.23), without a browser.
//!
//! [`Form::parse`] reads the JSON that the form-js editor writes and keeps every member it does not know.
//! [`Form::check`] names what keeps a form from being used. [`Form::evaluate`] says what is shown for some answers —
//! hidden parts, computed values, choices, what is read-only — and [`Form::validate`] whether the answers may be kept.
//! Between the browser and those stand [`decode`] and [`Form::read`]: pairs of an HTML form become text as it was
//! typed (what a draft keeps), and text becomes typed values. Pure functions: no I/O, no clock, no panic on any input.
//!
//! # What the server decides
//! Nothing from a browser is believed. Keys the schema does not know are errors; answers to hidden parts are dropped;
//! computed values are computed again; what is read-only keeps its known value; choices must be among the choices.
//!
//! # Own properties
//! form-js lets a component carry `properties` (text by name). These mean something here:
//!
//! | property | on | meaning |
//! |---|---|---|
//! | `page` | group, separator | the group is a page of its own; the separator begins a page, titled by the property's text |
//! | `codeList` | select, radio, taglist, checklist | choices come from this code list ([`CodeLists`]) |
//! | `levels` | select with `codeList` | chosen level by level; names of the levels, separated by commas |
//! | `within` | select with `levels` | the code below which one chooses |
//! | `material` | filepicker | code of the material whose files these are |
//! | `prefill` | field | what is filled in from the account, e.g. `party.name` |
//! | `mask` | field | kind of personal data: `id`, `phone`, `address`, `name` |
//! | `sameAs` | field | key of the field whose answer must be repeated |
//! | `minRows`, `maxRows` | dynamiclist | how many rows are wanted |
//! | `rowLabel` | dynamiclist | what one row is called, e.g. 股东 |
//! | `hiddenAt`, `readonlyAt` | any | steps at which it is hidden or read-only, separated by commas |
//! | `hiddenFor`, `readonlyFor` | any | posts for which it is hidden or read-only |
//!
//! # FEEL
//! Every expression sees the answers by key, and `step` and `post`; in a row of a repeating group also the fields of the row,
//! `this` (the row), `parent` (what is around it) and `i` (its number, from 1, as a list of one like in form-js).
//!
//! ```
//! use forms::{Basic, Context, Form, NoLists};
//! let form = Form::parse(r#"{"type": "default", "components": [
//!     {"type": "number", "key": "area", "label": "面积", "validate": {"required": true, "min": 1}},
//!     {"type": "expression", "key": "fee", "expression": "=area * 2"}]}"#)?;
//! let context = Context::new(&NoLists, &Basic);
//! let clean = form.validate(&serde_json::json!({"area": 12}), &context).unwrap();
//! assert_eq!(clean.answers()["fee"], 24);
//! let errors = form.validate(&serde_json::json!({"area": 0}), &context).unwrap_err();
//! assert_eq!((errors[0].path.as_str(), errors[0].code), ("area", "min"));
//! # Ok::<(), forms::SchemaError>(())
//! ```

mod check;
mod display;
mod evaluate;
mod expression;
mod lists;
mod pages;
mod pairs;
mod path;
mod pattern;
mod personal;
mod read;
mod schema;
mod standard;
mod typed;
mod validate;

pub use check::Problem;
pub use display::{Section, plain_text};
pub use evaluate::{Context, Node, Options, Table, View};
pub use expression::{Basic, ExpressionError, Expressions, MAX_EXPRESSION};
pub use lists::{Code, CodeLists, NoLists, lineage};
pub use pages::Page;
pub use pairs::{PairsError, add_row, decode, encode, is_list, lay, lookup, remove_row};
pub use personal::{Mask, TextKind};
pub use read::{MAX_COMPONENTS, MAX_DEPTH, MAX_SCHEMA_BYTES, SchemaError};
pub use schema::{Answers, Choice, Choices, Component, ComponentKind, Form, Limit, Moment, Rules, Toggle};
pub use standard::StandardLists;
pub use validate::{Clean, FieldError};

/// Most rows of a repeating group.
pub const MAX_ROWS: usize = 200;
/// Most values and objects in the answers to a form.
pub const MAX_VALUES: usize = 5000;
/// Most bytes of text in the answers to a form.
pub const MAX_TEXT: usize = 512 * 1024;
