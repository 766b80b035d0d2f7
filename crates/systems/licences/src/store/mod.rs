//! Tables of licences.

mod licence;
mod migrations;
mod types;
mod usage;

pub(crate) use licence::scope;
pub use licence::{Licence, by_case, by_code, by_id, by_identifier, by_number, insert, of_holder, of_party, scoped, set_file, withdraw};
pub use migrations::migrations;
pub use types::{ensure_type, next_serial};
pub use usage::{Usage, log_use, uses};
