//! Tables of cases and their drafts.

mod case;
mod document;
mod draft;
mod message;
mod migrations;
mod serial;

pub use case::{CaseRow, GovCase, ListFilter, case, case_by_number, case_with_work, cases_of_party, insert, list, save};
pub use document::{DocumentRow, document, documents, documents_among, insert_document};
pub use draft::{DraftRow, delete_draft, draft, drafts_of, insert_draft, open_draft, save_draft};
pub use message::{MessageRow, insert_message, messages, messages_to};
pub use migrations::migrations;
pub use serial::next_serial;
