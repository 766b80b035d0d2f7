//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod acceptance;
mod correction;
mod deliver;
mod documents;
mod draft;
mod extension;
mod form_pdf;
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
pub use draft::{Draft, add_file, discard, draft, drafts, keep_page, look_at_page, remove_file, save_page, set_received, start, start_at_window};
pub use extension::{Extension, approve_extension, request_extension};
pub use form_pdf::{case_form_pdf, draft_form_pdf};
pub use loaded::LoadedCase;
pub use query::{CaseView, NextStep, case_file, my_cases, progress, due_light, view};
pub use results::{IssueBasis, issue_basis, record_result};
pub use reveal::reveal;
pub use review::{Decision, decide, forward, send_back};
pub use special::{SpecialRecord, end_special, start_special};
pub use submit::{Submitted, submit, submitted};
pub use tasks::{claim, colleagues, open_task, release, transfer};
pub use topics::topics;
pub use withdraw::withdraw;
