//! Tables of licences.

mod imports;
mod keys;
mod licence;
mod migrations;
mod orders;
mod showing;
mod types;
mod usage;

pub use imports::{Import, ImportRow, Progress, Which, above, decide_import, import, import_of, imports, insert_import, insert_rows, keep_aside, move_on, rows};
pub(crate) use imports::import_scope;
pub use keys::{KeyRow, insert_key, keys};
pub(crate) use licence::scope;
pub use licence::{
    Change, Licence, Turned, Wanted, by_case, by_code, by_id, by_identifier, by_number, by_questions, changes, identifiers, insert, insert_all, of_holder, of_party,
    remind, replaceable, scoped, series, taken, turn,
};
pub use migrations::migrations;
pub(crate) use orders::order_scope;
pub use orders::{Order, decide_order, insert_order, open_orders, order, orders_of};
pub use showing::{Showing, insert_showing, showing, showing_by_code, showings_of, take_back, take_look};
pub(crate) use types::{described, type_scope};
pub use types::{
    Step, TypeRow, TypeVersion, advance, ensure_type, in_force, insert_type, insert_version, licence_type, next_serial, next_serials, put_in_force,
    save_version, type_version, type_versions, types, versions_in_force,
};
pub use usage::{Look, NewUse, Unusual, Usage, log_use, look, unusual, uses};
