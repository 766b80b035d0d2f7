//! Tables: the installation's trust, seals, their holders and uses, papers.

mod migrations;
mod paper;
mod seal;
mod trust;
mod usage;

pub use migrations::migrations;
pub use paper::{Paper, paper, paper_by_digest, save_paper, unsealed, waiting};
pub use seal::{
    Holder, Made, Seal, add_holder, by_certificate, by_id, by_number, end_holder, held, holders, in_force, insert, made, next_serial, put_made, scope, search, set_state, set_term,
};
pub(crate) use trust::{KeyRow, ListRow, end_key, insert_key, key, keys, list, put_list, revoked};
pub use usage::{Usage, log, uses};
