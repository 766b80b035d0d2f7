//! Use cases, one per function: authorise → load → decide → save → journal → emit.

mod blank;
mod build;
mod browse;
mod draft;
mod drawn;
mod forms;
mod implementer;
mod import;
mod index;
mod lifecycle;
mod load;
mod published;
mod review;
mod search;

pub use blank::blank_spec;
pub use build::{Build, Made, bind_designs, build, identity_of_key, items_naming};
pub use browse::{ItemCard, ItemFilter, list_published, popular};
pub use drawn::guide;
pub use draft::{bind_body, create_draft, save_draft, start_version};
pub use forms::{form_choices, form_context, form_text};
pub use implementer::Implementer;
pub use import::{ImportReport, import_csv};
pub use index::{Follower, fill, sync};
pub use lifecycle::{cancel, resume, suspend};
pub use load::{Publication, load_demo_items, publish_bulk};
pub use published::{ItemVersion, published, version};
pub use review::{publish, reject, submit_for_review};
pub use search::{search, search_work, suggest};

pub(crate) use browse::{card_of, facet_rows};
