//! Files: uploads and generated documents, in a folder or a store that speaks S3.
//!
//! The type is found from the content, not from the name; only what a government office can read is taken
//! (PDF, OFD, JPEG, PNG, Word, Excel). Content is stored once, under its SM3 digest, before the record that names it
//! is committed: a record never points to nothing.

mod kind;
mod s3;
mod store;

pub use kind::{FileKind, MAX_FILE_BYTES, check_name, check_upload, sniff};
pub use s3::S3;
pub use store::{FileRecord, Files, migrations, record, records};
