//! Tables and queries; the only place with SQL.

mod design;
mod migrations;
mod version;

pub use design::{DesignRow, Filter, by_key, get, list};
pub use migrations::migrations;
pub use version::{VersionRow, current, of_design, published_choices, published_tables, version};

pub(crate) use design::{insert, touch};
pub(crate) use version::{NewVersion, Step, advance, insert_version, latest_effective, save};
