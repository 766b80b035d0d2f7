//! The ground every other room stands on: errors that are sentences, a clock that is handed in, and identifiers.
//!
//! Nothing here knows a database, a page or a government. Time never comes from the system directly but from a
//! [`Clock`], so that a case can be replayed at any date in a test.

mod clock;
mod error;
mod id;

pub use clock::{Clock, FixedClock, SharedClock, SystemClock, LOCAL_OFFSET_HOURS, local_date, local_time};
pub use error::{Carried, Error, FieldError, Kind, Result};
pub use id::{new_id, random_code, random_token};
