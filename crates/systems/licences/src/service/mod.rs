//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod acts;
mod find;
mod held;
mod issue;
mod paper;
mod remind;
mod showing;
mod signing;
mod stock;
mod topic;
mod types;

pub use acts::{OrderView, Proposal, decide, open_orders, order_view, propose};
pub use find::{
    LicenceView, MOST_QUESTIONS, Verified, WATCHED_DAYS, identifier_problem, in_scope, mine, my_licences, search, unusual, verify, verify_all, view_for_staff,
    wallet,
};
pub use held::{Offer, hand_in, offer};
pub use issue::{IssueOrder, issue};
pub use paper::{PAPER_JOB, PaperJob, SEAL_WAITING, SealWaiting, file, file_for_holder, file_for_staff, sample};
pub use remind::{DAYS_BEFORE, remind};
pub use showing::{NewShowing, Offered, ShowingView, Shown, allow, copy, look, my_showing, offered, readable, showings, take_back};
pub use signing::{CHANGES_PER_PAGE, change_list, new_key, published_keys, qr_text};
pub use stock::{KeptAside, STOCK_JOB, StockJob, decide_stock, kept_aside, kept_aside_csv, stock_list, stock_lists, upload};
pub use topic::IssueTopic;
pub use types::{Entry, TypeStep, TypeView, create_type, directory, entry, save_type, step_type, type_chain, type_view, types};
