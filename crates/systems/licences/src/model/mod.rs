//! Rules of licences, pure: standing on a day, validity, and what of an application stands on the licence.

mod items;
mod standing;

pub use items::{LicenceItem, items_of};
pub use standing::{LicenceState, Standing, Validity, Withdrawal};
