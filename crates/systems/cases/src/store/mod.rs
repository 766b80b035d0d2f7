//! Tables of cases and their drafts.

mod case;
mod document;
mod draft;
mod migrations;
mod notice;
mod serial;

pub use case::{CaseRow, GovCase, ListFilter, case, case_by_number, case_with_work, cases_of_party, insert, list, save};
pub use document::{DocumentRow, document, documents, documents_among, insert_document};
pub use draft::{DraftRow, delete_draft, draft, drafts_of, insert_draft, open_draft, save_draft};
pub use migrations::migrations;
pub use notice::{NoticeRow, insert_notice, notices, notices_to};
pub use serial::next_serial;
