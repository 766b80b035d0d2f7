//! Tables and queries; the only place with SQL.

pub(crate) mod facet;
pub(crate) mod import;
pub(crate) mod item;
mod migrations;
pub(crate) mod version;

pub(crate) use db::bulk;

pub use import::{BatchRow, QuarantineRow, quarantined};
pub use item::{ItemRow, WorkFilter, get as item_row, worklist};
pub use migrations::migrations;
pub use version::{VersionRow, of_item as item_versions};
