//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod acceptance;
mod correction;
mod deliver;
mod documents;
mod draft;
mod extension;
mod loaded;
mod query;
mod results;
mod reveal;
mod review;
mod special;
mod submit;
mod tasks;
mod topics;
mod withdraw;

pub use acceptance::{accept, not_needed, refuse_acceptance, request_correction};
pub use correction::{CorrectionRound, Replacement, submit_correction};
pub use deliver::deliver;
pub use documents::{DocumentKind, pdf};
pub use draft::{Draft, add_file, discard, draft, drafts, remove_file, save_page, set_received, start, start_at_window};
pub use extension::{Extension, approve_extension, request_extension};
pub use loaded::LoadedCase;
pub use query::{CaseView, NextStep, case_file, my_cases, progress, due_light, view};
pub use results::{IssueBasis, issue_basis, record_result};
pub use reveal::reveal;
pub use review::{Decision, decide, forward, send_back};
pub use special::{SpecialRecord, end_special, start_special};
pub(crate) use special::end_all_in_time;
pub use submit::{Submitted, submit, submitted};
pub use tasks::{claim, colleagues, open_task, release, transfer};
pub use topics::{jobs, topics};
pub use withdraw::withdraw;
