//! Rules of licences, pure: types, standing on a day, acts, what a code shows, what the QR says, stock, unusual use.

mod act;
mod items;
pub mod kind;
pub mod presentation;
mod signed;
mod standing;
pub mod stock;
mod ticket;
pub mod watch;

pub use act::Act;
pub use items::{LicenceItem, items_of};
pub use kind::{Domain, HolderKind, Layout, Stage, TypeField, TypeSpec, ValidityRule};
pub use presentation::{Closed, Extent};
pub use signed::Signed;
pub use standing::{LicenceState, Standing, Validity};
pub use ticket::{PublishedKey, Ticket, TicketError, key_id};
