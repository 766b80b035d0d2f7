//! Use cases: authorise → load → decide (model) → save → journal → tell.

mod find;
mod issue;
mod pdf;
mod topic;
mod withdraw;

pub use find::{LicenceView, Verified, identifier_problem, in_scope, mine, my_licences, search, verify, view_for_staff};
pub use issue::{IssueOrder, issue};
pub use pdf::{PdfJob, PDF_JOB, pdf, pdf_for_holder, pdf_for_staff};
pub use topic::IssueTopic;
pub use withdraw::withdraw;
